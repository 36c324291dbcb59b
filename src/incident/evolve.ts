import { lastOf, withAttempt } from './attempts.ts';
import type { EventOf, IncidentEvent, Mark, Recorded, Status } from './events.ts';
import { evolveRun, isRunEvent } from './evolve-run.ts';
import { type CheckState, type Incident, isEdited, KEPT_MAX, type Milestones } from './state.ts';

type Stamp = { readonly at: string; readonly by: string };

const newIncident = (event: EventOf<'incident-declared'>, { at, by }: Stamp): Incident => ({
  number: event.number,
  title: event.title,
  severity: event.severity,
  status: 'investigating',
  ...(event.serviceId !== undefined && { serviceId: event.serviceId }),
  ...(event.sourceChannelId !== undefined && { sourceChannelId: event.sourceChannelId }),
  drill: event.drill,
  declaredBy: by,
  declaredAt: at,
  milestones: { started: event.startedAt ?? at, detected: at, declared: at },
  roles: {},
  proposed: {},
  invited: [],
  symptoms: [],
  checks: {},
  attempts: [],
  attemptCount: 0,
  tasks: [],
  runs: {},
  terminations: [],
  messages: {},
  missing: {},
  ready: [],
  lastChangeAt: at,
});

/** The fold. A log begins with its declaration; anything before it is a broken log. */
export const evolve = (incident: Incident | undefined, { at, by, events }: Recorded): Incident | undefined =>
  events.reduce<Incident | undefined>((state, event) => {
    if (event.type === 'incident-declared') return newIncident(event, { at, by });
    if (state === undefined) throw new Error(`${event.type} stands before incident-declared in the log.`);
    return { ...apply(state, event, { at, by }), lastChangeAt: at };
  }, incident);

export const fold = (log: readonly Recorded[]): Incident | undefined => log.reduce(evolve, undefined as Incident | undefined);

const apply = (incident: Incident, event: Exclude<IncidentEvent, { type: 'incident-declared' }>, stamp: Stamp): Incident => {
  if (isRunEvent(event)) return evolveRun(incident, event, stamp);
  switch (event.type) {
    case 'channel-created':
      return { ...incident, channel: { id: event.channelId, name: event.name } };
    case 'message-posted':
      return { ...incident, messages: withMessage(incident.messages, event) };
    case 'integration-failed':
      return {
        ...incident,
        missing: { ...incident.missing, [event.what]: { why: event.why, ...(event.mend !== undefined && { mend: event.mend }) } },
      };
    case 'integration-ready':
      return {
        ...incident,
        missing: without(incident.missing, event.what),
        ready: [...new Set([...incident.ready, event.what])],
      };
    case 'responders-invited':
      return { ...incident, invited: [...new Set([...incident.invited, ...event.userIds])] };
    case 'role-proposed':
      return { ...incident, proposed: { ...incident.proposed, [event.role]: { userId: event.userId, why: event.why } } };
    case 'role-taken':
      return acknowledged(
        {
          ...incident,
          proposed: without(incident.proposed, event.role),
          roles: { ...incident.roles, [event.role]: { userId: event.userId, since: stamp.at } },
        },
        stamp.at,
      );
    case 'role-released':
      return { ...incident, roles: without(incident.roles, event.role) };
    case 'severity-changed':
      return { ...incident, severity: event.to };
    case 'status-changed':
      return withStatus(incident, event, event.at ?? stamp.at);
    case 'renamed':
      return { ...incident, title: event.title };
    case 'symptom-reported':
      return { ...incident, symptoms: lastOf(incident.symptoms, symptomOf(event, stamp), KEPT_MAX.symptoms) };
    case 'check-started':
    case 'check-finished':
    case 'check-marked':
    case 'check-claimed':
      return {
        ...incident,
        checks: { ...incident.checks, [event.checkId]: evolveCheck(incident.checks[event.checkId], event, stamp) },
      };
    case 'attempt-recorded':
      return withAttempt(incident, event.what, event.result, stamp);
    case 'task-added':
      return {
        ...incident,
        tasks: lastOf(
          incident.tasks,
          { id: event.taskId, text: event.text, done: false, ...(event.owner !== undefined && { owner: event.owner }) },
          KEPT_MAX.tasks,
        ),
      };
    case 'task-done':
      return { ...incident, tasks: incident.tasks.map((task) => (task.id === event.taskId ? { ...task, done: true } : task)) };
    case 'update-posted':
      return { ...incident, lastUpdateAt: stamp.at };
    case 'fixes-frozen':
      return { ...incident, frozen: { by: stamp.by, at: stamp.at, reason: event.reason } };
    case 'fixes-unfrozen': {
      const { frozen: _, ...thawed } = incident;
      return thawed;
    }
    case 'note-added':
    case 'postmortem-drafted':
      return incident;
    default:
      return event satisfies never;
  }
};

