import type {
  IpPermission,
  NetworkAclEntry,
  Route as RawRoute,
  RouteTable as RawRouteTable,
  SecurityGroup as RawSecurityGroup,
  Subnet as RawSubnet,
} from '@aws-sdk/client-ec2';
import type { AclEntry, Network, PortRule, Route, RouteTable, SecurityGroup, Subnet } from '../../../runbook/entities.ts';
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

export const network: FetchFact<'network'> = async (look, { serviceId }): Promise<Network> => {
  const { loadBalancers, instances } = await look.fact('service-map', { serviceId });
  const vpcIds = unique([...loadBalancers, ...instances].flatMap(({ vpcId }) => (vpcId === undefined ? [] : [vpcId]))).toSorted();
  const empty = { vpcCidrs: [], subnets: [], acls: [], routeTables: [], securityGroups: [], endpoints: [] };
  if (vpcIds.length === 0) return empty;
  const inVpcs = { Filters: [{ Name: 'vpc-id', Values: [...vpcIds] }] };
  const [vpcs, subnets, acls, tables, groups, endpoints] = await Promise.all([
    look.all(describeVpcs, { VpcIds: [...vpcIds] }),
    look.all(describeSubnets, inVpcs),
    look.all(describeNetworkAcls, inVpcs),
    look.all(describeRouteTables, inVpcs),
    look.all(describeSecurityGroups, inVpcs),
    look.all(describeVpcEndpoints, inVpcs),
  ]);
  return {
    vpcCidrs: vpcs.flatMap(({ CidrBlock = '', CidrBlockAssociationSet = [] }) =>
      unique([CidrBlock, ...CidrBlockAssociationSet.map((association) => association.CidrBlock ?? '')]),
    ),
    subnets: subnets.map(subnetOf),
    acls: acls.map(({ NetworkAclId: id = '', IsDefault = false, Associations = [], Entries = [] }) => ({
      id,
      isDefault: IsDefault,
      subnetIds: Associations.map(({ SubnetId = '' }) => SubnetId),
      entries: Entries.map(aclEntryOf).toSorted((a, b) => a.number - b.number),
    })),
    routeTables: tables.map(routeTableOf),
    securityGroups: groups.map(securityGroupOf),
    endpoints: endpoints.map(({ VpcEndpointId: id = '', ServiceName = '', VpcEndpointType = 'Gateway', RouteTableIds = [] }) => ({
      id,
      service: ServiceName,
      type: VpcEndpointType,
      routeTableIds: RouteTableIds,
    })),
  };
};
