/** Block Kit onto the screen: https://docs.slack.dev/reference/block-kit/blocks. A block that nobody knows is said, not hidden. */
import type { Block, KnownBlock, TextObject } from '@slack/types';
import { cardNode, containerNode, dataTableNode, fileNode, planNode, tableBlockNode, taskNode, videoNode } from './cards.ts';
import type { Element } from './choices.ts';
import type { Control } from './control.ts';
import { controlNode } from './controls.ts';
import { type Draw, type Place, pressKey } from './draw.ts';
import { markdownNodes, mrkdwnNodes, plainNodesOf, textNodes } from './inline.ts';
import { inputNode } from './input-block.ts';
import { imageElement, imageFigure } from './pictures.ts';
import { richTextNodes } from './rich-text.ts';
import { type Child, h, textOf, type VElement } from './vdom.ts';

export type AnyBlock = KnownBlock | Block;
type Of<Type extends KnownBlock['type']> = Extract<KnownBlock, { type: Type }>;
type Renderers = { readonly [Type in KnownBlock['type']]: (block: Of<Type>, place: Place, draw: Draw) => Child };

const control = (element: unknown, block: Block, place: Place, draw: Draw, context = ''): Child => {
  const each: Control = { element: element as Element, place, blockId: block.block_id ?? '', dispatch: true, context };
  return controlNode(each, draw);
};

/** The first words of a text: enough to tell one row's menu from the next one's. */
const gist = (text: TextObject | undefined, draw: Draw): string => {
  const CHARACTERS_MAX = 60;
  const words = text ? textOf(h('div', {}, textNodes(text, draw))).split('\n')[0]! : '';
  return words.length > CHARACTERS_MAX ? `${words.slice(0, CHARACTERS_MAX)}…` : words.trim();
};

function sectionNode(block: Of<'section'>, place: Place, draw: Draw): Child {
  const { text, fields, accessory } = block;
  return [
    h(
      'div.section-body',
      {},
      text && h('div.text', {}, textNodes(text, draw)),
      fields &&
        h(
          'div.fields',
          {},
          fields.map((field) => h('div.text', {}, textNodes(field, draw))),
        ),
    ),
    accessory &&
      h(
        'div.accessory',
        {},
        accessory.type === 'image'
          ? imageElement(accessory, draw, 'accessory-image')
          : control(accessory, block, place, draw, gist(text, draw)),
      ),
  ];
}

const ALERT_WORDS = { default: 'Note', info: 'Information', warning: 'Warning', error: 'Error', success: 'Done' } as const;
const ALERT_SIGNS = { default: '•', info: 'i', warning: '!', error: '×', success: '✓' } as const;

function alertNode({ text, level = 'default' }: Of<'alert'>, _: Place, draw: Draw): Child {
  return h(
    `div.alert.alert-${level}`,
    { attrs: { role: 'note', 'aria-label': ALERT_WORDS[level] } },
    h('span.alert-sign', { attrs: { 'aria-hidden': 'true' } }, ALERT_SIGNS[level]),
    h('div.text', {}, h('span.visually-hidden', {}, `${ALERT_WORDS[level]}: `), textNodes(text, draw)),
  );
}

const contextNode = (block: Of<'context'>, _: Place, draw: Draw): Child =>
  block.elements.map((element) =>
    element.type === 'image' ? imageElement(element, draw, 'context-image') : h('span.text', {}, textNodes(element, draw)),
  );

const actionsNode = (block: { readonly elements: readonly unknown[] } & Block, place: Place, draw: Draw): Child =>
  block.elements.map((element) => control(element, block, place, draw));

/** Feedback buttons are two buttons under one name; an icon button is a button. */
function contextActionsNode(block: Of<'context_actions'>, place: Place, draw: Draw): Child {
  return block.elements.map((element) => {
    if (element.type === 'icon_button') return control({ ...element, type: 'button' }, block, place, draw);
    const both = [element.positive_button, element.negative_button];
    return both.map((button) => control({ ...button, type: 'button', action_id: element.action_id }, block, place, draw));
  });
}

