/**
 * The durable execution service's part on one machine: starts runs, invokes them again when something is due, picks up at
 * start what a crash has left, and gives up on what cannot be invoked.
 *
 * One process at a time is meant to drive a table's runs. A second one, as while a new version starts, takes over the runs that it
 * resumes or answers: the first may not write to them any more, and a step that may run once still runs once.
 */
import { type CallbackOutcome, isOpenCallback, isRunning } from '../../durable/run-log.ts';
import { parseCallbackId } from '../../durable/run-operation.ts';
import { assertRunId } from '../../durable/workflow.ts';
import type { DurableRuns } from '../../ports.ts';
import { createAttendance, type DriverDeps } from './attendance.ts';
import { PAYLOAD_BYTES_MAX } from './durable-client.ts';

export type { DriverDeps };

export type Driver = DurableRuns & {
  /** As `completeCallback`, for an answer of either kind. */
  readonly answerCallback: (callbackId: string, outcome: CallbackOutcome) => Promise<{ readonly accepted: boolean }>;
  /** Goes on with every run that has not ended: once, when the process starts. Returns their ids. */
  readonly resume: () => Promise<string[]>;
  /** Resolves when every run has ended or waits for a time or an answer. */
  readonly settled: () => Promise<void>;
  /** Starts nothing more and lets invocations come to their end for a while. What they leave is for the next `resume`. */
  readonly close: () => Promise<void>;
};

export const createDriver = (deps: DriverDeps): Driver => {
  const { store, workflows } = deps;
  const attendance = createAttendance(deps);

  const start: DurableRuns['start'] = async (runId, workflow, input) => {
    assertRunId(runId);
    if (workflows[workflow] === undefined) throw new Error(`There is no workflow '${workflow}'`);
    const json = JSON.stringify(input ?? null);
    assertPayload(`The input of run ${runId}`, json);
    const before = await store.load(runId);
    if (before.seq === 0) {
      await store.markOpen(runId);
      await store.append(runId, ({ seq }) => (seq === 0 ? { type: 'started', runId, workflow, input: json } : undefined));
    }
    if (before.outcome === undefined && !attendance.has(runId)) attendance.wake(runId);
  };

  const answerCallback: Driver['answerCallback'] = async (callbackId, outcome) => {
    const parsed = parseCallbackId(callbackId);
    if (parsed === undefined) return { accepted: false };
    const { runId, operationId } = parsed;
    assertPayload(`The answer to a callback of run ${runId}`, outcome.ok ? outcome.result : JSON.stringify(outcome.error));
    let accepted = false;
    await store.append(runId, (state) => {
      const operation = state.operations.get(operationId)?.wire;
      accepted = isRunning(state) && operation !== undefined && isOpenCallback(operation);
      return accepted ? { type: 'callback-completed', operationId, outcome } : undefined;
    });
    if (accepted) attendance.wake(runId);
    return { accepted };
  };

  const status: DurableRuns['status'] = async (runId) => {
    const { seq, outcome } = await store.load(runId);
    if (seq === 0) return { status: 'unknown' };
    if (outcome === undefined) return { status: 'running' };
    if (outcome.status === 'succeeded') return { status: 'succeeded' };
    return { status: 'failed', error: outcome.error.ErrorMessage ?? outcome.error.ErrorType ?? 'no reason given' };
  };

  const resume = async (): Promise<string[]> => {
    const open = await store.openRuns();
    for (const runId of open) attendance.wake(runId);
    return open;
  };

  return {
    start,
    completeCallback: (callbackId, result) => answerCallback(callbackId, { ok: true, result }),
    answerCallback,
    status,
    resume,
    settled: attendance.settled,
    close: attendance.close,
  };
};

const assertPayload = (what: string, payload: string): void => {
  const bytes = Buffer.byteLength(payload);
  if (bytes > PAYLOAD_BYTES_MAX) throw new RangeError(`${what} has ${bytes} bytes; at most ${PAYLOAD_BYTES_MAX} are taken`);
};
