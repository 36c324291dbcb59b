import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createS3 } from '../../../src/adapters/aws/clients.ts';
import { createFolderEvidence, createS3Evidence } from '../../../src/adapters/aws/evidence.ts';
import type { Evidence } from '../../../src/ports.ts';
import { allow, openDesk } from './kit.ts';

const PIECE = { incident: 'inc-0042', runId: 'run-1', name: 'console.txt', text: 'kernel: ünï\n' };

type Store = {
  readonly evidence: Evidence;
  /** The text at a place, or all places. */
  readonly read: (where: string) => Promise<string>;
  readonly places: () => Promise<readonly string[]>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

const folderStore = async (): Promise<Store & { readonly folder: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'firebreak-evidence-'));
  return {
    folder,
    evidence: createFolderEvidence(join(folder, 'kept')),
    read: (where) => readFile(where, 'utf8'),
    places: async () => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
};

const BUCKET = 'shop-evidence';
const bucketStore = async () => {
  const desk = await openDesk();
  desk.identity.putUserPolicy('bot', 'evidence', { Version: '2012-10-17', Statement: [allow('s3:*', 'kms:*')] });
  desk.world.act((state) => {
    state.buckets = [{ name: BUCKET, createdAt: 0, objects: {} }];
  });
  const objects = () => desk.world.state.buckets?.[0]?.objects ?? {};
  const client = createS3({ ...desk.settings, pathStyle: true });
  return {
    desk,
    objects,
    client,
    evidence: createS3Evidence({ client, bucket: BUCKET }),
    read: async (where: string) =>
      Buffer.from(objects()[where.replace(`s3://${BUCKET}/`, '')]?.body ?? '', 'base64').toString('utf8'),
    places: async () => Object.keys(objects()).map((key) => `s3://${BUCKET}/${key}`),
    [Symbol.asyncDispose]: desk[Symbol.asyncDispose],
  };
};

describe.each([
  ['a folder', folderStore],
  ['a bucket', bucketStore],
] as const)('evidence in %s', (_what, open) => {
  it('is kept under incident and run, and said where', async () => {
    await using store = await open();
    const { where } = await store.evidence.keep(PIECE);
    expect(where).toMatch(/inc-0042\/run-1\/console\.txt$/);
    expect(await store.read(where)).toBe(PIECE.text);
  });

  it('that was kept first stays: a second try says the same place and changes nothing', async () => {
    await using store = await open();
    const first = await store.evidence.keep(PIECE);
    expect(await store.evidence.keep({ ...PIECE, text: 'later' })).toEqual(first);
    expect(await store.read(first.where)).toBe(PIECE.text);
    expect(await store.places()).toEqual([first.where]);
  });

  it.each(['../../../etc/passwd', '.hidden', '/root', 'a b', 'x'.repeat(300), 'é', '..', ''])(
    'stays where it belongs when it is called %j',
    async (name) => {
      await using store = await open();
      const { where } = await store.evidence.keep({ ...PIECE, name });
      expect(dirname(where)).toMatch(/inc-0042\/run-1$/);
      expect(basename(where)).toMatch(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/);
      expect(await store.read(where)).toBe(PIECE.text);
    },
  );

  it('of two names that look alike once cleaned is kept twice', async () => {
    await using store = await open();
    const names = ['a/b', 'a-b', 'a b'];
    const kept = await Promise.all(names.map((name) => store.evidence.keep({ ...PIECE, name, text: name })));
    expect(await Promise.all(kept.map(({ where }) => store.read(where)))).toEqual(names);
  });
});

describe('evidence in a folder', () => {
  it('is read by nobody but the bot, and leaves nothing half written', async () => {
    await using store = await folderStore();
    const { where } = await store.evidence.keep(PIECE);
    const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    expect(await modeOf(where)).toBe('600');
    for (let folder = dirname(where); folder !== store.folder; folder = dirname(folder)) expect(await modeOf(folder)).toBe('700');
    expect(await store.places()).toEqual([where]);
  });

  it('of many at once is whole', async () => {
    await using store = await folderStore();
    const kept = await Promise.all(Array.from({ length: 20 }, () => store.evidence.keep(PIECE)));
    expect(new Set(kept.map(({ where }) => where)).size).toBe(1);
    expect(await store.places()).toHaveLength(1);
  });
});

describe('evidence in a bucket', () => {
  it('is encrypted with a key of KMS', async () => {
    await using store = await bucketStore();
    const kmsKeyId = 'arn:aws:kms:eu-west-3:111122223333:key/1';
    await store.evidence.keep(PIECE);
    await createS3Evidence({ client: store.client, bucket: BUCKET, kmsKeyId }).keep({ ...PIECE, name: 'other' });
    expect(Object.values(store.objects())).toMatchObject([{ encryption: 'aws:kms' }, { encryption: 'aws:kms', kmsKeyId }]);
  });

  it('that may not be written rejects: what is lost is said', async () => {
    await using store = await bucketStore();
    store.desk.identity.putUserPolicy('bot', 'evidence', { Version: '2012-10-17', Statement: [allow('kms:*')] });
    await expect(store.evidence.keep(PIECE)).rejects.toThrow();
    expect(await store.places()).toEqual([]);
  });
});
