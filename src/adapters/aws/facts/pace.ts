import { setTimeout as wait } from 'node:timers/promises';

export type Pace = <T>(lane: string, work: () => Promise<T>) => Promise<T>;

/** Starts of one lane are so many wall milliseconds apart; lanes do not wait for one another. */
export const createPace = (intervalMs: number): Pace => {
  const nextAt = new Map<string, number>();
  return async (lane, work) => {
    const now = performance.now();
    const startAt = Math.max(now, nextAt.get(lane) ?? 0);
    nextAt.set(lane, startAt + intervalMs);
    if (startAt > now) await wait(startAt - now);
    return work();
  };
};
