import type { Instance, LoadBalancer, Network, ServiceMap, TargetGroup } from '../../../src/runbook/entities.ts';
import { contains } from './ranges.ts';

/** Where packets of the service come from and go to: what every network check walks between. */

/** Targets with the same security groups. `ids` are instances, or the group that would launch them. */
export type Backend = {
  readonly ids: readonly string[];
  readonly groupIds: readonly string[];
  /** Subnets with the addresses that are in them; the whole subnet when no instance is there yet. */
  readonly places: readonly Place[];
};
export type Place = { readonly subnetId: string; readonly cidrs: readonly string[] };

const WITHOUT_NETWORK = new Set(['lambda', 'alb']);

const subnetName = (network: Network, address: string): string | undefined =>
  network.subnets.find(({ cidr }) => contains(cidr, address))?.id;

const cidrOf = (network: Network, subnetId: string): readonly string[] =>
  network.subnets.filter(({ id }) => id === subnetId).map(({ cidr }) => cidr);

const merged = (places: readonly Place[]): readonly Place[] => {
  const bySubnet = Map.groupBy(places, ({ subnetId }) => subnetId);
  return [...bySubnet].map(([subnetId, all]) => ({ subnetId, cidrs: [...new Set(all.flatMap(({ cidrs }) => cidrs))] }));
};
const withSameGroups = (backends: readonly Backend[]): readonly Backend[] =>
  [...Map.groupBy(backends, ({ groupIds }) => groupIds.toSorted().join()).values()].map((alike) => ({
    ids: alike.flatMap(({ ids }) => ids),
    groupIds: alike[0]?.groupIds ?? [],
    places: merged(alike.flatMap(({ places }) => places)),
  }));

const ofInstance = ({ id, securityGroupIds, subnetId, addresses }: Instance): Backend => ({
  ids: [id],
  groupIds: securityGroupIds,
  places: subnetId === undefined ? [] : [{ subnetId, cidrs: addresses.slice(0, 1) }],
});
/** An address that no instance holds: a container, or something outside. */
const ofAddress = (network: Network, address: string): Backend => {
  const subnetId = subnetName(network, address);
  return { ids: [address], groupIds: [], places: subnetId === undefined ? [] : [{ subnetId, cidrs: [address] }] };
};

/** What the target group's requests arrive at: its targets, else what its groups have, else what they would launch. */
export const backendsOf = (map: ServiceMap, network: Network, target: TargetGroup): readonly Backend[] => {
  if (WITHOUT_NETWORK.has(target.targetType)) return [];
  const running = map.instances.filter(({ state }) => state !== 'terminated' && state !== 'shutting-down');
  const registered = target.targets.map(({ id }) => running.find((one) => one.id === id || one.addresses.includes(id)) ?? id);
  const known = registered.flatMap((one) => {
    if (typeof one !== 'string') return [ofInstance(one)];
    return target.targetType === 'ip' ? [ofAddress(network, one)] : [];
  });
  if (known.length > 0) return withSameGroups(known);
  const groups = map.groups.filter(({ targetGroupArns }) => targetGroupArns.includes(target.arn));
  const members = running.filter(({ id }) => groups.some((group) => group.members.some((member) => member.id === id)));
  if (members.length > 0) return withSameGroups(members.map(ofInstance));
  return (map.unborn ?? [])
    .filter(({ groupName }) => groups.some(({ name }) => name === groupName))
    .map(({ groupName, securityGroupIds, subnetIds }) => ({
      ids: [groupName],
      groupIds: securityGroupIds,
      places: subnetIds.map((subnetId) => ({ subnetId, cidrs: cidrOf(network, subnetId) })),
    }));
};

/** All that stands behind the service's load balancers. */
export const allBackends = (map: ServiceMap, network: Network): readonly Backend[] => {
  const backends = map.targetGroups.flatMap((one) => backendsOf(map, network, one));
  return withSameGroups(backends).map((backend) => ({ ...backend, ids: [...new Set(backend.ids)] }));
};

/** Traffic and health check: the ports that a load balancer opens connections to. */
export const portsOf = (target: TargetGroup): readonly { readonly port: number; readonly what: 'traffic' | 'health check' }[] => {
  const traffic = [...new Set(target.targets.map(({ port }) => port))];
  const ports = traffic.length > 0 ? traffic : target.port === undefined ? [] : [target.port];
  const check = Number(target.healthCheck.port);
  return [
    ...ports.map((port) => ({ port, what: 'traffic' as const })),
    ...(Number.isInteger(check) && !ports.includes(check) ? [{ port: check, what: 'health check' as const }] : []),
  ];
};

export const balancerPlaces = (balancer: LoadBalancer, network: Network): readonly Place[] =>
  balancer.subnets.map(({ subnetId }) => ({ subnetId, cidrs: cidrOf(network, subnetId) }));

export const targetGroupsBehind = (map: ServiceMap, { arn }: LoadBalancer): readonly TargetGroup[] =>
  map.targetGroups.filter(({ loadBalancerArns }) => loadBalancerArns.includes(arn));

export const isPublic = ({ scheme }: LoadBalancer): boolean => scheme !== 'internal';
export const isDualStack = ({ ipAddressType }: LoadBalancer): boolean => ipAddressType.startsWith('dualstack');

/** `i-1`, `i-1 and i-2`, `i-1, i-2 and 198 more`: which is readable however many they are. */
export const inShort = (ids: readonly string[]): string => {
  if (ids.length <= 2) return ids.join(' and ');
  return `${ids.slice(0, 2).join(', ')} and ${ids.length - 2} more`;
};
