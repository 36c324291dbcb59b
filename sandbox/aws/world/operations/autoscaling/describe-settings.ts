import type * as Sdk from '@aws-sdk/client-auto-scaling';
import type { ServiceOperations } from '../../../operation.ts';
import { targetGroupOf } from '../../state/find.ts';
import type { Group, LifecycleHook, ScheduledAction } from '../../state/group.ts';
import type { WorldState } from '../../state/state.ts';
import { onAnything } from '../authorize.ts';
import { type Answers, groupNamed, invalid, page } from './requests.ts';
import { policyShape, refreshShape, tagShapes, warmPoolShape, warmShape } from './shapes.ts';

const LARGE_PAGE = { usual: 100, max: 100 };

/** Each of them is told a group, and some may be told none: then it is every group's. */
const groupsFor = (state: WorldState, name: string | undefined): readonly Group[] =>
  name === undefined ? state.groups : [groupNamed(state, name)];

const describePolicies = (state: WorldState): Answers<Sdk.DescribePoliciesCommandInput, Sdk.DescribePoliciesCommandOutput> => ({
  authorize: () => onAnything('autoscaling:DescribePolicies'),
  run: (input) => {
    const { AutoScalingGroupName: name, PolicyNames: names = [], PolicyTypes: types = [] } = input;
    const found = groupsFor(state, name)
      .flatMap((group) => group.policies.map((policy) => ({ group, policy })))
      .filter(
        ({ policy }) =>
          (names.length === 0 || names.includes(policy.name)) && (types.length === 0 || types.includes(policy.type)),
      );
    const { items, ...next } = page(found, input);
    return { ScalingPolicies: items.map(({ group, policy }) => policyShape(group, policy)), ...next };
  },
});

const scheduledShape = (group: Group, action: ScheduledAction): Sdk.ScheduledUpdateGroupAction => ({
  AutoScalingGroupName: group.name,
  ScheduledActionName: action.name,
  ScheduledActionARN: action.arn,
  StartTime: new Date(action.at),
  Time: new Date(action.at),
  ...(action.min !== undefined && { MinSize: action.min }),
  ...(action.max !== undefined && { MaxSize: action.max }),
  ...(action.desired !== undefined && { DesiredCapacity: action.desired }),
});

const describeScheduled = (
  state: WorldState,
): Answers<Sdk.DescribeScheduledActionsCommandInput, Sdk.DescribeScheduledActionsCommandOutput> => ({
  authorize: () => onAnything('autoscaling:DescribeScheduledActions'),
  run: (input) => {
    const { AutoScalingGroupName: name, ScheduledActionNames: names = [], StartTime, EndTime } = input;
    const found = groupsFor(state, name)
      .flatMap((group) => group.scheduled.map((action) => ({ group, action })))
      .filter(({ action }) => names.length === 0 || names.includes(action.name))
      // The window is ignored when names are given, as the reference says.
      .filter(
        ({ action: { at } }) => names.length > 0 || (at >= (StartTime?.getTime() ?? at) && at <= (EndTime?.getTime() ?? at)),
      );
    const { items, ...next } = page(found, input);
    return { ScheduledUpdateGroupActions: items.map(({ group, action }) => scheduledShape(group, action)), ...next };
  },
});

const hookShape = (group: Group, hook: LifecycleHook): Sdk.LifecycleHook => ({
  LifecycleHookName: hook.name,
  AutoScalingGroupName: group.name,
  LifecycleTransition: hook.transition,
  HeartbeatTimeout: hook.heartbeatSeconds,
  // The least of 48 hours and a hundred heartbeats. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LifecycleHook.html
  GlobalTimeout: Math.min(48 * 3_600, 100 * hook.heartbeatSeconds),
  DefaultResult: hook.defaultResult,
  ...(hook.notificationArn !== undefined && { NotificationTargetARN: hook.notificationArn }),
});

const describeHooks = (
  state: WorldState,
): Answers<Sdk.DescribeLifecycleHooksCommandInput, Sdk.DescribeLifecycleHooksCommandOutput> => ({
  authorize: () => onAnything('autoscaling:DescribeLifecycleHooks'),
  run: ({ AutoScalingGroupName, LifecycleHookNames: names = [] }) => {
    const group = groupNamed(state, AutoScalingGroupName);
    return {
      LifecycleHooks: group.hooks
        .filter(({ name }) => names.length === 0 || names.includes(name))
        .map((hook) => hookShape(group, hook)),
    };
  },
});

const describeWarmPool = (state: WorldState): Answers<Sdk.DescribeWarmPoolCommandInput, Sdk.DescribeWarmPoolCommandOutput> => ({
  authorize: () => onAnything('autoscaling:DescribeWarmPool'),
  run: (input) => {
    const group = groupNamed(state, input.AutoScalingGroupName);
    const configuration = warmPoolShape(group);
    const { items, ...next } = page(group.warmPool?.instanceIds ?? [], input, { usual: 50, max: 50 });
    return {
      ...(configuration && { WarmPoolConfiguration: configuration }),
      Instances: items.map((id) => warmShape(state, group, id)),
      ...next,
    };
  },
});

