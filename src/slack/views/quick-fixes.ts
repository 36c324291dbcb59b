import type { KnownBlock } from '@slack/types';
import { type RankedFix, rankFixes } from '../../incident/rank.ts';
import { type Incident, isOpen } from '../../incident/state.ts';
import type { ChatMessage } from '../../ports.ts';
import { typed } from '../escape.ts';
import { button, context, message, section } from './blocks.ts';
import type { ViewContext } from './words.ts';

const SHOWN_MAX = 8;

/** The fixes that fit the verdicts, best first. Each button only shows the plan. */
export const quickFixes = (incident: Incident, { catalogue, commandName }: ViewContext): ChatMessage => {
  const ranked = rankFixes(incident, catalogue);
  const title = '*Quick fixes* · what can be undone first, the cause later';
  if (!isOpen(incident) || ranked.length === 0) {
    const why = isOpen(incident) ? 'None fits now.' : `The incident is ${incident.status}.`;
    return message(`Quick fixes: ${why}`, [section([title, why])]);
  }
  const shown = ranked.slice(0, SHOWN_MAX);
  return message(`Quick fixes: ${shown.map((fix) => typed(fix.title, 60)).join(', ')}`, [
    section(title),
    ...shown.map((fix, index) => row(incident, fix, index)),
    ...(ranked.length > shown.length ? [context(`… ${ranked.length - shown.length} more: \`${commandName} fix\``)] : []),
    context('A button shows the plan first. Nothing is done before you start it.'),
  ]);
};

const row = ({ number }: Incident, fix: RankedFix, index: number): KnownBlock => {
  const target = Object.values(fix.input ?? {}).join(', ');
  const says = `Show the plan: ${fix.title} ${target}`.trim();
  const label = 'Show the plan…';
  const nth = index;
  const accessory =
    fix.input === undefined
      ? button('Choose…', 'pick-fix', { incident: number, fixId: fix.fixId }, { nth, says: `Choose a target: ${fix.title}` })
      : button(label, 'preview-fix', { incident: number, fixId: fix.fixId, input: fix.input }, { nth, says });
  const name = `*${index + 1}. ${typed(fix.title, 80)}*${target === '' ? '' : ` ${typed(target, 120)}`}`;
  const tried = fix.tried === undefined ? [] : [`Tried before: ${typed(fix.tried, 200)}`];
  return section([name, typed(fix.why, 200), `Users served ${fix.promise}.`, ...tried], accessory);
};
