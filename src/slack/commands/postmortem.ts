import { defineSubcommand } from '../define-subcommand.ts';
import { noWords } from '../words.ts';

export const postmortem = defineSubcommand({
  name: 'postmortem',
  usage: ['postmortem'],
  summary: 'A draft, written from the log: what happened, what was never checked.',
  where: 'incident-channel',
  args: noWords,
  examples: [
    { typed: '', gives: 'enqueue', with: { kind: 'show', what: 'postmortem' } },
    { typed: 'of yesterday', gives: 'show-usage' },
  ],
  run: (_, { requestId, userId, reply, incident }) => ({
    do: 'enqueue',
    work: { kind: 'show', id: requestId, by: userId, reply, incident: incident.number, what: 'postmortem' },
  }),
});
