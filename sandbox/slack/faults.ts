/** What can go wrong on Slack's side of the line, said in advance and counted, so that a test gets the same weather twice. */

export type Fault =
  /** HTTP 429 with this `Retry-After`. */
  | { readonly kind: 'rate-limit'; readonly retryAfterSeconds: number }
  /** `ok: false` with this error; nothing was done. */
  | { readonly kind: 'error'; readonly error: string }
  /** A status without a Slack answer, such as 500 or 503. */
  | { readonly kind: 'status'; readonly status: number }
  /** The answer comes, but so many milliseconds of the wall clock later. */
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** The connection breaks before anything was done. */
  | { readonly kind: 'down' }
  /** It was done, and then the connection broke: the caller cannot know. */
  | { readonly kind: 'drop-after' };

export type Faults = {
  /** The next `times` calls of `method` meet the fault; `*` is every method. Faults of one method queue up. */
  readonly add: (method: string, fault: Fault, times?: number) => void;
  /** How many are still to come. */
  readonly left: (method: string) => number;
  readonly clear: () => void;
  /** Slack's per-minute tiers; off unless switched on. */
  readonly limitRates: (on: boolean) => void;
};

export type FaultBox = Faults & {
  readonly take: (method: string) => Fault | undefined;
  /** Seconds to wait, when the method has had its calls of the last minute. */
  readonly retryAfterSeconds: (method: string, callsPerMinute: number, key: string) => number | undefined;
};

const MINUTE_MS = 60_000;

export const createFaults = (wallNow: () => number): FaultBox => {
  const waiting: { readonly method: string; readonly fault: Fault; times: number }[] = [];
  const recent = new Map<string, readonly number[]>();
  let limiting = false;
  return {
    add: (method, fault, times = 1) => waiting.push({ method, fault, times }),
    left: (method) => waiting.filter((each) => each.method === method).reduce((sum, each) => sum + each.times, 0),
    clear: () => {
      waiting.length = 0;
      recent.clear();
    },
    limitRates: (on) => {
      limiting = on;
      recent.clear();
    },
    take: (method) => {
      const next = waiting.find((each) => each.times > 0 && (each.method === method || each.method === '*'));
      if (next === undefined) return undefined;
      next.times -= 1;
      return next.fault;
    },
    retryAfterSeconds: (method, callsPerMinute, key) => {
      if (!limiting) return undefined;
      const bucket = `${method} ${key}`;
      const lastMinute = (recent.get(bucket) ?? []).filter((at) => wallNow() - at < MINUTE_MS);
      const oldest = lastMinute[0];
      if (oldest !== undefined && lastMinute.length >= callsPerMinute)
        return Math.max(1, Math.ceil((oldest + MINUTE_MS - wallNow()) / 1000));
      recent.set(bucket, [...lastMinute, wallNow()]);
      return undefined;
    },
  };
};
