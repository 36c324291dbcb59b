/** What went wrong between us and Slack, as data: the one place that knows the client's errors. */

export type Failure = {
  /**
   * - `refused`: Slack said no, and nothing happened.
   * - `limited`: nothing happened, it may be tried again after `retryAfterMs`.
   * - `unsent`: Slack was not reached.
   * - `lost`: it may have happened.
   */
  readonly kind: 'refused' | 'limited' | 'unsent' | 'lost';
  /** Slack's word, or one of ours: `timeout`, `unreachable`, `service_unavailable`, `ratelimited`. */
  readonly error: string;
  readonly retryAfterMs?: number;
  /** Scopes that Slack says are needed. */
  readonly needed?: string;
  /** Slack's complaints about blocks and arguments: for the log, they are our mistakes. */
  readonly details?: readonly string[];
  readonly data?: unknown;
};

type ClientError = {
  readonly code?: string;
  readonly retryAfter?: number;
  readonly statusCode?: number;
  readonly original?: { readonly name?: string; readonly cause?: { readonly code?: string } };
  readonly data?: {
    readonly error?: string;
    readonly needed?: string;
    readonly response_metadata?: { readonly messages?: readonly string[] };
  };
};

/** Slack's words for trouble of its own: it may have done the work. https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const TROUBLE: ReadonlySet<string> = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout']);
/** The connection was never made. */
const NOT_SENT: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH']);
const DEFAULT_RETRY_AFTER_SECONDS = 1;

export const failureOf = (thrown: unknown): Failure => {
  const { code, retryAfter, statusCode, original, data } = thrown as ClientError;
  switch (code) {
    case 'slack_webapi_rate_limited_error':
      return limited(retryAfter);
    case 'slack_webapi_http_error':
      return statusCode !== undefined && statusCode >= 500
        ? { kind: 'lost', error: 'service_unavailable' }
        : { kind: 'refused', error: `http_${statusCode}` };
    case 'slack_webapi_request_error': {
      if (original?.name === 'TimeoutError' || original?.name === 'AbortError') return { kind: 'lost', error: 'timeout' };
      return { kind: NOT_SENT.has(original?.cause?.code ?? '') ? 'unsent' : 'lost', error: 'unreachable' };
    }
    case 'slack_webapi_platform_error': {
      const error = data?.error ?? 'unknown_error';
      if (error === 'ratelimited' || error === 'rate_limited') return limited(undefined);
      return {
        kind: TROUBLE.has(error) ? 'lost' : 'refused',
        error,
        data,
        ...(data?.needed !== undefined && { needed: data.needed }),
        ...(data?.response_metadata?.messages !== undefined && { details: data.response_metadata.messages }),
      };
    }
    default:
      // Not Slack's doing, and not ours to hide.
      throw thrown;
  }
};

const limited = (retryAfterSeconds: number | undefined): Failure => ({
  kind: 'limited',
  error: 'ratelimited',
  retryAfterMs: (retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS) * 1_000,
});
