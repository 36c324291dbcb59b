import { expect, test } from 'vitest';
import { type Bench, openBench } from './kit.ts';

const SECOND_MS = 1_000;

const begin = async (
  bench: Bench,
): Promise<{ readonly runId: string; readonly survivor: string; readonly parked: readonly string[] }> => {
  const ids = bench.shop.instanceIds().toSorted();
  const runId = await bench.preview('scale-to-one', { groupName: bench.shop.groupName });
  await bench.start(runId);
  return { runId, survivor: ids[0] ?? '', parked: ids.slice(1) };
};
const parkAll = async (bench: Bench) => {
  const begun = await begin(bench);
  expect((await bench.untilOver(begun.runId)).status).toBe('done');
  return begun;
};
const actions = (bench: Bench) => bench.mutations().map(({ action }) => action);
const suspendedIn = (bench: Bench) =>
  bench
    .group()
    .suspended.map(({ name }) => name)
    .toSorted();
const acknowledged = async (bench: Bench, runId: string) =>
  (await bench.run(runId)).guards.flatMap(({ id, result }) =>
    result.outcome === 'acknowledge' ? [{ id, because: result.because }] : [],
  );

test('an outside scaler raises desired while the first is being parked: drift is found before the second, and the undo waits for room', async () => {
  await using bench = await openBench();
  const { groups } = bench.world.change;
  bench.meanwhile('after', 'autoscaling:EnterStandby', () => void groups.setDesired(bench.shop.groupName, 3));
  const { runId, parked } = await begin(bench);
  const run = await bench.untilOver(runId);
  expect(['refused', 'failed']).toContain(run.status);
  expect(run.ended?.text).toMatch(/desired is 3, not 2/);
  expect(actions(bench).filter((action) => action === 'EnterStandby')).toHaveLength(1);
  await bench.pass(120 * SECOND_MS);

  groups.resize(bench.shop.groupName, { max: 3 });
  const noRoom = await bench.undo(runId);
  expect(await bench.refusals(noRoom)).toMatchObject([
    {
      because: expect.stringContaining('Desired is 3 and the maximum 3'),
      toMakePossible: expect.stringContaining('Raise the maximum'),
    },
  ]);

  groups.resize(bench.shop.groupName, { max: 4 });
  const undoId = await bench.undo(runId);
  expect(await acknowledged(bench, undoId)).toMatchObject([
    { id: 'no-drift', because: expect.stringMatching(/desired is 3, not 2.*is new/) },
  ]);
  await bench.start(undoId);
  expect((await bench.untilOver(undoId)).status).toBe('done');
  const { members } = bench.group();
  expect(members.find(({ instanceId }) => instanceId === parked[0])?.state).toBe('InService');
});

test('an outside scaler raises desired after all are parked: the undo shows the drift and says what would make room', async () => {
  await using bench = await openBench();
  const { runId } = await parkAll(bench);
  bench.world.change.groups.setDesired(bench.shop.groupName, 3);
  await bench.pass(120 * SECOND_MS);
  const undoId = await bench.undo(runId);
  expect(await bench.refusals(undoId)).toMatchObject([
    { because: expect.stringContaining('the 2 parked instances do not fit'), toMakePossible: expect.stringContaining('to 5') },
  ]);
});

test('a deployment suspends for itself and resumes meanwhile: what it took over is not resumed by the undo', async () => {
  await using bench = await openBench();
  const { runId } = await parkAll(bench);
  const deployed = ['AlarmNotification', 'AZRebalance', 'ReplaceUnhealthy', 'ScheduledActions'] as const;
  await bench.pass(60 * SECOND_MS);
  const { groups } = bench.world.change;
  // It resumes what it finds suspended when it is over, and has begun again by the time of the undo.
  groups.resume(bench.shop.groupName, ...deployed);
  groups.suspend(bench.shop.groupName, ...deployed);

  const undoId = await bench.undo(runId);
  expect((await bench.run(undoId)).guards.find(({ id }) => id === 'not-theirs')?.result).toMatchObject({
    note: expect.stringContaining('suspended again by somebody since'),
  });
  await bench.start(undoId);
  expect((await bench.untilOver(undoId)).status).toBe('done');
  const resumed = bench.mutations().find(({ action }) => action === 'ResumeProcesses')?.input;
  expect(resumed).toMatchObject({ ScalingProcesses: ['InstanceRefresh'] });
  expect(suspendedIn(bench)).toEqual([...deployed].toSorted());
});

test('a deployment takes the set over while the undo runs: the undo stops before resuming it', async () => {
  await using bench = await openBench();
  const { runId } = await parkAll(bench);
  const { groups } = bench.world.change;
  bench.meanwhile('after', 'autoscaling:SetInstanceProtection', () => {
    bench.clock.advance(60 * SECOND_MS);
    groups.resume(bench.shop.groupName, 'ReplaceUnhealthy');
    groups.suspend(bench.shop.groupName, 'ReplaceUnhealthy');
  });
  const undoId = await bench.undo(runId);
  await bench.start(undoId);
  const undone = await bench.untilOver(undoId);
  expect(undone.status).toBe('refused');
  expect(undone.ended?.text).toContain('ReplaceUnhealthy of shop-web was resumed or suspended again');
  expect(actions(bench)).not.toContain('ResumeProcesses');
});

test('while parked the survivor dies, one parked is ended by hand and Launch is suspended: the undo says what to do, and returns the living', async () => {
  await using bench = await openBench();
  const { runId, survivor, parked } = await parkAll(bench);
  const { groups, hosts } = bench.world.change;
  const [ended = '', living = ''] = parked;
  hosts.stopProcess(survivor);
  hosts.terminateInstance(ended);
  groups.suspend(bench.shop.groupName, 'Launch');
  await bench.pass(180 * SECOND_MS);
  expect(new Set(bench.users())).not.toContain(200);

  const early = await bench.undo(runId);
  expect(await bench.refusals(early)).toMatchObject([{ toMakePossible: 'Resume Launch first.' }]);
  expect(actions(bench)).not.toContain('ExitStandby');

  groups.resume(bench.shop.groupName, 'Launch');
  const undoId = await bench.undo(runId);
  await bench.start(undoId);
  const undone = await bench.untilOver(undoId);
  expect(undone.status).toBe('done');
  expect(undone.ended?.text).toContain(`Could not return: ${ended}`);
  expect(actions(bench).slice(-4)).toEqual(['ExitStandby', 'UpdateAutoScalingGroup', 'SetInstanceProtection', 'ResumeProcesses']);
  expect(bench.serving()).toEqual(new Set([living]));
  expect(bench.group().min).toBe(2);
});

test('the survivor falls sick while others are being parked: no more are parked, and the undo is offered', async () => {
  await using bench = await openBench();
  const [survivor = ''] = bench.shop.instanceIds().toSorted();
  bench.meanwhile('after', 'autoscaling:EnterStandby', () => {
    bench.world.change.hosts.answerWith(survivor, 502);
    bench.clock.advance(30 * SECOND_MS);
  });
  const { runId } = await begin(bench);
  const run = await bench.untilOver(runId);
  expect(run.status).toBe('failed');
  expect(run.ended?.text).toContain('The survivor is in doubt');
  expect(actions(bench).filter((action) => action === 'EnterStandby')).toHaveLength(1);
  const undoId = await bench.undo(runId);
  await bench.start(undoId);
  expect((await bench.untilOver(undoId)).status).toBe('done');
  expect(new Set(bench.users())).toEqual(new Set([200]));
});
