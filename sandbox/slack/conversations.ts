/** What happens in channels, whoever does it: the Web API, a member on the page, or Slack itself. */
import { characters } from './blocks/rules.ts';
import { blocksTooLong, messageBlockComplaints, withIds } from './blocks/validate.ts';
import { MESSAGE_TEXT_CHARACTERS_MAX } from './limits.ts';
import { massMentions, mentions } from './mentions.ts';
import type { AnyBlock, Channel, Message, MessageMetadata, User, WorkspaceState } from './model.ts';
import { BOT_ID, BOT_USER_ID } from './seed.ts';
import { SlackError } from './slack-error.ts';
import type { Store } from './store.ts';
import { messagePayload } from './web/payloads.ts';

export type SlackEvent = Readonly<Record<string, unknown>> & { readonly type: string };
/** The memory, and the app's ear. */
export type World = { readonly store: Store; readonly publish: (event: SlackEvent) => void };

export type NewMessage = {
  readonly user: string;
  readonly text: string;
  readonly blocks?: readonly AnyBlock[] | undefined;
  readonly threadTs?: string | undefined;
  readonly broadcast?: boolean | undefined;
  readonly subtype?: string | undefined;
  readonly metadata?: MessageMetadata | undefined;
  readonly files?: readonly string[] | undefined;
  readonly ephemeralTo?: string | undefined;
  readonly parseNames?: boolean | undefined;
};
export type MessageChange = {
  readonly text?: string | undefined;
  readonly blocks?: readonly AnyBlock[] | undefined;
  readonly metadata?: MessageMetadata | undefined;
};

export const findUser = (state: WorkspaceState, id: string): User | undefined => state.users.find((user) => user.id === id);
export const findChannel = (state: WorkspaceState, id: string): Channel | undefined =>
  state.channels.find((channel) => channel.id === id);
/** A message that everyone in the channel can see; ephemeral ones have no address. */
export const findMessage = (channel: Channel, ts: string): Message | undefined =>
  channel.messages.find((message) => message.ts === ts && message.ephemeralTo === undefined);

/** An app hears only of conversations that its bot is in. */
export const tellApp = ({ publish }: World, channel: Channel, event: SlackEvent): void => {
  if (channel.members.includes(BOT_USER_ID)) publish(event);
};
const channelType = (channel: Channel): string => (channel.isIm ? 'im' : channel.isPrivate ? 'group' : 'channel');
const payloadOf = ({ store }: World, channel: Channel, message: Message) => messagePayload(message, channel, store.state);

/** Throws what Slack answers to a message that it does not take. */
export const checkMessage = (text: string | undefined, blocks: readonly AnyBlock[] | undefined): void => {
  if (text !== undefined && characters(text) > MESSAGE_TEXT_CHARACTERS_MAX) throw new SlackError('msg_too_long');
  if (blocks === undefined) return;
  const complaints = messageBlockComplaints(blocks);
  if (complaints.length > 0) throw new SlackError('invalid_blocks', { complaints });
  if (blocksTooLong(blocks)) throw new SlackError('msg_blocks_too_long');
};

export const postMessage = (world: World, channel: Channel, draft: NewMessage): Message => {
  const { store } = world;
  const message: Message = {
    ts: store.nextTs(),
    user: draft.user,
    ...(draft.user === BOT_USER_ID && { botId: BOT_ID }),
    text: draft.text,
    blocks: withIds(draft.blocks ?? [], () => store.nextId('b')),
    ...(draft.threadTs !== undefined && { threadTs: draft.threadTs }),
    ...(draft.broadcast === true && { broadcast: true }),
    ...(draft.subtype !== undefined && { subtype: draft.subtype }),
    ...(draft.metadata !== undefined && { metadata: draft.metadata }),
    ...(draft.ephemeralTo !== undefined && { ephemeralTo: draft.ephemeralTo }),
    reactions: [],
    files: [...(draft.files ?? [])],
  };
  channel.messages.push(message);
  channel.readUpTo[draft.user] = message.ts;
  recordPings(world, channel, message, draft.parseNames ?? false);
  store.touch();
  if (draft.ephemeralTo === undefined) announce(world, channel, message);
  return message;
};

const recordPings = ({ store }: World, channel: Channel, message: Message, parseNames: boolean): void => {
  for (const mention of massMentions(message.text, message.blocks, parseNames))
    store.state.pings.push({ channel: channel.id, ts: message.ts, by: message.user, mention });
};

const announce = (world: World, channel: Channel, message: Message): void => {
  const payload = payloadOf(world, channel, message);
  const where = { channel: channel.id, event_ts: message.ts };
  tellApp(world, channel, { ...payload, type: 'message', channel_type: channelType(channel), ...where });
  const byPerson = message.user !== BOT_USER_ID && message.subtype === undefined && !channel.isIm;
  if (byPerson && mentions(message.text, message.blocks, BOT_USER_ID))
    tellApp(world, channel, { ...payload, type: 'app_mention', ...where });
};

