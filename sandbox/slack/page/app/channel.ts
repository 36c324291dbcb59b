/** The middle of the screen: a channel with its head, messages and composer, or the app's Home. */
import type { PageChannel } from '../../page-api.ts';
import { blockNodes } from './blocks.ts';
import { composerNode } from './composer.ts';
import { appName, channelName, channelOf, type Draw, inChannel, isMember } from './draw.ts';
import { icon } from './icons.ts';
import { inlineNodes, linkNode } from './inline.ts';
import { messageNodes, moveInList, noticeNodes } from './message-list.ts';
import { parseInline, parsePlain } from './mrkdwn.ts';
import { followBottom } from './scroll.ts';
import { switcherNode } from './sidebar.ts';
import { type Child, h, type VElement } from './vdom.ts';

export function mainNode(draw: Draw): VElement {
  const { main } = draw.ui;
  if (main.kind === 'home') return homeNode(draw);
  const channel = channelOf(draw, main.id);
  return channel ? channelNode(channel, draw) : h('main.main', {}, topNode(h('h1', {}, 'Nothing here'), undefined, draw));
}

const topNode = (title: VElement, extra: Child, draw: Draw): VElement =>
  h(
    'header.top',
    {},
    h(
      'button.tool.burger',
      {
        attrs: { type: 'button', 'aria-label': 'Channels and people', 'aria-expanded': draw.ui.sidebar ? 'true' : 'false' },
        on: { click: () => draw.intents.toggleSidebar(!draw.ui.sidebar) },
      },
      icon('menu'),
    ),
    h('div.top-title', {}, title),
    h('div.top-extra', {}, extra),
    h('div.top-switcher', {}, switcherNode(draw, 'top')),
  );

function channelNode(channel: PageChannel, draw: Draw): VElement {
  const name = channelName(draw, channel);
  const sign = channel.isIm ? '' : '#';
  const messages = channel.messages.filter(inChannel);
  return h(
    'main.main',
    { key: channel.id, attrs: { 'aria-label': `${sign}${name}` } },
    topNode(
      h(
        'h1',
        {},
        h('span.channel-sign', { attrs: { 'aria-hidden': 'true' } }, sign),
        name,
        channel.archived && h('span.archived-tag', {}, 'archived'),
      ),
      headButtons(channel, draw),
      draw,
    ),
    (channel.topic || channel.bookmarks.length > 0 || channel.canvas) && barNode(channel, draw),
    h(
      'div.messages',
      {
        key: `messages-${channel.id}`,
        attrs: { role: 'log', 'aria-live': 'off', 'aria-label': `Messages in ${name}` },
        created: followBottom,
        on: { keydown: moveInList },
      },
      h(
        'div.messages-inner',
        {},
        introNode(channel, name, draw),
        messageNodes(messages, channel, 'channel', draw),
        noticeNodes(channel.id, draw),
      ),
    ),
    footNode(channel, `${sign}${name}`, draw),
  );
}

function headButtons(channel: PageChannel, draw: Draw): Child {
  const pins = channel.messages.filter(({ pinned }) => pinned).length;
  const toggle = (kind: 'pins' | 'members') => (): void =>
    draw.intents.openSide(draw.ui.side?.kind === kind ? undefined : { kind, channel: channel.id });
  const button = (kind: 'pins' | 'members', label: string, face: Child): VElement =>
    h(
      'button.tool.counted',
      {
        key: kind,
        attrs: {
          type: 'button',
          'aria-label': label,
          title: label,
          'aria-expanded': draw.ui.side?.kind === kind ? 'true' : 'false',
        },
        on: { click: toggle(kind) },
      },
      face,
    );
  return [
    pins > 0 && button('pins', pins === 1 ? '1 pinned message' : `${pins} pinned messages`, [icon('pin'), String(pins)]),
    !channel.isIm && button('members', `${channel.members.length} members`, [icon('people'), String(channel.members.length)]),
  ];
}

/** Topic, bookmarks and the canvas: what a newcomer reads first. */
function barNode(channel: PageChannel, draw: Draw): VElement {
  const { canvas } = channel;
  return h(
    'div.bar',
    {},
    channel.topic !== '' && h('p.topic', { attrs: { title: channel.topic } }, inlineNodes(parseInline(channel.topic), draw)),
    (canvas || channel.bookmarks.length > 0) &&
      h(
        'ul.bookmarks',
        { attrs: { 'aria-label': 'Bookmarks' } },
        canvas &&
          h(
            'li',
            { key: canvas.id },
            h(
              'button.bookmark',
              {
                attrs: { type: 'button' },
                on: { click: () => draw.intents.openSide({ kind: 'canvas', channel: channel.id, url: canvas.url }) },
              },
              icon('page'),
              canvas.title !== '' && canvas.title !== channel.name ? canvas.title : 'Canvas',
            ),
          ),
        channel.bookmarks.map(({ id, title, link }) =>
          h('li.bookmark', { key: id }, linkNode(link, inlineNodes(parsePlain(title), draw), draw)),
        ),
      ),
  );
}

const introNode = (channel: PageChannel, name: string, draw: Draw): VElement =>
  h(
    'div.intro',
    { key: 'intro' },
    h('h2', {}, channel.isIm ? name : `#${name}`),
    channel.purpose !== '' && h('p', {}, inlineNodes(parseInline(channel.purpose), draw)),
    !channel.isIm &&
      h(
        'p.intro-hint',
        {},
        'Try ',
        draw.state.commands.flatMap(({ command }, index) => [index > 0 && ', ', h('code', {}, command)]),
        ' in the box below. To approve as a second person, become someone else: Alt+1, Alt+2…',
      ),
  );

function footNode(channel: PageChannel, label: string, draw: Draw): VElement {
  if (channel.archived) return h('div.foot-note', {}, 'This channel is archived: it can be read, not written to.');
  if (isMember(draw, channel)) return composerNode({ channel: channel.id, label: `Message ${label}` }, draw);
  return h(
    'div.foot-note',
    {},
    `You are reading ${label} without being in it.`,
    h('button.button.primary', { attrs: { type: 'button' }, on: { click: () => draw.intents.join(channel.id) } }, 'Join channel'),
  );
}

function homeNode(draw: Draw): VElement {
  const { home } = draw.state;
  return h(
    'main.main',
    { key: 'home', attrs: { 'aria-label': `${appName(draw)} Home` } },
    topNode(h('h1', {}, appName(draw), h('span.app-tag', {}, 'App')), undefined, draw),
    h(
      'div.messages.home',
      { attrs: { tabindex: 0, role: 'region', 'aria-label': 'Home' } },
      h(
        'div.home-inner',
        {},
        home
          ? blockNodes(home.blocks, { surface: 'home' }, draw)
          : h('p.empty', {}, 'The app has not published its Home for you yet.'),
      ),
    ),
  );
}
