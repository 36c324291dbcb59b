/** The `markdown` block's text as a tree: the standard marks that bots write, not the whole of CommonMark. */
import { type Inline, isSafeUrl, plainNodes } from './mrkdwn.ts';

export type MarkdownBlock =
  | { readonly kind: 'heading'; readonly level: number; readonly children: readonly Inline[] }
  | { readonly kind: 'paragraph' | 'quote'; readonly children: readonly Inline[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: 'table'; readonly rows: readonly (readonly (readonly Inline[])[])[] }
  | { readonly kind: 'preformatted'; readonly text: string }
  | { readonly kind: 'rule' };

type Rule = {
  readonly first: RegExp;
  readonly more: RegExp;
  readonly make: (lines: readonly string[]) => MarkdownBlock;
};

const strip = (mark: RegExp) => (line: string) => parseMarkdownInline(line.replace(mark, ''));
const LIST_MARK = /^\s*(?:[-*+]|\d+[.)]) (?:\[[ x]\] )?/;
const cells = (line: string) =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|');

const RULES: readonly Rule[] = [
  {
    first: /^#{1,6} /,
    more: /^$^/,
    make: ([line = '']) => ({
      kind: 'heading',
      level: /^#+/.exec(line)![0].length,
      children: parseMarkdownInline(line.replace(/^#+ /, '')),
    }),
  },
  { first: /^(?:-{3,}|\*{3,})$/, more: /^$^/, make: () => ({ kind: 'rule' }) },
  {
    first: /^\s*(?:[-*+]|\d+[.)]) /,
    more: LIST_MARK,
    make: (lines) => ({ kind: 'list', ordered: /^\s*\d/.test(lines[0] ?? ''), items: lines.map(strip(LIST_MARK)) }),
  },
  { first: /^> ?/, more: /^> ?/, make: (lines) => ({ kind: 'quote', children: joined(lines.map(strip(/^> ?/))) }) },
  {
    first: /^\|/,
    more: /^\|/,
    make: (lines) => ({
      kind: 'table',
      rows: lines
        .filter((line) => !/^\|[\s:|-]+\|?$/.test(line))
        .map((line) => cells(line).map((cell) => parseMarkdownInline(cell.trim()))),
    }),
  },
];

const joined = (lines: readonly (readonly Inline[])[]): Inline[] =>
  lines.flatMap((line, index) => (index === 0 ? line : [{ kind: 'break' } as const, ...line]));

export function parseMarkdown(source: string): readonly MarkdownBlock[] {
  return source
    .split(/^```[^\n]*\n([\s\S]*?)^```\s*$/m)
    .flatMap((part, index): readonly MarkdownBlock[] =>
      index % 2 === 1 ? [{ kind: 'preformatted', text: part.replace(/\n$/, '') }] : parseProse(part.split('\n')),
    );
}

function parseProse(lines: readonly string[]): MarkdownBlock[] {
  const blocks: MarkdownBlock[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at]!;
    const rule = RULES.find((each) => each.first.test(line));
    const belongs = rule
      ? (next: string) => rule.more.test(next)
      : (next: string) => next !== '' && !RULES.some((each) => each.first.test(next));
    let end = at + 1;
    while (end < lines.length && belongs(lines[end]!)) end += 1;
    const taken = lines.slice(at, end);
    if (rule) blocks.push(rule.make(taken));
    else if (line !== '') blocks.push({ kind: 'paragraph', children: joined(taken.map(parseMarkdownInline)) });
    at = end;
  }
  return blocks;
}

const SPAN = /`([^`]+)`|\*\*(.+?)\*\*|~~(.+?)~~|(?<![\w*])[*_](?!\s)([^*_]+?)(?<!\s)[*_](?![\w*])|\[([^\]]+)\]\(([^)\s]+)\)/;

export function parseMarkdownInline(source: string): Inline[] {
  const match = SPAN.exec(source);
  if (!match) return plainNodes(source);
  const before = plainNodes(source.slice(0, match.index));
  const after = parseMarkdownInline(source.slice(match.index + match[0].length));
  return [...before, spanNode(match), ...after];
}

function spanNode([whole, code, bold, strike, italic, text, url]: RegExpExecArray): Inline {
  if (code !== undefined) return { kind: 'code', text: code };
  if (bold !== undefined) return { kind: 'bold', children: parseMarkdownInline(bold) };
  if (strike !== undefined) return { kind: 'strike', children: parseMarkdownInline(strike) };
  if (italic !== undefined) return { kind: 'italic', children: parseMarkdownInline(italic) };
  if (url !== undefined && isSafeUrl(url)) return { kind: 'link', url, text: text ?? url };
  return { kind: 'text', text: whole };
}
