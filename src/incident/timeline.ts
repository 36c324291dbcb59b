import type { IncidentEvent, Recorded } from './events.ts';

/** One line of what happened. `who` is a Slack user id or `bot`; `weight` says whether the short timeline keeps it. */
export type TimelineLine = {
  readonly at: string;
  readonly who: string;
  readonly text: string;
  readonly weight: 'milestone' | 'line' | 'detail';
};

/** What a name is called: runs and checks by their titles. */
export type Names = { readonly check: (id: string) => string; readonly role: (id: string) => string };

/** The timeline is a fold of the log like everything else: nobody edits it, and nothing is dropped. Ordered by when things were, not by when they were kept. */
export const timeline = (log: readonly Recorded[], names: Names): readonly TimelineLine[] => {
  const headlines = new Map<string, string>();
  const steps = new Map<string, string>();
  const lines = log.flatMap(({ at, by, events }) =>
    events.flatMap((event): TimelineLine[] => {
      if (event.type === 'fix-previewed' || event.type === 'fix-plan-changed') {
        headlines.set(event.runId, event.plan.headline);
        for (const step of event.plan.steps) steps.set(`${event.runId} ${step.id}`, step.title);
      }
      const said = words(event, {
        names,
        run: (id) => headlines.get(id) ?? id,
        step: (id, stepId) => steps.get(`${id} ${stepId}`) ?? stepId,
      });
      if (said === undefined) return [];
      const [weight, text] = said;
      if (event.type === 'note-added') return [{ at: event.saidAt ?? at, who: event.saidBy ?? by, text, weight }];
      if (event.type === 'status-changed') return [{ at: event.at ?? at, who: by, text, weight }];
      return [{ at, who: by, text, weight }];
    }),
  );
  return lines
    .map((line, index) => ({ line, index }))
    .sort((a, b) => (a.line.at < b.line.at ? -1 : a.line.at > b.line.at ? 1 : a.index - b.index))
    .map(({ line }) => line);
};

type Lookup = {
  readonly names: Names;
  readonly run: (runId: string) => string;
  readonly step: (runId: string, stepId: string) => string;
};
type Said = readonly [TimelineLine['weight'], string] | undefined;

const words = (event: IncidentEvent, { names, run, step }: Lookup): Said => {
  switch (event.type) {
    case 'incident-declared':
      return ['milestone', `Declared ${event.severity.toUpperCase()}: ${event.title}`];
    case 'channel-created':
      return ['detail', `Channel #${event.name} created`];
    case 'integration-failed':
      return ['line', `Not working: ${event.what}: ${event.why}`];
    case 'responders-invited':
      return ['detail', `Invited ${event.userIds.map((id) => `<@${id}>`).join(', ')}`];
    case 'role-taken':
      return [
        'line',
        `${names.role(event.role)}: <@${event.userId}>${event.from === undefined ? '' : `, after <@${event.from}>`}`,
      ];
    case 'role-released':
      return ['line', `${names.role(event.role)} is free: <@${event.userId}> gave it back`];
    case 'severity-changed':
      return ['milestone', `Severity ${event.from.toUpperCase()} → ${event.to.toUpperCase()}: ${event.reason}`];
    case 'status-changed':
      return ['milestone', `Status ${event.from} → ${event.to}: ${event.reason}`];
    case 'renamed':
      return ['line', `Renamed: ${event.title}`];
    case 'symptom-reported':
      return ['line', `Symptom: ${event.text}${event.decoded === undefined ? '' : ` (${event.decoded})`}`];
    case 'check-finished':
      return [
        event.verdict === 'fail' ? 'line' : 'detail',
        `Check ${names.check(event.checkId)}: ${event.verdict}. ${event.because}`,
      ];
    case 'check-marked':
      return ['line', `${names.check(event.checkId)} marked ${event.mark}${event.note === '' ? '' : `: ${event.note}`}`];
    case 'check-claimed':
      return ['detail', `${names.check(event.checkId)} claimed by <@${event.userId}>`];
    case 'attempt-recorded':
      return ['line', `Tried: ${event.what}${event.result === undefined ? '' : ` → ${event.result}`}`];
    case 'note-added':
      return ['line', event.text];
    case 'task-added':
      return ['line', `Task ${event.taskId}: ${event.text}${event.owner === undefined ? '' : ` (<@${event.owner}>)`}`];
    case 'task-done':
      return ['line', `Task ${event.taskId} done`];
    case 'update-posted':
      return ['line', `Update: ${event.text}`];
    case 'fixes-frozen':
      return ['milestone', `Fixes frozen: ${event.reason}`];
    case 'fixes-unfrozen':
      return ['line', `Fixes allowed again: ${event.reason}`];
    case 'postmortem-drafted':
      return ['detail', 'Postmortem drafted'];
    case 'message-posted':
    case 'integration-ready':
    case 'role-proposed':
    case 'check-started':
      return undefined;
    default:
      return runWords(event, run, step);
  }
};

type RunEvent = Extract<IncidentEvent, { readonly runId: string }>;
const runWords = (event: RunEvent, run: Lookup['run'], step: Lookup['step']): Said => {
  const what = run(event.runId);
  switch (event.type) {
    case 'fix-previewed':
      return ['detail', `Previewed: ${what}`];
    case 'fix-requested':
      return ['line', `Started: ${what}`];
    case 'fix-refused':
      return ['line', `Refused: ${event.headline ?? what}: ${event.because}`];
    case 'fix-approval-asked':
      return ['detail', `Approval asked (${event.phase === 2 ? 'the irreversible part' : 'the start'}): ${what}`];
    case 'fix-approved':
      return [
        'line',
        `Approved${event.breakGlass === undefined ? '' : ` by break-glass (${event.breakGlass})`}: ${what}${event.phase === 2 ? ', the irreversible part' : ''}`,
      ];
    case 'fix-declined':
      return ['line', `Declined: ${what}${event.phase === 2 ? ', the irreversible part' : ''}`];
    case 'fix-plan-changed':
      return ['line', `The plan changed before it began, and was asked about again: ${event.differs.join('; ')}`];
    case 'fix-run-started':
      return ['detail', `Running: ${what}`];
    case 'fix-step-started':
      return ['detail', `Step began: ${step(event.runId, event.stepId)}`];
    case 'fix-step-progressed':
      return undefined;
    case 'fix-step-finished':
      return [
        event.outcome === 'done' ? 'detail' : 'line',
        `Step ${event.outcome}: ${step(event.runId, event.stepId)}${event.found === '' ? '' : `. ${event.found}`}`,
      ];
    case 'fix-stop-requested':
      return ['line', `Stop asked for: ${what}`];
    case 'users-served':
      return ['milestone', `Users are served again: ${event.because}`];
    case 'fix-drifted':
      return ['line', `Drift after ${what}: ${event.text}`];
    case 'fix-run-ended':
      return ['line', `${what}: ${event.outcome}. ${event.text}`];
    default:
      return event satisfies never;
  }
};
