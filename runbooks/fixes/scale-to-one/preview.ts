import type { Choice, FixStep, Plan, RunContext } from '../../../src/runbook/define-fix.ts';
import type { Group } from '../../../src/runbook/entities.ts';
import { attachedTargetGroups, byId, inState, memberOf, serves } from '../../../src/runbook/membership.ts';
import { counted, listed } from '../../../src/runbook/words.ts';
import { about, drainSeconds, healthSeconds, quickWait, slowWait } from '../shared/timing.ts';
import { type Before, batches, type Facts, type Input, parkedOf, SILENCED, survivorOf } from './world.ts';

const SUSPEND_DEADLINE_SECONDS = 300;
const STANDBY_MARGIN_SECONDS = 180;
const EFFECT_SECONDS = 30;

type Scene = {
  readonly facts: Facts;
  readonly group: Group;
  readonly survivorId: string;
  readonly parked: readonly string[];
};

const suspend = ({ group }: Scene): readonly FixStep[] => {
  const processes = SILENCED.filter((process) => !group.suspendedProcesses.includes(process));
  if (processes.length === 0) return [];
  const silent = { is: 'suspended', groupName: group.name, processes } as const;
  return [
    {
      id: 'suspend',
      title: `Suspend ${listed(processes)}`,
      phase: 1,
      mode: 'act',
      calls: [
        {
          api: 'autoscaling:SuspendProcesses',
          input: { AutoScalingGroupName: group.name, ScalingProcesses: [...processes] },
          on: [group.arn],
        },
      ],
      landed: silent,
      wait: slowWait(silent, SUSPEND_DEADLINE_SECONDS),
      undo: { title: 'resume exactly these' },
    },
  ];
};

const protect = ({ group, survivorId }: Scene): readonly FixStep[] => {
  if (memberOf(group, survivorId)?.protectedFromScaleIn) return [];
  const done = { is: 'protected', groupName: group.name, instanceId: survivorId, value: true } as const;
  return [
    {
      id: 'protect',
      title: `Protect ${survivorId} from scale-in`,
      phase: 1,
      mode: 'act',
      calls: [
        {
          api: 'autoscaling:SetInstanceProtection',
          input: { AutoScalingGroupName: group.name, InstanceIds: [survivorId], ProtectedFromScaleIn: true },
          on: [group.arn],
        },
      ],
      landed: done,
      wait: quickWait(done),
      undo: { title: 'take the protection off' },
    },
  ];
};

const minimum = ({ group }: Scene): readonly FixStep[] => {
  if (group.minSize <= 1) return [];
  const done = { is: 'sized', groupName: group.name, minSize: 1 } as const;
  return [
    {
      id: 'minimum',
      title: `Minimum from ${group.minSize} to 1`,
      phase: 1,
      mode: 'act',
      calls: [
        {
          api: 'autoscaling:UpdateAutoScalingGroup',
          input: { AutoScalingGroupName: group.name, MinSize: 1 },
          on: [group.arn],
        },
      ],
      landed: done,
      wait: quickWait(done),
      undo: { title: `minimum back to ${group.minSize}, after the return` },
    },
  ];
};

const park = ({ facts, group, survivorId, parked }: Scene): readonly FixStep[] => {
  const draining = drainSeconds(attachedTargetGroups(group, facts.targetGroups));
  let desired = group.desired;
  return batches(parked).map((ids, index) => {
    desired -= ids.length;
    const parkedNow = { is: 'in-standby', groupName: group.name, instanceIds: ids, desired, survivorId } as const;
    return {
      id: `standby-${index + 1}`,
      title: `Park ${listed(ids)} in standby${index === 0 && parked.length > 1 ? ', one first' : ''}`,
      phase: 1,
      mode: 'act',
      calls: [
        {
          api: 'autoscaling:EnterStandby',
          input: { AutoScalingGroupName: group.name, InstanceIds: [...ids], ShouldDecrementDesiredCapacity: true },
          on: [group.arn],
        },
      ],
      landed: { is: 'entering-standby', groupName: group.name, instanceIds: ids },
      wait: slowWait(parkedNow, draining + STANDBY_MARGIN_SECONDS),
      takes: draining === 0 ? about(EFFECT_SECONDS) : `up to ${about(draining).replace('about ', '')} of draining`,
      undo: { title: 'return from standby' },
    };
  });
};

