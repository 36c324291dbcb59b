import type { Block, KnownBlock } from '@slack/types';

type Text = { readonly text: string };
type Loose = {
  readonly type: string;
  readonly text?: Text;
  readonly fields?: readonly Text[];
  readonly elements?: readonly { readonly type: string; readonly text?: Text | string }[];
  readonly label?: Text;
  readonly accessory?: { readonly text?: Text };
};

/** A message as plain text, for a transcript: markup undone, buttons in brackets. */
export const readable = ({
  text,
  blocks,
}: {
  readonly text: string;
  readonly blocks: readonly (KnownBlock | Block)[];
}): string => {
  const lines = (blocks as readonly Loose[]).flatMap(linesOf);
  return plain((lines.length > 0 ? lines : [text]).join('\n'));
};

const linesOf = (block: Loose): readonly string[] => {
  switch (block.type) {
    case 'divider':
      return ['─'.repeat(60)];
    case 'actions':
      return [(block.elements ?? []).map((element) => `[${wordsOf(element)}]`).join(' ')];
    case 'context':
      return (block.elements ?? []).map(wordsOf);
    case 'input':
      return [`${block.label?.text ?? ''}: ____`];
    default:
      return [
        block.text?.text ?? '',
        ...(block.fields ?? []).map(({ text }) => text),
        ...(block.accessory?.text === undefined ? [] : [`[${block.accessory.text.text}]`]),
      ].filter((line) => line !== '');
  }
};
const wordsOf = ({ type, text }: { readonly type: string; readonly text?: Text | string }): string =>
  typeof text === 'string' ? text : (text?.text ?? (type === 'overflow' ? '⋯' : type));

const plain = (text: string): string =>
  text
    .replace(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<([@#!])([^|>]+)(?:\|([^>]*))?>/g, (_, sign: string, id: string, name?: string) => `${sign}${name ?? id}`)
    .replace(/<([^|>]+)\|([^>]*)>/g, '$2')
    .replace(/\*([^*\n]+)\*/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
