import type * as Kms from '@aws-sdk/client-kms';
import { AwsError, type Operation, type ServiceOperations } from '../../../operation.ts';
import type { Key } from '../../state/services.ts';
import type { WorldState } from '../../state/state.ts';
import { on, resourceTagKeys } from '../authorize.ts';

const arnOf = ({ region, accountId }: WorldState, id: string): string => `arn:aws:kms:${region}:${accountId}:key/${id}`;

/** Keys are named by id, by ARN, or by the alias of a service's own key. */
const bare = (name: string): string => name.split(':key/').at(-1) ?? name;

/** Keys that volumes and snapshots are encrypted with exist, also when nobody described them: they are enabled. */
const keysOf = (state: WorldState): readonly Key[] => {
  const keys = [...(state.keys ?? [])];
  const used = [...state.volumes, ...state.snapshots].flatMap(({ kmsKeyId }) => (kmsKeyId === undefined ? [] : [bare(kmsKeyId)]));
  for (const id of new Set(used))
    if (!keys.some((key) => key.id === id))
      keys.push({ id, arn: arnOf(state, id), state: 'Enabled', description: '', createdAt: 0, manager: 'CUSTOMER' });
  return keys;
};

const findKey = (state: WorldState, name: string): Key | undefined => keysOf(state).find((key) => key.id === bare(name));

const metadataOf = (state: WorldState, key: Key): Kms.KeyMetadata => ({
  AWSAccountId: state.accountId,
  KeyId: key.id,
  Arn: key.arn,
  CreationDate: new Date(key.createdAt),
  Description: key.description,
  Enabled: key.state === 'Enabled',
  KeyState: key.state,
  KeyUsage: 'ENCRYPT_DECRYPT',
  KeyManager: key.manager,
  KeySpec: 'SYMMETRIC_DEFAULT',
  CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
  EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
  Origin: 'AWS_KMS',
  MultiRegion: false,
});

const describeKey = (state: WorldState): Operation<Kms.DescribeKeyCommandInput> => ({
  authorize: ({ KeyId = '' }) => {
    const arn = findKey(state, KeyId)?.arn ?? arnOf(state, bare(KeyId));
    return [on('kms:DescribeKey', arn, resourceTagKeys(state, 'kms', arn))];
  },
  run: ({ KeyId = '' }) => {
    const key = findKey(state, KeyId);
    if (key === undefined) throw new AwsError('NotFoundException', `Key '${arnOf(state, bare(KeyId))}' does not exist`);
    return { KeyMetadata: metadataOf(state, key) };
  },
});

export const kms = (state: WorldState): ServiceOperations => ({ DescribeKey: describeKey(state) });
