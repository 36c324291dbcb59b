/** Messages under each other: days apart, one person's run under one head, arrow keys from one to the next. */
import type { PageChannel, PageMessage } from '../../page-api.ts';
import { avatarNode } from './avatar.ts';
import type { Draw } from './draw.ts';
import { mrkdwnNodes } from './inline.ts';
import type { MessageLook } from './message.ts';
import { rememberedMessageNode } from './remembered.ts';
import { sentenceFor } from './server.ts';
import { dayKey, dayName, secondsOf } from './time.ts';
import { type Child, h, type VElement } from './vdom.ts';

/** A pause after which the same person is named anew. */
const JOIN_SECONDS = 5 * 60;

const isJoined = (message: PageMessage, before: PageMessage | undefined): boolean =>
  before !== undefined &&
  before.user === message.user &&
  // Blocks make a message long: its head says where it begins.
  before.blocks.length === 0 &&
  message.blocks.length === 0 &&
  before.ephemeral === message.ephemeral &&
  before.subtype === message.subtype &&
  !message.pinned &&
  secondsOf(message.ts) - secondsOf(before.ts) < JOIN_SECONDS;

export function messageNodes(
  messages: readonly PageMessage[],
  channel: PageChannel,
  where: MessageLook['where'],
  draw: Draw,
): VElement[] {
  return messages.flatMap((message, index) => {
    const before = messages[index - 1];
    const seconds = secondsOf(message.ts);
    const isNewDay = !before || dayKey(secondsOf(before.ts), draw.zone) !== dayKey(seconds, draw.zone);
    const look = { joined: !isNewDay && isJoined(message, before), where, tabStop: index === messages.length - 1 };
    const node = rememberedMessageNode(message, channel, look, draw);
    return isNewDay ? [dayNode(seconds, draw), node] : [node];
  });
}

const dayNode = (seconds: number, draw: Draw): VElement =>
  h('div.day', { key: `day-${dayKey(seconds, draw.zone)}` }, h('h3', {}, dayName(seconds, draw.nowSeconds, draw.zone)));

/** Slackbot's word to this member alone about what went wrong between Slack and the app. */
export const noticeNodes = (channel: string, draw: Draw): VElement[] =>
  draw.state.notices
    .filter((notice) => notice.channel === channel)
    .map(({ id, text }) =>
      h(
        'article.message.ephemeral.notice',
        { key: id, attrs: { 'aria-label': 'Slackbot', tabindex: -1 } },
        h('div.gutter', {}, avatarNode(undefined)),
        h(
          'div.message-main',
          {},
          h('div.message-head', {}, h('span.message-author', {}, 'Slackbot')),
          h('p.only-you', {}, 'Only visible to you'),
          h('div.message-body.text', {}, mrkdwnNodes(text, draw), explanation(text)),
          h('button.link', { attrs: { type: 'button' }, on: { click: () => draw.intents.dismissNotice(id) } }, 'Dismiss message'),
        ),
      ),
    );

/** Slack's names of errors say little to a newcomer. */
const explanation = (text: string): Child => {
  const error = /operation_timeout|dispatch_failed/.exec(text)?.[0];
  return error && h('p', {}, sentenceFor(error));
};

/** Up and down go from message to message while a message itself has the focus; inside it, its controls keep their keys. */
export function moveInList(event: Event): void {
  const { key, target, currentTarget } = event as KeyboardEvent;
  const article = target as HTMLElement;
  if (!article.matches?.('article.message') || !['ArrowUp', 'ArrowDown', 'Home', 'End'].includes(key)) return;
  const all = [...(currentTarget as HTMLElement).querySelectorAll<HTMLElement>('article.message')];
  const at = all.indexOf(article);
  const next = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[key] ?? at;
  event.preventDefault();
  all[next]?.focus();
}
