import type { Upcast } from './incident-log.ts';

/**
 * Lifts a stored event to the current version of its type. Throws, with a sentence, on what is not an event and on what
 * only newer code can know: to guess there would be to forget what happened.
 */
export const upcast = (raw: unknown, upcasts: Readonly<Record<string, readonly Upcast[]>>): Readonly<Record<string, unknown>> => {
  if (!isStoredEvent(raw)) throw new Error('An event without a type and a version.');
  const steps = Object.hasOwn(upcasts, raw.type) ? upcasts[raw.type] : undefined;
  if (steps === undefined) {
    throw new Error(`The event "${raw.type}" is not known here. A newer release wrote it: run that one, or a later one.`);
  }
  const current = steps.length + 1;
  if (raw.v > current) {
    throw new Error(
      `The event "${raw.type}" has version ${raw.v}, and ${current} is the newest known here. A newer release wrote it: run that one, or a later one.`,
    );
  }
  return steps
    .slice(raw.v - 1)
    .reduce<Readonly<Record<string, unknown>>>((event, step, index) => ({ ...step(event), v: raw.v + index + 1 }), raw);
};

const isStoredEvent = (raw: unknown): raw is Readonly<Record<string, unknown>> & { readonly type: string; readonly v: number } =>
  typeof raw === 'object' &&
  raw !== null &&
  'type' in raw &&
  typeof raw.type === 'string' &&
  'v' in raw &&
  Number.isInteger(raw.v) &&
  (raw.v as number) >= 1;
