import { attemptOf, withAttempt } from './attempts.ts';
import type { EventOf, EventType, IncidentEvent } from './events.ts';
import { type FixRun, type Incident, isOver, KEPT_MAX, type RunStep } from './state.ts';
import { canUndo } from './undoable.ts';

const RUN_EVENTS = [
  'fix-previewed',
  'fix-requested',
  'fix-refused',
  'fix-approval-asked',
  'fix-approved',
  'fix-declined',
  'fix-plan-changed',
  'fix-run-started',
  'fix-step-started',
  'fix-step-progressed',
  'fix-step-finished',
  'fix-stop-requested',
  'users-served',
  'fix-run-ended',
  'fix-drifted',
] as const satisfies readonly EventType[];
export type RunEvent = EventOf<(typeof RUN_EVENTS)[number]>;
export const isRunEvent = (event: IncidentEvent): event is RunEvent => (RUN_EVENTS as readonly string[]).includes(event.type);

type Stamp = { readonly at: string; readonly by: string };

export const evolveRun = (incident: Incident, event: RunEvent, stamp: Stamp): Incident => {
  const run = incident.runs[event.runId];
  if (event.type === 'fix-previewed') return forgetOld(withRun(incident, newRun(event, run, stamp)));
  // A run that has ended long ago is kept by the log, not by the state.
  if (run === undefined) return incident;
  const after = withRun(incident, stepOn(run, event, stamp));
  switch (event.type) {
    case 'fix-run-started':
      return started(after, run, stamp);
    case 'users-served':
      return { ...after, servedAt: stamp.at };
    case 'fix-run-ended':
      return forgetOld(ended(after, run, event, stamp));
    default:
      return after;
  }
};

const newRun = (event: EventOf<'fix-previewed'>, before: FixRun | undefined, { by }: Stamp): FixRun => ({
  runId: event.runId,
  plan: event.plan,
  guards: event.guards,
  fingerprint: event.fingerprint,
  by: before?.by ?? by,
  status: 'previewed',
  acknowledged: [],
  approvedBy: [],
  steps: {},
  ...(event.undoOf !== undefined && { undoOf: event.undoOf }),
});

const stepOn = (run: FixRun, event: Exclude<RunEvent, { type: 'fix-previewed' }>, { at, by }: Stamp): FixRun => {
  switch (event.type) {
    case 'fix-requested':
      return { ...run, status: 'requested', requestedAt: at, acknowledged: event.acknowledged, by };
    case 'fix-refused':
      return run;
    case 'fix-approval-asked': {
      const { phase, callbackId, expiresAt, who } = event;
      return {
        ...run,
        status: phase === 1 ? 'awaiting-approval' : 'awaiting-second-approval',
        approval: { phase, callbackId, expiresAt, who },
      };
    }
    case 'fix-approved': {
      const approval = { phase: event.phase, by, at, ...(event.breakGlass !== undefined && { breakGlass: event.breakGlass }) };
      return {
        ...withoutApproval(run),
        status: 'running',
        approvedBy: [...run.approvedBy, approval],
        ...answered(event.callbackId, true),
      };
    }
    case 'fix-declined':
      return { ...withoutApproval(run), ...answered(event.callbackId, false) };
    case 'fix-plan-changed':
      return {
        ...unanswered(run),
        plan: event.plan,
        guards: event.guards,
        fingerprint: event.fingerprint,
        differs: event.differs,
      };
    case 'fix-run-started':
      return { ...unanswered(run), status: 'running' };
    case 'fix-step-started':
      return withStep(run, event.stepId, { status: 'running', startedAt: at });
    case 'fix-step-progressed':
      return withStep(run, event.stepId, {
        status: 'running',
        startedAt: run.steps[event.stepId]?.startedAt ?? at,
        found: event.found,
      });
    case 'fix-step-finished':
      return withStep(run, event.stepId, {
        status: event.outcome,
        startedAt: run.steps[event.stepId]?.startedAt ?? at,
        finishedAt: at,
        found: event.found,
        seen: event.seen,
      });
    case 'fix-stop-requested':
      return { ...run, stopRequestedBy: by };
    case 'users-served':
      return { ...run, servedAt: at };
    case 'fix-run-ended':
      return { ...withoutApproval(run), status: event.outcome, ended: { at, text: event.text, remains: event.remains } };
    case 'fix-drifted':
      return { ...run, drift: { at, text: event.text } };
    default:
      return event satisfies never;
  }
};

