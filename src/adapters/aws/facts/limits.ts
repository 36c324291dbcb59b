/** What reading is held to. */
export const DEFAULT_LIMITS = {
  /** Calls under way at once, over all readers: well below what the Describe actions' buckets refill. */
  concurrentCalls: 16,
  /** Pages of one list. Beyond it a fact is unreadable rather than half known. */
  pages: 50,
  /** Target groups of one VPC that are searched for an instance: each takes a call. */
  targetGroupsSearched: 100,
  /** Wall milliseconds between two look-ups in one region's trail: two a second are allowed. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html */
  trailIntervalMs: 500,
  /** Wall milliseconds of one gathering. */
  deadlineMs: 20_000,
} as const;
export type Limits = { readonly [K in keyof typeof DEFAULT_LIMITS]: number };

/** At most so many at once; the others wait their turn, in order. */
export const createLimiter = (max: number): (<T>(work: () => Promise<T>) => Promise<T>) => {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= max) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // The place is handed over, not given back: nobody slips in between.
      if (next) next();
      else running--;
    }
  };
};
