import { EPHEMERAL_PORTS } from '../limits.ts';
import { interfaceOf, securityGroupOf, subnetOf } from '../state/find.ts';
import type { AclEntry, NetworkAcl, Route, RouteTable, SecurityRule } from '../state/network.ts';
import type { WorldState } from '../state/state.ts';
import { cidrHolds, prefixBits } from './addresses.ts';

/** One end of a connection inside the VPC. */
export type Place = {
  readonly ip: string;
  readonly subnetId: string;
  readonly groupIds: readonly string[];
  readonly publicIp?: string;
};

/** Whether a TCP connection comes about; if not, which resource stops it, in a sentence. A dropped packet is silence: the other side waits. */
export type Walk = { readonly arrives: true } | { readonly arrives: false; readonly at: string; readonly why: string };

const ARRIVES: Walk = { arrives: true };
const dropped = (at: string, why: string): Walk => ({ arrives: false, at, why });

const TCP = '6';

const firstFailure = (...steps: readonly (() => Walk)[]): Walk => {
  for (const step of steps) {
    const walk = step();
    if (!walk.arrives) return walk;
  }
  return ARRIVES;
};

export const placeOf = (state: WorldState, interfaceId: string): Place => {
  const { ip, subnetId, groupIds, publicIp } = interfaceOf(state, interfaceId);
  return { ip, subnetId, groupIds, ...(publicIp === undefined ? {} : { publicIp }) };
};

export const routeTableOf = (state: WorldState, subnetId: string): RouteTable | undefined => {
  const { VpcId } = subnetOf(state, subnetId);
  const mine = state.routeTables.filter((table) => table.VpcId === VpcId);
  return (
    mine.find((table) => table.Associations.some((association) => association.SubnetId === subnetId)) ??
    mine.find((table) => table.Associations.some((association) => association.Main))
  );
};

export const networkAclOf = (state: WorldState, subnetId: string): NetworkAcl | undefined =>
  state.networkAcls.find((acl) => acl.Associations.some((association) => association.SubnetId === subnetId));

/** The most specific route wins. https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html#route-tables-priority */
const routeTo = (table: RouteTable, ip: string): Route | undefined =>
  table.Routes.filter((route) => cidrHolds(route.DestinationCidrBlock, ip)).sort(
    (a, b) => prefixBits(b.DestinationCidrBlock) - prefixBits(a.DestinationCidrBlock),
  )[0];

const findRoute = (state: WorldState, subnetId: string, ip: string): { readonly route: Route } | { readonly walk: Walk } => {
  const table = routeTableOf(state, subnetId);
  if (table === undefined) return { walk: dropped(subnetId, `Subnet ${subnetId} has no route table.`) };
  const route = routeTo(table, ip);
  if (route === undefined)
    return { walk: dropped(table.RouteTableId, `Route table ${table.RouteTableId} has no route to ${ip}.`) };
  if (route.State === 'blackhole')
    return {
      walk: dropped(
        table.RouteTableId,
        `Route table ${table.RouteTableId} sends ${route.DestinationCidrBlock} into a black hole.`,
      ),
    };
  return { route };
};

const localRoute = (state: WorldState, from: Place, ip: string): Walk => {
  const found = findRoute(state, from.subnetId, ip);
  return 'walk' in found ? found.walk : ARRIVES;
};

const entryCovers = (entry: AclEntry, ip: string, port: number): boolean =>
  (entry.Protocol === '-1' || entry.Protocol === TCP) &&
  cidrHolds(entry.CidrBlock, ip) &&
  (entry.PortRange === undefined || (port >= entry.PortRange.From && port <= entry.PortRange.To));

/** Rules are tried in the order of their numbers, the first that covers the packet decides, none is a denial. https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html */
const aclLets = (acl: NetworkAcl, egress: boolean, ip: string, port: number): Walk => {
  const way = egress ? 'outbound to' : 'inbound from';
  const entry = acl.Entries.filter((one) => one.Egress === egress)
    .sort((a, b) => a.RuleNumber - b.RuleNumber)
    .find((one) => entryCovers(one, ip, port));
  if (entry?.RuleAction === 'allow') return ARRIVES;
  const rule = entry === undefined ? 'has no rule that allows' : `rule ${entry.RuleNumber} denies`;
  return dropped(acl.NetworkAclId, `Network ACL ${acl.NetworkAclId} ${rule} tcp ${port} ${way} ${ip}.`);
};

/** Every port a reply may come to must be open: the rules' own borders are the only places where the answer can change. */
const ephemeralBorders = (acl: NetworkAcl): number[] => {
  const borders = acl.Entries.flatMap(({ PortRange }) => (PortRange === undefined ? [] : [PortRange.From, PortRange.To + 1]));
  return [EPHEMERAL_PORTS.From, ...borders.filter((port) => port > EPHEMERAL_PORTS.From && port <= EPHEMERAL_PORTS.To)];
};

const aclStep = (state: WorldState, subnetId: string, egress: boolean, ip: string, port: number | 'ephemeral') => (): Walk => {
  const acl = networkAclOf(state, subnetId);
  if (acl === undefined) return ARRIVES;
  const ports = port === 'ephemeral' ? ephemeralBorders(acl) : [port];
  return firstFailure(...ports.map((one) => () => aclLets(acl, egress, ip, one)));
};

