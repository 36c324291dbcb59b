/** What the log promises, whatever keeps it. Every store passes this; nothing here knows which one it is. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { COMMIT_BYTES_MAX, HEAD_BYTES_MAX, REQUEST_ID_CHARACTERS_MAX, REQUESTS_REMEMBERED } from '../../src/log/fold.ts';
import type { Commit, LogRequest } from '../../src/log/incident-log.ts';
import type { LogStore } from '../../src/log/log-store.ts';
import { added, type CounterEvent, closed, counterModel, moved, opened, reopened } from '../log/counter-model.ts';
import { counting, createTestLog, dyingAt, type LogWrite, watched } from '../log/kit.ts';

type StoreHost = { readonly createStore: () => Promise<LogStore>; readonly close: () => Promise<void> };
type TestLog = ReturnType<typeof createTestLog>;

const ask = (requestId: string, more: Partial<LogRequest> = {}): LogRequest => ({ requestId, by: 'U1', ...more });
const all = async <T>(items: AsyncIterable<T>): Promise<readonly T[]> => {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
};
const times = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
const declareOne = ({ log }: TestLog, channelId?: string) => log.declare(ask('declare'), () => [opened(channelId)]);
const eventsOf = (commits: readonly Commit<CounterEvent>[]) => commits.flatMap(({ events }) => events);

export const describeIncidentLog = (name: string, startHost: () => Promise<StoreHost>): void => {
  describe(`the incident log in ${name}`, () => {
    let host: StoreHost;
    let store: LogStore;
    let current: TestLog;
    beforeAll(async () => {
      host = await startHost();
    });
    afterAll(() => host.close());
    beforeEach(async () => {
      store = await host.createStore();
      current = createTestLog(store);
    });
    const given = () => ({ store, ...current });

    describeDeclare(given);
    describeAppend(given);
    describeRaces(given);
    describeCrashes(given);
    describeHead(given);
    describeVersions(given);
    describeIndexes(given);
    describeStore(given);
  });
};

type Given = () => TestLog & { readonly store: LogStore };

const describeDeclare = (given: Given) => {
  test('numbers incidents from 1 on', async () => {
    const { log } = given();
    expect(await log.latestNumber()).toBe(0);
    const first = await log.declare(ask('a'), () => [opened()]);
    const second = await log.declare(ask('b'), () => [opened()]);
    expect([first.incident.number, second.incident.number]).toEqual([1, 2]);
    expect(await log.latestNumber()).toBe(2);
  });

  test('tells decide the number and the time, and keeps who asked', async () => {
    const { log } = given();
    const { commit } = await log.declare(ask('a', { by: 'U7' }), (number, at) => [opened(`inc-${number} ${at}`)]);
    expect(commit).toEqual({
      incident: 1,
      seq: 1,
      at: '2026-01-05T14:00:00.000Z',
      by: 'U7',
      requestId: 'a',
      events: [opened('inc-1 2026-01-05T14:00:00.000Z')],
    });
    expect(await all(log.commits(1))).toEqual([commit]);
  });

  test('answers a repeated request with the incident that it opened, as it is now', async () => {
    const { log } = given();
    const first = await log.declare(ask('a'), () => [opened()]);
    await log.append(1, ask('b'), () => [added(5)]);
    const again = await log.declare(ask('a'), () => [opened('other')]);
    expect(again).toMatchObject({
      outcome: 'repeated',
      commit: first.commit,
      incident: { number: 1, seq: 2, state: { total: 5 } },
    });
    expect(await log.load(2)).toBeUndefined();
  });

  test('gives 20 declarers with 5 requests at once 5 incidents, numbered without a gap', async () => {
    const { log } = given();
    const answers = await Promise.all(times(20).map((index) => log.declare(ask(`r${index % 5}`), () => [opened()])));
    const numbersOf = (request: number) =>
      new Set(answers.filter((_, index) => index % 5 === request).map((a) => a.incident.number));
    expect(times(5).map((request) => numbersOf(request).size)).toEqual([1, 1, 1, 1, 1]);
    expect(answers.filter(({ outcome }) => outcome === 'committed')).toHaveLength(5);
    expect((await log.listOpen()).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(await log.latestNumber()).toBe(5);
  });
};

const describeAppend = (given: Given) => {
  test('appends what decide answers to the state', async () => {
    const { log, time } = given();
    await declareOne(given());
    time.ms += 1500;
    const answer = await log.append(1, ask('a', { by: 'U2' }), ({ total }) => [added(total + 1), added(2)]);
    const commit = {
      incident: 1,
      seq: 2,
      at: '2026-01-05T14:00:01.500Z',
      by: 'U2',
      requestId: 'a',
      events: [added(1), added(2)],
    };
    const incident = { number: 1, seq: 2, at: commit.at, state: { open: true, total: 3, channelIds: [] } };
    expect(answer).toEqual({ outcome: 'committed', commit, incident });
    expect(await log.load(1)).toEqual(incident);
  });

  test('appends nothing when decide refuses or finds nothing to do', async () => {
    const { log } = given();
    await declareOne(given());
    const answer = await log.append(1, ask('a'), ({ open }) => (open ? { refused: 'Not now.' } : [added(1)]));
    expect(answer).toMatchObject({ outcome: 'refused', incident: { seq: 1 } });
    expect(answer.outcome === 'refused' && answer.refusal.refused).toBe('Not now.');
    expect(await log.append(1, ask('b'), () => [])).toMatchObject({ outcome: 'unchanged', incident: { seq: 1 } });
    expect(await all(log.commits(1))).toHaveLength(1);
  });

  test('knows no incident that was not declared', async () => {
    const { log } = given();
    await expect(log.append(1, ask('a'), () => [added(1)])).rejects.toThrow('There is no incident 1.');
    expect(await log.load(1)).toBeUndefined();
    expect(await all(log.commits(1))).toEqual([]);
  });

  test('answers a repeated request with the commit that it made', async () => {
    const { log } = given();
    await declareOne(given());
    const first = await log.append(1, ask('a'), () => [added(1)]);
    await log.append(1, ask('b'), () => [added(10)]);
    const again = await log.append(1, ask('a'), () => [added(100)]);
    expect(again).toMatchObject({ outcome: 'repeated', incident: { seq: 3, state: { total: 11 } } });
    expect(again).toHaveProperty('commit', first.outcome === 'committed' && first.commit);
  });

  test('keeps the time from running backwards', async () => {
    const { log, time } = given();
    await declareOne(given());
    time.ms -= 60_000;
    const answer = await log.append(1, ask('a'), () => [added(1)]);
    expect(answer.incident.at).toBe('2026-01-05T14:00:00.000Z');
  });

  test('finds a repeat of a request that the state has forgotten, if it is told when it was made', async () => {
    const { log, time } = given();
    const requestedAt = new Date(time.ms).toISOString();
    await declareOne(given());
    await log.append(1, ask('old'), () => [added(1)]);
    time.ms += 3_600_000;
    for (const index of times(REQUESTS_REMEMBERED)) await log.append(1, ask(`r${index}`), () => [added(1)]);
    const again = await log.append(1, ask('old', { requestedAt }), () => [added(1)]);
    expect(again).toMatchObject({ outcome: 'repeated', commit: { seq: 2 } });
    const counted = counting(given().store);
    const young = ask('young', { requestedAt: new Date(time.ms).toISOString() });
    expect(await createTestLog(counted.store).log.append(1, young, () => [added(1)])).toMatchObject({ outcome: 'committed' });
    expect(counted.calls).toEqual({ readTail: 1, putCommit: 1, putHead: 1 });
  });

  test('refuses a commit that the database could not hold', async () => {
    const { log } = given();
    await declareOne(given());
    const note = 'ö'.repeat(COMMIT_BYTES_MAX / 2);
    await expect(log.append(1, ask('a'), () => [added(1, note)])).rejects.toThrow(
      'Incident 1: what one command records may be 350 KB, and this would be 351 KB.',
    );
    await log.append(1, ask('b'), () => [added(1, note.slice(100))]);
    expect(await log.load(1)).toMatchObject({ seq: 2 });
  });

  test('refuses an event that it could not read again', async () => {
    const { log } = given();
    await declareOne(given());
    await expect(log.append(1, ask('a'), () => [added(Number.NaN)])).rejects.toThrow('Incident 1, commit 2 cannot be read.');
    expect(await all(log.commits(1))).toHaveLength(1);
  });

  test.each(['', 'x'.repeat(REQUEST_ID_CHARACTERS_MAX + 1)])('refuses a request id of a wrong length', async (requestId) => {
    const { log } = given();
    const sentence = `A request id has 1 to ${REQUEST_ID_CHARACTERS_MAX} characters; this one has ${requestId.length}.`;
    await expect(log.declare(ask(requestId), () => [opened()])).rejects.toThrow(sentence);
    await expect(log.append(1, ask(requestId), () => [added(1)])).rejects.toThrow(sentence);
  });

  test('reads commits page by page, from anywhere', async () => {
    const { log } = given();
    await declareOne(given());
    const note = 'x'.repeat(20_000);
    for (const index of times(120)) await log.append(1, ask(`r${index}`), () => [added(index, note)]);
    const seqs = (await all(log.commits(1))).map(({ seq }) => seq);
    expect(seqs).toEqual(times(121).map((index) => index + 1));
    expect((await all(log.commits(1, { afterSeq: 118 }))).map(({ seq }) => seq)).toEqual([119, 120, 121]);
    expect(await all(log.commits(1, { afterSeq: 121 }))).toEqual([]);
  });
};

const describeRaces = (given: Given) => {
  test('loses nothing of 20 writers on one incident', async () => {
    const { log } = given();
    await declareOne(given());
    await Promise.all(times(20).map((index) => log.append(1, ask(`r${index}`), ({ total }) => [added(1, `after ${total}`)])));
    const notes = eventsOf(await all(log.commits(1, { afterSeq: 1 }))).map((event) => event.type === 'added' && event.note);
    expect(notes).toEqual(times(20).map((index) => `after ${index}`));
    expect(await log.load(1)).toMatchObject({ seq: 21, state: { total: 20 } });
  });

  test('makes one commit of ten deliveries of one request at once', async () => {
    const { log } = given();
    await declareOne(given());
    const answers = await Promise.all(times(10).map(() => log.append(1, ask('same'), () => [added(1)])));
    expect(answers.map(({ outcome }) => outcome).filter((outcome) => outcome === 'committed')).toHaveLength(1);
    expect(answers.map(({ outcome }) => outcome).filter((outcome) => outcome === 'repeated')).toHaveLength(9);
    expect(await log.load(1)).toMatchObject({ seq: 2, state: { total: 1 } });
  });

  test('gives up, and says so, when every place is taken before it gets there', async () => {
    const { store } = given();
    await declareOne(given());
    const unlucky = watched(store, (method, call) => (method === 'putCommit' ? Promise.resolve('taken') : call()));
    const { log, pausesMs } = createTestLog(unlucky);
    await expect(log.append(1, ask('a'), () => [added(1)])).rejects.toThrow(
      'Incident 1: other commits came first 64 times in a row.',
    );
    // Half of a bound that doubles from 4 ms up to 250 ms.
    expect(pausesMs.slice(0, 7)).toEqual([4, 8, 16, 32, 64, 125, 125]);
    expect(pausesMs).toHaveLength(63);
  });
};

/** The process dies around one write; then the same request comes again to a new process. */
const describeCrashes = (given: Given) => {
  type Case = { readonly method: LogWrite; readonly moment: 'before' | 'after' };
  const around = (...methods: readonly LogWrite[]): readonly Case[] =>
    methods.flatMap((method) => (['before', 'after'] as const).map((moment) => ({ method, moment })));

  test.each(around('putOpen', 'putChannel', 'putCommit', 'putHead', 'putRequest', 'raiseLatestNumber'))(
    'leaves one whole incident when it dies $moment $method of a declaration',
    async ({ method, moment }) => {
      const { store, log } = given();
      const { store: dying, life } = dyingAt(store, method, moment);
      await createTestLog(dying)
        .log.declare(ask('mine'), () => [opened('C1')])
        .catch(() => undefined);
      expect(life.dead).toBe(true);
      const other = await log.declare(ask('other'), () => [opened('C2')]);
      const mine = await log.declare(ask('mine'), () => [opened('C1')]);
      expect([mine.incident.number, other.incident.number].sort()).toEqual([1, 2]);
      expect(await log.load(3)).toBeUndefined();
      expect((await log.listOpen()).map(({ number }) => number)).toEqual([1, 2]);
      expect(await log.byChannel('C1')).toMatchObject({ number: mine.incident.number });
      expect(await log.byChannel('C2')).toMatchObject({ number: other.incident.number });
      expect(await log.declare(ask('next'), () => [opened()])).toMatchObject({ incident: { number: 3 } });
    },
  );

  const commands = [
    { does: 'adds', event: added(1), methods: around('putCommit', 'putHead'), open: [1], total: 1 },
    { does: 'closes', event: closed, methods: around('putCommit', 'putHead', 'removeOpen'), open: [], total: 0 },
    { does: 'moves', event: moved('C2'), methods: around('putChannel', 'putCommit', 'putHead'), open: [1], total: 0 },
  ];
  const cases = commands.flatMap(({ methods, ...command }) => methods.map((death) => ({ ...command, ...death })));
  test.each(cases)('makes one commit when it dies $moment $method of a command that $does', async (command) => {
    const { store, log } = given();
    await declareOne(given(), 'C1');
    const { store: dying, life } = dyingAt(store, command.method, command.moment);
    await createTestLog(dying)
      .log.append(1, ask('a'), () => [command.event])
      .catch(() => undefined);
    expect(life.dead).toBe(true);
    await log.append(1, ask('a'), () => [command.event]);
    expect(eventsOf(await all(log.commits(1)))).toEqual([opened('C1'), command.event]);
    expect(await log.load(1)).toMatchObject({ seq: 2, state: { total: command.total } });
    expect((await log.listOpen()).map(({ number }) => number)).toEqual(command.open);
    expect(await log.byChannel(command.event === closed || command.does === 'adds' ? 'C1' : 'C2')).toMatchObject({ number: 1 });
  });

  test.each(around('putOpen', 'putCommit', 'putHead'))(
    'lists a reopened incident when it dies $moment $method',
    async (death) => {
      const { store, log } = given();
      await declareOne(given());
      await log.append(1, ask('close'), () => [closed]);
      const { store: dying } = dyingAt(store, death.method, death.moment);
      await createTestLog(dying)
        .log.append(1, ask('reopen'), () => [reopened])
        .catch(() => undefined);
      const { state } = (await log.load(1)) ?? {};
      expect((await log.listOpen()).map(({ number }) => number)).toEqual(state?.open ? [1] : []);
      await log.append(1, ask('reopen'), () => [reopened]);
      expect((await log.listOpen()).map(({ number }) => number)).toEqual([1]);
    },
  );

  test('says what the store said when it does not answer', async () => {
    const { store } = given();
    await declareOne(given());
    const cause = new Error('503');
    const broken = watched(store, (method, call) => (method === 'putCommit' ? Promise.reject(cause) : call()));
    await expect(createTestLog(broken).log.append(1, ask('a'), () => [added(1)])).rejects.toBe(cause);
  });
};

