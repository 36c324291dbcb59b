/**
 * A Slack workspace on loopback that speaks the real wire protocol: the unmodified Bolt app and WebClient run against it
 * with `SLACK_API_URL` set to its `apiUrl`. Its page, at `url`, lets a person act as any member.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../src/ports.ts';
import type { ApiContext } from './api/method.ts';
import { ALL_SCOPES } from './api/methods.ts';
import { createDelivery, type Delivered } from './app/delivery.ts';
import { DEFAULT_EVENTS, eventCallback } from './app/events.ts';
import { createSocketMode } from './app/socket-mode.ts';
import type { SlackEvent, World } from './conversations.ts';
import { createFaults, type Faults } from './faults.ts';
import { ANSWER_TIMEOUT_MS, EVENT_RETRY_DELAYS_MS } from './limits.ts';
import { act } from './members/act.ts';
import type { Command, MemberContext, Shortcut } from './members/context.ts';
import type { Ping } from './model.ts';
import type { PageAction, PageReply, PageState } from './page-api.ts';
import { pageState } from './page-state.ts';
import { type Seed, SHOPLANE } from './seed.ts';
import { createStore } from './store.ts';
import { createTickets } from './tickets.ts';
import { waitUntil } from './wait-until.ts';
import { type ApiCall, createApiServer } from './web/api-server.ts';
import { type Parts, serve } from './web/router.ts';

export type SlackWorkspaceOptions = {
  /** Message times, bookmark dates, and the delay before an event is sent again. */
  readonly clock: Clock;
  readonly signingSecret: string;
  readonly botToken: string;
  /** With it, the app may connect by Socket Mode. */
  readonly appToken?: string;
  readonly app: {
    /** Where signed requests go: `http://127.0.0.1:3000/slack/events`. */
    readonly eventsUrl?: string;
    readonly commands: readonly Command[];
    readonly shortcuts: readonly Shortcut[];
    /** Event types the app is subscribed to; `DEFAULT_EVENTS` unless given. */
    readonly events?: readonly string[];
    /** Granted scopes; all that the methods here know, unless given. */
    readonly scopes?: readonly string[];
  };
  readonly seed?: Seed;
  /** Keeps the workspace in this file, and reads it at the start. */
  readonly dataFile?: string;
  /** How long triggers and response URLs live is a matter of the wall clock: a person is waiting. */
  readonly wallNow?: () => number;
  /** How long the app may take to answer, milliseconds of the wall clock. Slack's 3,000 unless given. */
  readonly answerTimeoutMs?: number;
  readonly newSecret?: () => string;
};

export type SlackWorkspace = {
  /** Listens on 127.0.0.1 and answers with the port; 0 takes a free one. */
  readonly listen: (port?: number) => Promise<number>;
  readonly close: () => Promise<void>;
  /** `http://127.0.0.1:3999`; known once it listens. */
  readonly url: () => string;
  /** `http://127.0.0.1:3999/api/`, for `SLACK_API_URL`. */
  readonly apiUrl: () => string;
  readonly setEventsUrl: (url: string | undefined) => void;
  /** Slack's handshake with a new Request URL: true when the app gave the challenge back. */
  readonly verifyEventsUrl: () => Promise<boolean>;
  /** The same as `POST /page/act`; resolves when the app has answered, or has not in time. */
  readonly act: (action: PageAction) => Promise<PageReply>;
  /** What the member may see. */
  readonly state: (as: string) => PageState;
  /** Resolves with the member's state as soon as `predicate` holds of it; rejects after the wait with `what` was waited for. */
  readonly until: (as: string, what: string, predicate: (state: PageState) => boolean, withinMs?: number) => Promise<PageState>;
  /** Resolves when no request to the app is under way. */
  readonly idle: () => Promise<void>;
  readonly faults: Faults;
  readonly setDeliverTimes: (times: number) => void;
  readonly revokeScope: (scope: string) => void;
  readonly grantScope: (scope: string) => void;
  /** Everything the app asked of the Web API, oldest first. */
  readonly calls: readonly ApiCall[];
  /** Everything that was sent to the app, oldest first. */
  readonly sent: readonly Delivered[];
  /** Every time a message reached everyone. */
  readonly pings: () => readonly Ping[];
  /** Asks an app in Socket Mode to connect anew, as Slack does every so often. */
  readonly refreshSockets: () => void;
  readonly snapshot: () => string;
  readonly restore: (snapshot: string) => void;
};

