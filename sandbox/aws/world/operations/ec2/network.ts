import type * as Ec2 from '@aws-sdk/client-ec2';
import type { ServiceOperations } from '../../../operation.ts';
import type { NetworkInterface } from '../../state/network.ts';
import type { WorldState } from '../../state/state.ts';
import { type Description, describing, tagList } from './describe.ts';
import { groupIdentifiers, macOf, privateDnsName } from './instances.ts';
import { KINDS } from './kinds.ts';

/** The network is kept in the API's own shapes: describing it is adding the tags. */

const VPCS: Description<Ec2.DescribeVpcsCommandInput, Ec2.Vpc, 'Vpcs'> = {
  member: 'Vpcs',
  all: (state) => state.vpcs.map((vpc) => ({ ...vpc, InstanceTenancy: 'default', Tags: tagList(state, vpc.VpcId) })),
  filters: { cidr: 'CidrBlock', 'is-default': 'IsDefault', 'owner-id': 'OwnerId', state: 'State', 'vpc-id': 'VpcId' },
  ids: { of: (input) => input.VpcIds, kind: KINDS.vpc, idOf: (vpc) => vpc.VpcId },
  idsExcludePaging: true,
};

const SUBNETS: Description<Ec2.DescribeSubnetsCommandInput, Ec2.Subnet, 'Subnets'> = {
  member: 'Subnets',
  all: (state) => state.subnets.map((subnet) => ({ ...subnet, DefaultForAz: false, Tags: tagList(state, subnet.SubnetId) })),
  filters: {
    'availability-zone': 'AvailabilityZone',
    'availability-zone-id': 'AvailabilityZoneId',
    'available-ip-address-count': 'AvailableIpAddressCount',
    'cidr-block': 'CidrBlock',
    'map-public-ip-on-launch': 'MapPublicIpOnLaunch',
    'owner-id': 'OwnerId',
    state: 'State',
    'subnet-arn': 'SubnetArn',
    'subnet-id': 'SubnetId',
    'vpc-id': 'VpcId',
  },
  ids: { of: (input) => input.SubnetIds, kind: KINDS.subnet, idOf: (subnet) => subnet.SubnetId },
  idsExcludePaging: true,
};

const ROUTE_TABLES: Description<Ec2.DescribeRouteTablesCommandInput, Ec2.RouteTable, 'RouteTables'> = {
  member: 'RouteTables',
  all: (state) =>
    state.routeTables.map((table) => ({
      ...structuredClone(table),
      PropagatingVgws: [],
      Tags: tagList(state, table.RouteTableId),
    })),
  filters: {
    'association.main': 'Associations.Main',
    'association.route-table-association-id': 'Associations.RouteTableAssociationId',
    'association.route-table-id': 'Associations.RouteTableId',
    'association.subnet-id': 'Associations.SubnetId',
    'owner-id': 'OwnerId',
    'route-table-id': 'RouteTableId',
    'route.destination-cidr-block': 'Routes.DestinationCidrBlock',
    'route.gateway-id': 'Routes.GatewayId',
    'route.instance-id': 'Routes.InstanceId',
    'route.nat-gateway-id': 'Routes.NatGatewayId',
    'route.origin': 'Routes.Origin',
    'route.state': 'Routes.State',
    'vpc-id': 'VpcId',
  },
  ids: { of: (input) => input.RouteTableIds, kind: KINDS.routeTable, idOf: (table) => table.RouteTableId },
  idsExcludePaging: true,
};

const NETWORK_ACLS: Description<Ec2.DescribeNetworkAclsCommandInput, Ec2.NetworkAcl, 'NetworkAcls'> = {
  member: 'NetworkAcls',
  all: (state) => state.networkAcls.map((acl) => ({ ...structuredClone(acl), Tags: tagList(state, acl.NetworkAclId) })),
  filters: {
    'association.association-id': 'Associations.NetworkAclAssociationId',
    'association.network-acl-id': 'Associations.NetworkAclId',
    'association.subnet-id': 'Associations.SubnetId',
    default: 'IsDefault',
    'entry.cidr': 'Entries.CidrBlock',
    'entry.egress': 'Entries.Egress',
    'entry.port-range.from': 'Entries.PortRange.From',
    'entry.port-range.to': 'Entries.PortRange.To',
    'entry.protocol': 'Entries.Protocol',
    'entry.rule-action': 'Entries.RuleAction',
    'entry.rule-number': 'Entries.RuleNumber',
    'network-acl-id': 'NetworkAclId',
    'owner-id': 'OwnerId',
    'vpc-id': 'VpcId',
  },
  ids: { of: (input) => input.NetworkAclIds, kind: KINDS.networkAcl, idOf: (acl) => acl.NetworkAclId },
  idsExcludePaging: true,
};

const attachmentShape = (
  state: WorldState,
  { id, instanceId, deviceIndex, deleteOnTermination, attachedAt }: NonNullable<NetworkInterface['attachment']>,
): Ec2.NetworkInterfaceAttachment => ({
  AttachmentId: id,
  InstanceId: instanceId,
  InstanceOwnerId: state.accountId,
  DeviceIndex: deviceIndex,
  NetworkCardIndex: 0,
  DeleteOnTermination: deleteOnTermination,
  AttachTime: new Date(attachedAt),
  Status: 'attached',
});

