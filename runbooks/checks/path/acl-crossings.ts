import type { AclEntry, DependencySeen, LoadBalancer, Network, NetworkAcl, ServiceMap } from '../../../src/runbook/entities.ts';
import {
  allBackends,
  backendsOf,
  balancerPlaces,
  inShort,
  isDualStack,
  isPublic,
  type Place,
  portsOf,
  targetGroupsBehind,
} from './ends.ts';
import { EVERYWHERE, type Range, rangeOf, sizeOf } from './ranges.ts';

/**
 * Network ACLs are stateless: each packet crosses the border of two subnets, and the reply crosses both again, to a port
 * that the other side chose. https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
 */

type Ports = { readonly from: number; readonly to: number };
/** https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports */
const EPHEMERAL: Ports = { from: 1_024, to: 65_535 };
/** What a Linux host chooses from when it is the one who asks. */
const EPHEMERAL_OF_LINUX: Ports = { from: 32_768, to: 60_999 };

/** One packet at the border of one subnet. */
export type Crossing = {
  readonly subnetId: string;
  readonly way: 'in' | 'out';
  readonly peers: readonly string[];
  readonly ports: Ports;
  readonly what: string;
};
export type Judged = { readonly open: boolean; readonly line: string };

/** A request from one place to another, and its reply, at both borders; packets inside one subnet cross none. */
const bothWays = (from: Place, to: Place, port: number, back: Ports, what: string): readonly Crossing[] => {
  if (from.subnetId === to.subnetId) return [];
  const there: Ports = { from: port, to: port };
  const reply = `replies of ${what}`;
  return [
    { subnetId: from.subnetId, way: 'out', peers: to.cidrs, ports: there, what },
    { subnetId: to.subnetId, way: 'in', peers: from.cidrs, ports: there, what },
    { subnetId: to.subnetId, way: 'out', peers: from.cidrs, ports: back, what: reply },
    { subnetId: from.subnetId, way: 'in', peers: to.cidrs, ports: back, what: reply },
  ];
};

const clientCrossings = (balancer: LoadBalancer, map: ServiceMap, network: Network): readonly Crossing[] => {
  if (!isPublic(balancer)) return [];
  const everybody = [EVERYWHERE[4], ...(isDualStack(balancer) ? [EVERYWHERE[6]] : [])];
  const listeners = map.listeners.filter(({ loadBalancerArn }) => loadBalancerArn === balancer.arn);
  return balancerPlaces(balancer, network).flatMap(({ subnetId }) =>
    listeners.flatMap(({ port }): Crossing[] => {
      const what = `client → ${balancer.name}:${port}`;
      return [
        { subnetId, way: 'in', peers: everybody, ports: { from: port, to: port }, what },
        { subnetId, way: 'out', peers: everybody, ports: EPHEMERAL, what: `replies of ${what}` },
      ];
    }),
  );
};

const targetCrossings = (balancer: LoadBalancer, map: ServiceMap, network: Network): readonly Crossing[] =>
  targetGroupsBehind(map, balancer).flatMap((target) =>
    backendsOf(map, network, target).flatMap(({ places }) =>
      portsOf(target).flatMap(({ port, what }) => {
        const name = `${balancer.name} → ${target.name}:${port}${what === 'traffic' ? '' : ` (${what})`}`;
        return balancerPlaces(balancer, network).flatMap((node) =>
          places.flatMap((place) => bothWays(node, place, port, EPHEMERAL, name)),
        );
      }),
    ),
  );

/** Client → load balancer → targets. */
export const pathCrossings = (map: ServiceMap, network: Network): readonly Crossing[] =>
  map.loadBalancers.flatMap((balancer) => [
    ...clientCrossings(balancer, map, network),
    ...targetCrossings(balancer, map, network),
  ]);

/** Targets → one thing that the service file names; its own side as far as its subnet is known. */
export const dependencyCrossings = (
  map: ServiceMap,
  network: Network,
  { name, port, addresses, interfaces }: DependencySeen,
): readonly Crossing[] => {
  const what = `targets → ${name}:${port}`;
  const places = allBackends(map, network).flatMap((backend) => backend.places);
  const theirs: readonly Place[] = interfaces.map(({ subnetId, address }) => ({ subnetId, cidrs: [address] }));
  const outside = addresses.filter((address) => !interfaces.some((one) => one.address === address));
  return places.flatMap((place): Crossing[] => [
    ...theirs.flatMap((their) => bothWays(place, their, port, EPHEMERAL_OF_LINUX, what)),
    ...(outside.length === 0
      ? []
      : [
          { subnetId: place.subnetId, way: 'out' as const, peers: outside, ports: { from: port, to: port }, what },
          { subnetId: place.subnetId, way: 'in' as const, peers: outside, ports: EPHEMERAL_OF_LINUX, what: `replies of ${what}` },
        ]),
  ]);
};

const TCP = new Set(['-1', 'tcp', '6']);
type Ranged = { readonly entry: AclEntry; readonly range: Range };
const rangedOf = (entry: AclEntry): readonly Ranged[] => {
  const range = rangeOf(entry.cidr ?? entry.cidr6 ?? '');
  return range === undefined || !TCP.has(entry.protocol) ? [] : [{ entry, range }];
};
const isForPort = ({ protocol, fromPort, toPort }: AclEntry, port: number): boolean =>
  protocol === '-1' || (fromPort <= port && port <= toPort);

