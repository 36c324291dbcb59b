/** How a group is compared with what a run recorded and has itself changed since. */
import { type Refusal, refuse } from '../../../src/runbook/define-fix.ts';
import type { Group } from '../../../src/runbook/entities.ts';
import { listed } from '../../../src/runbook/words.ts';

export type Sizes = { readonly minSize: number; readonly maxSize: number; readonly desired: number };

/** `desired is 4, not 3`, a line each. */
export const sizeDrift = (group: Sizes, expected: Sizes): readonly string[] =>
  (
    [
      ['minimum', group.minSize, expected.minSize],
      ['desired', group.desired, expected.desired],
      ['maximum', group.maxSize, expected.maxSize],
    ] as const
  ).flatMap(([name, is, was]) => (is === was ? [] : [`${name} is ${is}, not ${was}`]));

export const changedByOthers = (group: Group, expected: Sizes): Refusal | undefined => {
  const drift = sizeDrift(group, expected);
  return drift.length === 0
    ? undefined
    : refuse(
        `Somebody or something else changed ${group.name} meanwhile: ${listed(drift)}.`,
        'Find out who sizes the group, put it back, or start again from how it is now.',
      );
};

export const vanished = (groupName: string): Refusal =>
  refuse(`The group ${groupName} does not exist any more.`, 'Look at the account by hand.');
