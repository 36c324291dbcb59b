import { addListener, addLoadBalancer, addPathRule, addTargetGroup } from '../fixtures/balancer.ts';
import { securityRule } from '../fixtures/network.ts';
import { deregister, register } from '../physics/health.ts';
import { removeInterface, versionOf } from '../physics/launch.ts';
import type { TargetGroup } from '../state/balancer.ts';
import {
  groupOf,
  launchTemplateOf,
  listenersOf,
  loadBalancerOf,
  primaryInterface,
  securityGroupOf,
  subnetOf,
  targetGroupOf,
} from '../state/find.ts';
import type { Group } from '../state/group.ts';
import type { Subnet } from '../state/network.ts';
import type { WorldState } from '../state/state.ts';
import { type Act, leaveTrace, type Reversal, reversible, swap } from './reversible.ts';

const SHORT_DRAIN_SECONDS = 30;

/** Takes a target group out of the world, with what refers to it. */
const dropTargetGroup = (state: WorldState, arn: string): void => {
  for (const listener of state.listeners)
    listener.rules = listener.rules.filter(
      ({ action }) => action.type !== 'forward' || action.targetGroups.every((one) => one.arn !== arn),
    );
  for (const group of state.groups) group.targetGroupArns = group.targetGroupArns.filter((one) => one !== arn);
  state.pending = state.pending.filter(({ event }) => !('targetGroupArn' in event) || event.targetGroupArn !== arn);
  state.targetGroups = state.targetGroups.filter((one) => one.arn !== arn);
  delete state.tags[arn];
};

/** Puts a target group to a group as AttachLoadBalancerTargetGroups does: members in service are registered. */
const attachTo = (state: WorldState, group: Group, target: TargetGroup): void => {
  group.targetGroupArns = [...group.targetGroupArns, target.arn];
  for (const member of group.members) if (member.state === 'InService') register(state, target, member.instanceId);
};

const httpsOf = (state: WorldState, balancer: string) => {
  const listener = listenersOf(state, loadBalancerOf(state, balancer).arn).find((one) => one.protocol === 'HTTPS');
  if (listener === undefined) throw new Error(`${balancer} has no HTTPS listener.`);
  return listener;
};

/** A network load balancer has no security group here: the instances must admit the addresses of its subnets. */
const admitFrom = (state: WorldState, group: Group, subnets: readonly Subnet[]): (() => void) => {
  const version = versionOf(launchTemplateOf(state, group.launchTemplate.id), group.launchTemplate.version);
  const admitting = securityGroupOf(state, version?.securityGroupIds[0] ?? '');
  const rules = subnets.map((subnet) => securityRule(state, false, 8_080, { cidr: subnet.CidrBlock }));
  return swap(admitting, { rules: [...admitting.rules, ...rules] });
};

const reRegister = (state: WorldState, target: TargetGroup, port: number): void => {
  for (const { id } of target.targets.filter((one) => one.state !== 'draining')) {
    deregister(state, target, id);
    register(state, target, id, port);
  }
};

export type SecondTargetGroup = {
  readonly name?: string;
  readonly check?: Partial<TargetGroup['check']>;
  readonly attributes?: Readonly<Record<string, string>>;
};

/** What is there already: target groups, names and certificates. */
const settings = (act: Act) => ({
  /** The targets are registered with a port that nothing listens on. */
  setTargetPort: (targetGroup: string, port: number): Reversal =>
    reversible(act, (state) => {
      const target = targetGroupOf(state, targetGroup);
      leaveTrace(state, 'elasticloadbalancing', 'RegisterTargets', { TargetGroupArn: target.arn, Port: port });
      const { port: before } = target;
      target.port = port;
      reRegister(state, target, port);
      return () => {
        target.port = before;
        reRegister(state, target, before);
      };
    }),
  setHealthCheck: (targetGroup: string, check: Partial<TargetGroup['check']>): Reversal =>
    reversible(act, (state) => {
      const target = targetGroupOf(state, targetGroup);
      leaveTrace(state, 'elasticloadbalancing', 'ModifyTargetGroup', { TargetGroupArn: target.arn, ...check });
      return swap(target.check, check);
    }),
  setAttributes: (targetGroup: string, attributes: Readonly<Record<string, string>>): Reversal =>
    reversible(act, (state) => {
      const target = targetGroupOf(state, targetGroup);
      leaveTrace(state, 'elasticloadbalancing', 'ModifyTargetGroupAttributes', {
        TargetGroupArn: target.arn,
        Attributes: attributes,
      });
      return swap(target, { attributes: { ...target.attributes, ...attributes } });
    }),
  /** Names go on leading where they led before a load balancer was replaced. */
  pointName: (host: string, dnsName: string): Reversal =>
    reversible(act, (state) => {
      const name = state.names.find((one) => one.name === host);
      if (name === undefined) throw new Error(`The world has no name ${host}.`);
      leaveTrace(state, 'route53', 'ChangeResourceRecordSets', { Name: host, AliasTarget: dnsName });
      return swap(name, { aliasOf: dnsName });
    }),
  expireCertificate: (domain: string): Reversal =>
    reversible(act, (state) => {
      const certificate = state.certificates.find((one) => one.domain === domain);
      if (certificate === undefined) throw new Error(`The world has no certificate for ${domain}.`);
      return swap(certificate, { notAfter: state.now - 1 });
    }),
});

