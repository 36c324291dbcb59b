import type * as Elb from '@aws-sdk/client-elastic-load-balancing-v2';
import { type Authorization, AwsError, type Operation, type ServiceOperations } from '../../../operation.ts';
import { cidrHolds } from '../../physics/addresses.ts';
import { deregister, findTarget, register, targetZone } from '../../physics/health.ts';
import type { Target, TargetGroup } from '../../state/balancer.ts';
import { loadBalancersOf } from '../../state/find.ts';
import type { WorldState } from '../../state/state.ts';
import { on, onAnything, resourceTagKeys } from '../authorize.ts';
import { attributeList, listing, NOT_FOUND, named, validationError } from './lists.ts';
import { mustHaveBalancer } from './load-balancers.ts';

const groupShape = (state: WorldState, group: TargetGroup): Elb.TargetGroup => {
  const http = group.check.protocol === 'HTTP';
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    Protocol: group.protocol,
    ...(group.protocol === 'HTTP' && { ProtocolVersion: 'HTTP1' }),
    Port: group.port,
    VpcId: group.vpcId,
    TargetType: group.type,
    IpAddressType: 'ipv4',
    HealthCheckEnabled: group.check.enabled,
    HealthCheckProtocol: group.check.protocol,
    HealthCheckPort: group.check.port,
    ...(http && { HealthCheckPath: group.check.path, Matcher: { HttpCode: group.check.matcher } }),
    HealthCheckIntervalSeconds: group.check.intervalSeconds,
    HealthCheckTimeoutSeconds: group.check.timeoutSeconds,
    HealthyThresholdCount: group.check.healthyCount,
    UnhealthyThresholdCount: group.check.unhealthyCount,
    LoadBalancerArns: loadBalancersOf(state, group.arn).map(({ arn }) => arn),
  };
};

const groupsFor = (state: WorldState, input: Elb.DescribeTargetGroupsCommandInput): readonly TargetGroup[] => {
  const { LoadBalancerArn, TargetGroupArns, Names } = input;
  if ([LoadBalancerArn, TargetGroupArns, Names].filter((one) => one !== undefined).length > 1)
    throw validationError('Target group names, target group ARNs, and a load balancer ARN cannot be specified at the same time');
  if (LoadBalancerArn !== undefined) {
    const { arn } = mustHaveBalancer(state, LoadBalancerArn);
    return state.targetGroups.filter((group) => loadBalancersOf(state, group.arn).some((balancer) => balancer.arn === arn));
  }
  const byArn = named(state.targetGroups, ({ arn }) => arn, TargetGroupArns, NOT_FOUND.targetGroup);
  return named(byArn, ({ name }) => name, Names, NOT_FOUND.targetGroup);
};

const mustHaveGroup = (state: WorldState, arn: string | undefined): TargetGroup => {
  const found = state.targetGroups.find((group) => group.arn === arn);
  if (found === undefined) throw NOT_FOUND.targetGroup();
  return found;
};

const healthShape = (state: WorldState, group: TargetGroup, target: Target): Elb.TargetHealthDescription => ({
  Target: {
    Id: target.id,
    Port: target.port,
    ...(group.type === 'ip' && { AvailabilityZone: targetZone(state, group, target) ?? 'all' }),
  },
  HealthCheckPort: group.check.port === 'traffic-port' ? String(target.port) : group.check.port,
  TargetHealth: {
    State: target.state,
    ...(target.reason !== undefined && { Reason: target.reason as Elb.TargetHealthReasonEnum }),
    ...(target.description !== undefined && { Description: target.description }),
  },
});

/** Asked for a target that is not registered, load balancing says so rather than fail. */
const notRegistered = (group: TargetGroup, id: string, port = group.port): Elb.TargetHealthDescription => ({
  Target: { Id: id, Port: port },
  HealthCheckPort: group.check.port === 'traffic-port' ? String(port) : group.check.port,
  TargetHealth: {
    State: 'unused',
    Reason: 'Target.NotRegistered',
    Description: 'Target is not registered to the target group',
  },
});

