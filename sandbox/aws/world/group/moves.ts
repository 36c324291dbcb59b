import { AwsError } from '../../operation.ts';
import { INSTANCES_PER_MOVE_MAX, MOVE_MS } from '../limits.ts';
import { isDraining } from '../physics/health.ts';
import { groupWith, memberOf, setTags } from '../state/find.ts';
import type { Activity, Group, Member } from '../state/group.ts';
import type { WorldState } from '../state/state.ts';
import { advance, begin, stamp } from './activities.ts';
import { zonesOf } from './decide.ts';
import { beginTermination, capacityOf, counts, hold, isSuspended, subnetIdOf, takeOutOfBalancers } from './members.ts';

const invalid = (message: string): AwsError => new AwsError('ValidationError', message);

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

const wrongSizes = (group: Group, wish: string): AwsError =>
  invalid(
    `AutoScalingGroup ${group.name} has min-size=${group.min}, max-size=${group.max}, and desired-size=${group.desired}. To ${wish}, please update the AutoScalingGroup sizes appropriately.`,
  );

const weigh = (members: readonly Member[]): number => members.reduce((sum, member) => sum + member.weight, 0);

/** Ids named twice count once; none, or too many, are refused. */
const idsOf = (instanceIds: readonly string[]): readonly string[] => {
  if (instanceIds.length === 0) throw invalid('At least one instance must be specified.');
  if (instanceIds.length > INSTANCES_PER_MOVE_MAX)
    throw invalid(`The number of instances must not exceed ${INSTANCES_PER_MOVE_MAX}.`);
  return [...new Set(instanceIds)];
};

/** The members named, each in a state that allows the move; AWS refuses the whole call otherwise. */
const named = (group: Group, instanceIds: readonly string[], allowed: readonly string[]): Member[] =>
  idsOf(instanceIds).map((id) => {
    const member = memberOf(group, id);
    if (member === undefined) throw invalid(`The instance ${id} is not part of Auto Scaling group ${group.name}.`);
    if (!allowed.includes(member.state)) throw invalid(`The instance ${id} is not in ${allowed.join(' or ')}.`);
    return member;
  });

const move = (
  state: WorldState,
  group: Group,
  member: Member,
  told: { description: string; cause: string; status: Activity['status']; progress: number },
): Activity => {
  const activity = begin(state, group, { ...told, zone: member.zone, subnetId: subnetIdOf(state, member) });
  member.activityId = activity.id;
  return activity;
};

const drainOut = (state: WorldState, group: Group, member: Member, activity: Activity): void => {
  takeOutOfBalancers(state, group, member);
  if (isDraining(state, member.instanceId, group.targetGroupArns))
    advance(group, activity.id, 'WaitingForELBConnectionDraining', 50);
};

/** One move out of service after another, each with the capacity it leaves; decrementing moves the desired capacity with it. */
const moveOut = (
  state: WorldState,
  group: Group,
  members: readonly Member[],
  decrement: boolean,
  kind: 'Detaching' | 'EnteringStandby',
): Activity[] =>
  members.map((member) => {
    const before = group.desired;
    if (decrement && counts(member)) group.desired -= member.weight;
    const capacity = decrement ? `, shrinking the capacity from ${before} to ${group.desired}` : '';
    const done = kind === 'Detaching' ? 'was detached' : 'was moved to standby';
    const activity = move(state, group, member, {
      description: `${kind === 'Detaching' ? 'Detaching EC2 instance' : 'Moving EC2 instance to Standby'}: ${member.instanceId}`,
      cause: `At ${stamp(state)} instance ${member.instanceId} ${done} in response to a user request${capacity}.`,
      status: 'InProgress',
      progress: 50,
    });
    member.state = kind;
    drainOut(state, group, member, activity);
    return activity;
  });

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-detach-attach-instances.html */
export const detach = (state: WorldState, group: Group, instanceIds: readonly string[], decrement: boolean): Activity[] => {
  const members = named(group, instanceIds, ['InService', 'Standby']);
  const leaving = weigh(members.filter(counts));
  if (decrement && group.desired - leaving < group.min) throw wrongSizes(group, `detach ${plural(members.length, 'instance')}`);
  return moveOut(state, group, members, decrement, 'Detaching');
};

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-enter-exit-standby.html */
export const enterStandby = (state: WorldState, group: Group, instanceIds: readonly string[], decrement: boolean): Activity[] => {
  const members = named(group, instanceIds, ['InService']);
  if (decrement && group.desired - weigh(members) < group.min)
    throw wrongSizes(group, `place into standby ${plural(members.length, 'instance')}`);
  return moveOut(state, group, members, decrement, 'EnteringStandby');
};

