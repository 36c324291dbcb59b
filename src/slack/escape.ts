/**
 * Everything that a person or AWS wrote goes through here before it is put into a message: a title must not be able to
 * ping a channel. https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
import { cut } from './limits.ts';

export const escapeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

// Control characters and the marks that turn the direction of text around: they let a title pretend to be another.
const UNSEEN = /(?!\n)[\p{Cc}\p{Bidi_Control}\u200B\uFEFF]/gu;

const oneLine = (text: string): string => text.replace(UNSEEN, ' ').replaceAll(/\s+/g, ' ').trim();

/** What somebody typed, on one line of markup. */
export const typed = (text: string, maxCharacters = 300): string => escapeText(cut(oneLine(text), maxCharacters));

/** What somebody typed, with its lines. */
export const typedLines = (text: string, maxCharacters = 1_000): string =>
  escapeText(cut(text.replaceAll('\r\n', '\n').replace(UNSEEN, ' ').trim(), maxCharacters));

const ESCAPED_PERSON = /&lt;@([UW][A-Z0-9]+)&gt;/g;
/** Sentences of the bot's own that name people: mentions of one person are let through, nothing else is. */
export const withPeople = (text: string, maxCharacters = 1_000): string =>
  typedLines(text, maxCharacters).replaceAll(ESCAPED_PERSON, '<@$1>');

/** For `plain_text`, where there is no markup and nothing to escape; what looks like a mention loses its brackets all the same. */
export const plain = (text: string, maxCharacters: number): string =>
  cut(oneLine(text).replaceAll('<', '‹').replaceAll('>', '›'), maxCharacters) || '–';

/** Evidence as it is: fixed width, its lines kept. */
export const codeBlock = (lines: readonly string[], maxCharacters: number): string =>
  `\`\`\`${escapeText(cut(lines.join('\n').replaceAll('```', "'''").replace(UNSEEN, ' '), maxCharacters))}\`\`\``;
export const code = (text: string): string => `\`${typed(text.replaceAll('`', "'"), 200)}\``;

const USER_ID = /^[UW][A-Z0-9]+$/;
/** `bot` is how the log names what the bot did by itself. */
export const person = (id: string): string => (id === 'bot' ? 'Firebreak' : USER_ID.test(id) ? `<@${id}>` : typed(id, 60));
