import type {
  IpPermission,
  NetworkAclEntry,
  NetworkAcl as RawAcl,
  Route as RawRoute,
  RouteTable as RawRouteTable,
  SecurityGroup as RawSecurityGroup,
  Subnet as RawSubnet,
  Vpc,
  VpcEndpoint,
} from '@aws-sdk/client-ec2';
import type {
  AclEntry,
  Network,
  NetworkAcl,
  PortRule,
  Route,
  RouteTable,
  SecurityGroup,
  ServiceMap,
  Subnet,
} from '../../../runbook/entities.ts';
import type { Unreadable } from '../../../runbook/facts.ts';
import { attempt } from '../read-failure.ts';
import type { FetchFact } from './look.ts';
import { present, tagsFrom, unique } from './present.ts';
import {
  describeNetworkAcls,
  describeRouteTables,
  describeSecurityGroups,
  describeSubnets,
  describeVpcEndpoints,
  describeVpcs,
} from './reads/ec2.ts';
import { destinationOf } from './ties.ts';

const PORT_MIN = 0;
const PORT_MAX = 65_535;
/** IANA's numbers, as network ACLs have them. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkAclEntry.html */
const PROTOCOLS: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' };
const protocolOf = (protocol = '-1'): string => PROTOCOLS[protocol] ?? protocol;

/** One rule for each of its sources or destinations. */
const rulesOf = (permission: IpPermission, groupId: string, direction: string): readonly PortRule[] => {
  const { FromPort, ToPort, IpRanges = [], UserIdGroupPairs = [], PrefixListIds = [] } = permission;
  const protocol = protocolOf(permission.IpProtocol);
  const ipv6Ranges = permission.Ipv6Ranges ?? [];
  const peers = [
    ...IpRanges.map(({ CidrIp, Description }) => ({ cidr: CidrIp, description: Description })),
    ...ipv6Ranges.map(({ CidrIpv6, Description }) => ({ cidr6: CidrIpv6, description: Description })),
    ...UserIdGroupPairs.map(({ GroupId, Description }) => ({ groupId: GroupId, description: Description })),
    ...PrefixListIds.map(({ PrefixListId, Description }) => ({ prefixListId: PrefixListId, description: Description })),
  ];
  const everyPort = protocol === '-1';
  const fromPort = everyPort ? PORT_MIN : (FromPort ?? PORT_MIN);
  const toPort = everyPort ? PORT_MAX : (ToPort ?? PORT_MAX);
  return peers.map((peer) => {
    const end = 'cidr' in peer ? peer.cidr : 'cidr6' in peer ? peer.cidr6 : 'groupId' in peer ? peer.groupId : peer.prefixListId;
    return {
      id: `${groupId} ${direction} ${protocol} ${fromPort}-${toPort} ${end}`,
      protocol,
      fromPort,
      toPort,
      ...present(peer),
    };
  });
};

const securityGroupOf = (group: RawSecurityGroup): SecurityGroup => {
  const { GroupId: id = '', IpPermissions = [], IpPermissionsEgress = [] } = group;
  return {
    id,
    name: group.GroupName ?? '',
    tags: tagsFrom(group.Tags),
    ingress: IpPermissions.flatMap((permission) => rulesOf(permission, id, 'in')),
    egress: IpPermissionsEgress.flatMap((permission) => rulesOf(permission, id, 'out')),
    ...present({ vpcId: group.VpcId }),
  };
};

const aclEntryOf = (entry: NetworkAclEntry): AclEntry => ({
  number: entry.RuleNumber ?? 0,
  egress: entry.Egress ?? false,
  allow: entry.RuleAction === 'allow',
  protocol: protocolOf(entry.Protocol),
  fromPort: entry.PortRange?.From ?? PORT_MIN,
  toPort: entry.PortRange?.To ?? PORT_MAX,
  ...present({ cidr: entry.CidrBlock, cidr6: entry.Ipv6CidrBlock }),
});

const routeOf = (route: RawRoute): Route => ({
  destination: destinationOf(route),
  target:
    route.GatewayId ??
    route.NatGatewayId ??
    route.InstanceId ??
    route.NetworkInterfaceId ??
    route.TransitGatewayId ??
    route.VpcPeeringConnectionId ??
    route.EgressOnlyInternetGatewayId ??
    route.LocalGatewayId ??
    route.CarrierGatewayId ??
    route.CoreNetworkArn ??
    '',
  state: route.State ?? 'active',
});

