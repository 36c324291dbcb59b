import { defineSubcommand, enqueueCommand } from '../define-subcommand.ts';
import { someText } from '../words.ts';

export const note = defineSubcommand({
  name: 'note',
  aliases: ['log'],
  usage: ['note <what is to be kept>'],
  summary: 'Keep a line in the timeline.',
  where: 'incident-channel',
  args: someText('What is to be kept?'),
  examples: [
    {
      typed: 'deploy 1421 went out at 13:58',
      gives: 'enqueue',
      with: { command: { do: 'add-note', text: 'deploy 1421 went out at 13:58' } },
    },
    { typed: '  ', gives: 'show-usage' },
  ],
  run: ({ text }, context) => enqueueCommand(context, { do: 'add-note', text }),
});
