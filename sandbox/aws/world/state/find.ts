import type { Listener, LoadBalancer, TargetGroup } from './balancer.ts';
import type { Instance, LaunchTemplate, Volume } from './compute.ts';
import type { Group, Member } from './group.ts';
import type { NetworkInterface, SecurityGroup, Subnet } from './network.ts';
import type { WorldState } from './state.ts';

const must = <T>(found: T | undefined, what: string): T => {
  if (found === undefined) throw new Error(`The world has no ${what}.`);
  return found;
};

/** These throw on an unknown id: for the world's own references. Operations answer the API's error instead. */
export const instanceOf = (state: WorldState, id: string): Instance =>
  must(
    state.instances.find((one) => one.id === id),
    `instance ${id}`,
  );
export const subnetOf = (state: WorldState, id: string): Subnet =>
  must(
    state.subnets.find((one) => one.SubnetId === id),
    `subnet ${id}`,
  );
export const securityGroupOf = (state: WorldState, id: string): SecurityGroup =>
  must(
    state.securityGroups.find((one) => one.id === id),
    `security group ${id}`,
  );
export const interfaceOf = (state: WorldState, id: string): NetworkInterface =>
  must(
    state.interfaces.find((one) => one.id === id),
    `network interface ${id}`,
  );
export const groupOf = (state: WorldState, name: string): Group =>
  must(
    state.groups.find((one) => one.name === name),
    `group ${name}`,
  );
export const targetGroupOf = (state: WorldState, arnOrName: string): TargetGroup =>
  must(
    state.targetGroups.find((one) => one.arn === arnOrName || one.name === arnOrName),
    `target group ${arnOrName}`,
  );
export const loadBalancerOf = (state: WorldState, arnOrName: string): LoadBalancer =>
  must(
    state.loadBalancers.find((one) => one.arn === arnOrName || one.name === arnOrName),
    `load balancer ${arnOrName}`,
  );
export const launchTemplateOf = (state: WorldState, idOrName: string): LaunchTemplate =>
  must(
    state.launchTemplates.find((one) => one.id === idOrName || one.name === idOrName),
    `launch template ${idOrName}`,
  );

export const memberOf = (group: Group, instanceId: string): Member | undefined =>
  group.members.find((member) => member.instanceId === instanceId);

export const groupWith = (state: WorldState, instanceId: string): Group | undefined =>
  state.groups.find((group) => memberOf(group, instanceId) !== undefined);

export const interfacesOf = (state: WorldState, instanceId: string): NetworkInterface[] =>
  state.interfaces
    .filter((one) => one.attachment?.instanceId === instanceId)
    .sort((a, b) => a.attachment!.deviceIndex - b.attachment!.deviceIndex);

export const primaryInterface = (state: WorldState, instanceId: string): NetworkInterface | undefined =>
  interfacesOf(state, instanceId)[0];

export const volumesOf = (state: WorldState, instanceId: string): Volume[] =>
  state.volumes.filter((volume) => volume.attachments.some((attachment) => attachment.instanceId === instanceId));

export const listenersOf = (state: WorldState, loadBalancerArn: string): Listener[] =>
  state.listeners.filter((listener) => listener.loadBalancerArn === loadBalancerArn);

export const forwardsTo = (listener: Listener, targetGroupArn: string): boolean =>
  listener.rules.some(
    ({ action }) => action.type === 'forward' && action.targetGroups.some((group) => group.arn === targetGroupArn),
  );

/** The load balancers whose listeners use a target group. */
export const loadBalancersOf = (state: WorldState, targetGroupArn: string): LoadBalancer[] =>
  state.loadBalancers.filter((balancer) =>
    listenersOf(state, balancer.arn).some((listener) => forwardsTo(listener, targetGroupArn)),
  );

export const tagsOf = (state: WorldState, idOrArn: string): Record<string, string> => state.tags[idOrArn] ?? {};

export const setTags = (state: WorldState, idOrArn: string, tags: Record<string, string>): void => {
  state.tags[idOrArn] = { ...state.tags[idOrArn], ...tags };
};
