/** What every interactive element has: where it stands, what it is called, and how it tells the app. */
import type { ConfirmationDialog } from '@slack/types';
import type { Element } from './choices.ts';
import { type Draw, type Entry, type Place, pressKey } from './draw.ts';

/** One element and its surroundings. */
export type Control = {
  readonly element: Element;
  readonly place: Place;
  readonly blockId: string;
  /** Inside an `input` block, whose label names the element: its own id, and the ids of label, hint and error. */
  readonly field?: {
    readonly id: string;
    readonly labelId: string;
    readonly describedBy: string | undefined;
    readonly invalid: boolean;
  };
  /** What the block says beside the element: a name for a select that has no other. */
  readonly context?: string;
  /** Told to the app at once, not with the form. */
  readonly dispatch: boolean;
};

export const actionIdOf = (element: Element): string => element.action_id ?? '';

/** Tells the app of a click, a choice or a text; the screen keeps what was chosen once any question is answered. */
export function press({ element, place, blockId }: Control, payload: Entry, draw: Draw): void {
  const confirm = element['confirm'] as ConfirmationDialog | undefined;
  draw.intents.press(place, { ...payload, block_id: blockId, action_id: actionIdOf(element) }, confirm);
}

/** Keeps the value; where the app wants to hear of it at once, tells it. */
export function enter(control: Control, entry: Entry, draw: Draw): void {
  if (control.dispatch) press(control, entry, draw);
  else draw.intents.change(control.place, control.blockId, actionIdOf(control.element), entry);
}

export const isBusy = ({ element, place, blockId }: Control, draw: Draw): boolean => {
  const stage = draw.ui.presses.get(pressKey(place, blockId, actionIdOf(element)))?.stage;
  return stage === 'sent' || stage === 'slow';
};
