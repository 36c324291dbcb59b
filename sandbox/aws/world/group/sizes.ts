import { AwsError } from '../../operation.ts';
import type { Group } from '../state/group.ts';
import type { WorldState } from '../state/state.ts';
import { stamp } from './activities.ts';

export type Sizes = {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly desired?: number | undefined;
};

/**
 * What UpdateAutoScalingGroup makes of new bounds: a minimum above the current size, or a maximum below it, moves the
 * desired capacity along; an explicit desired capacity must fit.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html
 */
export const resize = (state: WorldState, group: Group, sizes: Sizes, who = 'a user request'): void => {
  const min = sizes.min ?? group.min;
  const max = sizes.max ?? group.max;
  if (min < 0) throw new AwsError('ValidationError', 'Min bound must be a non-negative number');
  if (max < min) throw new AwsError('ValidationError', `Max bound, ${max}, must be greater than or equal to min bound, ${min}`);
  const desired = sizes.desired ?? Math.min(max, Math.max(min, group.desired));
  if (desired < min || desired > max)
    throw new AwsError(
      'ValidationError',
      `Desired capacity:${desired} must be between the specified min size:${min} and max size:${max}`,
    );
  if (desired !== group.desired)
    group.lastCause = `At ${stamp(state)} ${who} update of AutoScalingGroup constraints to min: ${min}, max: ${max}, desired: ${desired} changing the desired capacity from ${group.desired} to ${desired}.`;
  Object.assign(group, { min, max, desired });
};

/** SetDesiredCapacity's own words for a value out of bounds. */
export const setDesired = (state: WorldState, group: Group, desired: number, cause?: string): void => {
  const says = `New SetDesiredCapacity value ${desired} is`;
  if (desired < group.min)
    throw new AwsError('ValidationError', `${says} below min value ${group.min} for the AutoScalingGroup.`);
  if (desired > group.max)
    throw new AwsError('ValidationError', `${says} above max value ${group.max} for the AutoScalingGroup.`);
  if (desired === group.desired) return;
  group.lastCause =
    cause ??
    `At ${stamp(state)} a user request explicitly set group desired capacity changing the desired capacity from ${group.desired} to ${desired}.`;
  group.desired = desired;
};

/** A scheduled action's moment; nothing happens while ScheduledActions is suspended, and it is not made up for later. */
export const runScheduledAction = (state: WorldState, group: Group, name: string): void => {
  const action = group.scheduled.find((one) => one.name === name);
  group.scheduled = group.scheduled.filter((one) => one !== action);
  if (action === undefined || group.suspended.some((one) => one.name === 'ScheduledActions')) return;
  resize(state, group, action, 'a scheduled action');
};

/** An alarm of a scaling policy goes off. */
export const runPolicy = (state: WorldState, group: Group, name: string): void => {
  const policy = group.policies.find((one) => one.name === name);
  if (policy === undefined) throw new Error(`Group ${group.name} has no scaling policy ${name}.`);
  if (!policy.enabled || group.suspended.some((one) => one.name === 'AlarmNotification')) return;
  const desired = Math.min(group.max, Math.max(group.min, group.desired + policy.adjustment));
  setDesired(
    state,
    group,
    desired,
    `At ${stamp(state)} a monitor alarm ${policy.alarms[0] ?? name} in state ALARM triggered policy ${name} changing the desired capacity from ${group.desired} to ${desired}.`,
  );
};
