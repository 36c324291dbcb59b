/**
 * PURE. A durable run is an append-only log, as an incident is; its state is the fold.
 *
 * Time is an input: every entry says when it was written, and folding an entry first rings the timers up to that moment. A
 * wait that is over, a retry that is due and a callback that timed out therefore need no entry of their own, and no sweep.
 *
 * The operations are the durable execution service's own
 * (https://docs.aws.amazon.com/lambda/latest/api/API_CheckpointDurableExecution.html), as its SDK sends and reads them.
 */
import type { ErrorObject, OperationUpdate, WireOperation } from '@aws/durable-execution-sdk-js';
import { isoTime } from '../time.ts';
import { changeOperation, type Timed } from './run-operation.ts';

export type CallbackOutcome =
  | { readonly ok: true; readonly result: string }
  | { readonly ok: false; readonly error: ErrorObject };

export type RunOutcome =
  | { readonly status: 'succeeded'; readonly result?: string }
  | { readonly status: 'failed'; readonly error: ErrorObject };

/** `atMs`: milliseconds since the epoch, never less than the entry's before it (the store sees to that). */
export type RunEntry = { readonly atMs: number } & (
  | { readonly type: 'started'; readonly runId: string; readonly workflow: string; readonly input: string }
  | { readonly type: 'invoked' }
  | { readonly type: 'checkpointed'; readonly updates: readonly OperationUpdate[] }
  | { readonly type: 'callback-completed'; readonly operationId: string; readonly outcome: CallbackOutcome }
  | { readonly type: 'ended'; readonly outcome: RunOutcome }
);

export type RunState = {
  /** Entries folded so far. 0: the run does not exist. */
  readonly seq: number;
  /** Invocations so far. Only the last one may write: that is the whole fencing. */
  readonly epoch: number;
  readonly nowMs: number;
  readonly runId: string;
  readonly workflow: string;
  /** Nothing while the run goes on. */
  readonly outcome: RunOutcome | undefined;
  readonly operations: ReadonlyMap<string, TrackedOperation>;
};

/** `changedAtSeq`: the entry that last changed it, so that an invocation can be told what is new to it. */
export type TrackedOperation = Timed & { readonly changedAtSeq: number };

/** The service gives the execution itself the first operation; the SDK reads the input from it. */
const EXECUTION_OPERATION_ID = 'execution';

export const emptyRun: RunState = {
  seq: 0,
  epoch: 0,
  nowMs: 0,
  runId: '',
  workflow: '',
  outcome: undefined,
  operations: new Map(),
};

export const isRunning = (state: RunState): boolean => state.seq > 0 && state.outcome === undefined;

export const evolve = (before: RunState, entry: RunEntry): RunState => {
  const state = { ...advance(before, entry.atMs), seq: before.seq + 1 };
  switch (entry.type) {
    case 'started':
      return put({ ...state, runId: entry.runId, workflow: entry.workflow }, { wire: executionOperation(entry) });
    case 'invoked':
      return { ...state, epoch: state.epoch + 1 };
    case 'checkpointed':
      return entry.updates.reduce(checkpoint, state);
    case 'callback-completed': {
      const operation = state.operations.get(entry.operationId)?.wire;
      return operation !== undefined && isOpenCallback(operation)
        ? put(state, { wire: completedCallback(operation, entry.outcome, state.nowMs) })
        : state;
    }
    case 'ended':
      return { ...state, outcome: state.outcome ?? entry.outcome };
  }
};

/** Rings every timer that is due at that moment. Time never runs backwards: what has rung stays rung. */
export const advance = (state: RunState, toMs: number): RunState => {
  const nowMs = Math.max(state.nowMs, toMs);
  const due = [...state.operations.values()].filter(({ dueAtMs }) => dueAtMs !== undefined && dueAtMs <= nowMs);
  return due.reduce((s, { wire, dueAtMs = nowMs }) => put(s, { wire: rung(wire, dueAtMs) }, s.seq + 1), { ...state, nowMs });
};

export const nextDueAtMs = (state: RunState): number | undefined => {
  const due = [...state.operations.values()].flatMap(({ dueAtMs }) => dueAtMs ?? []);
  return due.length === 0 ? undefined : Math.min(...due);
};

/** What an invocation that knows the log up to `seq` has not heard of. */
export const changedSince = (state: RunState, seq: number): TrackedOperation[] =>
  [...state.operations.values()].filter(({ changedAtSeq }) => changedAtSeq > seq);

/** What a replay needs: the children of a finished context are left out, unless it asked for them. */
export const replayable = (state: RunState): TrackedOperation[] => {
  const hidden = new Set<string>();
  return [...state.operations].flatMap(([id, operation]) => {
    const parentId = operation.wire.ParentId;
    const parent = parentId === undefined ? undefined : state.operations.get(parentId)?.wire;
    if (parent === undefined || !isFinished(parent)) return operation;
    if (parent.ContextDetails?.ReplayChildren && !hidden.has(parentId!)) return operation;
    hidden.add(id);
    return [];
  });
};

const isFinished = (wire: WireOperation): boolean =>
  wire.Status !== 'STARTED' && wire.Status !== 'PENDING' && wire.Status !== 'READY';

/** Whether an answer to the callback would still count. */
export const isOpenCallback = (wire: WireOperation): boolean => wire.Type === 'CALLBACK' && wire.Status === 'STARTED';

const put = (state: RunState, operation: Timed, changedAtSeq = state.seq): RunState => ({
  ...state,
  operations: new Map(state.operations).set(operation.wire.Id!, { ...operation, changedAtSeq }),
});

const checkpoint = (state: RunState, update: OperationUpdate): RunState => {
  if (update.Type !== 'EXECUTION') {
    const before = state.operations.get(update.Id!)?.wire;
    return put(state, changeOperation(before, update, { runId: state.runId, nowMs: state.nowMs }));
  }
  // A result too large for the invocation's answer is checkpointed, under an id that the SDK makes up: it means the run itself.
  const outcome: RunOutcome =
    update.Action === 'FAIL'
      ? { status: 'failed', error: update.Error ?? {} }
      : { status: 'succeeded', ...(update.Payload !== undefined && { result: update.Payload }) };
  return { ...state, outcome: state.outcome ?? outcome };
};

const executionOperation = (entry: RunEntry & { readonly type: 'started' }): WireOperation => ({
  Id: EXECUTION_OPERATION_ID,
  Type: 'EXECUTION',
  Status: 'STARTED',
  StartTimestamp: isoTime(entry.atMs),
  ExecutionDetails: { InputPayload: entry.input },
});

const rung = (wire: WireOperation, atMs: number): WireOperation => {
  if (wire.Type === 'STEP') return { ...wire, Status: 'READY' };
  return { ...wire, Status: wire.Type === 'WAIT' ? 'SUCCEEDED' : 'TIMED_OUT', EndTimestamp: isoTime(atMs) };
};

const completedCallback = (wire: WireOperation, outcome: CallbackOutcome, atMs: number): WireOperation => ({
  ...wire,
  Status: outcome.ok ? 'SUCCEEDED' : 'FAILED',
  EndTimestamp: isoTime(atMs),
  CallbackDetails: { ...wire.CallbackDetails, ...(outcome.ok ? { Result: outcome.result } : { Error: outcome.error }) },
});
