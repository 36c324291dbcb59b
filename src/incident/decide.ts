import { attemptKey, earlierAttempt } from './attempts.ts';
import type { IncidentCommand } from './commands.ts';
import type { IncidentEvent, Status } from './events.ts';
import { isPermitted, whyNot } from './permitted.ts';
import { type Incident, isOver, nextTaskId } from './state.ts';

/** Said privately to who asked; `tryThis` is what to type or do next. */
export type Refused = { readonly refused: string; readonly tryThis?: string };
const refused = (sentence: string, tryThis?: string): Refused => ({
  refused: sentence,
  ...(tryThis !== undefined && { tryThis }),
});

export type DecideContext = {
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  /** The checklist's items. */
  readonly items: readonly { readonly id: string; readonly title: string }[];
  /** What the decoder makes of a pasted symptom. */
  readonly decode: (text: string) => { readonly decoded?: string; readonly points: string[] };
};
type Decision = readonly IncidentEvent[] | Refused;

/** What a command makes happen, or the sentence why not. Nothing to do is no event and no refusal only where repeating is harmless. */
export const decide = (incident: Incident, command: IncidentCommand, context: DecideContext): Decision => {
  if (!isPermitted(incident.status, command.do)) return refused(whyNot(incident.status), 'reopen <reason>');
  switch (command.do) {
    case 'take-role':
      return takeRole(incident, command);
    case 'release-role': {
      const holder = incident.roles[command.role];
      return holder === undefined
        ? refused('Nobody holds that role.')
        : [{ type: 'role-released', v: 1, role: command.role, userId: holder.userId }];
    }
    case 'change-severity':
      if (incident.severity === command.to) return refused(`It is already ${command.to.toUpperCase()}.`);
      return [{ type: 'severity-changed', v: 1, from: incident.severity, to: command.to, reason: command.reason }];
    case 'change-status':
      return changeStatus(incident, command.to, command.reason);
    case 'rename':
      return [{ type: 'renamed', v: 1, title: command.title }];
    case 'report-symptom':
      return [{ type: 'symptom-reported', v: 1, text: command.text, ...context.decode(command.text) }];
    case 'mark-check':
      if (!context.items.some(({ id }) => id === command.checkId)) return noItem(command.checkId, context);
      return [{ type: 'check-marked', v: 1, checkId: command.checkId, mark: command.mark, note: command.note }];
    case 'claim-check':
      if (!context.items.some(({ id }) => id === command.checkId)) return noItem(command.checkId, context);
      if (incident.checks[command.checkId]?.claimedBy === context.by) return refused('It is yours already.');
      return [{ type: 'check-claimed', v: 1, checkId: command.checkId, userId: context.by }];
    case 'record-attempt':
      return recordAttempt(incident, command, context);
    case 'add-note': {
      const { do: _, ...note } = command;
      return [{ type: 'note-added', v: 1, ...note }];
    }
    case 'add-task': {
      const taskId = nextTaskId(incident);
      return [
        { type: 'task-added', v: 1, taskId, text: command.text, ...(command.owner !== undefined && { owner: command.owner }) },
      ];
    }
    case 'finish-task':
      return finishTask(incident, command.taskId);
    case 'post-update':
      return [{ type: 'update-posted', v: 1, text: command.text }];
    case 'freeze':
      return incident.frozen
        ? refused(`Fixes are frozen already: ${incident.frozen.reason}`)
        : [{ type: 'fixes-frozen', v: 1, reason: command.reason }];
    case 'unfreeze':
      return incident.frozen ? [{ type: 'fixes-unfrozen', v: 1, reason: command.reason }] : refused('Fixes are not frozen.');
    case 'stop-fix':
      return stopFix(incident, command.runId);
    default:
      return command satisfies never;
  }
};

const noItem = (id: string, { items }: DecideContext): Refused =>
  refused(`The checklist has no item "${id}".`, `One of: ${items.map((item) => item.id).join(', ')}`);

const takeRole = (incident: Incident, { role, userId, ifFree }: Extract<IncidentCommand, { do: 'take-role' }>): Decision => {
  const holder = incident.roles[role]?.userId;
  if (holder === userId) return refused('That person holds the role already.');
  if (holder !== undefined && ifFree === true) return refused(`<@${holder}> was faster and holds the role.`, `role take ${role}`);
  return [{ type: 'role-taken', v: 1, role, userId, ...(holder !== undefined && { from: holder }) }];
};

/** In any stride, forward or back: the reason says why. Only the end waits for what is still running. */
const changeStatus = (incident: Incident, to: Status, reason: string): Decision => {
  if (incident.status === to) return refused(`It is ${to} already.`);
  const parked = Object.values(incident.runs).find((run) => !isOver(run) && run.status !== 'previewed');
  if ((to === 'resolved' || to === 'closed') && parked !== undefined) {
    return refused(`${parked.plan.headline} is still running.`, 'Wait for it, or stop it.');
  }
  return [{ type: 'status-changed', v: 1, from: incident.status, to, reason }];
};

const recordAttempt = (
  incident: Incident,
  command: Extract<IncidentCommand, { do: 'record-attempt' }>,
  { items }: DecideContext,
): Decision => {
  const { what, result, again } = command;
  const checked = items.find(({ title }) => attemptKey(what).includes(attemptKey(title)));
  const verdict = checked === undefined ? undefined : incident.checks[checked.id];
  if (
    checked !== undefined &&
    verdict?.settled === true &&
    verdict.state !== 'running' &&
    result === undefined &&
    again !== true
  ) {
    const who = verdict.by === 'bot' ? 'the bot' : `<@${verdict.by}>`;
    return refused(
      `Checked already by ${who} at ${verdict.at.slice(11, 16)} UTC: ${checked.title} ${verdict.state}. ${verdict.because}`.trim(),
      `tried again ${what}`,
    );
  }
  const before = earlierAttempt(incident, what);
  // A result is the second half of an attempt that is still open; anything else that was tried before is a repeat.
  const closes = before?.result === undefined && result !== undefined;
  if (before !== undefined && !closes && again !== true) {
    const came = before.result === undefined ? 'no result was noted' : `result: ${before.result}`;
    return refused(`Tried already by <@${before.by}> at ${before.at.slice(11, 16)} UTC; ${came}.`, `tried again ${what}`);
  }
  return [{ type: 'attempt-recorded', v: 1, what, ...(result !== undefined && { result }) }];
};

const finishTask = (incident: Incident, taskId: string): Decision => {
  const task = incident.tasks.find(({ id }) => id === taskId);
  if (task === undefined)
    return refused(
      `There is no task ${taskId}.`,
      `Open: ${
        incident.tasks
          .filter(({ done }) => !done)
          .map(({ id }) => id)
          .join(', ') || 'none'
      }`,
    );
  return task.done ? refused('That task is done already.') : [{ type: 'task-done', v: 1, taskId }];
};

const stopFix = (incident: Incident, runId: string): Decision => {
  const run = incident.runs[runId];
  if (run === undefined || run.status === 'previewed') return refused('There is no such run.');
  if (isOver(run)) return refused('That run is over already.');
  return run.stopRequestedBy !== undefined
    ? refused(`<@${run.stopRequestedBy}> has asked for that already.`)
    : [{ type: 'fix-stop-requested', v: 1, runId }];
};
