/** What a member's doings need: the workspace, the app at the other end, and the envelope every request to it shares. */
import type { Delivery } from '../app/delivery.ts';
import type { Answer } from '../app/outgoing.ts';
import type { World } from '../conversations.ts';
import { findChannel, findUser } from '../conversations.ts';
import { NOTICES_MAX } from '../limits.ts';
import type { Channel, Message, User } from '../model.ts';
import type { PageReply } from '../page-api.ts';
import { APP_ID } from '../seed.ts';
import type { ResponseTarget, Tickets } from '../tickets.ts';

export type Command = {
  /** `/incident` */
  readonly command: string;
  readonly description: string;
  readonly usageHint: string;
  /** "Escape channels, users, and links sent to your app" of the app's manifest. */
  readonly shouldEscape?: boolean;
};
export type Shortcut = { readonly callbackId: string; readonly name: string; readonly type: 'message' | 'global' };

export type MemberContext = World & {
  readonly tickets: Tickets;
  readonly delivery: Delivery;
  readonly origin: () => string;
  readonly commands: readonly Command[];
  readonly shortcuts: readonly Shortcut[];
};

export const done: PageReply = { ok: true };
export const refuse = (error: string): PageReply => ({ ok: false, error });

export const responseUrl = ({ tickets, origin }: MemberContext, target: ResponseTarget): string =>
  `${origin()}/response/${tickets.newResponse(target)}`;

/** https://docs.slack.dev/interactivity/handling-user-interaction#payloads */
export const interaction = ({ store }: MemberContext, user: User) => ({
  token: 'verification-token-is-deprecated',
  api_app_id: APP_ID,
  team: { id: store.state.team.id, domain: store.state.team.domain },
  user: { id: user.id, name: user.name, username: user.name, team_id: store.state.team.id },
  enterprise: null,
  is_enterprise_install: false,
});

/** What Slack calls it when the app did not answer as it should. */
export const failureOf = (answer: Answer): 'operation_timeout' | 'dispatch_failed' | undefined => {
  if (answer.kind === 'timeout') return 'operation_timeout';
  return answer.kind === 'failed' ? 'dispatch_failed' : undefined;
};

/** Slackbot tells this member, and nobody else. */
export const notify = ({ store }: MemberContext, user: string, channel: string, text: string): void => {
  store.state.notices = [...store.state.notices, { id: store.nextId('N'), user, channel, text }].slice(-NOTICES_MAX);
  store.touch();
};

export const memberOf = ({ store }: MemberContext, id: string): User | undefined => {
  const user = findUser(store.state, id);
  return user?.isBot === false && !user.deleted ? user : undefined;
};

/** A conversation the member is in; else the sentence that says why not. */
export const placeOf = ({ store }: MemberContext, user: User, id: string | undefined): Channel | string => {
  const channel = id === undefined ? undefined : findChannel(store.state, id);
  if (channel === undefined) return 'channel_not_found';
  return channel.members.includes(user.id) ? channel : 'not_in_channel';
};

/** A message as this member sees it, their own ephemeral ones included. */
export const seenBy = (channel: Channel, user: User, ts: string | undefined): Message | undefined =>
  channel.messages.find((message) => message.ts === ts && (message.ephemeralTo ?? user.id) === user.id);
