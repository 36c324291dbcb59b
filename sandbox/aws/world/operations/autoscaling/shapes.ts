import type * as Sdk from '@aws-sdk/client-auto-scaling';
import { zonesOf } from '../../group/decide.ts';
import type { Instance } from '../../state/compute.ts';
import type { Activity, Group, InstanceRefresh, Member, ScalingPolicy } from '../../state/group.ts';
import type { WorldState } from '../../state/state.ts';

const templateShape = (launchTemplate: {
  readonly id: string;
  readonly name: string;
  readonly version: number | string;
}): Sdk.LaunchTemplateSpecification => ({
  LaunchTemplateId: launchTemplate.id,
  LaunchTemplateName: launchTemplate.name,
  Version: String(launchTemplate.version),
});

const instanceFacts = (instance: Instance | undefined): Pick<Sdk.Instance, 'InstanceType' | 'ImageId' | 'LaunchTemplate'> => ({
  ...(instance && { InstanceType: instance.type, ImageId: instance.imageId }),
  ...(instance?.launchTemplate && { LaunchTemplate: templateShape(instance.launchTemplate) }),
});

export const memberShape = (state: WorldState, member: Member): Sdk.Instance => ({
  InstanceId: member.instanceId,
  ...instanceFacts(state.instances.find((one) => one.id === member.instanceId)),
  AvailabilityZone: member.zone,
  LifecycleState: member.state as Sdk.LifecycleState,
  HealthStatus: member.health,
  ProtectedFromScaleIn: member.protectedFromScaleIn,
  ...(member.weighted && { WeightedCapacity: String(member.weight) }),
});

/** A warm pool's instances are none of the group's capacity. https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-warm-pools.html */
export const warmShape = (state: WorldState, group: Group, instanceId: string): Sdk.Instance => {
  const instance = state.instances.find((one) => one.id === instanceId);
  const pool = group.warmPool?.state ?? 'Stopped';
  return {
    InstanceId: instanceId,
    ...instanceFacts(instance),
    AvailabilityZone: instance?.zone,
    LifecycleState: `Warmed:${pool}`,
    HealthStatus: 'Healthy',
    ProtectedFromScaleIn: false,
  };
};

export const warmPoolShape = (group: Group): Sdk.WarmPoolConfiguration | undefined =>
  group.warmPool && {
    MinSize: group.warmPool.min,
    PoolState: group.warmPool.state,
    ...(group.warmPool.maxPrepared !== undefined && { MaxGroupPreparedCapacity: group.warmPool.maxPrepared }),
  };

export const tagShapes = (group: Group): Sdk.TagDescription[] =>
  group.tags.map(({ key, value, atLaunch }) => ({
    ResourceId: group.name,
    ResourceType: 'auto-scaling-group',
    Key: key,
    Value: value,
    PropagateAtLaunch: atLaunch,
  }));

const mixedShape = (group: Group): Sdk.MixedInstancesPolicy | undefined =>
  group.mixed && {
    LaunchTemplate: {
      LaunchTemplateSpecification: templateShape(group.launchTemplate),
      Overrides: group.mixed.overrides.map(({ type, weight }) => ({
        InstanceType: type,
        ...(weight !== undefined && { WeightedCapacity: String(weight) }),
      })),
    },
    InstancesDistribution: {
      OnDemandAllocationStrategy: 'prioritized',
      OnDemandBaseCapacity: group.mixed.onDemandBase,
      OnDemandPercentageAboveBaseCapacity: group.mixed.onDemandPercentAboveBase,
      SpotAllocationStrategy: 'price-capacity-optimized',
    },
  };

const optionalParts = (group: Group): Partial<Sdk.AutoScalingGroup> => {
  const warm = warmPoolShape(group);
  const mixed = mixedShape(group);
  return {
    ...(mixed === undefined ? { LaunchTemplate: templateShape(group.launchTemplate) } : { MixedInstancesPolicy: mixed }),
    ...(warm && { WarmPoolConfiguration: warm, WarmPoolSize: group.warmPool?.instanceIds.length ?? 0 }),
    ...(group.maxLifetimeSeconds !== undefined && { MaxInstanceLifetime: group.maxLifetimeSeconds }),
    ...(group.warmupSeconds !== undefined && { DefaultInstanceWarmup: group.warmupSeconds }),
    ...(group.operator !== undefined && { Operator: { Principal: group.operator } }),
  };
};

