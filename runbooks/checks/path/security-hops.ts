import type {
  DependencySeen,
  LoadBalancer,
  Network,
  PortRule,
  SecurityGroup,
  ServiceMap,
} from '../../../src/runbook/entities.ts';
import {
  allBackends,
  type Backend,
  backendsOf,
  balancerPlaces,
  inShort,
  isDualStack,
  isPublic,
  portsOf,
  targetGroupsBehind,
} from './ends.ts';
import { type Admitting, admitsPeer, admittedBy, isForPort, type Peer, peerOf, portsOfRule } from './port-rules.ts';
import { EVERYWHERE, isPrivate, rangeOf } from './ranges.ts';

/** One stretch of the way: who has to let whom through, on which port. */
export type Hop = {
  readonly what: string;
  /** The groups of the end that lets through; any rule of any of them counts. */
  readonly at: readonly string[];
  readonly way: 'in' | 'out';
  readonly peer: Peer;
  readonly peerName: string;
  readonly port: number;
  /** From the internet: a rule for some of it is a restriction that somebody wanted. */
  readonly fromInternet?: true;
};
export type Walked = {
  readonly hop: Hop;
  readonly open: boolean;
  /** What lets it through, or what is nearly right. */
  readonly line: string;
  readonly rules: number;
};

const clientHops = (balancer: LoadBalancer, map: ServiceMap): readonly Hop[] => {
  const listeners = map.listeners.filter(({ loadBalancerArn }) => loadBalancerArn === balancer.arn);
  const families = isDualStack(balancer) ? ([4, 6] as const) : ([4] as const);
  // Nothing tells who the clients of an internal load balancer are.
  const clients: readonly { readonly peer: Peer; readonly peerName: string }[] = isPublic(balancer)
    ? families.map((family) => ({ peer: { cidrs: [EVERYWHERE[family]], groupIds: [] }, peerName: EVERYWHERE[family] }))
    : [{ peer: { cidrs: [], groupIds: [] }, peerName: 'its clients' }];
  return listeners.flatMap(({ port }) =>
    clients.map(({ peer, peerName }) => ({
      what: `client → ${balancer.name}:${port}`,
      at: balancer.securityGroupIds,
      way: 'in' as const,
      peer,
      peerName,
      port,
      ...(isPublic(balancer) && { fromInternet: true as const }),
    })),
  );
};

const nameOf = (groupIds: readonly string[], cidrs: readonly string[]): string =>
  groupIds.length > 0 ? groupIds.join(', ') : inShort(cidrs) || 'it';
const addressesOf = ({ places }: Backend): readonly string[] => places.flatMap(({ cidrs }) => cidrs);

const targetHops = (balancer: LoadBalancer, map: ServiceMap, network: Network): readonly Hop[] => {
  const nodes: Peer = {
    cidrs: balancerPlaces(balancer, network).flatMap(({ cidrs }) => cidrs),
    groupIds: balancer.securityGroupIds,
  };
  return targetGroupsBehind(map, balancer).flatMap((target) =>
    backendsOf(map, network, target).flatMap((backend) =>
      portsOf(target).flatMap(({ port, what }): Hop[] => {
        const way = `${balancer.name} → ${inShort(backend.ids)}:${port}${what === 'traffic' ? '' : ` (${what})`}`;
        const peer = { cidrs: addressesOf(backend), groupIds: backend.groupIds };
        return [
          {
            what: `${way}, leaving`,
            at: balancer.securityGroupIds,
            way: 'out',
            peer,
            peerName: nameOf(peer.groupIds, peer.cidrs),
            port,
          },
          {
            what: `${way}, arriving`,
            at: backend.groupIds,
            way: 'in',
            peer: nodes,
            peerName: nameOf(nodes.groupIds, nodes.cidrs),
            port,
          },
        ];
      }),
    ),
  );
};

