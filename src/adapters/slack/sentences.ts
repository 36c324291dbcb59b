import type { Failure } from './failure.ts';
import { METHOD_SCOPES, type Method } from './scopes.ts';

/** Slack's words as sentences, each with what mends it: they stand in the headline until it is mended. */
const SENTENCES: Readonly<Record<string, string>> = {
  is_archived: 'The channel is archived. Unarchive it, or name another one.',
  channel_not_found: 'Slack does not show the bot that channel. Check its name; if it is private, invite the bot.',
  not_in_channel: 'The bot is not in that channel. Invite it there: /invite @firebreak',
  cant_invite: 'That person cannot be invited: they may have left.',
  user_not_found: 'Slack knows nobody with that id: they may have left.',
  user_is_restricted: 'That person is a guest, and guests are invited by an admin.',
  name_taken: 'There is a channel of that name already.',
  restricted_action: 'A setting of the workspace does not let the bot do that. An admin can allow it.',
  not_authed: 'The bot has no token. Set SLACK_BOT_TOKEN.',
  invalid_auth: 'Slack does not take the bot’s token. Install the app again, and set SLACK_BOT_TOKEN.',
  token_revoked: 'The bot’s token was revoked. Install the app again, and set SLACK_BOT_TOKEN.',
  account_inactive: 'The app was removed from the workspace. Install it again, and set SLACK_BOT_TOKEN.',
  ratelimited: 'Slack asks to wait: too many calls in a short time. It is tried again.',
  timeout: 'Slack did not answer in time.',
  unreachable: 'Slack could not be reached.',
  service_unavailable: 'Slack has trouble of its own.',
  message_not_found: 'The message is gone: somebody deleted it.',
  cant_update_message: 'The message is not the bot’s own.',
  user_not_in_channel: 'That person is not in the channel.',
  too_many_bookmarks: 'The channel has as many bookmarks as it can. Remove one.',
  canvas_disabled_user_team: 'Canvases are switched off in this workspace.',
  free_team_canvas_tab_already_exists: 'This plan has one canvas a channel, and it is taken.',
  free_teams_cannot_create_non_tabbed_canvases: 'This plan has no canvases of that kind.',
  msg_too_long: 'The message was too long for Slack.',
  invalid_blocks: 'Slack did not take the message’s form: a mistake of the bot, the log has it.',
  expired_url: 'The time to answer that command is over.',
};

export const sentenceOf = (failure: Pick<Failure, 'error' | 'needed'>, method: Method): string => {
  if (failure.error === 'missing_scope') {
    const scopes = failure.needed ?? METHOD_SCOPES[method].join(', ');
    return `The app lacks the scope ${scopes}. Add it under OAuth & Permissions, and install the app again.`;
  }
  return SENTENCES[failure.error] ?? `Slack answered "${failure.error}" to ${method}.`;
};
