import { deregister, isDraining, register } from '../physics/health.ts';
import { terminate } from '../physics/terminate.ts';
import { targetGroupOf } from '../state/find.ts';
import type { Group, LifecycleHook, Member, Process } from '../state/group.ts';
import { schedule, unschedule } from '../state/queue.ts';
import type { WorldState } from '../state/state.ts';
import { advance, begin, end, stamp } from './activities.ts';

const SECOND_MS = 1_000;

export const isSuspended = (group: Group, process: Process): boolean => group.suspended.some((one) => one.name === process);

const COUNTED: ReadonlySet<string> = new Set(['Pending', 'Pending:Wait', 'Pending:Proceed', 'InService']);

/** What the group has of its desired capacity: standby, detaching and terminating members do not count. */
export const counts = (member: Member): boolean => COUNTED.has(member.state);

export const capacityOf = (group: Group): number => group.members.filter(counts).reduce((sum, member) => sum + member.weight, 0);

const runningState = (state: WorldState, member: Member): string =>
  state.instances.find((one) => one.id === member.instanceId)?.state ?? 'terminated';

const hookFor = (group: Group, transition: LifecycleHook['transition']): LifecycleHook | undefined =>
  group.hooks.find((hook) => hook.transition === transition);

const held = (state: WorldState, member: Member): boolean => member.heldUntil !== undefined && member.heldUntil > state.now;

/** Keeps a member where it is for a while; the event makes the group look again. */
export const hold = (state: WorldState, group: Group, member: Member, milliseconds: number): void => {
  member.heldUntil = state.now + milliseconds;
  schedule(state, milliseconds, { kind: 'member.released', group: group.name, instanceId: member.instanceId });
};

const removeMember = (group: Group, member: Member): void => {
  group.members = group.members.filter((one) => one !== member);
};

/** An instance that is launched or returned while AddToLoadBalancer is suspended is never registered later. https://docs.aws.amazon.com/autoscaling/ec2/userguide/understand-how-suspending-processes-affects-other-processes.html */
const enterService = (state: WorldState, group: Group, member: Member): void => {
  member.state = 'InService';
  member.inServiceAt = state.now;
  member.launching = false;
  member.rebalancing = false;
  if (!isSuspended(group, 'AddToLoadBalancer'))
    for (const arn of group.targetGroupArns) register(state, targetGroupOf(state, arn), member.instanceId);
  end(state, group, member.activityId);
  schedule(state, group.graceSeconds * SECOND_MS, { kind: 'group.look', group: group.name });
  if (group.maxLifetimeSeconds !== undefined && group.maxLifetimeSeconds > 0)
    schedule(state, group.maxLifetimeSeconds * SECOND_MS, { kind: 'group.look', group: group.name });
};

const goOnPending = (state: WorldState, group: Group, member: Member): void => {
  if (held(state, member) || runningState(state, member) !== 'running') return;
  const hook = member.launching ? hookFor(group, 'autoscaling:EC2_INSTANCE_LAUNCHING') : undefined;
  if (member.state === 'Pending' && hook !== undefined) {
    member.state = 'Pending:Wait';
    advance(group, member.activityId, 'MidLifecycleAction', 60);
    hold(state, group, member, hook.heartbeatSeconds * SECOND_MS);
    return;
  }
  if (member.state === 'Pending:Wait' && hook?.defaultResult === 'ABANDON') {
    end(state, group, member.activityId, 'Cancelled', `Lifecycle action ${hook.name} was abandoned.`);
    beginTermination(state, group, member, `At ${stamp(state)} a lifecycle action was abandoned or timed out.`);
    return;
  }
  enterService(state, group, member);
};

const goOnTerminating = (state: WorldState, group: Group, member: Member): void => {
  if (member.state === 'Terminating' && isDraining(state, member.instanceId, group.targetGroupArns)) return;
  const hook = hookFor(group, 'autoscaling:EC2_INSTANCE_TERMINATING');
  if (member.state === 'Terminating' && hook !== undefined && runningState(state, member) === 'running') {
    member.state = 'Terminating:Wait';
    advance(group, member.activityId, 'MidLifecycleAction', 60);
    hold(state, group, member, hook.heartbeatSeconds * SECOND_MS);
    return;
  }
  if (member.state === 'Terminating:Wait' && held(state, member)) return;
  if (member.state !== 'Terminating:Proceed') {
    member.state = 'Terminating:Proceed';
    advance(group, member.activityId, 'InProgress', 75);
    const instance = state.instances.find((one) => one.id === member.instanceId);
    if (instance !== undefined) terminate(state, instance);
  }
  if (runningState(state, member) !== 'terminated') return;
  end(state, group, member.activityId);
  removeMember(group, member);
};

const leave = (state: WorldState, group: Group, member: Member): void => {
  if (isDraining(state, member.instanceId, group.targetGroupArns)) return;
  end(state, group, member.activityId);
  if (member.state === 'EnteringStandby') {
    member.state = 'Standby';
    return;
  }
  removeMember(group, member);
  delete state.tags[member.instanceId]?.['aws:autoscaling:groupName'];
};

/** Moves every member as far along its lifecycle as it can go now. */
export const goOn = (state: WorldState, group: Group): void => {
  for (const member of [...group.members]) {
    if (member.state.startsWith('Pending')) goOnPending(state, group, member);
    else if (member.state.startsWith('Terminating')) goOnTerminating(state, group, member);
    else if (member.state === 'EnteringStandby' || member.state === 'Detaching') leave(state, group, member);
  }
};

/** Takes a member out of the group's own target groups; others it was put into by hand are not the group's business. */
export const takeOutOfBalancers = (state: WorldState, group: Group, member: Member): void => {
  for (const arn of group.targetGroupArns) deregister(state, targetGroupOf(state, arn), member.instanceId);
};

export const subnetIdOf = (state: WorldState, member: Member): string =>
  state.instances.find((one) => one.id === member.instanceId)?.subnetId ?? '';

export const beginTermination = (state: WorldState, group: Group, member: Member, cause: string): string => {
  unschedule(state, (event) => event.kind === 'member.released' && event.instanceId === member.instanceId);
  delete member.heldUntil;
  // Whoever is ended on its way into service never arrives.
  end(state, group, member.activityId, 'Cancelled');
  const activity = begin(state, group, {
    description: `Terminating EC2 instance: ${member.instanceId}`,
    cause,
    zone: member.zone,
    subnetId: subnetIdOf(state, member),
    status: 'InProgress',
    progress: 0,
  });
  member.state = 'Terminating';
  member.activityId = activity.id;
  takeOutOfBalancers(state, group, member);
  if (isDraining(state, member.instanceId, group.targetGroupArns))
    advance(group, activity.id, 'WaitingForELBConnectionDraining', 50);
  return activity.id;
};
