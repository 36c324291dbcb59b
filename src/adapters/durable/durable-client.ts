/**
 * What the SDK writes its checkpoints to and reads its state from, on the runs' logs instead of the AWS service. Nothing is
 * kept in memory: a checkpoint token says whose invocation it is and how much of the log it has been told (`<epoch>.<seq>`).
 */
import {
  type CheckpointDurableExecutionRequest,
  type DurableExecutionClient,
  DurableExecutionClientError,
  type OperationUpdate,
  type WireOperation,
} from '@aws/durable-execution-sdk-js';
import { advance, changedSince, isRunning, type RunState, type TrackedOperation } from '../../durable/run-log.ts';
import type { RunStore } from './run-store.ts';

/** A table's item holds 400 KB (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html), a batch of the SDK's 750 KB. */
const ENTRY_BYTES_MAX = 350_000;

/** The service's own limit for what one operation checkpoints (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
export const PAYLOAD_BYTES_MAX = 256 * 1024;

/** How soon, by the wall's clock, a running invocation looks whether a timer has rung. The SDK slows down by itself from there. */
const LOOK_AGAIN_MS = 1000;

export const tokenFor = (state: RunState): string => `${state.epoch}.${state.seq}`;

export const createDurableClient = (store: RunStore, nowMs: () => number): DurableExecutionClient => {
  const look = async (runId: string, epoch: number): Promise<RunState> => {
    const state = advance(await store.load(runId), nowMs());
    assertCurrent(state, runId, epoch);
    return state;
  };

  const write = (runId: string, epoch: number, updates: readonly OperationUpdate[]): Promise<RunState> =>
    store.append(runId, (state) => {
      assertCurrent(state, runId, epoch);
      return { type: 'checkpointed', updates };
    });

  return {
    async checkpoint(request) {
      const { runId, epoch, seq } = parse(request);
      let state: RunState | undefined;
      for (const updates of cut((request.Updates ?? []).map(storable))) state = await write(runId, epoch, updates);
      state ??= await look(runId, epoch); // nothing to write: the SDK only asks what is new
      const Operations = changedSince(state, seq).map((operation) => forInvocation(operation, nowMs()));
      return { CheckpointToken: tokenFor(state), NewExecutionState: { Operations } };
    },
    // An invocation gets the whole state with its event, so there is no second page.
    getExecutionState: async () => ({ Operations: [] }),
  };
};

/**
 * The operation as an invocation sees it. While one branch works, the SDK sleeps for another branch's timer by the wall's
 * clock; the run's clock may go faster or stand still. So it is told to look soon, and the log says whether the timer has rung.
 */
export const forInvocation = ({ wire, dueAtMs }: TrackedOperation, nowMs: number): WireOperation => {
  if (dueAtMs === undefined) return wire;
  const soon = new Date(Date.now() + Math.min(Math.max(0, dueAtMs - nowMs), LOOK_AGAIN_MS));
  if (wire.Type === 'WAIT') return { ...wire, WaitDetails: { ScheduledEndTimestamp: soon } };
  if (wire.Type === 'STEP') return { ...wire, StepDetails: { ...wire.StepDetails, NextAttemptTimestamp: soon } };
  return wire;
};

const parse = (request: CheckpointDurableExecutionRequest) => {
  const [, epoch, seq] = /^(\d+)\.(\d+)$/.exec(request.CheckpointToken ?? '') ?? [];
  if (!request.DurableExecutionArn || epoch === undefined) throw fatal('A checkpoint without its run or its token');
  return { runId: request.DurableExecutionArn, epoch: Number(epoch), seq: Number(seq) };
};

const assertCurrent = (state: RunState, runId: string, epoch: number): void => {
  if (state.epoch !== epoch) throw replaced(`Run ${runId}: invocation ${epoch} was replaced by invocation ${state.epoch}`);
  if (!isRunning(state)) throw fatal(`Run ${runId} has ended`);
};

/** The update as it may be stored; what the service would refuse is refused here too. */
const storable = (update: OperationUpdate): OperationUpdate => {
  if (update.Type === 'CHAINED_INVOKE') throw fatal('context.invoke needs AWS: it is not supported on one machine');
  if (update.Type === 'EXECUTION') return { ...update, Payload: undefined }; // over 6 MB, and nobody reads a run's result
  const bytes = Buffer.byteLength(update.Payload ?? '') + Buffer.byteLength(JSON.stringify(update.Error ?? ''));
  if (bytes > PAYLOAD_BYTES_MAX)
    throw fatal(`The result of '${update.Name ?? update.Id}' has ${bytes} bytes; at most ${PAYLOAD_BYTES_MAX} can be kept`);
  return update;
};

/** In order, so that what a crash leaves is always a beginning of what happened. */
function* cut(updates: readonly OperationUpdate[]): Generator<OperationUpdate[]> {
  let entry: OperationUpdate[] = [];
  let bytes = 0;
  for (const update of updates) {
    const size = Buffer.byteLength(JSON.stringify(update));
    if (entry.length > 0 && bytes + size > ENTRY_BYTES_MAX) {
      yield entry;
      entry = [];
      bytes = 0;
    }
    entry.push(update);
    bytes += size;
  }
  if (entry.length > 0) yield entry;
}

/** Ends the run as failed. */
const fatal = (message: string) => new DurableExecutionClientError(message, { scope: 'EXECUTION' });
/** Ends this invocation only; somebody else goes on with the run. */
const replaced = (message: string) => new DurableExecutionClientError(message, { scope: 'INVOCATION' });
