/** The Slack function's store: what a reader would tidy up is left to those who may write, and the answers are the same. */
import { expect, test } from 'vitest';
import { readOnly } from '../../src/adapters/dynamo/read-only-store.ts';
import { createMemoryLogStore } from '../../src/adapters/memory/log-store.ts';
import type { LogStore } from '../../src/log/log-store.ts';
import { createTestLog, watched } from '../log/kit.ts';

const WRITES: ReadonlySet<keyof LogStore> = new Set([
  'putCommit',
  'putHead',
  'raiseLatestNumber',
  'putRequest',
  'putOpen',
  'removeOpen',
  'putChannel',
]);
/** What AWS does to a role that may only read. */
const refusing = (store: LogStore): LogStore =>
  watched(store, (method, call) => (WRITES.has(method) ? Promise.reject(new Error(`AccessDenied: ${method}`)) : call()));

const closedButListed = async () => {
  const store = createMemoryLogStore();
  const { log } = createTestLog(store);
  await log.declare({ requestId: 'r1', by: 'U1' }, () => [{ type: 'opened', v: 1, channelId: 'C1' }]);
  await log.append(1, { requestId: 'r2', by: 'U1' }, () => [{ type: 'closed', v: 1 }]);
  await store.putOpen(1, 1);
  return store;
};

test('an entry that is out of date is not shown, and stays for the next writer', async () => {
  const store = await closedButListed();
  const { log, warnings } = createTestLog(readOnly(refusing(store)));
  expect(await log.listOpen()).toEqual([]);
  expect(await store.readOpen()).toEqual([1]);
  expect(warnings).toEqual([]);
});

test('without it, a reader who may not write fails', async () => {
  const { log } = createTestLog(refusing(await closedButListed()));
  await expect(log.listOpen()).rejects.toThrow('AccessDenied: removeOpen');
});

test('an incident is found and read', async () => {
  const { log } = createTestLog(readOnly(refusing(await closedButListed())));
  expect((await log.byChannel('C1'))?.state).toMatchObject({ open: false });
});

test('who tries to write hears that this part only reads', async () => {
  const { log } = createTestLog(readOnly(createMemoryLogStore()));
  const declared = log.declare({ requestId: 'r1', by: 'U1' }, () => [{ type: 'opened', v: 1, channelId: 'C1' }]);
  await expect(declared).rejects.toThrow('only reads');
});
