import { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { boltLogger } from '../../slack/bolt-logger.ts';

/** Slack answers within a second or not at all; a worker that waits longer holds up its lane. */
const CALL_TIMEOUT_MS = 10_000;

/**
 * A client that tries once and says what happened. Its own retries would send `chat.postMessage` again when only the answer
 * was lost, and would sit out a `Retry-After` of any length: `call.ts` decides both instead.
 */
export const createSlackClient = (options: {
  readonly token: string;
  readonly slackApiUrl?: string | undefined;
  readonly logger: Logger;
  readonly timeoutMs?: number;
}): WebClient =>
  new WebClient(options.token, {
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: options.timeoutMs ?? CALL_TIMEOUT_MS,
    logger: boltLogger(options.logger),
    ...(options.slackApiUrl !== undefined && { slackApiUrl: options.slackApiUrl }),
  });
