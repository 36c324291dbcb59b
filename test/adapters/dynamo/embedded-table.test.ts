/** The embedded table is the product's only memory on one machine: it has to outlive its process, however that one ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type EmbeddedTable, startEmbeddedTable } from '../../../src/adapters/dynamo/embedded-table.ts';

const tableName = 'firebreak';
const Key = { PK: 'NOTE', SK: '1' };

describe('the embedded table', () => {
  let folder: string;
  const running: EmbeddedTable[] = [];
  const start = async (dataDir?: string) => {
    const table = await startEmbeddedTable({ tableName, ...(dataDir !== undefined && { dataDir }) });
    running.push(table);
    return table;
  };
  const stop = async (table: EmbeddedTable) => {
    running.splice(running.indexOf(table), 1);
    await table.close();
  };
  const read = async (table: EmbeddedTable) =>
    (await table.client.send(new GetCommand({ TableName: tableName, Key }))).Item?.['text'];
  const write = (table: EmbeddedTable, text: string) =>
    table.client.send(new PutCommand({ TableName: tableName, Item: { ...Key, text } }));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak-table-'));
  });
  afterEach(async () => {
    for (const table of running.splice(0)) await table.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('keeps what was written when it is stopped and started on the same folder', async () => {
    const first = await start(join(folder, 'data'));
    await write(first, 'kept');
    await stop(first);
    expect(await read(await start(join(folder, 'data')))).toBe('kept');
  });

  test('keeps what was answered when its process is killed', async () => {
    const program = `
      const { startEmbeddedTable } = await import(${JSON.stringify(new URL('../../../src/adapters/dynamo/embedded-table.ts', import.meta.url).href)});
      const { PutCommand } = await import('@aws-sdk/lib-dynamodb');
      const { client } = await startEmbeddedTable({ dataDir: process.argv[1], tableName: '${tableName}' });
      await client.send(new PutCommand({ TableName: '${tableName}', Item: { PK: 'NOTE', SK: '1', text: 'answered' } }));
      process.kill(process.pid, 'SIGKILL');`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program, folder], { stdio: 'inherit' });
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGKILL');
    expect(await read(await start(folder))).toBe('answered');
  });

  test('names the folder when another process has it', async () => {
    const first = await start(folder);
    await expect(start(folder)).rejects.toThrow(`The data folder ${folder} is in use by another process.`);
    await write(first, 'still served');
    expect(await read(first)).toBe('still served');
  });

  test('names the folder when it is a file', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(start(file)).rejects.toThrow(`The data folder ${file} cannot be used`);
  });

  test('forgets everything when it has no folder', async () => {
    const first = await start();
    await write(first, 'gone');
    await stop(first);
    expect(await read(await start())).toBeUndefined();
  });
});
