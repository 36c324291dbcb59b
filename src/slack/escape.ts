/**
 * Everything that a person or AWS wrote goes through here before it is put into a message: a title must not be able to
 * ping a channel. https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
import { cut } from './limits.ts';

export const escapeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

// Control characters and the marks that turn the direction of text around: they let a title pretend to be another.
const UNSEEN = /[\u0000-\u0009\u000B-\u001F\u007F\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g;

const oneLine = (text: string): string => text.replace(UNSEEN, ' ').replaceAll(/\s+/g, ' ').trim();

/** What somebody typed, on one line of markup. */
export const typed = (text: string, maxCharacters = 300): string => escapeText(cut(oneLine(text), maxCharacters));

/** What somebody typed, with its lines. */
export const typedLines = (text: string, maxCharacters = 1_000): string =>
  escapeText(cut(text.replaceAll('\r\n', '\n').replace(UNSEEN, ' ').trim(), maxCharacters));

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
