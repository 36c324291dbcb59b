import { describe, expect, test } from 'vitest';
import { canUndo } from '../../src/incident/undoable.ts';
import { type Bench, openBench, sickOf } from './kit.ts';

const FIX = 'snapshot-then-terminate';
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

const begin = async (bench: Bench, sick = sickOf(bench)): Promise<{ readonly sick: string; readonly runId: string }> => {
  const runId = await bench.preview(FIX, { groupName: bench.shop.groupName, instanceId: sick });
  await bench.start(runId);
  return { sick, runId };
};
const actions = (bench: Bench) => bench.mutations().map(({ action }) => action);
const stateOf = (bench: Bench, id: string) => {
  bench.world.settle();
  return bench.world.state.instances.find((one) => one.id === id)?.state;
};
const said = async (bench: Bench, runId: string) => {
  const { ended } = await bench.run(runId);
  return ended?.text ?? 'nothing';
};

describe('health replacement gets there first', () => {
  test('between the preview and the start: refused, and no snapshot is claimed', async () => {
    await using bench = await openBench({ shop: { trouble: 'oneServes502' } });
    const sick = sickOf(bench);
    const runId = await bench.preview(FIX, { groupName: bench.shop.groupName, instanceId: sick });
    bench.world.change.groups.markUnhealthy(sick);
    bench.clock.advance(10 * SECOND_MS);
    await bench.start(runId);
    const run = await bench.untilOver(runId);
    expect(run.status).toBe('refused');
    expect(run.ended?.text).toContain('health replacement got there first, and nothing of it was saved');
    expect(actions(bench)).toEqual([]);
    expect(run.steps).toEqual({});
  });

  test('between the approval and the detach: refused, and no snapshot is claimed', async () => {
    await using bench = await openBench({ shop: { trouble: 'oneServes502' } });
    const sick = sickOf(bench);
    bench.meanwhile('after', 'ec2:CreateTags', () => {
      bench.world.change.groups.markUnhealthy(sick);
      bench.clock.advance(10 * SECOND_MS);
    });
    const { runId } = await begin(bench, sick);
    const run = await bench.untilOver(runId);
    expect(run.status).toBe('refused');
    expect(actions(bench)).toEqual(['CreateTags']);
    expect(await bench.refusals(runId)).toMatchObject([{ because: expect.stringContaining('nothing of it was saved') }]);
    expect(run.steps['snapshot']).toBeUndefined();
    expect(bench.world.state.snapshots).toEqual([]);
  });
});

test('the replacement is born as sick: nothing is terminated, the snapshots are complete, and the undo brings the old one back', async () => {
  await using bench = await openBench({ shop: { trouble: 'badVersion' } });
  const before = bench.group().members.map(({ instanceId }) => instanceId);
  const { sick, runId } = await begin(bench);
  await bench.untilStep(runId, 'replace', 'running');
  await bench.pass(HOUR_MS / 2);
  const run = await bench.untilOver(runId);
  expect(run.status).toBe('failed');
  expect(run.ended?.text).toContain('not healthy');
  expect(actions(bench)).not.toContain('TerminateInstances');
  expect(stateOf(bench, sick)).toBe('running');
  expect(bench.world.state.snapshots.map(({ state }) => state)).toEqual(['completed', 'completed']);
  expect(await bench.eventsOf('users-served')).toEqual([]);
  expect(canUndo(run)).toBe(true);

  const undoId = await bench.undo(runId);
  await bench.start(undoId);
  await bench.untilAsked(undoId);
  await bench.approve(undoId);
  const undone = await bench.untilOver(undoId);
  expect(undone.ended?.text).toContain(`${sick} is InService`);
  expect(undone.status).toBe('done');
  expect(
    bench
      .group()
      .members.map(({ instanceId }) => instanceId)
      .toSorted(),
  ).toEqual(before.toSorted());
});

