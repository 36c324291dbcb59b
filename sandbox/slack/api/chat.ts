/** https://docs.slack.dev/reference/methods/chat.postMessage and its siblings. */
import { z } from 'zod';
import { checkMessage, editMessage, findUser, postMessage, removeMessage } from '../conversations.ts';
import { METADATA_BYTES_MAX } from '../limits.ts';
import type { AnyBlock, Channel, Message, MessageMetadata } from '../model.ts';
import { BOT_USER_ID } from '../seed.ts';
import { SlackError } from '../slack-error.ts';
import { messagePayload } from '../web/payloads.ts';
import { channelOf, messageOf, openChannel, postingPlace } from './find.ts';
import { type ApiContext, blocks, boolean, defineMethod, json, type Method } from './method.ts';

const WRITE = ['chat:write'];
const metadata = json(
  z.object({ event_type: z.string().optional(), event_payload: z.record(z.string(), z.unknown()).optional() }),
);
const content = z.object({
  channel: z.string(),
  text: z.string().optional(),
  markdown_text: z.string().optional(),
  blocks: blocks.optional(),
  thread_ts: z.string().optional(),
  parse: z.string().optional(),
  link_names: boolean.optional(),
});
type Content = z.output<typeof content>;

const blocksOf = (args: Content): readonly AnyBlock[] | undefined => {
  if (args.markdown_text !== undefined) {
    if (args.text !== undefined || args.blocks !== undefined) throw new SlackError('markdown_text_conflict');
    return [{ type: 'markdown', text: args.markdown_text }];
  }
  return args.blocks as readonly AnyBlock[] | undefined;
};

const checked = (args: Content): { readonly text: string; readonly blocks: readonly AnyBlock[] } => {
  const found = blocksOf(args);
  checkMessage(args.text, found);
  if ((args.text ?? '') === '' && (found ?? []).length === 0) throw new SlackError('no_text');
  return { text: args.text ?? '', blocks: found ?? [] };
};

/** Slack takes a reply's `ts` too, but warns of it; here it is refused, so that nobody leans on it. */
const threadOf = (channel: Channel, ts: string | undefined): string | undefined => {
  if (ts === undefined) return undefined;
  if (messageOf(channel, ts, 'thread_not_found').threadTs !== undefined) throw new SlackError('cannot_reply_to_message');
  return ts;
};

const checkMetadata = (value: z.output<typeof metadata> | undefined): MessageMetadata | undefined => {
  if (value === undefined) return undefined;
  if (value.event_type === undefined || value.event_payload === undefined) throw new SlackError('invalid_metadata_format');
  if (Buffer.byteLength(JSON.stringify(value)) > METADATA_BYTES_MAX) throw new SlackError('metadata_too_large');
  return { event_type: value.event_type, event_payload: value.event_payload };
};

const parsesNames = (args: Content): boolean => args.link_names === true || args.parse === 'full';

const posted = (channel: Channel, message: Message, { store }: ApiContext) => ({
  channel: channel.id,
  ts: message.ts,
  message: {
    ...messagePayload(message, channel, store.state),
    ...(message.metadata !== undefined && { metadata: message.metadata }),
  },
});

const post = defineMethod({
  scopes: WRITE,
  tier: 4,
  args: content.extend({ reply_broadcast: boolean.default(false), metadata: metadata.optional() }),
  run: (args, context) => {
    const channel = postingPlace(context, args.channel);
    const message = postMessage(context, channel, {
      ...checked(args),
      user: BOT_USER_ID,
      threadTs: threadOf(channel, args.thread_ts),
      broadcast: args.reply_broadcast,
      metadata: checkMetadata(args.metadata),
      parseNames: parsesNames(args),
    });
    return posted(channel, message, context);
  },
});

const postEphemeral = defineMethod({
  scopes: WRITE,
  tier: 4,
  args: content.extend({ user: z.string() }),
  run: (args, context) => {
    const channel = postingPlace(context, args.channel);
    if (!findUser(context.store.state, args.user) || !channel.members.includes(args.user))
      throw new SlackError('user_not_in_channel');
    const message = postMessage(context, channel, {
      ...checked(args),
      user: BOT_USER_ID,
      threadTs: threadOf(channel, args.thread_ts),
      ephemeralTo: args.user,
    });
    return { message_ts: message.ts };
  },
});

const ownMessage = (channel: Channel, ts: string, error: string): Message => {
  const message = messageOf(channel, ts);
  if (message.user !== BOT_USER_ID || message.subtype !== undefined) throw new SlackError(error);
  return message;
};

const update = defineMethod({
  scopes: WRITE,
  args: content.extend({ ts: z.string(), metadata: metadata.optional() }),
  run: (args, context) => {
    const channel = openChannel(context.store.state, args.channel);
    const message = ownMessage(channel, args.ts, 'cant_update_message');
    const changed = blocksOf(args);
    checkMessage(args.text, changed);
    if (args.text === undefined && changed === undefined) throw new SlackError('no_text');
    if (args.text === '' && (changed ?? []).length === 0) throw new SlackError('no_text');
    editMessage(context, channel, message, { text: args.text, blocks: changed, metadata: checkMetadata(args.metadata) });
    return { ...posted(channel, message, context), text: message.text };
  },
});

const remove = defineMethod({
  scopes: WRITE,
  args: z.object({ channel: z.string(), ts: z.string() }),
  run: (args, context) => {
    const channel = openChannel(context.store.state, args.channel);
    removeMessage(context, channel, ownMessage(channel, args.ts, 'cant_delete_message'));
    return { channel: channel.id, ts: args.ts };
  },
});

const getPermalink = defineMethod({
  tier: 4,
  args: z.object({ channel: z.string(), message_ts: z.string() }),
  run: (args, { store, origin }) => {
    const channel = channelOf(store.state, args.channel);
    const { ts, threadTs } = messageOf(channel, args.message_ts);
    const thread = threadTs === undefined ? '' : `?thread_ts=${threadTs}&cid=${channel.id}`;
    return { channel: channel.id, permalink: `${origin()}/archives/${channel.id}/p${ts.replace('.', '')}${thread}` };
  },
});

export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.delete': remove,
  'chat.getPermalink': getPermalink,
  'chat.postEphemeral': postEphemeral,
  'chat.postMessage': post,
  'chat.update': update,
};
