import type { ModalView } from '@slack/types';
import type { Mark } from '../../incident/events.ts';
import type { Incident } from '../../incident/state.ts';
import { type Catalogue, checkOf, itemOf } from '../../runbook/catalogue.ts';
import { codeBlock, person, typed } from '../escape.ts';
import { SECTION_CHARACTERS_MAX } from '../limits.ts';
import { context, input, modal, option, section, textInput } from './blocks.ts';
import { CHECK_STATES, dayAndTime, shownState } from './words.ts';

export const MARK = { mark: 'mark', note: 'note' } as const;
export const NOTE_CHARACTERS_MAX = 500;
const MARKS: readonly Mark[] = ['pass', 'fail', 'unknown', 'not-applicable'];

type Place = { readonly incident: number; readonly channelId?: string | undefined };
const placed = ({ incident, channelId }: Place) => ({ incident, ...(channelId !== undefined && { channelId }) });

/** A person says what an item is: when there is no probe, or when the probe is wrong. */
export const markCheckModal = (catalogue: Catalogue, itemId: string, place: Place): ModalView => {
  const item = itemOf(catalogue, itemId);
  const marks = MARKS.map((mark) => option(`${CHECK_STATES[mark].sign} ${CHECK_STATES[mark].word}`, mark));
  return modal(
    'mark-check',
    { ...placed(place), itemId },
    {
      title: 'Mark an item',
      submit: 'Mark',
      close: 'Cancel',
      blocks: [
        section([`*${typed(item?.title ?? itemId, 60)}*`, typed(item?.byHand ?? '', 300)]),
        input(MARK.mark, 'What is it', { type: 'radio_buttons', options: marks }),
        input(MARK.note, 'What you saw', textInput({ multiline: true, max: NOTE_CHARACTERS_MAX }), { optional: true }),
      ],
    },
  );
};

/** What a verdict rests on, line by line. */
export const evidenceModal = (incident: Incident, catalogue: Catalogue, itemId: string): ModalView => {
  const item = itemOf(catalogue, itemId);
  const now = incident.checks[itemId];
  const { sign, word } = CHECK_STATES[shownState(now)];
  const check = checkOf(catalogue, item?.check);
  return modal('evidence', placed({ incident: incident.number, channelId: incident.channel?.id }), {
    title: 'Evidence',
    blocks: [
      section([`${sign} *${typed(item?.title ?? itemId, 60)}* · ${word}`, typed(now?.because ?? 'Nothing is known yet.', 500)]),
      ...(now === undefined || now.evidence.length === 0 ? [] : [section(codeBlock(now.evidence, SECTION_CHARACTERS_MAX / 3))]),
      ...(now === undefined ? [] : [context(`${person(now.by)} ${dayAndTime(now.at)}`)]),
      ...(check === undefined ? [] : [context(`Looks at: ${typed(check.looksAt, 300)}`)]),
      ...(item === undefined ? [] : [context(`By hand: ${typed(item.byHand, 300)}`)]),
    ],
  });
};
