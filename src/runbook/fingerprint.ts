import { createHash } from 'node:crypto';
import type { GuardReport, Plan } from './define-fix.ts';

const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, canonical(part)]),
  );
};

/** Equal for equal data whatever the order of keys: how a plan that was approved is compared with one that is about to run. */
export const fingerprint = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(canonical(value)))
    .digest('hex');

/** Everything that a person agreed to: what is done, to what, and what had to be acknowledged. Wording of notes is not part of it. */
export const planFingerprint = (plan: Plan, reports: readonly GuardReport[]): string =>
  fingerprint({
    plan,
    acknowledged: reports.filter(({ result }) => result.outcome === 'acknowledge').map(({ id }) => id),
  });
