// How: `src/main.ts` in a process of its own, with an environment of its own.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { startEmbeddedTable } from '../../src/adapters/dynamo/embedded-table.ts';

type Ended = { readonly code: number; readonly said: string };
const start = (environment: Readonly<Record<string, string>>): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '', ...environment };
    execFile(process.execPath, ['src/main.ts'], { env, timeout: 15_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr }),
    );
  });

const WHOLE = {
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_SIGNING_SECRET: 'secret',
  AWS_REGION: 'eu-west-3',
  FIX_ROLE_ARN: 'arn:aws:iam::111122223333:role/firebreak-fix',
  PORT: '0',
};

test.concurrent('without settings it says each that is needed and what it is for, and ends', async () => {
  const { code, said } = await start({});
  expect(code).toBe(1);
  expect(said.split('\n').filter((line) => line.startsWith('  '))).toEqual([
    '  SLACK_BOT_TOKEN: The bot token of your Slack app (OAuth & Permissions, xoxb-…).',
    '  AWS_REGION: The region your service runs in, such as eu-west-3.',
    '  SLACK_SIGNING_SECRET: The signing secret of your Slack app (Basic Information).',
    '  FIX_ROLE_ARN: The role that fixes run under (infra/roles.yml makes it).',
  ]);
  expect(said).not.toMatch(/\bat .*\.[jt]s:\d+/);
});

test.concurrent('a setting that is wrong is named with what it should be, and its value is not repeated', async () => {
  const { code, said } = await start({
    ...WHOLE,
    FIX_ROLE_ARN: 'firebreak-fix',
    PORT: '99999',
    SLACK_APP_TOKEN: 'secret-of-mine',
  });
  expect(code).toBe(1);
  expect(said).toMatch(/FIX_ROLE_ARN: .*arn:aws:iam::/);
  expect(said).toContain('PORT: ');
  expect(said).toMatch(/SLACK_APP_TOKEN: .*xapp-/);
  expect(said).not.toContain('secret-of-mine');
});

test.concurrent('runbooks that do not hold together are named by file and line, and nothing is started', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'firebreak-runbooks-'));
  try {
    await cp('runbooks', folder, { recursive: true });
    const file = path.join(folder, 'services', 'shop.yml');
    await writeFile(file, 'id: shop\nname: Shop\nurl: not a url\nloadBalancer: [\n');
    const { code, said } = await start({ ...WHOLE, RUNBOOKS_DIR: folder, DATA_DIR: path.join(folder, 'table') });
    expect(code).toBe(1);
    expect(said).toMatch(/services\/shop\.yml:\d+/);
    expect(said).not.toMatch(/\bat .*\.[jt]s:\d+/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.concurrent('a data folder that another process has is named', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'firebreak-taken-'));
  const taken = await startEmbeddedTable({ dataDir: folder, tableName: 'firebreak' });
  try {
    const { code, said } = await start({ ...WHOLE, DATA_DIR: folder });
    expect(code).toBe(1);
    expect(said).toContain(`The data folder ${folder} is in use by another process.`);
  } finally {
    await taken.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test.concurrent('a port that another process has is named, and the process ends', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'firebreak-port-'));
  const other = createServer().listen(0);
  await once(other, 'listening');
  try {
    const { port } = other.address() as AddressInfo;
    const { code, said } = await start({ ...WHOLE, PORT: String(port), DATA_DIR: folder });
    expect(code).toBe(1);
    expect(said).toContain(`address already in use :::${port}`);
  } finally {
    other.close();
    await rm(folder, { recursive: true, force: true });
  }
});
