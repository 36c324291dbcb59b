import { type Mark, mark } from '../../incident/events.ts';
import { type Catalogue, checkOf } from '../../runbook/catalogue.ts';
import { defineSubcommand, enqueueCommand, type IncidentContext, type Outcome } from '../define-subcommand.ts';
import { markCheckModal } from '../views/check-modals.ts';
import { checklist } from '../views/checklist.ts';
import { pick, sentence, type Words, words } from '../words.ts';

const VERBS = ['run', 'mark', 'claim'] as const;
const MARKS: Readonly<Record<string, Mark>> = {
  ok: 'pass',
  passed: 'pass',
  green: 'pass',
  failed: 'fail',
  red: 'fail',
  na: 'not-applicable',
  'n/a': 'not-applicable',
  skip: 'not-applicable',
};
const markOf = (word: string): Mark | undefined => {
  const known = mark.safeParse(word.toLowerCase());
  return known.success ? known.data : MARKS[word.toLowerCase()];
};

const read = ([first = '', ...rest]: Words) => {
  const verb = VERBS.find((each) => each === first.toLowerCase());
  return { verb: verb ?? ('run' as const), rest: verb === undefined ? [first, ...rest].filter((word) => word !== '') : rest };
};

export const check = defineSubcommand({
  name: 'check',
  aliases: ['checks', 'checklist'],
  usage: ['check', 'check run all', 'check run <item>', 'check mark <item> <pass|fail|unknown|na> [note]', 'check claim <item>'],
  summary: 'Run, mark or claim items of the checklist.',
  where: 'incident-channel',
  args: words.transform(read),
  examples: [
    { typed: '', gives: 'tell' },
    {
      typed: 'run all',
      gives: 'enqueue',
      with: { kind: 'run-checks', itemIds: ['load-balancer-and-instances', 'security-groups'] },
    },
    { typed: 'all', gives: 'enqueue', with: { kind: 'run-checks' } },
    { typed: 'run security-groups', gives: 'enqueue', with: { itemIds: ['security-groups'] } },
    { typed: 'Security Groups', gives: 'enqueue', with: { itemIds: ['security-groups'] } },
    { typed: 'run balancer', gives: 'enqueue', with: { itemIds: ['load-balancer-and-instances'] } },
    {
      typed: 'mark routes PASS looked at both tables',
      gives: 'enqueue',
      with: { command: { do: 'mark-check', checkId: 'routes', mark: 'pass', note: 'looked at both tables' } },
    },
    { typed: 'mark network acls n/a', gives: 'enqueue', with: { command: { checkId: 'network-acls', mark: 'not-applicable' } } },
    { typed: 'mark routes', gives: 'open' },
    { typed: 'claim routes', gives: 'enqueue', with: { command: { do: 'claim-check', checkId: 'routes' } } },
    { typed: 'run routes', gives: 'open' },
    { typed: 'run everything else', gives: 'show-usage' },
    { typed: 'claim', gives: 'show-usage' },
  ],
  run: ({ verb, rest }, context) => {
    if (verb === 'run' && rest.length === 0) return { do: 'tell', message: checklist(context.incident, context) };
    switch (verb) {
      case 'run':
        return run(rest, context);
      case 'mark':
        return markItem(rest, context);
      case 'claim': {
        const item = pick(rest.join(' '), context.catalogue.checklist.items);
        return item === undefined ? noItem(rest, context) : enqueueCommand(context, { do: 'claim-check', checkId: item.id });
      }
    }
  },
});

const probed = (catalogue: Catalogue): readonly string[] =>
  catalogue.checklist.items.filter((item) => checkOf(catalogue, item.check) !== undefined).map(({ id }) => id);

const run = (rest: Words, { catalogue, incident, requestId, userId, reply, channelId }: IncidentContext): Outcome => {
  const all = /^all$/i.test(rest.join(' '));
  const item = all ? undefined : pick(rest.join(' '), catalogue.checklist.items);
  if (!all && item === undefined) return noItem(rest, { catalogue });
  const itemIds = probed(catalogue).filter((id) => all || id === item?.id);
  if (itemIds.length > 0)
    return { do: 'enqueue', work: { kind: 'run-checks', id: requestId, by: userId, reply, incident: incident.number, itemIds } };
  // No probe answers this one: a person does, and is told what to look at.
  if (item !== undefined)
    return { do: 'open', view: markCheckModal(catalogue, item.id, { incident: incident.number, channelId }) };
  return { do: 'show-usage', why: 'No item of the checklist has a probe.' };
};

/** The item's name may have several words: the mark is the first word that is one, after at least one other. */
const markItem = (rest: Words, context: IncidentContext): Outcome => {
  const at = rest.findIndex((word, index) => index > 0 && markOf(word) !== undefined);
  const name = at < 0 ? rest : rest.slice(0, at);
  const item = pick(name.join(' '), context.catalogue.checklist.items);
  if (item === undefined) return noItem(name, context);
  const { incident, channelId, catalogue } = context;
  const chosen = markOf(rest[at] ?? '');
  if (chosen === undefined)
    return { do: 'open', view: markCheckModal(catalogue, item.id, { incident: incident.number, channelId }) };
  const note = sentence(rest.slice(at + 1)).slice(0, NOTE_CHARACTERS_MAX);
  return enqueueCommand(context, { do: 'mark-check', checkId: item.id, mark: chosen, note });
};
const NOTE_CHARACTERS_MAX = 500;

const noItem = (name: Words, { catalogue }: Pick<IncidentContext, 'catalogue'>): Outcome => ({
  do: 'show-usage',
  why: `${name.length === 0 ? 'Which item?' : `"${name.join(' ')}" is no item of the checklist.`} Items: ${catalogue.checklist.items.map(({ id }) => id).join(', ')}.`,
});
