import { targetGroupOf } from '../state/find.ts';
import type { Group, Member } from '../state/group.ts';
import type { WorldState } from '../state/state.ts';
import { capacityOf, counts, isSuspended } from './members.ts';

/** What a group would do if it looked at itself now. */
export type Intent =
  | { readonly kind: 'mark'; readonly member: Member; readonly sickness: string }
  | { readonly kind: 'replace'; readonly member: Member; readonly why: string }
  | { readonly kind: 'launch'; readonly rebalancing: boolean }
  | { readonly kind: 'shrink'; readonly victim: Member }
  | { readonly kind: 'cannot-shrink' }
  | { readonly kind: 'refresh-next'; readonly member: Member }
  | { readonly kind: 'refresh-done' };

export const ALL_PROTECTED = 'Could not scale to desired capacity because all remaining instances are protected from scale-in.';

const SECOND_MS = 1_000;

/** The health checks of a group, in the words of an activity's cause. https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html */
export const sicknessOf = (state: WorldState, group: Group, member: Member): string | undefined => {
  const instance = state.instances.find((one) => one.id === member.instanceId);
  if (instance === undefined || (instance.state !== 'running' && instance.state !== 'pending'))
    return 'EC2 health check indicating it has been terminated or stopped';
  if (member.state !== 'InService' || state.now < (member.inServiceAt ?? 0) + group.graceSeconds * SECOND_MS) return undefined;
  if (instance.systemStatus === 'impaired' || instance.instanceStatus === 'impaired') return 'EC2 instance status checks failure';
  if (group.healthCheckType !== 'ELB') return undefined;
  const sick = group.targetGroupArns.some((arn) =>
    targetGroupOf(state, arn).targets.some((target) => target.id === member.instanceId && target.state === 'unhealthy'),
  );
  return sick ? 'ELB system health check failure' : undefined;
};

const marks = (state: WorldState, group: Group): Intent[] => {
  if (isSuspended(group, 'HealthCheck')) return [];
  return group.members
    .filter((member) => counts(member) && member.health === 'Healthy')
    .flatMap((member) => {
      const sickness = sicknessOf(state, group, member);
      return sickness === undefined ? [] : [{ kind: 'mark', member, sickness } as const];
    });
};

/** With Terminate suspended nothing is replaced; with Launch suspended the sick are ended all the same. */
const replacements = (state: WorldState, group: Group): Intent[] => {
  if (isSuspended(group, 'Terminate')) return [];
  const sick = isSuspended(group, 'ReplaceUnhealthy')
    ? []
    : group.members.filter((member) => counts(member) && member.health === 'Unhealthy');
  const lifetimeMs = (group.maxLifetimeSeconds ?? 0) * SECOND_MS;
  const old =
    lifetimeMs === 0 || isSuspended(group, 'Launch')
      ? []
      : group.members.filter(
          (member) =>
            member.state === 'InService' && state.now >= (member.inServiceAt ?? state.now) + lifetimeMs && !sick.includes(member),
        );
  return [
    ...sick.map((member): Intent => ({ kind: 'replace', member, why: member.sickness ?? 'unhealthy instance' })),
    ...old
      .slice(0, 1)
      .map((member): Intent => ({ kind: 'replace', member, why: 'instance that has reached its maximum lifetime' })),
  ];
};

export const zonesOf = (state: WorldState, group: Group): string[] => [
  ...new Set(
    group.subnetIds.flatMap((id) => state.subnets.filter((one) => one.SubnetId === id).map((one) => one.AvailabilityZone)),
  ),
];

export const membersIn = (group: Group, zone: string): number =>
  group.members.filter((member) => counts(member) && member.zone === zone).length;

/** The default policy: the fullest zone, there the oldest template version, there the oldest instance; never a protected one. https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html */
export const victimOf = (state: WorldState, group: Group): Member | undefined => {
  const rank = (member: Member): readonly number[] => {
    const instance = state.instances.find((one) => one.id === member.instanceId);
    const settled = member.state === 'InService' ? 1 : 0;
    return [
      member.health === 'Unhealthy' ? 0 : 1,
      -membersIn(group, member.zone),
      settled,
      instance?.launchTemplate?.version ?? 0,
      instance?.launchedAt ?? 0,
    ];
  };
  const compare = (a: Member, b: Member): number => {
    const [x, y] = [rank(a), rank(b)];
    const at = x.findIndex((value, index) => value !== y[index]);
    return at < 0 ? 0 : x[at]! - y[at]!;
  };
  return group.members.filter((member) => counts(member) && !member.protectedFromScaleIn).sort(compare)[0];
};

const shrinking = (state: WorldState, group: Group): Intent[] => {
  if (isSuspended(group, 'Terminate') || group.members.some((member) => member.rebalancing)) return [];
  const victim = victimOf(state, group);
  if (victim === undefined) return group.activities[0]?.description === ALL_PROTECTED ? [] : [{ kind: 'cannot-shrink' }];
  return capacityOf(group) - victim.weight < group.desired ? [] : [{ kind: 'shrink', victim }];
};

const growing = (state: WorldState, group: Group, missing: number): Intent[] => {
  if (isSuspended(group, 'Launch') || state.now < (group.retryLaunchAt ?? 0)) return [];
  return Array.from({ length: Math.ceil(missing) }, () => ({ kind: 'launch', rebalancing: false }) as const);
};

const isStable = (group: Group): boolean =>
  group.members.every((member) => member.state === 'InService' || member.state === 'Standby');

const balancing = (state: WorldState, group: Group): Intent[] => {
  if (isSuspended(group, 'AZRebalance') || isSuspended(group, 'Launch') || !isStable(group)) return [];
  if (state.now < (group.retryLaunchAt ?? 0)) return [];
  const sizes = zonesOf(state, group).map((zone) => membersIn(group, zone));
  return Math.max(...sizes) - Math.min(...sizes) >= 2 ? [{ kind: 'launch', rebalancing: true }] : [];
};

const refreshing = (state: WorldState, group: Group): Intent[] => {
  const refresh = group.refreshes.find((one) => one.status === 'Pending' || one.status === 'InProgress');
  if (refresh === undefined || !isStable(group)) return [];
  if (isSuspended(group, 'InstanceRefresh') || isSuspended(group, 'Launch') || isSuspended(group, 'Terminate')) return [];
  const healthy = group.targetGroupArns.every((arn) =>
    targetGroupOf(state, arn).targets.every((target) => target.state === 'healthy' || refresh.remaining.includes(target.id)),
  );
  if (!healthy) return [];
  const next = group.members.find((member) => member.state === 'InService' && refresh.remaining.includes(member.instanceId));
  return [next === undefined ? { kind: 'refresh-done' } : { kind: 'refresh-next', member: next }];
};

/** Pure: it changes nothing, so that asking whether a group is at rest costs nothing. */
export const decide = (state: WorldState, group: Group): readonly Intent[] => {
  const sick = [...marks(state, group), ...replacements(state, group)];
  if (sick.length > 0) return sick;
  const capacity = capacityOf(group);
  if (capacity < group.desired) return growing(state, group, group.desired - capacity);
  if (capacity > group.desired) return shrinking(state, group);
  const balance = balancing(state, group);
  return balance.length > 0 ? balance : refreshing(state, group);
};
