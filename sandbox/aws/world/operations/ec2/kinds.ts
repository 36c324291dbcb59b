import { AwsError } from '../../../operation.ts';
import type { WorldState } from '../../state/state.ts';
import { ec2Arn, ec2PublicArn } from '../authorize.ts';
import { instanceTypeNames } from './instance-types.ts';

/** The kinds of EC2 resource: how their ids begin, what their ARNs call them, and what EC2 says of an id it does not know. */
export type IdKind = {
  readonly prefix: string;
  readonly ids: (state: WorldState) => readonly string[];
  readonly notFound: string;
  readonly malformed: string;
  readonly says: (ids: readonly string[]) => string;
};

export type Kind = IdKind & {
  /** As in the ARN: `instance`. */
  readonly resource: string;
};

const quoted = (what: string) => (ids: readonly string[]) => `The ${what} '${ids.join(', ')}' does not exist`;

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
export const KINDS = {
  instance: {
    prefix: 'i',
    resource: 'instance',
    ids: (state) => state.instances.map((one) => one.id),
    notFound: 'InvalidInstanceID.NotFound',
    malformed: 'InvalidInstanceID.Malformed',
    says: (ids) => `The instance ID${ids.length > 1 ? 's' : ''} '${ids.join(', ')}' ${ids.length > 1 ? 'do' : 'does'} not exist`,
  },
  volume: {
    prefix: 'vol',
    resource: 'volume',
    ids: (state) => state.volumes.map((one) => one.id),
    notFound: 'InvalidVolume.NotFound',
    malformed: 'InvalidVolumeID.Malformed',
    says: (ids) => `The volume '${ids.join(', ')}' does not exist.`,
  },
  snapshot: {
    prefix: 'snap',
    resource: 'snapshot',
    ids: (state) => state.snapshots.map((one) => one.id),
    notFound: 'InvalidSnapshot.NotFound',
    malformed: 'InvalidSnapshotID.Malformed',
    says: (ids) => `The snapshot '${ids.join(', ')}' does not exist.`,
  },
  image: {
    prefix: 'ami',
    resource: 'image',
    ids: (state) => state.images.filter((one) => !one.deregistered).map((one) => one.id),
    notFound: 'InvalidAMIID.NotFound',
    malformed: 'InvalidAMIID.Malformed',
    says: (ids) => `The image id '[${ids.join(', ')}]' does not exist`,
  },
  launchTemplate: {
    prefix: 'lt',
    resource: 'launch-template',
    ids: (state) => state.launchTemplates.map((one) => one.id),
    notFound: 'InvalidLaunchTemplateId.NotFound',
    malformed: 'InvalidLaunchTemplateId.Malformed',
    says: (ids) => `The specified launch template, with template ID ${ids.join(', ')}, does not exist.`,
  },
  vpc: {
    prefix: 'vpc',
    resource: 'vpc',
    ids: (state) => state.vpcs.map((one) => one.VpcId),
    notFound: 'InvalidVpcID.NotFound',
    malformed: 'InvalidVpcID.Malformed',
    says: quoted('vpc ID'),
  },
  subnet: {
    prefix: 'subnet',
    resource: 'subnet',
    ids: (state) => state.subnets.map((one) => one.SubnetId),
    notFound: 'InvalidSubnetID.NotFound',
    malformed: 'InvalidSubnetID.Malformed',
    says: quoted('subnet ID'),
  },
  routeTable: {
    prefix: 'rtb',
    resource: 'route-table',
    ids: (state) => state.routeTables.map((one) => one.RouteTableId),
    notFound: 'InvalidRouteTableID.NotFound',
    malformed: 'InvalidRouteTableId.Malformed',
    says: quoted('routeTable ID'),
  },
  networkAcl: {
    prefix: 'acl',
    resource: 'network-acl',
    ids: (state) => state.networkAcls.map((one) => one.NetworkAclId),
    notFound: 'InvalidNetworkAclID.NotFound',
    malformed: 'InvalidNetworkAclId.Malformed',
    says: quoted('networkAcl ID'),
  },
  securityGroup: {
    prefix: 'sg',
    resource: 'security-group',
    ids: (state) => state.securityGroups.map((one) => one.id),
    notFound: 'InvalidGroup.NotFound',
    malformed: 'InvalidGroupId.Malformed',
    says: quoted('security group'),
  },
  securityGroupRule: {
    prefix: 'sgr',
    resource: 'security-group-rule',
    ids: (state) => state.securityGroups.flatMap((one) => one.rules.map((rule) => rule.id)),
    notFound: 'InvalidSecurityGroupRuleId.NotFound',
    malformed: 'InvalidSecurityGroupRuleId.Malformed',
    says: quoted('security group rule ID'),
  },
  networkInterface: {
    prefix: 'eni',
    resource: 'network-interface',
    ids: (state) => state.interfaces.map((one) => one.id),
    notFound: 'InvalidNetworkInterfaceID.NotFound',
    malformed: 'InvalidNetworkInterfaceId.Malformed',
    says: quoted('networkInterface ID'),
  },
  address: {
    prefix: 'eipalloc',
    resource: 'elastic-ip',
    ids: (state) => state.addresses.map((one) => one.allocationId),
    notFound: 'InvalidAllocationID.NotFound',
    malformed: 'InvalidAllocationID.Malformed',
    says: quoted('allocation ID'),
  },
  internetGateway: {
    prefix: 'igw',
    resource: 'internet-gateway',
    ids: (state) => state.internetGateways.map((one) => one.InternetGatewayId),
    notFound: 'InvalidInternetGatewayID.NotFound',
    malformed: 'InvalidInternetGatewayId.Malformed',
    says: quoted('internetGateway ID'),
  },
  natGateway: {
    prefix: 'nat',
    resource: 'natgateway',
    ids: (state) => state.natGateways.map((one) => one.NatGatewayId),
    notFound: 'NatGatewayNotFound',
    malformed: 'NatGatewayMalformed',
    says: (ids) => `The Nat Gateway ${ids.join(', ')} was not found`,
  },
  endpoint: {
    prefix: 'vpce',
    resource: 'vpc-endpoint',
    ids: (state) => state.endpoints.map((one) => one.VpcEndpointId),
    notFound: 'InvalidVpcEndpointId.NotFound',
    malformed: 'InvalidVpcEndpointId.Malformed',
    says: (ids) => `The Vpc Endpoint Id '${ids.join(', ')}' does not exist`,
  },
} as const satisfies Record<string, Kind>;

