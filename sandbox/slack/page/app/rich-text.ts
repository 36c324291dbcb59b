/** The `rich_text` block: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
import type { RichTextBlock, RichTextElement } from '@slack/types';
import type { Draw } from './draw.ts';
import { emojiNode } from './emoji.ts';
import { channelNode, dateNode, linkNode, preformatted, userNode } from './inline.ts';
import { type Child, h, type VElement, type VNode } from './vdom.ts';

type Part = RichTextBlock['elements'][number];
type Style = { readonly bold?: boolean; readonly italic?: boolean; readonly strike?: boolean; readonly code?: boolean };

const TAGS: readonly (readonly [keyof Style, string])[] = [
  ['code', 'code'],
  ['strike', 's'],
  ['italic', 'em'],
  ['bold', 'strong'],
];

const styled = (node: Child, style: Style | undefined): Child =>
  TAGS.reduce((inner, [name, tag]) => (style?.[name] ? h(tag, {}, inner) : inner), node);

/** A text node keeps no line ends on the screen. */
const lines = (text: string): Child[] => text.split('\n').flatMap((line, index) => (index === 0 ? [line] : [h('br'), line]));

const leafNode = (leaf: RichTextElement, draw: Draw): Child => {
  switch (leaf.type) {
    case 'text':
      return lines(leaf.text);
    case 'link':
      return linkNode(leaf.url, leaf.text ?? leaf.url, draw);
    case 'user':
      return userNode(leaf.user_id, undefined, draw);
    case 'channel':
      return channelNode(leaf.channel_id, undefined, draw);
    case 'broadcast':
      return h('span.mention.mention-me', {}, `@${leaf.range}`);
    case 'emoji':
      return emojiNode({ name: leaf.name });
    case 'date':
      return dateNode({ seconds: leaf.timestamp, format: leaf.format, url: leaf.url }, draw);
    case 'usergroup':
      return h('span.mention', {}, `@${leaf.usergroup_id}`);
    case 'team':
      return h('span.mention', {}, leaf.team_id);
    case 'color':
      return h('span.color-value', {}, leaf.value);
  }
};

const leafNodes = (leaves: readonly RichTextElement[], draw: Draw): Child[] =>
  leaves.map((leaf) => styled(leafNode(leaf, draw), leaf.style as Style | undefined));

const partNode = (part: Part, draw: Draw): VElement => {
  switch (part.type) {
    case 'rich_text_section':
      return h('p', {}, leafNodes(part.elements, draw));
    case 'rich_text_quote':
      return h('blockquote', {}, leafNodes(part.elements, draw));
    case 'rich_text_preformatted':
      return preformatted(leafNodes(part.elements, draw));
    case 'rich_text_list':
      return h(
        part.style === 'ordered' ? 'ol' : 'ul',
        {
          class: `indent-${part.indent ?? 0}`,
          attrs: { start: 'offset' in part && typeof part.offset === 'number' ? part.offset + 1 : undefined },
        },
        part.elements.map((item) => h('li', {}, leafNodes(item.elements, draw))),
      );
  }
};

export const richTextNodes = (block: RichTextBlock, draw: Draw): VNode[] => block.elements.map((part) => partNode(part, draw));
