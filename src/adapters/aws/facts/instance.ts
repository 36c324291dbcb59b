import type { InstanceTypeInfo, Instance as RawInstance, InstanceStatus as RawStatus } from '@aws-sdk/client-ec2';
import type { Instance, InstanceStatus } from '../../../runbook/entities.ts';
import { attempt, unlessMissing } from '../read-failure.ts';
import type { FetchFact, Loader, Look } from './look.ts';
import { chunks, ec2Arn, present, tagsFrom } from './present.ts';
import {
  describeImages,
  describeInstanceAttribute,
  describeInstanceStatus,
  describeInstances,
  describeInstanceTypes,
} from './reads/ec2.ts';

/** A filter takes no more values. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
const FILTER_VALUES_MAX = 200;
/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceStatus.html */
const STATUS_IDS_MAX = 100;

/** States in which an instance soon has no attributes any more. */
const OVER = new Set(['shutting-down', 'terminated']);

type Found = { readonly instance: RawInstance; readonly ownerId: string };

/** By filter, not by id: one id that is gone would fail the whole call. */
const instances: Loader<Found> = {
  name: 'instance',
  max: FILTER_VALUES_MAX,
  fetch: async (look, ids) => {
    const reservations = await look.all(describeInstances, { Filters: [{ Name: 'instance-id', Values: [...ids] }] });
    return new Map(
      reservations.flatMap(({ Instances = [], OwnerId: ownerId = '' }) =>
        Instances.map((instance) => [instance.InstanceId ?? '', { instance, ownerId }] as const),
      ),
    );
  },
};
const statuses: Loader<RawStatus> = {
  name: 'instance status',
  max: STATUS_IDS_MAX,
  fetch: async (look, ids) => {
    const wanted = { InstanceIds: [...ids], IncludeAllInstances: true };
    const found = await unlessMissing(look.all(describeInstanceStatus, wanted), ['InvalidInstanceID.NotFound']);
    if (found !== undefined) return new Map(found.map((status) => [status.InstanceId ?? '', status]));
    // One of them is gone and fails the call for all: there is no filter by id here, so each is asked for by itself.
    const each = await Promise.all(ids.length === 1 ? [] : ids.map((id) => statuses.fetch(look, [id])));
    return new Map(each.flatMap((part) => [...part]));
  },
};
const types: Loader<InstanceTypeInfo> = {
  name: 'instance type',
  max: FILTER_VALUES_MAX,
  fetch: async (look, names) => {
    const found = await look.all(describeInstanceTypes, { Filters: [{ Name: 'instance-type', Values: [...names] }] });
    return new Map(found.map((type) => [type.InstanceType ?? '', type]));
  },
};
/** Whether EC2 knows the image; deregistered ones are gone from the list. */
export const images: Loader<true> = {
  name: 'image',
  max: FILTER_VALUES_MAX,
  fetch: async (look, ids) => {
    const found = await look.all(describeImages, { Filters: [{ Name: 'image-id', Values: [...ids] }] });
    return new Map(found.map(({ ImageId = '' }) => [ImageId, true]));
  },
};

const eventsOf = ({ Events = [] }: RawStatus) =>
  Events.map(({ Code = '', Description, NotBefore }) => ({
    code: Code as string,
    ...present({ description: Description, notBefore: NotBefore?.toISOString() }),
  }));

/** What is told of an instance elsewhere than in DescribeInstances. */
type Aside = {
  readonly status?: RawStatus | undefined;
  readonly type?: InstanceTypeInfo | undefined;
  readonly imageMissing?: boolean | undefined;
  readonly apiTerminationDisabled?: boolean | undefined;
};

const interfacesOf = ({ NetworkInterfaces = [] }: RawInstance): Instance['interfaces'] =>
  NetworkInterfaces.map((card) => ({
    id: card.NetworkInterfaceId ?? '',
    deviceIndex: card.Attachment?.DeviceIndex ?? 0,
    addresses: [...(card.PrivateIpAddresses ?? []), ...(card.Ipv6Addresses ?? [])].map((address) =>
      'Ipv6Address' in address
        ? (address.Ipv6Address ?? '')
        : ((address as { PrivateIpAddress?: string }).PrivateIpAddress ?? ''),
    ),
    ...present({ deleteOnTermination: card.Attachment?.DeleteOnTermination }),
  }));