/** Not resources, but asked for by id lists all the same. */
export const INSTANCE_TYPE: IdKind = {
  prefix: '',
  ids: () => instanceTypeNames,
  notFound: 'InvalidInstanceType',
  malformed: 'InvalidInstanceType',
  says: (ids) => `The following supplied instance types do not exist: [${ids.join(', ')}]`,
};

export const kindOf = (id: string): Kind | undefined =>
  Object.values<Kind>(KINDS).find((kind) => kind.prefix === id.slice(0, id.lastIndexOf('-')));

/** Old ids have eight digits, those made since 2016 seventeen. */
const isWellFormed = (prefix: string, id: string): boolean =>
  prefix === '' || (id.startsWith(`${prefix}-`) && /^([0-9a-f]{8}|[0-9a-f]{17})$/.test(id.slice(prefix.length + 1)));

/** Throws what EC2 says to ids that it cannot read, or does not know. One bad id spoils the whole call. */
export const mustExist = (state: WorldState, kind: IdKind, ids: readonly string[]): void => {
  const known = new Set(kind.ids(state));
  const missing = ids.filter((id) => !known.has(id));
  const malformed = missing.find((id) => !isWellFormed(kind.prefix, id));
  if (malformed !== undefined) throw new AwsError(kind.malformed, `Invalid id: "${malformed}" (expecting "${kind.prefix}-...")`);
  if (missing.length > 0) throw new AwsError(kind.notFound, kind.says(missing));
};

/** Snapshots and images are named without their account. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html#amazonec2-resources-for-iam-policies */
export const arnOf = (state: WorldState, { resource }: Pick<Kind, 'resource'>, id: string): string =>
  resource === 'snapshot' || resource === 'image' ? ec2PublicArn(state, resource, id) : ec2Arn(state, resource, id);
