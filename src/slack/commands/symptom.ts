import { defineSubcommand, enqueueCommand } from '../define-subcommand.ts';
import { someText } from '../words.ts';

export const symptom = defineSubcommand({
  name: 'symptom',
  aliases: ['symptoms'],
  usage: ['symptom <what you see, or an error message>'],
  summary: 'What users or machines see; known errors are decoded.',
  where: 'incident-channel',
  args: someText('What do you see?'),
  examples: [
    {
      typed: 'curl: (28) Connection timed out',
      gives: 'enqueue',
      with: { command: { do: 'report-symptom', text: 'curl: (28) Connection timed out' } },
    },
    { typed: '  ', gives: 'show-usage' },
  ],
  run: ({ text }, context) => enqueueCommand(context, { do: 'report-symptom', text }),
});
