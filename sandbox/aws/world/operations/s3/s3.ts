import { createHash } from 'node:crypto';
import type * as S3 from '@aws-sdk/client-s3';
import { AwsError, type Operation, type ServiceOperations } from '../../../operation.ts';
import type { Bucket, StoredObject } from '../../state/services.ts';
import type { WorldState } from '../../state/state.ts';
import { on, pageOf } from '../authorize.ts';
import { serviceKeyArn } from '../kms/keys.ts';

/** Objects live in the world's state, which is kept as JSON: evidence fits, films do not. */
const OBJECT_BYTES_MAX = 8 * 1_024 * 1_024;
/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
const KEYS_PER_PAGE_MAX = 1_000;

const bucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`;
const objectArn = (bucket = '', key = ''): string => `${bucketArn(bucket)}/${key}`;

const mustHaveBucket = (state: WorldState, name: string | undefined): Bucket => {
  const found = state.buckets?.find((bucket) => bucket.name === name);
  if (found === undefined) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  return found;
};

const mustHaveObject = (
  state: WorldState,
  { Bucket: bucket, Key = '' }: { Bucket: string | undefined; Key: string | undefined },
): StoredObject => {
  const { objects } = mustHaveBucket(state, bucket);
  const found = Object.hasOwn(objects, Key) ? objects[Key] : undefined;
  if (found === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  return found;
};

const encryptionOf = ({ encryption, kmsKeyId }: StoredObject) => ({
  ServerSideEncryption: encryption as S3.ServerSideEncryption,
  ...(kmsKeyId !== undefined && { SSEKMSKeyId: kmsKeyId }),
});

/** Condition keys: https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html */
const sseKeys = ({ ServerSideEncryption, SSEKMSKeyId }: S3.PutObjectCommandInput) => ({
  ...(ServerSideEncryption !== undefined && { 's3:x-amz-server-side-encryption': ServerSideEncryption }),
  ...(SSEKMSKeyId !== undefined && { 's3:x-amz-server-side-encryption-aws-kms-key-id': SSEKMSKeyId }),
});

const store = (state: WorldState, input: S3.PutObjectCommandInput): StoredObject => {
  const bytes = Buffer.isBuffer(input.Body) ? input.Body : Buffer.from(String(input.Body ?? ''));
  if (bytes.length > OBJECT_BYTES_MAX)
    throw new AwsError('EntityTooLarge', `Your proposed upload exceeds the maximum allowed size of ${OBJECT_BYTES_MAX} bytes.`);
  const { ServerSideEncryption = 'AES256', SSEKMSKeyId, ContentType = 'application/octet-stream', Metadata = {} } = input;
  return {
    body: bytes.toString('base64'),
    bytes: bytes.length,
    etag: `"${createHash('md5').update(bytes).digest('hex')}"`,
    contentType: ContentType,
    encryption: ServerSideEncryption,
    ...(ServerSideEncryption === 'aws:kms' && {
      kmsKeyId: SSEKMSKeyId ?? serviceKeyArn(state, 's3'),
    }),
    metadata: { ...Metadata },
    storedAt: state.now,
  };
};

/** `If-None-Match: *`: only where nothing is yet. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
const putObject = (state: WorldState): Operation<S3.PutObjectCommandInput> => ({
  authorize: (input) => [on('s3:PutObject', objectArn(input.Bucket, input.Key), sseKeys(input))],
  run: (input) => {
    const { objects } = mustHaveBucket(state, input.Bucket);
    const key = input.Key ?? '';
    if (input.IfNoneMatch === '*' && Object.hasOwn(objects, key))
      throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
    const object = store(state, input);
    objects[key] = object;
    return { ETag: object.etag, ...encryptionOf(object) };
  },
});

const headersOf = (object: StoredObject) => ({
  ContentLength: object.bytes,
  ContentType: object.contentType,
  ETag: object.etag,
  LastModified: new Date(object.storedAt),
  AcceptRanges: 'bytes',
  Metadata: object.metadata,
  ...encryptionOf(object),
});

const getObject = (state: WorldState): Operation<S3.GetObjectCommandInput> => ({
  authorize: ({ Bucket, Key }) => [on('s3:GetObject', objectArn(Bucket, Key))],
  run: (input) => {
    const object = mustHaveObject(state, input);
    return { ...headersOf(object), Body: Buffer.from(object.body, 'base64') };
  },
});

/** An answer to HEAD has no body, so that its error is a bare `NotFound`. */
const headObject = (state: WorldState): Operation<S3.HeadObjectCommandInput> => ({
  authorize: ({ Bucket, Key }) => [on('s3:GetObject', objectArn(Bucket, Key))],
  run: (input) => headersOf(mustHaveObject(state, input)),
});

const listObjects = (state: WorldState): Operation<S3.ListObjectsV2CommandInput> => ({
  authorize: ({ Bucket = '', Prefix }) => [
    on('s3:ListBucket', bucketArn(Bucket), Prefix === undefined ? {} : { 's3:prefix': Prefix }),
  ],
  run: ({ Bucket, Prefix = '', MaxKeys = KEYS_PER_PAGE_MAX, ContinuationToken }) => {
    const { name, objects } = mustHaveBucket(state, Bucket);
    const keys = Object.keys(objects)
      .filter((key) => key.startsWith(Prefix))
      .sort();
    const refuse = (): AwsError => new AwsError('InvalidArgument', 'The continuation token provided is incorrect');
    const { items, next } = pageOf(keys, ContinuationToken, Math.min(MaxKeys, KEYS_PER_PAGE_MAX), refuse);
    return {
      Name: name,
      Prefix,
      MaxKeys,
      KeyCount: items.length,
      IsTruncated: next !== undefined,
      ...(next !== undefined && { NextContinuationToken: next }),
      Contents: items.map((Key) => {
        const { bytes, etag, storedAt } = objects[Key]!;
        return { Key, Size: bytes, ETag: etag, LastModified: new Date(storedAt), StorageClass: 'STANDARD' };
      }),
    };
  },
});

const createBucket = (state: WorldState): Operation<S3.CreateBucketCommandInput> => ({
  authorize: ({ Bucket = '' }) => [on('s3:CreateBucket', bucketArn(Bucket))],
  run: ({ Bucket: name = '' }) => {
    state.buckets ??= [];
    if (state.buckets.some((bucket) => bucket.name === name))
      throw new AwsError(
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded and you already own it.',
        409,
      );
    state.buckets.push({ name, createdAt: state.now, objects: {} });
    return { Location: `/${name}` };
  },
});

/** As much of S3 as a bucket for evidence needs. */
export const s3 = (state: WorldState): ServiceOperations => ({
  PutObject: putObject(state),
  GetObject: getObject(state),
  HeadObject: headObject(state),
  ListObjectsV2: listObjects(state),
  CreateBucket: createBucket(state),
});
