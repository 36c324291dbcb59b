/**
 * The runs' logs in the table. One entry is one item, written under the condition that nobody wrote it before, so that no
 * transaction is needed and the embedded table is a full home for it.
 *
 * | PK         | SK               | is                                     |
 * |------------|------------------|----------------------------------------|
 * | RUN#<id>   | ENTRY#<8 digits> | one entry of the log                   |
 * | RUNS#OPEN  | <id>             | the run may need somebody to go on with it |
 * | RUNS#DEAD  | <id>             | the run was given up, and why          |
 */
import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { advance, emptyRun, evolve, isRunning, type RunEntry, type RunState } from '../../durable/run-log.ts';
import type { Clock } from '../../ports.ts';
import { collect, queryItems } from '../dynamo/query-items.ts';

/** An entry as its writer gives it: the store adds the time. */
export type NewEntry = RunEntry extends infer Entry ? (Entry extends RunEntry ? Omit<Entry, 'atMs'> : never) : never;

/** Given the state at the moment of writing, timers rung: an entry to append, or nothing. Asked again after a lost race. */
export type DecideEntry = (state: RunState) => NewEntry | undefined;

export type DeadRun = { readonly runId: string; readonly reason: string; readonly diedAtMs: number };

export type RunStore = {
  /** The state as the log has it; `emptyRun` for an id that was never started. */
  readonly load: (runId: string) => Promise<RunState>;
  /** The state after the entry, or at this moment if nothing was decided. */
  readonly append: (runId: string, decide: DecideEntry) => Promise<RunState>;
  /** Written before a run's first entry and removed after its last: a crash in between leaves one too many, never one too few. */
  readonly markOpen: (runId: string) => Promise<void>;
  readonly markClosed: (runId: string) => Promise<void>;
  readonly openRuns: () => Promise<string[]>;
  readonly markDead: (run: DeadRun) => Promise<void>;
  readonly deadRuns: () => Promise<DeadRun[]>;
};

/** Each lost race means that somebody else's entry was written: so many in a row are a fault, not bad luck. */
const RACES_LOST_MAX = 20;

type TableDeps = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

export const createRunStore = (deps: TableDeps & { readonly clock: Clock; readonly newId?: () => string }): RunStore => {
  const { clock, newId = randomUUID } = deps;
  /** Saves reads only: what is appended is always held against the table. */
  const running = new Map<string, RunState>();
  const remember = (runId: string, state: RunState): RunState => {
    if (isRunning(state)) running.set(runId, state);
    else running.delete(runId);
    return state;
  };

  const load = async (runId: string): Promise<RunState> => {
    let state = running.get(runId) ?? emptyRun;
    for await (const item of queryItems(deps, runKey(runId), { after: entryKey(state.seq) }))
      state = evolve(state, item['entry'] as RunEntry);
    return remember(runId, state);
  };

  const append = async (runId: string, decide: DecideEntry): Promise<RunState> => {
    for (let lost = 0; lost < RACES_LOST_MAX; lost++) {
      const state = await load(runId);
      const atMs = Math.max(clock.now(), state.nowMs); // a machine's clock may be set back; a log's may not
      const now = advance(state, atMs);
      const decided = decide(now);
      if (decided === undefined) return now;
      const entry: RunEntry = { ...decided, atMs };
      if (await write(deps, runId, state.seq + 1, { entry, writeId: newId() })) return remember(runId, evolve(state, entry));
    }
    throw new Error(`Run ${runId}: lost ${RACES_LOST_MAX} races in a row`);
  };

  return { load, append, ...createMarkers(deps) };
};

const createMarkers = (deps: TableDeps): Omit<RunStore, 'load' | 'append'> => {
  const { client, tableName: TableName } = deps;
  const mark = async (PK: string, SK: string, more: Record<string, unknown> = {}): Promise<void> => {
    await client.send(new PutCommand({ TableName, Item: { PK, SK, ...more } }));
  };
  return {
    markOpen: (runId) => mark(OPEN, runId),
    markClosed: async (runId) => {
      await client.send(new DeleteCommand({ TableName, Key: { PK: OPEN, SK: runId } }));
    },
    openRuns: async () => (await collect(queryItems(deps, OPEN, EACH))).map((item) => String(item['SK'])),
    markDead: ({ runId, reason, diedAtMs }) => mark(DEAD, runId, { reason, diedAtMs }),
    deadRuns: async () =>
      (await collect(queryItems(deps, DEAD, EACH))).map((item) => ({
        runId: String(item['SK']),
        reason: String(item['reason']),
        diedAtMs: Number(item['diedAtMs']),
      })),
  };
};

/** False if somebody else's entry has the place. Ours may have it although the table says no, when an answer was lost. */
const write = async (
  { client, tableName: TableName }: TableDeps,
  runId: string,
  seq: number,
  { entry, writeId }: { readonly entry: RunEntry; readonly writeId: string },
): Promise<boolean> => {
  const key = { PK: runKey(runId), SK: entryKey(seq) };
  const Item = { ...key, writeId, entry: JSON.parse(JSON.stringify(entry)) }; // a table knows no `undefined`
  try {
    await client.send(new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(PK)' }));
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const written = await client.send(new GetCommand({ TableName, Key: key, ConsistentRead: true }));
    return written.Item?.['writeId'] === writeId;
  }
};

const OPEN = 'RUNS#OPEN';
const DEAD = 'RUNS#DEAD';
/** A sort key is never empty: each one is greater than a space. */
const EACH = { after: ' ' };
const runKey = (runId: string): string => `RUN#${runId}`;
const entryKey = (seq: number): string => `ENTRY#${String(seq).padStart(8, '0')}`;