/** What is edited in place stays. The rest is only looked up for a while, so that it is not posted twice. */
const withMessage = (before: Incident['messages'], { slot, channelId, ts }: EventOf<'message-posted'>): Incident['messages'] => {
  const all = { ...before, [slot]: { channelId, ts } };
  const announced = Object.keys(all).filter((name) => !isEdited(name));
  return announced.length > KEPT_MAX.announcements ? withoutAll(all, announced.slice(0, -KEPT_MAX.announcements)) : all;
};

const symptomOf = (event: EventOf<'symptom-reported'>, { at, by }: Stamp): Incident['symptoms'][number] => ({
  text: event.text.slice(0, 500),
  points: event.points,
  by,
  at,
  ...(event.decoded !== undefined && { decoded: event.decoded }),
});

type CheckEvent = EventOf<'check-started' | 'check-finished' | 'check-marked' | 'check-claimed'>;
const evolveCheck = (before: CheckState | undefined, event: CheckEvent, { at, by }: Stamp): CheckState => {
  const claim = before?.claimedBy === undefined ? {} : { claimedBy: before.claimedBy };
  const said = before?.settled && before.state !== 'running' ? before.state : before?.was;
  switch (event.type) {
    case 'check-started':
      return {
        state: 'running',
        because: before?.because ?? '',
        evidence: before?.evidence ?? [],
        suggests: before?.suggests ?? [],
        by,
        at,
        settled: false,
        ...claim,
        ...wasOf(said),
      };
    case 'check-finished':
      return {
        state: event.verdict,
        because: event.because,
        evidence: event.evidence.slice(0, KEPT_MAX.evidenceLines),
        suggests: event.suggests,
        by,
        at,
        settled: true,
        ...claim,
        ...wasOf(said, event.verdict),
      };
    case 'check-marked':
      return {
        state: event.mark,
        because: event.note,
        note: event.note,
        evidence: [],
        suggests: [],
        by,
        at,
        settled: true,
        ...claim,
        ...wasOf(said, event.mark),
      };
    case 'check-claimed':
      return before === undefined
        ? { state: 'unknown', because: '', evidence: [], suggests: [], by, at, settled: false, claimedBy: event.userId }
        : { ...before, claimedBy: event.userId };
  }
};
const wasOf = (said: Mark | undefined, now?: Mark): { was?: Mark } => (said === undefined || said === now ? {} : { was: said });

const HEALTHY: readonly Status[] = ['mitigated', 'resolved', 'closed'];
const withStatus = (incident: Incident, { from, to }: EventOf<'status-changed'>, at: string): Incident => {
  const after = { ...incident, status: to, milestones: reached(incident, to, at) };
  const reopened = HEALTHY.includes(from) && !HEALTHY.includes(to);
  return reopened ? without(after, 'servedAt') : after;
};

const reached = ({ milestones, servedAt: served }: Incident, status: Status, at: string): Milestones => {
  switch (status) {
    case 'investigating':
    case 'identified':
      // Reopened: what was reached is not true any more; the log still says when it was claimed.
      return withoutAll(milestones, ['mitigated', 'resolved', 'closed']);
    case 'mitigated':
      // Users were served again when a fix saw it, whoever found the time to say so.
      return { ...withoutAll(milestones, ['resolved', 'closed']), mitigated: milestones.mitigated ?? served ?? at };
    case 'resolved':
      return { ...milestones, mitigated: milestones.mitigated ?? served ?? at, resolved: at };
    case 'closed':
      return { ...milestones, resolved: milestones.resolved ?? at, closed: at };
  }
};
const acknowledged = (incident: Incident, at: string): Incident =>
  incident.milestones.acknowledged === undefined
    ? { ...incident, milestones: { ...incident.milestones, acknowledged: at } }
    : incident;

const without = <T extends object>(record: T, key: string): T =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key)) as T;
const withoutAll = <T extends object>(record: T, keys: readonly string[]): T =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !keys.includes(name))) as T;
