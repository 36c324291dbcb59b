/** Inline trees, as `mrkdwn.ts` and `markdown.ts` read them, onto the screen. */
import type { PlainTextElement, TextObject } from '@slack/types';
import { channelName, channelOf, type Draw, userOf } from './draw.ts';
import { emojiNode } from './emoji.ts';
import { type MarkdownBlock, parseMarkdown } from './markdown.ts';
import { type Inline, isSafeUrl, type Paragraph, parseMrkdwn, parsePlain } from './mrkdwn.ts';
import { formatSlackDate, fullMoment } from './time.ts';
import { type Child, h, type VElement, type VNode } from './vdom.ts';

export function linkNode(url: string, children: Child, draw: Draw): VElement {
  if (!isSafeUrl(url)) return h('span', {}, children);
  const click = (event: Event): void => {
    if (draw.intents.follow(url)) event.preventDefault();
  };
  return h('a', { attrs: { href: url, target: '_blank', rel: 'noreferrer noopener' }, on: { click } }, children);
}

export function userNode(id: string, label: string | undefined, draw: Draw): VElement {
  const user = userOf(draw, id);
  const name = user?.name ?? label ?? id;
  return h(
    'span.mention',
    { class: id === draw.state.as ? 'mention-me' : undefined, attrs: { title: user?.realName } },
    `@${name}`,
  );
}

export function channelNode(id: string, label: string | undefined, draw: Draw): VElement {
  const channel = channelOf(draw, id);
  const text = `#${channel ? channelName(draw, channel) : (label ?? 'private channel')}`;
  if (!channel) return h('span.mention', {}, text);
  return h(
    'button.mention.mention-channel',
    { attrs: { type: 'button' }, on: { click: () => draw.intents.openMain({ kind: 'channel', id }) } },
    text,
  );
}

export function dateNode(
  date: { readonly seconds: number; readonly format: string; readonly url?: string | undefined },
  draw: Draw,
): VElement {
  const text = formatSlackDate(date.seconds, date.format, draw.nowSeconds, draw.zone);
  const time = h(
    'time',
    { attrs: { datetime: new Date(date.seconds * 1000).toISOString(), title: fullMoment(date.seconds, draw.zone) } },
    text,
  );
  return date.url === undefined ? time : linkNode(date.url, time, draw);
}

const inlineNode = (node: Inline, draw: Draw): VNode => {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'break':
      return h('br');
    case 'bold':
      return h('strong', {}, inlineNodes(node.children, draw));
    case 'italic':
      return h('em', {}, inlineNodes(node.children, draw));
    case 'strike':
      return h('s', {}, inlineNodes(node.children, draw));
    case 'code':
      return h('code', {}, node.text);
    case 'link':
      return linkNode(node.url, node.text, draw);
    case 'user':
      return userNode(node.id, node.label, draw);
    case 'channel':
      return channelNode(node.id, node.label, draw);
    case 'broadcast':
      return h('span.mention.mention-me', {}, `@${node.range}`);
    case 'date':
      return dateNode(node, draw);
    case 'emoji':
      return emojiNode({ name: node.name });
    case 'character':
      return emojiNode({ character: node.character });
  }
};

export const inlineNodes = (nodes: readonly Inline[], draw: Draw): VNode[] => nodes.map((node) => inlineNode(node, draw));

const paragraphNode = (paragraph: Paragraph, draw: Draw): VElement => {
  if (paragraph.kind === 'preformatted') return preformatted(paragraph.text);
  return h(paragraph.kind === 'quote' ? 'blockquote' : 'p', {}, inlineNodes(paragraph.children, draw));
};

/** Focusable, so that a long line can be scrolled by keyboard. */
export const preformatted = (children: Child): VElement =>
  h('pre', { attrs: { tabindex: 0, role: 'region', 'aria-label': 'Code' } }, children);

export const mrkdwnNodes = (text: string, draw: Draw): VElement[] => parseMrkdwn(text).map((each) => paragraphNode(each, draw));

export const plainNodesOf = ({ text, emoji }: PlainTextElement, draw: Draw): VNode[] =>
  inlineNodes(parsePlain(text, emoji !== false), draw);

export const textNodes = (text: TextObject, draw: Draw): VNode[] =>
  text.type === 'mrkdwn' ? mrkdwnNodes(text.text, draw) : [h('p', {}, plainNodesOf(text, draw))];

const markdownNode = (block: MarkdownBlock, draw: Draw): VElement => {
  switch (block.kind) {
    case 'heading':
      // The page's own headings come first: a message cannot be above them.
      return h(`h${Math.min(6, block.level + 2)}`, {}, inlineNodes(block.children, draw));
    case 'paragraph':
      return h('p', {}, inlineNodes(block.children, draw));
    case 'quote':
      return h('blockquote', {}, inlineNodes(block.children, draw));
    case 'list':
      return h(
        block.ordered ? 'ol' : 'ul',
        {},
        block.items.map((item) => h('li', {}, inlineNodes(item, draw))),
      );
    case 'table':
      return tableNode(
        'Table',
        block.rows.map((row) => row.map((cell) => inlineNodes(cell, draw))),
      );
    case 'preformatted':
      return preformatted(block.text);
    case 'rule':
      return h('hr');
  }
};

export const markdownNodes = (text: string, draw: Draw): VElement[] =>
  parseMarkdown(text).map((each) => markdownNode(each, draw));

export type Align = 'left' | 'center' | 'right';

/** The first row is the head. Wide tables scroll by themselves, by keyboard too. */
export function tableNode(
  label: string,
  rows: readonly (readonly Child[])[],
  aligns: readonly (Align | undefined)[] = [],
): VElement {
  const [head = [], ...body] = rows;
  const cell = (tag: string) => (content: Child, column: number) =>
    h(tag, { class: `align-${aligns[column] ?? 'left'}`, attrs: tag === 'th' ? { scope: 'col' } : {} }, content);
  return h(
    'div.table-scroll',
    { attrs: { tabindex: 0, role: 'region', 'aria-label': label } },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, head.map(cell('th')))),
      h(
        'tbody',
        {},
        body.map((row) => h('tr', {}, row.map(cell('td')))),
      ),
    ),
  );
}
