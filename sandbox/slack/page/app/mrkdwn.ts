/**
 * Slack's mrkdwn as a tree. Pure: it knows no user, no channel and no browser.
 * https://docs.slack.dev/messaging/formatting-message-text/
 */
import { EMOJI } from './emoji-names.ts';

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'break' }
  | { readonly kind: 'bold' | 'italic' | 'strike'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly url: string; readonly text: string }
  | { readonly kind: 'user'; readonly id: string; readonly label?: string }
  | { readonly kind: 'channel'; readonly id: string; readonly label?: string }
  | { readonly kind: 'broadcast'; readonly range: string }
  | {
      readonly kind: 'date';
      readonly seconds: number;
      readonly format: string;
      readonly url?: string;
      readonly fallback: string;
    }
  | { readonly kind: 'emoji'; readonly name: string }
  | { readonly kind: 'character'; readonly character: string };
export type Paragraph =
  | { readonly kind: 'text' | 'quote'; readonly children: readonly Inline[] }
  | { readonly kind: 'preformatted'; readonly text: string };

/** Only these may be followed; `javascript:` and friends stay text. */
const SAFE_URL = /^(?:https?:\/\/|mailto:)/i;
export const isSafeUrl = (url: string): boolean => SAFE_URL.test(url);

/** Slack escapes exactly these three. https://docs.slack.dev/messaging/formatting-message-text/#escaping */
export const unescapeText = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
export const escapeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export function parseMrkdwn(source: string): readonly Paragraph[] {
  return source.split(/```([\s\S]*?)```/).flatMap((part, index): Paragraph[] => {
    if (index % 2 === 1) return [{ kind: 'preformatted', text: plainAngles(part.replace(/^\n|\n$/g, '')) }];
    // The line ends around a code block belong to it; an empty rest is no paragraph.
    const text = part.replace(index > 0 ? /^\n/ : /^$/, '').replace(/\n+$/, '');
    return text === '' ? [] : parseLines(text.split('\n'));
  });
}

function parseLines(lines: readonly string[]): Paragraph[] {
  const paragraphs: { kind: 'text' | 'quote'; lines: string[] }[] = [];
  let quotesRest = false;
  for (const line of lines) {
    const restMark = /^(?:>>>|&gt;&gt;&gt;) ?/.exec(line);
    if (restMark) quotesRest = true;
    const mark = restMark ?? (quotesRest ? null : /^(?:>|&gt;) ?/.exec(line));
    const kind = mark || quotesRest ? 'quote' : 'text';
    const text = mark ? line.slice(mark[0].length) : line;
    const last = paragraphs.at(-1);
    if (last?.kind === kind) last.lines.push(text);
    else paragraphs.push({ kind, lines: [text] });
  }
  return paragraphs.map((each) => ({ kind: each.kind, children: joinLines(each.lines.map((line) => parseInline(line))) }));
}

const joinLines = (lines: readonly (readonly Inline[])[]): Inline[] =>
  lines.flatMap((line, index) => (index === 0 ? line : [{ kind: 'break' } as const, ...line]));

