/** Looking things up for the bot, with Slack's words for what is not there. */
import { directMessages, findChannel, findMessage, findUser, type World } from '../conversations.ts';
import type { Channel, Message, User, WorkspaceState } from '../model.ts';
import { BOT_USER_ID } from '../seed.ts';
import { SlackError } from '../slack-error.ts';

const visibleToBot = (channel: Channel): boolean =>
  (!channel.isPrivate && !channel.isIm) || channel.members.includes(BOT_USER_ID);

export const channelOf = (state: WorkspaceState, id: string): Channel => {
  const channel = findChannel(state, id);
  if (channel === undefined || !visibleToBot(channel)) throw new SlackError('channel_not_found');
  return channel;
};

/** A channel that the bot is in. */
export const joinedChannel = (state: WorkspaceState, id: string): Channel => {
  const channel = channelOf(state, id);
  if (!channel.members.includes(BOT_USER_ID)) throw new SlackError('not_in_channel');
  return channel;
};

/** A channel that the bot is in and that still takes changes. */
export const openChannel = (state: WorkspaceState, id: string): Channel => {
  const channel = joinedChannel(state, id);
  if (channel.archived) throw new SlackError('is_archived');
  return channel;
};

/** Where `chat.postMessage` may go: a channel by id or name, or a member's direct messages by user id. */
export const postingPlace = (world: World, address: string): Channel => {
  const { state } = world.store;
  if (findUser(state, address)) return directMessages(world, address);
  const name = address.replace(/^#/, '');
  const channel = state.channels.find((each) => each.id === address || (!each.isIm && each.name === name));
  if (channel === undefined || !visibleToBot(channel)) throw new SlackError('channel_not_found');
  if (channel.archived) throw new SlackError('is_archived');
  if (!channel.members.includes(BOT_USER_ID)) throw new SlackError('not_in_channel');
  return channel;
};

export const messageOf = (channel: Channel, ts: string, error = 'message_not_found'): Message => {
  const message = findMessage(channel, ts);
  if (message === undefined) throw new SlackError(error);
  return message;
};

export const userOf = (state: WorkspaceState, id: string): User => {
  const user = findUser(state, id);
  if (user === undefined) throw new SlackError('user_not_found');
  return user;
};
