/** Slash commands, as a member types them: https://docs.slack.dev/interactivity/implementing-slash-commands */
import { asEscapedCommand } from '../mentions.ts';
import type { User } from '../model.ts';
import type { PageReply } from '../page-api.ts';
import { APP_ID } from '../seed.ts';
import { SlackError } from '../slack-error.ts';
import { done, failureOf, type MemberContext, notify, placeOf, refuse, responseUrl } from './context.ts';
import { applyResponse } from './responses.ts';

export type TypedCommand = { readonly channel: string; readonly command: string; readonly text: string };

export const runCommand = async (
  context: MemberContext,
  user: User,
  { channel, command, text }: TypedCommand,
): Promise<PageReply> => {
  const { delivery, store, tickets } = context;
  const place = placeOf(context, user, channel);
  if (typeof place === 'string') return refuse(place);
  if (place.archived) return refuse('is_archived');
  const known = context.commands.find((each) => each.command === command);
  if (known === undefined) return refuse(`${command} is not a valid command.`);
  const target = { user: user.id, channel: place.id };
  const answer = await delivery.request({
    kind: 'slash_commands',
    payload: {
      token: 'verification-token-is-deprecated',
      team_id: store.state.team.id,
      team_domain: store.state.team.domain,
      channel_id: place.id,
      channel_name: place.isIm ? 'directmessage' : place.isPrivate ? 'privategroup' : place.name,
      user_id: user.id,
      user_name: user.name,
      command,
      text: known.shouldEscape === true ? asEscapedCommand(text, store.state) : text,
      api_app_id: APP_ID,
      is_enterprise_install: 'false',
      response_url: responseUrl(context, target),
      trigger_id: tickets.newTrigger({ user: user.id }),
    },
  });
  const failure = failureOf(answer) ?? answerCommand(context, target, answer.kind === 'answered' ? answer.body : undefined);
  if (failure === undefined) return done;
  notify(context, user.id, place.id, `${command} failed with the error "${failure}"`);
  return refuse(failure);
};

/** The app's answer to the command itself, shown where it was typed; the error's name when Slack would not take it. */
const answerCommand = (
  context: MemberContext,
  target: { readonly user: string; readonly channel: string },
  body: unknown,
): string | undefined => {
  if (body === undefined) return undefined;
  try {
    applyResponse(context, target, body);
    return undefined;
  } catch (error) {
    if (error instanceof SlackError) return error.code;
    throw error;
  }
};
