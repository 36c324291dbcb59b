/** What is put on a channel or a message: bookmarks, pins, reactions. */
import { z } from 'zod';
import { addReaction, removeReaction } from '../conversations.ts';
import { CHANNEL_BOOKMARKS_MAX } from '../limits.ts';
import type { Bookmark, Channel } from '../model.ts';
import { BOT_USER_ID } from '../seed.ts';
import { SlackError } from '../slack-error.ts';
import { bookmarkPayload, messagePayload } from '../web/payloads.ts';
import { joinedChannel, messageOf, openChannel } from './find.ts';
import { defineMethod, type Method } from './method.ts';

const bookmarkOf = (channel: Channel, id: string): Bookmark => {
  const bookmark = channel.bookmarks.find((each) => each.id === id);
  if (bookmark === undefined) throw new SlackError('not_found');
  return bookmark;
};
const checkLink = (link: string): string => {
  if (!/^https?:\/\/\S+$/.test(link)) throw new SlackError('invalid_link');
  return link;
};

const addBookmark = defineMethod({
  scopes: ['bookmarks:write'],
  tier: 2,
  args: z.object({
    channel_id: z.string(),
    title: z.string().min(1),
    type: z.literal('link'),
    link: z.string().default(''),
    emoji: z.string().default(''),
  }),
  run: (args, { store }) => {
    const channel = openChannel(store.state, args.channel_id);
    if (channel.bookmarks.length >= CHANNEL_BOOKMARKS_MAX) throw new SlackError('too_many_bookmarks');
    const now = store.nowSeconds();
    const bookmark: Bookmark = {
      id: store.nextId('Bk'),
      title: args.title,
      link: checkLink(args.link),
      emoji: args.emoji,
      dateCreated: now,
      dateUpdated: now,
      updatedBy: BOT_USER_ID,
    };
    channel.bookmarks.push(bookmark);
    store.touch();
    return { bookmark: bookmarkPayload(bookmark, channel.id) };
  },
});

const editBookmark = defineMethod({
  scopes: ['bookmarks:write'],
  tier: 2,
  args: z.object({
    channel_id: z.string(),
    bookmark_id: z.string(),
    title: z.string().min(1).optional(),
    link: z.string().optional(),
    emoji: z.string().optional(),
  }),
  run: (args, { store }) => {
    const channel = openChannel(store.state, args.channel_id);
    const bookmark = bookmarkOf(channel, args.bookmark_id);
    if (args.link !== undefined) bookmark.link = checkLink(args.link);
    bookmark.title = args.title ?? bookmark.title;
    bookmark.emoji = args.emoji ?? bookmark.emoji;
    bookmark.dateUpdated = store.nowSeconds();
    store.touch();
    return { bookmark: bookmarkPayload(bookmark, channel.id) };
  },
});

const listBookmarks = defineMethod({
  scopes: ['bookmarks:read', 'bookmarks:write'],
  args: z.object({ channel_id: z.string() }),
  run: (args, { store }) => {
    const channel = joinedChannel(store.state, args.channel_id);
    return { bookmarks: channel.bookmarks.map((bookmark) => bookmarkPayload(bookmark, channel.id)) };
  },
});

const removeBookmark = defineMethod({
  scopes: ['bookmarks:write'],
  tier: 2,
  args: z.object({ channel_id: z.string(), bookmark_id: z.string() }),
  run: (args, { store }) => {
    const channel = openChannel(store.state, args.channel_id);
    const gone = bookmarkOf(channel, args.bookmark_id);
    channel.bookmarks = channel.bookmarks.filter((bookmark) => bookmark !== gone);
    store.touch();
    return {};
  },
});

const onMessage = z.object({ channel: z.string(), timestamp: z.string() });

const addPin = defineMethod({
  scopes: ['pins:write'],
  tier: 2,
  args: onMessage,
  run: (args, { store }) => {
    const channel = openChannel(store.state, args.channel);
    const { ts } = messageOf(channel, args.timestamp);
    if (channel.pins.some((pin) => pin.ts === ts)) throw new SlackError('already_pinned');
    channel.pins.push({ ts, createdBy: BOT_USER_ID, created: store.nowSeconds() });
    store.touch();
    return {};
  },
});

const removePin = defineMethod({
  scopes: ['pins:write'],
  tier: 2,
  args: onMessage,
  run: (args, { store }) => {
    const channel = openChannel(store.state, args.channel);
    const { ts } = messageOf(channel, args.timestamp);
    if (!channel.pins.some((pin) => pin.ts === ts)) throw new SlackError('no_pin');
    channel.pins = channel.pins.filter((pin) => pin.ts !== ts);
    store.touch();
    return {};
  },
});

const listPins = defineMethod({
  scopes: ['pins:read'],
  tier: 2,
  args: z.object({ channel: z.string() }),
  run: (args, { store }) => {
    const channel = joinedChannel(store.state, args.channel);
    return {
      items: channel.pins.map((pin) => ({
        type: 'message',
        channel: channel.id,
        created: pin.created,
        created_by: pin.createdBy,
        message: messagePayload(messageOf(channel, pin.ts), channel, store.state),
      })),
    };
  },
});

const named = onMessage.extend({ name: z.string() });
const EMOJI_NAME = /^[a-z0-9_+'-]+(?:::skin-tone-[2-6])?$/;

const react = defineMethod({
  scopes: ['reactions:write'],
  args: named,
  run: (args, context) => {
    const channel = openChannel(context.store.state, args.channel);
    const message = messageOf(channel, args.timestamp);
    if (!EMOJI_NAME.test(args.name)) throw new SlackError('invalid_name');
    const known = message.reactions.find((reaction) => reaction.name === args.name);
    if (known?.users.includes(BOT_USER_ID)) throw new SlackError('already_reacted');
    addReaction(context, channel, message, BOT_USER_ID, args.name);
    return {};
  },
});

const unreact = defineMethod({
  scopes: ['reactions:write'],
  tier: 2,
  args: named,
  run: (args, context) => {
    const channel = openChannel(context.store.state, args.channel);
    const message = messageOf(channel, args.timestamp);
    const known = message.reactions.find((reaction) => reaction.name === args.name);
    if (!known?.users.includes(BOT_USER_ID)) throw new SlackError('no_reaction');
    removeReaction(context, channel, message, BOT_USER_ID, args.name);
    return {};
  },
});

const getReactions = defineMethod({
  scopes: ['reactions:read'],
  args: onMessage,
  run: (args, { store }) => {
    const channel = joinedChannel(store.state, args.channel);
    const message = messageOf(channel, args.timestamp);
    return { type: 'message', channel: channel.id, message: messagePayload(message, channel, store.state) };
  },
});

export const markMethods: Readonly<Record<string, Method>> = {
  'bookmarks.add': addBookmark,
  'bookmarks.edit': editBookmark,
  'bookmarks.list': listBookmarks,
  'bookmarks.remove': removeBookmark,
  'pins.add': addPin,
  'pins.list': listPins,
  'pins.remove': removePin,
  'reactions.add': react,
  'reactions.get': getReactions,
  'reactions.remove': unreact,
};
