/** One invocation of one run: what the Lambda service does between two moments at which nothing is left to do but wait. */
import { randomUUID } from 'node:crypto';
import {
  type DurableExecutionInvocationOutput,
  type DurableLambdaHandler,
  type ErrorObject,
  withDurableExecution,
} from '@aws/durable-execution-sdk-js';
import type { Context } from 'aws-lambda';
import { isOpenCallback, isRunning, nextDueAtMs, type RunOutcome, type RunState, replayable } from '../../durable/run-log.ts';
import type { Workflow, Workflows } from '../../durable/workflow.ts';
import type { Clock } from '../../ports.ts';
import { createDurableClient, forInvocation, PAYLOAD_BYTES_MAX, tokenFor } from './durable-client.ts';
import type { RunStore } from './run-store.ts';

/**
 * A run as one driver attends it. `epoch` is the invocation that the driver made last; nothing if it comes to the run anew
 * (it was told of something) and may take it from whoever had it.
 */
export type Attended = { readonly runId: string; epoch: number | undefined };

export type Invoked =
  | { readonly next: 'ended'; readonly outcome: RunOutcome }
  | { readonly next: 'waits'; readonly dueInMs: number | undefined }
  /** The run does not exist, or another driver has it. */
  | { readonly next: 'left' };

/** Rejects if the invocation failed for a reason that is not the workflow's: it may be made again. */
export type Invoke = (run: Attended) => Promise<Invoked>;

export const createInvoke = (deps: {
  readonly store: RunStore;
  readonly workflows: Workflows;
  readonly clock: Clock;
}): Invoke => {
  const { store, workflows, clock } = deps;
  const durableExecutionClient = createDurableClient(store, clock.now);
  const handlers = new Map<string, DurableLambdaHandler>(
    Object.entries(workflows).map(([name, workflow]) => [
      name,
      withDurableExecution<unknown>(workflow as Workflow<unknown>, { durableExecutionClient }),
    ]),
  );

  return async (run) => {
    const state = await takeOver(store, run);
    if (state.outcome !== undefined) return { next: 'ended', outcome: state.outcome };
    if (state.epoch !== run.epoch) return { next: 'left' };
    const handler = handlers.get(state.workflow);
    if (handler === undefined) throw new Error(`There is no workflow '${state.workflow}' any more`);
    const output = await handler(eventFor(run.runId, state, clock.now()), lambdaContext());
    return output.Status === 'PENDING'
      ? waits(await store.load(run.runId), state.seq, clock.now())
      : { next: 'ended', outcome: await end(store, run, outcomeOf(output)) };
  };
};

/** Writes the end of a run, unless it has ended or another driver has it. */
export const end = async (store: RunStore, run: Attended, outcome: RunOutcome): Promise<RunOutcome> => {
  const state = await store.append(run.runId, (before) => {
    if (before.epoch !== run.epoch) throw new Error(`Run ${run.runId} was taken over by another driver`);
    return isRunning(before) ? { type: 'ended', outcome: storable(outcome) } : undefined;
  });
  return state.outcome ?? outcome;
};

const takeOver = async (store: RunStore, run: Attended): Promise<RunState> => {
  let taken = false;
  const state = await store.append(run.runId, (before) => {
    taken = isRunning(before) && (run.epoch === undefined || run.epoch === before.epoch);
    return taken ? { type: 'invoked' } : undefined;
  });
  if (taken) run.epoch = state.epoch;
  return state;
};

const eventFor = (runId: string, state: RunState, nowMs: number) => ({
  DurableExecutionArn: runId,
  CheckpointToken: tokenFor(state),
  InitialExecutionState: { Operations: replayable(state).map((operation) => forInvocation(operation, nowMs)) },
});

/** A machine takes no invocation back: the deadline that Lambda has is not there. */
const lambdaContext = (): Context =>
  ({ awsRequestId: randomUUID(), getRemainingTimeInMillis: () => Number.POSITIVE_INFINITY }) as Context;

/** What it waited for may have come while it went to sleep: then there is nothing left to wait for, and it is due at once. */
const waits = (state: RunState, seqBefore: number, nowMs: number): Invoked => {
  const dueAtMs = nextDueAtMs(state);
  if (dueAtMs !== undefined) return { next: 'waits', dueInMs: Math.max(0, dueAtMs - nowMs) };
  if ([...state.operations.values()].some(({ wire }) => isOpenCallback(wire))) return { next: 'waits', dueInMs: undefined };
  if (state.seq === seqBefore) throw new Error(`Run ${state.runId} is suspended and waits for nothing`);
  return { next: 'waits', dueInMs: 0 };
};

const outcomeOf = (output: DurableExecutionInvocationOutput): RunOutcome => {
  if (output.Status === 'FAILED') return { status: 'failed', error: output.Error ?? {} };
  return { status: 'succeeded', ...(output.Status === 'SUCCEEDED' && output.Result && { result: output.Result }) };
};

/** What a run returns is for the log's reader; what does not fit is left out rather than made a failure. */
const storable = (outcome: RunOutcome): RunOutcome => {
  if (outcome.status === 'failed') return { status: 'failed', error: shortened(outcome.error) };
  return Buffer.byteLength(outcome.result ?? '') > PAYLOAD_BYTES_MAX ? { status: 'succeeded' } : outcome;
};

const ERROR_MESSAGE_LENGTH_MAX = 10_000;

const shortened = ({ ErrorType, ErrorMessage }: ErrorObject): ErrorObject => ({
  ...(ErrorType !== undefined && { ErrorType }),
  ...(ErrorMessage !== undefined && { ErrorMessage: ErrorMessage.slice(0, ERROR_MESSAGE_LENGTH_MAX) }),
});
