import { defineSubcommand, enqueueCommand } from '../define-subcommand.ts';
import { statusModal } from '../views/change-modals.ts';
import { freeText } from '../words.ts';

export const resolve = defineSubcommand({
  name: 'resolve',
  aliases: ['resolved', 'end', 'stop'],
  usage: ['resolve <what was wrong, and what ended it>', 'resolve'],
  summary: 'It is over, and will stay so.',
  where: 'incident-channel',
  args: freeText,
  examples: [
    {
      typed: 'rolled back to version 6',
      gives: 'enqueue',
      with: { command: { do: 'change-status', to: 'resolved', reason: 'rolled back to version 6' } },
    },
    { typed: '', gives: 'open', with: { to: 'resolved' } },
  ],
  run: ({ text: reason }, context) =>
    reason === ''
      ? { do: 'open', view: statusModal({ incident: context.incident.number, channelId: context.channelId }, 'resolved') }
      : enqueueCommand(context, { do: 'change-status', to: 'resolved', reason }),
});
