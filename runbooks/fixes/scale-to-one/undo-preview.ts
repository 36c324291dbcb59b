import type { FixStep, Plan, RunContext, RunRecord } from '../../../src/runbook/define-fix.ts';
import type { Group } from '../../../src/runbook/entities.ts';
import { attachedTargetGroups } from '../../../src/runbook/membership.ts';
import { counted, listed } from '../../../src/runbook/words.ts';
import { about, healthSeconds, quickWait, slowWait } from '../shared/timing.ts';
import { minimumToRestore, parkedBy, protectionToTakeOff, silencedBy, type UndoFacts } from './undo-world.ts';
import { batches } from './world.ts';

const RETURN_DEADLINE_SECONDS = 600;

type Scene = { readonly facts: UndoFacts; readonly group: Group; readonly record: RunRecord };

/** One first; the healthy are waited for, the sick come last: nobody waits for the health of what was sick before. */
const returns = ({ facts, group, record }: Scene): readonly FixStep[] => {
  const { here, sick } = parkedBy({ group, members: facts.members }, record);
  const sound = here.filter((id) => !sick.includes(id));
  const health = healthSeconds(attachedTargetGroups(group, facts.targetGroups));
  const all = [
    ...batches(sound).map((ids) => ({ ids, healthy: true })),
    ...batches(sick).map((ids) => ({ ids, healthy: false })),
  ];
  return all.map(({ ids, healthy }, index) => ({
    id: `exit-${index + 1}`,
    title: `Return ${listed(ids)} from standby${index === 0 && here.length > 1 ? ', one first' : ''}`,
    phase: 1,
    mode: 'act',
    calls: [
      {
        api: 'autoscaling:ExitStandby',
        input: { AutoScalingGroupName: group.name, InstanceIds: [...ids] },
        on: [group.arn],
      },
    ],
    landed: { is: 'left-standby', groupName: group.name, instanceIds: ids },
    wait: slowWait({ is: 'in-service', groupName: group.name, instanceIds: ids, healthy }, RETURN_DEADLINE_SECONDS + health),
    takes: about(30 + (healthy ? health : 0)),
    undo: 'nothing',
  }));
};

/** After the return: a minimum above the current size would launch extras. */
const restoreMinimum = ({ group, record }: Scene): readonly FixStep[] => {
  const minSize = minimumToRestore(group, record);
  if (minSize === undefined) return [];
  const done = { is: 'sized', groupName: group.name, minSize } as const;
  return [
    {
      id: 'restore-minimum',
      title: `Minimum back to ${minSize}`,
      phase: 1,
      mode: 'act',
      calls: [
        {
          api: 'autoscaling:UpdateAutoScalingGroup',
          input: { AutoScalingGroupName: group.name, MinSize: minSize },
          on: [group.arn],
        },
      ],
      landed: done,
      wait: quickWait(done),
      undo: 'nothing',
    },
  ];
};

const unprotect = ({ group, record }: Scene): readonly FixStep[] => {
  const survivorId = protectionToTakeOff(group, record);
  if (survivorId === undefined) return [];
  const done = { is: 'protected', groupName: group.name, instanceId: survivorId, value: false } as const;
  return [
    {
      id: 'unprotect',
      title: `Take the scale-in protection off ${survivorId}`,
      phase: 1,
      mode: 'act',
      calls: [
        {
          api: 'autoscaling:SetInstanceProtection',
          input: { AutoScalingGroupName: group.name, InstanceIds: [survivorId], ProtectedFromScaleIn: false },
          on: [group.arn],
        },
      ],
      landed: done,
      wait: quickWait(done),
      undo: 'nothing',
    },
  ];
};

/** By name, always: without a list it would resume everything, and what others suspended too. */
const resume = ({ group, record }: Scene): readonly FixStep[] => {
  const { ours } = silencedBy(group, record);
  if (ours.length === 0) return [];
  const done = { is: 'not-suspended', groupName: group.name, processes: ours } as const;
  return [
    {
      id: 'resume',
      title: `Resume ${listed(ours)}`,
      phase: 1,
      mode: 'act',
      calls: [
        {
          api: 'autoscaling:ResumeProcesses',
          input: { AutoScalingGroupName: group.name, ScalingProcesses: [...ours] },
          on: [group.arn],
        },
      ],
      landed: done,
      wait: quickWait(done),
      undo: 'nothing',
    },
  ];
};

export const undoPreview = (facts: UndoFacts, record: RunRecord, run: RunContext): Plan => {
  const { group } = facts;
  if (group === undefined) throw new Error('An undo is planned when its guards let it pass.');
  const scene: Scene = { facts, group, record };
  const { here, gone, sick } = parkedBy({ group, members: facts.members }, record);
  const { ours } = silencedBy(group, record);
  return {
    kind: 'undo',
    fixId: record.plan.fixId,
    title: `Undo: ${record.plan.title}`,
    run,
    input: record.plan.input,
    target: group.name,
    locks: [...new Set([...record.plan.locks, ...here])].toSorted(),
    headline: `Return ${counted(here.length, 'parked instance')} to ${group.name}${gone.length === 0 ? '' : `; ${listed(gone)} cannot return`}`,
    promise: {
      users: here.length === 0 ? 'served as now' : `served by ${counted(group.desired + here.length, 'instance')} again`,
      data: 'nothing is touched',
      undo: 'scale to one again; settings are restored, members may be replaced',
    },
    steps: [returns, restoreMinimum, unprotect, resume].flatMap((steps) => steps(scene)),
    choices: [],
    irreversible: false,
    impact: { terminates: 0, removes: 0, groupName: group.name, groupSize: group.desired },
    before: {
      minSize: group.minSize,
      maxSize: group.maxSize,
      desired: group.desired,
      gone,
      sick,
      reasons: Object.fromEntries(ours.map((process) => [process, group.suspensionReasons?.[process] ?? ''])),
    },
  };
};
