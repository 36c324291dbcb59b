/** Blocks that always fit: each builder cuts its text, `message` and `modal` cut the whole. Callers escape what people typed. */
import type {
  ActionsBlockElement,
  Button,
  ContextBlock,
  InputBlock,
  KnownBlock,
  ModalView,
  PlainTextElement,
  PlainTextOption,
  SectionBlock,
} from '@slack/types';
import type { ChatMessage } from '../../ports.ts';
import { plain } from '../escape.ts';
import { type ActionName, type ActionValue, actionOf, type ModalMetadata, type ModalName, modalOf } from '../ids.ts';
import {
  ACTIONS_ELEMENTS_MAX,
  BUTTON_CHARACTERS_MAX,
  BUTTON_VALUE_CHARACTERS_MAX,
  characters,
  cutMarkup,
  FALLBACK_CHARACTERS_MAX,
  fitLines,
  LABEL_CHARACTERS_MAX,
  MESSAGE_BLOCKS_CHARACTERS_MAX,
  MESSAGE_BLOCKS_MAX,
  MODAL_BLOCKS_MAX,
  MODAL_TITLE_CHARACTERS_MAX,
  OPTION_CHARACTERS_MAX,
  PLACEHOLDER_CHARACTERS_MAX,
  SECTION_CHARACTERS_MAX,
} from '../limits.ts';

export const plainText = (text: string, maxCharacters: number): PlainTextElement => ({
  type: 'plain_text',
  text: plain(text, maxCharacters),
  emoji: true,
});

export const section = (lines: string | readonly string[], accessory?: SectionBlock['accessory']): SectionBlock => ({
  type: 'section',
  text: { type: 'mrkdwn', text: fitLines([lines].flat(), SECTION_CHARACTERS_MAX) || '–' },
  ...(accessory !== undefined && { accessory }),
});
export const context = (text: string): ContextBlock => ({
  type: 'context',
  elements: [{ type: 'mrkdwn', text: cutMarkup(text, SECTION_CHARACTERS_MAX) || '–' }],
});
export const divider: KnownBlock = { type: 'divider' };
export const actions = (elements: readonly ActionsBlockElement[]): readonly KnownBlock[] =>
  elements.length === 0 ? [] : [{ type: 'actions', elements: elements.slice(0, ACTIONS_ELEMENTS_MAX) }];

export type ButtonOptions = {
  /** Tells equal buttons of one block apart. */
  readonly nth?: string | number;
  readonly style?: 'primary' | 'danger';
  /** What a screen reader says, where the label alone repeats: "Run Security groups". */
  readonly says?: string;
};
export const button = <N extends ActionName>(
  label: string,
  name: N,
  value: ActionValue<N>,
  { nth, style, says }: ButtonOptions = {},
): Button => {
  const action = actionOf(name, value, nth);
  if (action.value.length > BUTTON_VALUE_CHARACTERS_MAX) throw new Error(`The value of the button ${name} is too long.`);
  return {
    type: 'button',
    text: plainText(label, BUTTON_CHARACTERS_MAX),
    ...action,
    ...(style !== undefined && { style }),
    ...(says !== undefined && { accessibility_label: plain(says, BUTTON_CHARACTERS_MAX) }),
  };
};

export const option = (label: string, value: string, description?: string): PlainTextOption => ({
  text: plainText(label, OPTION_CHARACTERS_MAX),
  value,
  ...(description !== undefined && { description: plainText(description, OPTION_CHARACTERS_MAX) }),
});

export const input = (
  name: string,
  label: string,
  element: InputBlock['element'],
  options: { readonly hint?: string; readonly optional?: boolean } = {},
): InputBlock => ({
  type: 'input',
  block_id: name,
  label: plainText(label, LABEL_CHARACTERS_MAX),
  element: { ...element, action_id: name } as InputBlock['element'],
  ...(options.hint !== undefined && { hint: plainText(options.hint, LABEL_CHARACTERS_MAX) }),
  ...(options.optional === true && { optional: true }),
});
export const textInput = (options: {
  readonly multiline?: boolean;
  readonly max: number;
  readonly initial?: string;
  readonly placeholder?: string;
}): InputBlock['element'] => ({
  type: 'plain_text_input',
  max_length: options.max,
  ...(options.multiline === true && { multiline: true }),
  ...(options.initial !== undefined && { initial_value: [...options.initial].slice(0, options.max).join('') }),
  ...(options.placeholder !== undefined && { placeholder: plainText(options.placeholder, PLACEHOLDER_CHARACTERS_MAX) }),
});

const charactersIn = (value: unknown): number => {
  if (typeof value === 'string') return characters(value);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, each) => sum + charactersIn(each), 0);
};

/** Blocks from the top as long as they fit, and a line that says how many did not: what matters comes first. */
export const fitBlocks = (blocks: readonly KnownBlock[], maxBlocks: number, maxCharacters: number): KnownBlock[] => {
  const more = (count: number): KnownBlock => context(`… ${count} more`);
  const sizes = blocks.map(charactersIn);
  if (blocks.length <= maxBlocks && sizes.reduce((sum, size) => sum + size, 0) <= maxCharacters) return [...blocks];
  const room = maxCharacters - charactersIn(more(blocks.length));
  let used = 0;
  const kept = blocks.slice(0, maxBlocks - 1).filter((_, index) => {
    used += sizes[index] ?? 0;
    return used <= room;
  });
  return [...kept, more(blocks.length - kept.length)];
};

export const message = (text: string, blocks: readonly KnownBlock[]): ChatMessage => ({
  text: cutMarkup(text, FALLBACK_CHARACTERS_MAX),
  blocks: fitBlocks(blocks, MESSAGE_BLOCKS_MAX, MESSAGE_BLOCKS_CHARACTERS_MAX),
});

/** Characters of all blocks of a modal; Slack takes 250 kB in all. */
const MODAL_CHARACTERS_MAX = 50_000;

export const modal = <N extends ModalName>(
  name: N,
  metadata: ModalMetadata<N>,
  view: {
    readonly title: string;
    readonly submit?: string | undefined;
    readonly close?: string;
    readonly blocks: readonly KnownBlock[];
  },
): ModalView => ({
  type: 'modal',
  ...modalOf(name, metadata),
  title: plainText(view.title, MODAL_TITLE_CHARACTERS_MAX),
  ...(view.submit !== undefined && { submit: plainText(view.submit, MODAL_TITLE_CHARACTERS_MAX) }),
  close: plainText(view.close ?? 'Close', MODAL_TITLE_CHARACTERS_MAX),
  blocks: fitBlocks(view.blocks, MODAL_BLOCKS_MAX, MODAL_CHARACTERS_MAX),
});
