import type { AutoScalingGroup, Instance as RawMember } from '@aws-sdk/client-auto-scaling';
import type { Group, GroupMember } from '../../../runbook/entities.ts';
import type { FetchFact, Look } from './look.ts';
import { present, tagsFrom, unlessEmpty } from './present.ts';
import { describeAutoScalingGroups } from './reads/autoscaling.ts';

const memberOf = (member: RawMember): GroupMember => ({
  id: member.InstanceId ?? '',
  lifecycleState: member.LifecycleState ?? '',
  healthStatus: member.HealthStatus ?? '',
  protectedFromScaleIn: member.ProtectedFromScaleIn ?? false,
  zone: member.AvailabilityZone ?? '',
  ...present({
    instanceType: member.InstanceType,
    launchTemplateVersion: member.LaunchTemplate?.Version,
    weightedCapacity: unlessEmpty(member.WeightedCapacity),
  }),
});

/** A group launches from a template of its own, or from the one in its mixed instances policy. */
export const templateOf = ({ LaunchTemplate, MixedInstancesPolicy }: AutoScalingGroup) =>
  LaunchTemplate ?? MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;

const isWeighted = ({ Instances = [], MixedInstancesPolicy }: AutoScalingGroup): boolean => {
  const overrides = MixedInstancesPolicy?.LaunchTemplate?.Overrides ?? [];
  return [...Instances, ...overrides].some(({ WeightedCapacity }) => unlessEmpty(WeightedCapacity) !== undefined);
};

const trafficOf = (group: AutoScalingGroup): readonly string[] => [
  ...(group.LoadBalancerNames ?? []),
  ...(group.TrafficSources ?? [])
    // Target groups are listed here too. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_TrafficSourceIdentifier.html
    .filter(({ Type, Identifier = '' }) => Type !== 'elbv2' && !Identifier.includes(':targetgroup/'))
    .map(({ Identifier = '' }) => Identifier)
    .filter((name) => !(group.LoadBalancerNames ?? []).includes(name)),
];

export const groupOf = (group: AutoScalingGroup): Group => {
  const template = templateOf(group);
  const suspended = group.SuspendedProcesses ?? [];
  return {
    name: group.AutoScalingGroupName ?? '',
    arn: group.AutoScalingGroupARN ?? '',
    minSize: group.MinSize ?? 0,
    maxSize: group.MaxSize ?? 0,
    desired: group.DesiredCapacity ?? 0,
    members: (group.Instances ?? []).map(memberOf),
    suspendedProcesses: suspended.map(({ ProcessName = '' }) => ProcessName),
    suspensionReasons: Object.fromEntries(
      suspended.map(({ ProcessName = '', SuspensionReason = '' }) => [ProcessName, SuspensionReason]),
    ),
    targetGroupArns: group.TargetGroupARNs ?? [],
    otherTrafficSources: trafficOf(group),
    healthCheckType: group.HealthCheckType ?? '',
    healthCheckGraceSeconds: group.HealthCheckGracePeriod ?? 0,
    newInstancesProtected: group.NewInstancesProtectedFromScaleIn ?? false,
    mixedInstances: group.MixedInstancesPolicy !== undefined,
    weighted: isWeighted(group),
    capacityRebalance: group.CapacityRebalance ?? false,
    zones: group.AvailabilityZones ?? [],
    subnetIds: (group.VPCZoneIdentifier ?? '').split(',').filter((id) => id !== ''),
    tags: tagsFrom(group.Tags),
    ...present({
      defaultWarmupSeconds: group.DefaultInstanceWarmup,
      maxInstanceLifetimeSeconds: group.MaxInstanceLifetime,
      templateVersion: template?.Version,
      templateId: template?.LaunchTemplateId,
      operator: group.Operator?.Principal,
    }),
  };
};

/** The group as AWS describes it. */
export const rawGroup = async (look: Look, name: string): Promise<AutoScalingGroup | undefined> => {
  const [found] = await look.all(describeAutoScalingGroups, { AutoScalingGroupNames: [name] });
  return found;
};

export const group: FetchFact<'group'> = async (look, { name }) => {
  const found = await rawGroup(look, name);
  return found === undefined ? undefined : groupOf(found);
};

const GROUPS_PAGE = 100;
/** All of the account's in this region: groups cannot be looked up by target group. */
export const allGroups = (look: Look): Promise<readonly AutoScalingGroup[]> =>
  look.all(describeAutoScalingGroups, { MaxRecords: GROUPS_PAGE });
