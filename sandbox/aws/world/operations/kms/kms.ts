import type * as Kms from '@aws-sdk/client-kms';
import { AwsError, type Operation, type ServiceOperations } from '../../../operation.ts';
import type { Key } from '../../state/services.ts';
import type { WorldState } from '../../state/state.ts';
import { on, resourceTagKeys } from '../authorize.ts';
import { bareKeyId, keyArn, keysOf, serviceKeyArn } from './keys.ts';

/** By id, by ARN, or by the alias of a service's own key. */
const findKey = (state: WorldState, name: string): Key | undefined => {
  const service = /(?:^|:)alias\/aws\/(ebs|s3)$/.exec(name)?.[1] as 'ebs' | 's3' | undefined;
  const id = bareKeyId(service === undefined ? name : serviceKeyArn(state, service));
  return keysOf(state).find((key) => key.id === id);
};

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
    const arn = findKey(state, KeyId)?.arn ?? keyArn(state, bareKeyId(KeyId));
    return [on('kms:DescribeKey', arn, resourceTagKeys(state, 'kms', arn))];
  },
  run: ({ KeyId = '' }) => {
    const key = findKey(state, KeyId);
    if (key === undefined) throw new AwsError('NotFoundException', `Key '${keyArn(state, bareKeyId(KeyId))}' does not exist`);
    return { KeyMetadata: metadataOf(state, key) };
  },
});

export const kms = (state: WorldState): ServiceOperations => ({ DescribeKey: describeKey(state) });