const routeTableOf = ({ RouteTableId: id = '', Associations = [], Routes = [] }: RawRouteTable): RouteTable => ({
  id,
  main: Associations.some(({ Main }) => Main),
  subnetIds: Associations.flatMap(({ SubnetId }) => (SubnetId === undefined ? [] : [SubnetId])),
  routes: Routes.map(routeOf),
});

const subnetOf = (subnet: RawSubnet): Subnet => ({
  id: subnet.SubnetId ?? '',
  cidr: subnet.CidrBlock ?? '',
  zone: subnet.AvailabilityZone ?? '',
  vpcId: subnet.VpcId ?? '',
  freeAddresses: subnet.AvailableIpAddressCount ?? 0,
  ...present({
    cidr6: subnet.Ipv6CidrBlockAssociationSet?.find(({ Ipv6CidrBlockState }) => Ipv6CidrBlockState?.State !== 'disassociated')
      ?.Ipv6CidrBlock,
  }),
});

const vpcIdsOf = ({ loadBalancers, instances }: ServiceMap): readonly string[] =>
  unique([...loadBalancers, ...instances].flatMap(({ vpcId }) => (vpcId === undefined ? [] : [vpcId]))).toSorted();

const vpcCidrsOf = ({ CidrBlock = '', CidrBlockAssociationSet = [] }: Vpc): readonly string[] =>
  unique([CidrBlock, ...CidrBlockAssociationSet.map((association) => association.CidrBlock ?? '')]);

const aclOf = ({ NetworkAclId: id = '', IsDefault = false, Associations = [], Entries = [] }: RawAcl): NetworkAcl => ({
  id,
  isDefault: IsDefault,
  subnetIds: Associations.map(({ SubnetId = '' }) => SubnetId),
  entries: Entries.map(aclEntryOf).toSorted((a, b) => a.number - b.number),
});

const endpointOf = (endpoint: VpcEndpoint): Network['endpoints'][number] => ({
  id: endpoint.VpcEndpointId ?? '',
  service: endpoint.ServiceName ?? '',
  type: endpoint.VpcEndpointType ?? 'Gateway',
  routeTableIds: endpoint.RouteTableIds ?? [],
});

type Part<T> = { readonly value: readonly T[] } | { readonly notSeen: Unreadable };
const listOf = <T, U>(part: Part<T>, toEntity: (raw: T) => U): readonly U[] => ('value' in part ? part.value.map(toEntity) : []);
const whyNot = (part: Part<unknown>) => {
  if ('value' in part) return undefined;
  const { because, permission } = part.notSeen;
  return { because, ...present({ permission }) };
};

export const network: FetchFact<'network'> = async (look, { serviceId }): Promise<Network> => {
  const vpcIds = vpcIdsOf(await look.fact('service-map', { serviceId }));
  if (vpcIds.length === 0) return { vpcCidrs: [], subnets: [], acls: [], routeTables: [], securityGroups: [], endpoints: [] };
  const inVpcs = { Filters: [{ Name: 'vpc-id', Values: [...vpcIds] }] };
  const [vpcs, subnets, acls, routeTables, securityGroups, endpoints] = await Promise.all([
    look.all(describeVpcs, { VpcIds: [...vpcIds] }),
    look.all(describeSubnets, inVpcs),
    attempt(look.all(describeNetworkAcls, inVpcs)),
    attempt(look.all(describeRouteTables, inVpcs)),
    attempt(look.all(describeSecurityGroups, inVpcs)),
    attempt(look.all(describeVpcEndpoints, inVpcs)),
  ]);
  const notSeen = present({
    acls: whyNot(acls),
    routeTables: whyNot(routeTables),
    securityGroups: whyNot(securityGroups),
    endpoints: whyNot(endpoints),
  });
  return {
    vpcCidrs: vpcs.flatMap(vpcCidrsOf),
    subnets: subnets.map(subnetOf),
    acls: listOf(acls, aclOf),
    routeTables: listOf(routeTables, routeTableOf),
    securityGroups: listOf(securityGroups, securityGroupOf),
    endpoints: listOf(endpoints, endpointOf),
    ...(Object.keys(notSeen).length > 0 && { notSeen }),
  };
};
