import { defineSubcommand, enqueueCommand } from '../define-subcommand.ts';
import { updateModal } from '../views/change-modals.ts';
import { freeText } from '../words.ts';

export const update = defineSubcommand({
  name: 'update',
  usage: ['update <for everyone who waits>', 'update'],
  summary: 'Tell everyone who waits how it stands.',
  where: 'incident-channel',
  args: freeText,
  examples: [
    {
      typed: 'Checkout is served again, we watch it',
      gives: 'enqueue',
      with: { command: { do: 'post-update', text: 'Checkout is served again, we watch it' } },
    },
    { typed: '', gives: 'open' },
  ],
  run: ({ text }, context) =>
    text === ''
      ? { do: 'open', view: updateModal({ incident: context.incident.number, channelId: context.channelId }) }
      : enqueueCommand(context, { do: 'post-update', text }),
});
