import type * as Ec2 from '@aws-sdk/client-ec2';
import { type Authorization, AwsError, type Operation, type ServiceOperations } from '../../../operation.ts';
import { progressOf, startSnapshot } from '../../physics/snapshots.ts';
import type { Snapshot, Volume } from '../../state/compute.ts';
import { instanceOf, setTags, tagsOf, volumesOf } from '../../state/find.ts';
import type { WorldState } from '../../state/state.ts';
import { on, requestTagKeys, tagKeys } from '../authorize.ts';
import { serviceKeyArn } from '../kms/keys.ts';
import { type Description, describing, isOwn, tagList } from './describe.ts';
import { onInstance } from './instances.ts';
import { arnOf, KINDS, mustExist } from './kinds.ts';
import { mustBeTaggable, recordOf } from './tags.ts';

/** What is encrypted and names no key has the account's own one. */
const keyOf = (state: WorldState, { encrypted, kmsKeyId }: Pick<Volume, 'encrypted' | 'kmsKeyId'>) =>
  encrypted ? { KmsKeyId: kmsKeyId ?? serviceKeyArn(state, 'ebs') } : {};

const volumeShape = (state: WorldState, volume: Volume): Ec2.Volume => ({
  VolumeId: volume.id,
  Size: volume.sizeGib,
  SnapshotId: '',
  AvailabilityZone: volume.zone,
  State: volume.attachments.length > 0 ? 'in-use' : 'available',
  CreateTime: new Date(volume.createdAt),
  VolumeType: volume.type,
  MultiAttachEnabled: volume.multiAttach,
  Encrypted: volume.encrypted,
  ...keyOf(state, volume),
  Attachments: volume.attachments.map(({ instanceId, device, deleteOnTermination, attachedAt }) => ({
    VolumeId: volume.id,
    InstanceId: instanceId,
    Device: device,
    State: 'attached',
    AttachTime: new Date(attachedAt),
    DeleteOnTermination: deleteOnTermination,
  })),
  Tags: tagList(state, volume.id),
});

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html */
const VOLUMES: Description<Ec2.DescribeVolumesCommandInput, Ec2.Volume, 'Volumes'> = {
  member: 'Volumes',
  all: (state) => state.volumes.map((volume) => volumeShape(state, volume)),
  filters: {
    'attachment.delete-on-termination': 'Attachments.DeleteOnTermination',
    'attachment.device': 'Attachments.Device',
    'attachment.instance-id': 'Attachments.InstanceId',
    'attachment.status': 'Attachments.State',
    'availability-zone': 'AvailabilityZone',
    'create-time': 'CreateTime',
    encrypted: 'Encrypted',
    'multi-attach-enabled': 'MultiAttachEnabled',
    size: 'Size',
    'snapshot-id': 'SnapshotId',
    status: 'State',
    'volume-id': 'VolumeId',
    'volume-type': 'VolumeType',
  },
  ids: { of: (input) => input.VolumeIds, kind: KINDS.volume, idOf: (volume) => volume.VolumeId },
  idsExcludePaging: true,
};

/** CreateSnapshots answers less than DescribeSnapshots: no key, no completion time. */
const infoShape = (state: WorldState, snapshot: Snapshot): Ec2.SnapshotInfo => ({
  SnapshotId: snapshot.id,
  VolumeId: snapshot.volumeId,
  VolumeSize: snapshot.sizeGib,
  State: snapshot.state,
  Progress: progressOf(state, snapshot),
  StartTime: new Date(snapshot.startedAt),
  OwnerId: state.accountId,
  Description: snapshot.description,
  Encrypted: snapshot.encrypted,
  Tags: tagList(state, snapshot.id),
});

const snapshotShape = (state: WorldState, snapshot: Snapshot): Ec2.Snapshot => ({
  ...infoShape(state, snapshot),
  StorageTier: 'standard',
  ...keyOf(state, snapshot),
  ...(snapshot.message !== undefined && { StateMessage: snapshot.message }),
  ...(snapshot.state === 'completed' && { CompletionTime: new Date(snapshot.endsAt) }),
});

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSnapshots.html */
const SNAPSHOTS: Description<Ec2.DescribeSnapshotsCommandInput, Ec2.Snapshot, 'Snapshots'> = {
  member: 'Snapshots',
  all: (state, { OwnerIds }) => (isOwn(state, OwnerIds) ? state.snapshots.map((snapshot) => snapshotShape(state, snapshot)) : []),
  filters: {
    description: 'Description',
    encrypted: 'Encrypted',
    'owner-id': 'OwnerId',
    progress: 'Progress',
    'snapshot-id': 'SnapshotId',
    'start-time': 'StartTime',
    status: 'State',
    'storage-tier': 'StorageTier',
    'volume-id': 'VolumeId',
    'volume-size': 'VolumeSize',
  },
  ids: { of: (input) => input.SnapshotIds, kind: KINDS.snapshot, idOf: (snapshot) => snapshot.SnapshotId },
  idsExcludePaging: true,
};

