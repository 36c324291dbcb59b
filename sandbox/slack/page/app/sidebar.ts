/** Where one can go, and whom one can be. */
import type { PageChannel, PageUser } from '../../page-api.ts';
import { avatarNode } from './avatar.ts';
import { appName, channelName, type Draw, isMember, personName, userOf } from './draw.ts';
import { icon } from './icons.ts';
import { menuButton } from './menu.ts';
import { type Child, h, type VElement } from './vdom.ts';

const MENTION = /<!(?:channel|here|everyone)(?:\|[^>]*)?>/;

/** How many unread messages call this member by name, or everyone. */
export function mentionsIn(channel: PageChannel, draw: Draw): number {
  if (!channel.unread) return 0;
  const seen = draw.ui.seen.get(`${draw.state.as}/${channel.id}`) ?? '';
  const fresh = channel.messages.filter(({ ts, user }) => ts > seen && user !== draw.state.as);
  if (channel.isIm) return fresh.length;
  const me = `<@${draw.state.as}`;
  return fresh.filter((message) => {
    const all = message.text + JSON.stringify(message.blocks);
    return all.includes(me) || MENTION.test(all);
  }).length;
}

/** For the browser's tab: two windows may be two members. */
export function titleOf(draw: Draw): string {
  const { main } = draw.ui;
  const open = main.kind === 'channel' ? draw.state.channels.find(({ id }) => id === main.id) : undefined;
  const place = open ? `${open.isIm ? '' : '#'}${channelName(draw, open)}` : appName(draw);
  const mentions = draw.state.channels.reduce((sum, channel) => sum + (channel === open ? 0 : mentionsIn(channel, draw)), 0);
  return `${mentions > 0 ? `(${mentions}) ` : ''}${place} · ${userOf(draw, draw.state.as)?.name ?? ''}`;
}

const members = (draw: Draw): readonly PageUser[] => draw.state.users.filter(({ isBot }) => !isBot);

export function switcherNode(draw: Draw, where: 'sidebar' | 'top'): VElement {
  const me = userOf(draw, draw.state.as);
  return menuButton(
    {
      id: `switcher:${where}`,
      label: `You are ${me?.realName ?? draw.state.as}. Act as someone else`,
      face: [
        avatarNode(me, 'small'),
        h('span.switcher-text', {}, h('span.switcher-lead', {}, 'You are '), h('strong', {}, me?.name ?? draw.state.as)),
        h('span.chevron', { attrs: { 'aria-hidden': 'true' } }),
      ],
      class: 'switcher',
      items: members(draw).map((user) => ({
        key: user.id,
        label: user.realName,
        hint: `@${user.name}`,
        chosen: user.id === draw.state.as,
        choose: () => draw.intents.actAs(user.id),
      })),
    },
    draw,
  );
}

export function sidebarNode(draw: Draw): VElement {
  const { channels } = draw.state;
  const joined = channels.filter((channel) => !channel.isIm && !channel.archived && isMember(draw, channel));
  const others = channels.filter((channel) => !channel.isIm && !channel.archived && !isMember(draw, channel));
  const archived = channels.filter((channel) => !channel.isIm && channel.archived);
  const direct = channels.filter(({ isIm }) => isIm);
  return h(
    'nav.sidebar',
    { attrs: { 'aria-label': 'Workspace' }, class: draw.ui.sidebar ? 'sidebar-open' : undefined },
    h(
      'div.workspace',
      {},
      h('span.workspace-name', {}, `${appName(draw)} sandbox`),
      h('span.workspace-kind', {}, 'a Slack workspace to practise in'),
    ),
    switcherNode(draw, 'sidebar'),
    h(
      'div.sidebar-scroll',
      {},
      section(
        'Channels',
        joined.map((channel) => channelLink(channel, draw)),
      ),
      section('Apps', [homeLink(draw), ...direct.map((channel) => channelLink(channel, draw))]),
      section(
        'Act as',
        members(draw).map((user, index) => personLink(user, index, draw)),
      ),
      others.length > 0 &&
        section(
          'Other channels',
          others.map((channel) => channelLink(channel, draw)),
        ),
      archived.length > 0 &&
        section(
          'Archived',
          archived.map((channel) => channelLink(channel, draw)),
        ),
    ),
  );
}

const section = (title: string, items: readonly VElement[]): VElement =>
  h('section.sidebar-section', { key: title }, h('h2', {}, title), h('ul', {}, items));

function channelLink(channel: PageChannel, draw: Draw): VElement {
  const isOpen = draw.ui.main.kind === 'channel' && draw.ui.main.id === channel.id;
  const mentions = isOpen ? 0 : mentionsIn(channel, draw);
  const unread = channel.unread && !isOpen && isMember(draw, channel);
  const marks: Child = [
    unread && h('span.visually-hidden', {}, ', unread'),
    mentions > 0 && h('span.badge', {}, mentions, h('span.visually-hidden', {}, mentions === 1 ? ' mention' : ' mentions')),
    unread && mentions === 0 && h('span.dot', { attrs: { 'aria-hidden': 'true' } }),
  ];
  return h(
    'li',
    { key: channel.id },
    h(
      'button.sidebar-item',
      {
        class: [isOpen && 'current', unread && 'unread'].filter(Boolean).join(' '),
        attrs: { type: 'button', 'aria-current': isOpen ? 'page' : undefined, title: channelName(draw, channel) },
        on: { click: () => draw.intents.openMain({ kind: 'channel', id: channel.id }) },
      },
      h('span.sidebar-sign', { attrs: { 'aria-hidden': 'true' } }, channel.isIm ? '@' : '#'),
      h('span.sidebar-name', {}, channelName(draw, channel)),
      marks,
    ),
  );
}

function homeLink(draw: Draw): VElement {
  const isOpen = draw.ui.main.kind === 'home';
  return h(
    'li',
    { key: 'home' },
    h(
      'button.sidebar-item',
      {
        class: isOpen ? 'current' : undefined,
        attrs: { type: 'button', 'aria-current': isOpen ? 'page' : undefined },
        on: { click: () => draw.intents.openMain({ kind: 'home' }) },
      },
      h('span.sidebar-sign', { attrs: { 'aria-hidden': 'true' } }, icon('home')),
      h('span.sidebar-name', {}, `${appName(draw)} Home`),
    ),
  );
}

function personLink(user: PageUser, index: number, draw: Draw): VElement {
  const isMe = user.id === draw.state.as;
  return h(
    'li',
    { key: user.id },
    h(
      'button.sidebar-item.person',
      {
        class: isMe ? 'me' : undefined,
        attrs: {
          type: 'button',
          'aria-pressed': isMe ? 'true' : 'false',
          'aria-label': isMe ? `${user.realName}, you` : `Act as ${personName(draw, user.id)}`,
          title: `Alt+${index + 1}`,
        },
        on: { click: () => draw.intents.actAs(user.id) },
      },
      avatarNode(user, 'small'),
      h('span.sidebar-name', {}, user.realName),
      isMe ? h('span.you-tag', {}, 'you') : h('kbd.sidebar-key', { attrs: { 'aria-hidden': 'true' } }, `Alt ${index + 1}`),
    ),
  );
}