const associationOf = (state: WorldState, card: NetworkInterface): Ec2.NetworkInterfaceAssociation | undefined => {
  const address = state.addresses.find((one) => one.networkInterfaceId === card.id);
  if (address !== undefined)
    return {
      PublicIp: address.publicIp,
      AllocationId: address.allocationId,
      IpOwnerId: state.accountId,
      ...(address.associationId !== undefined && { AssociationId: address.associationId }),
    };
  return card.publicIp === undefined ? undefined : { PublicIp: card.publicIp, IpOwnerId: 'amazon' };
};

const interfaceShape = (state: WorldState, card: NetworkInterface): Ec2.NetworkInterface => {
  const association = associationOf(state, card);
  const managed = card.requesterId !== undefined;
  return {
    NetworkInterfaceId: card.id,
    SubnetId: card.subnetId,
    VpcId: card.vpcId,
    AvailabilityZone: card.zone,
    Description: card.description,
    OwnerId: state.accountId,
    RequesterManaged: managed,
    ...(managed && { RequesterId: card.requesterId }),
    Status: managed || card.attachment !== undefined ? 'in-use' : 'available',
    // The wire has underscores where the SDK's type has capitals.
    InterfaceType: card.type as Ec2.NetworkInterfaceType,
    MacAddress: macOf(card.ip),
    PrivateIpAddress: card.ip,
    PrivateDnsName: privateDnsName(state, card.ip),
    PrivateIpAddresses: [card.ip, ...card.secondaryIps].map((ip) => ({ PrivateIpAddress: ip, Primary: ip === card.ip })),
    SourceDestCheck: card.type === 'interface',
    Groups: groupIdentifiers(state, card.groupIds),
    ...(association && { Association: association }),
    ...(card.attachment && { Attachment: attachmentShape(state, card.attachment) }),
    TagSet: tagList(state, card.id),
  };
};

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html */
const INTERFACES: Description<Ec2.DescribeNetworkInterfacesCommandInput, Ec2.NetworkInterface, 'NetworkInterfaces'> = {
  member: 'NetworkInterfaces',
  all: (state) => state.interfaces.map((card) => interfaceShape(state, card)),
  filters: {
    'addresses.private-ip-address': 'PrivateIpAddresses.PrivateIpAddress',
    'association.allocation-id': 'Association.AllocationId',
    'association.public-ip': 'Association.PublicIp',
    'attachment.attachment-id': 'Attachment.AttachmentId',
    'attachment.device-index': 'Attachment.DeviceIndex',
    'attachment.instance-id': 'Attachment.InstanceId',
    'attachment.status': 'Attachment.Status',
    'availability-zone': 'AvailabilityZone',
    description: 'Description',
    'group-id': 'Groups.GroupId',
    'group-name': 'Groups.GroupName',
    'interface-type': 'InterfaceType',
    'mac-address': 'MacAddress',
    'network-interface-id': 'NetworkInterfaceId',
    'private-dns-name': 'PrivateDnsName',
    'private-ip-address': 'PrivateIpAddress',
    'requester-id': 'RequesterId',
    'requester-managed': 'RequesterManaged',
    status: 'Status',
    'subnet-id': 'SubnetId',
    'vpc-id': 'VpcId',
  },
  ids: { of: (input) => input.NetworkInterfaceIds, kind: KINDS.networkInterface, idOf: (card) => card.NetworkInterfaceId },
  idsExcludePaging: true,
};

const ADDRESSES: Description<Ec2.DescribeAddressesCommandInput, Ec2.Address, 'Addresses'> = {
  member: 'Addresses',
  all: (state, { PublicIps: wanted = [] }) =>
    state.addresses
      .filter(({ publicIp }) => wanted.length === 0 || wanted.includes(publicIp))
      .map((address) => {
        const card = state.interfaces.find((one) => one.id === address.networkInterfaceId);
        return {
          AllocationId: address.allocationId,
          PublicIp: address.publicIp,
          Domain: 'vpc',
          NetworkBorderGroup: state.region,
          AssociationId: address.associationId,
          NetworkInterfaceId: address.networkInterfaceId,
          InstanceId: address.instanceId,
          ...(card && { PrivateIpAddress: card.ip, NetworkInterfaceOwnerId: state.accountId }),
          Tags: tagList(state, address.allocationId),
        };
      }),
  filters: {
    'allocation-id': 'AllocationId',
    'association-id': 'AssociationId',
    domain: 'Domain',
    'instance-id': 'InstanceId',
    'network-interface-id': 'NetworkInterfaceId',
    'private-ip-address': 'PrivateIpAddress',
    'public-ip': 'PublicIp',
  },
  ids: { of: (input) => input.AllocationIds, kind: KINDS.address, idOf: (address) => address.AllocationId },
};

