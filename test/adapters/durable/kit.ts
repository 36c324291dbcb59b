/** A table in memory, a driver on a clock that stands still, and workflows that leave traces. */
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
// @ts-expect-error dynalite ships no types
import dynalite from 'dynalite';
import { createManualClock, type ManualClock } from '../../../src/adapters/clock.ts';
import { createDriver, type Driver, type DriverDeps } from '../../../src/adapters/durable/driver.ts';
import { createRunStore, type RunStore } from '../../../src/adapters/durable/run-store.ts';
import type { RunOutcome } from '../../../src/durable/run-log.ts';
import type { Workflow, Workflows } from '../../../src/durable/workflow.ts';

export type TestTable = {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly close: () => Promise<void>;
};

export const openTable = async (path?: string): Promise<TestTable> => {
  const server = dynalite({ createTableMs: 0, ...(path !== undefined && { path }) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const raw = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${server.address().port}`,
    region: 'local',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  const tableName = 'test';
  await raw
    .send(
      new CreateTableCommand({
        TableName: tableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['PK', 'SK'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
        KeySchema: [
          { AttributeName: 'PK', KeyType: 'HASH' },
          { AttributeName: 'SK', KeyType: 'RANGE' },
        ],
      }),
    )
    .catch((error: Error) => {
      if (error.name !== 'ResourceInUseException') throw error;
    });
  const close = async () => {
    raw.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { client: DynamoDBDocumentClient.from(raw), tableName, close };
};

/** One process with its driver. `untilEnd` moves the clock on from one due time to the next. */
export type Machine = {
  readonly driver: Driver;
  readonly store: RunStore;
  readonly clock: ManualClock;
  readonly errors: unknown[];
  readonly dead: string[];
  readonly outcomeOf: (runId: string) => Promise<RunOutcome | undefined>;
};

export const startMachine = (
  table: Pick<TestTable, 'client' | 'tableName'>,
  workflows: Readonly<Record<string, Workflow<never>>>,
  options: Partial<DriverDeps> & { readonly clock?: ManualClock } = {},
): Machine => {
  const clock = options.clock ?? createManualClock();
  const store = createRunStore({ ...table, clock });
  const errors: unknown[] = [];
  const dead: string[] = [];
  const driver = createDriver({
    store,
    workflows: workflows as Workflows,
    onError: (_runId, error) => errors.push(error),
    onDead: ({ reason }) => dead.push(reason),
    ...options,
    clock,
  });
  return { driver, store, clock, errors, dead, outcomeOf: async (runId) => (await store.load(runId)).outcome };
};

/** Something that happens later, when the test says so. */
export const createGate = () => {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
};