const STYLES: Readonly<Record<string, 'bold' | 'italic' | 'strike'>> = { '*': 'bold', _: 'italic', '~': 'strike' };
const WORD = /[\p{L}\p{N}]/u;
const EMOJI_NAME = /:([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?/y;
const BARE_URL = /https?:\/\/[^\s<>|*`"]+/y;

type Piece = { readonly node: Inline; readonly end: number };

/** One line (or any text without line ends) of mrkdwn. */
export function parseInline(source: string): Inline[] {
  const nodes: Inline[] = [];
  let text = '';
  let at = 0;
  const flush = (): void => {
    if (text !== '') nodes.push(...plainNodes(unescapeText(text)));
    text = '';
  };
  while (at < source.length) {
    const piece = pieceAt(source, at);
    if (piece) {
      flush();
      nodes.push(piece.node);
      at = piece.end;
    } else {
      text += source[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

function pieceAt(source: string, at: number): Piece | undefined {
  const character = source[at]!;
  if (character === '<') return angleAt(source, at);
  if (character === '`') return codeAt(source, at);
  if (character in STYLES) return styledAt(source, at);
  if (character === ':') return emojiAt(source, at);
  if (character === 'h') return bareUrlAt(source, at);
  return undefined;
}

function angleAt(source: string, at: number): Piece | undefined {
  const end = source.indexOf('>', at);
  if (end < 0) return undefined;
  return { node: parseAngle(source.slice(at + 1, end)), end: end + 1 };
}

function codeAt(source: string, at: number): Piece | undefined {
  const end = source.indexOf('`', at + 1);
  if (end <= at + 1) return undefined;
  return { node: { kind: 'code', text: plainAngles(source.slice(at + 1, end)) }, end: end + 1 };
}

function styledAt(source: string, at: number): Piece | undefined {
  const mark = source[at]!;
  const before = source[at - 1];
  const first = source[at + 1];
  if ((before && (WORD.test(before) || before === mark)) || !first || first === mark || first.trim() === '') return undefined;
  for (let end = at + 1; end < source.length; end += 1) {
    const skipped = source[end] === '<' ? angleAt(source, end) : source[end] === '`' ? codeAt(source, end) : undefined;
    if (skipped) {
      end = skipped.end - 1;
      continue;
    }
    if (source[end] !== mark || source[end - 1]!.trim() === '') continue;
    const after = source[end + 1];
    if (after && (WORD.test(after) || after === mark)) continue;
    return { node: { kind: STYLES[mark]!, children: parseInline(source.slice(at + 1, end)) }, end: end + 1 };
  }
  return undefined;
}

function emojiAt(source: string, at: number): Piece | undefined {
  EMOJI_NAME.lastIndex = at;
  const match = EMOJI_NAME.exec(source);
  if (!match || !EMOJI.has(match[1]!)) return undefined;
  return { node: { kind: 'emoji', name: match[1]! }, end: at + match[0].length };
}

function bareUrlAt(source: string, at: number): Piece | undefined {
  if (at > 0 && WORD.test(source[at - 1]!)) return undefined;
  BARE_URL.lastIndex = at;
  const match = BARE_URL.exec(source);
  if (!match) return undefined;
  // A sentence's own punctuation is not part of the address it ends with.
  const raw = match[0].replace(/(?:&gt;|&lt;)[\s\S]*$/, '').replace(/[.,;:!?)'_~…”]+$/, '');
  const url = unescapeText(raw);
  return { node: { kind: 'link', url, text: url }, end: at + raw.length };
}

/** What stands between `<` and `>`. */
function parseAngle(content: string): Inline {
  const bar = content.indexOf('|');
  const target = bar < 0 ? content : content.slice(0, bar);
  const label = bar < 0 ? undefined : unescapeText(content.slice(bar + 1));
  const labelled = label === undefined ? {} : { label };
  if (/^@[UWB]/.test(target)) return { kind: 'user', id: target.slice(1), ...labelled };
  if (/^#[CGD]/.test(target)) return { kind: 'channel', id: target.slice(1), ...labelled };
  if (target.startsWith('!date^')) return parseDate(target, label ?? '');
  if (/^!(?:channel|here|everyone)$/.test(target)) return { kind: 'broadcast', range: target.slice(1) };
  if (target.startsWith('!')) return { kind: 'text', text: label ?? target };
  const url = unescapeText(target);
  if (isSafeUrl(url)) return { kind: 'link', url, text: label || url };
  return { kind: 'text', text: label ?? `<${url}>` };
}

function parseDate(target: string, fallback: string): Inline {
  const [, seconds = '', format = '', url] = target.split('^');
  const value = Number(seconds);
  if (seconds === '' || !Number.isFinite(value)) return { kind: 'text', text: fallback };
  return { kind: 'date', seconds: value, format: unescapeText(format), fallback, ...(url && isSafeUrl(url) ? { url } : {}) };
}

/** Inside code nothing is marked up; an angle form shows what it would have been called. */
const plainAngles = (source: string): string =>
  unescapeText(source.replace(/<([^<>\n]+)>/g, (_whole, content: string) => content.split('|').at(-1) ?? ''));

/** Plain text, with its emoji characters apart. */
export function plainNodes(text: string): Inline[] {
  return text
    .split(/(\p{RGI_Emoji}|[\u23E9-\u23F3\u26A0\u2705\u274C\u26AA\u26AB]\uFE0F?)/v)
    .filter((part) => part !== '')
    .map(
      (part): Inline =>
        /^(?:\p{RGI_Emoji}|[\u23E9-\u23F3\u26A0\u2705\u274C\u26AA\u26AB])/v.test(part)
          ? { kind: 'character', character: part }
          : { kind: 'text', text: part },
    );
}

/** A `plain_text` object: names of emoji are honoured, nothing else is. */
export function parsePlain(source: string, emoji = true): Inline[] {
  return joinLines(
    unescapeText(source)
      .split('\n')
      .map((line) =>
        line
          .split(/(:[a-z0-9_+'-]+:)/)
          .flatMap((part): Inline[] =>
            emoji && EMOJI.has(part.slice(1, -1)) && part.startsWith(':')
              ? [{ kind: 'emoji', name: part.slice(1, -1) }]
              : plainNodes(part),
          ),
      ),
  );
}
