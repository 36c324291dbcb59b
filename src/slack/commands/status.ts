import { status as known } from '../../incident/events.ts';
import { defineSubcommand, enqueueCommand } from '../define-subcommand.ts';
import { statusModal } from '../views/change-modals.ts';
import { nearest, sentence, words } from '../words.ts';

export const status = defineSubcommand({
  name: 'status',
  usage: ['status <investigating|identified|mitigated|resolved|closed> <reason>', 'status'],
  summary: 'Change the status, with the reason.',
  where: 'incident-channel',
  args: words.transform(([first, ...rest], context) => {
    const to = known.safeParse(first?.toLowerCase());
    if (first !== undefined && !to.success) {
      const near = nearest(first, known.options);
      const hint = near === undefined ? `One of: ${known.options.join(', ')}.` : `Did you mean ${near}?`;
      context.addIssue({ code: 'custom', message: `"${first}" is no status. ${hint}` });
    }
    return { to: to.data, reason: sentence(rest) };
  }),
  examples: [
    {
      typed: 'identified the pool is exhausted',
      gives: 'enqueue',
      with: { command: { do: 'change-status', to: 'identified', reason: 'the pool is exhausted' } },
    },
    { typed: 'Closed postmortem is done', gives: 'enqueue', with: { command: { to: 'closed' } } },
    { typed: '', gives: 'open' },
    { typed: 'mitigated', gives: 'open' },
    { typed: 'mitigatd by a restart', gives: 'show-usage' },
  ],
  run: ({ to, reason }, context) =>
    to === undefined || reason === ''
      ? { do: 'open', view: statusModal({ incident: context.incident.number, channelId: context.channelId }, to) }
      : enqueueCommand(context, { do: 'change-status', to, reason }),
});