describe('desired is the maximum, and the image goes away', () => {
  test('while the snapshots complete: the undo says honestly that it is impossible, and keeps the instance', async () => {
    await using bench = await openBench({ shop: { trouble: 'oneServes502' } });
    bench.world.change.groups.resize(bench.shop.groupName, { max: 3 });
    const { sick, runId } = await begin(bench);
    const { guards } = await bench.run(runId);
    expect(guards.find(({ id }) => id === 'at-maximum')?.result).toMatchObject({
      note: expect.stringContaining('raises the maximum'),
    });
    await bench.untilAsked(runId);
    bench.world.change.storage.deregisterImageOf(bench.shop.groupName, 7);
    const undoId = await bench.undo(runId);
    expect(await bench.refusals(undoId)).toMatchObject([
      { because: expect.stringMatching(/image ami-\w+ .* is gone.*cannot be undone.*is kept as it is/) },
    ]);
    await bench.untilOver(runId);
    expect(stateOf(bench, sick)).toBe('running');
    expect(actions(bench)).toEqual(['CreateTags', 'DetachInstances', 'CreateSnapshots']);
  });

  test('before the replacement is launched: nothing serves instead, nothing is terminated, and keeping it detached is offered', async () => {
    await using bench = await openBench({ shop: { trouble: 'oneServes502' } });
    bench.world.change.groups.resize(bench.shop.groupName, { max: 3 });
    bench.meanwhile('before', 'autoscaling:DetachInstances', () => {
      bench.world.change.storage.deregisterImageOf(bench.shop.groupName, 7);
    });
    const { sick, runId } = await begin(bench);
    await bench.untilStep(runId, 'replace', 'running');
    await bench.pass(HOUR_MS / 2);
    const run = await bench.untilOver(runId);
    expect(run.status).toBe('failed');
    expect(run.ended?.text).toContain('has not launched');
    expect(stateOf(bench, sick)).toBe('running');
    const undoId = await bench.undo(runId);
    expect(await bench.refusals(undoId)).toMatchObject([{ because: expect.stringContaining('cannot be undone') }]);

    const keepId = await bench.undo(runId, { afterwards: 'keep-detached' });
    await bench.start(keepId);
    expect((await bench.untilOver(keepId)).status).toBe('done');
    expect(stateOf(bench, sick)).toBe('running');
    expect(actions(bench)).not.toContain('TerminateInstances');
  });
});

test('desired is the maximum: the undo raises it by one, names its victim, and restores it', async () => {
  await using bench = await openBench({ shop: { trouble: 'oneServes502' } });
  bench.world.change.groups.resize(bench.shop.groupName, { max: 3 });
  const before = bench.group().members.map(({ instanceId }) => instanceId);
  const { sick, runId } = await begin(bench);
  await bench.untilAsked(runId);
  const undoId = await bench.undo(runId);
  await bench.start(undoId);
  await bench.untilAsked(undoId);
  expect((await bench.run(runId)).status).toBe('declined');
  await bench.approve(undoId);
  expect((await bench.untilOver(undoId)).status).toBe('done');
  const { min, max, desired, members } = bench.group();
  expect({ min, max, desired }).toEqual({ min: 2, max: 3, desired: 3 });
  expect(members.map(({ instanceId }) => instanceId).toSorted()).toEqual(before.toSorted());
  expect(stateOf(bench, sick)).toBe('running');
  expect(actions(bench).slice(3)).toEqual([
    'UpdateAutoScalingGroup',
    'AttachInstances',
    'TerminateInstanceInAutoScalingGroup',
    'UpdateAutoScalingGroup',
  ]);
});

