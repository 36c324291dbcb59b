/** A workspace on a free port, a WebClient that talks to it, and, where a test wants one, a real Bolt app at the other end. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import { createSlackWorkspace, type SlackWorkspace, type SlackWorkspaceOptions } from '../../../sandbox/slack/workspace.ts';
import { createManualClock } from '../../../src/adapters/clock.ts';

export const SIGNING_SECRET = 'signing-secret-of-the-tests';
export const BOT_TOKEN = 'xoxb-of-the-tests';
export const APP_TOKEN = 'xapp-of-the-tests';
export const COMMAND = { command: '/incident', description: 'Incidents', usageHint: 'start sev2 what is broken' };

type Overrides = Partial<Omit<SlackWorkspaceOptions, 'app'>> & { readonly app?: Partial<SlackWorkspaceOptions['app']> };

export const startWorkspace = async (overrides: Overrides = {}) => {
  const clock = createManualClock();
  const workspace = createSlackWorkspace({
    clock,
    signingSecret: SIGNING_SECRET,
    botToken: BOT_TOKEN,
    appToken: APP_TOKEN,
    ...overrides,
    app: {
      commands: [COMMAND],
      shortcuts: [
        { callbackId: 'keep', name: 'Add to timeline', type: 'message' },
        { callbackId: 'declare', name: 'Declare an incident', type: 'global' },
      ],
      ...overrides.app,
    },
  });
  await workspace.listen();
  onTestFinished(() => workspace.close());
  return { workspace, clock, client: webClient(workspace) };
};

/** One try only, unless a test is about trying again. */
export const webClient = (workspace: SlackWorkspace, options: WebClientOptions = {}): WebClient =>
  new WebClient(BOT_TOKEN, {
    slackApiUrl: workspace.apiUrl(),
    retryConfig: { retries: 0 },
    logLevel: LogLevel.ERROR,
    logger: silent,
    ...options,
  });

const nothing = (): void => undefined;
const silent = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => LogLevel.ERROR,
  setName: nothing,
};

/** An unmodified Bolt app that receives signed HTTP requests; `listen` registers its listeners before it starts. */
export const startApp = async (workspace: SlackWorkspace, listen: (app: App) => void): Promise<App> => {
  const receiver = new HTTPReceiver({ signingSecret: SIGNING_SECRET, logger: silent });
  const app = new App({
    token: BOT_TOKEN,
    receiver,
    logger: silent,
    clientOptions: { slackApiUrl: workspace.apiUrl(), retryConfig: { retries: 0 } },
  });
  listen(app);
  const server = (await app.start({ port: 0, host: '127.0.0.1' })) as { address(): AddressInfo | null };
  onTestFinished(async () => {
    await app.stop();
  });
  workspace.setEventsUrl(`http://127.0.0.1:${server.address()?.port}/slack/events`);
  return app;
};

export const startSocketApp = async (workspace: SlackWorkspace, listen: (app: App) => void): Promise<App> => {
  const clientOptions = { slackApiUrl: workspace.apiUrl() };
  const receiver = new SocketModeReceiver({
    appToken: APP_TOKEN,
    logger: silent,
    installerOptions: { clientOptions },
    // Also how long it waits before it comes again after a refresh.
    clientPingTimeout: 100,
  });
  const app = new App({ token: BOT_TOKEN, receiver, logger: silent, clientOptions });
  listen(app);
  await app.start();
  onTestFinished(async () => {
    await app.stop();
  });
  return app;
};

export type RawRequest = { readonly headers: IncomingHttpHeaders; readonly body: string };

/** No Bolt in between: what arrives, byte for byte, answered with the status that `answer` gives. */
export const startRawApp = async (workspace: SlackWorkspace, answer: (request: RawRequest) => number): Promise<void> => {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    response.writeHead(answer({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') })).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  workspace.setEventsUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
};

/** The error's name as Slack gave it, with the sentences that came along. */
export const slackError = async (call: Promise<unknown>): Promise<{ error: string; messages: readonly string[] }> => {
  try {
    await call;
  } catch (error) {
    const { data } = error as { data?: { error: string; response_metadata?: { messages?: string[] } } };
    if (data === undefined) throw error;
    return { error: data.error, messages: data.response_metadata?.messages ?? [] };
  }
  throw new Error('The call was expected to fail, and did not.');
};

export const command = (text: string, as = 'U0ANA', channel = 'C0SHOP') =>
  ({ do: 'command', as, channel, command: '/incident', text }) as const;

export const lastMessage = (workspace: SlackWorkspace, as: string, channel: string) =>
  workspace
    .state(as)
    .channels.find(({ id }) => id === channel)
    ?.messages.at(-1);
