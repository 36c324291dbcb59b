import type { Incident } from '../incident/state.ts';
import { subcommands } from './commands/index.ts';
import type { CommandContext, Outcome, Subcommand } from './define-subcommand.ts';
import { typed } from './escape.ts';
import { type HelpEntry, help } from './views/help.ts';
import { told, usageOf } from './views/told.ts';
import { nearest, sentence, type Words, wordsOf } from './words.ts';

export const helpEntries: readonly HelpEntry[] = subcommands.map(({ name, aliases, usage, summary, where }) => ({
  name,
  aliases,
  usage,
  summary,
  where,
}));

/** Which subcommand was meant, before anything is read from anywhere. */
export type Typed =
  | { readonly subcommand: Subcommand; readonly words: Words }
  | { readonly subcommand?: undefined; readonly unknown: string; readonly text: string };

export const readCommand = (text: string): Typed => {
  const [first, ...words] = wordsOf(text);
  const name = (first ?? 'help').toLowerCase();
  const subcommand = subcommands.find((each) => each.name === name || each.aliases.includes(name));
  return subcommand === undefined ? { unknown: first ?? '', text: sentence([first ?? '', ...words]) } : { subcommand, words };
};

type Answer = Exclude<Outcome, { readonly do: 'show-usage' }>;

/** Pure: what is to be done about what was typed. What is not understood answers with the nearest thing that would be. */
export const dispatch = (
  given: Typed,
  context: Omit<CommandContext, 'entries'> & { readonly incident?: Incident | undefined },
): Answer => {
  const { commandName } = context;
  if (given.subcommand === undefined) return { do: 'tell', message: unknown(given.unknown, given.text, commandName) };
  const { subcommand, words } = given;
  if (subcommand.where === 'incident-channel' && context.incident === undefined)
    return {
      do: 'tell',
      message: told(
        `\`${commandName} ${subcommand.name}\` works in the channel of an incident. \`${commandName} list\` shows the open ones, \`${commandName} start\` opens one.`,
      ),
    };
  const outcome = subcommand.run(words, { ...context, entries: helpEntries });
  return outcome.do === 'show-usage' ? { do: 'tell', message: usageOf(subcommand, commandName, outcome.why) } : outcome;
};

const unknown = (word: string, text: string, commandName: string): ReturnType<typeof told> => {
  const near = nearest(
    word,
    subcommands.flatMap(({ name, aliases }) => [name, ...aliases]),
  );
  const meant = subcommands.find(({ name, aliases }) => name === near || aliases.includes(near ?? ''));
  if (meant === undefined) {
    // Somebody in a hurry says what is broken, and forgets the verb.
    const opening = `\`${commandName} start ${typed(text, 150)}\``;
    return help(helpEntries, commandName, `There is no command "${typed(word, 40)}". To open an incident: ${opening}`);
  }
  return usageOf(meant, commandName, `There is no command "${typed(word, 40)}". Did you mean ${meant.name}?`);
};
