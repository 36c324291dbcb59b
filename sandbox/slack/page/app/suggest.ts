/** What the composer offers while one types: commands, members, channels. Pure. */
import type { PageState } from '../../page-api.ts';
import type { Draft } from './draw.ts';

export type Suggestion = { readonly insert: string; readonly title: string; readonly detail: string };
export type Suggestions = {
  /** Where the word that is being completed starts. */
  readonly from: number;
  readonly items: readonly Suggestion[];
  /** How the command that stands there already is used. */
  readonly usage?: string;
};

const SUGGESTIONS_MAX = 8;
const NOTHING: Suggestions = { from: 0, items: [] };

export function suggestionsFor({ text, caret, dismissed }: Draft, state: PageState, inThread: boolean): Suggestions {
  const before = text.slice(0, caret);
  if (text.startsWith('/') && !inThread) return commandSuggestions(text, before, dismissed, state);
  const word = /(?:^|\s)([@#])([\p{L}\p{N}._-]*)$/u.exec(before);
  if (!word || dismissed) return NOTHING;
  const typed = word[2]!.toLowerCase();
  const all = word[1] === '@' ? people(state) : channels(state);
  const begins = (words: string): boolean =>
    words
      .toLowerCase()
      .split(/[\s-]+/)
      .some((each) => each.startsWith(typed));
  const items = all.filter(({ insert, title }) => insert.slice(1).startsWith(typed) || begins(title));
  return { from: caret - typed.length - 1, items: items.slice(0, SUGGESTIONS_MAX) };
}

function commandSuggestions(text: string, before: string, dismissed: boolean, { commands }: PageState): Suggestions {
  const word = /^\/\S*/.exec(text)![0];
  const known = commands.find(({ command }) => command === word);
  if (known) return { from: 0, items: [], usage: `${known.command} ${known.usageHint}` };
  if (/\s/.test(before) || dismissed) return NOTHING;
  const items = commands
    .filter(({ command }) => command.startsWith(word))
    .map(({ command, description, usageHint }) => ({ insert: command, title: `${command} ${usageHint}`, detail: description }));
  return { from: 0, items };
}

const people = ({ users }: PageState): readonly Suggestion[] =>
  users.map(({ name, realName }) => ({ insert: `@${name}`, title: realName, detail: `@${name}` }));
const channels = ({ channels: all }: PageState): readonly Suggestion[] =>
  all
    .filter(({ isIm, archived }) => !isIm && !archived)
    .map(({ name, topic, purpose }) => ({ insert: `#${name}`, title: `#${name}`, detail: topic || purpose }));

/** The draft with the suggestion in place of the word it completes. */
export function accept(draft: Draft, { from }: Suggestions, { insert }: Suggestion): Draft {
  const head = `${draft.text.slice(0, from)}${insert} `;
  return { text: head + draft.text.slice(draft.caret).replace(/^ /, ''), caret: head.length, at: 0, dismissed: false };
}