const describeRefreshes = (
  state: WorldState,
): Answers<Sdk.DescribeInstanceRefreshesCommandInput, Sdk.DescribeInstanceRefreshesCommandOutput> => ({
  authorize: () => onAnything('autoscaling:DescribeInstanceRefreshes'),
  run: (input) => {
    const group = groupNamed(state, input.AutoScalingGroupName);
    const ids = input.InstanceRefreshIds ?? [];
    const found = group.refreshes
      .filter(({ id }) => ids.length === 0 || ids.includes(id))
      .sort((a, b) => b.startedAt - a.startedAt);
    const { items, ...next } = page(found, input);
    return { InstanceRefreshes: items.map((refresh) => refreshShape(group, refresh)), ...next };
  },
});

/** `InService` once a target of the group is healthy there, when its health counts; `Added` when all are registered, else `Adding`. */
const trafficState = (state: WorldState, group: Group, arn: string): 'Adding' | 'Added' | 'InService' => {
  const { targets } = targetGroupOf(state, arn);
  const members = group.members.filter((member) => member.state === 'InService');
  const mine = targets.filter((target) => members.some((member) => member.instanceId === target.id));
  if (group.healthCheckType === 'ELB' && mine.some((target) => target.state === 'healthy')) return 'InService';
  return members.every((member) => mine.some((target) => target.id === member.instanceId)) ? 'Added' : 'Adding';
};

const describeTargetGroups = (
  state: WorldState,
): Answers<Sdk.DescribeLoadBalancerTargetGroupsCommandInput, Sdk.DescribeLoadBalancerTargetGroupsCommandOutput> => ({
  authorize: () => onAnything('autoscaling:DescribeLoadBalancerTargetGroups'),
  run: (input) => {
    const group = groupNamed(state, input.AutoScalingGroupName);
    const { items, ...next } = page(group.targetGroupArns, input, LARGE_PAGE);
    const shapes = items.map((arn) => ({ LoadBalancerTargetGroupARN: arn, State: trafficState(state, group, arn) }));
    return { LoadBalancerTargetGroups: shapes, ...next };
  },
});

const describeTrafficSources = (
  state: WorldState,
): Answers<Sdk.DescribeTrafficSourcesCommandInput, Sdk.DescribeTrafficSourcesCommandOutput> => ({
  authorize: () => onAnything('autoscaling:DescribeTrafficSources'),
  run: (input) => {
    const group = groupNamed(state, input.AutoScalingGroupName);
    const { TrafficSourceType: type } = input;
    const arns = type === undefined || type === 'elbv2' ? group.targetGroupArns : [];
    const { items, ...next } = page(arns, input, { usual: 50, max: 50 });
    return {
      TrafficSources: items.map((arn) => ({ Identifier: arn, Type: 'elbv2', State: trafficState(state, group, arn) })),
      ...next,
    };
  },
});

const tagPasses = (tag: Sdk.TagDescription, { Name = '', Values = [] }: Sdk.Filter): boolean => {
  if (Name === 'auto-scaling-group') return Values.includes(tag.ResourceId ?? '');
  if (Name === 'key') return Values.includes(tag.Key ?? '');
  if (Name === 'value') return Values.includes(tag.Value ?? '');
  if (Name === 'propagate-at-launch') return Values.includes(String(tag.PropagateAtLaunch));
  throw invalid(`Filter type ${Name} is not correct. Allowed Filter types are: auto-scaling-group key value propagate-at-launch`);
};

const describeTags = (state: WorldState): Answers<Sdk.DescribeTagsCommandInput, Sdk.DescribeTagsCommandOutput> => ({
  authorize: () => onAnything('autoscaling:DescribeTags'),
  run: (input) => {
    const found = state.groups
      .flatMap(tagShapes)
      .filter((tag) => (input.Filters ?? []).every((filter) => tagPasses(tag, filter)));
    const { items, ...next } = page(found, input);
    return { Tags: items, ...next };
  },
});

export const describeSettingsOperations = (state: WorldState): ServiceOperations => ({
  DescribePolicies: describePolicies(state),
  DescribeScheduledActions: describeScheduled(state),
  DescribeLifecycleHooks: describeHooks(state),
  DescribeWarmPool: describeWarmPool(state),
  DescribeInstanceRefreshes: describeRefreshes(state),
  DescribeLoadBalancerTargetGroups: describeTargetGroups(state),
  DescribeTrafficSources: describeTrafficSources(state),
  DescribeTags: describeTags(state),
});
