/** The panel at the right: a thread, the pins, the members, the canvas. */
import { avatarNode } from './avatar.ts';
import { composerNode } from './composer.ts';
import { channelName, channelOf, type Draw, isMember, type Side } from './draw.ts';
import { icon } from './icons.ts';
import { markdownNodes } from './inline.ts';
import { messageNodes, moveInList } from './message-list.ts';
import { followBottom } from './scroll.ts';
import { type Child, h, type VElement } from './vdom.ts';

const TITLES: Readonly<Record<Side['kind'], string>> = {
  thread: 'Thread',
  pins: 'Pinned messages',
  members: 'Members',
  canvas: 'Canvas',
};

export function sideNode(draw: Draw): Child {
  const { side } = draw.ui;
  if (!side) return undefined;
  const title = TITLES[side.kind];
  const channel = channelOf(draw, side.channel);
  const close = (): void => draw.intents.openSide(undefined);
  const keydown = (event: Event): void => {
    if ((event as KeyboardEvent).key === 'Escape' && !event.defaultPrevented) close();
  };
  return h(
    'aside.side',
    {
      key: `${side.kind}-${side.channel}-${'ts' in side ? side.ts : ''}`,
      attrs: { 'aria-label': title },
      on: { keydown },
      created: takeFocus,
      removed: giveFocusBack,
    },
    h(
      'header.side-head',
      {},
      h(
        'h2',
        { attrs: { tabindex: -1 } },
        title,
        channel && h('span.side-channel', {}, channel.isIm ? '' : ` #${channelName(draw, channel)}`),
      ),
      h(
        'button.tool',
        { attrs: { type: 'button', 'aria-label': `Close ${title.toLowerCase()}`, title: 'Close (Esc)' }, on: { click: close } },
        icon('close'),
      ),
    ),
    bodyOf(side, draw),
  );
}

const openers = new WeakMap<HTMLElement, Element | null>();

/** To the composer of a thread, else to the title. */
function takeFocus(panel: HTMLElement): void {
  openers.set(panel, document.activeElement);
  (panel.querySelector<HTMLElement>('.composer-text') ?? panel.querySelector<HTMLElement>('h2'))?.focus();
}

function giveFocusBack(panel: HTMLElement): void {
  const opener = openers.get(panel);
  if (panel.contains(document.activeElement) && opener?.isConnected) (opener as HTMLElement).focus();
}

function bodyOf(side: Side, draw: Draw): Child {
  const channel = channelOf(draw, side.channel);
  if (!channel) return undefined;
  switch (side.kind) {
    case 'thread':
      return threadNode(side.channel, side.ts, draw);
    case 'pins': {
      const pinned = channel.messages.filter((message) => message.pinned);
      return scroller(
        'Pinned messages',
        pinned.length > 0 ? messageNodes(pinned, channel, 'pins', draw) : h('p.empty', {}, 'Nothing is pinned.'),
      );
    }
    case 'members':
      return membersNode(channel.members, draw);
    case 'canvas':
      return scroller(
        'Canvas',
        h('div.canvas.text.markdown', {}, markdownNodes(draw.ui.canvases.get(side.url) ?? 'Loading…', draw)),
      );
  }
}

const scroller = (label: string, children: Child): VElement =>
  h('div.side-body', { attrs: { tabindex: 0, role: 'region', 'aria-label': label }, on: { keydown: moveInList } }, children);

function threadNode(channelId: string, ts: string, draw: Draw): Child {
  const channel = channelOf(draw, channelId)!;
  const parent = channel.messages.find((message) => message.ts === ts);
  if (!parent) return h('p.empty', {}, 'This message is gone.');
  const replies = channel.messages.filter((message) => message.threadTs === ts && message.ts !== ts);
  const count = replies.length === 1 ? '1 reply' : `${replies.length} replies`;
  const [first, ...rest] = messageNodes([parent, ...replies], channel, 'thread', draw);
  return [
    h(
      'div.side-body.thread',
      {
        attrs: { role: 'log', 'aria-live': 'off', 'aria-label': 'Messages in this thread' },
        on: { keydown: moveInList },
        created: followBottom,
      },
      first,
      rest[0],
      replies.length > 0 && h('div.thread-count', { key: 'count' }, count),
      rest.slice(1),
    ),
    isMember(draw, channel) && !channel.archived && composerNode({ channel: channelId, threadTs: ts, label: 'Reply…' }, draw),
  ];
}

const membersNode = (members: readonly string[], draw: Draw): VElement =>
  scroller(
    'Members',
    h(
      'ul.people',
      {},
      draw.state.users
        .filter(({ id }) => members.includes(id))
        .map((user) =>
          h(
            'li.person-row',
            { key: user.id },
            avatarNode(user, 'small'),
            h('span', {}, user.realName),
            h('span.person-handle', {}, `@${user.name}`),
            user.id === draw.state.as
              ? h('span.you-tag', {}, 'you')
              : user.isBot
                ? h('span.app-tag', {}, 'App')
                : h(
                    'button.link',
                    {
                      attrs: { type: 'button', 'aria-label': `Act as ${user.realName}` },
                      on: { click: () => draw.intents.actAs(user.id) },
                    },
                    'Act as',
                  ),
          ),
        ),
    ),
  );
