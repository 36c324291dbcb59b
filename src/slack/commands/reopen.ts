import { defineSubcommand, enqueueCommand } from '../define-subcommand.ts';
import { statusModal } from '../views/change-modals.ts';
import { freeText } from '../words.ts';

export const reopen = defineSubcommand({
  name: 'reopen',
  usage: ['reopen <why>', 'reopen'],
  summary: 'It is not over after all.',
  where: 'incident-channel',
  args: freeText,
  examples: [
    {
      typed: 'it is back',
      gives: 'enqueue',
      with: { command: { do: 'change-status', to: 'investigating', reason: 'it is back' } },
    },
    { typed: '', gives: 'open', with: { to: 'investigating' } },
  ],
  run: ({ text: reason }, context) =>
    reason === ''
      ? { do: 'open', view: statusModal({ incident: context.incident.number, channelId: context.channelId }, 'investigating') }
      : enqueueCommand(context, { do: 'change-status', to: 'investigating', reason }),
});
