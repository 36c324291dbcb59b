/** Readings of a group and its target groups that conditions, guards and plans share. */
import type { Activity, Group, GroupMember, TargetGroup } from './entities.ts';

export const memberOf = (group: Group, instanceId: string): GroupMember | undefined =>
  group.members.find(({ id }) => id === instanceId);

export const inState = (group: Group, lifecycleState: string): readonly GroupMember[] =>
  group.members.filter((member) => member.lifecycleState === lifecycleState);

/** Only these follow the group: what joins or leaves the group joins or leaves them. */
export const attachedTargetGroups = (group: Group, targetGroups: readonly TargetGroup[]): readonly TargetGroup[] =>
  targetGroups.filter(({ arn }) => group.targetGroupArns.includes(arn));

/** One instance may listen on several ports: it is healthy when all of its targets are. */
export const isHealthyIn = (targetGroup: TargetGroup, instanceId: string): boolean => {
  const own = targetGroup.targets.filter(({ id }) => id === instanceId);
  return own.length > 0 && own.every(({ state }) => state === 'healthy');
};

/**
 * The group's target groups in which the instance is not healthy, each with what it is there: `shop-web: unhealthy`.
 * A target group that is attached but could not be seen counts as not healthy.
 */
export const notHealthyIn = (group: Group, targetGroups: readonly TargetGroup[], instanceId: string): readonly string[] =>
  group.targetGroupArns.flatMap((arn) => {
    const targetGroup = targetGroups.find((one) => one.arn === arn);
    if (targetGroup === undefined) return [`${arn}: not seen`];
    if (isHealthyIn(targetGroup, instanceId)) return [];
    const own = targetGroup.targets.find(({ id, state }) => id === instanceId && state !== 'healthy');
    return [`${targetGroup.name}: ${own === undefined ? 'not registered' : [own.state, own.reason].filter(Boolean).join(', ')}`];
  });

/** InService, healthy in Auto Scaling's eyes, and healthy in every target group of the group. */
export const serves = (group: Group, targetGroups: readonly TargetGroup[], instanceId: string): boolean => {
  const member = memberOf(group, instanceId);
  return (
    member?.lifecycleState === 'InService' &&
    member.healthStatus.toLowerCase() === 'healthy' &&
    notHealthyIn(group, targetGroups, instanceId).length === 0
  );
};

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Activity.html: every other status is under way. */
const FINISHED = ['Successful', 'Failed', 'Cancelled'];
export const runningActivities = (activities: readonly Activity[]): readonly Activity[] =>
  activities.filter(({ status }) => !FINISHED.includes(status));

export const isGone = (instance: { readonly state: string } | undefined): boolean =>
  instance === undefined || instance.state === 'shutting-down' || instance.state === 'terminated';

export const byId = <T extends { readonly id: string }>(things: readonly T[]): readonly T[] =>
  things.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
