/** Which address is whose. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { World } from '../conversations.ts';
import { REQUEST_BYTES_MAX } from '../limits.ts';
import { applyResponse } from '../members/responses.ts';
import { PAGE_SECURITY_POLICY, readPageAsset } from '../page/assets.ts';
import { SlackError } from '../slack-error.ts';
import type { Tickets } from '../tickets.ts';
import type { ApiServer } from './api-server.ts';
import { receiveUpload, redirectPermalink, sendFile } from './file-server.ts';
import { BodyTooLarge, hostIsLoopback, readBody, sendJson, sendText } from './http.ts';
import { type PageServer, receiveAction, sendState, streamVersions } from './page-server.ts';

export type Parts = {
  readonly world: World;
  readonly tickets: Tickets;
  readonly api: ApiServer;
  readonly page: PageServer;
  readonly port: () => number;
};

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL, parts: Parts) => void | Promise<void>;
type Route = {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly handle: (...names: readonly string[]) => Handler;
};

const route = (method: Route['method'], path: RegExp, handle: Route['handle']): Route => ({ method, path, handle });

const ROUTES: readonly Route[] = [
  route(
    'POST',
    /^\/api\/([\w.]+)$/,
    (name = '') =>
      (request, response, _, { api }) =>
        api.handle(name, request, response),
  ),
  route(
    'GET',
    /^\/api\/([\w.]+)$/,
    (name = '') =>
      (request, response, _, { api }) =>
        api.handle(name, request, response),
  ),
  route(
    'POST',
    /^\/response\/([\w-]+)$/,
    (id = '') =>
      (request, response, _, parts) =>
        respond(id, request, response, parts),
  ),
  route(
    'POST',
    /^\/upload\/v1\/(\w+)$/,
    (id = '') =>
      (request, response, _, { world }) =>
        receiveUpload(world.store, id, request, response),
  ),
  route(
    'GET',
    /^\/files\/(\w+)\/[^/]*$/,
    (id = '') =>
      (_, response, __, { world }) =>
        sendFile(world.store, id, response),
  ),
  route(
    'GET',
    /^\/archives\/(\w+)\/(p\d+)$/,
    (channel = '', message = '') =>
      (_, response) =>
        redirectPermalink(channel, message, response),
  ),
  route(
    'GET',
    /^\/page\/state$/,
    () =>
      (_, response, url, { page }) =>
        sendState(page, url.searchParams.get('as') ?? '', response),
  ),
  route(
    'GET',
    /^\/page\/events$/,
    () =>
      (_, response, __, { page }) =>
        streamVersions(page, response),
  ),
  route(
    'POST',
    /^\/page\/act$/,
    () =>
      (request, response, _, { page }) =>
        receiveAction(page, request, response),
  ),
  route('GET', /^\//, () => (_, response, url) => sendAsset(url.pathname, response)),
];

export const serve = async (request: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> => {
  if (!hostIsLoopback(request, parts.port())) return sendText(response, 403, 'this server answers to its loopback name only');
  const url = new URL(request.url ?? '/', 'http://sandbox');
  const known = ROUTES.find(({ method, path }) => method === request.method && path.test(url.pathname));
  if (known === undefined) return sendText(response, 404, 'not found');
  const names = known.path.exec(url.pathname)?.slice(1) ?? [];
  try {
    await known.handle(...names)(request, response, url, parts);
  } catch (error) {
    if (error instanceof BodyTooLarge) return sendText(response, 413, error.message, { connection: 'close' });
    throw error;
  }
};

const sendAsset = async (pathname: string, response: ServerResponse): Promise<void> => {
  const asset = await readPageAsset(pathname);
  if (asset === undefined) return sendText(response, 404, 'not found');
  sendText(response, 200, asset.body, {
    'content-type': asset.contentType,
    'cache-control': 'no-cache',
    'content-security-policy': PAGE_SECURITY_POLICY,
  });
};

/** The app answering later: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
const respond = async (id: string, request: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> => {
  const body = await readBody(request, REQUEST_BYTES_MAX);
  try {
    applyResponse(parts.world, parts.tickets.useResponse(id), parseJson(body));
    sendJson(response, 200, { ok: true });
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const gone = ['expired_url', 'used_url', 'invalid_url'].includes(error.code);
    sendJson(response, gone ? 404 : 400, { ok: false, error: error.code });
  }
};

const parseJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
};
