import { isUnreadable } from '../../../src/runbook/facts.ts';

/** A pass without the dependencies is one of the rest, and says so. */
export const notWalked = (dependencies: unknown): string =>
  isUnreadable(dependencies) ? ' The way to the dependencies could not be looked at.' : '';
