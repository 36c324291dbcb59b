import { z } from 'zod';
import type { Chat, ChatMessage, ChatResult, MessageMark, PostedMessage } from '../../ports.ts';
import { asResult, type Called, type Caller, settled, withValue } from './call.ts';

/** https://docs.slack.dev/messaging/message-metadata */
const MARK_EVENT = 'firebreak_message';
/** How far back a message is looked for: what was lost is near the end. */
const PAGES_MAX = 5;
const PAGE_MESSAGES = 100;
/** Posts of one message: the first, and after a lost answer that left no message. */
const POSTS_MAX = 3;
/** Slack may still be at it when we stop waiting. */
const SETTLE_MS = 1_000;

const posted = z.object({ channel: z.string(), ts: z.string() });
const nothing = z.object({});
const history = z.object({
  messages: z.array(
    z.looseObject({
      ts: z.string(),
      user: z.string().optional(),
      metadata: z.looseObject({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }).optional(),
    }),
  ),
  response_metadata: z.object({ next_cursor: z.string().default('') }).optional(),
});

type Messages = Pick<Chat, 'post' | 'findMarked' | 'update' | 'pin' | 'tell' | 'directMessage' | 'permalink'>;
type Options = {
  readonly resolve: (address: string) => Promise<ChatResult<string>>;
  readonly wait: (milliseconds: number) => Promise<void>;
};

export const createMessages = ({ call }: Caller, { resolve, wait }: Options): Messages => {
  const findIn = async (channel: string, mark: MessageMark): Promise<Called<PostedMessage | undefined>> => {
    let cursor = '';
    for (let pages = 0; pages < PAGES_MAX; pages++) {
      const args = { channel, limit: PAGE_MESSAGES, include_all_metadata: true, ...(cursor !== '' && { cursor }) };
      const page = await call('conversations.history', args, history, { again: true });
      if (!page.ok) return page;
      const found = page.value.messages.find(({ metadata }) => isMarked(metadata, mark));
      if (found !== undefined) return { ok: true, value: { channelId: channel, ts: found.ts } };
      cursor = page.value.response_metadata?.next_cursor ?? '';
      if (cursor === '') break;
    }
    return { ok: true, value: undefined };
  };

  /** Never sent again blindly: after a lost answer the message is looked for by its mark first. */
  const post = async (
    channel: string,
    message: ChatMessage,
    { threadTs, mark }: { readonly threadTs?: string; readonly mark?: MessageMark },
  ): Promise<Called<PostedMessage>> => {
    const args = {
      channel,
      ...content(message),
      unfurl_links: false,
      unfurl_media: false,
      ...(threadTs !== undefined && { thread_ts: threadTs }),
      ...(mark !== undefined && { metadata: { event_type: MARK_EVENT, event_payload: { ...mark } } }),
    };
    for (let posts = 1; ; posts++) {
      const answer = await call('chat.postMessage', args, posted);
      if (answer.ok) return { ok: true, value: { channelId: answer.value.channel, ts: answer.value.ts } };
      if (answer.kind !== 'lost' || mark === undefined || posts === POSTS_MAX) return answer;
      await wait(SETTLE_MS);
      // What is in a thread is not in the channel's history: better missing than twice.
      const found = threadTs === undefined ? await findIn(channel, mark) : answer;
      if (!found.ok) return answer;
      if (found.value !== undefined) return { ok: true, value: found.value };
    }
  };

  const directMessage = async (userId: string, message: ChatMessage): Promise<ChatResult<void>> =>
    withValue(await post(userId, message, {}), undefined);

  return {
    post: async (address, message, options = {}) => {
      const channel = await resolve(address);
      return channel.ok ? asResult(await post(channel.value, message, options)) : channel;
    },

    findMarked: async (address, mark) => {
      const channel = await resolve(address);
      return channel.ok ? asResult(await findIn(channel.value, mark)) : channel;
    },

    update: async ({ channelId, ts }, { text, blocks }) =>
      withValue(await call('chat.update', { channel: channelId, ts, text, blocks }, nothing, { again: true }), undefined),

    pin: async ({ channelId, ts }) =>
      settled(await call('pins.add', { channel: channelId, timestamp: ts }, nothing, { again: true }), ['already_pinned']),

    tell: async (channel, user, message, { threadTs } = {}) => {
      const args = { channel, user, ...content(message), ...(threadTs !== undefined && { thread_ts: threadTs }) };
      const told = channel === '' ? NOWHERE : await call('chat.postEphemeral', args, nothing);
      // Where they are not, or the bot is not, they are told directly.
      return !told.ok && ELSEWHERE.has(told.error) ? directMessage(user, message) : withValue(told, undefined);
    },

    directMessage,

    permalink: async ({ channelId, ts }) => {
      const args = { channel: channelId, message_ts: ts };
      const link = await call('chat.getPermalink', args, z.object({ permalink: z.string() }), { again: true });
      return link.ok ? { ok: true, value: link.value.permalink } : asResult(link);
    },
  };
};

const ELSEWHERE: ReadonlySet<string> = new Set(['user_not_in_channel', 'not_in_channel', 'channel_not_found', 'is_archived']);
const NOWHERE: Called<never> = { ok: false, kind: 'refused', error: 'channel_not_found', why: 'No channel was named.' };

const content = ({ text, blocks }: ChatMessage) => ({ text, ...(blocks.length > 0 && { blocks }) });

const isMarked = (
  metadata: { readonly event_type: string; readonly event_payload: Readonly<Record<string, unknown>> } | undefined,
  { incident, slot }: MessageMark,
): boolean =>
  metadata?.event_type === MARK_EVENT &&
  metadata.event_payload['incident'] === incident &&
  metadata.event_payload['slot'] === slot;
