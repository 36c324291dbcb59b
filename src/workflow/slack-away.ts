/** Slack's words, and the adapter's, for "later": what was asked may be asked again. */
const TRANSIENT: ReadonlySet<string> = new Set([
  'ratelimited',
  'timeout',
  'unreachable',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
]);
export const isTransient = (error: string): boolean => TRANSIENT.has(error);

/** Nobody answers at all: the next call would wait as long, and in vain. */
export const isAway = (error: string): boolean => error === 'timeout' || error === 'unreachable';
