import type { AnyFix } from '../../runbook/define-fix.ts';
import { defineSubcommand } from '../define-subcommand.ts';
import { fixPickerLoading } from '../views/fix-picker.ts';
import { fixPreviewLoading } from '../views/fix-preview.ts';
import { nearest, pick, words } from '../words.ts';

export const fix = defineSubcommand({
  name: 'fix',
  aliases: ['fixes'],
  usage: ['fix', 'fix <fix> [what to do it to]'],
  summary: 'Choose a quick fix and see its plan. Nothing is done before you start it.',
  where: 'incident-channel',
  args: words.transform(([name, ...rest]) => ({ name, rest })),
  examples: [
    { typed: '', gives: 'open' },
    { typed: 'snapshot-then-terminate i-0a1', gives: 'open' },
    { typed: 'terminate i-0a1', gives: 'open' },
    { typed: 'snapshot-then-treminate', gives: 'show-usage' },
  ],
  run: ({ name, rest }, { catalogue, incident, channelId, requestId, userId, reply }) => {
    const place = { incident: incident.number, channelId };
    const asked = { kind: 'list-fixes', id: requestId, by: userId, reply, incident: incident.number } as const;
    if (name === undefined)
      return { do: 'open', view: fixPickerLoading(place), fillBy: (viewId) => ({ ...asked, viewId, words: [] }) };
    const chosen = pick(name, catalogue.fixes);
    if (chosen === undefined) return { do: 'show-usage', why: noFix(name, catalogue.fixes) };
    const fillBy = (viewId: string) => ({ ...asked, viewId, fixId: chosen.id, words: [...rest] });
    return { do: 'open', view: rest.length === 0 ? fixPickerLoading(place) : fixPreviewLoading(place, chosen.title), fillBy };
  },
});

const noFix = (name: string, fixes: readonly AnyFix[]): string => {
  const ids = fixes.map(({ id }) => id);
  const near = nearest(name, ids);
  return `There is no fix "${name}". ${near === undefined ? `Known: ${ids.join(', ') || 'none'}.` : `Did you mean ${near}?`}`;
};
