/** A table in memory, a driver on a clock that stands still, and workflows that leave traces. */
import { createManualClock, type ManualClock } from '../../../src/adapters/clock.ts';
import { createDriver, type Driver, type DriverDeps } from '../../../src/adapters/durable/driver.ts';
import { createRunStore, type RunStore } from '../../../src/adapters/durable/run-store.ts';
import { type EmbeddedTable, startEmbeddedTable } from '../../../src/adapters/dynamo/embedded-table.ts';
import type { RunOutcome } from '../../../src/durable/run-log.ts';
import type { Workflow, Workflows } from '../../../src/durable/workflow.ts';

export type TestTable = EmbeddedTable;

export const openTable = (): Promise<TestTable> => startEmbeddedTable({ tableName: 'test' });

/** One process with its driver. */
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
