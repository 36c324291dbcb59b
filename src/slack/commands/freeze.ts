import { defineSubcommand, enqueueCommand } from '../define-subcommand.ts';
import { freeText } from '../words.ts';

/** Nobody has to think of a reason before they may stop everything. */
const NO_REASON = 'no reason given';

export const freeze = defineSubcommand({
  name: 'freeze',
  usage: ['freeze [reason]'],
  summary: 'Stop all fixes: running ones stop after their step, no new one starts.',
  where: 'incident-channel',
  args: freeText,
  examples: [
    {
      typed: 'two of us are fixing the same thing',
      gives: 'enqueue',
      with: { command: { do: 'freeze', reason: 'two of us are fixing the same thing' } },
    },
    { typed: '', gives: 'enqueue', with: { command: { do: 'freeze', reason: NO_REASON } } },
  ],
  run: ({ text }, context) => enqueueCommand(context, { do: 'freeze', reason: text === '' ? NO_REASON : text }),
});
