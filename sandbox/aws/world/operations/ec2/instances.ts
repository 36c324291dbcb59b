import type * as Ec2 from '@aws-sdk/client-ec2';
import type { Operation, ServiceOperations } from '../../../operation.ts';
import type { Instance } from '../../state/compute.ts';
import { instanceOf, interfacesOf, securityGroupOf, tagsOf, volumesOf } from '../../state/find.ts';
import type { NetworkInterface } from '../../state/network.ts';
import type { WorldState } from '../../state/state.ts';
import { ec2Arn, on, tagKeys } from '../authorize.ts';
import { type Description, describing, tagList } from './describe.ts';
import { instanceTypes } from './instance-types.ts';
import { INSTANCE_TYPE, KINDS } from './kinds.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
const STATE_CODES = { pending: 0, running: 16, 'shutting-down': 32, terminated: 48, stopping: 64, stopped: 80 } as const;

export const stateShape = (state: Instance['state']): Ec2.InstanceState => ({ Code: STATE_CODES[state], Name: state });

const MAC_HEAD = '0a:00:00';

/** Nobody sends frames here: an address made of the IP is enough to tell two cards apart. */
export const macOf = (ip: string): string => {
  const tail = ip.split('.').slice(1);
  return [MAC_HEAD, ...tail.map((part) => Number(part).toString(16).padStart(2, '0'))].join(':');
};

export const privateDnsName = ({ region }: WorldState, ip: string): string =>
  `ip-${ip.replaceAll('.', '-')}.${region === 'us-east-1' ? 'ec2' : `${region}.compute`}.internal`;

export const groupIdentifiers = (state: WorldState, groupIds: readonly string[]): Ec2.GroupIdentifier[] =>
  groupIds.map((GroupId) => ({ GroupId, GroupName: securityGroupOf(state, GroupId).name }));

const cardShape = (state: WorldState, card: NetworkInterface): Ec2.InstanceNetworkInterface => ({
  NetworkInterfaceId: card.id,
  OwnerId: state.accountId,
  Description: card.description,
  SubnetId: card.subnetId,
  VpcId: card.vpcId,
  Status: 'in-use',
  InterfaceType: 'interface',
  MacAddress: macOf(card.ip),
  PrivateIpAddress: card.ip,
  PrivateDnsName: privateDnsName(state, card.ip),
  PrivateIpAddresses: [card.ip, ...card.secondaryIps].map((ip) => ({ PrivateIpAddress: ip, Primary: ip === card.ip })),
  SourceDestCheck: true,
  Groups: groupIdentifiers(state, card.groupIds),
  ...(card.publicIp !== undefined && { Association: { PublicIp: card.publicIp, IpOwnerId: 'amazon' } }),
  ...(card.attachment && {
    Attachment: {
      AttachmentId: card.attachment.id,
      DeviceIndex: card.attachment.deviceIndex,
      DeleteOnTermination: card.attachment.deleteOnTermination,
      AttachTime: new Date(card.attachment.attachedAt),
      Status: 'attached',
      NetworkCardIndex: 0,
    },
  }),
});

export const blockDevices = (state: WorldState, instanceId: string): Ec2.InstanceBlockDeviceMapping[] =>
  volumesOf(state, instanceId).flatMap((volume) =>
    volume.attachments
      .filter((attachment) => attachment.instanceId === instanceId)
      .map((attachment) => ({
        DeviceName: attachment.device,
        Ebs: {
          VolumeId: volume.id,
          Status: 'attached' as const,
          AttachTime: new Date(attachment.attachedAt),
          DeleteOnTermination: attachment.deleteOnTermination,
        },
      })),
  );

export const profileArn = ({ accountId }: WorldState, name: string): string =>
  `arn:aws:iam::${accountId}:instance-profile/${name}`;

/** What is only there while the instance has a network card: gone with a terminated one. */
const networkOf = (state: WorldState, cards: readonly NetworkInterface[]): Ec2.Instance => {
  const [primary] = cards;
  if (primary === undefined) return { PrivateDnsName: '', PublicDnsName: '', SecurityGroups: [], NetworkInterfaces: [] };
  return {
    SubnetId: primary.subnetId,
    VpcId: primary.vpcId,
    PrivateIpAddress: primary.ip,
    PrivateDnsName: privateDnsName(state, primary.ip),
    PublicDnsName: '',
    ...(primary.publicIp !== undefined && { PublicIpAddress: primary.publicIp }),
    SecurityGroups: groupIdentifiers(state, primary.groupIds),
    NetworkInterfaces: cards.map((card) => cardShape(state, card)),
    SourceDestCheck: true,
  };
};

