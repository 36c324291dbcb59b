/** PURE. What one checkpointed update makes of one operation. */
import type { OperationUpdate, WireOperation } from '@aws/durable-execution-sdk-js';
import { isoTime } from '../time.ts';

/** An operation, and when its timer rings: a wait's end, a step's next attempt, a callback's timeout. */
export type Timed = { readonly wire: WireOperation; readonly dueAtMs?: number };

type Moment = { readonly runId: string; readonly nowMs: number };

export const changeOperation = (before: WireOperation | undefined, update: OperationUpdate, moment: Moment): Timed => {
  const wire = before ?? newOperation(update, moment.nowMs);
  switch (update.Action) {
    case 'START':
      return start(wire, update, moment);
    case 'RETRY':
      return retry(wire, update, moment.nowMs);
    case 'SUCCEED':
      return { wire: finish(wire, update, 'SUCCEEDED', moment.nowMs) };
    case 'FAIL':
      return { wire: finish(wire, update, 'FAILED', moment.nowMs) };
    case 'CANCEL':
      return { wire: finish(wire, update, 'CANCELLED', moment.nowMs) };
    default:
      throw new Error(`Operation '${update.Name ?? update.Id}': unknown action ${update.Action}`);
  }
};

/** Opaque to everyone but this module: it is put into buttons and comes back from them. */
export const callbackIdFor = (runId: string, operationId: string): string => `${runId}~${operationId}`;

/** Nothing for an id that is not ours; a run id holds no `~`. */
export const parseCallbackId = (id: string): { readonly runId: string; readonly operationId: string } | undefined => {
  const [runId, operationId, ...rest] = id.split('~');
  return runId && operationId && rest.length === 0 ? { runId, operationId } : undefined;
};

const newOperation = (update: OperationUpdate, nowMs: number): WireOperation => ({
  Id: update.Id,
  ParentId: update.ParentId,
  Name: update.Name,
  Type: update.Type,
  SubType: update.SubType,
  Status: 'STARTED',
  StartTimestamp: isoTime(nowMs),
});

const start = (before: WireOperation, update: OperationUpdate, { runId, nowMs }: Moment): Timed => {
  const wire: WireOperation = { ...before, Status: 'STARTED' };
  switch (update.Type) {
    case 'WAIT': {
      const dueAtMs = nowMs + seconds(update.WaitOptions?.WaitSeconds ?? 0);
      return { wire: { ...wire, WaitDetails: { ScheduledEndTimestamp: isoTime(dueAtMs) } }, dueAtMs };
    }
    case 'CALLBACK': {
      const CallbackDetails = { CallbackId: callbackIdFor(runId, update.Id!) };
      const timeout = callbackTimeoutMs(update);
      return { wire: { ...wire, CallbackDetails }, ...(timeout !== undefined && { dueAtMs: nowMs + timeout }) };
    }
    case 'CONTEXT':
      return { wire: { ...wire, ContextDetails: { ReplayChildren: update.ContextOptions?.ReplayChildren } } };
    default:
      return { wire };
  }
};

/** Nobody sends heartbeats on one machine, so the first one that is missing ends the callback as its timeout would. */
const callbackTimeoutMs = (update: OperationUpdate): number | undefined => {
  const { TimeoutSeconds, HeartbeatTimeoutSeconds } = update.CallbackOptions ?? {};
  const timeouts = [TimeoutSeconds, HeartbeatTimeoutSeconds].flatMap((timeout) => (timeout ? seconds(timeout) : []));
  return timeouts.length === 0 ? undefined : Math.min(...timeouts);
};

const retry = (before: WireOperation, update: OperationUpdate, nowMs: number): Timed => {
  const dueAtMs = nowMs + seconds(update.StepOptions?.NextAttemptDelaySeconds ?? 0);
  const StepDetails = {
    Attempt: attempts(before) + 1,
    NextAttemptTimestamp: isoTime(dueAtMs),
    Result: update.Payload,
    Error: update.Error,
  };
  return { wire: { ...before, Status: 'PENDING', StepDetails }, dueAtMs };
};

const finish = (
  before: WireOperation,
  update: OperationUpdate,
  Status: 'SUCCEEDED' | 'FAILED' | 'CANCELLED',
  nowMs: number,
): WireOperation => {
  const wire: WireOperation = { ...before, Status, EndTimestamp: isoTime(nowMs) };
  const outcome = { Result: update.Payload, Error: update.Error };
  if (update.Type === 'STEP') return { ...wire, StepDetails: { ...outcome, Attempt: attempts(before) + 1 } };
  if (update.Type !== 'CONTEXT') return wire;
  const ReplayChildren = update.ContextOptions?.ReplayChildren ?? before.ContextDetails?.ReplayChildren;
  return { ...wire, ContextDetails: { ...outcome, ReplayChildren } };
};

const attempts = (wire: WireOperation): number => wire.StepDetails?.Attempt ?? 0;
const seconds = (count: number): number => count * 1000;
