import {
  DescribeListenerCertificatesCommand,
  type DescribeListenerCertificatesCommandInput,
  DescribeListenersCommand,
  type DescribeListenersCommandInput,
  DescribeLoadBalancerAttributesCommand,
  type DescribeLoadBalancerAttributesCommandInput,
  DescribeLoadBalancersCommand,
  type DescribeLoadBalancersCommandInput,
  DescribeRulesCommand,
  type DescribeRulesCommandInput,
  DescribeTargetGroupAttributesCommand,
  type DescribeTargetGroupAttributesCommandInput,
  DescribeTargetGroupsCommand,
  type DescribeTargetGroupsCommandInput,
  DescribeTargetHealthCommand,
  type DescribeTargetHealthCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { byNextMarker, read } from './paging.ts';

export const describeLoadBalancers = byNextMarker(
  'elasticloadbalancing:DescribeLoadBalancers',
  ({ elb }, input: DescribeLoadBalancersCommandInput, options) => elb.send(new DescribeLoadBalancersCommand(input), options),
  ({ LoadBalancers }) => LoadBalancers,
);
export const describeLoadBalancerAttributes = read(
  'elasticloadbalancing:DescribeLoadBalancerAttributes',
  ({ elb }, input: DescribeLoadBalancerAttributesCommandInput, options) =>
    elb.send(new DescribeLoadBalancerAttributesCommand(input), options),
);
export const describeListeners = byNextMarker(
  'elasticloadbalancing:DescribeListeners',
  ({ elb }, input: DescribeListenersCommandInput, options) => elb.send(new DescribeListenersCommand(input), options),
  ({ Listeners }) => Listeners,
);
export const describeListenerCertificates = byNextMarker(
  'elasticloadbalancing:DescribeListenerCertificates',
  ({ elb }, input: DescribeListenerCertificatesCommandInput, options) =>
    elb.send(new DescribeListenerCertificatesCommand(input), options),
  ({ Certificates }) => Certificates,
);
export const describeRules = byNextMarker(
  'elasticloadbalancing:DescribeRules',
  ({ elb }, input: DescribeRulesCommandInput, options) => elb.send(new DescribeRulesCommand(input), options),
  ({ Rules }) => Rules,
);
export const describeTargetGroups = byNextMarker(
  'elasticloadbalancing:DescribeTargetGroups',
  ({ elb }, input: DescribeTargetGroupsCommandInput, options) => elb.send(new DescribeTargetGroupsCommand(input), options),
  ({ TargetGroups }) => TargetGroups,
);
export const describeTargetGroupAttributes = read(
  'elasticloadbalancing:DescribeTargetGroupAttributes',
  ({ elb }, input: DescribeTargetGroupAttributesCommandInput, options) =>
    elb.send(new DescribeTargetGroupAttributesCommand(input), options),
);
export const describeTargetHealth = read(
  'elasticloadbalancing:DescribeTargetHealth',
  ({ elb }, input: DescribeTargetHealthCommandInput, options) => elb.send(new DescribeTargetHealthCommand(input), options),
);