const INTERNET_GATEWAYS: Description<Ec2.DescribeInternetGatewaysCommandInput, Ec2.InternetGateway, 'InternetGateways'> = {
  member: 'InternetGateways',
  all: (state) =>
    state.internetGateways.map((gateway) => ({
      ...gateway,
      // EC2 says `available`, which the SDK's type does not know.
      Attachments: gateway.Attachments.map(({ VpcId, State }) => ({ VpcId, State: State as Ec2.AttachmentStatus })),
      Tags: tagList(state, gateway.InternetGatewayId),
    })),
  filters: {
    'attachment.state': 'Attachments.State',
    'attachment.vpc-id': 'Attachments.VpcId',
    'internet-gateway-id': 'InternetGatewayId',
    'owner-id': 'OwnerId',
  },
  ids: { of: (input) => input.InternetGatewayIds, kind: KINDS.internetGateway, idOf: (gateway) => gateway.InternetGatewayId },
  idsExcludePaging: true,
};

type NatInput = Ec2.DescribeNatGatewaysCommandInput & { readonly Filters?: Ec2.Filter[] };

const NAT_GATEWAYS: Description<NatInput, Ec2.NatGateway, 'NatGateways'> = {
  member: 'NatGateways',
  all: (state) =>
    state.natGateways.map((gateway) => ({ ...structuredClone(gateway), Tags: tagList(state, gateway.NatGatewayId) })),
  filters: { 'nat-gateway-id': 'NatGatewayId', state: 'State', 'subnet-id': 'SubnetId', 'vpc-id': 'VpcId' },
  ids: { of: (input) => input.NatGatewayIds, kind: KINDS.natGateway, idOf: (gateway) => gateway.NatGatewayId },
  idsExcludePaging: true,
};

const ENDPOINTS: Description<Ec2.DescribeVpcEndpointsCommandInput, Ec2.VpcEndpoint, 'VpcEndpoints'> = {
  member: 'VpcEndpoints',
  all: (state) =>
    state.endpoints.map((endpoint) => ({
      ...structuredClone(endpoint),
      State: endpoint.State as Ec2.State,
      OwnerId: state.accountId,
      Tags: tagList(state, endpoint.VpcEndpointId),
    })),
  filters: {
    'service-name': 'ServiceName',
    'vpc-endpoint-id': 'VpcEndpointId',
    'vpc-endpoint-state': 'State',
    'vpc-endpoint-type': 'VpcEndpointType',
    'vpc-id': 'VpcId',
  },
  ids: { of: (input) => input.VpcEndpointIds, kind: KINDS.endpoint, idOf: (endpoint) => endpoint.VpcEndpointId },
};

type ZonesInput = Ec2.DescribeAvailabilityZonesCommandInput & { readonly MaxResults?: number; readonly NextToken?: string };

/** The zones that the account has subnets in. */
const ZONES: Description<ZonesInput, Ec2.AvailabilityZone, 'AvailabilityZones'> = {
  member: 'AvailabilityZones',
  all: (state, { ZoneNames: wanted = [] }) => {
    const zones = new Map(state.subnets.map((subnet) => [subnet.AvailabilityZone, subnet.AvailabilityZoneId]));
    return [...zones]
      .filter(([name]) => wanted.length === 0 || wanted.includes(name))
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([ZoneName, ZoneId]) => ({
        ZoneName,
        ZoneId,
        State: 'available',
        RegionName: state.region,
        GroupName: state.region,
        NetworkBorderGroup: state.region,
        OptInStatus: 'opt-in-not-required',
        ZoneType: 'availability-zone',
        Messages: [],
      }));
  },
  filters: { 'region-name': 'RegionName', state: 'State', 'zone-id': 'ZoneId', 'zone-name': 'ZoneName', 'zone-type': 'ZoneType' },
};

export const networkOperations = (state: WorldState): ServiceOperations => {
  const natGateways = describing(state, 'DescribeNatGateways', NAT_GATEWAYS);
  return {
    DescribeVpcs: describing(state, 'DescribeVpcs', VPCS),
    DescribeSubnets: describing(state, 'DescribeSubnets', SUBNETS),
    DescribeRouteTables: describing(state, 'DescribeRouteTables', ROUTE_TABLES),
    DescribeNetworkAcls: describing(state, 'DescribeNetworkAcls', NETWORK_ACLS),
    DescribeNetworkInterfaces: describing(state, 'DescribeNetworkInterfaces', INTERFACES),
    DescribeAddresses: describing(state, 'DescribeAddresses', ADDRESSES),
    DescribeInternetGateways: describing(state, 'DescribeInternetGateways', INTERNET_GATEWAYS),
    // This one action calls its filters `Filter`.
    DescribeNatGateways: {
      authorize: natGateways.authorize,
      run: (input: NatInput, context) =>
        natGateways.run({ ...input, ...(input.Filter !== undefined && { Filters: input.Filter }) }, context),
    },
    DescribeVpcEndpoints: describing(state, 'DescribeVpcEndpoints', ENDPOINTS),
    DescribeAvailabilityZones: describing(state, 'DescribeAvailabilityZones', ZONES),
  };
};
