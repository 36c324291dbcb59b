/** One message: who, when, what, its reactions, and what can be done with it. */
import type { PageChannel, PageMessage } from '../../page-api.ts';
import { avatarNode } from './avatar.ts';
import { bodyNodes } from './blocks.ts';
import { appName, type Draw, isMember, messagePlace, personName, userOf } from './draw.ts';
import { emojiNode, REACTION_CHOICES } from './emoji.ts';
import { icon } from './icons.ts';
import { mrkdwnNodes } from './inline.ts';
import { type MenuItem, menuButton } from './menu.ts';
import { clockTime, fullMoment, secondsOf } from './time.ts';
import { type Child, h, type VElement } from './vdom.ts';

export type MessageLook = {
  /** Follows another message of the same person closely: no second head. */
  readonly joined: boolean;
  /** Drawn in the thread's panel: no way into the thread, and ids of its own. */
  readonly where: 'channel' | 'thread' | 'pins';
  /** The one message of its list that Tab stops at; arrow keys go to the others. */
  readonly tabStop: boolean;
};

const PICTURE_FILE = /\.(?:png|jpe?g|gif|webp|svg)$/i;

export function messageNode(message: PageMessage, channel: PageChannel, look: MessageLook, draw: Draw): VElement {
  if (message.subtype !== undefined && message.subtype !== 'bot_message' && message.subtype !== 'thread_broadcast')
    return systemLine(message, look, draw);
  const seconds = secondsOf(message.ts);
  const name = personName(draw, message.user);
  const time = h(
    'time.message-time',
    { attrs: { datetime: new Date(seconds * 1000).toISOString(), title: fullMoment(seconds, draw.zone) } },
    clockTime(seconds, draw.zone),
  );
  return h(
    'article.message',
    {
      key: message.ts,
      class: [
        look.joined && 'joined',
        message.ephemeral && 'ephemeral',
        message.pinned && 'pinned',
        draw.ui.highlight === message.ts && 'highlight',
      ]
        .filter(Boolean)
        .join(' '),
      attrs: {
        id: look.where === 'channel' ? `message-${message.ts}` : undefined,
        'aria-label': `${name}, ${clockTime(seconds, draw.zone)}`,
        tabindex: look.tabStop ? 0 : -1,
      },
    },
    look.joined ? h('div.gutter', {}, time) : h('div.gutter', {}, avatarNode(userOf(draw, message.user))),
    h(
      'div.message-main',
      {},
      !look.joined && headNode(message, name, time, draw),
      message.ephemeral && h('p.only-you', {}, 'Only visible to you'),
      h('div.message-body', {}, bodyNodes(message, messagePlace(channel.id, message.ts), draw)),
      message.edited && h('span.edited', {}, '(edited)'),
      filesNode(message),
      reactionsNode(message, channel, draw),
      look.where === 'channel' && repliesNode(message, channel, draw),
    ),
    !message.ephemeral && isMember(draw, channel) && toolbarNode(message, channel, look, draw),
  );
}

const systemLine = (message: PageMessage, look: MessageLook, draw: Draw): VElement =>
  h(
    'article.message.system',
    { key: message.ts, attrs: { 'aria-label': `${personName(draw, message.user)}, notice`, tabindex: look.tabStop ? 0 : -1 } },
    h('div.gutter', {}),
    h(
      'div.message-main.text',
      {},
      !message.text.startsWith('<@') && h('strong', {}, `${personName(draw, message.user)} `),
      mrkdwnNodes(message.text, draw).flatMap((paragraph) => [paragraph]),
      h('time.message-time', {}, clockTime(secondsOf(message.ts), draw.zone)),
    ),
  );

const headNode = (message: PageMessage, name: string, time: VElement, draw: Draw): VElement =>
  h(
    'div.message-head',
    {},
    h('span.message-author', {}, name),
    userOf(draw, message.user)?.isBot && h('span.app-tag', {}, 'App'),
    time,
    message.pinned && h('span.pin-tag', {}, emojiNode({ name: 'pushpin' }), ' Pinned'),
  );

