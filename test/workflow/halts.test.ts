/** Who may let a run begin, go on or end, and what stops it: freeze, stop, approvals, caps, and a world that has moved. */
import { describe, expect, test } from 'vitest';
import type { AwsApi } from '../../src/runbook/aws-call.ts';
import { ANA, BEN, type Bench, openBench, sickOf } from './kit.ts';

const MINUTE_MS = 60_000;
/** Somebody without a role. */
const DAN = 'U0DAN';

type FixId = 'snapshot-then-terminate' | 'scale-to-one';
const open = (fixId: FixId, response: NonNullable<Parameters<typeof openBench>[0]>['response'] = {}) =>
  openBench({ response, shop: fixId === 'scale-to-one' ? {} : { trouble: 'oneServes502' } });
const inputOf = (bench: Bench, fixId: FixId): Readonly<Record<string, string>> => {
  const { groupName } = bench.shop;
  return fixId === 'scale-to-one' ? { groupName } : { groupName, instanceId: sickOf(bench) };
};
const previewBy = (bench: Bench, fixId: FixId, by = BEN) => bench.preview(fixId, inputOf(bench, fixId), by);
const begin = async (bench: Bench, fixId: FixId, by = BEN): Promise<string> => {
  const runId = await previewBy(bench, fixId, by);
  await bench.start(runId, by);
  return runId;
};
const actions = (bench: Bench) => bench.mutations().map(({ action }) => action);
const lastTold = (bench: Bench) => bench.chat.told.at(-1)?.text ?? 'nothing';

describe.each([
  { how: 'freeze', says: /Fixes were frozen by <@U0ANA>/ },
  { how: 'stop', says: /Stopped by <@U0ANA>/ },
] as const)('$how', ({ how, says }) => {
  test.each<{ fixId: FixId; after: AwsApi; sent: readonly string[] }>([
    { fixId: 'snapshot-then-terminate', after: 'ec2:CreateTags', sent: ['CreateTags'] },
    { fixId: 'snapshot-then-terminate', after: 'autoscaling:DetachInstances', sent: ['CreateTags', 'DetachInstances'] },
    {
      fixId: 'snapshot-then-terminate',
      after: 'ec2:CreateSnapshots',
      sent: ['CreateTags', 'DetachInstances', 'CreateSnapshots'],
    },
    { fixId: 'scale-to-one', after: 'autoscaling:SuspendProcesses', sent: ['SuspendProcesses'] },
    {
      fixId: 'scale-to-one',
      after: 'autoscaling:EnterStandby',
      sent: ['SuspendProcesses', 'SetInstanceProtection', 'UpdateAutoScalingGroup', 'EnterStandby'],
    },
  ])('while $after is under way: nothing more is sent, and it can be undone', async ({ fixId, after, sent }) => {
    await using bench = await open(fixId);
    const runId = await previewBy(bench, fixId);
    bench.meanwhile('after', after, async () => {
      await (how === 'freeze' ? bench.freeze() : bench.stop(runId));
    });
    await bench.start(runId);
    const run = await bench.untilOver(runId);
    expect(run.status).toBe('stopped');
    expect(run.ended?.text).toMatch(says);
    expect(actions(bench)).toEqual(sent);
  });

  test('while the snapshots complete: the waiting ends, and the instance is kept', async () => {
    await using bench = await open('snapshot-then-terminate');
    const runId = await begin(bench, 'snapshot-then-terminate');
    await bench.untilStep(runId, 'complete', 'running');
    await (how === 'freeze' ? bench.freeze() : bench.stop(runId));
    const run = await bench.untilOver(runId);
    expect(run.status).toBe('stopped');
    expect(run.steps['complete']?.status).toBe('skipped');
    expect(actions(bench)).not.toContain('TerminateInstances');
  });

  test('while the termination waits for its approval: it does not happen', async () => {
    await using bench = await open('snapshot-then-terminate');
    const runId = await begin(bench, 'snapshot-then-terminate');
    await bench.untilAsked(runId);
    const asked = bench.clock.now();
    await (how === 'freeze' ? bench.freeze() : bench.stop(runId));
    if (how === 'freeze') await bench.approve(runId);
    const run = await bench.untilOver(runId);
    expect(run.status).toBe('stopped');
    expect(run.ended?.text).toMatch(says);
    expect(bench.clock.now() - asked).toBeLessThan(MINUTE_MS);
    expect(actions(bench)).not.toContain('TerminateInstances');
  });
});

