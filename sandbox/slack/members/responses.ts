/** What an app says back: at once to a command, or later to a `response_url`. */
import { z } from 'zod';
import { checkMessage, editMessage, findChannel, postMessage, removeMessage, type World } from '../conversations.ts';
import type { AnyBlock } from '../model.ts';
import { BOT_USER_ID } from '../seed.ts';
import { SlackError } from '../slack-error.ts';
import type { ResponseTarget } from '../tickets.ts';

const response = z.object({
  text: z.string().optional(),
  blocks: z.array(z.unknown()).optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).default('ephemeral'),
  replace_original: z.coerce.boolean().default(false),
  delete_original: z.coerce.boolean().default(false),
  thread_ts: z.string().optional(),
});

/**
 * https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
 * Throws a SlackError when Slack would not take it.
 */
export const applyResponse = (world: World, target: ResponseTarget, body: unknown): void => {
  const parsed = response.safeParse(body);
  if (!parsed.success) throw new SlackError('invalid_payload');
  const { text, response_type, replace_original, delete_original, thread_ts } = parsed.data;
  const blocks = parsed.data.blocks as readonly AnyBlock[] | undefined;
  const channel = findChannel(world.store.state, target.channel);
  if (channel === undefined) throw new SlackError('channel_not_found');
  const original = channel.messages.find((message) => message.ts === target.messageTs);
  if (delete_original) {
    if (original !== undefined) removeMessage(world, channel, original);
    return;
  }
  checkMessage(text, blocks);
  if ((text ?? '') === '' && (blocks ?? []).length === 0) throw new SlackError('no_text');
  if (replace_original && original !== undefined) {
    editMessage(world, channel, original, { text, blocks });
    return;
  }
  postMessage(world, channel, {
    user: BOT_USER_ID,
    text: text ?? '',
    blocks,
    threadTs: thread_ts ?? target.threadTs,
    ephemeralTo: response_type === 'ephemeral' ? target.user : undefined,
  });
};
