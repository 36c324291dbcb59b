import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type {
  Action,
  Listener as RawListener,
  LoadBalancer as RawLoadBalancer,
  TargetGroup as RawTargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Listener, LoadBalancer, ServiceMap, Unborn } from '../../../runbook/entities.ts';
import type { Service } from '../../../runbook/service.ts';
import { attempt, unlessMissing, unreadable } from '../read-failure.ts';
import { allGroups, groupOf } from './group.ts';
import { instanceIdsByAddress, instancesInOutline } from './instance.ts';
import { recipeFor } from './launch-source.ts';
import type { FetchFact, Look } from './look.ts';
import { present, unique } from './present.ts';
import { describeListeners, describeLoadBalancers, describeRules } from './reads/elb.ts';
import { loadBalancerName, recordsOf, zonesOf } from './route53.ts';
import { allTargetGroups, targetGroupOf } from './target-groups.ts';

const ALIASES_FOLLOWED_MAX = 5;

const loadBalancerOf = (balancer: RawLoadBalancer): LoadBalancer => ({
  arn: balancer.LoadBalancerArn ?? '',
  name: balancer.LoadBalancerName ?? '',
  type: balancer.Type ?? '',
  scheme: balancer.Scheme ?? '',
  state: balancer.State?.Code ?? '',
  dnsName: balancer.DNSName ?? '',
  vpcId: balancer.VpcId ?? '',
  ipAddressType: balancer.IpAddressType ?? '',
  subnets: (balancer.AvailabilityZones ?? []).map(({ SubnetId = '', ZoneName = '' }) => ({ subnetId: SubnetId, zone: ZoneName })),
  securityGroupIds: balancer.SecurityGroups ?? [],
  ...present({ hostedZoneId: balancer.CanonicalHostedZoneId }),
});

/** Where found, and how; or a sentence why not. */
type Found = { readonly balancers: readonly RawLoadBalancer[]; readonly foundBy: string };
const none = (foundBy: string): Found => ({ balancers: [], foundBy });

const byName = async (look: Look, name: string): Promise<Found> => {
  const missing = ['LoadBalancerNotFound', 'LoadBalancerNotFoundException'];
  const found = await unlessMissing(look.all(describeLoadBalancers, { Names: [name] }), missing);
  if (found === undefined || found.length === 0) return none(`There is no load balancer named ${name} in ${look.region}.`);
  return { balancers: found, foundBy: `By the load balancer's name, ${name}.` };
};

/** What the host stands for in Route 53, alias or CNAME, followed inside it. */
const namesInRoute53 = async (look: Look, host: string): Promise<readonly string[]> => {
  const names: string[] = [];
  for (let next: readonly string[] = [host], step = 0; next.length > 0 && step < ALIASES_FOLLOWED_MAX; step++) {
    const found = await Promise.all(next.map((name) => targetsIn(look, name)));
    next = unique(found.flat()).filter((name) => !names.includes(name));
    names.push(...next);
  }
  return names;
};
const targetsIn = async (look: Look, host: string): Promise<readonly string[]> => {
  const [zone] = await zonesOf(look, host);
  if (zone?.Id === undefined) return [];
  const records = await recordsOf(look, zone.Id, host);
  return records.flatMap(({ AliasTarget, Type, ResourceRecords = [] }) => {
    if (AliasTarget?.DNSName !== undefined) return [loadBalancerName(AliasTarget.DNSName)];
    return Type === 'CNAME' ? ResourceRecords.map(({ Value = '' }) => loadBalancerName(Value)) : [];
  });
};

const namesInDns = (look: Look, host: string): Promise<readonly string[]> =>
  look
    .within(
      `DNS for ${host}`,
      look.resolve(host, 'CNAME').catch(() => []),
    )
    .then((names) => names.map(loadBalancerName));

const byHost = async (look: Look, host: string): Promise<Found> => {
  const [balancers, zone, dns] = await Promise.all([
    look.all(describeLoadBalancers, {}),
    attempt(namesInRoute53(look, host)),
    attempt(namesInDns(look, host)),
  ]);
  const matching = (names: readonly string[]) =>
    balancers.filter(({ DNSName = '' }) => names.includes(loadBalancerName(DNSName)));
  const inZone = matching('value' in zone ? zone.value : []);
  if (inZone.length > 0) return { balancers: inZone, foundBy: `By the Route 53 record of ${host}.` };
  const inDns = matching([host, ...('value' in dns ? dns.value : [])]);
  if (inDns.length > 0) return { balancers: inDns, foundBy: `By the DNS name ${host}.` };
  const unseen = 'notSeen' in zone ? ` ${zone.notSeen.because}` : '';
  return none(`No load balancer in ${look.region} answers for ${host}, by Route 53 or by DNS.${unseen}`);
};

const find = (look: Look, { loadBalancer, url }: Service): Promise<Found> => {
  if (loadBalancer !== undefined) return byName(look, loadBalancer);
  return url === undefined
    ? Promise.resolve(none('Neither load balancer nor URL is given.'))
    : byHost(look, new URL(url).hostname);
};

const forwardedTo = ({ TargetGroupArn, ForwardConfig }: Action): readonly string[] => {
  const several = (ForwardConfig?.TargetGroups ?? []).map((tuple) => tuple.TargetGroupArn ?? '');
  return TargetGroupArn === undefined ? several : [TargetGroupArn, ...several];
};

