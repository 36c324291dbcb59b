import { type Authorization, AwsError, type Operation } from '../../../operation.ts';
import { tagsOf } from '../../state/find.ts';
import type { Group } from '../../state/group.ts';
import type { WorldState } from '../../state/state.ts';
import { on, pageOf, tagKeys } from '../authorize.ts';

/** An operation without what only the SDK adds to its output. */
export type Answers<I, O> = Operation<I, Omit<O, '$metadata'>>;

export const invalid = (message: string): AwsError => new AwsError('ValidationError', message);

export const groupNamed = (state: WorldState, name: string | undefined): Group => {
  if (name === undefined || name === '') throw invalid('AutoScalingGroupName must not be empty.');
  const group = state.groups.find((one) => one.name === name);
  if (group === undefined) throw invalid(`AutoScalingGroup name not found - AutoScalingGroup ${name} not found`);
  return group;
};

/**
 * The group about to be changed. Two writers at once meet `ResourceContention`: here, as often as the world was told.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/CommonErrors.html
 */
export const groupToChange = (state: WorldState, name: string | undefined): Group => {
  const group = groupNamed(state, name);
  if (group.contended > 0) {
    group.contended -= 1;
    throw new AwsError('ResourceContention', `You already have a pending update to the AutoScalingGroup ${group.name}.`, 500);
  }
  return group;
};

/** A group that is not there has no id, and no tags. https://docs.aws.amazon.com/autoscaling/ec2/userguide/control-access-using-iam.html */
export const onGroup = (
  state: WorldState,
  action: string,
  name: string | undefined,
  extra: Authorization['context'] = {},
): readonly Authorization[] => {
  const group = state.groups.find((one) => one.name === name);
  const nowhere = `arn:aws:autoscaling:${state.region}:${state.accountId}:autoScalingGroup:*:autoScalingGroupName/${name ?? ''}`;
  const tags = Object.fromEntries((group?.tags ?? []).map(({ key, value }) => [key, value]));
  return [on(`autoscaling:${action}`, group?.arn ?? nowhere, tagKeys('autoscaling', tags), extra)];
};

/** The group an instance is in, for the one operation that is told only the instance. */
export const groupNameWith = (state: WorldState, instanceId: string | undefined): string | undefined =>
  tagsOf(state, instanceId ?? '')['aws:autoscaling:groupName'];

export const page = <T>(
  all: readonly T[],
  { NextToken, MaxRecords }: { readonly NextToken?: string | undefined; readonly MaxRecords?: number | undefined },
  limits: { readonly usual: number; readonly max: number } = { usual: 50, max: 100 },
): { readonly items: T[]; readonly NextToken?: string } => {
  const size = MaxRecords ?? limits.usual;
  if (size < 1 || size > limits.max)
    throw invalid(
      `1 validation error detected: Value '${size}' at 'maxRecords' failed to satisfy constraint: Member must be between 1 and ${limits.max}`,
    );
  const { items, next } = pageOf(all, NextToken, size);
  return { items: [...items], ...(next !== undefined && { NextToken: next }) };
};
