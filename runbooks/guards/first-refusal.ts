import type { Guard, Refusal } from '../../src/runbook/define-fix.ts';

/** The first that refuses, on fresh facts. */
export const firstRefusal = <F, I>(all: readonly Guard<F, I>[], facts: F, input: I): Refusal | undefined => {
  for (const { look } of all) {
    const result = look(facts, input);
    if (result.outcome === 'refuse') return result;
  }
  return undefined;
};