const listenerOf = async (look: Look, listener: RawListener): Promise<ServiceMap['listeners'][number]> => {
  const { DefaultActions = [], ListenerArn: arn = '' } = listener;
  const rules = await look.all(describeRules, { ListenerArn: arn });
  const actions = [...DefaultActions, ...rules.flatMap(({ Actions = [] }) => Actions)];
  return {
    arn,
    loadBalancerArn: listener.LoadBalancerArn ?? '',
    port: listener.Port ?? 0,
    protocol: listener.Protocol ?? '',
    certificateArns: (listener.Certificates ?? []).map(({ CertificateArn = '' }) => CertificateArn),
    targetGroupArns: unique(actions.flatMap(forwardedTo)),
    // The last action ends the request; those before it authenticate.
    defaultAction: DefaultActions.at(-1)?.Type ?? '',
  };
};

const listenersOf = async (look: Look, balancer: RawLoadBalancer): Promise<ServiceMap['listeners']> => {
  const listeners = await look.all(describeListeners, { LoadBalancerArn: balancer.LoadBalancerArn });
  return Promise.all(listeners.map((listener) => listenerOf(look, listener)));
};

/** Those that belong to the load balancers are known without the rules, which take longer to read. */
const targetGroupsOf = async (
  look: Look,
  all: readonly RawTargetGroup[],
  listeners: Promise<readonly Listener[]>,
  balancerArns: readonly string[],
) => {
  const isAttached = ({ LoadBalancerArns = [] }: RawTargetGroup): boolean =>
    LoadBalancerArns.some((arn) => balancerArns.includes(arn));
  const read = (groups: readonly RawTargetGroup[]) => Promise.all(groups.map((one) => targetGroupOf(look, one)));
  const others = listeners.then((heard) => {
    const arns = new Set(heard.flatMap(({ targetGroupArns }) => targetGroupArns));
    return read(all.filter((one) => !isAttached(one) && arns.has(one.TargetGroupArn ?? '')));
  });
  return (await Promise.all([read(all.filter(isAttached)), others])).flat();
};

/** Instances behind the targets; an address counts for the instance that holds it. */
const instanceIdsOf = async (
  look: Look,
  balancers: readonly RawLoadBalancer[],
  targetGroups: ServiceMap['targetGroups'],
): Promise<readonly string[]> => {
  const idsOf = (type: string) =>
    unique(targetGroups.filter(({ targetType }) => targetType === type).flatMap(({ targets }) => targets.map(({ id }) => id)));
  const vpcIds = unique(balancers.flatMap(({ VpcId }) => (VpcId === undefined ? [] : [VpcId])));
  return unique([...idsOf('instance'), ...(await instanceIdsByAddress(look, vpcIds, idsOf('ip')))]);
};

/** Groups without a member: their network and role are told by what they would launch, best effort. */
const unbornOf = async (look: Look, raw: readonly AutoScalingGroup[], names: readonly string[]): Promise<readonly Unborn[]> => {
  const empty = raw.filter(
    ({ AutoScalingGroupName = '', Instances = [] }) => Instances.length === 0 && names.includes(AutoScalingGroupName),
  );
  return Promise.all(
    empty.map(async (group) => {
      const recipe = await attempt(recipeFor(look, group));
      const { securityGroupIds = [], profile } = ('value' in recipe ? recipe.value : undefined) ?? {};
      const { name: groupName, subnetIds } = groupOf(group);
      return { groupName, subnetIds, securityGroupIds, ...present({ profile }) };
    }),
  );
};

export const serviceMap: FetchFact<'service-map'> = async (look, { serviceId }): Promise<ServiceMap> => {
  const service = look.services(serviceId);
  if (service === undefined) throw unreadable(`No service ${serviceId} is described.`);
  // Two lists of the whole account, needed in any case: asked for while the load balancer is looked up.
  const [allOfTargets, allOfScaling] = [allTargetGroups(look), allGroups(look)];
  const { balancers, foundBy } = await find(look, service);
  const nothing = { serviceId, foundBy, loadBalancers: [], listeners: [], targetGroups: [], groups: [], instances: [] };
  if (balancers.length === 0) return nothing;

  const arns = balancers.map(({ LoadBalancerArn = '' }) => LoadBalancerArn);
  const listening = Promise.all(balancers.map((one) => listenersOf(look, one))).then((lists) => lists.flat());
  const [listeners, targetGroups, groupsOfAccount] = await Promise.all([
    listening,
    allOfTargets.then((all) => targetGroupsOf(look, all, listening, arns)),
    allOfScaling,
  ]);
  const targetIds = await instanceIdsOf(look, balancers, targetGroups);
  const serving = new Set(targetGroups.map(({ arn }) => arn));
  const groups = groupsOfAccount
    .map(groupOf)
    .filter(
      ({ targetGroupArns, members }) =>
        targetGroupArns.some((arn) => serving.has(arn)) || members.some(({ id }) => targetIds.includes(id)),
    );
  const memberIds = groups.flatMap(({ members }) => members.map(({ id }) => id));
  const [instances, unborn] = await Promise.all([
    instancesInOutline(look, unique([...targetIds, ...memberIds])),
    unbornOf(
      look,
      groupsOfAccount,
      groups.map(({ name }) => name),
    ),
  ]);
  return {
    ...nothing,
    loadBalancers: balancers.map(loadBalancerOf),
    listeners,
    targetGroups,
    groups,
    instances,
    ...(unborn.length > 0 && { unborn }),
  };
};
