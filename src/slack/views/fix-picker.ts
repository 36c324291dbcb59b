import type { KnownBlock, ModalView } from '@slack/types';
import { rankFixes } from '../../incident/rank.ts';
import type { Incident } from '../../incident/state.ts';
import type { AnyFix, Candidate } from '../../runbook/define-fix.ts';
import { typed } from '../escape.ts';
import { actions, button, context, modal, section } from './blocks.ts';
import type { ViewContext } from './words.ts';

export type PickerRow = {
  readonly fix: Pick<AnyFix, 'id' | 'title' | 'fits'>;
  /** What it could be done to, worst first. */
  readonly candidates: readonly Candidate<Readonly<Record<string, string>>>[];
};

/** More buttons than this are a wall. */
const CANDIDATES_SHOWN = 10;

type Place = { readonly incident: number; readonly channelId?: string | undefined };
const placed = ({ incident, channelId }: Place) => ({ incident, ...(channelId !== undefined && { channelId }) });

export const fixPickerLoading = (place: Place): ModalView =>
  modal('pick-fix', placed(place), { title: 'Choose a fix', blocks: [section('⏳ Looking at what there is.')] });

/** The catalogue's fixes, best first. `problem`: why there is nothing, or not what was asked for. */
export const fixPicker = (
  incident: Incident,
  rows: readonly PickerRow[],
  { catalogue }: Pick<ViewContext, 'catalogue'>,
  problem?: string,
): ModalView => {
  const ranked = rankFixes(incident, catalogue);
  const placeOf = (id: string): number => ranked.findIndex(({ fixId }) => fixId === id);
  const sorted = rows.toSorted((a, b) => placeOf(a.fix.id) - placeOf(b.fix.id));
  const promiseOf = (id: string): string => ranked.find(({ fixId }) => fixId === id)?.promise ?? 'under way already';
  const empty = rows.length === 0 && problem === undefined ? [section('The catalogue has no fix for this.')] : [];
  return modal('pick-fix', placed({ incident: incident.number, channelId: incident.channel?.id }), {
    title: 'Choose a fix',
    blocks: [
      ...(problem === undefined ? empty : [section(`🟡 ${typed(problem, 500)}`)]),
      ...sorted.flatMap((row, index) => blocks(incident.number, row, promiseOf(row.fix.id), index)),
      context('A button shows the plan first. Nothing is done before you start it.'),
    ],
  });
};

const blocks = (incident: number, { fix, candidates }: PickerRow, promise: string, index: number): readonly KnownBlock[] => {
  const shown = candidates.slice(0, CANDIDATES_SHOWN);
  const left = candidates.length - shown.length;
  return [
    section([`*${typed(fix.title, 80)}*`, typed(fix.fits, 250), `Users served ${promise}.`]),
    ...actions(
      shown.map(({ input, label }, nth) =>
        button(
          label,
          'preview-fix',
          { incident, fixId: fix.id, input: { ...input } },
          { nth: `${index}-${nth}`, says: `${fix.title}: ${label}` },
        ),
      ),
    ),
    ...(shown.length === 0 ? [context('Nothing of this service that it could be done to.')] : []),
    ...(left > 0 ? [context(`… ${left} more`)] : []),
  ];
};
