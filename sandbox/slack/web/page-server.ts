/** The page's endpoints, as `page-api.ts` lays them down. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { PageAction, PageReply, PageState } from '../page-api.ts';
import type { Store } from '../store.ts';
import { isSameOrigin, readBody, sendJson, sendText } from './http.ts';

const ACTION_BYTES_MAX = 1_000_000;
/** Proxies and browsers give up on a stream that says nothing. */
const KEEP_ALIVE_MS = 15_000;

const values = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())));
const id = z.string().max(100);
const text = z.string().max(40_000);
const pageAction: z.ZodType<PageAction> = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('say'), as: id, channel: id, text, threadTs: id.exactOptional() }),
  z.strictObject({ do: z.literal('command'), as: id, channel: id, command: id, text }),
  z.strictObject({
    do: z.literal('block-action'),
    as: id,
    channel: id.exactOptional(),
    messageTs: id.exactOptional(),
    viewId: id.exactOptional(),
    action: z.record(z.string(), z.unknown()),
    state: values.exactOptional(),
  }),
  z.strictObject({ do: z.literal('submit-view'), as: id, viewId: id, values }),
  z.strictObject({ do: z.literal('close-view'), as: id, viewId: id }),
  z.strictObject({
    do: z.literal('shortcut'),
    as: id,
    callbackId: z.string().max(255),
    channel: id.exactOptional(),
    messageTs: id.exactOptional(),
  }),
  z.strictObject({ do: z.literal('react'), as: id, channel: id, messageTs: id, name: id }),
  z.strictObject({ do: z.literal('open-home'), as: id }),
  z.strictObject({ do: z.literal('join'), as: id, channel: id }),
  z.strictObject({ do: z.literal('read'), as: id, channel: id }),
  z.strictObject({ do: z.literal('dismiss-notice'), as: id, id }),
]);

export type PageServer = {
  readonly act: (action: PageAction) => Promise<PageReply>;
  readonly state: (as: string) => PageState;
  readonly store: Store;
};

/** Nobody in particular: the first person of the workspace, for a page that knows none yet. */
export const sendState = ({ state, store }: PageServer, named: string, response: ServerResponse): void => {
  const as = named === '' ? (store.state.users.find((user) => !user.isBot)?.id ?? '') : named;
  if (!store.state.users.some((user) => user.id === as)) {
    sendJson(response, 404, { ok: false, error: 'user_not_found' });
    return;
  }
  sendJson(response, 200, state(as));
};

export const receiveAction = async ({ act }: PageServer, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const isJson = request.headers['content-type']?.startsWith('application/json') === true;
  // A form of another site could be posted here without asking; JSON from another origin cannot.
  if (!isSameOrigin(request) || !isJson) return sendJson(response, 403, { ok: false, error: 'not_from_the_page' });
  const action = pageAction.safeParse(parse(await readBody(request, ACTION_BYTES_MAX)));
  if (!action.success) return sendJson(response, 400, { ok: false, error: z.prettifyError(action.error) });
  sendJson(response, 200, await act(action.data));
};

const parse = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
};

/** Server-sent events: the version, at once and after every change. */
export const streamVersions = ({ store }: PageServer, response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  let pending = false;
  const send = (): void => {
    pending = false;
    response.write(`data: ${JSON.stringify({ version: store.state.version })}\n\n`);
  };
  send();
  const stop = store.onChange(() => {
    if (pending) return;
    pending = true;
    // One message for all the changes of a turn.
    setImmediate(send);
  });
  const keepAlive = setInterval(() => response.write(': still here\n\n'), KEEP_ALIVE_MS);
  keepAlive.unref();
  response.once('close', () => {
    stop();
    clearInterval(keepAlive);
  });
};

export const refuseMethod = (response: ServerResponse): void => sendText(response, 405, 'method not allowed');
