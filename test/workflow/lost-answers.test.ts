/** What the wire does to each call: answers that are lost, calls that never arrive, and services that say "later". */
import { describe, expect, test } from 'vitest';
import type { FaultEffect } from '../../sandbox/aws/wire/faults.ts';
import { canUndo } from '../../src/incident/undoable.ts';
import { type Bench, openBench, sickOf } from './kit.ts';

const ADOPTED = /^The answer was lost; it has happened\./;
const SECOND_MS = 1_000;

const FIXES = ['snapshot-then-terminate', 'scale-to-one'] as const;
type FixId = (typeof FIXES)[number];
const SENDS: Readonly<Record<FixId, readonly string[]>> = {
  'snapshot-then-terminate': ['CreateTags', 'DetachInstances', 'CreateSnapshots', 'TerminateInstances'],
  'scale-to-one': ['SuspendProcesses', 'SetInstanceProtection', 'UpdateAutoScalingGroup', 'EnterStandby'],
};
const UNDOES: Readonly<Record<FixId, readonly string[]>> = {
  'snapshot-then-terminate': ['AttachInstances', 'TerminateInstanceInAutoScalingGroup'],
  'scale-to-one': ['ExitStandby', 'UpdateAutoScalingGroup', 'SetInstanceProtection', 'ResumeProcesses'],
};

const open = (fixId: FixId, more: Parameters<typeof openBench>[0] = {}) =>
  openBench({ ...more, shop: fixId === 'scale-to-one' ? {} : { trouble: 'oneServes502' } });
const begin = async (bench: Bench, fixId: FixId): Promise<string> => {
  const { groupName } = bench.shop;
  const runId = await bench.preview(fixId, fixId === 'scale-to-one' ? { groupName } : { groupName, instanceId: sickOf(bench) });
  await bench.start(runId);
  return runId;
};
/** To the end, with whatever approval it asks for. */
const finish = async (bench: Bench, runId: string) => {
  await bench.until('an end or a question', async () => {
    const { approval, ended } = await bench.run(runId);
    return approval !== undefined || ended !== undefined;
  });
  if ((await bench.run(runId)).approval !== undefined) await bench.approve(runId);
  return bench.untilOver(runId);
};
const outcomesOf = (bench: Bench, action: string) =>
  bench.mutations().flatMap((call) => (call.action === action ? [call.outcome] : []));
const countsOf = (bench: Bench): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(bench.mutations(), ({ action }) => action)).map(([action, all = []]) => [action, all.length]),
  );
const once = (fixId: FixId): Readonly<Record<string, number>> => ({
  ...Object.fromEntries(SENDS[fixId].map((action) => [action, 1])),
  // One first, then the other.
  ...(fixId === 'scale-to-one' && { EnterStandby: 2 }),
});