/** What is put beside it. */
const additions = (act: Act) => ({
  /** An instance is registered by its address somewhere else, as appliances and old tools do. */
  registerIpTarget: (balancer: string, instanceId: string, name = 'partner-api'): Reversal =>
    reversible(act, (state) => {
      const card = primaryInterface(state, instanceId);
      if (card === undefined) throw new Error(`${instanceId} has no network interface.`);
      const target = addTargetGroup(state, {
        name,
        vpcId: card.vpcId,
        port: 8_080,
        type: 'ip',
        deregistrationDelaySeconds: SHORT_DRAIN_SECONDS,
      });
      addPathRule(state, httpsOf(state, balancer), 40, '/partner/*', target.arn);
      register(state, target, card.ip);
      leaveTrace(state, 'elasticloadbalancing', 'RegisterTargets', { TargetGroupArn: target.arn, Targets: [{ Id: card.ip }] });
      return () => dropTargetGroup(state, target.arn);
    }),
  /** The group serves a second target group, checked in its own way. */
  addSecondTargetGroup: (balancer: string, groupName: string, options: SecondTargetGroup = {}): Reversal =>
    reversible(act, (state) => {
      const { name = 'shop-api', check, attributes } = options;
      const { vpcId } = loadBalancerOf(state, balancer);
      const target = addTargetGroup(state, {
        name,
        vpcId,
        port: 8_080,
        deregistrationDelaySeconds: SHORT_DRAIN_SECONDS,
        ...(check && { check }),
        ...(attributes && { attributes }),
      });
      addPathRule(state, httpsOf(state, balancer), 20, '/api/*', target.arn);
      attachTo(state, groupOf(state, groupName), target);
      return () => dropTargetGroup(state, target.arn);
    }),
  /** A network load balancer before the same group; each of its nodes knows only the targets of its own zone. */
  addNetworkBalancer: (subnetIds: readonly string[], groupName: string, name = 'shop-nlb'): Reversal =>
    reversible(act, (state) => {
      const subnets = subnetIds.map((id) => subnetOf(state, id));
      const balancer = addLoadBalancer(state, { name, type: 'network', subnets, securityGroupIds: [] });
      const target = addTargetGroup(state, {
        name: `${name}-tcp`,
        vpcId: balancer.vpcId,
        port: 8_080,
        protocol: 'TCP',
        deregistrationDelaySeconds: SHORT_DRAIN_SECONDS,
      });
      addListener(state, balancer, {
        port: 8_080,
        protocol: 'TCP',
        action: { type: 'forward', targetGroups: [{ arn: target.arn, weight: 1 }] },
      });
      attachTo(state, groupOf(state, groupName), target);
      const open = admitFrom(state, groupOf(state, groupName), subnets);
      return () => {
        open();
        dropTargetGroup(state, target.arn);
        state.listeners = state.listeners.filter((one) => one.loadBalancerArn !== balancer.arn);
        state.loadBalancers = state.loadBalancers.filter((one) => one.arn !== balancer.arn);
        for (const { interfaceId } of balancer.nodes) removeInterface(state, interfaceId);
        delete state.tags[balancer.arn];
      };
    }),
});

export const createBalancerChanges = (act: Act) => ({ ...settings(act), ...additions(act) });
