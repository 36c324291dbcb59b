import { expect, test } from 'vitest';
import { type Bench, openBench, sentOf, sickOf } from './kit.ts';

/** What an undo has to bring back, as the account has it. */
const shapeOf = (bench: Bench) => {
  const { min, max, desired, suspended, members } = bench.group();
  return {
    min,
    max,
    desired,
    suspended: suspended.map(({ name }) => name).toSorted(),
    members: members
      .map(({ instanceId, state, protectedFromScaleIn }) => ({ instanceId, state, protectedFromScaleIn }))
      .toSorted((a, b) => (a.instanceId < b.instanceId ? -1 : 1)),
    targets: bench.targets(),
  };
};

test('one serves alone while the others wait in standby, and the undo brings everything back as it was', async () => {
  await using bench = await openBench();
  const before = shapeOf(bench);
  const survivor = bench.shop.instanceIds().toSorted()[0];
  const runId = await bench.preview('scale-to-one', { groupName: bench.shop.groupName });
  const { plan } = await bench.run(runId);
  await bench.start(runId);
  const run = await bench.untilOver(runId);

  expect(run.status).toBe('done');
  expect(run.approvedBy).toEqual([]);
  expect(sentOf(bench.mutations())).toEqual(plan.steps.flatMap(({ calls }) => calls.map(({ api, input }) => ({ api, input }))));
  const parked = shapeOf(bench);
  expect(parked).toMatchObject({ min: 1, max: before.max, desired: 1 });
  expect(parked.members.filter(({ state }) => state === 'Standby')).toHaveLength(2);
  expect(parked.members.find(({ instanceId }) => instanceId === survivor)).toMatchObject({
    state: 'InService',
    protectedFromScaleIn: true,
  });
  expect(parked.targets).toEqual([`${survivor} healthy`]);
  expect(new Set(bench.users())).toEqual(new Set([200]));

  const undoId = await bench.undo(runId);
  await bench.start(undoId);
  const undone = await bench.untilOver(undoId);
  expect(undone.status).toBe('done');
  expect(shapeOf(bench)).toEqual(before);
  expect((await bench.run(runId)).undoneBy).toBe(undoId);
  expect(bench.mutations().every(({ outcome }) => outcome === 'OK')).toBe(true);
  expect(bench.problems).toEqual([]);
});

test('what was suspended, protected and parked before is as it was after the undo, and nobody else’s is touched', async () => {
  await using bench = await openBench();
  const { groups } = bench.world.change;
  const [survivor = ''] = bench.shop.instanceIds().toSorted();
  groups.suspend(bench.shop.groupName, 'AZRebalance');
  groups.protect(survivor);
  const before = shapeOf(bench);

  const runId = await bench.preview('scale-to-one', { groupName: bench.shop.groupName, survivorId: survivor });
  await bench.start(runId);
  expect((await bench.untilOver(runId)).status).toBe('done');
  const undoId = await bench.undo(runId);
  await bench.start(undoId);
  expect((await bench.untilOver(undoId)).status).toBe('done');

  expect(shapeOf(bench)).toEqual(before);
  const resumed = bench.mutations().find(({ action }) => action === 'ResumeProcesses')?.input;
  expect(resumed).toMatchObject({
    ScalingProcesses: ['AlarmNotification', 'InstanceRefresh', 'ReplaceUnhealthy', 'ScheduledActions'],
  });
  expect(bench.mutations().some(({ action }) => action === 'SetInstanceProtection')).toBe(false);
});

test('the sick one is parked first, kept alive for the inquiry, and returned last, without waiting for its health', async () => {
  await using bench = await openBench({ shop: { trouble: 'oneServes502' } });
  const sick = sickOf(bench);
  const runId = await bench.preview('scale-to-one', { groupName: bench.shop.groupName });
  await bench.start(runId);
  expect((await bench.untilOver(runId)).status).toBe('done');
  const parking = bench.mutations().filter(({ action }) => action === 'EnterStandby');
  expect(parking.map(({ input }) => (input as { InstanceIds: string[] }).InstanceIds[0])[0]).toBe(sick);
  expect(new Set(bench.users())).toEqual(new Set([200]));

  const undoId = await bench.undo(runId);
  await bench.start(undoId);
  const undone = await bench.untilOver(undoId);
  expect(undone.steps['exit-2']?.status).toBe('done');
  const returns = bench.mutations().filter(({ action }) => action === 'ExitStandby');
  expect(returns.map(({ input }) => (input as { InstanceIds: string[] }).InstanceIds[0])[1]).toBe(sick);
  // It was sick before, and nobody promised to heal it: the undo is done, and says so.
  expect(undone.status).toBe('done');
  expect(undone.ended?.text).toContain(`As sick as it was parked: ${sick}`);
  expect((await bench.run(runId)).undoneBy).toBe(undoId);
});
