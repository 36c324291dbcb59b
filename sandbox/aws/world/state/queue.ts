import type { Pending, WorldEvent, WorldState } from './state.ts';

/** Puts an event on the list of what is to come, `afterMs` from world time. */
export const schedule = (state: WorldState, afterMs: number, event: WorldEvent): void => {
  scheduleAt(state, state.now + Math.max(0, afterMs), event);
};

/**
 * What comes first of two things due at the same moment: the one planned first, but health checks last and in the order of
 * their targets. So checks that are skipped while they can find nothing new (`health.ts`) leave the same order behind.
 */
const isBefore = (a: WorldEvent, b: WorldEvent): boolean => {
  if (a.kind !== 'target.check') return true;
  if (b.kind !== 'target.check') return false;
  return `${a.targetGroupArn} ${a.targetId} ${a.port}` <= `${b.targetGroupArn} ${b.targetId} ${b.port}`;
};

export const scheduleAt = (state: WorldState, at: number, event: WorldEvent): void => {
  // Kept in order; a binary search keeps a world of hundreds of targets cheap.
  let low = 0;
  let high = state.pending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const { at: theirs, event: other } = state.pending[middle]!;
    if (theirs < at || (theirs === at && isBefore(other, event))) low = middle + 1;
    else high = middle;
  }
  state.pending.splice(low, 0, { at, event });
};

/** Takes the next event that is due by `until`, if there is one. */
export const takeDue = (state: WorldState, until: number): Pending | undefined => {
  const next = state.pending[0];
  return next !== undefined && next.at <= until ? state.pending.shift() : undefined;
};

export const isScheduled = (state: WorldState, matches: (event: WorldEvent) => boolean): boolean =>
  state.pending.some((pending) => matches(pending.event));

export const unschedule = (state: WorldState, matches: (event: WorldEvent) => boolean): void => {
  state.pending = state.pending.filter((pending) => !matches(pending.event));
};
