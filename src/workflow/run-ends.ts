/** PURE. How runs end, in words. */
import type { IncidentEvent, RunOutcome } from '../incident/events.ts';
import { keptBy } from '../incident/kept.ts';
import { type FixRun, type Incident, isOver, nextTaskId } from '../incident/state.ts';
import type { Plan, Refusal } from '../runbook/define-fix.ts';

export type End = {
  readonly outcome: RunOutcome;
  readonly text: string;
  readonly remains?: readonly string[];
  readonly toMakePossible?: string;
};

export const stoppedBy = (userId: string): End => ({ outcome: 'stopped', text: `Stopped by <@${userId}>.` });
export const haltOf = (run: FixRun, incident: Incident): End | undefined => {
  if (run.stopRequestedBy !== undefined) return stoppedBy(run.stopRequestedBy);
  if (incident.frozen !== undefined)
    return { outcome: 'stopped', text: `Fixes were frozen by <@${incident.frozen.by}>: ${incident.frozen.reason}` };
  return undefined;
};
export const refusalEnd = ({ because, toMakePossible }: Refusal): End => ({ outcome: 'refused', text: because, toMakePossible });
/** Our own mistake, or a table that was away for too long: nobody knows how far the step under way has come. */
export const brokenOff = (error: unknown): End => ({
  outcome: 'uncertain',
  text: `The bot broke off in the middle of it: ${error instanceof Error ? error.message : String(error)}`,
  toMakePossible: 'Look at what is there before anything else is done; what was recorded can still be undone.',
});
export const unanswered = (phase: 1 | 2, plan: Plan): string =>
  `Nobody answered in time. ${phase === 2 ? kept(plan) : 'Nothing was done.'}`;
export const kept = ({ target }: Plan): string => `${target} is kept as it is; what was done so far can still be undone.`;
export const minutes = (seconds: number): string => (seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`);

/** Users are served, the cause is not known: somebody's task from now on. */
const causeTask = (run: FixRun, incident: Incident, outcome: RunOutcome): IncidentEvent[] =>
  outcome === 'done' && run.plan.kind === 'fix'
    ? [
        {
          type: 'task-added',
          v: 1,
          taskId: nextTaskId(incident),
          text: `Find out why ${run.plan.target} broke${keptBy(run).length > 0 ? ': the evidence is kept' : ''}.`,
          owner: incident.roles.operations?.userId ?? run.by,
        },
      ]
    : [];

/** How an end stands in the log. Once: who asked a run to stop may have found it gone, and ended it for it. */
export const endEvents = (run: FixRun, incident: Incident, end: End): IncidentEvent[] => {
  if (isOver(run)) return [];
  const { runId, plan } = run;
  const { outcome, text, remains = [], toMakePossible = '' } = end;
  const refused: IncidentEvent = {
    type: 'fix-refused',
    v: 1,
    runId,
    headline: plan.headline,
    because: text,
    toMakePossible,
  };
  return [
    ...(outcome === 'refused' ? [refused] : []),
    {
      type: 'fix-run-ended',
      v: 1,
      runId,
      outcome,
      text: [text, toMakePossible].filter(Boolean).join(' '),
      remains: [...remains],
    },
    ...causeTask(run, incident, outcome),
  ];
};
