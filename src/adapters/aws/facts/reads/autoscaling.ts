import {
  DescribeAutoScalingGroupsCommand,
  type DescribeAutoScalingGroupsCommandInput,
  DescribeInstanceRefreshesCommand,
  type DescribeInstanceRefreshesCommandInput,
  DescribeLaunchConfigurationsCommand,
  type DescribeLaunchConfigurationsCommandInput,
  DescribeLifecycleHooksCommand,
  type DescribeLifecycleHooksCommandInput,
  DescribePoliciesCommand,
  type DescribePoliciesCommandInput,
  DescribeScalingActivitiesCommand,
  type DescribeScalingActivitiesCommandInput,
  DescribeScheduledActionsCommand,
  type DescribeScheduledActionsCommandInput,
} from '@aws-sdk/client-auto-scaling';
import { byNextToken, read } from './paging.ts';

export const describeAutoScalingGroups = byNextToken(
  'autoscaling:DescribeAutoScalingGroups',
  ({ autoscaling }, input: DescribeAutoScalingGroupsCommandInput, options) =>
    autoscaling.send(new DescribeAutoScalingGroupsCommand(input), options),
  ({ AutoScalingGroups }) => AutoScalingGroups,
);
export const describeLifecycleHooks = read(
  'autoscaling:DescribeLifecycleHooks',
  ({ autoscaling }, input: DescribeLifecycleHooksCommandInput, options) =>
    autoscaling.send(new DescribeLifecycleHooksCommand(input), options),
);
export const describePolicies = byNextToken(
  'autoscaling:DescribePolicies',
  ({ autoscaling }, input: DescribePoliciesCommandInput, options) =>
    autoscaling.send(new DescribePoliciesCommand(input), options),
  ({ ScalingPolicies }) => ScalingPolicies,
);
export const describeScheduledActions = byNextToken(
  'autoscaling:DescribeScheduledActions',
  ({ autoscaling }, input: DescribeScheduledActionsCommandInput, options) =>
    autoscaling.send(new DescribeScheduledActionsCommand(input), options),
  ({ ScheduledUpdateGroupActions }) => ScheduledUpdateGroupActions,
);
export const describeInstanceRefreshes = read(
  'autoscaling:DescribeInstanceRefreshes',
  ({ autoscaling }, input: DescribeInstanceRefreshesCommandInput, options) =>
    autoscaling.send(new DescribeInstanceRefreshesCommand(input), options),
);
export const describeScalingActivities = read(
  'autoscaling:DescribeScalingActivities',
  ({ autoscaling }, input: DescribeScalingActivitiesCommandInput, options) =>
    autoscaling.send(new DescribeScalingActivitiesCommand(input), options),
);
export const describeLaunchConfigurations = byNextToken(
  'autoscaling:DescribeLaunchConfigurations',
  ({ autoscaling }, input: DescribeLaunchConfigurationsCommandInput, options) =>
    autoscaling.send(new DescribeLaunchConfigurationsCommand(input), options),
  ({ LaunchConfigurations }) => LaunchConfigurations,
);
