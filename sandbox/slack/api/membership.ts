/** Who is in a channel: https://docs.slack.dev/reference/methods/conversations.invite and its siblings. */
import { z } from 'zod';
import { findUser, joinChannel, leaveChannel } from '../conversations.ts';
import { INVITE_USERS_MAX } from '../limits.ts';
import type { Channel, WorkspaceState } from '../model.ts';
import { BOT_USER_ID } from '../seed.ts';
import { SlackError } from '../slack-error.ts';
import { channelPayload } from '../web/payloads.ts';
import { channelOf, openChannel, userOf } from './find.ts';
import { boolean, defineMethod, ids, type Method } from './method.ts';

const refusal = (state: WorkspaceState, channel: Channel, id: string): string | undefined => {
  const user = findUser(state, id);
  if (user === undefined) return 'user_not_found';
  if (id === BOT_USER_ID) return 'cant_invite_self';
  // Slack has no word of its own for someone who left.
  if (user.deleted) return 'cant_invite';
  return channel.members.includes(id) ? 'already_in_channel' : undefined;
};

const invite = defineMethod({
  scopes: ['channels:manage', 'channels:write.invites'],
  args: z.object({ channel: z.string(), users: ids, force: boolean.default(false) }),
  run: ({ channel, users, force }, context) => {
    const { state } = context.store;
    if (users.length === 0) throw new SlackError('no_user');
    if (users.length > INVITE_USERS_MAX) throw new SlackError('too_many_users');
    const found = openChannel(state, channel);
    const errors = users.flatMap((user) => {
      const error = refusal(state, found, user);
      return error === undefined ? [] : [{ user, ok: false, error }];
    });
    const willing = users.filter((user) => refusal(state, found, user) === undefined);
    const first = errors[0];
    // All or nothing, unless `force` asks for those who can be had.
    if (first !== undefined && !(force && willing.length > 0)) throw new SlackError(first.error, { fields: { errors } });
    for (const user of willing) joinChannel(context, found, user, BOT_USER_ID);
    return { channel: channelPayload(found), ...(errors.length > 0 && { errors }) };
  },
});

const kick = defineMethod({
  scopes: ['channels:manage'],
  args: z.object({ channel: z.string(), user: z.string() }),
  run: ({ channel, user }, context) => {
    const found = openChannel(context.store.state, channel);
    if (user === BOT_USER_ID) throw new SlackError('cant_kick_self');
    if (found.name === 'general') throw new SlackError('cant_kick_from_general');
    if (!found.members.includes(userOf(context.store.state, user).id)) throw new SlackError('not_in_channel');
    leaveChannel(context, found, user);
    return {};
  },
});

const join = defineMethod({
  scopes: ['channels:join'],
  args: z.object({ channel: z.string() }),
  run: ({ channel }, context) => {
    const found = channelOf(context.store.state, channel);
    if (found.isIm || found.isPrivate) throw new SlackError('method_not_supported_for_channel_type');
    if (found.archived) throw new SlackError('is_archived');
    const already = found.members.includes(BOT_USER_ID);
    joinChannel(context, found, BOT_USER_ID);
    return {
      channel: channelPayload(found),
      ...(already && { warning: 'already_in_channel', response_metadata: { warnings: ['already_in_channel'] } }),
    };
  },
});

const leave = defineMethod({
  scopes: ['channels:manage'],
  args: z.object({ channel: z.string() }),
  run: ({ channel }, context) => {
    const found = channelOf(context.store.state, channel);
    if (found.name === 'general') throw new SlackError('cant_leave_general');
    if (!found.members.includes(BOT_USER_ID)) return { not_in_channel: true };
    leaveChannel(context, found, BOT_USER_ID);
    return {};
  },
});

export const membershipMethods: Readonly<Record<string, Method>> = {
  'conversations.invite': invite,
  'conversations.join': join,
  'conversations.kick': kick,
  'conversations.leave': leave,
};
