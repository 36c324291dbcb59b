import type { WorldState } from '../state/state.ts';
import { recordDeed } from '../trail.ts';

/** Takes one change back. Doing it twice changes nothing more; what the change has caused meanwhile stays. */
export type Reversal = () => void;

/** The world's `act`: settles, changes, lets everything notice. */
export type Act = <T>(change: (state: WorldState) => T) => T;

export const NOTHING_TO_REVERSE: Reversal = () => {};

/** Performs a change that answers how to take it back. */
export const reversible = (act: Act, change: (state: WorldState) => () => void): Reversal => {
  const undo = act(change);
  let open = true;
  return () => {
    if (!open) return;
    open = false;
    act(undo);
  };
};

/** Sets some fields of a thing; answers what puts the old ones back. */
export const swap = <T extends object>(thing: T, fields: Partial<T>): (() => void) => {
  const keys = Object.keys(fields) as (keyof T)[];
  const before = keys.map((key) => ({ key, present: Object.hasOwn(thing, key), value: thing[key] }));
  Object.assign(thing, fields);
  return () => {
    for (const { key, present, value } of before) {
      if (present) thing[key] = value;
      else delete thing[key];
    }
  };
};

/** The colleague whom the trail names for changes from outside. */
export const COLLEAGUE = 'ops/marta';

/** What an outsider does through the API leaves its trace in the trail; what breaks by itself does not. */
export const leaveTrace = (state: WorldState, service: string, name: string, parameters: unknown, who = COLLEAGUE): void =>
  recordDeed(state, { service, name, parameters, callerArn: `arn:aws:sts::${state.accountId}:assumed-role/${who}` });
