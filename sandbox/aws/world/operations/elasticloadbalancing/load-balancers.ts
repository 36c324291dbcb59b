import type * as Elb from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AwsError, Operation, ServiceOperations } from '../../../operation.ts';
import type { Listener, ListenerRule, LoadBalancer, RuleAction } from '../../state/balancer.ts';
import { listenersOf } from '../../state/find.ts';
import type { WorldState } from '../../state/state.ts';
import { onAnything } from '../authorize.ts';
import { attributeList, listing, NOT_FOUND, named, tagPairs, validationError } from './lists.ts';

const balancerShape = (balancer: LoadBalancer): Elb.LoadBalancer => ({
  LoadBalancerArn: balancer.arn,
  LoadBalancerName: balancer.name,
  DNSName: balancer.dnsName,
  CanonicalHostedZoneId: balancer.hostedZoneId,
  CreatedTime: new Date(balancer.createdAt),
  Scheme: balancer.scheme,
  Type: balancer.type,
  State: { Code: 'active' },
  VpcId: balancer.vpcId,
  IpAddressType: 'ipv4',
  AvailabilityZones: balancer.nodes.map(({ zone, subnetId }) => ({
    ZoneName: zone,
    SubnetId: subnetId,
    LoadBalancerAddresses: [],
  })),
  ...(balancer.securityGroupIds.length > 0 && { SecurityGroups: [...balancer.securityGroupIds] }),
});

export const mustHaveBalancer = (state: WorldState, arn: string | undefined): LoadBalancer => {
  const found = state.loadBalancers.find((balancer) => balancer.arn === arn);
  if (found === undefined) throw NOT_FOUND.loadBalancer();
  return found;
};

const actionShape = (action: RuleAction): Elb.Action => {
  switch (action.type) {
    case 'forward':
      return {
        Type: 'forward',
        // With one group only, AWS names it in both places.
        ...(action.targetGroups.length === 1 && { TargetGroupArn: action.targetGroups[0]!.arn }),
        ForwardConfig: {
          TargetGroups: action.targetGroups.map(({ arn, weight }) => ({ TargetGroupArn: arn, Weight: weight })),
          TargetGroupStickinessConfig: { Enabled: false },
        },
      };
    case 'redirect':
      return {
        Type: 'redirect',
        RedirectConfig: {
          Protocol: action.protocol,
          Port: action.port,
          Host: '#{host}',
          Path: '/#{path}',
          Query: '#{query}',
          StatusCode: action.status,
        },
      };
    case 'fixed-response':
      return { Type: 'fixed-response', FixedResponseConfig: { StatusCode: action.status, ContentType: 'text/plain' } };
  }
};

const listenerShape = (listener: Listener): Elb.Listener => ({
  ListenerArn: listener.arn,
  LoadBalancerArn: listener.loadBalancerArn,
  Port: listener.port,
  Protocol: listener.protocol,
  // The default certificate alone; all of them are told by DescribeListenerCertificates.
  ...(listener.certificateArns.length > 0 && { Certificates: [{ CertificateArn: listener.certificateArns[0] }] }),
  ...(listener.sslPolicy !== undefined && { SslPolicy: listener.sslPolicy }),
  DefaultActions: listener.rules.filter(({ priority }) => priority === 'default').map(({ action }) => actionShape(action)),
});

const mustHaveListener = (state: WorldState, arn: string | undefined): Listener => {
  const found = state.listeners.find((listener) => listener.arn === arn);
  if (found === undefined) throw NOT_FOUND.listener();
  return found;
};

const listenersFor = (state: WorldState, input: Elb.DescribeListenersCommandInput): readonly Listener[] => {
  const { LoadBalancerArn, ListenerArns } = input;
  if (LoadBalancerArn === undefined && ListenerArns === undefined)
    throw validationError('You must specify either listener ARNs or a load balancer ARN');
  const from = LoadBalancerArn === undefined ? state.listeners : listenersOf(state, mustHaveBalancer(state, LoadBalancerArn).arn);
  return named(from, (listener) => listener.arn, ListenerArns, NOT_FOUND.listener);
};

const orderOf = ({ priority }: ListenerRule): number => (priority === 'default' ? Number.POSITIVE_INFINITY : priority);

const ruleShape = (rule: ListenerRule): Elb.Rule => ({
  RuleArn: rule.arn,
  Priority: String(rule.priority),
  IsDefault: rule.priority === 'default',
  Conditions: rule.conditions.map(({ field, values }) => ({
    Field: field,
    Values: [...values],
    ...(field === 'path-pattern'
      ? { PathPatternConfig: { Values: [...values] } }
      : { HostHeaderConfig: { Values: [...values] } }),
  })),
  Actions: [actionShape(rule.action)],
});

