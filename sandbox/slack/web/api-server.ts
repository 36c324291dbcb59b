/** `POST /api/<method>`: token, scope, rate, faults, then the method itself. https://docs.slack.dev/apis/web-api */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { ApiContext, ApiReply, Method } from '../api/method.ts';
import { METHODS } from '../api/methods.ts';
import type { Fault, FaultBox } from '../faults.ts';
import { API_LOG_CALLS_MAX, REQUEST_BYTES_MAX } from '../limits.ts';
import { SlackError } from '../slack-error.ts';
import { parseForm, readBody, sendJson, sendText } from './http.ts';

export type ApiCall = {
  /** Milliseconds since the epoch, on the workspace's clock. */
  readonly at: number;
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly ok: boolean;
  /** Slack's word for what went wrong, or the fault that was injected. */
  readonly error?: string;
};

export type ApiServer = {
  readonly handle: (method: string, request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly calls: readonly ApiCall[];
};
export type ApiServerOptions = {
  readonly context: ApiContext;
  readonly faults: FaultBox;
  readonly botToken: string;
  readonly appToken?: string | undefined;
  readonly scopes: ReadonlySet<string>;
  readonly now: () => number;
};

type Args = Readonly<Record<string, unknown>>;

export const createApiServer = (options: ApiServerOptions): ApiServer => {
  const { faults, now } = options;
  const calls: ApiCall[] = [];
  const note = (method: string, args: Args, error?: string): void => {
    const { token: _, ...shown } = args;
    calls.push({ at: now(), method, args: shown, ok: error === undefined, ...(error !== undefined && { error }) });
    if (calls.length > API_LOG_CALLS_MAX) calls.shift();
  };

  const handle = async (method: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const args = await readArgs(request);
    const fault = faults.take(method);
    if (fault !== undefined && (await meet(fault, request, response)) === 'met')
      return note(method, args, `fault: ${fault.kind}`);
    try {
      const reply = answer(options, method, args, request.headers.authorization);
      if (fault?.kind === 'drop-after') {
        note(method, args, 'fault: drop-after');
        request.socket.destroy();
        return;
      }
      note(method, args);
      sendJson(response, 200, { ok: true, ...reply }, scopeHeaders(options, method));
    } catch (error) {
      if (!(error instanceof SlackError)) throw error;
      note(method, args, error.code);
      sendError(response, error, scopeHeaders(options, method));
    }
  };
  return { handle, calls };
};

const answer = (options: ApiServerOptions, name: string, args: Args, authorization: string | undefined): ApiReply => {
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (method === undefined) throw new SlackError('unknown_method', { fields: { req_method: name } });
  checkToken(options, method, args, authorization);
  checkScope(options.scopes, method);
  const retryAfter = options.faults.retryAfterSeconds(name, method.callsPerMinute, '');
  if (retryAfter !== undefined) throw new SlackError('ratelimited', { fields: { retryAfter } });
  const { token: _, ...rest } = args;
  return method.call(rest, options.context);
};

const checkToken = (options: ApiServerOptions, method: Method, args: Args, authorization: string | undefined): void => {
  const given = authorization?.replace(/^Bearer /i, '') ?? args['token'];
  if (given === undefined || given === '') throw new SlackError('not_authed');
  const { botToken, appToken } = options;
  if (given !== botToken && given !== appToken) throw new SlackError('invalid_auth');
  if (given !== (method.token === 'app' ? appToken : botToken)) throw new SlackError('not_allowed_token_type');
};

const checkScope = (granted: ReadonlySet<string>, { scopes }: Method): void => {
  if (scopes.length === 0 || scopes.some((scope) => granted.has(scope))) return;
  throw new SlackError('missing_scope', { fields: { needed: scopes.join(','), provided: [...granted].join(',') } });
};

const scopeHeaders = ({ scopes }: ApiServerOptions, method: string): Readonly<Record<string, string>> => ({
  'x-oauth-scopes': [...scopes].join(','),
  'x-accepted-oauth-scopes': METHODS[method]?.scopes.join(',') ?? '',
});

const sendError = (response: ServerResponse, error: SlackError, headers: Readonly<Record<string, string>>): void => {
  const { code, complaints, fields } = error;
  if (code === 'ratelimited') {
    sendJson(response, 429, { ok: false, error: code }, { ...headers, 'retry-after': String(fields['retryAfter']) });
    return;
  }
  sendJson(
    response,
    200,
    {
      ok: false,
      error: code,
      ...fields,
      ...(complaints.length > 0 && {
        ...(code === 'invalid_blocks' && { errors: complaints }),
        response_metadata: { messages: complaints.map((complaint) => `[ERROR] ${complaint}`) },
      }),
    },
    headers,
  );
};

/** `met`: the fault was the answer, and nothing else is to be done. */
const meet = async (fault: Fault, request: IncomingMessage, response: ServerResponse): Promise<'met' | 'go-on'> => {
  switch (fault.kind) {
    case 'rate-limit':
      sendJson(response, 429, { ok: false, error: 'ratelimited' }, { 'retry-after': String(fault.retryAfterSeconds) });
      return 'met';
    case 'error':
      sendJson(response, 200, { ok: false, error: fault.error });
      return 'met';
    case 'status':
      sendText(response, fault.status, 'The sandbox was told to answer so.');
      return 'met';
    case 'down':
      request.socket.destroy();
      return 'met';
    case 'delay':
      await wait(fault.delayMs, undefined, { ref: false });
      return 'go-on';
    case 'drop-after':
      return 'go-on';
  }
};

const readArgs = async (request: IncomingMessage): Promise<Args> => {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  const fromUrl = Object.fromEntries(url.searchParams);
  const body = await readBody(request, REQUEST_BYTES_MAX);
  if (body.length === 0) return fromUrl;
  const contentType = request.headers['content-type'] ?? '';
  if (contentType.startsWith('application/json')) return { ...fromUrl, ...parseJsonObject(body) };
  const form = await parseForm(body, contentType);
  return { ...fromUrl, ...Object.fromEntries(form?.entries() ?? []) };
};

const parseJsonObject = (body: Buffer): Args => {
  try {
    const value = JSON.parse(body.toString('utf8')) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Args) : {};
  } catch {
    return {};
  }
};
