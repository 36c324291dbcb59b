/** What an SDK call that rejected means, by the words that services use. */

type SdkError = Error & {
  /** Node's word for what the connection met, or a service's. */
  readonly code?: string;
  /** Set on what a service said; absent on what the client or the network did. */
  readonly $fault?: 'client' | 'server';
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly cause?: unknown;
};

const asSdkError = (error: unknown): SdkError => (error instanceof Error ? error : new Error(String(error))) as SdkError;

/**
 * EC2: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 * Auto Scaling and ELB: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/CommonErrors.html
 * JSON services: https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html
 */
const DENIED = new Set([
  'UnauthorizedOperation',
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'NotAuthorized',
  'UnauthorizedException',
  'OptInRequired',
]);
const THROTTLED = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestLimitExceeded',
  'EC2ThrottledException',
  'TooManyRequestsException',
  'BandwidthLimitExceeded',
  'PriorRequestNotComplete',
  'SlowDown',
]);
const EXPIRED = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired']);
/** A service says that it, not the client, ran out of time: what it did is not known. */
const SERVICE_TIMED_OUT = new Set(['RequestTimeout', 'RequestTimeoutException', 'TimeoutError']);
/** Nothing was sent: there was no connection to send it on. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
/** The name that the SDK gives to a reply in which it finds no error code. */
const NAMELESS = new Set(['Error', 'Unknown', 'UnknownError', 'SyntaxError', 'TypeError']);

/** The API's word for what went wrong, else the network's. */
export const codeOf = (error: unknown): string => {
  const { name, code, $fault } = asSdkError(error);
  return $fault === undefined && typeof code === 'string' ? code : name;
};
export const messageOf = (error: unknown): string => {
  const { message, cause } = asSdkError(error);
  return message === '' && cause instanceof Error ? cause.message : message;
};
export const statusOf = (error: unknown): number | undefined => asSdkError(error).$metadata?.httpStatusCode;

export const isDenied = (error: unknown): boolean => DENIED.has(asSdkError(error).name);
export const isThrottled = (error: unknown): boolean => THROTTLED.has(asSdkError(error).name) || statusOf(error) === 429;
export const isExpired = (error: unknown): boolean => EXPIRED.has(asSdkError(error).name);
/** The SDK calls every broken connection a `TimeoutError`; Node's own code tells them apart. */
export const isTimeout = (error: unknown): boolean => {
  const { name, code } = asSdkError(error);
  return SERVICE_TIMED_OUT.has(name) && (code === undefined || code === 'ETIMEDOUT' || asSdkError(error).$fault !== undefined);
};
/** Our own deadline passed, and the call was given up. */
export const isAborted = (error: unknown): boolean => asSdkError(error).name === 'AbortError';
export const neverConnected = (error: unknown): boolean => NEVER_CONNECTED.has(asSdkError(error).code ?? '');

/** The service itself said no, in words that the client understood: a definite answer. */
export const isDefiniteRefusal = (error: unknown): boolean => {
  const { name, $fault } = asSdkError(error);
  const status = statusOf(error) ?? 0;
  return $fault !== undefined && status >= 400 && status < 500 && status !== 408 && !NAMELESS.has(name) && !isTimeout(error);
};