const instanceShape = (state: WorldState, instance: Instance): Ec2.Instance => {
  const image = state.images.find((one) => one.id === instance.imageId);
  const profile = state.profiles.find((one) => one.name === instance.profileName);
  return {
    InstanceId: instance.id,
    ImageId: instance.imageId,
    InstanceType: instance.type as Ec2._InstanceType,
    State: stateShape(instance.state),
    StateTransitionReason: instance.transitionReason,
    ...(instance.stateReason && { StateReason: instance.stateReason }),
    LaunchTime: new Date(instance.launchedAt),
    AmiLaunchIndex: 0,
    Architecture: image?.architecture ?? 'x86_64',
    Hypervisor: 'xen',
    VirtualizationType: 'hvm',
    RootDeviceType: 'ebs',
    RootDeviceName: image?.rootDevice ?? '/dev/xvda',
    PlatformDetails: 'Linux/UNIX',
    EnaSupport: true,
    EbsOptimized: false,
    Monitoring: { State: 'disabled' },
    Placement: { AvailabilityZone: instance.zone, GroupName: '', Tenancy: 'default' },
    ...networkOf(state, interfacesOf(state, instance.id)),
    BlockDeviceMappings: blockDevices(state, instance.id),
    ...(instance.profileName !== undefined && {
      IamInstanceProfile: { Arn: profileArn(state, instance.profileName), ...(profile && { Id: profile.id }) },
    }),
    ...(instance.market === 'spot' && { InstanceLifecycle: 'spot' }),
    Operator: instance.operator === undefined ? { Managed: false } : { Managed: true, Principal: instance.operator },
    Tags: tagList(state, instance.id),
  };
};

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html */
const INSTANCE_FILTERS = {
  architecture: 'Architecture',
  'availability-zone': 'Placement.AvailabilityZone',
  'block-device-mapping.delete-on-termination': 'BlockDeviceMappings.Ebs.DeleteOnTermination',
  'block-device-mapping.device-name': 'BlockDeviceMappings.DeviceName',
  'block-device-mapping.volume-id': 'BlockDeviceMappings.Ebs.VolumeId',
  'iam-instance-profile.arn': 'IamInstanceProfile.Arn',
  'iam-instance-profile.id': 'IamInstanceProfile.Id',
  'image-id': 'ImageId',
  'instance-id': 'InstanceId',
  'instance-lifecycle': 'InstanceLifecycle',
  'instance-state-code': 'State.Code',
  'instance-state-name': 'State.Name',
  'instance-type': 'InstanceType',
  'instance.group-id': 'SecurityGroups.GroupId',
  'instance.group-name': 'SecurityGroups.GroupName',
  'ip-address': 'PublicIpAddress',
  'launch-time': 'LaunchTime',
  'network-interface.addresses.private-ip-address': 'NetworkInterfaces.PrivateIpAddresses.PrivateIpAddress',
  'network-interface.group-id': 'NetworkInterfaces.Groups.GroupId',
  'network-interface.network-interface-id': 'NetworkInterfaces.NetworkInterfaceId',
  'network-interface.subnet-id': 'NetworkInterfaces.SubnetId',
  'network-interface.vpc-id': 'NetworkInterfaces.VpcId',
  'operator.managed': 'Operator.Managed',
  'operator.principal': 'Operator.Principal',
  'private-dns-name': 'PrivateDnsName',
  'private-ip-address': 'PrivateIpAddress',
  'root-device-name': 'RootDeviceName',
  'state-reason-code': 'StateReason.Code',
  'subnet-id': 'SubnetId',
  'vpc-id': 'VpcId',
};

const INSTANCES: Description<Ec2.DescribeInstancesCommandInput, Ec2.Instance, 'Instances'> = {
  member: 'Instances',
  all: (state) => state.instances.map((instance) => instanceShape(state, instance)),
  filters: INSTANCE_FILTERS,
  ids: { of: (input) => input.InstanceIds, kind: KINDS.instance, idOf: (instance) => instance.InstanceId },
  idsExcludePaging: true,
};

