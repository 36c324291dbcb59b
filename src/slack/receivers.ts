/** How requests reach the app: a Lambda function URL, HTTP on one machine, or Socket Mode. Transport ends here. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsLambdaReceiver, HTTPReceiver, type Receiver, SocketModeReceiver } from '@slack/bolt';
import type { Logger } from 'pino';
import { boltLogger } from './bolt-logger.ts';

/** https://docs.slack.dev/authentication/verifying-requests-from-slack: older requests may be replays. */
const REQUEST_AGE_MAX_SECONDS = 5 * 60;

/** A function URL's event, as far as it is used: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html */
export type HttpEvent = {
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  readonly body?: string | null | undefined;
  readonly isBase64Encoded?: boolean | undefined;
  readonly rawPath?: string | undefined;
};
export type HttpAnswer = {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
};

const UNVERIFIED: HttpAnswer = { statusCode: 401, body: '' };
const MALFORMED: HttpAnswer = { statusCode: 400, body: '' };

/**
 * Bolt's receiver behind a door of our own. By itself it parses before it verifies, takes a content type with a charset
 * for something else, and reads base64 bodies as ASCII: what anybody may send must not decide how we fail.
 */
export const createLambdaReceiver = (options: {
  readonly signingSecret: string;
  readonly logger: Logger;
  /** Milliseconds since the epoch, of the wall: a signature's age is. */
  readonly now: () => number;
}): { readonly receiver: Receiver; readonly handle: (event: HttpEvent) => Promise<HttpAnswer> } => {
  const { signingSecret, logger, now } = options;
  const receiver = new AwsLambdaReceiver({ signingSecret, logger: boltLogger(logger), signatureVerification: false });
  const bolt = receiver.toHandler() as unknown as (event: object, context: object) => Promise<HttpAnswer>;
  return {
    receiver,
    handle: async (event) => {
      const headers = lowerCase(event.headers ?? {});
      const body = event.isBase64Encoded === true ? Buffer.from(event.body ?? '', 'base64').toString('utf8') : (event.body ?? '');
      if (!isSigned(body, headers, signingSecret, now())) return UNVERIFIED;
      const contentType = kindOf(body, headers['content-type'] ?? '');
      if (contentType === undefined) return MALFORMED;
      return bolt(
        {
          ...event,
          headers: { ...headers, 'content-type': contentType },
          body,
          isBase64Encoded: false,
          rawPath: event.rawPath ?? '/',
        },
        {},
      );
    },
  };
};

const lowerCase = (headers: NonNullable<HttpEvent['headers']>): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

const isSigned = (
  body: string,
  headers: Readonly<Record<string, string | undefined>>,
  signingSecret: string,
  nowMs: number,
): boolean => {
  const timestamp = headers['x-slack-request-timestamp'] ?? '';
  const given = Buffer.from(headers['x-slack-signature'] ?? '');
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(nowMs / 1_000 - Number(timestamp)) > REQUEST_AGE_MAX_SECONDS) return false;
  const expected = Buffer.from(`v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
};

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

/** Bolt's literal name for what the body is; undefined when it is not what it says, or nothing that Slack sends: Bolt would leave that unanswered. */
const kindOf = (body: string, contentType: string): typeof FORM | typeof JSON_TYPE | undefined => {
  const kind = contentType.split(';')[0]?.trim().toLowerCase();
  if (kind === JSON_TYPE) return isTyped(body) ? JSON_TYPE : undefined;
  if (kind !== FORM) return undefined;
  const form = new URLSearchParams(body);
  const payload = form.get('payload');
  const isSlacks = payload === null ? form.has('command') || form.has('ssl_check') : isTyped(payload);
  return isSlacks ? FORM : undefined;
};
/** An object with a `type`: every event and every interaction has one. */
const isTyped = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
  } catch {
    return false;
  }
};

/** Bolt's own path for everything that Slack sends. */
const HTTP_PATH = '/slack/events';
/** As Bolt's receiver: a request of Slack is far smaller. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;

/**
 * One machine that Slack can reach, behind the same door: Bolt's receiver ends the process with a body that is `null`, since
 * nobody waits for what it rejects. Start the app with its port.
 */
export const createHttpReceiver = (options: { readonly signingSecret: string; readonly logger: Logger }): HTTPReceiver => {
  const { signingSecret, logger } = options;
  const receiver = new HTTPReceiver({ signingSecret, logger: boltLogger(logger), signatureVerification: false });
  const bolt = receiver.requestListener;
  const enter = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const refuse = (statusCode: number): void => void response.writeHead(statusCode, { connection: 'close' }).end();
    if (body === undefined) return refuse(413);
    const text = body.toString('utf8');
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, value?.toString()]));
    // Signatures are dated by the wall.
    if (!isSigned(text, headers, signingSecret, Date.now())) return refuse(UNVERIFIED.statusCode);
    const contentType = kindOf(text, headers['content-type'] ?? '');
    if (contentType === undefined) return refuse(MALFORMED.statusCode);
    request.headers['content-type'] = contentType;
    // Bolt takes a body that was read already from here.
    bolt(Object.assign(request, { rawBody: body }), response);
  };
  receiver.requestListener = (request, response) => {
    if (request.method !== 'POST' || request.url?.split('?')[0] !== HTTP_PATH) return bolt(request, response);
    enter(request, response).catch((error: unknown) => {
      logger.warn({ err: error }, 'A request was not read to its end.');
      response.destroy();
    });
  };
  return receiver;
};

/** Undefined if it is too long. */
const bodyOf = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/** One machine that Slack cannot reach: it connects out. */
export const createSocketReceiver = (options: {
  readonly appToken: string;
  readonly logger: Logger;
  readonly slackApiUrl?: string | undefined;
}): SocketModeReceiver =>
  new SocketModeReceiver({
    appToken: options.appToken,
    logger: boltLogger(options.logger),
    ...(options.slackApiUrl !== undefined && { installerOptions: { clientOptions: { slackApiUrl: options.slackApiUrl } } }),
  });
