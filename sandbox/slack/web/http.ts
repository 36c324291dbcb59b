/** The little of HTTP that the workspace's server needs. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export class BodyTooLarge extends Error {}

/** Throws `BodyTooLarge` past the limit. */
export const readBody = async (request: IncomingMessage, maxBytes: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new BodyTooLarge(`The request is larger than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/** A form, in either of its encodings; files as they came. Undefined when the body is not what its type says. */
export const parseForm = async (body: Buffer, contentType: string): Promise<FormData | undefined> => {
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  } catch {
    return undefined;
  }
};

export const sendJson = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void => {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers });
  response.end(JSON.stringify(body));
};

export const sendText = (
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): void => {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', ...headers });
  response.end(body);
};

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost']);

/** A page elsewhere must not reach this server through a name that it made point here (DNS rebinding). */
export const hostIsLoopback = (request: IncomingMessage, port: number): boolean => {
  const [name, givenPort = '80'] = (request.headers.host ?? '').split(':');
  return LOOPBACK_NAMES.has(name ?? '') && Number(givenPort) === port;
};

/** Browsers say where a request comes from; scripts outside browsers say nothing, and are on this machine anyway. */
export const isSameOrigin = (request: IncomingMessage): boolean => {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  return (
    (origin === undefined || origin === `http://${host}`) && (site === undefined || site === 'same-origin' || site === 'none')
  );
};