const describeHead = (given: Given) => {
  const addMany = async ({ log }: TestLog, count: number) => {
    for (const index of times(count)) await log.append(1, ask(`r${index}`), () => [added(1)]);
  };
  const withoutHeads = (store: LogStore) => watched(store, (method, call) => (method === 'putHead' ? Promise.resolve() : call()));

  test('is all that a reader reads of a long log', async () => {
    await declareOne(given());
    await addMany(given(), 60);
    const counted = counting(given().store);
    expect(await createTestLog(counted.store).log.load(1)).toMatchObject({ seq: 61, state: { total: 60 } });
    expect(counted.calls).toEqual({ readTail: 1 });
  });

  test('may be one commit behind, and still one request is enough', async () => {
    await declareOne(given());
    await addMany(given(), 3);
    await createTestLog(withoutHeads(given().store)).log.append(1, ask('late'), () => [added(10)]);
    const counted = counting(given().store);
    expect(await createTestLog(counted.store).log.load(1)).toMatchObject({ seq: 5, state: { total: 13 } });
    expect(counted.calls).toEqual({ readTail: 1 });
  });

  test('may be far behind or missing: the log is folded, and the next reader finds a head', async () => {
    const { store } = given();
    const headless = createTestLog(withoutHeads(store));
    await declareOne(headless);
    await addMany(headless, 60);
    expect(await given().log.load(1)).toMatchObject({ seq: 61, state: { total: 60 } });
    const counted = counting(store);
    expect(await createTestLog(counted.store).log.load(1)).toMatchObject({ seq: 61, state: { total: 60 } });
    expect(counted.calls).toEqual({ readTail: 1 });
  });

  test('never moves back', async () => {
    const { store } = given();
    await declareOne(given());
    const { head: first } = await store.readTail(1);
    await addMany(given(), 2);
    await store.putHead(1, first!);
    expect((await store.readTail(1)).head?.seq).toBe(3);
  });

  test('counts for nothing when other code wrote it', async () => {
    const { store } = given();
    await declareOne(given());
    await addMany(given(), 2);
    const doubled = {
      ...counterModel,
      head: { ...counterModel.head, version: 2 },
      evolve: (state: typeof counterModel.empty, commit: Commit<CounterEvent>) =>
        counterModel.evolve(counterModel.evolve(state, commit), commit),
    };
    const newer = createTestLog(store, doubled).log;
    expect(await newer.load(1)).toMatchObject({ state: { total: 4 } });
    await newer.append(1, ask('new'), () => [added(1)]);
    expect(await newer.load(1)).toMatchObject({ seq: 4, state: { total: 6 } });
    expect(await given().log.load(1)).toMatchObject({ seq: 4, state: { total: 3 } });
  });

  test('counts for nothing when it is damaged, and when it says more than the log', async () => {
    const { store, log, warnings } = given();
    await declareOne(given());
    const { head } = await store.readTail(1);
    await store.putHead(1, { ...head!, seq: 2 });
    expect(await log.load(1)).toMatchObject({ seq: 1, state: { total: 0 } });
    await store.putHead(1, { ...head!, seq: 3, folded: 'garbage' });
    await log.append(1, ask('a'), () => [added(1)]);
    await log.append(1, ask('b'), () => [added(1)]);
    expect(await log.load(1)).toMatchObject({ seq: 3, state: { total: 2 } });
    expect(warnings).toContain('The cached state could not be read; it is folded from the log.');
  });

  test('is left out, with a warning, when the state is too large for it', async () => {
    const { store } = given();
    const fat = { ...counterModel.head, toJson: (state: object) => ({ ...state, ballast: 'x'.repeat(HEAD_BYTES_MAX) }) };
    const { log, warnings } = createTestLog(store, { ...counterModel, head: fat });
    await log.declare(ask('declare'), () => [opened()]);
    await log.append(1, ask('a'), () => [added(1)]);
    expect(await log.load(1)).toMatchObject({ seq: 2, state: { total: 1 } });
    expect((await store.readTail(1)).head).toBeUndefined();
    expect(warnings[0]).toMatch('The state is too large to be cached');
  });

  test('may fail to be written: the commit counts', async () => {
    const { store } = given();
    const failing = watched(store, (method, call) => (method === 'putHead' ? Promise.reject(new Error('throttled')) : call()));
    const { log, warnings } = createTestLog(failing);
    await log.declare(ask('declare'), () => [opened()]);
    expect(await log.append(1, ask('a'), () => [added(1)])).toMatchObject({ outcome: 'committed' });
    expect(await log.load(1)).toMatchObject({ seq: 2, state: { total: 1 } });
    expect(warnings[0]).toBe('The cached state could not be written; it is folded from the log.');
  });
};