const filesNode = ({ files }: PageMessage): Child =>
  files.length > 0 &&
  h(
    'ul.files',
    { attrs: { 'aria-label': 'Files' } },
    files.map((file) =>
      h(
        'li.file',
        { key: file.id },
        h(
          'a',
          { attrs: { href: file.url, target: '_blank', rel: 'noreferrer' } },
          PICTURE_FILE.test(file.url) && h('img.file-picture', { attrs: { src: file.url, alt: '' } }),
          h('span.file-name', {}, file.name),
        ),
      ),
    ),
  );

const reactionsNode = (message: PageMessage, channel: PageChannel, draw: Draw): Child =>
  message.reactions.length > 0 &&
  h(
    'div.reactions',
    {},
    message.reactions.map(({ name, users }) => {
      const mine = users.includes(draw.state.as);
      const who = users.map((id) => personName(draw, id)).join(', ');
      return h(
        'button.reaction',
        {
          key: name,
          attrs: {
            type: 'button',
            'aria-pressed': mine ? 'true' : 'false',
            'aria-label': `${name.replaceAll('_', ' ')}, ${users.length}: ${who}`,
            title: `:${name}: ${who}`,
          },
          on: { click: () => draw.intents.react(channel.id, message.ts, name) },
        },
        emojiNode({ name }),
        h('span', {}, users.length),
      );
    }),
  );

function repliesNode(message: PageMessage, channel: PageChannel, draw: Draw): Child {
  if (message.replyCount === 0) return undefined;
  const replies = channel.messages.filter(({ threadTs, ts }) => threadTs === message.ts && ts !== message.ts);
  const people = [...new Set(replies.map(({ user }) => user))].slice(0, 4);
  const last = replies.at(-1);
  return h(
    'button.replies',
    {
      attrs: { type: 'button' },
      on: { click: () => draw.intents.openSide({ kind: 'thread', channel: channel.id, ts: message.ts }) },
    },
    h(
      'span.replies-people',
      {},
      people.map((id) => avatarNode(userOf(draw, id), 'small')),
    ),
    h('span.replies-count', {}, message.replyCount === 1 ? '1 reply' : `${message.replyCount} replies`),
    last && h('span.replies-last', {}, `last at ${clockTime(secondsOf(last.ts), draw.zone)}`),
  );
}

function toolbarNode(message: PageMessage, channel: PageChannel, look: MessageLook, draw: Draw): VElement {
  const id = `${look.where}:${channel.id}:${message.ts}`;
  const thread = (): void => draw.intents.openSide({ kind: 'thread', channel: channel.id, ts: message.threadTs ?? message.ts });
  const react = menuButton(
    {
      id: `react:${id}`,
      label: 'Add a reaction',
      face: icon('smile'),
      class: 'tool',
      grid: true,
      items: REACTION_CHOICES.map((name) => ({
        key: name,
        label: emojiNode({ name }),
        name: name.replaceAll('_', ' '),
        choose: () => draw.intents.react(channel.id, message.ts, name),
      })),
    },
    draw,
  );
  const more = menuButton(
    { id: `more:${id}`, label: 'More actions', face: icon('more'), class: 'tool', items: shortcutsOf(message, channel, draw) },
    draw,
  );
  const reply =
    look.where === 'channel' &&
    h(
      'button.tool',
      { attrs: { type: 'button', 'aria-label': 'Reply in thread', title: 'Reply in thread' }, on: { click: thread } },
      icon('reply'),
    );
  return h('div.toolbar', { attrs: { role: 'group', 'aria-label': 'Message' } }, react, reply, more);
}

const shortcutsOf = (message: PageMessage, channel: PageChannel, draw: Draw): MenuItem[] => [
  ...draw.state.shortcuts
    .filter(({ type }) => type === 'message')
    .map((shortcut) => ({
      key: shortcut.callbackId,
      label: shortcut.name,
      hint: appName(draw),
      choose: () => draw.intents.shortcut(shortcut.callbackId, channel.id, message.ts),
    })),
  { key: 'link', label: 'Copy link to message', choose: () => draw.intents.copyLink(channel.id, message.ts) },
];
