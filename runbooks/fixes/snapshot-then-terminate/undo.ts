import {
  type FixStep,
  type Plan,
  type Refusal,
  type Report,
  type RunContext,
  type RunRecord,
  refuse,
  type UndoCourse,
} from '../../../src/runbook/define-fix.ts';
import type { Group } from '../../../src/runbook/entities.ts';
import { attachedTargetGroups, isGone, memberOf, serves } from '../../../src/runbook/membership.ts';
import { minimumHealthy, notLastHealthy } from '../../guards/target-groups.ts';
import { changedByOthers, type Sizes, sizeDrift, vanished } from '../shared/drift.ts';
import { about, healthSeconds, quickWait, slowWait } from '../shared/timing.ts';
import { KEEP, keepsDetached, replacementOf, type UndoFacts, undoGuards, undoNeeds } from './undo-guards.ts';
import { beforeOf, inputOf } from './world.ts';

const JOIN_DEADLINE_SECONDS = 900;
const END_DEADLINE_SECONDS = 600;

type Scene = {
  readonly group: Group;
  readonly instanceId: string;
  readonly replacementId: string;
  readonly facts: UndoFacts;
  readonly wasHealthy: boolean;
  readonly recordedMaximum: number;
};

const resize = (id: string, title: string, group: Group, maxSize: number): FixStep => {
  const done = { is: 'sized', groupName: group.name, maxSize } as const;
  return {
    id,
    title,
    phase: 1,
    mode: 'act',
    calls: [
      {
        api: 'autoscaling:UpdateAutoScalingGroup',
        input: { AutoScalingGroupName: group.name, MaxSize: maxSize },
        on: [group.arn],
      },
    ],
    landed: done,
    wait: quickWait(done),
    undo: { title: `maximum back to ${group.maxSize}` },
  };
};

const attach = ({ group, instanceId, facts, wasHealthy }: Scene): FixStep => ({
  id: 'attach',
  title: `Attach ${instanceId} to ${group.name} again`,
  phase: 1,
  mode: 'act',
  calls: [
    {
      api: 'autoscaling:AttachInstances',
      input: { AutoScalingGroupName: group.name, InstanceIds: [instanceId] },
      on: [group.arn],
    },
  ],
  landed: { is: 'attached', groupName: group.name, instanceId },
  wait: slowWait(
    { is: 'in-service', groupName: group.name, instanceIds: [instanceId], healthy: wasHealthy },
    JOIN_DEADLINE_SECONDS + healthSeconds(attachedTargetGroups(group, facts.targetGroups)),
  ),
  takes: about(30 + (wasHealthy ? healthSeconds(attachedTargetGroups(group, facts.targetGroups)) : 0)),
  undo: 'nothing',
});

/** Names its victim: lowering desired would let the group choose. */
const endReplacement = ({ group, replacementId }: Scene): FixStep => {
  const gone = { is: 'gone-from-group', groupName: group.name, instanceId: replacementId } as const;
  return {
    id: 'end-replacement',
    title: `Terminate the replacement ${replacementId}, desired one lower`,
    phase: 2,
    mode: 'act',
    calls: [
      {
        api: 'autoscaling:TerminateInstanceInAutoScalingGroup',
        input: { InstanceId: replacementId, ShouldDecrementDesiredCapacity: true },
        on: [group.arn],
      },
    ],
    landed: gone,
    wait: slowWait(gone, END_DEADLINE_SECONDS),
    undo: 'irreversible',
  };
};

const applied = (sizes: Sizes, stepId: string): Sizes => ({
  minSize: sizes.minSize,
  maxSize: sizes.maxSize + (stepId === 'raise-maximum' ? 1 : stepId === 'restore-maximum' ? -1 : 0),
  desired: sizes.desired + (stepId === 'attach' ? 1 : stepId === 'end-replacement' ? -1 : 0),
});

const compare = ({ group }: Scene, sizes: Sizes): FixStep => ({
  id: 'compare',
  title: 'Compare the group with how it was',
  phase: 2,
  mode: 'wait',
  calls: [],
  wait: quickWait({
    is: 'sized',
    groupName: group.name,
    ...sizes,
  }),
  undo: 'nothing',
});

const stayDetached = (group: Group, instanceId: string): FixStep => ({
  id: 'stay',
  title: `Leave ${instanceId} detached and running`,
  phase: 1,
  mode: 'wait',
  calls: [],
  wait: quickWait({ is: 'detached', groupName: group.name, instanceId }),
  undo: 'nothing',
});

const choiceOf = (record: RunRecord, instanceId: string): Plan['choices'] => [
  {
    input: KEEP.input,
    label: `What becomes of ${instanceId}`,
    chosen: keepsDetached(record) ? KEEP.keep : KEEP.attach,
    options: [
      { value: KEEP.attach, label: 'Attach it again and end the replacement' },
      { value: KEEP.keep, label: 'Keep it detached and running, for the inquiry' },
    ],
  },
];

/** An undo that was cut short has attached the instance already: the rest of it is what is left to do. */
const stepsOf = (scene: Scene): readonly FixStep[] => {
  const { group, instanceId, recordedMaximum } = scene;
  const isBack = memberOf(group, instanceId) !== undefined;
  const raises = !isBack && group.desired >= group.maxSize;
  const restores = raises || (isBack && group.maxSize === recordedMaximum + 1);
  const maximum = raises ? group.maxSize : recordedMaximum;
  const steps: readonly FixStep[] = [
    ...(raises ? [resize('raise-maximum', `Raise the maximum to ${maximum + 1}`, group, maximum + 1)] : []),
    ...(isBack ? [] : [attach(scene)]),
    endReplacement(scene),
    ...(restores
      ? [{ ...resize('restore-maximum', `Maximum back to ${maximum}`, group, maximum), phase: 2, undo: 'nothing' } as const]
      : []),
  ];
  const { minSize, maxSize, desired } = group;
  return [...steps, compare(scene, steps.map(({ id }) => id).reduce(applied, { minSize, maxSize, desired }))];
};

