/**
 * The server's half of a WebSocket, as much of RFC 6455 as Socket Mode speaks: text frames, ping, pong, close. Written
 * out because the repository depends on no WebSocket server, and one is not worth a dependency for a sandbox.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** RFC 6455, section 1.3. */
const HANDSHAKE_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const OPCODE = { continuation: 0x0, text: 0x1, close: 0x8, ping: 0x9, pong: 0xa } as const;
const FRAME_BYTES_MAX = 1_048_576;
const NORMAL_CLOSURE = 1000;
const PROTOCOL_ERROR = 1002;
const TOO_BIG = 1009;

export type ServerSocket = {
  readonly send: (text: string) => void;
  readonly ping: () => void;
  /** Says goodbye and ends the connection. */
  readonly close: (code?: number) => void;
};
export type SocketListeners = { readonly onText: (text: string) => void; readonly onClose: () => void };

type Frame = { readonly final: boolean; readonly opcode: number; readonly payload: Buffer; readonly bytes: number };

/** Answers the upgrade request; undefined, and the connection refused, when it is not one for a WebSocket. */
export const acceptWebSocket = (
  request: IncomingMessage,
  stream: Duplex,
  listeners: SocketListeners,
): ServerSocket | undefined => {
  const key = request.headers['sec-websocket-key'];
  if (request.headers.upgrade?.toLowerCase() !== 'websocket' || key === undefined) {
    stream.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    return undefined;
  }
  const accept = createHash('sha1').update(`${key}${HANDSHAKE_GUID}`).digest('base64');
  stream.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  return serve(stream, listeners);
};

const serve = (stream: Duplex, { onText, onClose }: SocketListeners): ServerSocket => {
  let pending: Buffer = Buffer.alloc(0);
  let fragments: readonly Buffer[] = [];
  const write = (opcode: number, payload: Buffer): void => {
    if (stream.writable) stream.write(encodeFrame(opcode, payload));
  };
  const close = (code = NORMAL_CLOSURE): void => {
    write(OPCODE.close, Buffer.from([code >> 8, code & 0xff]));
    // The server hangs up first (RFC 6455, section 7.1.1), and does not wait for a client that is stuck.
    stream.end(() => stream.destroy());
  };
  const take = ({ final, opcode, payload }: Frame): void => {
    if (opcode === OPCODE.ping) {
      write(OPCODE.pong, payload);
      return;
    }
    if (opcode === OPCODE.close) {
      close();
      return;
    }
    if (opcode === OPCODE.pong) return;
    if (opcode !== OPCODE.text && opcode !== OPCODE.continuation) {
      close(PROTOCOL_ERROR);
      return;
    }
    fragments = opcode === OPCODE.text ? [payload] : [...fragments, payload];
    if (!final) return;
    const text = Buffer.concat(fragments).toString('utf8');
    fragments = [];
    onText(text);
  };
  stream.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    for (let frame = decodeFrame(pending); frame !== undefined; frame = decodeFrame(pending)) {
      if (frame === 'unmasked' || frame === 'too-big') return close(frame === 'too-big' ? TOO_BIG : PROTOCOL_ERROR);
      pending = pending.subarray(frame.bytes);
      take(frame);
    }
  });
  stream.on('error', () => stream.destroy());
  stream.once('close', onClose);
  return { send: (text) => write(OPCODE.text, Buffer.from(text)), ping: () => write(OPCODE.ping, Buffer.alloc(0)), close };
};

/** Undefined while the frame is not all there yet. A client must mask its frames: RFC 6455, section 5.1. */
const decodeFrame = (data: Buffer): Frame | 'unmasked' | 'too-big' | undefined => {
  const [first, second] = data;
  if (first === undefined || second === undefined) return undefined;
  if ((second & 0x80) === 0) return 'unmasked';
  const short = second & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const maskAt = 2 + lengthBytes;
  if (data.length < maskAt + 4) return undefined;
  const length = lengthBytes === 0 ? short : lengthBytes === 2 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2));
  if (length > FRAME_BYTES_MAX) return 'too-big';
  const payloadAt = maskAt + 4;
  if (data.length < payloadAt + length) return undefined;
  const mask = data.subarray(maskAt, payloadAt);
  const payload = Buffer.from(data.subarray(payloadAt, payloadAt + length));
  for (let index = 0; index < payload.length; index += 1) payload[index] = (payload[index] ?? 0) ^ (mask[index % 4] ?? 0);
  return { final: (first & 0x80) !== 0, opcode: first & 0x0f, payload, bytes: payloadAt + length };
};

const encodeFrame = (opcode: number, payload: Buffer): Buffer => {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = 0x80 | opcode;
  head[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
};