describe('freeze', () => {
  test('nothing starts while it lasts, undo included, and both do afterwards', async () => {
    await using bench = await open('scale-to-one');
    await bench.freeze('The provider is at it');
    const runId = await begin(bench, 'scale-to-one');
    expect(lastTold(bench)).toContain('Fixes are frozen by');
    expect((await bench.run(runId)).status).toBe('previewed');
    await bench.command({ do: 'unfreeze', reason: 'They are done' });
    await bench.start(runId);
    expect((await bench.untilOver(runId)).status).toBe('done');
    await bench.freeze('Again');
    const undoId = await bench.undo(runId);
    await bench.start(undoId);
    expect((await bench.run(undoId)).status).toBe('previewed');
    await bench.command({ do: 'unfreeze', reason: 'They are done' });
    await bench.start(undoId);
    expect((await bench.untilOver(undoId)).status).toBe('done');
  });

  test('an approval of the start that comes while it lasts starts nothing', async () => {
    await using bench = await open('scale-to-one');
    const runId = await begin(bench, 'scale-to-one', DAN);
    await bench.untilAsked(runId);
    await bench.freeze();
    await bench.approve(runId, BEN);
    const run = await bench.untilOver(runId);
    expect(run.ended?.text).toContain('frozen by <@U0ANA>');
    expect(bench.mutations()).toEqual([]);
  });
});

describe('the start', () => {
  test('by who holds no role waits for one who does', async () => {
    await using bench = await open('scale-to-one');
    const runId = await begin(bench, 'scale-to-one', DAN);
    expect((await bench.untilAsked(runId)).approval).toMatchObject({ phase: 1, who: 'role-holder' });
    await bench.approve(runId, DAN);
    expect(lastTold(bench)).toContain('Someone who holds a role has to approve this');
    await bench.approve(runId, BEN);
    const run = await bench.untilOver(runId);
    expect(run.status).toBe('done');
    expect(new Set(bench.mutations().map(({ sessionName }) => sessionName))).toEqual(new Set([`inc-0001-${DAN}`]));
  });

  test.each([
    { what: 'declined', status: 'declined', answer: (bench: Bench, runId: string) => bench.decline(runId, ANA) },
    { what: 'not answered', status: 'timed-out', answer: (bench: Bench) => bench.pass(31 * MINUTE_MS) },
  ])('that is $what does nothing', async ({ status, answer }) => {
    await using bench = await open('scale-to-one');
    const runId = await begin(bench, 'scale-to-one', DAN);
    await bench.untilAsked(runId);
    await answer(bench, runId);
    expect((await bench.untilOver(runId)).status).toBe(status);
    expect(bench.mutations()).toEqual([]);
    await bench.approve(runId, BEN);
    await bench.settle();
    expect((await bench.run(runId)).status).toBe(status);
  });

  test('delivered three times, and clicked by fifty people, is one run', async () => {
    await using bench = await open('scale-to-one');
    const runId = await previewBy(bench, 'scale-to-one');
    for (let delivery = 0; delivery < 3; delivery += 1) await bench.start(runId, BEN, 'one-click');
    await Promise.all(Array.from({ length: 50 }, (_, index) => bench.start(runId, `U${index}`)));
    expect(bench.chat.told.filter(({ text }) => text.includes('has started it already'))).toHaveLength(50);
    const run = await bench.untilOver(runId);
    expect(run.status).toBe('done');
    expect(await bench.eventsOf('fix-requested')).toHaveLength(1);
    expect(await bench.eventsOf('fix-run-started')).toHaveLength(1);
    expect(actions(bench).filter((action) => action === 'SuspendProcesses')).toHaveLength(1);
  });

  test('of a second run on the same group is refused while the first goes on', async () => {
    await using bench = await open('snapshot-then-terminate');
    const second = await previewBy(bench, 'scale-to-one');
    const first = await begin(bench, 'snapshot-then-terminate');
    await bench.untilStep(first, 'detach', 'running');
    await bench.start(second);
    expect(lastTold(bench)).toMatch(/Another run holds .*shop-web: Snapshot and terminate/);
    expect((await bench.run(second)).status).toBe('previewed');
    await bench.stop(first);
    await bench.untilOver(first);
    expect(actions(bench)).not.toContain('SuspendProcesses');
  });

  test('that would take more of the group than the severity allows is refused', async () => {
    await using bench = await open('scale-to-one', {
      caps: { shareOfGroupPercent: { sev1: 90, sev2: 50, sev3: 50, sev4: 34 } },
    });
    const runId = await begin(bench, 'scale-to-one');
    expect(lastTold(bench)).toContain('It would take 67 % of shop-web out of service; at SEV2 at most 50 % may go.');
    await bench.command({ do: 'change-severity', to: 'sev1', reason: 'Nobody can pay' });
    await bench.start(runId);
    expect((await bench.untilOver(runId)).status).toBe('done');
  });

  test('of one termination more than an hour allows is refused', async () => {
    const one = { sev1: 1, sev2: 1, sev3: 1, sev4: 1 };
    await using bench = await open('snapshot-then-terminate', { caps: { terminationsPerHour: one } });
    const runId = await begin(bench, 'snapshot-then-terminate');
    await bench.untilAsked(runId);
    await bench.approve(runId);
    expect((await bench.untilOver(runId)).status).toBe('done');
    const again = await begin(bench, 'snapshot-then-terminate');
    expect(lastTold(bench)).toContain('1 of 1 terminations of this hour are used (SEV2)');
    await bench.pass(61 * MINUTE_MS);
    await bench.start(again);
    expect((await bench.run(again)).status).not.toBe('previewed');
  });
});

