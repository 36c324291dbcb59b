import type { Snapshot as RawSnapshot, Volume as RawVolume } from '@aws-sdk/client-ec2';
import type { Snapshot, Volume } from '../../../runbook/entities.ts';
import { attempt } from '../read-failure.ts';
import type { FetchFact, Look } from './look.ts';
import { ec2Arn, present } from './present.ts';
import { describeSnapshots, describeVolumes } from './reads/ec2.ts';
import { describeKey } from './reads/others.ts';

const accountOf = (arn: string): string => arn.split(':')[4] ?? '';

/** Best effort: a key of another account, or without permission, is not a broken key. */
const keyStateOf = async (look: Look, keyId: string | undefined): Promise<string | undefined> => {
  if (keyId === undefined) return undefined;
  const answer = await attempt(look.ask(describeKey, { KeyId: keyId }));
  return ('value' in answer ? answer.value.KeyMetadata?.KeyState : undefined) ?? 'unknown';
};

const volumeOf = async (look: Look, volume: RawVolume, instanceId: string, accountId: string): Promise<Volume> => {
  const { VolumeId: id = '', Attachments = [], KmsKeyId } = volume;
  const attachment = Attachments.find((one) => one.InstanceId === instanceId);
  return {
    id,
    arn: ec2Arn(look.region, accountId, `volume/${id}`),
    sizeGiB: volume.Size ?? 0,
    device: attachment?.Device ?? '',
    deleteOnTermination: attachment?.DeleteOnTermination ?? false,
    attachments: Attachments.length,
    multiAttach: volume.MultiAttachEnabled ?? false,
    encrypted: volume.Encrypted ?? false,
    ...present({ kmsKeyId: KmsKeyId, kmsKeyState: await keyStateOf(look, KmsKeyId) }),
  };
};

export const volumesOf: FetchFact<'volumes-of'> = async (look, { instanceId }) => {
  const [instance, volumes] = await Promise.all([
    look.fact('instance', { id: instanceId }),
    look.all(describeVolumes, { Filters: [{ Name: 'attachment.instance-id', Values: [instanceId] }] }),
  ]);
  const accountId = accountOf(instance?.arn ?? '');
  return Promise.all(volumes.map((volume) => volumeOf(look, volume, instanceId, accountId)));
};

const RUN_TAG = 'firebreak:run';
const snapshotOf = (snapshot: RawSnapshot): Snapshot => ({
  id: snapshot.SnapshotId ?? '',
  volumeId: snapshot.VolumeId ?? '',
  state: snapshot.State ?? 'pending',
  progressPercent: Number.parseInt(snapshot.Progress ?? '', 10) || 0,
  startedAt: snapshot.StartTime?.toISOString() ?? '',
  ...present({ message: snapshot.StateMessage }),
});

export const snapshotsOfRun: FetchFact<'snapshots-of-run'> = async (look, { runId }) => {
  const wanted = { OwnerIds: ['self'], Filters: [{ Name: `tag:${RUN_TAG}`, Values: [runId] }] };
  return (await look.all(describeSnapshots, wanted)).map(snapshotOf);
};