const rulesFor = (state: WorldState, { ListenerArn, RuleArns }: Elb.DescribeRulesCommandInput): readonly ListenerRule[] => {
  if (ListenerArn === undefined && RuleArns === undefined)
    throw validationError('You must specify either listener rule ARNs or a listener ARN');
  const from =
    ListenerArn === undefined ? state.listeners.flatMap(({ rules }) => rules) : mustHaveListener(state, ListenerArn).rules;
  return [...named(from, (rule) => rule.arn, RuleArns, NOT_FOUND.rule)].sort((a, b) => orderOf(a) - orderOf(b));
};

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html */
const attributesOf = (balancer: LoadBalancer) =>
  attributeList(
    {
      'access_logs.s3.enabled': 'false',
      'deletion_protection.enabled': 'false',
      'load_balancing.cross_zone.enabled': String(balancer.type === 'application'),
      ...(balancer.type === 'application' && { 'idle_timeout.timeout_seconds': '60', 'routing.http2.enabled': 'true' }),
    },
    balancer.attributes,
  );

const describeAttributes = (state: WorldState): Operation<Elb.DescribeLoadBalancerAttributesCommandInput> => ({
  authorize: () => onAnything('elasticloadbalancing:DescribeLoadBalancerAttributes'),
  run: ({ LoadBalancerArn }) => ({ Attributes: attributesOf(mustHaveBalancer(state, LoadBalancerArn)) }),
});

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html */
const TAGGED_MAX = 20;

const refusalFor = (state: WorldState, arn: string): AwsError | undefined => {
  const holders: readonly (readonly [string, boolean, () => AwsError])[] = [
    [':loadbalancer/', state.loadBalancers.some((one) => one.arn === arn), NOT_FOUND.loadBalancer],
    [':targetgroup/', state.targetGroups.some((one) => one.arn === arn), NOT_FOUND.targetGroup],
    [':listener/', state.listeners.some((one) => one.arn === arn), NOT_FOUND.listener],
    [':listener-rule/', state.listeners.some(({ rules }) => rules.some((one) => one.arn === arn)), NOT_FOUND.rule],
  ];
  const [, known, refuse] = holders.find(([part]) => arn.includes(part)) ?? [];
  if (refuse === undefined) return validationError(`'${arn}' is not a valid ARN`);
  return known ? undefined : refuse();
};

const describeTags = (state: WorldState): Operation<Elb.DescribeTagsCommandInput> => ({
  authorize: () => onAnything('elasticloadbalancing:DescribeTags'),
  run: ({ ResourceArns }) => {
    const arns = ResourceArns ?? [];
    if (arns.length === 0 || arns.length > TAGGED_MAX)
      throw validationError(`The number of resource ARNs must be between 1 and ${TAGGED_MAX}`);
    const refusal = arns.map((arn) => refusalFor(state, arn)).find((one) => one !== undefined);
    if (refusal !== undefined) throw refusal;
    return { TagDescriptions: arns.map((arn) => ({ ResourceArn: arn, Tags: tagPairs(state, arn) })) };
  },
});

export const loadBalancerOperations = (state: WorldState): ServiceOperations => ({
  DescribeLoadBalancers: listing('DescribeLoadBalancers', 'LoadBalancers', (input: Elb.DescribeLoadBalancersCommandInput) => {
    const byArn = named(state.loadBalancers, ({ arn }) => arn, input.LoadBalancerArns, NOT_FOUND.loadBalancer);
    return named(byArn, ({ name }) => name, input.Names, NOT_FOUND.loadBalancer).map(balancerShape);
  }),
  DescribeLoadBalancerAttributes: describeAttributes(state),
  DescribeListeners: listing('DescribeListeners', 'Listeners', (input: Elb.DescribeListenersCommandInput) =>
    listenersFor(state, input).map(listenerShape),
  ),
  DescribeListenerCertificates: listing(
    'DescribeListenerCertificates',
    'Certificates',
    ({ ListenerArn }: Elb.DescribeListenerCertificatesCommandInput) =>
      mustHaveListener(state, ListenerArn).certificateArns.map((arn, index) => ({ CertificateArn: arn, IsDefault: index === 0 })),
  ),
  DescribeRules: listing('DescribeRules', 'Rules', (input: Elb.DescribeRulesCommandInput) =>
    rulesFor(state, input).map(ruleShape),
  ),
  DescribeTags: describeTags(state),
});
