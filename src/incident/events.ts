/**
 * Everything that can have happened to an incident, past tense. The log holds these and nothing else: headline, lists,
 * metrics and postmortem are folds of them. A change of shape is a new version `v`, upcast where the log is read.
 */
import { z } from 'zod';
import type { Suggestion } from '../runbook/define-check.ts';
import type { GuardReport, Plan } from '../runbook/define-fix.ts';
import { roleId, severity } from '../runbook/response.ts';

export const status = z.enum(['investigating', 'identified', 'mitigated', 'resolved', 'closed']);
export type Status = z.infer<typeof status>;
/** What an item of the checklist says. `running` and `not-run` are states of the item, not verdicts. */
export const mark = z.enum(['pass', 'fail', 'unknown', 'not-applicable']);
export type Mark = z.infer<typeof mark>;
const stepOutcome = z.enum(['done', 'failed', 'uncertain', 'skipped']);
/** How a run ends. `uncertain`: a step's outcome is not known, a human must look. */
const runOutcome = z.enum(['done', 'refused', 'declined', 'timed-out', 'stopped', 'failed', 'uncertain']);
export type RunOutcome = z.infer<typeof runOutcome>;

/** Who has to answer. `requester`: whoever asked, since the plan is not the one that was shown any more. */
export const approver = z.enum(['role-holder', 'another-person', 'requester']);
export type Approver = z.infer<typeof approver>;

const userId = z.string();
const time = z.iso.datetime();
const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), v: z.literal(1), ...shape });
const run = { runId: z.string() };

export const incidentEvent = z.discriminatedUnion('type', [
  event('incident-declared', {
    number: z.number().int().positive(),
    title: z.string(),
    severity,
    serviceId: z.string().optional(),
    /** Where the command was typed. */
    sourceChannelId: z.string().optional(),
    startedAt: time.optional(),
    drill: z.boolean(),
  }),
  event('channel-created', { channelId: z.string(), name: z.string() }),
  /** A message that is edited in place later. `slot`: `headline`, `checklist`, `fixes`, `digest`, `run:<run id>`, `served:<run id>`, `postmortem`. */
  event('message-posted', { slot: z.string(), channelId: z.string(), ts: z.string() }),
  /** Something around the incident that did not work: said in the headline until it does. */
  event('integration-failed', { what: z.string(), why: z.string(), mend: z.string().optional() }),
  /** Done once, or working again. */
  event('integration-ready', { what: z.string() }),
  event('responders-invited', { userIds: z.array(userId) }),
  event('role-proposed', { role: roleId, userId, why: z.string() }),
  event('role-taken', { role: roleId, userId, from: userId.optional() }),
  event('role-released', { role: roleId, userId }),
  event('severity-changed', { from: severity, to: severity, reason: z.string() }),
  event('status-changed', { from: status, to: status, reason: z.string(), at: time.optional() }),
  event('renamed', { title: z.string() }),
  event('symptom-reported', {
    text: z.string(),
    /** What the decoder made of it. */
    decoded: z.string().optional(),
    /** Checklist items to open, best first. */
    points: z.array(z.string()).default([]),
  }),
  event('check-started', { checkId: z.string() }),
  event('check-finished', {
    checkId: z.string(),
    verdict: z.enum(['pass', 'fail', 'unknown']),
    because: z.string(),
    evidence: z.array(z.string()),
    suggests: z.array(z.custom<Suggestion>((value) => typeof value === 'object' && value !== null)),
    tookMs: z.number(),
  }),
  event('check-marked', { checkId: z.string(), mark, note: z.string() }),
  event('check-claimed', { checkId: z.string(), userId }),
  event('attempt-recorded', { what: z.string(), result: z.string().optional() }),
  event('note-added', {
    text: z.string(),
    /** When it was said, if that is not when it was kept. */
    saidAt: time.optional(),
    saidBy: userId.optional(),
    link: z.string().optional(),
  }),
  event('task-added', { taskId: z.string(), text: z.string(), owner: userId.optional() }),
  event('task-done', { taskId: z.string() }),
  event('update-posted', { text: z.string() }),
  /** The plan as it was shown, whole. */
  event('fix-previewed', {
    ...run,
    plan: z.custom<Plan>(isObject),
    guards: z.array(z.custom<GuardReport>(isObject)),
    fingerprint: z.string(),
    undoOf: z.string().optional(),
  }),
  event('fix-requested', { ...run, acknowledged: z.array(z.string()), typed: z.string().optional() }),
  /** Guards said no, or the world had moved: nothing more was done. */
  event('fix-refused', { ...run, headline: z.string().optional(), because: z.string(), toMakePossible: z.string() }),
  event('fix-approval-asked', {
    ...run,
    phase: z.union([z.literal(1), z.literal(2)]),
    callbackId: z.string(),
    expiresAt: time,
    who: approver,
  }),
  event('fix-approved', {
    ...run,
    phase: z.union([z.literal(1), z.literal(2)]),
    breakGlass: z.string().optional(),
    callbackId: z.string().optional(),
  }),
  event('fix-declined', { ...run, phase: z.union([z.literal(1), z.literal(2)]), callbackId: z.string().optional() }),
  /** The second preview differs from the one that was approved: this one is asked instead. */
  event('fix-plan-changed', {
    ...run,
    plan: z.custom<Plan>(isObject),
    guards: z.array(z.custom<GuardReport>(isObject)),
    fingerprint: z.string(),
    differs: z.array(z.string()),
  }),
  event('fix-run-started', { ...run }),
  event('fix-step-started', { ...run, stepId: z.string() }),
  /** While a step waits: what it sees. Kept sparse. */
  event('fix-step-progressed', { ...run, stepId: z.string(), found: z.string() }),
  event('fix-step-finished', {
    ...run,
    stepId: z.string(),
    outcome: stepOutcome,
    found: z.string(),
    seen: z.record(z.string(), z.string()).default({}),
  }),
  event('fix-stop-requested', { ...run }),
  event('users-served', { ...run, because: z.string() }),
  event('fix-run-ended', { ...run, outcome: runOutcome, text: z.string(), remains: z.array(z.string()) }),
  /** After its end: what it left behind is not as it left it any more. */
  event('fix-drifted', { ...run, text: z.string() }),
  event('fixes-frozen', { reason: z.string() }),
  event('fixes-unfrozen', { reason: z.string() }),
  event('postmortem-drafted', { markdown: z.string() }),
]);
export type IncidentEvent = z.output<typeof incidentEvent>;
export type EventType = IncidentEvent['type'];
export type EventOf<T extends EventType> = Extract<IncidentEvent, { readonly type: T }>;

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One commit of the log as folds see it: who (`bot` or a Slack user id) and when, for all its events. */
export type Recorded = {
  readonly seq: number;
  readonly at: string;
  readonly by: string;
  readonly events: readonly IncidentEvent[];
};