describe.each(FIXES)('%s', (fixId) => {
  test('every answer is lost: each call is found to have happened, none is sent again, and the run is done', async () => {
    await using bench = await open(fixId);
    for (const action of SENDS[fixId]) {
      // The first one to terminate is the dry run, whose answer says nothing of the deed.
      bench.faults.add({ action, effect: { kind: 'dropAfter' }, ...(action === 'TerminateInstances' && { fromCall: 2 }) });
    }
    const run = await finish(bench, await begin(bench, fixId));
    expect(run.status).toBe('done');
    expect(countsOf(bench)).toEqual(once(fixId));
    const acted = run.plan.steps.filter(({ mode }) => mode === 'act');
    for (const { id } of acted) expect(run.steps[id]).toMatchObject({ status: 'done', found: expect.stringMatching(ADOPTED) });
    expect(bench.mutations().every(({ outcome, unanswered }) => outcome === 'OK' && unanswered)).toBe(true);
  });

  test('every answer of its undo is lost: the same', async () => {
    await using bench = await open(fixId);
    const runId = await begin(bench, fixId);
    await (fixId === 'scale-to-one' ? bench.untilOver(runId) : bench.untilAsked(runId));
    const before = bench.mutations().length;
    const undoId = await bench.undo(runId);
    for (const action of UNDOES[fixId]) bench.faults.add({ action, effect: { kind: 'dropAfter' } });
    await bench.start(undoId);
    const undone = await finish(bench, undoId);
    expect(undone.status).toBe('done');
    const sent = bench
      .mutations()
      .slice(before)
      .map(({ action }) => action);
    expect(new Set(sent)).toEqual(new Set(UNDOES[fixId]));
    const acted = undone.plan.steps.filter(({ mode }) => mode === 'act');
    expect(sent).toHaveLength(acted.length);
    for (const { id } of acted) expect(undone.steps[id]?.found).toMatch(ADOPTED);
  });

  test.each(SENDS[fixId])(
    '%s never arrives: the outcome is not known, it is not sent again, and the run says so',
    async (action) => {
      await using bench = await open(fixId);
      bench.faults.add({ action, effect: { kind: 'dropBefore' }, ...(action === 'TerminateInstances' && { fromCall: 2 }) });
      const run = await finish(bench, await begin(bench, fixId));
      expect(run.status).toBe('uncertain');
      expect(run.ended?.text).toContain('the answer was lost');
      expect(run.ended?.text).toContain('it is not seen to have happened');
      expect(outcomesOf(bench, action)).toEqual(['Dropped']);
      expect(bench.mutations().at(-1)?.action).toBe(action);
      // Tags alone are not worth an undo; an ending that is not known to have happened may still be taken back.
      expect(canUndo(run)).toBe(action !== 'CreateTags');
    },
  );

  test('each call is throttled once: it is sent again after a look, and the run is done', async () => {
    await using bench = await open(fixId);
    for (const action of SENDS[fixId]) bench.faults.add({ action, times: 1, effect: { kind: 'throttle' } });
    const run = await finish(bench, await begin(bench, fixId));
    expect(run.status).toBe('done');
    for (const action of SENDS[fixId].filter((one) => one !== 'TerminateInstances')) {
      const [first, second] = bench.mutations().filter((call) => call.action === action);
      expect([first?.outcome, second?.outcome]).toEqual([expect.stringMatching(/Throttl|RequestLimitExceeded/), 'OK']);
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(2 * SECOND_MS);
      const between = bench.calls().slice(bench.calls().indexOf(first!) + 1, bench.calls().indexOf(second!));
      expect(between.map((call) => call.action)).toContain('DescribeAutoScalingGroups');
      expect(first?.input).toEqual(second?.input);
    }
  });
});

const DETACH = { service: 'autoscaling', action: 'DetachInstances' } as const;

test.each<{ what: string; effect: FaultEffect; code: RegExp }>([
  { what: 'throttled', effect: { kind: 'throttle' }, code: /Throttling/ },
  { what: 'contended', effect: { kind: 'error', code: 'ResourceContention' }, code: /ResourceContention/ },
])('a call that is $what for ever is given up after six tries, further and further apart', async ({ effect, code }) => {
  await using bench = await open('snapshot-then-terminate');
  bench.faults.add({ ...DETACH, effect });
  const run = await finish(bench, await begin(bench, 'snapshot-then-terminate'));
  expect(run.status).toBe('failed');
  expect(run.ended?.text).toMatch(code);
  const times = bench.mutations().flatMap((call) => (call.action === DETACH.action ? [call.at / SECOND_MS] : []));
  expect(times.slice(1).map((at, index) => at - (times[index] ?? 0))).toEqual([2, 4, 8, 16, 32]);
});

test('what changes while a contended call waits is seen before it is sent again', async () => {
  await using bench = await open('scale-to-one');
  bench.world.change.groups.contend(bench.shop.groupName, 1);
  bench.meanwhile('after', 'autoscaling:SuspendProcesses', () => {
    bench.world.change.groups.suspend(bench.shop.groupName, 'Launch');
  });
  const run = await finish(bench, await begin(bench, 'scale-to-one'));
  expect(run.status).toBe('refused');
  expect(run.steps['suspend']).toMatchObject({ status: 'skipped', found: expect.stringContaining('Launch is suspended') });
  expect(outcomesOf(bench, 'SuspendProcesses')).toEqual(['ResourceContention']);
});

