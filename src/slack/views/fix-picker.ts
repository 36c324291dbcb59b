import type { KnownBlock, ModalView } from '@slack/types';
import { typed } from '../escape.ts';
import { OPTIONS_MAX } from '../limits.ts';
import { actions, button, context, modal, section } from './blocks.ts';

export type FixOffer = {
  readonly fixId: string;
  readonly title: string;
  /** When it is the one to take. */
  readonly fits: string;
  readonly promise: string;
  readonly candidates: readonly { readonly input: Readonly<Record<string, string>>; readonly label: string }[];
  /** Why nothing can be chosen here, if so. */
  readonly none?: string;
};

/** A row of buttons has room for this many before the list is a wall. */
const CANDIDATES_SHOWN = 10;

type Place = { readonly incident: number; readonly channelId?: string | undefined };
const metadata = ({ incident, channelId }: Place) => ({ incident, ...(channelId !== undefined && { channelId }) });

export const fixPickerLoading = (place: Place): ModalView =>
  modal('pick-fix', metadata(place), { title: 'Choose a fix', blocks: [section('⏳ Looking at what there is.')] });

/** The catalogue's fixes, best first, each with what it could be done to, worst first. */
export const fixPicker = (place: Place, offers: readonly FixOffer[]): ModalView =>
  modal('pick-fix', metadata(place), {
    title: 'Choose a fix',
    blocks: [
      ...(offers.length === 0
        ? [section('No fix is in the catalogue for this.')]
        : offers.flatMap((offer, index) => blocks(place, offer, index))),
      context('A button shows the plan first. Nothing is done before you start it.'),
    ],
  });

const blocks = ({ incident }: Place, offer: FixOffer, index: number): readonly KnownBlock[] => {
  const shown = offer.candidates.slice(0, Math.min(CANDIDATES_SHOWN, OPTIONS_MAX));
  const left = offer.candidates.length - shown.length;
  const none = offer.none ?? 'Nothing here that it could be done to.';
  return [
    section([`*${typed(offer.title, 80)}*`, typed(offer.fits, 250), `Users served ${typed(offer.promise, 150)}.`]),
    ...actions(
      shown.map(({ input, label }, nth) =>
        button(
          label,
          'preview-fix',
          { incident, fixId: offer.fixId, input: { ...input } },
          { nth: `${index}-${nth}`, says: `${offer.title}: ${label}` },
        ),
      ),
    ),
    ...(shown.length === 0 ? [context(typed(none, 250))] : []),
    ...(left > 0 ? [context(`… ${left} more`)] : []),
  ];
};
