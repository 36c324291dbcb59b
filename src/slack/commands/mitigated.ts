import { defineSubcommand, enqueueCommand } from '../define-subcommand.ts';
import { statusModal } from '../views/change-modals.ts';
import { freeText } from '../words.ts';

export const mitigated = defineSubcommand({
  name: 'mitigated',
  aliases: ['mitigate'],
  usage: ['mitigated <what made it better>', 'mitigated'],
  summary: 'Users are served again; the cause may be unknown.',
  where: 'incident-channel',
  args: freeText,
  examples: [
    {
      typed: 'the replacement serves',
      gives: 'enqueue',
      with: { command: { do: 'change-status', to: 'mitigated', reason: 'the replacement serves' } },
    },
    { typed: '', gives: 'open', with: { to: 'mitigated' } },
  ],
  run: ({ text: reason }, context) =>
    reason === ''
      ? { do: 'open', view: statusModal({ incident: context.incident.number, channelId: context.channelId }, 'mitigated') }
      : enqueueCommand(context, { do: 'change-status', to: 'mitigated', reason }),
});
