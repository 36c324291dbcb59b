import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FolderInUse, lockFolder } from '../../sandbox/folder-lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'firebreak-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a folder that another process has is refused by its name', async () => {
  await writeFile(path.join(folder, 'process.pid'), '4711');
  await expect(lockFolder(folder, () => true)).rejects.toThrow(
    new FolderInUse(`${folder} is in use by process 4711. Stop it, or choose another folder with --data-dir.`),
  );
});

test('what a killed process left is taken over, and left free', async () => {
  await writeFile(path.join(folder, 'process.pid'), '4711');
  const lock = await lockFolder(folder, () => false);
  expect(await readdir(folder)).toEqual(['process.pid']);
  await lock.free();
  expect(await readdir(folder)).toEqual([]);
});
