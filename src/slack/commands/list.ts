import { defineSubcommand } from '../define-subcommand.ts';
import { list as listMessage } from '../views/list.ts';
import { noWords } from '../words.ts';

export const list = defineSubcommand({
  name: 'list',
  aliases: ['ls'],
  usage: ['list'],
  summary: 'The open incidents, the worst first.',
  where: 'anywhere',
  reads: 'open-incidents',
  args: noWords,
  examples: [
    { typed: '', gives: 'tell' },
    { typed: 'closed', gives: 'show-usage' },
  ],
  run: (_, { openIncidents, now, commandName }) => ({ do: 'tell', message: listMessage(openIncidents, { now, commandName }) }),
});
