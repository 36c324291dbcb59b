import { defineSubcommand } from '../define-subcommand.ts';
import { help as helpMessage } from '../views/help.ts';
import { usageOf } from '../views/told.ts';
import { nearest, words } from '../words.ts';

export const help = defineSubcommand({
  name: 'help',
  aliases: ['?', 'usage'],
  usage: ['help', 'help <command>'],
  summary: 'All commands, or one of them in full.',
  where: 'anywhere',
  args: words.transform(([about]) => ({ about: about?.toLowerCase() })),
  examples: [
    { typed: '', gives: 'tell' },
    { typed: 'fix', gives: 'tell' },
    { typed: 'terminate', gives: 'show-usage' },
  ],
  run: ({ about }, { entries, commandName }) => {
    if (about === undefined) return { do: 'tell', message: helpMessage(entries, commandName) };
    const entry = entries.find(({ name, aliases }) => name === about || aliases.includes(about));
    if (entry !== undefined) return { do: 'tell', message: usageOf(entry, commandName) };
    const near = nearest(
      about,
      entries.map(({ name }) => name),
    );
    return { do: 'show-usage', why: `There is no command "${about}".${near === undefined ? '' : ` Did you mean ${near}?`}` };
  },
});