const HOST = '127.0.0.1';

export const createSlackWorkspace = (options: SlackWorkspaceOptions): SlackWorkspace => {
  const { clock, app, signingSecret, botToken, appToken } = options;
  const wallNow = options.wallNow ?? Date.now;
  const newSecret = options.newSecret ?? randomUUID;
  const store = createStore({ clock, seed: options.seed ?? SHOPLANE, dataFile: options.dataFile });
  const tickets = createTickets(wallNow, newSecret);
  const faults = createFaults(wallNow);
  const sockets = createSocketMode(newSecret);
  const delivery = createDelivery({
    clock,
    sockets,
    signingSecret,
    eventsUrl: app.eventsUrl,
    answerTimeoutMs: options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS,
    retryDelaysMs: EVENT_RETRY_DELAYS_MS,
  });
  const subscribed = new Set(app.events ?? DEFAULT_EVENTS);
  const publish = (event: SlackEvent): void => {
    if (subscribed.has(event.type)) delivery.event(eventCallback(store, event));
  };
  const world: World = { store, publish };
  const scopes = new Set(app.scopes ?? ALL_SCOPES);
  const server = createServer();
  const port = (): number => (server.address() as AddressInfo | null)?.port ?? 0;
  const origin = (): string => `http://${HOST}:${port()}`;
  const context: ApiContext = { ...world, tickets, origin };
  const members: MemberContext = { ...world, tickets, delivery, origin, commands: app.commands, shortcuts: app.shortcuts };
  const api = createApiServer({ context, faults, botToken, appToken, scopes, now: clock.now });
  const state = (as: string): PageState => pageState(store.state, as, app);
  const doAct = (action: PageAction): Promise<PageReply> => act(members, action);
  const parts: Parts = { world, tickets, api, page: { act: doAct, state, store }, port };
  attach(server, parts, (ticket) => tickets.useSocket(ticket), sockets.connect);

  return {
    listen: (wanted = 0) => listen(server, wanted).then(port),
    close: async () => {
      delivery.close();
      sockets.close();
      store.close();
      await stop(server);
    },
    url: origin,
    apiUrl: () => `${origin()}/api/`,
    setEventsUrl: delivery.setEventsUrl,
    verifyEventsUrl: async () => {
      const challenge = newSecret();
      const answer = await delivery.request({ kind: 'events_api', payload: { type: 'url_verification', challenge } });
      return answer.kind === 'answered' && (answer.body as { challenge?: unknown } | undefined)?.challenge === challenge;
    },
    act: doAct,
    state,
    until: (as, what, predicate, withinMs) => waitUntil({ store, read: () => state(as), what, predicate, withinMs }),
    idle: delivery.idle,
    faults,
    setDeliverTimes: delivery.setTimes,
    revokeScope: (scope) => scopes.delete(scope),
    grantScope: (scope) => scopes.add(scope),
    calls: api.calls,
    sent: delivery.sent,
    pings: () => store.state.pings,
    refreshSockets: sockets.refresh,
    snapshot: store.snapshot,
    restore: store.restore,
  };
};

const attach = (
  server: Server,
  parts: Parts,
  takesSocket: (ticket: string) => boolean,
  connect: ReturnType<typeof createSocketMode>['connect'],
): void => {
  server.on('request', (request, response) => {
    serve(request, response, parts).catch((error: unknown) => {
      // A defect of the sandbox, not something Slack would say: it must be seen.
      console.error(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.on('upgrade', (request, stream) => {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    if (url.pathname === '/link/' && takesSocket(url.searchParams.get('ticket') ?? '')) return connect(request, stream);
    stream.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
  });
};

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve();
    });
  });

const stop = (server: Server): Promise<void> =>
  new Promise((resolve, reject) => {
    server.close((error) =>
      error === undefined || (error as NodeJS.ErrnoException).code === 'ERR_SERVER_NOT_RUNNING' ? resolve() : reject(error),
    );
    server.closeAllConnections();
  });
