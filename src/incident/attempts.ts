import type { Plan } from '../runbook/define-fix.ts';
import { type Attempt, type Incident, KEPT_MAX } from './state.ts';

/** Fixes enter the list of attempts by themselves, so it has one way in. */
export const withAttempt = (
  incident: Incident,
  what: string,
  result: string | undefined,
  { at, by }: { readonly at: string; readonly by: string },
): Incident => {
  const key = attemptKey(what);
  const attempt = { key, what, by, at, ...(result !== undefined && { result }) };
  const open = result === undefined ? -1 : incident.attempts.findLastIndex((one) => one.key === key && one.result === undefined);
  const attempts =
    open < 0
      ? lastOf(incident.attempts, attempt, KEPT_MAX.attempts)
      : incident.attempts.with(open, {
          ...incident.attempts[open],
          ...attempt,
          at: incident.attempts[open]?.at ?? at,
          by: incident.attempts[open]?.by ?? by,
        });
  return { ...incident, attempts, attemptCount: incident.attemptCount + (open < 0 ? 1 : 0) };
};
/** Two wordings of one thing: case, punctuation and spacing do not make it another. */
export const attemptKey = (what: string): string =>
  what
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** What a run is called among the attempts. */
export const attemptOf = ({ kind, fixId, target }: Pick<Plan, 'kind' | 'fixId' | 'target'>): string =>
  `${kind === 'undo' ? 'undo ' : ''}${fixId} ${target}`;

/** An attempt like this one that is still remembered: the reason to warn before it is made again. */
export const earlierAttempt = (incident: Incident, what: string): Attempt | undefined =>
  incident.attempts.findLast((attempt) => attempt.key === attemptKey(what));

export const lastOf = <T>(list: readonly T[], added: T, max: number): readonly T[] => [...list, added].slice(-max);
