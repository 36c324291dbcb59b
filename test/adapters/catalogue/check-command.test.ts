/** `npm run runbooks`, as a terminal and as CI see it. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkRunbooks } from '../../../src/adapters/catalogue/check-command.ts';

let broken: string;
beforeAll(async () => {
  broken = path.join(await mkdtemp(path.join(tmpdir(), 'runbooks-')), 'runbooks');
  await cp('test/adapters/catalogue/runbooks', broken, { recursive: true });
  const file = path.join(broken, 'symptoms.yml');
  await writeFile(file, (await readFile(file, 'utf8')).replaceAll('item: capacity', 'item: room'));
});
afterAll(() => rm(path.dirname(broken), { recursive: true, force: true }));

type Ended = { readonly code: number; readonly out: string; readonly err: string };
const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['src/adapters/catalogue/check-command.ts', ...args],
      { env: { ...process.env, ...env } },
      (_, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });

test('runbooks that hold together: one line, exit 0', async () => {
  const { code, out, err } = await run(['test/adapters/catalogue/runbooks']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^\d+ checks, \d+ fixes, 2 items, 1 service and 2 symptoms hold together\.\n$/);
});

test('broken ones: each problem with its place, exit 1', async () => {
  const { code, out, err } = await run([broken]);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err.trimEnd().split('\n')).toEqual([
    `${broken}/symptoms.yml:8:17 The checklist has no item "room". It has: load-balancer, capacity`,
    `${broken}/symptoms.yml:15:17 The checklist has no item "room". It has: load-balancer, capacity`,
  ]);
});

test('without a folder it is RUNBOOKS_DIR', async () => {
  const { code, err } = await run([], { RUNBOOKS_DIR: broken });
  expect(code).toBe(1);
  expect(err).toContain('symptoms.yml:8:17');
});

test('a folder that is not there', async () => {
  const { lines, exitCode } = await checkRunbooks('no/such/folder');
  expect(exitCode).toBe(1);
  expect(lines).toContain('no/such/folder/symptoms.yml:1:1 There is no such file.');
});

test('our own runbooks hold together', async () => {
  const { lines, exitCode } = await checkRunbooks('runbooks');
  expect(lines).toEqual([expect.stringMatching(/ symptoms hold together\.$/)]);
  expect(exitCode).toBe(0);
});
