import { defineSubcommand, enqueueCommand } from '../define-subcommand.ts';
import { sentence, words } from '../words.ts';

const ARROW = /^(=>|->|→|⇒|>)$/;
const RESULT_CHARACTERS_MAX = 500;

export const tried = defineSubcommand({
  name: 'tried',
  aliases: ['try', 'attempt'],
  usage: ['tried <what> [=> <result>]', 'tried again <what> [=> <result>]'],
  summary: 'Keep what was tried, and warn who tries it twice.',
  where: 'incident-channel',
  args: words.transform((given, context) => {
    const again = /^again$/i.test(given[0] ?? '');
    const said = given
      .slice(again ? 1 : 0)
      .join(' ')
      .replaceAll(/(=>|->|→|⇒)/g, ' $1 ')
      .split(' ')
      .filter((word) => word !== '');
    const at = said.findIndex((word) => ARROW.test(word));
    const what = sentence(at < 0 ? said : said.slice(0, at));
    const result = at < 0 ? '' : sentence(said.slice(at + 1)).slice(0, RESULT_CHARACTERS_MAX);
    if (what === '') context.addIssue({ code: 'custom', message: 'What was tried?' });
    return { again, what, result };
  }),
  examples: [
    {
      typed: 'reboot i-0a1 => still 502',
      gives: 'enqueue',
      with: { command: { do: 'record-attempt', what: 'reboot i-0a1', result: 'still 502' } },
    },
    { typed: 'reboot i-0a1→still 502', gives: 'enqueue', with: { command: { what: 'reboot i-0a1', result: 'still 502' } } },
    { typed: 'reboot i-0a1 =&gt; fine', gives: 'enqueue', with: { command: { what: 'reboot i-0a1', result: 'fine' } } },
    { typed: 'reboot i-0a1', gives: 'enqueue', with: { command: { what: 'reboot i-0a1' } } },
    { typed: 'again reboot i-0a1', gives: 'enqueue', with: { command: { what: 'reboot i-0a1', again: true } } },
    { typed: '=> worked', gives: 'show-usage' },
  ],
  run: ({ again, what, result }, context) =>
    enqueueCommand(context, { do: 'record-attempt', what, ...(result !== '' && { result }), ...(again && { again }) }),
});