type CreateInput = Ec2.CreateSnapshotsCommandInput;

const newTags = ({ TagSpecifications }: CreateInput): Ec2.Tag[] =>
  (TagSpecifications ?? []).filter(({ ResourceType }) => ResourceType === 'snapshot').flatMap(({ Tags }) => Tags ?? []);

/** The volumes that the call names, less those that it leaves out. */
const volumesFor = (state: WorldState, input: CreateInput): readonly Volume[] => {
  const {
    InstanceId = '',
    ExcludeBootVolume,
    ExcludeDataVolumeIds: left = [],
  } = input.InstanceSpecification ?? { InstanceId: '' };
  mustExist(state, KINDS.instance, [InstanceId]);
  const root = state.images.find((one) => one.id === instanceOf(state, InstanceId).imageId)?.rootDevice ?? '/dev/xvda';
  const isBoot = (volume: Volume): boolean =>
    volume.attachments.some(({ instanceId, device }) => instanceId === InstanceId && device === root);
  const attached = volumesOf(state, InstanceId);
  const strange = left.find((id) => !attached.some((volume) => volume.id === id && !isBoot(volume)));
  if (strange !== undefined)
    throw new AwsError('InvalidParameterValue', `The volume ${strange} is not a data volume of the instance ${InstanceId}.`);
  return attached.filter((volume) => !(ExcludeBootVolume === true && isBoot(volume)) && !left.includes(volume.id));
};

const onVolume = (state: WorldState, volume: Volume): Authorization =>
  on('ec2:CreateSnapshots', arnOf(state, KINDS.volume, volume.id), tagKeys('ec2', tagsOf(state, volume.id)), {
    'ec2:Region': state.region,
    'ec2:AvailabilityZone': volume.zone,
    'ec2:Encrypted': String(volume.encrypted),
    'ec2:VolumeID': volume.id,
    'ec2:VolumeSize': String(volume.sizeGib),
    'ec2:VolumeType': volume.type,
  });

/**
 * Three kinds of resource, each with its own keys: request tags count only for the snapshots to come, resource tags only for
 * what is there; tags given on creation need CreateTags as well.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html, .../supported-iam-actions-tagging.html
 */
const authorizeCreation = (state: WorldState, input: CreateInput): readonly Authorization[] => {
  const volumes = volumesFor(state, input);
  const tags = newTags(input);
  const target = arnOf(state, KINDS.snapshot, '*');
  const asked = requestTagKeys(tags);
  const region = { 'ec2:Region': state.region };
  return [
    onInstance(state, 'ec2:CreateSnapshots', input.InstanceSpecification!.InstanceId!),
    ...volumes.map((volume) => onVolume(state, volume)),
    on('ec2:CreateSnapshots', target, asked, region),
    ...(tags.length > 0 ? [on('ec2:CreateTags', target, asked, region, { 'ec2:CreateAction': 'CreateSnapshots' })] : []),
  ];
};

const createSnapshots = (state: WorldState): Operation<CreateInput> => ({
  authorize: (input) => authorizeCreation(state, input),
  run: (input) => {
    const volumes = volumesFor(state, input);
    if (volumes.length === 0)
      throw new AwsError('InvalidParameterValue', 'The instance has no volumes that the request does not exclude.');
    const tags = recordOf(newTags(input));
    mustBeTaggable({}, tags);
    const snapshots = volumes.map((volume) => {
      const snapshot = startSnapshot(state, volume, { description: input.Description ?? '', tags });
      const { [volume.id]: own = {} } = state.tags;
      if (input.CopyTagsFromSource === 'volume') setTags(state, snapshot.id, { ...own, ...tags });
      return snapshot;
    });
    return { Snapshots: snapshots.map((snapshot) => infoShape(state, snapshot)) };
  },
});

export const storageOperations = (state: WorldState): ServiceOperations => ({
  DescribeVolumes: describing(state, 'DescribeVolumes', VOLUMES),
  DescribeSnapshots: describing(state, 'DescribeSnapshots', SNAPSHOTS),
  CreateSnapshots: createSnapshots(state),
});
