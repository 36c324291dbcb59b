/**
 * What only shows on the wire: the SDK's retries, lost answers, and how many requests a command costs. The requests are
 * watched, and broken, from inside the SDK's own middleware: https://aws.amazon.com/blogs/developer/middleware-stack-modular-aws-sdk-js/
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type EmbeddedTable, startEmbeddedTable } from '../../../src/adapters/dynamo/embedded-table.ts';
import { createDynamoLogStore } from '../../../src/adapters/dynamo/log-store.ts';
import { createTable } from '../../../src/adapters/dynamo/table.ts';
import { encodeCommit } from '../../../src/log/fold.ts';
import { added, opened } from '../../log/counter-model.ts';
import { createTestLog } from '../../log/kit.ts';

const ask = (requestId: string) => ({ requestId, by: 'U1' });

describe('the log in DynamoDB, on the wire', () => {
  let embedded: EmbeddedTable;
  let tableName: string;
  let tables = 0;
  beforeAll(async () => {
    embedded = await startEmbeddedTable({ tableName: 'log-0' });
  });
  afterAll(() => embedded.close());
  beforeEach(async () => {
    tableName = `log-${++tables}`;
    await createTable(embedded.client, tableName);
    requests.length = 0;
  });
  afterEach(() => embedded.client.middlewareStack.remove('watch'));

  const createLog = () => createTestLog(createDynamoLogStore(embedded.client, tableName)).log;

  const requests: string[] = [];
  /** Every attempt of the SDK passes here; `answer` may throw instead of answering. */
  const watchRequests = (answer: (command: string, send: () => Promise<void>) => Promise<void> = (_command, send) => send()) =>
    embedded.client.middlewareStack.add(
      (next, context) => async (args) => {
        const command = String(context['commandName']);
        requests.push(command);
        let result: Awaited<ReturnType<typeof next>> | undefined;
        await answer(command, async () => {
          result = await next(args);
        });
        return result!;
      },
      { step: 'deserialize', name: 'watch', priority: 'high' },
    );
  const retryable = (name: string) => Object.assign(new Error(name), { name, $metadata: {} });
  const putsOf = (names: readonly string[]) => names.filter((name) => name === 'PutItemCommand' || name === 'PutCommand').length;

  const BATCH_ITEMS_MAX = 25;
  /** Puts commits where the log would have put them, many at once. */
  const fill = async (fromSeq: number, toSeq: number) => {
    const at = '2026-01-05T14:00:00.000Z';
    for (let first = fromSeq; first <= toSeq; first += BATCH_ITEMS_MAX) {
      const count = Math.min(BATCH_ITEMS_MAX, toSeq - first + 1);
      const puts = Array.from({ length: count }, (_, index) => {
        const seq = first + index;
        const { incident, ...commit } = encodeCommit({
          incident: 1,
          seq,
          at,
          by: 'U1',
          requestId: `r${seq}`,
          events: [added(1)],
        });
        const SK = `COMMIT#${String(seq).padStart(8, '0')}`;
        return { PutRequest: { Item: { PK: `INCIDENT#${incident}`, SK, ...commit } } };
      });
      await embedded.client.send(new BatchWriteCommand({ RequestItems: { [tableName]: puts } }));
    }
  };

  test('knows its own commit again when the answer to its put was lost', async () => {
    const log = createLog();
    await log.declare(ask('declare'), () => [opened()]);
    let losses = 0;
    watchRequests(async (command, send) => {
      await send();
      if (putsOf([command]) === 1 && losses++ === 0) throw retryable('TimeoutError');
    });
    const answer = await log.append(1, ask('a'), ({ total }) => [added(total + 1)]);
    expect(losses).toBeGreaterThan(0);
    expect(answer).toMatchObject({ outcome: 'repeated', commit: { seq: 2, requestId: 'a' }, incident: { state: { total: 1 } } });
    expect(await log.load(1)).toMatchObject({ seq: 2, state: { total: 1 } });
  });

  test('opens one incident when the answer to its first put was lost', async () => {
    const log = createLog();
    let losses = 0;
    watchRequests(async (command, send) => {
      await send();
      // The first put adds to the open list, the second is the commit.
      if (putsOf([command]) === 1 && ++losses === 2) throw retryable('TimeoutError');
    });
    expect(await log.declare(ask('a'), () => [opened()])).toMatchObject({ incident: { number: 1 } });
    expect(losses).toBeGreaterThan(2);
    expect(await log.load(2)).toBeUndefined();
    expect(await log.declare(ask('b'), () => [opened()])).toMatchObject({ outcome: 'committed', incident: { number: 2 } });
  });

  test('outlives throttling', async () => {
    const log = createLog();
    await log.declare(ask('declare'), () => [opened()]);
    let refusals = 0;
    watchRequests((_command, send) =>
      refusals++ === 0 ? Promise.reject(retryable('ProvisionedThroughputExceededException')) : send(),
    );
    expect(await log.append(1, ask('a'), () => [added(1)])).toMatchObject({ outcome: 'committed' });
    expect(refusals).toBeGreaterThan(1);
  });

  test('says what it could not do, and why', async () => {
    const { log } = createTestLog(createDynamoLogStore(embedded.client, 'absent'));
    const failure = await log.load(1).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      message: 'DynamoDB did not query INCIDENT#1 in the table "absent".',
      cause: { name: 'ResourceNotFoundException' },
    });
    await expect(createDynamoLogStore(embedded.client, 'absent').putRequest('r', 1)).rejects.toMatchObject({
      message: 'DynamoDB did not put REQUEST#r INCIDENT in the table "absent".',
      cause: { name: 'ResourceNotFoundException' },
    });
  });

  test('costs the same at the 10,000th commit as at the first', async () => {
    const log = createLog();
    await log.declare(ask('declare'), () => [opened()]);
    watchRequests();
    await log.append(1, ask('first'), () => [added(1)]);
    const atFirst = requests.splice(0);
    await fill(3, 9_999);
    await log.load(1); // far behind, so this writes the head
    requests.length = 0;
    await log.append(1, ask('last'), () => [added(1)]);
    const atLast = requests.splice(0);
    expect(atLast).toEqual(atFirst);
    expect(atLast).toHaveLength(3);
    expect(await log.load(1)).toMatchObject({ seq: 10_000, state: { total: 9_999 } });
    expect(requests).toHaveLength(1);
  });
});

describe('the log in an embedded table', () => {
  test('goes on where it was when the process starts again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'firebreak-log-'));
    const open = async () => {
      const table = await startEmbeddedTable({ tableName: 'firebreak', dataDir: folder });
      return { table, log: createTestLog(createDynamoLogStore(table.client, table.tableName)).log };
    };
    const first = await open();
    await first.log.declare(ask('declare'), () => [opened('C1')]);
    await first.log.append(1, ask('a'), () => [added(1)]);
    await first.table.close();
    const second = await open();
    expect(await second.log.byChannel('C1')).toMatchObject({ number: 1, seq: 2, state: { total: 1 } });
    expect(await second.log.append(1, ask('a'), () => [added(1)])).toMatchObject({ outcome: 'repeated' });
    expect(await second.log.declare(ask('b'), () => [opened()])).toMatchObject({ incident: { number: 2 } });
    await second.table.close();
    await rm(folder, { recursive: true });
  });
});