export const editMessage = (world: World, channel: Channel, message: Message, change: MessageChange): void => {
  const { store } = world;
  const previous = payloadOf(world, channel, message);
  if (change.text !== undefined) message.text = change.text;
  // Text without blocks replaces them, and only then is the message marked as edited:
  // https://docs.slack.dev/reference/methods/chat.update
  if (change.blocks !== undefined) message.blocks = withIds(change.blocks, () => store.nextId('b'));
  else if (change.text !== undefined) {
    message.blocks = [];
    message.edited = { user: message.user, ts: store.nextTs() };
  }
  if (change.metadata !== undefined) message.metadata = change.metadata;
  recordPings(world, channel, message, false);
  store.touch();
  if (message.ephemeralTo === undefined)
    tellApp(world, channel, {
      ...hiddenEvent(world, channel, 'message_changed'),
      message: payloadOf(world, channel, message),
      previous_message: previous,
    });
};

export const removeMessage = (world: World, channel: Channel, message: Message): void => {
  const previous = payloadOf(world, channel, message);
  channel.messages = channel.messages.filter((each) => each !== message);
  channel.pins = channel.pins.filter((pin) => pin.ts !== message.ts);
  world.store.touch();
  if (message.ephemeralTo === undefined)
    tellApp(world, channel, {
      ...hiddenEvent(world, channel, 'message_deleted'),
      deleted_ts: message.ts,
      previous_message: previous,
    });
};

const hiddenEvent = ({ store }: World, channel: Channel, subtype: string): SlackEvent => {
  const ts = store.nextTs();
  return { type: 'message', subtype, hidden: true, channel: channel.id, channel_type: channelType(channel), ts, event_ts: ts };
};

export const joinChannel = (world: World, channel: Channel, user: string, inviter?: string): void => {
  if (channel.members.includes(user)) return;
  channel.members.push(user);
  postMessage(world, channel, { user, text: `<@${user}> has joined the channel`, subtype: 'channel_join' });
  tellApp(world, channel, {
    type: 'member_joined_channel',
    user,
    channel: channel.id,
    channel_type: channel.isPrivate ? 'G' : 'C',
    team: world.store.state.team.id,
    ...(inviter !== undefined && { inviter }),
    event_ts: world.store.nextTs(),
  });
};

export const leaveChannel = (world: World, channel: Channel, user: string): void => {
  channel.members = channel.members.filter((member) => member !== user);
  postMessage(world, channel, { user, text: `<@${user}> has left the channel`, subtype: 'channel_leave' });
};

export const addReaction = (world: World, channel: Channel, message: Message, user: string, name: string): void => {
  const known = message.reactions.find((reaction) => reaction.name === name);
  if (known) known.users.push(user);
  else message.reactions.push({ name, users: [user] });
  tellOfReaction(world, channel, message, 'reaction_added', user, name);
};

export const removeReaction = (world: World, channel: Channel, message: Message, user: string, name: string): void => {
  for (const reaction of message.reactions)
    if (reaction.name === name) reaction.users = reaction.users.filter((each) => each !== user);
  message.reactions = message.reactions.filter((reaction) => reaction.users.length > 0);
  tellOfReaction(world, channel, message, 'reaction_removed', user, name);
};

const tellOfReaction = (world: World, channel: Channel, message: Message, type: string, user: string, name: string): void => {
  world.store.touch();
  tellApp(world, channel, {
    type,
    user,
    reaction: name,
    item: { type: 'message', channel: channel.id, ts: message.ts },
    item_user: message.user,
    event_ts: world.store.nextTs(),
  });
};

/** The conversation between a member and the bot; there is one, and it is made when it is first needed. */
export const directMessages = ({ store }: World, user: string): Channel => {
  const known = store.state.channels.find((channel) => channel.isIm && channel.members.includes(user));
  if (known) return known;
  const channel = newChannel(store, {
    id: store.nextId('D'),
    name: '',
    isIm: true,
    isPrivate: false,
    members: [user, BOT_USER_ID],
  });
  store.state.channels.push(channel);
  store.touch();
  return channel;
};

export const newChannel = (
  store: Store,
  start: Pick<Channel, 'id' | 'name' | 'isIm' | 'isPrivate'> & { readonly members: readonly string[] },
): Channel => ({
  ...start,
  members: [...start.members],
  archived: false,
  created: store.nowSeconds(),
  creator: BOT_USER_ID,
  topic: { value: '', creator: '', last_set: 0 },
  purpose: { value: '', creator: '', last_set: 0 },
  pins: [],
  bookmarks: [],
  messages: [],
  readUpTo: {},
});
