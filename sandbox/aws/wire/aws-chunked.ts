import { AwsError } from '../operation.ts';
import type { WireRequest } from './http.ts';

/**
 * S3 bodies of unknown length come in chunks with a checksum behind them: `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n … 0\r\n<trailers>`.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export const decodeChunked = ({ headers, body }: Pick<WireRequest, 'headers' | 'body'>): Buffer => {
  const streamed = String(headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  if (!streamed && !String(headers['content-encoding'] ?? '').includes('aws-chunked')) return body;
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.subarray(at, Math.max(at, lineEnd)).toString('latin1'), 16);
    const start = lineEnd + 2;
    if (lineEnd < 0 || Number.isNaN(size) || start + size > body.length)
      throw new AwsError('IncompleteBody', 'The request body terminated unexpectedly');
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(body.subarray(start, start + size));
    at = start + size + 2;
  }
};
