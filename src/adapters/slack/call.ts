import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { ChatResult } from '../../ports.ts';
import { type Failure, failureOf } from './failure.ts';
import type { Method } from './scopes.ts';
import { sentenceOf } from './sentences.ts';

/** Tries of one call, the first included. */
const TRIES_MAX = 4;
const BACKOFF_MS: readonly number[] = [250, 1_000, 3_000];
/** All that one call waits, for answers that do not come and between its tries: the queue brings the whole request again later, and holds nobody up meanwhile. */
const WAIT_MAX_MS = 20_000;

export type Called<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly error: string;
      readonly why: string;
      readonly kind: Failure['kind'];
      readonly data?: unknown;
    };
export type CallOptions = {
  /** What may be sent again when the answer was lost: everything that comes to the same when done twice. */
  readonly again?: boolean;
};
export type CallerDeps = {
  readonly client: WebClient;
  readonly logger: Logger;
  /** Waits so many milliseconds of the wall: they are Slack's. */
  readonly wait: (milliseconds: number) => Promise<void>;
};

export const createCaller = ({ client, logger, wait }: CallerDeps) => {
  const retry = async <T>(method: Method, work: () => Promise<T>, { again = false }: CallOptions): Promise<Called<T>> => {
    const beganAt = performance.now();
    let waitedMs = 0;
    for (let tries = 1; ; tries++) {
      const failure = await attempt(work);
      if ('value' in failure) return { ok: true, value: failure.value };
      const waitMs = failure.retryAfterMs ?? BACKOFF_MS[tries - 1] ?? WAIT_MAX_MS;
      const mayTry = failure.kind === 'limited' || failure.kind === 'unsent' || (failure.kind === 'lost' && again);
      const spentMs = Math.max(waitedMs, performance.now() - beganAt);
      if (!mayTry || tries === TRIES_MAX || spentMs + waitMs > WAIT_MAX_MS) {
        const { kind, error, details, data } = failure;
        // What is so already is what was wanted.
        logger[error.startsWith('already_') ? 'debug' : 'warn'](
          { method, kind, error, tries, ...(details !== undefined && { details }) },
          'Slack did not do it.',
        );
        return { ok: false, kind, error, why: sentenceOf(failure, method), ...(data !== undefined && { data }) };
      }
      await wait(waitMs);
      waitedMs += waitMs;
    }
  };
  return {
    retry,
    /** Calls a method and reads from its answer what `schema` names. */
    call: <S extends z.ZodType>(
      method: Method,
      args: Readonly<Record<string, unknown>>,
      schema: S,
      options: CallOptions = {},
    ): Promise<Called<z.output<S>>> =>
      retry(method, async () => schema.parse(await client.apiCall(method, { ...args })), options),
  };
};
export type Caller = ReturnType<typeof createCaller>;

const attempt = async <T>(work: () => Promise<T>): Promise<{ readonly value: T } | Failure> => {
  try {
    return { value: await work() };
  } catch (error) {
    return failureOf(error);
  }
};

/** The port's shape: callers decide by `error`, people read `why`. */
export const asResult = <T>(called: Called<T>): ChatResult<T> =>
  called.ok ? called : { ok: false, error: called.error, why: called.why };
export const withValue = <T>(called: Called<unknown>, value: T): ChatResult<T> =>
  called.ok ? { ok: true, value } : { ok: false, error: called.error, why: called.why };
/** For what is refused because it is so already. */
export const settled = (called: Called<unknown>, already: readonly string[]): ChatResult<void> =>
  !called.ok && already.includes(called.error) ? { ok: true, value: undefined } : withValue(called, undefined);