test.each([
  { fixId: 'snapshot-then-terminate', action: 'DetachInstances' },
  { fixId: 'scale-to-one', action: 'EnterStandby' },
] as const)('$action gets no answer at all: given up, looked for, not found, and uncertain', async ({ fixId, action }) => {
  await using bench = await open(fixId, { answerTimeoutMs: 500 });
  bench.faults.add({ action, effect: { kind: 'hang' } });
  const run = await finish(bench, await begin(bench, fixId));
  expect(run.status).toBe('uncertain');
  expect(outcomesOf(bench, action)).toEqual(['Hung']);
  expect(canUndo(run)).toBe(true);
});

test('the dry run of the termination is not answered: nothing has happened, so it is asked again', async () => {
  await using bench = await open('snapshot-then-terminate');
  bench.faults.add({ action: 'TerminateInstances', times: 1, effect: { kind: 'dropBefore' } });
  const run = await finish(bench, await begin(bench, 'snapshot-then-terminate'));
  expect(run.status).toBe('done');
  expect(outcomesOf(bench, 'TerminateInstances')).toEqual(['OK']);
});

describe('the session of a step', () => {
  test('cannot be opened: nothing was sent, and the run says why', async () => {
    await using bench = await open('snapshot-then-terminate');
    bench.identity.putUserPolicy('firebreak-bot', 'withheld', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: 'sts:AssumeRole', Resource: bench.access.fixRoleArn }],
    });
    const run = await finish(bench, await begin(bench, 'snapshot-then-terminate'));
    expect(run.status).toBe('failed');
    expect(run.ended?.text).toContain('The session could not be opened, so nothing was sent');
    expect(bench.mutations()).toEqual([]);
  });

  test('is opened late, because STS is throttled: tried again, nothing was sent meanwhile', async () => {
    await using bench = await open('scale-to-one');
    const runId = await bench.preview('scale-to-one', { groupName: bench.shop.groupName });
    bench.faults.add({ service: 'sts', action: 'AssumeRole', times: 2, effect: { kind: 'throttle' } });
    await bench.start(runId);
    expect((await finish(bench, runId)).status).toBe('done');
    expect(countsOf(bench)).toEqual(once('scale-to-one'));
  });

  test('gets no answer from STS: tried again, nothing was sent meanwhile', async () => {
    await using bench = await open('scale-to-one', { answerTimeoutMs: 500 });
    const runId = await bench.preview('scale-to-one', { groupName: bench.shop.groupName });
    bench.faults.add({ service: 'sts', action: 'AssumeRole', times: 1, effect: { kind: 'hang' } });
    await bench.start(runId);
    expect((await finish(bench, runId)).status).toBe('done');
    expect(countsOf(bench)).toEqual(once('scale-to-one'));
  });

  test('may not do the step, because the role may not: AWS says no, and nothing has happened', async () => {
    await using bench = await open('snapshot-then-terminate');
    bench.identity.putRolePolicy(bench.access.fixRoleArn.split('/').at(-1) ?? '', 'withheld', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: 'autoscaling:DetachInstances', Resource: '*' }],
    });
    const run = await finish(bench, await begin(bench, 'snapshot-then-terminate'));
    expect(run.status).toBe('failed');
    expect(run.ended?.text).toMatch(/DetachInstances was refused: Access\w+: .*not authorized/);
    expect(bench.group().members.some(({ instanceId }) => instanceId === sickOf(bench))).toBe(true);
  });
});

describe('evidence that cannot be had stops nothing', () => {
  test.each<{ what: string; prepare: (bench: Bench) => void; found: RegExp }>([
    {
      what: 'the agent does not answer',
      prepare: (bench) => void bench.world.change.hosts.setAgent(sickOf(bench), 'hangs'),
      found: /no diagnostics: The command did not end within 60 s/,
    },
    {
      what: 'the console cannot be read',
      prepare: (bench) => void bench.faults.add({ action: 'GetConsoleOutput', effect: { kind: 'dropBefore' } }),
      found: /no console output/,
    },
  ])('$what', async ({ prepare, found }) => {
    await using bench = await open('snapshot-then-terminate');
    prepare(bench);
    const runId = await begin(bench, 'snapshot-then-terminate');
    await bench.untilStep(runId, 'snapshot', 'done');
    expect((await bench.run(runId)).steps['collect']).toMatchObject({ status: 'done', found: expect.stringMatching(found) });
  });
});
