import { createManualClock, type ManualClock } from '../../src/adapters/clock.ts';
import type { Clock } from '../../src/ports.ts';

export type SteppedClock = ManualClock & {
  /** When the next timer rings, on this clock; nothing is due: nothing waits for time. */
  readonly nextDue: () => number | undefined;
  /**
   * The same time, which a short wait moves on by itself: for what waits in the middle of a step, where nobody else can
   * tell that it waits. Longer timers are deadlines, which only ring when time comes to them.
   */
  readonly moving: (shortMs: number) => Clock;
};

/** Time that stands still until it is moved on to where the next thing happens. */
export const createSteppedClock = (): SteppedClock => {
  const clock = createManualClock();
  const waiting = new Map<symbol, number>();
  const after: Clock['after'] = (milliseconds, callback) => {
    const key = Symbol();
    waiting.set(key, clock.now() + Math.max(0, milliseconds));
    const cancel = clock.after(milliseconds, () => {
      waiting.delete(key);
      callback();
    });
    return () => {
      waiting.delete(key);
      cancel();
    };
  };
  return {
    ...clock,
    after,
    nextDue: () => (waiting.size === 0 ? undefined : Math.min(...waiting.values())),
    moving: (shortMs) => ({
      now: clock.now,
      after: (milliseconds, callback) => {
        const due = clock.now() + milliseconds;
        const cancel = after(milliseconds, callback);
        if (milliseconds <= shortMs) setImmediate(() => clock.advance(Math.max(0, due - clock.now())));
        return cancel;
      },
    }),
  };
};