const describeHealth = (state: WorldState): Operation<Elb.DescribeTargetHealthCommandInput> => ({
  authorize: () => onAnything('elasticloadbalancing:DescribeTargetHealth'),
  run: ({ TargetGroupArn, Targets }) => {
    const group = mustHaveGroup(state, TargetGroupArn);
    const descriptions =
      Targets === undefined || Targets.length === 0
        ? group.targets.map((target) => healthShape(state, group, target))
        : Targets.map(({ Id = '', Port }) => {
            const target = findTarget(group, Id, Port);
            return target === undefined ? notRegistered(group, Id, Port) : healthShape(state, group, target);
          });
    return { TargetHealthDescriptions: descriptions };
  },
});

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  'deregistration_delay.timeout_seconds': '300',
  'load_balancing.cross_zone.enabled': 'use_load_balancer_configuration',
  'stickiness.enabled': 'false',
  'target_group_health.dns_failover.minimum_healthy_targets.count': '1',
  'target_group_health.dns_failover.minimum_healthy_targets.percentage': 'off',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '1',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': 'off',
};
const HTTP_ATTRIBUTES: Readonly<Record<string, string>> = {
  'load_balancing.algorithm.type': 'round_robin',
  'slow_start.duration_seconds': '0',
};

const attributesOf = (group: TargetGroup) =>
  attributeList(group.protocol === 'HTTP' ? { ...ATTRIBUTES, ...HTTP_ATTRIBUTES } : ATTRIBUTES, group.attributes);

const describeAttributes = (state: WorldState): Operation<Elb.DescribeTargetGroupAttributesCommandInput> => ({
  authorize: () => onAnything('elasticloadbalancing:DescribeTargetGroupAttributes'),
  run: ({ TargetGroupArn }) => ({ Attributes: attributesOf(mustHaveGroup(state, TargetGroupArn)) }),
});

type GroupInput = { readonly TargetGroupArn: string | undefined };

const onGroup =
  (state: WorldState, action: string) =>
  ({ TargetGroupArn }: GroupInput): readonly Authorization[] => {
    const { arn } = mustHaveGroup(state, TargetGroupArn);
    return [on(`elasticloadbalancing:${action}`, arn, resourceTagKeys(state, 'elasticloadbalancing', arn))];
  };

const modifyAttributes = (state: WorldState): Operation<Elb.ModifyTargetGroupAttributesCommandInput> => ({
  authorize: onGroup(state, 'ModifyTargetGroupAttributes'),
  run: ({ TargetGroupArn, Attributes = [] }) => {
    const group = mustHaveGroup(state, TargetGroupArn);
    const known = new Set(attributesOf(group).map(({ Key }) => Key));
    const unknown = Attributes.find(({ Key = '' }) => !known.has(Key));
    if (unknown !== undefined) throw validationError(`Target group attribute key '${unknown.Key}' is not recognized`);
    for (const { Key = '', Value = '' } of Attributes) group.attributes[Key] = Value;
    return { Attributes: attributesOf(group) };
  },
});

/** An instance must run in the group's VPC, an address must lie in one of its ranges. */
const mustBeTarget = (state: WorldState, group: TargetGroup, id: string): void => {
  if (group.type === 'ip') {
    const vpc = state.vpcs.find(({ VpcId }) => VpcId === group.vpcId);
    if (!/^\d+(\.\d+){3}$/.test(id)) throw validationError(`The IP address '${id}' is not a valid IPv4 address`);
    if (vpc !== undefined && !cidrHolds(vpc.CidrBlock, id))
      throw validationError(`The IP address '${id}' is not within a range allowed by the VPC ${group.vpcId}`);
    return;
  }
  const instance = state.instances.find((one) => one.id === id);
  if (instance === undefined) throw new AwsError('InvalidTarget', `The following targets are not valid instances: '${id}'`);
  if (instance.state !== 'running')
    throw new AwsError('InvalidTarget', `The following targets are not in a running state and cannot be registered: '${id}'`);
};