/** From the targets to one thing that the service file names. Its own groups count as far as they are known. */
export const dependencyHops = (
  backends: readonly Backend[],
  { name, port, addresses, interfaces }: Pick<DependencySeen, 'name' | 'port' | 'addresses' | 'interfaces'>,
  namedGroup: string | undefined,
): readonly Hop[] => {
  const theirs = interfaces.flatMap(({ securityGroupIds }) => securityGroupIds);
  const groupIds = [...new Set(namedGroup === undefined || theirs.includes(namedGroup) ? theirs : [...theirs, namedGroup])];
  return backends.flatMap((backend): Hop[] => {
    const way = `${inShort(backend.ids)} → ${name}:${port}`;
    const mine = { cidrs: addressesOf(backend), groupIds: backend.groupIds };
    return [
      {
        what: `${way}, leaving`,
        at: backend.groupIds,
        way: 'out',
        peer: { cidrs: addresses, groupIds },
        peerName: nameOf(groupIds, addresses),
        port,
      },
      { what: `${way}, arriving`, at: groupIds, way: 'in', peer: mine, peerName: nameOf(mine.groupIds, mine.cidrs), port },
    ];
  });
};

/** Client → load balancer → targets. */
export const pathHops = (map: ServiceMap, network: Network): readonly Hop[] =>
  map.loadBalancers.flatMap((balancer) => [...clientHops(balancer, map), ...targetHops(balancer, map, network)]);

export const dependencyHopsOf = (
  map: ServiceMap,
  network: Network,
  seen: readonly DependencySeen[],
  groupOf: (name: string) => string | undefined,
): readonly Hop[] => seen.flatMap((one) => dependencyHops(allBackends(map, network), one, groupOf(one.name)));

const titleOf = ({ id, name }: SecurityGroup): string => `${id} (${name})`;
const preposition = ({ way }: Hop): string => (way === 'in' ? 'from' : 'to');

/** Rules for this port that name somebody else, before rules for somebody known and another port. */
const nearlyRight = (hop: Hop, rules: readonly Admitting[]): readonly string[] => {
  const samePort = rules.filter(({ rule }) => isForPort(rule, hop.port));
  const samePeer = rules.filter(({ rule }) => admitsPeer(rule, hop.peer));
  return [
    ...samePort.map(
      ({ rule }) =>
        `${rule.id} admits ${portsOfRule(rule)} ${preposition(hop)} ${peerOf(rule)}, not ${preposition(hop)} ${hop.peerName}`,
    ),
    ...samePeer
      .filter((one) => !samePort.includes(one))
      .map(({ rule }) => `${rule.id} admits ${portsOfRule(rule)}, not ${hop.port}`),
  ];
};

/** A rule for some of the internet: somebody wanted it so. Addresses of inside and groups are none of it. */
const isRestriction = (rule: PortRule, { port, peer }: Hop): boolean => {
  const range = rangeOf(rule.cidr ?? rule.cidr6 ?? '');
  return isForPort(rule, port) && range?.family === rangeOf(peer.cidrs[0] ?? '')?.family && !isPrivate(peerOf(rule));
};

/** A hop of an end without groups (a network load balancer, something outside) is not filtered. */
export const walk = (hop: Hop, groups: readonly SecurityGroup[]): Walked | undefined => {
  if (hop.at.length === 0) return undefined;
  const here = groups.filter(({ id }) => hop.at.includes(id));
  const rules = here.flatMap((of) => (hop.way === 'in' ? of.ingress : of.egress).map((rule) => ({ rule, of })));
  const through = admittedBy(rules, hop.port, hop.peer);
  if (through !== undefined) {
    const by = through.slice(0, 3).map(({ rule, of }) => `${rule.id} of ${titleOf(of)}`);
    return { hop, open: true, line: `${hop.what}: ${by.join(', ')}`, rules: rules.length };
  }
  const restricted = hop.fromInternet ? rules.filter(({ rule }) => isRestriction(rule, hop)) : [];
  if (restricted.length > 0) {
    const only = inShort(restricted.map(({ rule }) => peerOf(rule)));
    return { hop, open: true, line: `${hop.what}: ${here.map(titleOf).join(', ')} admits only ${only}`, rules: rules.length };
  }
  return { hop, open: false, line: closedLine(hop, here, rules), rules: rules.length };
};

const closedLine = (hop: Hop, here: readonly SecurityGroup[], rules: readonly Admitting[]): string => {
  const who = here.map(titleOf).join(', ') || `${hop.at.join(', ')} (not found)`;
  const near = nearlyRight(hop, rules);
  const rest =
    near.length > 0
      ? `Nearly right: ${near.slice(0, 2).join('; ')}.`
      : rules.length === 0
        ? `It has no rule ${hop.way === 'in' ? 'in' : 'out'} at all.`
        : '';
  return `${who}: no rule admits port ${hop.port} ${preposition(hop)} ${hop.peerName} (${hop.what}). ${rest}`.trim();
};
