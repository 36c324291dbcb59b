/** Who attends to which run, and when to come back to it: one invocation of a run at a time, many runs side by side. */
import type { RunOutcome } from '../../durable/run-log.ts';
import type { Workflows } from '../../durable/workflow.ts';
import type { Clock } from '../../ports.ts';
import { type Attended, createInvoke, end } from './invocation.ts';
import type { DeadRun, RunStore } from './run-store.ts';

/** What is told (`on…`) must not throw. */
export type DriverDeps = {
  readonly store: RunStore;
  readonly workflows: Workflows;
  readonly clock: Clock;
  /** A run has ended. May be called twice for one run, after a crash. */
  readonly onEnd?: (runId: string, outcome: RunOutcome) => void;
  /** An invocation failed for a reason that is not the workflow's; it will be made again. */
  readonly onError?: (runId: string, error: unknown) => void;
  /** A run was given up after too many such failures. Its log is kept, its status is `failed`, and `RUNS#DEAD` lists it. */
  readonly onDead?: (run: DeadRun) => void;
};

/** Ten attempts, half an hour: longer than a deployment or a table's bad minutes, shorter than a night. */
const INVOCATION_FAILURES_MAX = 10;
const BACKOFF_FIRST_MS = 1000;
const BACKOFF_MS_MAX = 10 * 60_000;
/** How long `close` waits for invocations under way: a step that is cut off in its middle has an unknown outcome. */
const CLOSE_GRACE_MS = 10_000;

export type Attendance = {
  readonly has: (runId: string) => boolean;
  /** Something has happened to the run: look at it now, or again once the invocation under way is over. */
  readonly wake: (runId: string) => void;
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
};

type Ward = Attended & { visiting: boolean; wokenMeanwhile: boolean; failures: number; cancelTimer: () => void };

/** What a visit leaves: nothing to do, a run that another driver has, or when to come again (nothing: when woken). */
type Next = 'ended' | 'left' | { readonly inMs: number | undefined };

export const createAttendance = (deps: DriverDeps): Attendance => {
  const { clock } = deps;
  const wards = new Map<string, Ward>();
  const visits = new Set<Promise<void>>();
  const visitOnce = createVisit(deps);
  let closed = false;

  const wake = (runId: string): void => {
    const ward = wards.get(runId) ?? {
      runId,
      epoch: undefined,
      visiting: false,
      wokenMeanwhile: false,
      failures: 0,
      cancelTimer,
    };
    wards.set(runId, ward);
    if (ward.visiting) ward.wokenMeanwhile = true;
    else {
      ward.epoch = undefined;
      visit(ward);
    }
  };

  const visit = (ward: Ward): void => {
    ward.cancelTimer();
    if (closed) return;
    ward.visiting = true;
    const visited = visitOnce(ward, () => closed).then((next) => leave(ward, next));
    visits.add(visited);
    void visited.finally(() => visits.delete(visited));
  };

  const leave = (ward: Ward, next: Next): void => {
    ward.visiting = false;
    const again = ward.wokenMeanwhile;
    ward.wokenMeanwhile = false;
    if (again) ward.epoch = undefined;
    if (next === 'ended') wards.delete(ward.runId);
    else if (again) visit(ward);
    else if (next === 'left') wards.delete(ward.runId);
    else if (next.inMs !== undefined && !closed) ward.cancelTimer = clock.after(next.inMs, () => visit(ward));
  };

  const settled = async (): Promise<void> => {
    while (visits.size > 0) await Promise.all(visits);
  };

  const close = async (): Promise<void> => {
    closed = true;
    for (const ward of wards.values()) ward.cancelTimer();
    await Promise.race([settled(), new Promise<void>((resolve) => clock.after(CLOSE_GRACE_MS, resolve))]);
  };

  return { has: (runId) => wards.has(runId), wake, settled, close };
};

/** Never rejects. */
const createVisit = (deps: DriverDeps) => {
  const { store, clock } = deps;
  const invoke = createInvoke(deps);

  const finish = async (runId: string, outcome: RunOutcome): Promise<Next> => {
    await store.markClosed(runId);
    deps.onEnd?.(runId, outcome);
    return 'ended';
  };

  const giveUp = async (ward: Ward, error: unknown): Promise<Next> => {
    const reason = `given up after ${ward.failures} invocations that failed: ${error instanceof Error ? error.message : error}`;
    const dead = { runId: ward.runId, reason, diedAtMs: clock.now() };
    const outcome = await end(store, ward, { status: 'failed', error: { ErrorType: 'RunGivenUp', ErrorMessage: reason } });
    await store.markDead(dead);
    deps.onDead?.(dead);
    return finish(ward.runId, outcome);
  };

  const fail = async (ward: Ward, error: unknown): Promise<Next> => {
    const { epoch } = await store.load(ward.runId);
    if (epoch !== ward.epoch && ward.epoch !== undefined) return 'left'; // another driver has taken the run over
    deps.onError?.(ward.runId, error);
    ward.failures += 1;
    if (ward.failures >= INVOCATION_FAILURES_MAX) return giveUp(ward, error);
    return { inMs: Math.min(BACKOFF_MS_MAX, BACKOFF_FIRST_MS * 2 ** (ward.failures - 1)) };
  };

  return async (ward: Ward, isClosed: () => boolean): Promise<Next> => {
    try {
      const invoked = await invoke(ward);
      ward.failures = 0;
      if (invoked.next === 'ended') return await finish(ward.runId, invoked.outcome);
      return invoked.next === 'left' ? 'left' : { inMs: invoked.dueInMs };
    } catch (error) {
      if (isClosed()) return 'left'; // the next process resumes it
      return fail(ward, error).catch((tableError) => {
        deps.onError?.(ward.runId, tableError);
        return { inMs: BACKOFF_MS_MAX }; // the table is away, so nothing can be decided about the run
      });
    }
  };
};

const cancelTimer = (): void => {};
