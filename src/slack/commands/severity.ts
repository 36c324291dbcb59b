import { defineSubcommand, enqueueCommand } from '../define-subcommand.ts';
import { severityModal } from '../views/change-modals.ts';
import { sentence, severityOf, words } from '../words.ts';

export const severity = defineSubcommand({
  name: 'severity',
  aliases: ['sev'],
  usage: ['severity <sev1|sev2|sev3|sev4> <reason>', 'severity'],
  summary: 'Change how bad it is, with the reason.',
  where: 'incident-channel',
  args: words.transform(([first, ...rest], context) => {
    const to = severityOf(first);
    if (first !== undefined && to === undefined)
      context.addIssue({ code: 'custom', message: `"${first}" is no severity. One of: sev1, sev2, sev3, sev4.` });
    return { to, reason: sentence(rest) };
  }),
  examples: [
    {
      typed: 'SEV1 every customer is hit',
      gives: 'enqueue',
      with: { command: { do: 'change-severity', to: 'sev1', reason: 'every customer is hit' } },
    },
    { typed: '', gives: 'open' },
    { typed: 'sev1', gives: 'open' },
    { typed: 'worse', gives: 'show-usage' },
  ],
  run: ({ to, reason }, context) => {
    const { incident, channelId, catalogue } = context;
    if (to === undefined || reason === '')
      return { do: 'open', view: severityModal(catalogue, { incident: incident.number, channelId }, to) };
    return enqueueCommand(context, { do: 'change-severity', to, reason });
  },
});
