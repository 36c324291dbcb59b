import type * as Sdk from '@aws-sdk/client-auto-scaling';
import type { ServiceOperations } from '../../../operation.ts';
import type { Activity, Group } from '../../state/group.ts';
import type { WorldState } from '../../state/state.ts';
import { onAnything } from '../authorize.ts';
import { type Answers, invalid, page } from './requests.ts';
import { activityShape, detailsShape, groupShape } from './shapes.ts';

const NAMES_MAX = 50;
const SIX_WEEKS_MS = 6 * 7 * 24 * 3_600_000;

const tagsMatch = (group: Group, filters: readonly Sdk.Filter[]): boolean =>
  filters.every(({ Name = '', Values = [] }) => {
    if (Name === 'tag-key') return group.tags.some(({ key }) => Values.includes(key));
    if (Name === 'tag-value') return group.tags.some(({ value }) => Values.includes(value));
    if (!Name.startsWith('tag:')) throw invalid(`Filter '${Name}' is not supported.`);
    return group.tags.some(({ key, value }) => key === Name.slice('tag:'.length) && Values.includes(value));
  });

const describeGroups = (
  state: WorldState,
): Answers<Sdk.DescribeAutoScalingGroupsCommandInput, Sdk.DescribeAutoScalingGroupsCommandOutput> => ({
  authorize: () => onAnything('autoscaling:DescribeAutoScalingGroups'),
  run: (input) => {
    const { AutoScalingGroupNames: names = [], Filters = [], IncludeInstances = true } = input;
    if (names.length > NAMES_MAX) throw invalid(`The number of group names must not exceed ${NAMES_MAX}.`);
    const found = state.groups.filter((group) => (names.length === 0 || names.includes(group.name)) && tagsMatch(group, Filters));
    const { items, ...next } = page(found, input);
    return { AutoScalingGroups: items.map((group) => groupShape(state, group, IncludeInstances)), ...next };
  },
});

const describeInstances = (
  state: WorldState,
): Answers<Sdk.DescribeAutoScalingInstancesCommandInput, Sdk.DescribeAutoScalingInstancesCommandOutput> => ({
  authorize: () => onAnything('autoscaling:DescribeAutoScalingInstances'),
  run: (input) => {
    const { InstanceIds: ids = [] } = input;
    if (ids.length > NAMES_MAX) throw invalid(`The number of instance ids must not exceed ${NAMES_MAX}.`);
    const all = state.groups.flatMap((group) => group.members.map((member) => ({ group, member })));
    const found = all.filter(({ member }) => ids.length === 0 || ids.includes(member.instanceId));
    const { items, ...next } = page(found, input, { usual: 50, max: 50 });
    return { AutoScalingInstances: items.map(({ group, member }) => detailsShape(state, group, member)), ...next };
  },
});

const activityFilter = ({ Name = '', Values = [] }: Sdk.Filter): ((activity: Activity) => boolean) => {
  if (Name === 'Status') return ({ status }) => Values.includes(status);
  const moment = Date.parse(Values[0] ?? '');
  if (Number.isNaN(moment)) throw invalid(`The value of filter '${Name}' is not a timestamp.`);
  if (Name === 'StartTimeLowerBound') return ({ startedAt }) => startedAt >= moment;
  if (Name === 'StartTimeUpperBound') return ({ startedAt }) => startedAt <= moment;
  throw invalid(`Filter '${Name}' is not supported.`);
};

/** Newest first, of the last six weeks. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScalingActivities.html */
const describeActivities = (
  state: WorldState,
): Answers<Sdk.DescribeScalingActivitiesCommandInput, Sdk.DescribeScalingActivitiesCommandOutput> => ({
  authorize: () => onAnything('autoscaling:DescribeScalingActivities'),
  run: (input) => {
    const { AutoScalingGroupName: name, ActivityIds: ids = [], Filters = [] } = input;
    const groups = state.groups.filter((group) => name === undefined || group.name === name);
    if (name !== undefined && groups.length === 0)
      throw invalid(`AutoScalingGroup name not found - AutoScalingGroup ${name} not found`);
    const keep = Filters.map(activityFilter);
    const found = groups
      .flatMap((group) => group.activities.map((activity) => ({ group, activity })))
      .filter(({ activity }) => activity.startedAt >= state.now - SIX_WEEKS_MS && (ids.length === 0 || ids.includes(activity.id)))
      .filter(({ activity }) => keep.every((passes) => passes(activity)))
      .sort((a, b) => b.activity.startedAt - a.activity.startedAt);
    const { items, ...next } = page(found, input, { usual: 100, max: 100 });
    return { Activities: items.map(({ group, activity }) => activityShape(group, activity)), ...next };
  },
});

export const describeOperations = (state: WorldState): ServiceOperations => ({
  DescribeAutoScalingGroups: describeGroups(state),
  DescribeAutoScalingInstances: describeInstances(state),
  DescribeScalingActivities: describeActivities(state),
});
