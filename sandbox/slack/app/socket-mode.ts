/** Socket Mode: the app calls us, and requests travel as envelopes. https://docs.slack.dev/apis/events-api/using-socket-mode */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { APP_ID } from '../seed.ts';
import type { Answer, Outgoing, Retry } from './outgoing.ts';
import { acceptWebSocket, type ServerSocket } from './websocket.ts';

/** The client gives a silent server up after 30 s. */
const PING_INTERVAL_MS = 10_000;

export type SocketMode = {
  readonly connect: (request: IncomingMessage, stream: Duplex) => void;
  readonly connected: () => boolean;
  /** Resolves when the app has acknowledged, or cannot any more. */
  readonly send: (outgoing: Outgoing, retry: Retry | undefined, timeoutMs: number) => Promise<Answer>;
  /** As Slack does when it moves a connection: the app is asked to come again. */
  readonly refresh: () => void;
  readonly close: () => void;
};

type Connection = { readonly socket: ServerSocket; readonly waiting: Map<string, (answer: Answer) => void> };

export const createSocketMode = (newSecret: () => string): SocketMode => {
  const connections: Connection[] = [];

  const connect = (request: IncomingMessage, stream: Duplex): void => {
    const waiting = new Map<string, (answer: Answer) => void>();
    const socket = acceptWebSocket(request, stream, {
      onText: (text) => acknowledge(waiting, text),
      onClose: () => {
        clearInterval(pings);
        const at = connections.findIndex((each) => each.waiting === waiting);
        if (at >= 0) connections.splice(at, 1);
        for (const settle of waiting.values()) settle({ kind: 'failed', reason: 'the connection closed' });
      },
    });
    const pings = setInterval(() => socket?.ping(), PING_INTERVAL_MS);
    pings.unref();
    if (socket === undefined) {
      clearInterval(pings);
      return;
    }
    connections.push({ socket, waiting });
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: connections.length,
        connection_info: { app_id: APP_ID },
        debug_info: { host: 'sandbox', approximate_connection_time: 3600 },
      }),
    );
  };

  const send = (outgoing: Outgoing, retry: Retry | undefined, timeoutMs: number): Promise<Answer> => {
    // The youngest: after a refresh the old connection may still be closing.
    const connection = connections.at(-1);
    if (connection === undefined) return Promise.resolve({ kind: 'failed', reason: 'no connection' });
    const envelope_id = newSecret();
    return new Promise((resolve) => {
      const settle = (answer: Answer): void => {
        clearTimeout(timer);
        connection.waiting.delete(envelope_id);
        resolve(answer);
      };
      const timer = setTimeout(() => settle({ kind: 'timeout' }), timeoutMs);
      connection.waiting.set(envelope_id, settle);
      connection.socket.send(
        JSON.stringify({
          envelope_id,
          type: outgoing.kind,
          payload: outgoing.payload,
          accepts_response_payload: outgoing.kind !== 'events_api',
          ...(outgoing.kind === 'events_api' && { retry_attempt: retry?.number ?? 0, retry_reason: retry?.reason ?? '' }),
        }),
      );
    });
  };

  return {
    connect,
    connected: () => connections.length > 0,
    send,
    refresh: () => {
      for (const { socket } of connections) socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
    },
    close: () => {
      for (const { socket } of [...connections]) socket.close();
    },
  };
};

const acknowledge = (waiting: ReadonlyMap<string, (answer: Answer) => void>, text: string): void => {
  const { envelope_id, payload } = JSON.parse(text) as { envelope_id?: string; payload?: Readonly<Record<string, unknown>> };
  if (envelope_id === undefined) return;
  const empty = payload === undefined || Object.keys(payload).length === 0;
  waiting.get(envelope_id)?.({ kind: 'answered', body: empty ? undefined : payload });
};