describe('the termination', () => {
  test.each([
    { what: 'declined', status: 'declined', answer: (bench: Bench, runId: string) => bench.decline(runId) },
    { what: 'not answered', status: 'timed-out', answer: (bench: Bench) => bench.pass(31 * MINUTE_MS) },
  ])('that is $what does not happen, and the undo brings the instance back', async ({ status, answer }) => {
    await using bench = await open('snapshot-then-terminate');
    const before = bench.group().members.map(({ instanceId }) => instanceId);
    const runId = await begin(bench, 'snapshot-then-terminate');
    await bench.untilAsked(runId);
    await answer(bench, runId);
    const run = await bench.untilOver(runId);
    expect(run.status).toBe(status);
    expect(run.ended?.text).toContain('is kept as it is; what was done so far can still be undone');
    const undoId = await bench.undo(runId);
    await bench.start(undoId);
    await bench.untilAsked(undoId);
    await bench.approve(undoId);
    expect((await bench.untilOver(undoId)).status).toBe('done');
    expect(
      bench
        .group()
        .members.map(({ instanceId }) => instanceId)
        .toSorted(),
    ).toEqual(before.toSorted());
    expect(actions(bench)).not.toContain('TerminateInstances');
  });

  test('takes the right id, and alone only with a reason', async () => {
    await using bench = await open('snapshot-then-terminate');
    const runId = await begin(bench, 'snapshot-then-terminate');
    await bench.untilAsked(runId);
    await bench.approve(runId, ANA, { typed: 'i-0wrong' });
    expect(lastTold(bench)).toContain(`Type ${sickOfPlan(await bench.run(runId))} to confirm`);
    await bench.approve(runId, BEN);
    expect(lastTold(bench)).toContain('Another person has to approve this');
    await bench.approve(runId, BEN, { breakGlass: 'Nobody else is awake' });
    const run = await bench.untilOver(runId);
    expect(run.status).toBe('done');
    expect(run.approvedBy).toMatchObject([{ phase: 2, by: BEN, breakGlass: 'Nobody else is awake' }]);
  });

  test('is covered by the approval of the start where the policy says so', async () => {
    const covered = { sev1: true, sev2: true, sev3: false, sev4: false };
    await using bench = await open('snapshot-then-terminate', { approvals: { oneApprovalCoversAll: covered } });
    const runId = await begin(bench, 'snapshot-then-terminate');
    expect((await bench.untilAsked(runId)).approval).toMatchObject({ phase: 1, who: 'another-person' });
    expect(bench.mutations()).toEqual([]);
    await bench.approve(runId, ANA);
    const run = await bench.untilOver(runId);
    expect(run.status).toBe('done');
    expect(await bench.eventsOf('fix-approval-asked')).toHaveLength(1);
    expect(actions(bench)).toContain('TerminateInstances');
  });

  test('waits through a restart of the process', async () => {
    await using bench = await open('snapshot-then-terminate');
    const runId = await begin(bench, 'snapshot-then-terminate');
    await bench.untilAsked(runId);
    await bench.restart();
    await bench.approve(runId);
    expect((await bench.untilOver(runId)).status).toBe('done');
    expect(actions(bench)).toEqual(['CreateTags', 'DetachInstances', 'CreateSnapshots', 'TerminateInstances']);
  });
});

const sickOfPlan = ({ plan }: Awaited<ReturnType<Bench['run']>>): string => plan.target;

