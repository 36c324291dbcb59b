import { z } from 'zod';
import type { Chat, ChatResult } from '../../ports.ts';
import { asResult, type Called, type Caller, withValue } from './call.ts';

const ID = /^[CGDU][A-Z0-9]{2,}$/;
/** Slack recommends no more than 200 a page: https://docs.slack.dev/reference/methods/conversations.list */
const PAGE_CHANNELS = 200;
/** 10,000 channels; a workspace that has more names the digest channel by its id. */
const PAGES_MAX = 50;

const created = z.object({ channel: z.object({ id: z.string(), name: z.string() }) });
const page = z.object({
  channels: z.array(z.object({ id: z.string(), name: z.string().default(''), creator: z.string().default('') })),
  response_metadata: z.object({ next_cursor: z.string().default('') }).optional(),
});
type Listed = z.output<typeof page>['channels'][number];
const whoAmI = z.object({ user_id: z.string() });
const invited = z.object({ errors: z.array(z.object({ user: z.string(), error: z.string() })).default([]) });

/** Somebody who is there already, or the bot itself, needs no invitation. */
const COUNTS_AS_INVITED: ReadonlySet<string> = new Set(['already_in_channel', 'cant_invite_self']);

type Channels = Pick<Chat, 'createChannel' | 'findOwnChannel' | 'setTopic' | 'invite'> & {
  /** The id of a channel that is named `#incidents`; an id is its own answer. */
  readonly resolve: (address: string) => Promise<ChatResult<string>>;
};

export const createChannels = ({ call }: Caller, options: { readonly botUserId?: string | undefined }): Channels => {
  const ids = new Map<string, string>();
  let { botUserId } = options;

  /** The first channel that fits. Slow: for a name in the settings, once a process, and for recovery. */
  const find = async (fits: (channel: Listed) => boolean): Promise<Called<Listed | undefined>> => {
    let cursor = '';
    for (let pages = 0; pages < PAGES_MAX; pages++) {
      const args = { types: 'public_channel,private_channel', limit: PAGE_CHANNELS, ...(cursor !== '' && { cursor }) };
      const listed = await call('conversations.list', args, page, { again: true });
      if (!listed.ok) return listed;
      const found = listed.value.channels.find(fits);
      cursor = listed.value.response_metadata?.next_cursor ?? '';
      if (found !== undefined || cursor === '') return { ok: true, value: found };
    }
    return { ok: true, value: undefined };
  };

  const ownId = async (): Promise<Called<string>> => {
    if (botUserId !== undefined) return { ok: true, value: botUserId };
    const answer = await call('auth.test', {}, whoAmI, { again: true });
    if (!answer.ok) return answer;
    botUserId = answer.value.user_id;
    return { ok: true, value: botUserId };
  };

  return {
    resolve: async (address) => {
      const known = ID.test(address) ? address : ids.get(address);
      if (known !== undefined) return { ok: true, value: known };
      const name = address.replace(/^#/, '');
      const found = await find((channel) => channel.name === name);
      if (!found.ok) return asResult(found);
      if (found.value === undefined)
        return {
          ok: false,
          error: 'channel_not_found',
          why: `There is no channel ${address} that the bot can see. Make it, or invite the bot.`,
        };
      ids.set(address, found.value.id);
      return { ok: true, value: found.value.id };
    },

    // Made twice, Slack says `name_taken`, and the caller looks whether it is ours.
    createChannel: async (name) => {
      const made = await call('conversations.create', { name }, created, { again: true });
      return made.ok ? { ok: true, value: { channelId: made.value.channel.id, name: made.value.channel.name } } : asResult(made);
    },

    findOwnChannel: async (name) => {
      const own = await ownId();
      if (!own.ok) return asResult(own);
      const found = await find((channel) => channel.name === name && channel.creator === own.value);
      return found.ok
        ? { ok: true, value: found.value === undefined ? undefined : { channelId: found.value.id } }
        : asResult(found);
    },

    setTopic: async (channel, topic) =>
      withValue(await call('conversations.setTopic', { channel, topic }, z.object({}), { again: true }), undefined),

    invite: async (channel, userIds) => {
      const args = { channel, users: userIds.join(','), force: true };
      const answer = await call('conversations.invite', args, invited, { again: true });
      const each = answer.ok ? answer.value.errors : errorsIn(answer, userIds);
      if (each === undefined) return asResult(answer as Extract<typeof answer, { ok: false }>);
      const notInvited = each
        .filter(({ error }) => !COUNTS_AS_INVITED.has(error))
        .map(({ user, error }) => ({ userId: user, error }));
      return { ok: true, value: { notInvited } };
    },
  };
};

/** Nobody could be invited: each with the reason, if it was about them. */
const errorsIn = (
  { error, data }: Extract<Called<unknown>, { ok: false }>,
  userIds: readonly string[],
): readonly { readonly user: string; readonly error: string }[] | undefined => {
  const listed = invited.safeParse(data);
  if (listed.success && listed.data.errors.length > 0) return listed.data.errors;
  const [only, ...others] = userIds;
  const aboutThem = /^(already_in_channel|cant_invite|user_|ura_)/.test(error);
  return aboutThem && only !== undefined && others.length === 0 ? [{ user: only, error }] : undefined;
};
