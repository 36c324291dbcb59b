/** What a person can ask of an incident, and what the queue carries: imperative, plain data, parsed at the edge. */
import { z } from 'zod';
import { roleId, severity } from '../runbook/response.ts';
import { mark, status } from './events.ts';

const command = <T extends string, S extends z.ZodRawShape>(name: T, shape: S) => z.object({ do: z.literal(name), ...shape });
/** In characters. What is longer is cut rather than refused: by then nobody is there any more to be told, and a pasted log must not get lost. */
const WORDS_MAX = 3_000;
const REMARK_MAX = 500;
const cut = (max: number) => (text: string) => {
  const all = [...text];
  return all.length <= max ? text : `${all.slice(0, max - 1).join('')}…`;
};
const words = z.string().trim().min(1).transform(cut(WORDS_MAX));
const remark = z.string().transform(cut(REMARK_MAX));

const incidentCommand = z.discriminatedUnion('do', [
  /** `ifFree`: a button said that nobody holds it; it may be an old one. */
  command('take-role', { role: roleId, userId: z.string(), ifFree: z.boolean().optional() }),
  command('release-role', { role: roleId }),
  command('change-severity', { to: severity, reason: words }),
  command('change-status', { to: status, reason: words }),
  command('rename', { title: words }),
  command('report-symptom', { text: words }),
  command('mark-check', { checkId: z.string(), mark, note: remark }),
  command('claim-check', { checkId: z.string() }),
  command('record-attempt', { what: words, result: remark.optional(), again: z.boolean().optional() }),
  command('add-note', {
    text: words,
    saidAt: z.iso.datetime().optional(),
    saidBy: z.string().optional(),
    link: z.string().optional(),
  }),
  command('add-task', { text: words, owner: z.string().optional() }),
  command('finish-task', { taskId: z.string() }),
  command('post-update', { text: words }),
  command('freeze', { reason: words }),
  command('unfreeze', { reason: words }),
  command('stop-fix', { runId: z.string() }),
]);
export type IncidentCommand = z.output<typeof incidentCommand>;

/** Where the private answer goes. */
const replyTo = z.object({
  channelId: z.string(),
  userId: z.string(),
  responseUrl: z.string().optional(),
  threadTs: z.string().optional(),
});
export type ReplyTo = z.infer<typeof replyTo>;

const request = <T extends string, S extends z.ZodRawShape>(kind: T, shape: S) =>
  z.object({
    kind: z.literal(kind),
    /** The same for every delivery of the same click. */ id: z.string(),
    by: z.string(),
    /** When it was put into the queue: so a repeat is recognised however much was recorded meanwhile. */
    requestedAt: z.iso.datetime().optional(),
    reply: replyTo.optional(),
    ...shape,
  });
const incident = { incident: z.number().int().positive() };

/** One piece of work: performed once however often it is delivered. */
export const workRequest = z.discriminatedUnion('kind', [
  request('declare', {
    title: z.string(),
    severity,
    serviceId: z.string().optional(),
    sourceChannelId: z.string().optional(),
    startedAt: z.iso.datetime().optional(),
    drill: z.boolean().default(false),
  }),
  request('command', { ...incident, command: incidentCommand }),
  request('run-checks', { ...incident, itemIds: z.array(z.string()).min(1) }),
  /** `viewId` is the modal that was opened at once and waits for the plan. */
  request('preview-fix', {
    ...incident,
    fixId: z.string(),
    input: z.record(z.string(), z.string()),
    viewId: z.string().optional(),
  }),
  request('preview-undo', {
    ...incident,
    runId: z.string(),
    chosen: z.record(z.string(), z.string()).default({}),
    viewId: z.string().optional(),
  }),
  /** Fills the picker of fixes and their candidates. */
  request('list-fixes', {
    ...incident,
    viewId: z.string(),
    fixId: z.string().optional(),
    words: z.array(z.string()).default([]),
  }),
  request('start-fix', { ...incident, runId: z.string(), acknowledged: z.array(z.string()), typed: z.string().optional() }),
  request('answer-fix', {
    ...incident,
    runId: z.string(),
    phase: z.union([z.literal(1), z.literal(2)]),
    approve: z.boolean(),
    typed: z.string().optional(),
    breakGlass: z.string().optional(),
  }),
  request('show', { ...incident, what: z.enum(['timeline', 'postmortem']) }),
  request('redraw', { ...incident }),
]);
export type WorkRequest = z.output<typeof workRequest>;
export type WorkKind = WorkRequest['kind'];
export type WorkOf<K extends WorkKind> = Extract<WorkRequest, { readonly kind: K }>;

/** Openings share one lane, so that numbers and channels come in order; an incident has its own. */
const laneOf = (work: WorkRequest): string => (work.kind === 'declare' ? 'opening' : `incident-${work.incident}`);

/** What the queue carries. */
export const messageOf = (
  work: WorkRequest,
  now: string,
): { readonly group: string; readonly id: string; readonly body: string } => ({
  group: laneOf(work),
  id: work.id,
  body: JSON.stringify({ ...work, requestedAt: now }),
});
