import type { IncidentCommand } from './commands.ts';
import type { Status } from './events.ts';

export type Action = IncidentCommand['do'] | 'run-checks' | 'preview-fix' | 'start-fix' | 'undo-fix';

const OPEN = ['investigating', 'identified', 'mitigated'] as const satisfies readonly Status[];
const NOT_CLOSED = [...OPEN, 'resolved'] as const satisfies readonly Status[];
const ALWAYS = [...NOT_CLOSED, 'closed'] as const satisfies readonly Status[];

/** Which action in which status; everything else is refused with the way back. Undo outlives the incident's end: what was parked must come back. */
const PERMITTED: Readonly<Record<Action, readonly Status[]>> = {
  'take-role': OPEN,
  'release-role': OPEN,
  'change-severity': OPEN,
  'change-status': ALWAYS,
  rename: NOT_CLOSED,
  'report-symptom': OPEN,
  'mark-check': OPEN,
  'claim-check': OPEN,
  'record-attempt': OPEN,
  'add-note': ALWAYS,
  'add-task': ALWAYS,
  'finish-task': ALWAYS,
  'post-update': NOT_CLOSED,
  freeze: NOT_CLOSED,
  unfreeze: NOT_CLOSED,
  'stop-fix': ALWAYS,
  'run-checks': NOT_CLOSED,
  'preview-fix': OPEN,
  'start-fix': OPEN,
  'undo-fix': ALWAYS,
};

export const isPermitted = (status: Status, action: Action): boolean => PERMITTED[action].includes(status);
export const whyNot = (status: Status): string => `This incident is ${status}. Reopen it first.`;
