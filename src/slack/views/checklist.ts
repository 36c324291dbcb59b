import type { ActionsBlockElement, KnownBlock } from '@slack/types';
import { type Incident, isOpen } from '../../incident/state.ts';
import type { ChatMessage } from '../../ports.ts';
import { person, typed } from '../escape.ts';
import { actions, button, context, message, section } from './blocks.ts';
import { CHECK_STATES, itemsOf, shownState, timeOfDay, type ViewContext } from './words.ts';

type Row = ReturnType<typeof itemsOf>[number];

/** Every item with its verdict, one line of evidence, who and when; the log and the thread have the rest. */
export const checklist = (incident: Incident, view: ViewContext): ChatMessage => {
  const rows = itemsOf(incident, view.catalogue);
  const said = rows.filter(({ now }) => !['not-run', 'running'].includes(shownState(now))).length;
  const failed = rows.filter(({ now }) => shownState(now) === 'fail').length;
  const counted = `${said} of ${rows.length} answered${failed === 0 ? '' : `, ${failed} failed`}`;
  const probes = rows.some(({ check }) => check !== undefined);
  const runAll = button('Run all', 'run-all-checks', { incident: incident.number }, { says: 'Run all checks' });
  return message(`Checklist: ${counted}`, [
    section(`*${typed(view.catalogue.checklist.title, 80)}* · ${counted}`, isOpen(incident) && probes ? runAll : undefined),
    ...rows.flatMap((row) => rowBlocks(incident, row)),
    context(`Version ${view.catalogue.checklist.version}. 🔴 fail 🟡 unknown 🟢 pass ⚪ not run ⏳ running ⏭ not applicable`),
  ]);
};

const rowBlocks = (incident: Incident, row: Row): readonly KnownBlock[] => {
  const { title, now } = row;
  const { sign, word } = CHECK_STATES[shownState(now)];
  const told = shownState(now) !== 'not-run' && now !== undefined;
  const who = told ? `   ${person(now.by)} ${timeOfDay(now.at)}` : '';
  const claimed = now?.claimedBy === undefined ? '' : `   ✋ ${person(now.claimedBy)}`;
  const was = told && now.was !== undefined && now.was !== now.state ? ` (was ${CHECK_STATES[now.was].word})` : '';
  const line = `${sign} *${typed(title, 60)}* · ${word}${was}${claimed}${who}`;
  const because = told && now.because !== '' ? [typed(now.because, 200)] : [];
  return [section([line, ...because]), ...actions(rowButtons(incident, row))];
};

const rowButtons = (incident: Incident, { id, title, check, now }: Row): readonly ActionsBlockElement[] => {
  const value = { incident: incident.number, itemId: id };
  const evidence = (now?.evidence.length ?? 0) > 0;
  const show = evidence ? [button('Evidence', 'show-evidence', value, { says: `Evidence of ${title}` })] : [];
  if (!isOpen(incident)) return show;
  const state = shownState(now);
  const run = button(state === 'not-run' ? 'Run' : 'Run again', 'run-check', value, { says: `Run ${title}` });
  const byHand = [
    button('Mark…', 'mark-check', value, { says: `Mark ${title} by hand` }),
    ...(now?.claimedBy === undefined ? [button('Claim', 'claim-check', value, { says: `Claim ${title}` })] : []),
  ];
  // What has passed needs no hand; it can be run again.
  return [...show, ...(check === undefined || state === 'running' ? [] : [run]), ...(state === 'pass' ? [] : byHand)];
};
