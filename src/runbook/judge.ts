import type { Condition, Judgement } from './condition.ts';
import { isUnreadable, type Needs } from './facts.ts';
import type { ConditionJudge, ConditionOf } from './judge/define.ts';
import { notYet } from './judge/define.ts';
import { notSuspended, protectedFromScaleIn, sized, suspended } from './judge/group.ts';
import { snapshotsCompleted, snapshotsStarted, tagged, terminated } from './judge/instance.ts';
import {
  attached,
  detached,
  enteringStandby,
  goneFromGroup,
  inService,
  inStandby,
  leftStandby,
  outOfGroup,
  replaced,
} from './judge/members.ts';

/** The compiler names what is missing here when a condition is added. */
const JUDGES: { readonly [Is in Condition['is']]: ConditionJudge<ConditionOf<Is>> } = {
  tagged,
  'out-of-group': outOfGroup,
  detached,
  replaced,
  'snapshots-started': snapshotsStarted,
  'snapshots-completed': snapshotsCompleted,
  terminated,
  suspended,
  'not-suspended': notSuspended,
  protected: protectedFromScaleIn,
  sized,
  'in-standby': inStandby,
  'entering-standby': enteringStandby,
  'left-standby': leftStandby,
  attached,
  'in-service': inService,
  'gone-from-group': goneFromGroup,
};
const judgeOf = (condition: Condition): ConditionJudge<Condition> => JUDGES[condition.is] as ConditionJudge<Condition>;

/** The facts that decide the condition; their names are what `judge` reads. */
export const needsOf = (condition: Condition): Needs => judgeOf(condition).needs(condition);

/** What could not be read is not yet known, whatever the rest says: time may still tell, a guess may not. */
export const judge = (condition: Condition, facts: Readonly<Record<string, unknown>>): Judgement => {
  const { needs, judge: decide } = judgeOf(condition);
  for (const name of Object.keys(needs(condition))) {
    const answer = facts[name];
    if (isUnreadable(answer)) return notYet(answer.because);
  }
  return decide(condition, facts);
};
