/** What is new between two states of the workspace, for ears and for those who look elsewhere. Pure. */
import type { PageChannel, PageMessage, PageState } from '../../page-api.ts';
import { bodyNodes } from './blocks.ts';
import { type Draw, type Main, messagePlace, personName } from './draw.ts';
import { h, textOf } from './vdom.ts';

export type News = {
  /** Said aloud, oldest first. */
  readonly said: readonly string[];
  /** Channels this member has been added to. */
  readonly invitedTo: readonly PageChannel[];
};

const NONE: News = { said: [], invitedTo: [] };
const SAID_CHARACTERS_MAX = 240;

export function newsBetween(before: PageState | undefined, draw: Draw): News {
  const { state } = draw;
  // Another member's view is not news.
  if (!before || before.as !== state.as) return NONE;
  const isIn = (channel: PageChannel | undefined): boolean => channel?.members.includes(state.as) === true;
  const old = new Map(before.channels.map((channel) => [channel.id, channel]));
  const invitedTo = state.channels.filter((channel) => !channel.isIm && isIn(channel) && !isIn(old.get(channel.id)));
  const open = state.channels.find((channel) => isOpen(channel, draw.ui.main));
  const known = old.get(open?.id ?? '');
  const fresh = known
    ? (open?.messages.filter(({ ts, user }) => user !== state.as && !known.messages.some((each) => each.ts === ts)) ?? [])
    : [];
  return { said: fresh.map((message) => spoken(message, open!, draw)), invitedTo };
}

const isOpen = (channel: PageChannel, main: Main): boolean => main.kind === 'channel' && main.id === channel.id;

function spoken(message: PageMessage, channel: PageChannel, draw: Draw): string {
  const body = textOf(h('div', {}, bodyNodes(message, messagePlace(channel.id, message.ts), draw)));
  const text = `${personName(draw, message.user)}${message.ephemeral ? ', only to you' : ''}: ${body.replace(/\s+/g, ' ').trim()}`;
  return text.length > SAID_CHARACTERS_MAX ? `${text.slice(0, SAID_CHARACTERS_MAX)}…` : text;
}

/** Seconds since the epoch: the browser's, unless the workspace's clock runs ahead of it. */
export const latestSeconds = (state: PageState, wallSeconds: number): number =>
  state.channels.reduce((latest, { messages }) => Math.max(latest, Number.parseFloat(messages.at(-1)?.ts ?? '0')), wallSeconds);
