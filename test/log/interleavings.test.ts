/**
 * Every call of the store waits for a scheduler that fast-check drives, so that several processes are interleaved in
 * every order, each may die at any of its calls, and a failure is shrunk to the shortest story. Some then come again.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMemoryLogStore } from '../../src/adapters/memory/log-store.ts';
import { createIncidentLog } from '../../src/log/create-incident-log.ts';
import type { LogStore } from '../../src/log/log-store.ts';
import { added, type CounterEvent, closed, counterModel, opened, reopened } from './counter-model.ts';
import { watched } from './kit.ts';

type Command = { readonly type: 'declare' | 'add' | 'toggle'; readonly requestId: string };
type Process = { readonly commands: readonly Command[]; readonly diesAtCall: number };

const command: fc.Arbitrary<Command> = fc
  .record({ type: fc.constantFrom('declare' as const, 'add' as const, 'toggle' as const), id: fc.integer({ min: 1, max: 4 }) })
  .map(({ type, id }) => ({ type, requestId: `${type}-${id}` }));
const processes: fc.Arbitrary<readonly Process[]> = fc.array(
  fc.record({ commands: fc.array(command, { minLength: 1, maxLength: 4 }), diesAtCall: fc.integer({ min: 1, max: 40 }) }),
  { minLength: 1, maxLength: 4 },
);

const createLog = (store: LogStore) =>
  createIncidentLog({
    store,
    model: counterModel,
    clock: {
      now: () => 0,
      after: (_milliseconds, callback) => {
        queueMicrotask(callback);
        return () => {};
      },
    },
    random: () => 0,
    logger: { warn: () => {} },
  });
type Log = ReturnType<typeof createLog>;

const toggle = ({ open }: { readonly open: boolean }): readonly CounterEvent[] => [open ? closed : reopened];
/** Commands other than declarations go to incident 1. */
const give = (log: Log, { type, requestId }: Command): Promise<unknown> => {
  const request = { requestId, by: 'U1' };
  if (type === 'declare') return log.declare(request, () => [opened()]);
  return log.append(1, request, type === 'add' ? () => [added(1)] : toggle);
};

const run = async (store: LogStore, scheduler: fc.Scheduler, { commands, diesAtCall }: Process): Promise<void> => {
  let calls = 0;
  const log = createLog(
    watched(store, async (method, call) => {
      if (++calls >= diesAtCall) {
        // Dead, with the last call on its way or not, and never heard of again.
        if (calls === diesAtCall && diesAtCall % 2 === 0) await scheduler.schedule(Promise.resolve(), method).then(call);
        throw new Error('dead');
      }
      await scheduler.schedule(Promise.resolve(), method);
      return call();
    }),
  );
  for (const each of commands) await give(log, each);
};

const requestIdsOf = async (log: Log, number: number): Promise<readonly string[]> => {
  const ids: string[] = [];
  for await (const { requestId } of log.commits(number)) ids.push(requestId);
  return ids;
};

/** What holds at any time, whoever is dead. */
const look = async (log: Log) => {
  const numbers: number[] = [];
  const open: number[] = [];
  for (let number = 1; number <= 20; number++) {
    const incident = await log.load(number);
    if (incident !== undefined) numbers.push(number);
    if (incident?.state.open) open.push(number);
  }
  const requestIds = (await Promise.all(numbers.map((number) => requestIdsOf(log, number)))).flat();
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect((await log.listOpen()).map(({ number }) => number)).toEqual(open);
  expect(new Set(requestIds).size).toBe(requestIds.length);
  expect(await log.latestNumber()).toBeLessThanOrEqual(numbers.length);
  return requestIds;
};

test('whatever the order and whoever dies: no gap, nothing doubled, nothing lost, nothing open unlisted', async () => {
  const story = fc.asyncProperty(fc.scheduler(), processes, async (scheduler, actors) => {
    const store = createMemoryLogStore();
    const log = createLog(store);
    await log.declare({ requestId: 'first', by: 'U1' }, () => [opened()]);
    const running = actors.map((actor) => run(store, scheduler, actor).catch(() => undefined));
    await scheduler.waitFor(Promise.all(running));
    await look(log);
    const commands = actors.flatMap((actor) => actor.commands);
    for (const each of commands) await give(log, each);
    const requestIds = await look(log);
    expect(new Set(requestIds)).toEqual(new Set(['first', ...commands.map(({ requestId }) => requestId)]));
  });
  await fc.assert(story, { numRuns: 300 });
});
