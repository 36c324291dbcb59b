import type { Condition, Judgement } from '../condition.ts';
import type { Answers, Needs } from '../facts.ts';

export type ConditionOf<Is extends Condition['is']> = Extract<Condition, { readonly is: Is }>;

/** How one kind of condition is decided: which facts it takes, and what they say. */
export type ConditionJudge<C> = {
  readonly needs: (condition: C) => Needs;
  readonly judge: (condition: C, facts: Readonly<Record<string, unknown>>) => Judgement;
};

/** Closes over the facts' types, so that unlike conditions share one table. */
export const judgeBy = <C, N extends Needs>(
  needs: (condition: C) => N,
  judge: (facts: Answers<N>, condition: C) => Judgement,
): ConditionJudge<C> => ({ needs, judge: (condition, facts) => judge(facts as Answers<N>, condition) });

export const yes = (found: string, seen?: Readonly<Record<string, string>>): Judgement => ({
  status: 'yes',
  found,
  ...(seen !== undefined && { seen }),
});
export const notYet = (found: string): Judgement => ({ status: 'not-yet', found });
export const never = (found: string): Judgement => ({ status: 'never', found });

/** Yes when there is nothing left to wait for. */
export const yesUnless = (waitingFor: readonly string[], found: string, seen?: Readonly<Record<string, string>>): Judgement =>
  waitingFor.length > 0 ? notYet(waitingFor.join('; ')) : yes(found, seen);

export const noGroup = (name: string): Judgement => never(`There is no group ${name} any more.`);
