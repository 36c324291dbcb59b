import type { Activity, ActivityStatus, Group } from '../state/group.ts';
import { uuid } from '../state/ids.ts';
import type { WorldState } from '../state/state.ts';

/** `2026-01-05T14:00:00Z`, as causes write the moment. */
export const stamp = (state: WorldState): string => `${new Date(state.now).toISOString().slice(0, 19)}Z`;

/** Enters an activity into the group's history, newest first. */
export const begin = (
  state: WorldState,
  group: Group,
  told: { description: string; cause: string; zone: string; subnetId: string; status: ActivityStatus; progress: number },
): Activity => {
  const activity: Activity = {
    id: uuid(state),
    description: told.description,
    cause: told.cause,
    startedAt: state.now,
    status: told.status,
    progress: told.progress,
    details: JSON.stringify({ 'Subnet ID': told.subnetId, 'Availability Zone': told.zone }),
  };
  group.activities.unshift(activity);
  return activity;
};

export const end = (
  state: WorldState,
  group: Group,
  activityId: string | undefined,
  status: 'Successful' | 'Failed' | 'Cancelled' = 'Successful',
  message?: string,
): void => {
  const activity = group.activities.find((one) => one.id === activityId);
  if (activity === undefined || activity.endedAt !== undefined) return;
  activity.status = status;
  activity.progress = 100;
  activity.endedAt = state.now;
  if (message !== undefined) activity.message = message;
};

export const advance = (group: Group, activityId: string | undefined, status: ActivityStatus, progress: number): void => {
  const activity = group.activities.find((one) => one.id === activityId);
  if (activity !== undefined && activity.endedAt === undefined) Object.assign(activity, { status, progress });
};