const registerTargets = (state: WorldState): Operation<Elb.RegisterTargetsCommandInput> => ({
  authorize: onGroup(state, 'RegisterTargets'),
  run: ({ TargetGroupArn, Targets }) => {
    const group = mustHaveGroup(state, TargetGroupArn);
    const targets = Targets ?? [];
    if (targets.length === 0) throw validationError('At least one target must be specified');
    for (const { Id = '' } of targets) mustBeTarget(state, group, Id);
    for (const { Id = '', Port } of targets) register(state, group, Id, Port);
    return {};
  },
});

/** A target that is not registered is no error. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeregisterTargets.html */
const deregisterTargets = (state: WorldState): Operation<Elb.DeregisterTargetsCommandInput> => ({
  authorize: onGroup(state, 'DeregisterTargets'),
  run: ({ TargetGroupArn, Targets }) => {
    const group = mustHaveGroup(state, TargetGroupArn);
    for (const { Id = '', Port } of Targets ?? []) deregister(state, group, Id, Port);
    return {};
  },
});

/** Seconds and counts that a health check may have. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyTargetGroup.html */
const CHECK_LIMITS = {
  HealthCheckIntervalSeconds: [5, 300],
  HealthCheckTimeoutSeconds: [2, 120],
  HealthyThresholdCount: [2, 10],
  UnhealthyThresholdCount: [2, 10],
} as const;

const checkOf = (group: TargetGroup, input: Elb.ModifyTargetGroupCommandInput): TargetGroup['check'] => {
  for (const [member, [min, max]] of Object.entries(CHECK_LIMITS)) {
    const value = input[member as keyof typeof CHECK_LIMITS];
    if (value !== undefined && (value < min || value > max)) throw validationError(`${member} must be between ${min} and ${max}`);
  }
  const { check } = group;
  const changed: TargetGroup['check'] = {
    enabled: input.HealthCheckEnabled ?? check.enabled,
    protocol: (input.HealthCheckProtocol as TargetGroup['check']['protocol'] | undefined) ?? check.protocol,
    port: input.HealthCheckPort ?? check.port,
    path: input.HealthCheckPath ?? check.path,
    intervalSeconds: input.HealthCheckIntervalSeconds ?? check.intervalSeconds,
    timeoutSeconds: input.HealthCheckTimeoutSeconds ?? check.timeoutSeconds,
    healthyCount: input.HealthyThresholdCount ?? check.healthyCount,
    unhealthyCount: input.UnhealthyThresholdCount ?? check.unhealthyCount,
    matcher: input.Matcher?.HttpCode ?? check.matcher,
  };
  if (changed.timeoutSeconds >= changed.intervalSeconds)
    throw validationError('Health check interval must be greater than the timeout');
  return changed;
};

const modifyGroup = (state: WorldState): Operation<Elb.ModifyTargetGroupCommandInput> => ({
  authorize: onGroup(state, 'ModifyTargetGroup'),
  run: (input) => {
    const group = mustHaveGroup(state, input.TargetGroupArn);
    group.check = checkOf(group, input);
    return { TargetGroups: [groupShape(state, group)] };
  },
});

export const targetGroupOperations = (state: WorldState): ServiceOperations => ({
  DescribeTargetGroups: listing('DescribeTargetGroups', 'TargetGroups', (input: Elb.DescribeTargetGroupsCommandInput) =>
    groupsFor(state, input).map((group) => groupShape(state, group)),
  ),
  DescribeTargetHealth: describeHealth(state),
  DescribeTargetGroupAttributes: describeAttributes(state),
  ModifyTargetGroup: modifyGroup(state),
  ModifyTargetGroupAttributes: modifyAttributes(state),
  RegisterTargets: registerTargets(state),
  DeregisterTargets: deregisterTargets(state),
});