const instanceOf = (look: Look, { instance, ownerId }: Found, aside: Aside): Instance => {
  const id = instance.InstanceId ?? '';
  const interfaces = interfacesOf(instance);
  const primary = instance.PrivateIpAddress === undefined ? [] : [instance.PrivateIpAddress];
  return {
    id,
    arn: ec2Arn(look.region, ownerId, `instance/${id}`),
    state: instance.State?.Name ?? '',
    zone: instance.Placement?.AvailabilityZone ?? '',
    instanceType: instance.InstanceType ?? '',
    launchedAt: instance.LaunchTime?.toISOString() ?? '',
    spot: instance.InstanceLifecycle === 'spot',
    tags: tagsFrom(instance.Tags),
    securityGroupIds: (instance.SecurityGroups ?? []).map(({ GroupId = '' }) => GroupId),
    interfaces,
    addresses: [...new Set([...primary, ...interfaces.flatMap(({ addresses }) => addresses)])],
    instanceStore: aside.type?.InstanceStorageSupported ?? false,
    scheduledEvents: aside.status === undefined ? [] : eventsOf(aside.status),
    ...present({
      subnetId: instance.SubnetId,
      vpcId: instance.VpcId,
      // DescribeInstances says `xen` for Nitro too; the type tells. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html
      hypervisor: aside.type?.Hypervisor,
      imageId: instance.ImageId,
      imageMissing: aside.imageMissing,
      operator: instance.Operator?.Principal,
      profileArn: instance.IamInstanceProfile?.Arn,
      apiTerminationDisabled: aside.apiTerminationDisabled,
    }),
  };
};

const asideOf = async (look: Look, { instance }: Found): Promise<Aside> => {
  const { InstanceId = '', InstanceType = '', ImageId } = instance;
  const [status, type, image] = await Promise.all([
    look.load(statuses, InstanceId),
    look.load(types, InstanceType),
    ImageId === undefined ? true : look.load(images, ImageId),
  ]);
  return { status, type, imageMissing: image === undefined };
};

export const instance: FetchFact<'instance'> = async (look, { id }) => {
  const found = await look.load(instances, id);
  if (found === undefined) return undefined;
  const over = OVER.has(found.instance.State?.Name ?? '');
  const [aside, attribute] = await Promise.all([
    asideOf(look, found),
    over ? undefined : look.ask(describeInstanceAttribute, { InstanceId: id, Attribute: 'disableApiTermination' }),
  ]);
  return instanceOf(look, found, { ...aside, apiTerminationDisabled: attribute?.DisableApiTermination?.Value });
};

/** Those of them that EC2 knows. */
export const instancesById = async (look: Look, ids: readonly string[]): Promise<readonly Instance[]> => {
  const found = await Promise.all(
    ids.map(async (id) => {
      const one = await look.load(instances, id);
      return one === undefined ? [] : [instanceOf(look, one, await asideOf(look, one))];
    }),
  );
  return found.flat();
};

/** As above, but what is told elsewhere is left out when it cannot be read: a map of the service is worth more than that. */
export const instancesInOutline = async (look: Look, ids: readonly string[]): Promise<readonly Instance[]> => {
  const found = await Promise.all(
    ids.map(async (id) => {
      const one = await look.load(instances, id);
      if (one === undefined) return [];
      const aside = await attempt(asideOf(look, one));
      return [instanceOf(look, one, 'value' in aside ? aside.value : {})];
    }),
  );
  return found.flat();
};

/** Ids of the instances that hold these addresses: in these VPCs, as others may use the same addresses. */
export const instanceIdsByAddress = async (
  look: Look,
  vpcIds: readonly string[],
  addresses: readonly string[],
): Promise<readonly string[]> => {
  const pages = chunks(addresses.toSorted(), FILTER_VALUES_MAX).map((part) =>
    look.all(describeInstances, {
      Filters: [
        { Name: 'vpc-id', Values: [...vpcIds] },
        { Name: 'network-interface.addresses.private-ip-address', Values: [...part] },
      ],
    }),
  );
  const reservations = (await Promise.all(pages)).flat();
  return reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId = '' }) => InstanceId));
};

export const instancesOfGroup: FetchFact<'instances-of-group'> = async (look, { name }) => {
  const group = await look.fact('group', { name });
  return instancesById(look, group?.members.map(({ id }) => id) ?? []);
};

const statusOf = (status: RawStatus): InstanceStatus => ({
  instanceId: status.InstanceId ?? '',
  state: status.InstanceState?.Name ?? '',
  system: status.SystemStatus?.Status ?? '',
  instance: status.InstanceStatus?.Status ?? '',
  events: eventsOf(status),
});

export const instanceStatuses: FetchFact<'instance-statuses'> = async (look, { serviceId }) => {
  const { instances: served } = await look.fact('service-map', { serviceId });
  const found = await Promise.all(served.map(({ id }) => look.load(statuses, id)));
  return found.flatMap((status) => (status === undefined ? [] : [statusOf(status)]));
};
