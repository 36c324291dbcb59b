import { type RoleId, roleId } from '../../runbook/response.ts';
import { defineSubcommand, enqueueCommand } from '../define-subcommand.ts';
import { rolesModal } from '../views/roles.ts';
import { mentioned, roleOf, words } from '../words.ts';

type Args = { readonly verb: 'show' } | { readonly verb: 'take' | 'release'; readonly role: RoleId } | Assigned;
type Assigned = { readonly verb: 'assign'; readonly role: RoleId; readonly userId: string };

const ROLES = roleId.options.join(', ');

export const role = defineSubcommand<Args>({
  name: 'role',
  aliases: ['roles'],
  usage: ['role', `role take <${roleId.options.join('|')}>`, 'role assign @somebody <role>', 'role release <role>'],
  summary: 'Take, give or release a role. Without words it shows them.',
  where: 'incident-channel',
  args: words.transform((given, context): Args => {
    if (given.length === 0) return { verb: 'show' };
    const found = given.map(roleOf).find((each) => each !== undefined);
    const userId = given.map(mentioned).find((each) => each !== undefined);
    const named = given.find((word) => word.startsWith('@'));
    if (found === undefined) context.addIssue({ code: 'custom', message: `Which role? One of: ${ROLES}.` });
    else if (named !== undefined)
      context.addIssue({ code: 'custom', message: `Choose ${named} from the list that Slack offers while you type.` });
    else if (/^(release|drop|leave)$/i.test(given[0] ?? '')) return { verb: 'release', role: found };
    else if (userId !== undefined) return { verb: 'assign', role: found, userId };
    else if (/^assign$/i.test(given[0] ?? '')) context.addIssue({ code: 'custom', message: 'To whom? Name the person with @.' });
    else return { verb: 'take', role: found };
    return { verb: 'show' };
  }),
  examples: [
    { typed: '', gives: 'open' },
    { typed: 'take commander', gives: 'enqueue', with: { command: { do: 'take-role', role: 'commander', userId: 'U0ANA' } } },
    { typed: 'take IC', gives: 'enqueue', with: { command: { do: 'take-role', role: 'commander', userId: 'U0ANA' } } },
    { typed: 'ops', gives: 'enqueue', with: { command: { do: 'take-role', role: 'operations', userId: 'U0ANA' } } },
    {
      typed: 'assign <@U0BEN|ben> operations',
      gives: 'enqueue',
      with: { command: { do: 'take-role', role: 'operations', userId: 'U0BEN' } },
    },
    {
      typed: 'assign scribe <@U0BEN>',
      gives: 'enqueue',
      with: { command: { do: 'take-role', role: 'scribe', userId: 'U0BEN' } },
    },
    { typed: 'release scribe', gives: 'enqueue', with: { command: { do: 'release-role', role: 'scribe' } } },
    { typed: 'assign @ben operations', gives: 'show-usage' },
    { typed: 'assign operations', gives: 'show-usage' },
    { typed: 'take king', gives: 'show-usage' },
  ],
  run: (args, context) => {
    switch (args.verb) {
      case 'show':
        return { do: 'open', view: rolesModal(context.incident, context) };
      case 'release':
        return enqueueCommand(context, { do: 'release-role', role: args.role });
      case 'take':
        return enqueueCommand(context, { do: 'take-role', role: args.role, userId: context.userId });
      case 'assign':
        return enqueueCommand(context, { do: 'take-role', role: args.role, userId: args.userId });
    }
  },
});
