/** What Slack sends, as far as the desk uses it, parsed once. https://docs.slack.dev/reference/interaction-payloads */
import { z } from 'zod';
import { viewValues } from './submissions.ts';

export const slashCommand = z.looseObject({
  text: z.string().default(''),
  user_id: z.string(),
  channel_id: z.string(),
  trigger_id: z.string(),
  response_url: z.string(),
});
export type SlashCommand = z.output<typeof slashCommand>;

const user = z.looseObject({ id: z.string() });
const view = z.looseObject({ id: z.string(), callback_id: z.string().default(''), private_metadata: z.string().default('') });

export const blockActions = z.looseObject({
  user,
  trigger_id: z.string(),
  response_url: z.string().optional(),
  channel: z.looseObject({ id: z.string() }).optional(),
  message: z.looseObject({ ts: z.string(), thread_ts: z.string().optional() }).optional(),
  view: view.optional(),
  actions: z.array(
    z.looseObject({
      type: z.string(),
      action_id: z.string(),
      action_ts: z.string(),
      value: z.string().nullish(),
      selected_option: z.looseObject({ value: z.string() }).nullish(),
    }),
  ),
});
export type BlockActions = z.output<typeof blockActions>;

export const viewSubmission = z.looseObject({
  user,
  view: view.extend({ hash: z.string(), state: z.looseObject({ values: viewValues }) }),
});
export type ViewSubmission = z.output<typeof viewSubmission>;

export const globalShortcut = z.looseObject({ trigger_id: z.string(), user });
export const messageShortcut = z.looseObject({
  user,
  channel: z.looseObject({ id: z.string() }),
  response_url: z.string(),
  message: z.looseObject({ ts: z.string(), text: z.string().default(''), user: z.string().optional() }),
});
export const reactionAdded = z.looseObject({
  user: z.string(),
  reaction: z.string(),
  item_user: z.string().optional(),
  item: z.looseObject({ type: z.string(), channel: z.string().optional(), ts: z.string().optional() }),
});