const RENDERERS: Renderers = {
  section: sectionNode,
  header: ({ text }, _, draw) => h('h3', {}, plainNodesOf(text, draw)),
  divider: () => h('hr'),
  context: contextNode,
  context_actions: contextActionsNode,
  actions: actionsNode,
  image: (block, _, draw) => imageFigure(block, draw),
  input: inputNode,
  rich_text: (block, _, draw) => h('div.text', {}, richTextNodes(block, draw)),
  markdown: ({ text }, _, draw) => h('div.text.markdown', {}, markdownNodes(text, draw)),
  alert: alertNode,
  table: (block, _, draw) => tableBlockNode(block, draw),
  data_table: (block, _, draw) => dataTableNode(block, draw),
  plan: (block, _, draw) => planNode(block, draw),
  task_card: (block, _, draw) => taskNode(block, draw),
  card: (block, place, draw) => cardNode(block, draw, (button) => control(button, block, place, draw)),
  carousel: ({ elements }, place, draw) =>
    elements.map((card) =>
      h(
        'div.carousel-card',
        {},
        cardNode(card, draw, (button) => control(button, card, place, draw)),
      ),
    ),
  container: (block, place, draw) => containerNode(block, draw, () => blockNodes(block.child_blocks, place, draw)),
  file: (block) => fileNode(block),
  video: (block, _, draw) => videoNode(block, draw),
};

const isKnown = (block: AnyBlock): block is KnownBlock => Object.hasOwn(RENDERERS, block.type);

function contentOf(block: AnyBlock, place: Place, draw: Draw): Child {
  if (!isKnown(block)) return h('p.unknown', {}, `This page cannot show the block “${block.type}”.`);
  const render = RENDERERS[block.type] as (each: KnownBlock, where: Place, draw: Draw) => Child;
  return render(block, place, draw);
}

/** What went wrong with the last press in this block, in words. */
function troubleOf(block: AnyBlock, place: Place, draw: Draw): Child {
  const prefix = pressKey(place, block.block_id ?? '', '');
  const presses = [...draw.ui.presses].filter(([key]) => key.startsWith(prefix)).map(([, press]) => press);
  return presses.map((press) => {
    if (press.stage === 'failed') return h('p.trouble', { attrs: { role: 'alert' } }, press.sentence);
    return press.stage === 'slow' && h('p.waiting', {}, 'Sent. Waiting for the app to answer…');
  });
}

/**
 * What a block is known by from one edit of its message to the next. Its id is new with every edit, so it would take the focus
 * of whoever is on one of its buttons along: a row of buttons is known by its last one, anything else by how many of its kind
 * stand before it. What a form holds is kept by its id.
 */
export function blockKeys(blocks: readonly AnyBlock[]): string[] {
  const seen = new Map<string, number>();
  return blocks.map((block) => {
    if (block.type === 'input' && block.block_id !== undefined) return block.block_id;
    const last = (block as { readonly elements?: readonly { readonly action_id?: string }[] }).elements?.at(-1)?.action_id;
    const kind = last === undefined ? block.type : `${block.type}:${last}`;
    const nth = seen.get(kind) ?? 0;
    seen.set(kind, nth + 1);
    return `${kind}#${nth}`;
  });
}

export function blockNodes(blocks: readonly AnyBlock[], place: Place, draw: Draw): VElement[] {
  const keys = blockKeys(blocks);
  return blocks.map((block, index) =>
    h(
      `div.block.block-${isKnown(block) ? block.type : 'unknown'}`,
      { key: keys[index] ?? String(index) },
      contentOf(block, place, draw),
      troubleOf(block, place, draw),
    ),
  );
}

/** A message's body: its blocks, or its text when it has none. */
export const bodyNodes = (
  message: { readonly text: string; readonly blocks: readonly AnyBlock[] },
  place: Place,
  draw: Draw,
): Child =>
  message.blocks.length > 0 ? blockNodes(message.blocks, place, draw) : h('div.text', {}, mrkdwnNodes(message.text, draw));
