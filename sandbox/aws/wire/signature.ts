import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { WireRequest } from './http.ts';

/** Signature Version 4, checked as AWS checks it: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */

export type Scope = {
  readonly accessKeyId: string;
  /** `20260105`, of the wall clock: clients sign with the machine's time, whatever the world's is. */
  readonly date: string;
  readonly region: string;
  /** Routes the request: the signing name of the service. */
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
};

const form =
  /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

/** Undefined for a request that is not signed, or not so. */
export const readScope = (authorization: string | undefined): Scope | undefined => {
  const found = form.exec(authorization ?? '');
  if (found === null) return undefined;
  const [, accessKeyId = '', date = '', region = '', service = '', headers = '', signature = ''] = found;
  return { accessKeyId, date, region, service, signedHeaders: headers.split(';'), signature };
};

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** Every service but S3 signs the path encoded once more. */
const canonicalPath = ({ path }: WireRequest, service: string): string =>
  service === 's3' ? path : path.split('/').map(encode).join('/');

const byCode = ([a, x]: readonly [string, string], [b, y]: readonly [string, string]): number =>
  a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0;

const canonicalQuery = ({ query }: WireRequest): string =>
  query
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(byCode)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

const canonicalHeaders = ({ headers }: WireRequest, names: readonly string[]): string =>
  names
    .map(
      (name) =>
        `${name}:${String(headers[name] ?? '')
          .trim()
          .replace(/\s+/g, ' ')}\n`,
    )
    .join('');

/** A hash that the client states must be that of the body; S3 lets it state that there is none. */
const payloadHash = ({ headers, body }: WireRequest): string => {
  const stated = String(headers['x-amz-content-sha256'] ?? '');
  return /^(UNSIGNED-PAYLOAD|STREAMING-)/.test(stated) ? stated : sha256(body);
};

/** The body's own hash goes into the signature: a body that was changed on the way does not verify. */
export const isSignedWith = (secret: string, scope: Scope, request: WireRequest): boolean => {
  const { date, region, service, signedHeaders, signature } = scope;
  const canonical = [
    request.method,
    canonicalPath(request, service),
    canonicalQuery(request),
    canonicalHeaders(request, signedHeaders),
    signedHeaders.join(';'),
    payloadHash(request),
  ].join('\n');
  const place = `${date}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', String(request.headers['x-amz-date'] ?? ''), place, sha256(canonical)].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>((step, part) => hmac(step, part), `AWS4${secret}`);
  return timingSafeEqual(hmac(key, toSign), Buffer.from(signature, 'hex'));
};
