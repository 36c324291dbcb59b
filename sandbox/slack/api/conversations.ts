/** https://docs.slack.dev/reference/methods/conversations.create and its siblings: making channels, and what they are. */
import { z } from 'zod';
import { characters } from '../blocks/rules.ts';
import { directMessages, newChannel, postMessage } from '../conversations.ts';
import { CHANNEL_NAME_CHARACTERS_MAX, CHANNEL_TOPIC_CHARACTERS_MAX, PAGE_ITEMS_MAX } from '../limits.ts';
import type { Channel, WorkspaceState } from '../model.ts';
import { BOT_USER_ID } from '../seed.ts';
import { SlackError } from '../slack-error.ts';
import { channelPayload } from '../web/payloads.ts';
import { channelOf, joinedChannel, openChannel, userOf } from './find.ts';
import { type ApiContext, boolean, defineMethod, ids, integer, type Method, page } from './method.ts';

const READ = ['channels:read'];
const MANAGE = ['channels:manage'];
const channel = z.string();

const checkName = (name: string, state: WorkspaceState): void => {
  if (name === '') throw new SlackError('invalid_name_required');
  if (characters(name) > CHANNEL_NAME_CHARACTERS_MAX) throw new SlackError('invalid_name_maxlength');
  if (!/^[a-z0-9_-]+$/.test(name)) throw new SlackError('invalid_name_specials');
  if (!/[a-z0-9]/.test(name)) throw new SlackError('invalid_name_punctuation');
  if (state.channels.some((each) => each.name === name)) throw new SlackError('name_taken');
};

const create = defineMethod({
  scopes: MANAGE,
  tier: 2,
  args: z.object({ name: z.string().default(''), is_private: boolean.default(false) }),
  run: ({ name, is_private }, { store }) => {
    checkName(name, store.state);
    const start = { id: store.nextId('C'), name, isIm: false, isPrivate: is_private, members: [BOT_USER_ID] };
    const created = newChannel(store, start);
    store.state.channels.push(created);
    store.touch();
    return { channel: channelPayload(created) };
  },
});

const rename = defineMethod({
  scopes: MANAGE,
  tier: 2,
  args: z.object({ channel, name: z.string().default('') }),
  run: (args, context) => {
    const found = openChannel(context.store.state, args.channel);
    checkName(args.name, context.store.state);
    const text = `has renamed the channel from "${found.name}" to "${args.name}"`;
    found.name = args.name;
    postMessage(context, found, { user: BOT_USER_ID, text, subtype: 'channel_name' });
    return { channel: channelPayload(found) };
  },
});

const setLabel = (field: 'topic' | 'purpose'): Method =>
  defineMethod({
    scopes: [...MANAGE, `channels:write.${field}`],
    tier: 2,
    args: z.object({ channel, [field]: z.string() } as { channel: typeof channel } & Record<string, z.ZodString>),
    run: (args, context) => {
      const { store } = context;
      const found = openChannel(store.state, args['channel'] as string);
      const value = args[field] as string;
      if (characters(value) > CHANNEL_TOPIC_CHARACTERS_MAX) throw new SlackError('too_long');
      found[field] = { value, creator: BOT_USER_ID, last_set: store.nowSeconds() };
      const word = field === 'topic' ? 'topic' : 'description';
      postMessage(context, found, { user: BOT_USER_ID, text: `set the channel ${word}: ${value}`, subtype: `channel_${field}` });
      return { channel: channelPayload(found) };
    },
  });

const setArchived = (archived: boolean) => (args: { readonly channel: string }, context: ApiContext) => {
  const found = joinedChannel(context.store.state, args.channel);
  if (found.archived === archived) throw new SlackError(archived ? 'already_archived' : 'not_archived');
  if (found.name === 'general') throw new SlackError('cant_archive_general');
  found.archived = archived;
  const text = archived ? 'archived the channel' : 'un-archived the channel';
  postMessage(context, found, { user: BOT_USER_ID, text, subtype: archived ? 'channel_archive' : 'channel_unarchive' });
  return {};
};

const listed = (found: Channel, types: readonly string[]): boolean => {
  if (found.isIm) return types.includes('im') && found.members.includes(BOT_USER_ID);
  if (found.isPrivate) return types.includes('private_channel') && found.members.includes(BOT_USER_ID);
  return types.includes('public_channel');
};

const list = defineMethod({
  scopes: READ,
  tier: 2,
  args: z.object({
    types: ids.default(['public_channel']),
    exclude_archived: boolean.default(false),
    limit: integer.min(1).max(PAGE_ITEMS_MAX).default(100),
    cursor: z.string().optional(),
  }),
  run: (args, { store }) => {
    const all = store.state.channels.filter((each) => listed(each, args.types) && !(args.exclude_archived && each.archived));
    const { items, nextCursor } = page(all, args);
    return { channels: items.map(channelPayload), response_metadata: { next_cursor: nextCursor } };
  },
});

const info = defineMethod({
  scopes: READ,
  args: z.object({ channel }),
  run: (args, { store }) => ({ channel: channelPayload(channelOf(store.state, args.channel)) }),
});

const members = defineMethod({
  scopes: READ,
  tier: 4,
  args: z.object({ channel, limit: integer.min(1).max(PAGE_ITEMS_MAX).default(100), cursor: z.string().optional() }),
  run: (args, { store }) => {
    const { items, nextCursor } = page(channelOf(store.state, args.channel).members, args);
    return { members: items, response_metadata: { next_cursor: nextCursor } };
  },
});

const open = defineMethod({
  scopes: ['im:write'],
  args: z.object({ users: ids, return_im: boolean.default(false) }),
  run: ({ users, return_im }, context) => {
    const [user, ...others] = users;
    // A conversation of three or more is another kind of channel, which this workspace does not have.
    if (user === undefined || others.length > 0) throw new SlackError('users_list_not_supplied');
    const found = directMessages(context, userOf(context.store.state, user).id);
    return { channel: return_im ? channelPayload(found) : { id: found.id } };
  },
});

export const conversationMethods: Readonly<Record<string, Method>> = {
  'conversations.archive': defineMethod({ scopes: MANAGE, tier: 2, args: z.object({ channel }), run: setArchived(true) }),
  'conversations.create': create,
  'conversations.info': info,
  'conversations.list': list,
  'conversations.members': members,
  'conversations.open': open,
  'conversations.rename': rename,
  'conversations.setPurpose': setLabel('purpose'),
  'conversations.setTopic': setLabel('topic'),
  'conversations.unarchive': defineMethod({ scopes: MANAGE, tier: 2, args: z.object({ channel }), run: setArchived(false) }),
};