describe('the world has moved since the preview', () => {
  test('the plan is another one: who asked is asked again, and the changed plan is what runs', async () => {
    await using bench = await open('snapshot-then-terminate');
    const sick = sickOf(bench);
    const runId = await previewBy(bench, 'snapshot-then-terminate');
    bench.world.change.storage.attachVolume(sick);
    await bench.start(runId);
    const asked = await bench.untilAsked(runId);
    expect(asked.approval).toMatchObject({ phase: 1, who: 'requester' });
    expect(bench.mutations()).toEqual([]);
    const [changed] = await bench.eventsOf('fix-plan-changed');
    expect(changed?.differs).toContainEqual(expect.stringMatching(/^Snapshot vol-.* → Snapshot vol-.*/));
    await bench.approve(runId, DAN);
    expect(lastTold(bench)).toContain('Someone who holds a role has to approve this');
    await bench.approve(runId, BEN);
    await bench.untilAsked(runId);
    expect(bench.world.state.snapshots).toHaveLength(3);
  });

  test('it moves at every look: after four there is nothing to agree to', async () => {
    await using bench = await open('snapshot-then-terminate');
    const sick = sickOf(bench);
    const runId = await previewBy(bench, 'snapshot-then-terminate');
    bench.world.change.storage.attachVolume(sick, { sizeGib: 1 });
    await bench.start(runId);
    for (let round = 2; round <= 4; round += 1) {
      await bench.untilAsked(runId);
      bench.world.change.storage.attachVolume(sick, { sizeGib: round });
      await bench.approve(runId, BEN);
    }
    const run = await bench.untilOver(runId);
    expect(run.status).toBe('refused');
    expect(run.ended?.text).toContain('things keep changing under the plan');
    expect(bench.mutations()).toEqual([]);
  });

  test('a guard refuses at the second look: nothing is done', async () => {
    await using bench = await open('scale-to-one');
    const runId = await previewBy(bench, 'scale-to-one');
    bench.world.change.groups.untag(bench.shop.groupName, 'firebreak');
    await bench.start(runId);
    const run = await bench.untilOver(runId);
    expect(run.status).toBe('refused');
    expect(await bench.refusals(runId)).toMatchObject([{ because: expect.stringContaining('not tagged firebreak=allow') }]);
    expect(bench.mutations()).toEqual([]);
  });

  test.each<{ fixId: FixId; after: AwsApi; what: string; change: (bench: Bench, first: string) => unknown; says: RegExp }>([
    {
      fixId: 'snapshot-then-terminate',
      after: 'ec2:CreateTags',
      what: 'the group was resized',
      change: ({ world, shop }) => world.change.groups.resize(shop.groupName, { max: 5 }),
      says: /maximum is 5, not 4/,
    },
    {
      fixId: 'snapshot-then-terminate',
      after: 'ec2:CreateTags',
      what: 'the opt-in was taken back',
      change: ({ world }, first) => world.change.groups.untagInstance(first, 'firebreak'),
      says: /not tagged firebreak=allow/,
    },
    {
      fixId: 'snapshot-then-terminate',
      after: 'autoscaling:DetachInstances',
      what: 'a volume was attached',
      change: ({ world }, first) => world.change.storage.attachVolume(first),
      says: /was attached to i-\w+ since the plan was made/,
    },
    {
      fixId: 'scale-to-one',
      after: 'autoscaling:SuspendProcesses',
      what: 'a deployment resumed what was suspended',
      change: ({ world, shop }) => world.change.groups.resume(shop.groupName, 'AlarmNotification'),
      says: /AlarmNotification/,
    },
    {
      fixId: 'scale-to-one',
      after: 'autoscaling:SetInstanceProtection',
      what: 'a refresh began',
      change: ({ world, shop }) => world.change.groups.startRefresh(shop.groupName),
      says: /instance refresh of shop-web began meanwhile/,
    },
    {
      fixId: 'scale-to-one',
      after: 'autoscaling:UpdateAutoScalingGroup',
      what: 'somebody set desired',
      change: ({ world, shop }) => world.change.groups.setDesired(shop.groupName, 4),
      says: /desired is 4, not 3/,
    },
    {
      fixId: 'scale-to-one',
      after: 'autoscaling:UpdateAutoScalingGroup',
      what: 'the survivor lost its tag',
      change: ({ world, shop }) => world.change.groups.untagInstance(shop.instanceIds().toSorted()[0] ?? '', 'firebreak'),
      says: /no longer tagged firebreak=allow/,
    },
  ])('$fixId, while $after is under way: $what, and the next step is refused', async ({ fixId, after, change, says }) => {
    await using bench = await open(fixId);
    const first = sickOf(bench);
    bench.meanwhile('after', after, () => void change(bench, first));
    const runId = await begin(bench, fixId);
    const run = await bench.untilOver(runId);
    expect(run.ended?.text).toMatch(says);
    expect(['refused', 'failed']).toContain(run.status);
    expect(bench.mutations().at(-1)?.action).toBe(after.split(':')[1]);
  });
});
