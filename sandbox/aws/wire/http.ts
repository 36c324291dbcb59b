import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { AwsError } from '../operation.ts';

export type WireRequest = {
  readonly method: string;
  /** As sent, percent-encoded, without the query. */
  readonly path: string;
  /** Decoded, in the order sent. */
  readonly query: readonly (readonly [string, string])[];
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

export type WireReply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
};

/** The only address that the simulated account listens on. */
export const LOOPBACK = '127.0.0.1';

/** Bytes. Larger than any call of the bot; S3 itself takes 5 GiB at once. */
const BODY_BYTES_MAX = 64 * 1024 * 1024;

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('MalformedQueryString', `The query string contains a syntax error: ${text}`, 400);
  }
};

/** `+` is a space in forms only, not in URLs. */
export const parsePairs = (text: string, plus: 'plus-is-space' | 'plus-is-plus'): readonly (readonly [string, string])[] =>
  text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      const plain = (part: string) => decode(plus === 'plus-is-space' ? part.replaceAll('+', ' ') : part);
      return [plain(name), plain(value)] as const;
    });

export const readRequest = async (message: IncomingMessage): Promise<WireRequest> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX)
      throw new AwsError('RequestEntityTooLarge', `A request holds ${BODY_BYTES_MAX} bytes at most.`, 413);
  }
  const [path = '/', ...query] = (message.url ?? '/').split('?');
  return {
    method: message.method ?? 'GET',
    path,
    query: parsePairs(query.join('?'), 'plus-is-plus'),
    headers: message.headers,
    body: Buffer.concat(chunks),
  };
};