export const groupShape = (state: WorldState, group: Group, includeInstances: boolean): Sdk.AutoScalingGroup => ({
  AutoScalingGroupName: group.name,
  AutoScalingGroupARN: group.arn,
  MinSize: group.min,
  MaxSize: group.max,
  DesiredCapacity: group.desired,
  DefaultCooldown: group.cooldownSeconds,
  AvailabilityZones: zonesOf(state, group),
  LoadBalancerNames: [],
  TargetGroupARNs: [...group.targetGroupArns],
  TrafficSources: group.targetGroupArns.map((arn) => ({ Identifier: arn, Type: 'elbv2' })),
  HealthCheckType: group.healthCheckType,
  HealthCheckGracePeriod: group.graceSeconds,
  Instances: includeInstances ? group.members.map((member) => memberShape(state, member)) : [],
  CreatedTime: new Date(group.createdAt),
  SuspendedProcesses: group.suspended.map(({ name, reason }) => ({ ProcessName: name, SuspensionReason: reason })),
  VPCZoneIdentifier: group.subnetIds.join(','),
  EnabledMetrics: [],
  Tags: tagShapes(group),
  TerminationPolicies: ['Default'],
  NewInstancesProtectedFromScaleIn: group.newInstancesProtected,
  ServiceLinkedRoleARN: `arn:aws:iam::${state.accountId}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
  CapacityRebalance: group.capacityRebalance,
  ...optionalParts(group),
});

export const detailsShape = (state: WorldState, group: Group, member: Member): Sdk.AutoScalingInstanceDetails => ({
  ...memberShape(state, member),
  InstanceId: member.instanceId,
  AutoScalingGroupName: group.name,
  AvailabilityZone: member.zone,
  LifecycleState: member.state,
  // This operation writes health in capitals, DescribeAutoScalingGroups does not.
  HealthStatus: member.health.toUpperCase(),
  ProtectedFromScaleIn: member.protectedFromScaleIn,
});

export const activityShape = (group: Group, activity: Activity): Sdk.Activity => ({
  ActivityId: activity.id,
  AutoScalingGroupName: group.name,
  AutoScalingGroupARN: group.arn,
  Description: activity.description,
  Cause: activity.cause,
  StartTime: new Date(activity.startedAt),
  ...(activity.endedAt !== undefined && { EndTime: new Date(activity.endedAt) }),
  StatusCode: activity.status,
  ...(activity.message !== undefined && { StatusMessage: activity.message }),
  Progress: activity.progress,
  Details: activity.details,
});

export const policyShape = (group: Group, policy: ScalingPolicy): Sdk.ScalingPolicy => ({
  AutoScalingGroupName: group.name,
  PolicyName: policy.name,
  PolicyARN: policy.arn,
  PolicyType: policy.type,
  Enabled: policy.enabled,
  Alarms: policy.alarms.map((alarm) => ({ AlarmName: alarm })),
  ...(policy.type === 'SimpleScaling' && {
    AdjustmentType: 'ChangeInCapacity',
    ScalingAdjustment: policy.adjustment,
    Cooldown: policy.cooldownSeconds,
  }),
  ...(policy.type === 'TargetTrackingScaling' && {
    TargetTrackingConfiguration: {
      PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
      TargetValue: 50,
      DisableScaleIn: false,
    },
  }),
  ...(policy.predictiveMode !== undefined && {
    PredictiveScalingConfiguration: {
      MetricSpecifications: [
        { TargetValue: 50, PredefinedMetricPairSpecification: { PredefinedMetricType: 'ASGCPUUtilization' } },
      ],
      Mode: policy.predictiveMode,
    },
  }),
});

export const refreshShape = (group: Group, refresh: InstanceRefresh): Sdk.InstanceRefresh => ({
  InstanceRefreshId: refresh.id,
  AutoScalingGroupName: group.name,
  Status: refresh.status,
  StartTime: new Date(refresh.startedAt),
  ...(refresh.endedAt !== undefined && { EndTime: new Date(refresh.endedAt) }),
  PercentageComplete: refresh.total === 0 ? 100 : Math.floor(((refresh.total - refresh.remaining.length) / refresh.total) * 100),
  InstancesToUpdate: refresh.remaining.length,
});
