import type { GuardReport, Plan } from '../runbook/define-fix.ts';
import { fingerprint } from '../runbook/fingerprint.ts';

type Shown = { readonly plan: Plan; readonly guards: readonly GuardReport[] };

/** What is different between two previews, a line each, in the order a person would ask. */
export const differences = (before: Shown, after: Shown): string[] => {
  const steps = new Map(before.plan.steps.map((step) => [step.id, step]));
  const changed = after.plan.steps.flatMap((step) => {
    const old = steps.get(step.id);
    steps.delete(step.id);
    if (old === undefined) return [`New: ${step.title}`];
    return fingerprint(old) === fingerprint(step)
      ? []
      : [old.title === step.title ? `${step.title}: its call or its wait changed` : `${old.title} → ${step.title}`];
  });
  const gone = [...steps.values()].map(({ title }) => `No longer: ${title}`);
  const known = new Set(acknowledgements(before).map(({ id }) => id));
  const ticks = acknowledgements(after).flatMap(({ id, because }) => (known.has(id) ? [] : [`To acknowledge: ${because}`]));
  const promises = (['users', 'data', 'undo'] as const).flatMap((key) =>
    before.plan.promise[key] === after.plan.promise[key]
      ? []
      : [`${key}: ${before.plan.promise[key]} → ${after.plan.promise[key]}`],
  );
  const lines = [...changed, ...gone, ...ticks, ...promises];
  return lines.length > 0 ? lines : ['What was recorded for undo changed.'];
};

const acknowledgements = ({ guards }: Shown): { id: string; because: string }[] =>
  guards.flatMap(({ id, result }) => (result.outcome === 'acknowledge' ? [{ id, because: result.because }] : []));