const ruleAdmits = (
  rule: SecurityRule,
  other: { readonly ip: string; readonly groupIds: readonly string[] },
  port: number,
): boolean =>
  (rule.protocol === '-1' || (rule.protocol === 'tcp' && port >= rule.from && port <= rule.to)) &&
  (rule.cidr === undefined
    ? rule.groupId !== undefined && other.groupIds.includes(rule.groupId)
    : cidrHolds(rule.cidr, other.ip));

/** Groups only allow, and any rule of any group suffices; an interface without groups (a network load balancer's) is not filtered. */
const groupsStep =
  (
    state: WorldState,
    groupIds: readonly string[],
    egress: boolean,
    other: { readonly ip: string; readonly groupIds: readonly string[] },
    port: number,
  ) =>
  (): Walk => {
    if (groupIds.length === 0) return ARRIVES;
    const rules = groupIds.flatMap((id) => securityGroupOf(state, id).rules).filter((rule) => rule.egress === egress);
    if (rules.some((rule) => ruleAdmits(rule, other, port))) return ARRIVES;
    const way = egress ? 'outbound to' : 'inbound from';
    return dropped(groupIds[0]!, `Security group ${groupIds.join(', ')} admits no tcp ${port} ${way} ${other.ip}.`);
  };

/** From one place in the VPC to another, and the reply back. ACLs filter only what crosses a subnet's border. */
export const walkInside = (state: WorldState, from: Place, to: Place, port: number): Walk => {
  const leaves = groupsStep(state, from.groupIds, true, to, port);
  const enters = groupsStep(state, to.groupIds, false, from, port);
  if (from.subnetId === to.subnetId) return firstFailure(leaves, enters);
  return firstFailure(
    leaves,
    () => localRoute(state, from, to.ip),
    aclStep(state, from.subnetId, true, to.ip, port),
    aclStep(state, to.subnetId, false, from.ip, port),
    enters,
    () => localRoute(state, to, from.ip),
    aclStep(state, to.subnetId, true, from.ip, 'ephemeral'),
    aclStep(state, from.subnetId, false, to.ip, 'ephemeral'),
  );
};

const gatewayStep = (state: WorldState, from: Place, ip: string) => (): Walk => {
  const found = findRoute(state, from.subnetId, ip);
  if ('walk' in found) return found.walk;
  const { GatewayId } = found.route;
  const attached = state.internetGateways.some((one) => one.InternetGatewayId === GatewayId && one.Attachments.length > 0);
  return attached
    ? ARRIVES
    : dropped(GatewayId ?? from.subnetId, `The route from ${from.subnetId} to ${ip} leads to no attached internet gateway.`);
};

/** From a client on the internet to a public address in the VPC, and back. */
export const walkIn = (state: WorldState, clientIp: string, to: Place, port: number): Walk =>
  firstFailure(
    () => (to.publicIp === undefined ? dropped(to.subnetId, `${to.ip} has no public address.`) : ARRIVES),
    aclStep(state, to.subnetId, false, clientIp, port),
    groupsStep(state, to.groupIds, false, { ip: clientIp, groupIds: [] }, port),
    gatewayStep(state, to, clientIp),
    aclStep(state, to.subnetId, true, clientIp, 'ephemeral'),
  );

/** Some address of the internet that is nobody's in particular. */
const INTERNET_IP = '203.0.113.10';

/** From a place in the VPC out to the internet, by an internet gateway or a NAT gateway, and back. */
export const walkOut = (state: WorldState, from: Place, port: number): Walk =>
  firstFailure(
    groupsStep(state, from.groupIds, true, { ip: INTERNET_IP, groupIds: [] }, port),
    aclStep(state, from.subnetId, true, INTERNET_IP, port),
    aclStep(state, from.subnetId, false, INTERNET_IP, 'ephemeral'),
    () => {
      const found = findRoute(state, from.subnetId, INTERNET_IP);
      if ('walk' in found) return found.walk;
      const { NatGatewayId } = found.route;
      return NatGatewayId === undefined ? directWay(state, from) : natWay(state, from, NatGatewayId, port);
    },
  );

const directWay = (state: WorldState, from: Place): Walk =>
  from.publicIp === undefined
    ? dropped(from.subnetId, `${from.ip} has no public address, and its subnet no NAT gateway.`)
    : gatewayStep(state, from, INTERNET_IP)();

const natWay = (state: WorldState, from: Place, natGatewayId: string, port: number): Walk => {
  const nat = state.natGateways.find((one) => one.NatGatewayId === natGatewayId && one.State === 'available');
  const address = nat?.NatGatewayAddresses[0];
  if (address === undefined) return dropped(natGatewayId, `NAT gateway ${natGatewayId} is not available.`);
  const at = { ...placeOf(state, address.NetworkInterfaceId), publicIp: address.PublicIp };
  return firstFailure(
    aclStep(state, at.subnetId, false, from.ip, port),
    aclStep(state, at.subnetId, true, INTERNET_IP, port),
    gatewayStep(state, at, INTERNET_IP),
    aclStep(state, at.subnetId, false, INTERNET_IP, 'ephemeral'),
    aclStep(state, at.subnetId, true, from.ip, 'ephemeral'),
  );
};
