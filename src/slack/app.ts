import { App, type Receiver, type RespondFn } from '@slack/bolt';
import type { WebClient, WebClientOptions } from '@slack/web-api';
import type { ChatMessage } from '../ports.ts';
import { boltLogger } from './bolt-logger.ts';
import { type Answers, createDesk, type Desk, type DeskDeps, triggerExpired } from './desk.ts';
import { keepMessage, reportMessage, takeClick, takeCommand, takeSubmission } from './front-desk.ts';
import { SHORTCUTS } from './ids.ts';
import { blockActions, globalShortcut, messageShortcut, reactionAdded, slashCommand, viewSubmission } from './payloads.ts';
import { declareModal } from './views/declare.ts';
import { told } from './views/told.ts';
import { sentence, wordsOf } from './words.ts';

export type SlackAppDeps = DeskDeps & {
  readonly receiver: Receiver;
  readonly config: DeskDeps['config'] & {
    readonly token: string;
    /** Known, the bot's own reactions are not answered. */
    readonly botId?: string | undefined;
    readonly botUserId?: string | undefined;
    readonly slackApiUrl?: string | undefined;
  };
};

/** One try, and short: whoever clicked is waiting, and the trigger is used up either way. */
const CALL_TIMEOUT_MS = 1_400;
const PUSHPINS: ReadonlySet<string> = new Set(['pushpin', 'round_pushpin']);

/**
 * The Bolt app, whatever carries its requests.
 *
 * Everything is acknowledged when its work is stored, not before: what the process lost between the two, Slack would have
 * been told was taken. The bounds of the desk keep that within Slack's three seconds; a request that comes again has the
 * same id. Only events are acknowledged first, by Bolt.
 */
export const createSlackApp = (deps: SlackAppDeps): App => {
  const { token, botId, botUserId, slackApiUrl, commandName } = deps.config;
  const clientOptions: WebClientOptions = {
    timeout: CALL_TIMEOUT_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    ...(slackApiUrl !== undefined && { slackApiUrl }),
  };
  const app = new App({
    receiver: deps.receiver,
    logger: boltLogger(deps.logger),
    clientOptions,
    // Given a token, Bolt asks Slack who it is while it starts, or at every event: a slow Slack would be a failed start.
    authorize: async () => ({
      botToken: token,
      ...(botId !== undefined && { botId }),
      ...(botUserId !== undefined && { botUserId }),
    }),
  });
  const desk = createDesk(deps);
  listenToCommands(app, desk, commandName);
  listenToClicks(app, desk);
  listenToShortcuts(app, desk, deps);
  app.error(async (error) => deps.logger.error({ err: error }, 'A request from Slack was not handled.'));
  return app;
};

const listenToCommands = (app: App, desk: Desk, commandName: string): void => {
  app.command(commandName, async ({ body, client, respond, ack }) => {
    const command = slashCommand.parse(body);
    const message = await takeCommand(desk, command, answersOf(client, command.trigger_id, respond));
    await (message === undefined ? ack() : ack({ response_type: 'ephemeral', ...content(message) }));
  });
};

const listenToClicks = (app: App, desk: Desk): void => {
  app.action(/.*/, async ({ body, client, respond, ack }) => {
    const click = blockActions.parse(body);
    await takeClick(desk, click, answersOf(client, click.trigger_id, respond));
    await ack();
  });
  app.view({ type: 'view_submission', callback_id: /.*/ }, async ({ body, ack }) => {
    const answer = await takeSubmission(desk, viewSubmission.parse(body));
    await (answer === undefined ? ack() : ack(answer));
  });
};

