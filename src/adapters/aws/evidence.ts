import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Evidence } from '../../ports.ts';
import { codeOf } from './failure.ts';

/** Longest part of a path, in characters. */
const NAME_LENGTH_MAX = 100;
const DIGEST_LENGTH = 8;
/** Nobody but the bot reads what may hold secrets. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** A name that is safe in a path. A name that had to be changed gets a digest of itself, so that no two become one. */
const safeName = (name: string): string => {
  const clean = name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^\.+/, '');
  if (clean === name && name !== '' && name.length <= NAME_LENGTH_MAX) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, DIGEST_LENGTH);
  return `${clean.slice(0, NAME_LENGTH_MAX - DIGEST_LENGTH - 1)}-${digest}`;
};

type Piece = Parameters<Evidence['keep']>[0];
const pathOf = ({ incident, runId, name }: Piece): readonly string[] => [incident, runId, name].map(safeName);

/** A folder on one machine. What was kept first stays: evidence is not written over. */
export const createFolderEvidence = (folder: string): Evidence => ({
  keep: async (piece) => {
    const [incident, run, name] = pathOf(piece) as [string, string, string];
    const parent = join(folder, incident, run);
    await mkdir(parent, { recursive: true, mode: FOLDER_MODE });
    const where = join(parent, name);
    // Written aside, then given its name at once: a crash leaves either nothing or the whole of it.
    const aside = join(parent, `.${randomUUID()}.part`);
    try {
      await writeFile(aside, piece.text, { mode: FILE_MODE, flag: 'wx', flush: true });
      await link(aside, where).catch((error: unknown) => {
        if (codeOf(error) !== 'EEXIST') throw error;
      });
    } finally {
      await rm(aside, { force: true });
    }
    return { where };
  },
});

/** A private bucket. Encrypted by the given key, else by the account's own for S3. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html */
export const createS3Evidence = (options: {
  readonly client: S3Client;
  readonly bucket: string;
  readonly kmsKeyId?: string;
}): Evidence => ({
  keep: async (piece) => {
    const { client, bucket, kmsKeyId } = options;
    const key = ['incidents', ...pathOf(piece)].join('/');
    const put = new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: piece.text,
      ContentType: 'text/plain; charset=utf-8',
      ServerSideEncryption: 'aws:kms',
      ...(kmsKeyId !== undefined && { SSEKMSKeyId: kmsKeyId }),
      // What was kept first stays. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
      IfNoneMatch: '*',
    });
    await client.send(put).catch((error: unknown) => {
      if (codeOf(error) !== 'PreconditionFailed') throw error;
    });
    return { where: `s3://${bucket}/${key}` };
  },
});
