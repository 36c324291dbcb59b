/** Words and times that every view shares: one word and one sign for each state, so that no state is only a colour. */
import type { CheckState, Incident, RunStep } from '../../incident/state.ts';
import type { Catalogue } from '../../runbook/catalogue.ts';
import type { RoleId, Severity } from '../../runbook/response.ts';

export type ViewContext = {
  readonly catalogue: Catalogue;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** `/incident` */
  readonly commandName: string;
};

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** A span as people say it: `45 s`, `12 min`, `2 h 5 min`, `3 d 4 h`. Never negative. */
export const span = (milliseconds: number): string => {
  const ms = Math.max(0, milliseconds);
  if (ms < MINUTE_MS) return `${Math.floor(ms / 1_000)} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  const hours = Math.floor(ms / HOUR_MS);
  if (hours < 48) return `${hours} h ${Math.floor((ms % HOUR_MS) / MINUTE_MS)} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
};
/** To the second, for what is measured: `2 min 4 s`. */
export const exactSpan = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3_600 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s` : span(milliseconds);
};
export const between = (from: string, to: string | number): number =>
  (typeof to === 'number' ? to : Date.parse(to)) - Date.parse(from);

const stamp = (iso: string, format: string, fallback: string): string =>
  `<!date^${Math.floor(Date.parse(iso) / 1_000)}^${format}|${fallback}>`;
/** In the reader's own time zone: https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
export const timeOfDay = (iso: string): string => stamp(iso, '{time}', `${iso.slice(11, 16)} UTC`);
export const dayAndTime = (iso: string): string =>
  stamp(iso, '{date_short_pretty} {time}', `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`);

export const severityWord = (severity: Severity): string => severity.toUpperCase();
export const statusWord = (status: string): string => `${status.slice(0, 1).toUpperCase()}${status.slice(1)}`;
export const numberWord = (number: number): string => `#${String(number).padStart(4, '0')}`;

export const CHECK_STATES: Readonly<Record<CheckState['state'] | 'not-run', { readonly sign: string; readonly word: string }>> = {
  fail: { sign: '🔴', word: 'fail' },
  unknown: { sign: '🟡', word: 'unknown' },
  running: { sign: '⏳', word: 'running' },
  'not-run': { sign: '⚪', word: 'not run' },
  pass: { sign: '🟢', word: 'pass' },
  'not-applicable': { sign: '⏭', word: 'not applicable' },
};
export const STEP_STATES: Readonly<Record<RunStep['status'] | 'to-come', { readonly sign: string; readonly word: string }>> = {
  'to-come': { sign: '⚪', word: 'to come' },
  running: { sign: '⏳', word: 'running' },
  done: { sign: '🟢', word: 'done' },
  failed: { sign: '🔴', word: 'failed' },
  uncertain: { sign: '🟡', word: 'not known' },
  skipped: { sign: '⏭', word: 'skipped' },
};

export const roleTitle = ({ response }: Catalogue, role: RoleId): string => response.roles[role]?.title ?? role;

/** What the checklist says about each item, in its order. */
export const itemsOf = (
  incident: Incident,
  { checklist }: Catalogue,
): readonly {
  readonly id: string;
  readonly title: string;
  readonly check?: string | undefined;
  readonly now?: CheckState | undefined;
}[] => checklist.items.map(({ id, title, check }) => ({ id, title, check, now: stateOf(incident, id) }));

/** A claim alone says nothing yet. */
const stateOf = (incident: Incident, itemId: string): CheckState | undefined => incident.checks[itemId];
export const isSettled = (state: CheckState | undefined): state is CheckState =>
  state?.settled === true && state.state !== 'running';
export const shownState = (state: CheckState | undefined): CheckState['state'] | 'not-run' =>
  state === undefined ? 'not-run' : state.state === 'running' ? 'running' : state.settled ? state.state : 'not-run';
