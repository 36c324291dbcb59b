import type { ActionsBlockElement, KnownBlock, Overflow } from '@slack/types';
import { pointers } from '../../incident/pointers.ts';
import { type Incident, isOpen } from '../../incident/state.ts';
import type { ChatMessage } from '../../ports.ts';
import { itemOf } from '../../runbook/catalogue.ts';
import { person, typed } from '../escape.ts';
import { type ItemAction, MENU_ACTION_ID, menuValue } from '../ids.ts';
import { actions, button, context, message, option, section } from './blocks.ts';
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
    ...symptomsPoint(incident, view),
    ...rows.flatMap((row) => rowBlocks(incident, row)),
    context(`Version ${view.catalogue.checklist.version}. 🔴 fail 🟡 unknown 🟢 pass ⚪ not run ⏳ running ⏭ not applicable`),
  ]);
};

const POINTERS_SHOWN = 3;
const symptomsPoint = (incident: Incident, { catalogue }: ViewContext): readonly KnownBlock[] => {
  const found = isOpen(incident) ? pointers(incident, catalogue).slice(0, POINTERS_SHOWN) : [];
  if (found.length === 0) return [];
  const lines = found.map(
    ({ itemId, reasons }, index) =>
      `${index + 1}. ${typed(itemOf(catalogue, itemId)?.title ?? itemId, 60)}: ${typed(reasons[0]?.because ?? '', 150)}`,
  );
  return [section(['*The symptoms point to*', ...lines])];
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
  const can = possible(incident, row);
  // What needs nobody is folded away, so that what does stands out.
  if (QUIET.has(shownState(now))) return [section([line, ...because], menu(incident, row, can))];
  return [section([line, ...because]), ...actions(can.map((name) => rowButton(incident, row, name)))];
};

const QUIET: ReadonlySet<string> = new Set(['pass', 'not-applicable', 'running']);

const possible = (incident: Incident, { check, now }: Row): readonly ItemAction[] => {
  const evidence: readonly ItemAction[] = (now?.evidence.length ?? 0) > 0 ? ['show-evidence'] : [];
  if (!isOpen(incident)) return evidence;
  const run: readonly ItemAction[] = check === undefined || shownState(now) === 'running' ? [] : ['run-check'];
  const claim: readonly ItemAction[] = now?.claimedBy === undefined ? ['claim-check'] : [];
  return [...evidence, ...run, 'mark-check', ...claim];
};

const LABELS: Readonly<Record<ItemAction, { readonly label: string; readonly says: (title: string) => string }>> = {
  'show-evidence': { label: 'Evidence', says: (title) => `Evidence of ${title}` },
  'run-check': { label: 'Run', says: (title) => `Run ${title}` },
  'mark-check': { label: 'Mark…', says: (title) => `Mark ${title} by hand` },
  'claim-check': { label: 'Claim', says: (title) => `Claim ${title}` },
};

const rowButton = ({ number }: Incident, { id, title }: Row, name: ItemAction): ActionsBlockElement => {
  const { label, says } = LABELS[name];
  return button(label, name, { incident: number, itemId: id }, { says: says(title) });
};

const menu = ({ number }: Incident, { id, title }: Row, can: readonly ItemAction[]): Overflow | undefined =>
  can.length === 0
    ? undefined
    : {
        type: 'overflow',
        action_id: MENU_ACTION_ID,
        options: can.map((name) => option(LABELS[name].says(title), menuValue(name, number, id))),
      };