/** Every instance of this world was launched by itself: one reservation each. */
const describeInstances = (state: WorldState): Operation<Ec2.DescribeInstancesCommandInput> => {
  const { authorize, run } = describing(state, 'DescribeInstances', INSTANCES);
  return {
    authorize,
    run: async (input, context) => {
      const { Instances, NextToken } = await run(input, context);
      return {
        Reservations: Instances.map((instance) => ({
          ReservationId: instanceOf(state, instance.InstanceId!).reservationId,
          OwnerId: state.accountId,
          Groups: [],
          Instances: [instance],
        })),
        ...(NextToken !== undefined && { NextToken }),
      };
    },
  };
};

const checkShape = (status: Instance['systemStatus']): Ec2.InstanceStatusSummary => ({
  Status: status,
  Details: [{ Name: 'reachability', Status: status === 'ok' ? 'passed' : status === 'impaired' ? 'failed' : 'initializing' }],
});

const notApplicable: Ec2.InstanceStatusSummary = { Status: 'not-applicable' };

const statusShape = (state: WorldState, instance: Instance): Ec2.InstanceStatus => {
  const runs = instance.state === 'running';
  const zoneId = state.subnets.find((one) => one.SubnetId === instance.subnetId)?.AvailabilityZoneId;
  return {
    InstanceId: instance.id,
    AvailabilityZone: instance.zone,
    AvailabilityZoneId: zoneId,
    InstanceState: stateShape(instance.state),
    SystemStatus: runs ? checkShape(instance.systemStatus) : notApplicable,
    InstanceStatus: runs ? checkShape(instance.instanceStatus) : notApplicable,
    ...(instance.events.length > 0 && {
      Events: instance.events.map(({ id, Code, Description, notBefore }) => ({
        InstanceEventId: id,
        Code,
        Description,
        NotBefore: new Date(notBefore),
      })),
    }),
  };
};

/** Running instances only, unless all are asked for. */
const STATUSES: Description<Ec2.DescribeInstanceStatusCommandInput, Ec2.InstanceStatus, 'InstanceStatuses'> = {
  member: 'InstanceStatuses',
  all: (state, { IncludeAllInstances }) =>
    state.instances
      .filter((instance) => IncludeAllInstances === true || instance.state === 'running')
      .map((instance) => statusShape(state, instance)),
  filters: {
    'availability-zone': 'AvailabilityZone',
    'event.code': 'Events.Code',
    'event.instance-event-id': 'Events.InstanceEventId',
    'instance-state-code': 'InstanceState.Code',
    'instance-state-name': 'InstanceState.Name',
    'instance-status.reachability': 'InstanceStatus.Details.Status',
    'instance-status.status': 'InstanceStatus.Status',
    'system-status.reachability': 'SystemStatus.Details.Status',
    'system-status.status': 'SystemStatus.Status',
  },
  ids: { of: (input) => input.InstanceIds, kind: KINDS.instance, idOf: (status) => status.InstanceId },
  idsExcludePaging: true,
};

const TYPES: Description<Ec2.DescribeInstanceTypesCommandInput, Ec2.InstanceTypeInfo, 'InstanceTypes'> = {
  member: 'InstanceTypes',
  all: () => instanceTypes,
  filters: {
    'bare-metal': 'BareMetal',
    'burstable-performance-supported': 'BurstablePerformanceSupported',
    'current-generation': 'CurrentGeneration',
    hypervisor: 'Hypervisor',
    'instance-storage-supported': 'InstanceStorageSupported',
    'instance-type': 'InstanceType',
    'processor-info.supported-architecture': 'ProcessorInfo.SupportedArchitectures',
  },
  ids: { of: (input) => input.InstanceTypes, kind: INSTANCE_TYPE, idOf: (type) => type.InstanceType },
};

/** What IAM is told of an instance. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html#amazonec2-instance */
export const onInstance = (state: WorldState, action: string, instanceId: string) => {
  const instance = instanceOf(state, instanceId);
  return on(action, ec2Arn(state, 'instance', instanceId), tagKeys('ec2', tagsOf(state, instanceId)), {
    'ec2:Region': state.region,
    'ec2:AvailabilityZone': instance.zone,
    'ec2:InstanceType': instance.type,
    'ec2:InstanceID': instanceId,
    ...(instance.profileName !== undefined && { 'ec2:InstanceProfile': profileArn(state, instance.profileName) }),
  });
};

export const instanceOperations = (state: WorldState): ServiceOperations => ({
  DescribeInstances: describeInstances(state),
  DescribeInstanceStatus: describing(state, 'DescribeInstanceStatus', STATUSES),
  DescribeInstanceTypes: describing(state, 'DescribeInstanceTypes', TYPES),
});
