import { roleId } from '../../runbook/response.ts';
import { defineSubcommand, enqueueCommand } from '../define-subcommand.ts';
import { handoverModal } from '../views/roles.ts';
import { mentioned, roleOf, words } from '../words.ts';

export const handover = defineSubcommand({
  name: 'handover',
  aliases: ['hand-over'],
  usage: ['handover', 'handover @somebody', 'handover <role> @somebody'],
  summary: 'Hand your role to somebody else.',
  where: 'incident-channel',
  args: words.transform((given) => ({
    role: given.map(roleOf).find((each) => each !== undefined),
    to: given.map(mentioned).find((each) => each !== undefined),
  })),
  examples: [
    { typed: '', gives: 'open' },
    { typed: 'commander', gives: 'open' },
    {
      typed: 'commander <@U0BEN|ben>',
      gives: 'enqueue',
      with: { command: { do: 'take-role', role: 'commander', userId: 'U0BEN' } },
    },
    { typed: 'to <@U0BEN|ben>', gives: 'enqueue', with: { command: { do: 'take-role', role: 'operations', userId: 'U0BEN' } } },
  ],
  run: ({ role, to }, context) => {
    const { incident, userId, channelId } = context;
    const mine = roleId.options.filter((each) => incident.roles[each]?.userId === userId);
    const chosen = role ?? (mine.length === 1 ? mine[0] : undefined);
    if (chosen === undefined || to === undefined)
      return { do: 'open', view: handoverModal(incident.number, context, { role: chosen, channelId }) };
    return enqueueCommand(context, { do: 'take-role', role: chosen, userId: to });
  },
});
