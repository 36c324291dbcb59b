import type { Unreadable } from '../../runbook/facts.ts';
import { codeOf, isDenied, isThrottled, isTimeout, messageOf } from './failure.ts';

/** Carries why a fact is not known through the code that builds it; a reader turns it into the value that it holds. */
export class ReadFailure extends Error {
  readonly unreadable: Unreadable;
  /** The API's word, for those who expect a certain one. */
  readonly code: string;
  constructor(unreadable: Unreadable, code: string, cause?: unknown) {
    super(unreadable.because, { cause });
    this.name = 'ReadFailure';
    this.unreadable = unreadable;
    this.code = code;
  }
}

/** `action` is IAM's name of the call: `ec2:DescribeVolumes`. */
export const readFailure = (action: string, error: unknown): ReadFailure => {
  if (error instanceof ReadFailure) return error;
  const code = codeOf(error);
  const fail = (unreadable: Unreadable) => new ReadFailure(unreadable, code, error);
  if (isDenied(error)) return fail({ unreadable: 'denied', because: `The bot may not call ${action}.`, permission: action });
  if (isThrottled(error))
    return fail({ unreadable: 'throttled', because: `AWS is throttling ${action}; it was tried again and again.` });
  if (isTimeout(error)) return fail({ unreadable: 'timed-out', because: `${action} did not answer in time.` });
  return fail({ unreadable: 'failed', because: `${action} failed: ${code}: ${messageOf(error)}` });
};

export const unreadable = (because: string): ReadFailure => new ReadFailure({ unreadable: 'failed', because }, 'Unreadable');

/** `undefined` when AWS answers with one of these words for "there is none". */
export const unlessMissing = <T>(answer: Promise<T>, codes: readonly string[]): Promise<T | undefined> =>
  answer.catch((error: unknown) => {
    if (error instanceof ReadFailure && codes.includes(error.code)) return undefined;
    throw error;
  });

/** For what a fact can do without: the answer, or why there is none. */
export const attempt = <T>(answer: Promise<T>): Promise<{ readonly value: T } | { readonly notSeen: Unreadable }> =>
  answer.then(
    (value) => ({ value }),
    (error: unknown) => {
      if (error instanceof ReadFailure) return { notSeen: error.unreadable };
      throw error;
    },
  );