/** ReplaceUnhealthy is off: a dead survivor stays dead until somebody hears of it. */
const WATCH = { everySeconds: 60, hours: 24 } as const;

const watch = ({ facts, group, survivorId }: Scene): FixStep => ({
  id: 'verify',
  title: `Verify that ${survivorId} serves alone`,
  phase: 1,
  mode: 'wait',
  calls: [],
  wait: slowWait(
    { is: 'in-service', groupName: group.name, instanceIds: [survivorId], healthy: true },
    SUSPEND_DEADLINE_SECONDS + healthSeconds(attachedTargetGroups(group, facts.targetGroups)),
  ),
  takes: about(healthSeconds(attachedTargetGroups(group, facts.targetGroups))),
  servesUsers: true,
  undo: 'nothing',
});

/** No health and no load in the labels: they change by the minute, and a changed plan must be approved again. */
const survivorChoice = ({ facts, group, survivorId }: Scene): Choice => ({
  input: 'survivorId',
  label: 'Survivor',
  chosen: survivorId,
  options: byId(inState(group, 'InService')).map(({ id, zone, launchTemplateVersion }) => ({
    value: id,
    label: [
      `${id} (${zone}`,
      facts.members.find((one) => one.id === id)?.spot ? 'Spot' : 'On-Demand',
      ...(launchTemplateVersion === undefined ? [] : [`template ${launchTemplateVersion}`]),
    ]
      .join(', ')
      .concat(')'),
  })),
});

const beforeIn = ({ facts, group, survivorId }: Scene): Before => ({
  minSize: group.minSize,
  maxSize: group.maxSize,
  desired: group.desired,
  survivorId,
  survivorProtected: memberOf(group, survivorId)?.protectedFromScaleIn ?? false,
  memberIds: byId(group.members).map(({ id }) => id),
  sickIds: byId(inState(group, 'InService'))
    .map(({ id }) => id)
    .filter((id) => !serves(group, facts.targetGroups, id)),
  standbyIds: byId(inState(group, 'Standby')).map(({ id }) => id),
  suspended: group.suspendedProcesses.toSorted(),
});

/** Only to be called when the guards let it pass. The maximum is not touched, and desired only falls with what is parked. */
export const preview = (facts: Facts, input: Input, run: RunContext): Plan => {
  const { group } = facts;
  const survivorId = survivorOf(facts, input);
  if (group === undefined || survivorId === undefined) throw new Error('A plan is made of a group and a survivor that exist.');
  const parked = parkedOf(facts, input);
  const scene: Scene = { facts, group, survivorId, parked };
  return {
    kind: 'fix',
    fixId: 'scale-to-one',
    title: 'Scale to one',
    run,
    input: { groupName: group.name, survivorId },
    target: group.name,
    locks: [group.name, survivorId, ...parked].toSorted(),
    headline: `Scale ${group.name} to one: ${survivorId} stays, ${counted(parked.length, 'instance')} parked`,
    promise: {
      users: `served by ${survivorId} alone in ${about(EFFECT_SECONDS)}`,
      data: `nothing is lost: ${listed(parked)} stay alive in standby, and go on costing`,
      undo: 'at any time: settings are restored; members may be replaced',
    },
    steps: [...suspend(scene), ...protect(scene), ...minimum(scene), ...park(scene), watch(scene)],
    choices: [survivorChoice(scene)],
    irreversible: false,
    watch: WATCH,
    impact: { terminates: 0, removes: parked.length, groupName: group.name, groupSize: inState(group, 'InService').length },
    before: beforeIn(scene),
  };
};
