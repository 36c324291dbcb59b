/** What the inside needs from the outside: types only. `src/adapters/` holds the real ones, `src/deps.ts` puts them together. */

/**
 * Time is an input. One clock serves a whole process, the sandbox's world included, so that a sped-up demo stays
 * consistent: what the bot calls "2 minutes" is what the world calls 2 minutes.
 */
export type Clock = {
  /** Milliseconds since the epoch, on this clock. */
  readonly now: () => number;
  /** Calls back once after so many milliseconds of this clock; the answer cancels it. Never keeps a process alive by itself. */
  readonly after: (milliseconds: number, callback: () => void) => () => void;
};
