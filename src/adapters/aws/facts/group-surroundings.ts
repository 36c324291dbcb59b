import type { Activity as RawActivity } from '@aws-sdk/client-auto-scaling';
import type { Activity, GroupSurroundings } from '../../../runbook/entities.ts';
import { rawGroup } from './group.ts';
import type { FetchFact } from './look.ts';
import { present, unlessEmpty } from './present.ts';
import {
  describeInstanceRefreshes,
  describeLifecycleHooks,
  describePolicies,
  describeScalingActivities,
  describeScheduledActions,
} from './reads/autoscaling.ts';

const ACTIVITIES_SHOWN = 50;
/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRefresh.html */
const REFRESH_OVER = new Set(['Successful', 'Failed', 'Cancelled', 'RollbackFailed', 'RollbackSuccessful']);

const activityOf = (activity: RawActivity): Activity => ({
  id: activity.ActivityId ?? '',
  status: activity.StatusCode ?? '',
  description: activity.Description ?? '',
  cause: activity.Cause ?? '',
  startedAt: activity.StartTime?.toISOString() ?? '',
  ...present({ message: unlessEmpty(activity.StatusMessage), endedAt: activity.EndTime?.toISOString() }),
});

const NOTHING: GroupSurroundings = { hooks: [], policies: [], scheduledActions: [], activeRefreshes: [], activities: [] };

export const groupSurroundings: FetchFact<'group-surroundings'> = async (look, { name }): Promise<GroupSurroundings> => {
  const group = await rawGroup(look, name);
  // AWS refuses to describe what is around a group that is not there.
  if (group === undefined) return NOTHING;
  const of = { AutoScalingGroupName: name };
  const [hooks, policies, scheduled, refreshes, activities] = await Promise.all([
    look.ask(describeLifecycleHooks, of),
    look.all(describePolicies, of),
    look.all(describeScheduledActions, of),
    look.ask(describeInstanceRefreshes, of),
    look.ask(describeScalingActivities, { ...of, MaxRecords: ACTIVITIES_SHOWN }),
  ]);
  return {
    hooks: (hooks.LifecycleHooks ?? []).map((hook) => ({
      name: hook.LifecycleHookName ?? '',
      transition: hook.LifecycleTransition ?? '',
      timeoutSeconds: hook.HeartbeatTimeout ?? 0,
      defaultResult: hook.DefaultResult ?? '',
    })),
    policies: policies.map((policy) => ({
      name: policy.PolicyName ?? '',
      type: policy.PolicyType ?? '',
      enabled: policy.Enabled ?? true,
      ...present({ predictiveMode: policy.PredictiveScalingConfiguration?.Mode }),
    })),
    scheduledActions: scheduled.map((action) => ({
      name: action.ScheduledActionName ?? '',
      ...present({
        at: action.StartTime?.toISOString(),
        recurrence: unlessEmpty(action.Recurrence),
        desired: action.DesiredCapacity,
        minSize: action.MinSize,
      }),
    })),
    ...(group.WarmPoolConfiguration && {
      warmPool: { size: group.WarmPoolSize ?? 0, ...present({ status: group.WarmPoolConfiguration.Status }) },
    }),
    activeRefreshes: (refreshes.InstanceRefreshes ?? [])
      .filter(({ Status = '' }) => !REFRESH_OVER.has(Status))
      .map(({ InstanceRefreshId = '', Status = '' }) => ({ id: InstanceRefreshId, status: Status })),
    activities: (activities.Activities ?? []).map(activityOf),
  };
};