const describeStore = (given: Given) => {
  const head = (seq: number, version: string) => ({ seq, version, folded: `${seq} of ${version}` });

  test.each([
    { stored: head(5, '1'), next: head(6, '1'), kept: head(6, '1') },
    { stored: head(5, '1'), next: head(4, '1'), kept: head(5, '1') },
    { stored: head(5, '1'), next: head(4, '2'), kept: head(5, '1') },
    { stored: head(5, '1'), next: head(5, '2'), kept: head(5, '2') },
    { stored: head(5, '1'), next: { ...head(5, '1'), folded: 'again' }, kept: head(5, '1') },
  ])('a head $stored and then $next leave $kept', async ({ stored, next, kept }) => {
    const { store } = given();
    await store.putHead(1, stored);
    await store.putHead(1, next);
    expect((await store.readTail(1)).head).toEqual(kept);
  });

  test('the latest number only rises', async () => {
    const { store } = given();
    await store.raiseLatestNumber(3);
    await store.raiseLatestNumber(2);
    expect(await store.readLatestNumber()).toBe(3);
  });

  test('an entry of the open list stays until a commit as late as its own takes it off', async () => {
    const { store } = given();
    await store.putOpen(1, 5);
    await store.putOpen(1, 3);
    await store.removeOpen(1, 4);
    expect(await store.readOpen()).toEqual([1]);
    await store.removeOpen(1, 5);
    await store.removeOpen(1, 5);
    expect(await store.readOpen()).toEqual([]);
  });

  test('a place in the log is taken once', async () => {
    const { store } = given();
    const commit = { incident: 1, seq: 1, at: '2026-01-05T14:00:00.000Z', by: 'U1', requestId: 'a', events: '[]' };
    expect(await store.putCommit(commit)).toBe('stored');
    expect(await store.putCommit({ ...commit, by: 'U2' })).toBe('taken');
    expect(await store.readCommits(1, { afterSeq: 0 })).toEqual({ commits: [commit], more: false });
  });

  test('a log with a hole is not read over it', async () => {
    const { store, log } = given();
    await declareOne(given());
    const events = JSON.stringify([added(1)]);
    await store.putCommit({ incident: 1, seq: 3, at: '2026-01-05T14:00:00.000Z', by: 'U1', requestId: 'a', events });
    await expect(log.load(1)).rejects.toThrow('Incident 1: commit 3 follows commit 1.');
  });
};