type Piece = { readonly address: bigint; readonly size: bigint };
/** The rules' own borders are the only places where the answer can change: one address for each piece between them. */
const piecesOf = (peer: Range, rules: readonly Ranged[]): readonly Piece[] => {
  const borders = rules
    .filter(({ range }) => range.family === peer.family)
    .flatMap(({ range }) => [range.first, range.last + 1n])
    .filter((address) => address > peer.first && address <= peer.last);
  const starts = [...new Set([peer.first, ...borders])].toSorted((a, b) => (a < b ? -1 : 1));
  return starts.map((address, index) => ({ address, size: (starts[index + 1] ?? peer.last + 1n) - address }));
};
const portBorders = ({ from, to }: Ports, rules: readonly Ranged[]): readonly number[] => {
  const borders = rules.flatMap(({ entry }) => [entry.fromPort, entry.toPort + 1]).filter((port) => port > from && port <= to);
  return [from, ...new Set(borders)];
};

/** Rules are tried in the order of their numbers, the first that covers the packet decides; none is a denial. */
const decisive = (rules: readonly Ranged[], peer: Range, address: bigint, port: number): AclEntry | undefined =>
  rules.find(
    ({ entry, range }) =>
      range.family === peer.family && range.first <= address && address <= range.last && isForPort(entry, port),
  )?.entry;

type Bite = { readonly entry: AclEntry | undefined; readonly port: number };
type Found = { readonly bite: Bite } | { readonly by: readonly number[] };

/** Somebody in the internet may be kept out on purpose; of everything else each address must get through. */
const biteFor = (peer: Range, ports: Ports, rules: readonly Ranged[]): Found => {
  const isEverybody = peer.first === 0n && sizeOf(peer) > 1n << 31n;
  const by = new Set<number>();
  for (const port of portBorders(ports, rules)) {
    const pieces = piecesOf(peer, rules).map((piece) => ({ ...piece, entry: decisive(rules, peer, piece.address, port) }));
    const denied = pieces.filter(({ entry }) => entry?.allow !== true);
    const share = denied.reduce((sum, { size }) => sum + size, 0n);
    if (denied[0] !== undefined && (!isEverybody || share * 2n > sizeOf(peer))) {
      const largest = denied.reduce((a, b) => (b.size > a.size ? b : a));
      return { bite: { entry: largest.entry, port } };
    }
    for (const { entry } of pieces) if (entry?.allow) by.add(entry.number);
  }
  return { by: [...by] };
};

/** `*`: what denies all that no other rule covers. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkAclEntry.html */
const LAST_RULE = 32_767;
const portWords = ({ from, to }: Ports): string => (from === to ? String(from) : `${from}-${to}`);
const preposition = (way: Crossing['way']): string => (way === 'in' ? 'from' : 'to');

const judgeAt = (acl: NetworkAcl, { way, peers, ports, what }: Omit<Crossing, 'subnetId'>): Judged => {
  const rules = acl.entries
    .filter(({ egress }) => egress === (way === 'out'))
    .toSorted((a, b) => a.number - b.number)
    .flatMap(rangedOf);
  const by = new Set<number>();
  for (const peer of peers) {
    const range = rangeOf(peer);
    const found = range && biteFor(range, ports, rules);
    if (found === undefined) continue;
    if ('bite' in found) {
      const { entry, port } = found.bite;
      const says = entry === undefined || entry.number === LAST_RULE ? 'no rule allows' : `rule ${entry.number} denies`;
      const at = ports.from === ports.to ? '' : ` (already at ${port})`;
      return {
        open: false,
        line: `${acl.id}: ${says} tcp ${portWords(ports)}${at} ${way} ${preposition(way)} ${peer} (${what}). ACLs are stateless: each way needs its own rule.`,
      };
    }
    for (const number of found.by) by.add(number);
  }
  const numbers = [...by].toSorted((a, b) => a - b);
  return {
    open: true,
    line: `${acl.id}: ${numbers.length === 1 ? 'rule' : 'rules'} ${numbers.join(', ')} ${numbers.length === 1 ? 'allows' : 'allow'} tcp ${portWords(ports)} ${way} ${preposition(way)} ${inShort(peers)} (${what})`,
  };
};

/** One line for each ACL, way and purpose, however many subnets and hosts there are. */
export const judgeCrossings = (crossings: readonly Crossing[], network: Network): readonly Judged[] => {
  const placed = crossings.flatMap((crossing) => {
    const acl = network.acls.find(({ subnetIds }) => subnetIds.includes(crossing.subnetId));
    return acl === undefined ? [] : [{ acl, crossing }];
  });
  const alike = Map.groupBy(placed, ({ acl, crossing: { way, ports, what } }) => [acl.id, way, portWords(ports), what].join(' '));
  return [...alike.values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    const peers = [...new Set([first, ...more].flatMap(({ crossing }) => crossing.peers))];
    return [judgeAt(first.acl, { ...first.crossing, peers })];
  });
};

/** Subnets on the way whose ACL is not among those that were read. */
export const withoutAcl = (crossings: readonly Crossing[], network: Network): readonly string[] => [
  ...new Set(
    crossings.map(({ subnetId }) => subnetId).filter((id) => !network.acls.some(({ subnetIds }) => subnetIds.includes(id))),
  ),
];