test('the process dies when the snapshots are made and not recorded, and one of three fails later: adopted, not made again, nothing ended', async () => {
  await using bench = await openBench({ shop: { trouble: 'oneServes502' } });
  const sick = sickOf(bench);
  bench.world.change.storage.attachVolume(sick);
  const [volume] = bench.world.state.volumes.filter(({ attachments }) =>
    attachments.some(({ instanceId }) => instanceId === sick),
  );
  bench.world.change.storage.failSnapshots(volume?.id ?? '');
  bench.dieAt('after', 'ec2:CreateSnapshots');
  const { runId } = await begin(bench, sick);
  const run = await bench.untilOver(runId);
  expect(run.steps['snapshot']).toMatchObject({
    status: 'done',
    found: expect.stringMatching(/^The answer was lost; it has happened. Snapshots: snap-/),
  });
  expect(actions(bench).filter((action) => action === 'CreateSnapshots')).toHaveLength(1);
  expect(bench.world.state.snapshots.map(({ volumeId, state }) => [volumeId, state])).toContainEqual([volume?.id, 'error']);
  expect(bench.world.state.snapshots).toHaveLength(3);
  expect(run.status).toBe('failed');
  expect(run.ended?.text).toMatch(/Not everything is saved: snap-\w+ of vol-\w+ is in error/);
  expect(actions(bench)).not.toContain('TerminateInstances');
  expect(stateOf(bench, sick)).toBe('running');
  expect(canUndo(run)).toBe(true);
});

describe('the snapshots take three hours', () => {
  const slow = async (bench: Bench) => {
    bench.world.change.storage.slowSnapshots(30);
    const begun = bench.clock.now();
    const started = await begin(bench);
    await bench.untilStep(started.runId, 'complete', 'running');
    await bench.pass(3 * HOUR_MS);
    await bench.untilAsked(started.runId);
    expect(bench.clock.now() - begun).toBeGreaterThan(3 * HOUR_MS);
    return started;
  };

  test('sessions have expired long ago: the termination has a fresh one, and goes through', async () => {
    await using bench = await openBench({ shop: { trouble: 'oneServes502' } });
    const { sick, runId } = await slow(bench);
    expect(bench.calls().some(({ outcome }) => outcome === 'ExpiredToken' || outcome === 'RequestExpired')).toBe(true);
    await bench.approve(runId);
    expect((await bench.untilOver(runId)).status).toBe('done');
    expect(stateOf(bench, sick)).toBe('terminated');
  });

  test.each([
    {
      what: 'a volume was attached meanwhile',
      change: ({ world }: Bench, sick: string) => void world.change.storage.attachVolume(sick),
      says: /vol-\w+ was attached to .* since the plan was made: what is on it is not saved/,
    },
    {
      what: 'the instance was attached again meanwhile',
      change: ({ world, shop }: Bench, sick: string) => world.change.groups.attach(shop.groupName, sick),
      says: /was attached to shop-web again meanwhile: it may be serving users/,
    },
    {
      what: 'the instance was protected from termination meanwhile',
      change: ({ world }: Bench, sick: string) => void world.change.hosts.protectFromTermination(sick),
      says: /Somebody protected .* from termination/,
    },
    {
      what: 'the replacement got sick meanwhile',
      change: ({ world, clock }: Bench) => {
        for (const id of world.shop.instanceIds()) world.change.hosts.answerWith(id, 502);
        clock.advance(60 * SECOND_MS);
      },
      says: /The replacement no longer serves/,
    },
    {
      what: 'a snapshot was deleted meanwhile',
      change: ({ world }: Bench) => world.act((state) => void state.snapshots.pop()),
      says: /the snapshot of vol-\w+ is missing/,
    },
  ])('$what: approved all the same, and refused', async ({ change, says }) => {
    await using bench = await openBench({ shop: { trouble: 'oneServes502' } });
    const { sick, runId } = await begin(bench);
    await bench.untilAsked(runId);
    change(bench, sick);
    await bench.approve(runId);
    expect((await bench.untilOver(runId)).status).toBe('refused');
    expect(await said(bench, runId)).toMatch(says);
    expect(actions(bench)).not.toContain('TerminateInstances');
    expect(stateOf(bench, sick)).toBe('running');
  });
});