const describeVersions = (given: Given) => {
  const stored = (seq: number, ...events: readonly unknown[]) => ({
    incident: 1,
    seq,
    at: '2026-01-05T13:00:00.000Z',
    by: 'U1',
    requestId: `old-${seq}`,
    events: JSON.stringify(events),
  });

  test('lifts events of older versions to the current one', async () => {
    const { store, log } = given();
    await store.putCommit(stored(1, { type: 'opened', v: 1 }));
    await store.putCommit(stored(2, { type: 'added', v: 1, by: 4 }, { type: 'added', v: 2, amount: 5 }));
    expect(await log.load(1)).toMatchObject({ state: { open: true, total: 9 } });
    expect(eventsOf(await all(log.commits(1)))).toEqual([opened(), added(4), added(5)]);
  });

  test.each([
    [
      { type: 'added', v: 4, amount: 1, note: '', mood: 'fine' },
      'Incident 1, commit 2 cannot be read. The event "added" has version 4, and 3 is the newest known here. A newer release wrote it',
    ],
    [{ type: 'multiplied', v: 1 }, 'Incident 1, commit 2 cannot be read. The event "multiplied" is not known here.'],
    [{ type: 'toString', v: 1 }, 'The event "toString" is not known here.'],
    [{ type: 'added' }, 'An event without a type and a version.'],
    [{ type: 'added', v: 3, amount: 'much', note: '' }, 'Incident 1, commit 2 cannot be read.'],
  ])('refuses to guess at %j', async (event, sentence) => {
    const { store, log } = given();
    await declareOne(given());
    await store.putCommit(stored(2, event));
    await expect(log.load(1)).rejects.toThrow(sentence);
    await expect(log.append(1, ask('a'), () => [added(1)])).rejects.toThrow(sentence);
  });
};

