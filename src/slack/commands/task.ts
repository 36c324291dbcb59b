import { defineSubcommand, enqueueCommand } from '../define-subcommand.ts';
import { typed } from '../escape.ts';
import { told } from '../views/told.ts';
import { mentioned, sentence, words } from '../words.ts';

export const task = defineSubcommand({
  name: 'task',
  aliases: ['todo', 'tasks'],
  usage: ['task', 'task <what> [@somebody]', 'task done <task>'],
  summary: 'Give out work, tick it off. Without words it lists what is open.',
  where: 'incident-channel',
  args: words.transform((given) => {
    const owner = given.map(mentioned).find((each) => each !== undefined);
    const done = /^done$/i.test(given[0] ?? '') ? given[1]?.toLowerCase() : undefined;
    return { done, owner, text: sentence(given.filter((word) => mentioned(word) === undefined)) };
  }),
  examples: [
    {
      typed: 'find the deploy of 13:58 <@U0BEN|ben>',
      gives: 'enqueue',
      with: { command: { do: 'add-task', text: 'find the deploy of 13:58', owner: 'U0BEN' } },
    },
    { typed: 'call the provider', gives: 'enqueue', with: { command: { do: 'add-task', text: 'call the provider' } } },
    { typed: 'done T1', gives: 'enqueue', with: { command: { do: 'finish-task', taskId: 't1' } } },
    { typed: '', gives: 'tell' },
    { typed: '<@U0BEN|ben>', gives: 'show-usage' },
  ],
  run: ({ done, owner, text }, context) => {
    if (done !== undefined) return enqueueCommand(context, { do: 'finish-task', taskId: done });
    if (text === '' && owner !== undefined) return { do: 'show-usage', why: 'What is to be done?' };
    if (text !== '') return enqueueCommand(context, { do: 'add-task', text, ...(owner !== undefined && { owner }) });
    const open = context.incident.tasks.filter((each) => !each.done);
    const lines = open.map(
      (each) => `${each.id} ${typed(each.text, 200)}${each.owner === undefined ? '' : ` – <@${each.owner}>`}`,
    );
    return { do: 'tell', message: told(lines.length === 0 ? 'No task is open.' : lines.join('\n')) };
  },
});
