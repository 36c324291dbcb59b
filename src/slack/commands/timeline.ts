import { defineSubcommand } from '../define-subcommand.ts';
import { noWords } from '../words.ts';

export const timeline = defineSubcommand({
  name: 'timeline',
  usage: ['timeline'],
  summary: 'What happened, when, by whom.',
  where: 'incident-channel',
  args: noWords,
  examples: [
    { typed: '', gives: 'enqueue', with: { kind: 'show', what: 'timeline' } },
    { typed: 'of yesterday', gives: 'show-usage' },
  ],
  run: (_, { requestId, userId, reply, incident }) => ({
    do: 'enqueue',
    work: { kind: 'show', id: requestId, by: userId, reply, incident: incident.number, what: 'timeline' },
  }),
});