const describeIndexes = (given: Given) => {
  test('find the newest incident that counts a channel as its own', async () => {
    const { log } = given();
    expect(await log.byChannel('C1')).toBeUndefined();
    await log.declare(ask('a'), () => [opened('C1')]);
    await log.declare(ask('b'), () => [opened('C1')]);
    expect(await log.byChannel('C1')).toMatchObject({ number: 2 });
    await log.append(2, ask('c'), () => [moved('C2')]);
    expect(await log.byChannel('C1')).toMatchObject({ number: 1 });
    expect(await log.byChannel('C2')).toMatchObject({ number: 2 });
  });

  test('list what is open, in the order of the numbers', async () => {
    const { log } = given();
    for (const index of times(12)) await log.declare(ask(`d${index}`), () => [opened()]);
    for (const number of [2, 12]) await log.append(number, ask('close'), () => [closed]);
    await log.append(12, ask('reopen'), () => [reopened]);
    expect((await log.listOpen()).map(({ number }) => number)).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  test('keep a reopened incident listed when the clean-up of its closing comes late', async () => {
    const { store, log } = given();
    await declareOne(given());
    let cleanUp = () => Promise.resolve<unknown>(undefined);
    const slow = watched(store, async (method, call) => {
      if (method === 'removeOpen') cleanUp = call;
      return method === 'removeOpen' ? undefined : call();
    });
    await createTestLog(slow).log.append(1, ask('close'), () => [closed]);
    await log.append(1, ask('reopen'), () => [reopened]);
    await cleanUp();
    expect((await log.listOpen()).map(({ number }) => number)).toEqual([1]);
  });

  test('are cleared of an entry too many, once the incident says so, and not of one that is on its way', async () => {
    const { store, log } = given();
    await declareOne(given());
    await log.append(1, ask('close'), () => [closed]);
    await store.putOpen(1, 2);
    await store.putOpen(7, 1);
    expect(await log.listOpen()).toEqual([]);
    expect(await store.readOpen()).toEqual([7]);
  });

  test('may keep a closed incident for a while when it cannot be taken off the list: it is closed all the same', async () => {
    const { store, log } = given();
    await declareOne(given());
    const failing = watched(store, (method, call) => (method === 'removeOpen' ? Promise.reject(new Error('503')) : call()));
    const closing = createTestLog(failing);
    expect(await closing.log.append(1, ask('close'), () => [closed])).toMatchObject({ outcome: 'committed' });
    expect(closing.warnings).toEqual(['The closed incident is still on the open list; the next look at it clears that.']);
    expect(await log.listOpen()).toEqual([]);
  });

  test('can be rebuilt from the log', async () => {
    const { store } = given();
    const noIndexes: readonly string[] = ['putRequest', 'raiseLatestNumber', 'putOpen', 'removeOpen', 'putChannel'];
    const lost = createTestLog(watched(store, (method, call) => (noIndexes.includes(method) ? Promise.resolve() : call()))).log;
    for (const name of ['a', 'b', 'c']) await lost.declare(ask(name), () => [opened(`C-${name}`)]);
    await lost.append(2, ask('close'), () => [closed]);
    const { log } = given();
    expect(await log.listOpen()).toEqual([]);
    expect(await log.rebuildIndexes()).toEqual({ incidents: 3 });
    expect((await log.listOpen()).map(({ number }) => number)).toEqual([1, 3]);
    expect(await log.byChannel('C-b')).toMatchObject({ number: 2 });
    expect(await log.latestNumber()).toBe(3);
    expect(await log.declare(ask('b'), () => [opened()])).toMatchObject({ outcome: 'repeated', incident: { number: 2 } });
    expect(await log.declare(ask('d'), () => [opened()])).toMatchObject({ outcome: 'committed', incident: { number: 4 } });
  });
};
