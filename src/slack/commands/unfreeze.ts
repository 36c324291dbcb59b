import { defineSubcommand, enqueueCommand } from '../define-subcommand.ts';
import { freeText } from '../words.ts';

const NO_REASON = 'no reason given';

export const unfreeze = defineSubcommand({
  name: 'unfreeze',
  usage: ['unfreeze [reason]'],
  summary: 'Allow fixes again.',
  where: 'incident-channel',
  args: freeText,
  examples: [
    {
      typed: 'we agreed who does what',
      gives: 'enqueue',
      with: { command: { do: 'unfreeze', reason: 'we agreed who does what' } },
    },
    { typed: '', gives: 'enqueue', with: { command: { do: 'unfreeze', reason: NO_REASON } } },
  ],
  run: ({ text }, context) => enqueueCommand(context, { do: 'unfreeze', reason: text === '' ? NO_REASON : text }),
});