/** Back into service; its health is what it was when it left, and no lifecycle hook runs. */
export const exitStandby = (state: WorldState, group: Group, instanceIds: readonly string[]): Activity[] => {
  const members = named(group, instanceIds, ['Standby']);
  const dead = members.find((member) => state.instances.find((one) => one.id === member.instanceId)?.state !== 'running');
  // The reference names no error for it; a refusal is the strictest reading for a caller that should have looked.
  if (dead !== undefined) throw invalid(`The instance ${dead.instanceId} is not in a valid state to be moved out of Standby.`);
  if (group.desired + weigh(members) > group.max)
    throw wrongSizes(group, `place into service ${plural(members.length, 'more instance')}`);
  // An instance in standby cannot return while Launch is suspended: the group cannot grow.
  if (isSuspended(group, 'Launch')) throw invalid(`The Launch process of AutoScalingGroup ${group.name} is suspended.`);
  return members.map((member) => {
    const before = group.desired;
    group.desired += member.weight;
    const activity = move(state, group, member, {
      description: `Moving EC2 instance out of Standby: ${member.instanceId}`,
      cause: `At ${stamp(state)} instance ${member.instanceId} was moved out of standby in response to a user request, increasing the capacity from ${before} to ${group.desired}.`,
      status: 'PreInService',
      progress: 30,
    });
    member.state = 'Pending';
    hold(state, group, member, MOVE_MS);
    return activity;
  });
};

const attachable = (state: WorldState, group: Group, instanceId: string): { zone: string } => {
  const instance = state.instances.find((one) => one.id === instanceId);
  if (instance === undefined) throw invalid(`Invalid Instance id(s) specified: [${instanceId}]`);
  const owner = groupWith(state, instanceId);
  if (owner !== undefined) throw invalid(`The Instance: ${instanceId} is already part of AutoScalingGroup:${owner.name}`);
  if (instance.state !== 'running')
    throw invalid(`Instance ${instanceId} is not in correct state. Instance(s) must be in 'running' state.`);
  if (!zonesOf(state, group).includes(instance.zone))
    throw invalid(
      `The availability zone ${instance.zone} of instance ${instanceId} is not part of AutoScalingGroup ${group.name}.`,
    );
  return { zone: instance.zone };
};

/** Attaching raises the desired capacity by as much; it fails when that would exceed the maximum. Group tags are not put on the instance. */
export const attach = (state: WorldState, group: Group, instanceIds: readonly string[]): Activity[] => {
  const ids = idsOf(instanceIds);
  const zones = ids.map((id) => attachable(state, group, id).zone);
  if (group.desired + ids.length > group.max) throw wrongSizes(group, `attach ${plural(ids.length, 'instance')}`);
  return ids.map((instanceId, index) => {
    group.desired += 1;
    const member: Member = {
      instanceId,
      zone: zones[index]!,
      state: 'Pending',
      health: 'Healthy',
      protectedFromScaleIn: group.newInstancesProtected,
      weight: 1,
      weighted: false,
      launching: false,
      rebalancing: false,
    };
    group.members.push(member);
    setTags(state, instanceId, { 'aws:autoscaling:groupName': group.name });
    hold(state, group, member, MOVE_MS);
    return move(state, group, member, {
      description: `Attaching an existing EC2 instance: ${instanceId}`,
      cause: `At ${stamp(state)} an instance was attached in response to a user request, increasing the capacity from ${group.desired - 1} to ${group.desired}.`,
      status: 'PreInService',
      progress: 30,
    });
  });
};

/** Ends one named member, with or without lowering the desired capacity by it. Termination hooks run, scale-in protection does not help. */
export const terminateMember = (
  state: WorldState,
  instanceId: string,
  decrement: boolean,
): { group: Group; activity: Activity } => {
  const group = groupWith(state, instanceId);
  const member = group === undefined ? undefined : memberOf(group, instanceId);
  if (group === undefined || member === undefined)
    throw invalid(`Instance Id not found - No managed instance found for instance ID: ${instanceId}`);
  if (member.state.startsWith('Terminating') || member.state === 'Detaching')
    throw new AwsError('ScalingActivityInProgress', `Activity ${member.activityId} is in progress for instance ${instanceId}.`);
  const counted = counts(member);
  if (decrement && counted && group.desired - member.weight < group.min)
    throw invalid(
      `Currently, desiredSize equals minSize (${group.min}). Terminating instance without replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.`,
    );
  const capacity = capacityOf(group);
  if (decrement && counted) group.desired -= member.weight;
  const shrinking = decrement && counted ? `, shrinking the capacity from ${capacity} to ${capacity - member.weight}` : '';
  const id = beginTermination(
    state,
    group,
    member,
    `At ${stamp(state)} instance ${instanceId} was taken out of service in response to a user request${shrinking}.`,
  );
  return { group, activity: group.activities.find((one) => one.id === id)! };
};
