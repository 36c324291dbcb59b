import type {
  LoadBalancer as RawLoadBalancer,
  TargetGroup as RawTargetGroup,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Target, TargetGroup } from '../../../runbook/entities.ts';
import { unlessMissing, unreadable } from '../read-failure.ts';
import { instancesById } from './instance.ts';
import type { FetchFact, Loader, Look } from './look.ts';
import { present } from './present.ts';
import {
  describeLoadBalancerAttributes,
  describeLoadBalancers,
  describeTargetGroupAttributes,
  describeTargetGroups,
  describeTargetHealth,
} from './reads/elb.ts';

const LOAD_BALANCERS_PER_CALL = 20;
const CROSS_ZONE = 'load_balancing.cross_zone.enabled';
/** Then the load balancer's own attribute counts. https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html */
const AS_THE_LOAD_BALANCER = 'use_load_balancer_configuration';
const DEREGISTRATION_DELAY = 'deregistration_delay.timeout_seconds';
const DEREGISTRATION_DELAY_DEFAULT = 300;
const MINIMUM_HEALTHY = /^target_group_health\..*\.minimum_healthy_targets\./;
/** Types whose targets are instances, by id or by address. */
const WITH_INSTANCES = new Set(['instance', 'ip']);

const loadBalancersByArn: Loader<RawLoadBalancer> = {
  name: 'load balancer',
  max: LOAD_BALANCERS_PER_CALL,
  fetch: async (look, arns) => {
    const found = await look.all(describeLoadBalancers, { LoadBalancerArns: [...arns] });
    return new Map(found.map((balancer) => [balancer.LoadBalancerArn ?? '', balancer]));
  },
};

/** All of the account's in this region, in one list that every fact shares. */
export const allTargetGroups = (look: Look): Promise<readonly RawTargetGroup[]> => look.all(describeTargetGroups, {});

const targetOf = ({ Target, TargetHealth }: TargetHealthDescription): Target => ({
  id: Target?.Id ?? '',
  port: Target?.Port ?? 0,
  state: TargetHealth?.State ?? '',
  ...present({ zone: Target?.AvailabilityZone, reason: TargetHealth?.Reason, description: TargetHealth?.Description }),
});

/** Nobody is a target of a group that was deleted meanwhile. */
const targetsOf = async (look: Look, arn: string): Promise<readonly Target[]> => {
  const health = await unlessMissing(look.ask(describeTargetHealth, { TargetGroupArn: arn }), [
    'TargetGroupNotFound',
    'TargetGroupNotFoundException',
  ]);
  return (health?.TargetHealthDescriptions ?? []).map(targetOf);
};

type Attributes = Readonly<Record<string, string>>;
const attributesFrom = (
  pairs: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] = [],
): Attributes => Object.fromEntries(pairs.map(({ Key = '', Value = '' }) => [Key, Value]));

/** Application load balancers always do, on their own level. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html */
const isCrossZone = async (look: Look, attributes: Attributes, balancer: RawLoadBalancer | undefined): Promise<boolean> => {
  const own = attributes[CROSS_ZONE] ?? AS_THE_LOAD_BALANCER;
  if (own !== AS_THE_LOAD_BALANCER) return own === 'true';
  if (balancer === undefined || balancer.Type === 'application') return balancer !== undefined;
  const answer = await look.ask(describeLoadBalancerAttributes, { LoadBalancerArn: balancer.LoadBalancerArn });
  return attributesFrom(answer.Attributes)[CROSS_ZONE] === 'true';
};

const healthCheckOf = (group: RawTargetGroup): TargetGroup['healthCheck'] => ({
  port: group.HealthCheckPort ?? 'traffic-port',
  intervalSeconds: group.HealthCheckIntervalSeconds ?? 0,
  timeoutSeconds: group.HealthCheckTimeoutSeconds ?? 0,
  healthyThreshold: group.HealthyThresholdCount ?? 0,
  unhealthyThreshold: group.UnhealthyThresholdCount ?? 0,
  ...present({
    protocol: group.HealthCheckProtocol as string | undefined,
    path: group.HealthCheckPath,
    matcher: group.Matcher?.HttpCode ?? group.Matcher?.GrpcCode,
  }),
});

export const targetGroupOf = async (look: Look, group: RawTargetGroup): Promise<TargetGroup> => {
  const { TargetGroupArn: arn = '', LoadBalancerArns: loadBalancerArns = [] } = group;
  const [firstBalancer] = loadBalancerArns;
  const [described, targets, balancer] = await Promise.all([
    look.ask(describeTargetGroupAttributes, { TargetGroupArn: arn }),
    targetsOf(look, arn),
    firstBalancer === undefined ? undefined : look.load(loadBalancersByArn, firstBalancer),
  ]);
  const attributes = attributesFrom(described.Attributes);
  return {
    arn,
    name: group.TargetGroupName ?? '',
    targetType: group.TargetType ?? 'instance',
    healthCheck: healthCheckOf(group),
    loadBalancerArns,
    crossZone: await isCrossZone(look, attributes, balancer),
    deregistrationDelaySeconds: Number(attributes[DEREGISTRATION_DELAY] ?? DEREGISTRATION_DELAY_DEFAULT),
    minimumHealthy: Object.fromEntries(Object.entries(attributes).filter(([name]) => MINIMUM_HEALTHY.test(name))),
    targets,
    ...present({
      protocol: group.Protocol as string | undefined,
      port: group.Port,
      loadBalancerType: balancer?.Type as string | undefined,
    }),
  };
};

/** Of these groups, those that have one of the instances, by id or address, as a target. Takes a call for each. */
const holding = async (
  look: Look,
  groups: readonly RawTargetGroup[],
  ids: ReadonlySet<string>,
): Promise<readonly RawTargetGroup[]> => {
  const { targetGroupsSearched: max } = look.limits;
  if (groups.length > max)
    throw unreadable(`The VPC has ${groups.length} target groups; at most ${max} are searched for the instance.`);
  const held = await Promise.all(groups.map(({ TargetGroupArn = '' }) => targetsOf(look, TargetGroupArn)));
  return groups.filter((_, index) => held[index]?.some(({ id }) => ids.has(id)));
};

export const targetGroupsAround: FetchFact<'target-groups-around'> = async (look, { groupName, instanceId }) => {
  const [group, all] = await Promise.all([look.fact('group', { name: groupName }), allTargetGroups(look)]);
  const memberIds = group?.members.map(({ id }) => id) ?? [];
  const instances = await instancesById(look, instanceId === undefined ? memberIds : [instanceId]);
  const attached = all.filter(({ TargetGroupArn = '' }) => group?.targetGroupArns.includes(TargetGroupArn));
  const balancers = new Set(attached.flatMap(({ LoadBalancerArns = [] }) => LoadBalancerArns));
  const near = all.filter((one) => attached.includes(one) || one.LoadBalancerArns?.some((arn) => balancers.has(arn)));
  const vpcs = new Set(instances.map(({ vpcId }) => vpcId));
  const far = all.filter((one) => !near.includes(one) && vpcs.has(one.VpcId) && WITH_INSTANCES.has(one.TargetType ?? ''));
  const ids = new Set(instances.flatMap(({ id, addresses }) => [id, ...addresses]));
  const around = [...near, ...(await holding(look, far, ids))];
  return Promise.all(around.map((one) => targetGroupOf(look, one)));
};
