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

export type QueueMessage = {
  /** Messages of one group are handled one after another, in the order they were sent; groups run side by side. */
  readonly group: string;
  /** A second message with the same id is dropped: for at least five minutes, as on an SQS FIFO queue. */
  readonly id: string;
  readonly body: string;
};

export type Queue = {
  /** Resolves once the message is stored: from then on no crash loses it. */
  readonly send: (message: QueueMessage) => Promise<void>;
};

/** Handles one message; `attempt` counts from 1. A throw is a failed attempt: the message comes again, before any later one of its group. */
export type Worker = (message: QueueMessage, attempt: number) => Promise<void>;

export type RunStatus =
  | { readonly status: 'unknown' }
  | { readonly status: 'running' }
  | { readonly status: 'succeeded' }
  | { readonly status: 'failed'; readonly error: string };

/** Starts durable workflows and answers what they wait for, wherever they run. */
export type DurableRuns = {
  /** Idempotent: the same run id starts one run. Ids have 1 to 64 letters, digits, dashes and underscores. */
  readonly start: (runId: string, workflow: string, input: unknown) => Promise<void>;
  /** Idempotent: a callback that has ended, timed out or never was is no error, but is not accepted. */
  readonly completeCallback: (callbackId: string, result: string) => Promise<{ readonly accepted: boolean }>;
  readonly status: (runId: string) => Promise<RunStatus>;
};