const started = (incident: Incident, run: FixRun, { at }: Stamp): Incident => ({
  ...incident,
  milestones: { ...incident.milestones, firstFix: incident.milestones.firstFix ?? at },
  terminations: run.plan.irreversible
    ? [...recent(incident.terminations, at), { at, count: run.plan.impact.terminates }]
    : incident.terminations,
});

/** A run that acted is an attempt, whatever came of it. */
const ended = (incident: Incident, run: FixRun, event: EventOf<'fix-run-ended'>, { at }: Stamp): Incident => {
  const undone = run.undoOf === undefined || event.outcome !== 'done' ? undefined : incident.runs[run.undoOf];
  const marked = undone === undefined ? incident : withRun(incident, { ...undone, undoneBy: run.runId });
  if (Object.keys(run.steps).length === 0) return marked;
  return withAttempt(marked, attemptOf(run.plan), `${event.outcome}: ${event.text}`.slice(0, 300), { at, by: run.by });
};

const HOUR_MS = 3_600_000;
const recent = (terminations: Incident['terminations'], now: string): Incident['terminations'] =>
  terminations.filter(({ at }) => Date.parse(now) - Date.parse(at) < HOUR_MS);

/** Their last messages may still have to be drawn. */
const JUST_ENDED = 2;

/**
 * Runs that are over leave the state, and so do previews that nobody started: the oldest first, what can still be undone last. What
 * another run undoes stays as long as that one may need its record.
 */
const forgetOld = (incident: Incident): Incident => {
  const runs = Object.values(incident.runs);
  const needed = new Set(runs.filter((run) => !isOver(run)).map(({ undoOf }) => undoOf));
  const over = runs
    .filter((run) => isOver(run) && !isWatched(run) && !needed.has(run.runId))
    .sort((a, b) => (endOf(a) < endOf(b) ? -1 : 1));
  const [older, newest] = [over.slice(0, -JUST_ENDED), over.slice(-JUST_ENDED)];
  const ended = [...older.filter((run) => !canUndo(run)), ...older.filter(canUndo), ...newest];
  const idle = runs.filter(({ status }) => status === 'previewed');
  const forgotten = new Set(
    [...ended.slice(0, -KEPT_MAX.endedRuns), ...idle.slice(0, -KEPT_MAX.previews)].map(({ runId }) => runId),
  );
  if (forgotten.size === 0) return incident;
  return {
    ...incident,
    runs: Object.fromEntries(Object.entries(incident.runs).filter(([id]) => !forgotten.has(id))),
    messages: Object.fromEntries(Object.entries(incident.messages).filter(([slot]) => !forgotten.has(runOfSlot(slot)))),
  };
};
const endOf = ({ ended }: FixRun): string => ended?.at ?? '';
const runOfSlot = (slot: string): string => slot.split(':')[1] ?? '';

const answered = (callbackId: string | undefined, approve: boolean): Pick<FixRun, 'answer'> =>
  callbackId === undefined ? {} : { answer: { callbackId, approve } };
/** What it left behind is still there to be undone. */
const isWatched = (run: FixRun): boolean => run.plan.watch !== undefined && run.status === 'done' && run.undoneBy === undefined;

const withRun = (incident: Incident, run: FixRun): Incident => ({ ...incident, runs: { ...incident.runs, [run.runId]: run } });
const withStep = (run: FixRun, stepId: string, step: RunStep): FixRun => ({ ...run, steps: { ...run.steps, [stepId]: step } });
const withoutApproval = (run: FixRun): FixRun => {
  const { approval: _, ...rest } = run;
  return rest;
};
/** An answer speaks for one question: when the next one could not even be asked, the last yes must not be taken for its answer. */
const unanswered = (run: FixRun): FixRun => {
  const { answer: _, ...rest } = run;
  return rest;
};