const listenToShortcuts = (app: App, desk: Desk, { catalogue }: SlackAppDeps): void => {
  app.shortcut(SHORTCUTS.declare, async ({ shortcut, client, ack }) => {
    const { trigger_id } = globalShortcut.parse(shortcut);
    await openModal(client, trigger_id, declareModal(catalogue, {}));
    await ack();
  });
  app.shortcut({ callback_id: SHORTCUTS.keepMessage, type: 'message_action' }, async ({ shortcut, client, ack, respond }) => {
    const { user, channel, message, response_url } = messageShortcut.parse(shortcut);
    const tell = tellBy(respond);
    try {
      const kept = await keepMessage(desk, {
        channelId: channel.id,
        ts: message.ts,
        keptBy: user.id,
        reply: { channelId: channel.id, userId: user.id, responseUrl: response_url },
        look: async () => ({
          text: sentence(wordsOf(message.text)),
          saidBy: message.user,
          link: await permalink(client, channel.id, message.ts),
        }),
      });
      await tell(told(kept ? 'Kept in the timeline.' : 'This is not the channel of an incident.'));
    } catch (error) {
      await tell(desk.apologise(error, { shortcut: SHORTCUTS.keepMessage }));
    }
    await ack();
  });
  app.shortcut({ callback_id: SHORTCUTS.reportSymptom, type: 'message_action' }, async ({ shortcut, ack, respond }) => {
    const { user, channel, message, response_url } = messageShortcut.parse(shortcut);
    const tell = tellBy(respond);
    try {
      const taken = await reportMessage(desk, {
        channelId: channel.id,
        ts: message.ts,
        text: wordsOf(message.text).join(' '),
        by: user.id,
        reply: { channelId: channel.id, userId: user.id, responseUrl: response_url },
      });
      if (!taken) await tell(told('There is no text in it, or this is not the channel of an incident.'));
    } catch (error) {
      await tell(desk.apologise(error, { shortcut: SHORTCUTS.reportSymptom }));
    }
    await ack();
  });
  app.event('reaction_added', async ({ event, client }) => {
    const { reaction, user, item } = reactionAdded.parse(event);
    const { type, channel, ts } = item;
    if (!PUSHPINS.has(reaction) || type !== 'message' || channel === undefined || ts === undefined) return;
    try {
      const look = async () => ({ ...(await messageAt(client, channel, ts)), link: await permalink(client, channel, ts) });
      await keepMessage(desk, { channelId: channel, ts, keptBy: user, look });
    } catch (error) {
      desk.apologise(error, { event: 'reaction_added' });
    }
  });
};

const content = ({ text, blocks }: ChatMessage) => ({ text, blocks: [...blocks] });

const tellBy =
  (respond: RespondFn) =>
  async (message: ChatMessage): Promise<void> => {
    await respond({ response_type: 'ephemeral', replace_original: false, ...content(message) });
  };

const answersOf = (client: WebClient, triggerId: string, respond: RespondFn | undefined): Answers => ({
  open: (view) => openModal(client, triggerId, view),
  replace: async (view_id, view) => {
    await client.views.update({ view_id, view });
  },
  tell: async (message) => {
    if (respond !== undefined) await tellBy(respond)(message);
  },
});

/** A trigger opens one modal: that another delivery of the same request was faster is no failure. */
const openModal = async (
  client: WebClient,
  trigger_id: string,
  view: Parameters<Answers['open']>[0],
): Promise<string | undefined> => {
  try {
    return (await client.views.open({ trigger_id, view })).view?.id;
  } catch (error) {
    const word = slackWord(error);
    if (word === 'exchanged_trigger_id') return undefined;
    throw word === undefined || word === 'expired_trigger_id' ? triggerExpired(error) : error;
  }
};

/** Slack's word for what it refused; undefined when it did not answer. */
const slackWord = (error: unknown): string | undefined => (error as { data?: { error?: string } }).data?.error;

/** Nice to have: without it the note is kept all the same. */
const permalink = async (client: WebClient, channel: string, message_ts: string): Promise<string | undefined> => {
  try {
    return (await client.chat.getPermalink({ channel, message_ts })).permalink;
  } catch {
    return undefined;
  }
};

const messageAt = async (
  client: WebClient,
  channel: string,
  ts: string,
): Promise<{ readonly text: string; readonly saidBy?: string | undefined }> => {
  const range = { channel, latest: ts, oldest: ts, inclusive: true, limit: 1 };
  const found = (await client.conversations.history(range)).messages ?? [];
  // A reply is not in the channel's history: its thread has it.
  const all = found.length > 0 ? found : ((await client.conversations.replies({ ...range, ts })).messages ?? []);
  const message = all.find((each) => each.ts === ts);
  return { text: sentence(wordsOf(message?.text ?? '')), saidBy: message?.user };
};