const preview = (facts: UndoFacts, record: RunRecord, run: RunContext): Plan => {
  const { group } = facts;
  const { instanceId } = inputOf(record.plan);
  const keep = keepsDetached(record);
  const replacementId = group === undefined ? undefined : replacementOf(group, record);
  if (group === undefined || (replacementId === undefined && !keep))
    throw new Error('An undo is planned when its guards let it pass.');
  const { sickIn, maxSize: recordedMaximum } = beforeOf(record.plan);
  const wasHealthy = sickIn.length === 0;
  return {
    kind: 'undo',
    fixId: record.plan.fixId,
    title: `Undo: ${record.plan.title}`,
    run,
    // The choice is part of the plan: what is previewed again before it runs is what was chosen.
    input: { ...record.plan.input, [KEEP.input]: keep ? KEEP.keep : KEEP.attach },
    target: keep ? instanceId : (replacementId ?? instanceId),
    locks: [instanceId, group.name],
    headline: keep
      ? `Keep ${instanceId} detached (${group.name})`
      : `Attach ${instanceId} to ${group.name} again, terminate its replacement ${replacementId}`,
    promise: {
      users: wasHealthy || keep ? 'served all the time' : `served all the time; ${instanceId} only once it is healthy`,
      data: keep ? 'kept' : `what is on ${replacementId} is lost; the snapshots of ${instanceId} stay`,
      undo: keep ? 'not needed' : `until ${replacementId} is terminated`,
    },
    steps: keep
      ? [stayDetached(group, instanceId)]
      : stepsOf({ group, instanceId, replacementId: replacementId!, facts, wasHealthy, recordedMaximum }),
    choices: choiceOf(record, instanceId),
    irreversible: !keep,
    impact: { terminates: keep ? 0 : 1, removes: keep ? 0 : 1, groupName: group.name, groupSize: group.desired },
    before: {
      minSize: group.minSize,
      maxSize: group.maxSize,
      desired: group.desired,
      ...(replacementId !== undefined && { replacementId }),
    },
  };
};

/** What the undo's own steps have made of the group before this one. */
const expectedSizes = (plan: Plan, before?: FixStep): Sizes => {
  const ids = plan.steps.map(({ id }) => id);
  const done = before === undefined ? ids : ids.slice(0, ids.indexOf(before.id));
  return done.reduce(applied, plan.before as Sizes);
};

const recheck = (facts: UndoFacts, plan: Plan, before: FixStep): Refusal | undefined => {
  if (before.mode !== 'act') return undefined;
  const { group, instance } = facts;
  const { instanceId, groupName } = inputOf(plan);
  if (group === undefined) return vanished(groupName);
  const drift = changedByOthers(group, expectedSizes(plan, before));
  if (drift !== undefined) return drift;
  const isMember = memberOf(group, instanceId) !== undefined;
  if (before.id === 'raise-maximum' || before.id === 'attach') {
    if (isGone(instance))
      return refuse(`${instanceId} was terminated meanwhile.`, 'That cannot be undone; its snapshots are kept.');
    if (isMember)
      return refuse(`${instanceId} was attached to ${groupName} again meanwhile.`, 'Start the undo again from there.');
  }
  if (before.id !== 'end-replacement') return undefined;
  const replacementId = String(plan.before['replacementId']);
  const leaving = () => [replacementId];
  for (const { look } of [notLastHealthy(leaving), minimumHealthy(leaving)]) {
    const result = look(facts, undefined);
    if (result.outcome === 'refuse')
      return {
        ...result,
        toMakePossible: `Wait until ${instanceId} is healthy, or end neither: the group has one more than before.`,
      };
  }
  return undefined;
};

const verify = (facts: UndoFacts, plan: Plan): Report => {
  const { group } = facts;
  const { instanceId, groupName } = inputOf(plan);
  if (group === undefined) return { ok: false, text: vanished(groupName).because, remains: [] };
  if (plan.steps.some(({ id }) => id === 'stay'))
    return {
      ok: true,
      text: `${instanceId} stays detached and running; ${groupName} is as it is.`,
      remains: [`${instanceId}: costs as before`],
    };
  const drift = sizeDrift(group, expectedSizes(plan));
  const replacementId = String(plan.before['replacementId']);
  const back = memberOf(group, instanceId)?.lifecycleState === 'InService';
  const ended = memberOf(group, replacementId) === undefined;
  const health = serves(group, facts.targetGroups, instanceId) ? 'healthy' : 'not healthy yet';
  return {
    ok: back && ended && drift.length === 0,
    text: [
      back ? `${instanceId} is InService in ${groupName} again (${health}).` : `${instanceId} is not back in ${groupName}.`,
      ended ? `${replacementId} is gone.` : `${replacementId} is still there.`,
      drift.length === 0 ? 'The sizes are as they were.' : `Not as it was: ${drift.join(', ')}.`,
    ].join(' '),
    remains: [],
  };
};

export const undo: UndoCourse<ReturnType<typeof undoNeeds>> = { needs: undoNeeds, guards: undoGuards, preview, recheck, verify };
