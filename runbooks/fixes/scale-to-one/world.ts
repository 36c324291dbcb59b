import { z } from 'zod';
import type { FixStep, Plan, RunRecord } from '../../../src/runbook/define-fix.ts';
import type { Group, GroupMember } from '../../../src/runbook/entities.ts';
import { type Answers, fact, maybe } from '../../../src/runbook/facts.ts';
import { byId, inState, serves } from '../../../src/runbook/membership.ts';

/** Without a survivor the best one is chosen; the plan says which. */
export const input = z.strictObject({
  groupName: z.string().min(1),
  survivorId: z
    .string()
    .regex(/^(i-[0-9a-z]+)?$/)
    .default(''),
});
export type Input = z.output<typeof input>;

export const needs = ({ groupName }: Input) => ({
  group: fact('group', { name: groupName }),
  surroundings: fact('group-surroundings', { name: groupName }),
  launch: fact('launch-source', { groupName }),
  members: fact('instances-of-group', { name: groupName }),
  targetGroups: fact('target-groups-around', { groupName }),
  loads: maybe(fact('load-of-group', { name: groupName })),
});
export type Facts = Answers<ReturnType<typeof needs>>;

/**
 * What would scale it back. Never Launch: an instance that returns from standby needs it.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
 */
export const SILENCED = ['AlarmNotification', 'AZRebalance', 'InstanceRefresh', 'ReplaceUnhealthy', 'ScheduledActions'] as const;
/** Below the 20 that one call takes: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_EnterStandby.html */
export const BATCH_MAX_INSTANCES = 19;

type Ranked = readonly [serves: number, onDemand: number, current: number];
const better = (a: Ranked, b: Ranked): number => b[0] - a[0] || b[1] - a[1] || b[2] - a[2];

/** Serving before anything else, then On-Demand (Spot may be taken any minute), then what the group launches now. */
export const survivorOf = (facts: Facts, { survivorId }: Input): string | undefined => {
  const { group, members, launch, targetGroups } = facts;
  if (survivorId !== '' || group === undefined) return survivorId === '' ? undefined : survivorId;
  const rank = ({ id, launchTemplateVersion }: GroupMember): Ranked => [
    Number(serves(group, targetGroups, id)),
    Number(members.find((one) => one.id === id)?.spot === false),
    Number(launchTemplateVersion !== undefined && launchTemplateVersion === launch.version),
  ];
  return byId(inState(group, 'InService')).toSorted((a, b) => better(rank(a), rank(b)))[0]?.id;
};

/** Who goes to standby, the sick first: taking them out costs no capacity. */
export const parkedOf = (facts: Facts, input: Input): readonly string[] => {
  const { group, targetGroups } = facts;
  const survivorId = survivorOf(facts, input);
  if (group === undefined || survivorId === undefined) return [];
  const ids = byId(inState(group, 'InService'))
    .map(({ id }) => id)
    .filter((id) => id !== survivorId);
  const isServing = (id: string) => serves(group, targetGroups, id);
  return [...ids.filter((id) => !isServing(id)), ...ids.filter(isServing)];
};

/** One first, so that a mistake costs one; the rest in batches. */
export const batches = (ids: readonly string[]): readonly (readonly string[])[] => {
  const rest = ids.slice(1);
  const count = Math.ceil(rest.length / BATCH_MAX_INSTANCES);
  return [
    ...(ids.length > 0 ? [ids.slice(0, 1)] : []),
    ...Array.from({ length: count }, (_, index) => rest.slice(index * BATCH_MAX_INSTANCES, (index + 1) * BATCH_MAX_INSTANCES)),
  ];
};

const before = z.object({
  minSize: z.number(),
  maxSize: z.number(),
  desired: z.number(),
  survivorId: z.string(),
  survivorProtected: z.boolean(),
  memberIds: z.array(z.string()),
  /** Members that did not serve when the plan was made. */
  sickIds: z.array(z.string()),
  /** In standby, and suspended, before the run: not ours. */
  standbyIds: z.array(z.string()),
  suspended: z.array(z.string()),
});
export type Before = z.output<typeof before>;
export const beforeOf = ({ before: recorded }: Plan): Before => before.parse(recorded);
export const inputOf = ({ input: recorded }: Plan): Input => input.parse(recorded);

/** Instances that a step moves into or out of standby. */
export const movedBy = ({ calls }: FixStep): readonly string[] =>
  calls.flatMap((call) =>
    call.api === 'autoscaling:EnterStandby' || call.api === 'autoscaling:ExitStandby' ? (call.input.InstanceIds ?? []) : [],
  );
export const suspendedBy = ({ calls }: FixStep): readonly string[] =>
  calls.flatMap((call) => (call.api === 'autoscaling:SuspendProcesses' ? (call.input.ScalingProcesses ?? []) : []));

/** Steps that ran or may have run, as the plan has them. */
export const stepsRun = ({ plan, steps }: RunRecord): readonly FixStep[] =>
  plan.steps.filter(({ id }) => steps[id] !== undefined && steps[id].status !== 'skipped');
export const stepsBefore = (plan: Plan, step: FixStep): readonly FixStep[] =>
  plan.steps.slice(
    0,
    plan.steps.findIndex(({ id }) => id === step.id),
  );

export const stateOf = (group: Group, id: string): string =>
  group.members.find((one) => one.id === id)?.lifecycleState ?? 'no member any more';
