import type { Incident } from '../../incident/state.ts';
import type { ChatMessage } from '../../ports.ts';
import { itemOf } from '../../runbook/catalogue.ts';
import { decode } from '../../runbook/decode.ts';
import { typed } from '../escape.ts';
import { actions, button, context, message, section } from './blocks.ts';
import type { ViewContext } from './words.ts';

const CAUSES_SHOWN = 3;
const BUTTONS_SHOWN = 3;

/** What a pasted error means, what usually causes it, and the checks to run: said to who pasted it. */
export const decoded = (incident: Incident, text: string, { catalogue, commandName }: ViewContext): ChatMessage => {
  const { matches, points } = decode(catalogue.symptoms, text);
  if (matches.length === 0) {
    const sentence = 'Kept. No known error message is in it; the checklist is the way on.';
    return message(sentence, [
      section(sentence),
      context(`Paste the words of the error itself: \`${commandName} symptom <error>\``),
    ]);
  }
  const title = (id: string): string => typed(itemOf(catalogue, id)?.title ?? id, 60);
  const probes = points.filter((id) => itemOf(catalogue, id)?.check !== undefined).slice(0, BUTTONS_SHOWN);
  return message(`Decoded: ${matches.map(({ meaning }) => typed(meaning, 150)).join(' ')}`, [
    ...matches.map(({ meaning, causes }) =>
      section([
        `*${typed(meaning, 300)}*`,
        ...causes
          .slice(0, CAUSES_SHOWN)
          .map(({ item, because }, index) => `${index + 1}. ${typed(because, 200)} → ${title(item)}`),
      ]),
    ),
    ...actions(
      probes.map((itemId, nth) =>
        button(`Run ${itemOf(catalogue, itemId)?.title ?? itemId}`, 'run-check', { incident: incident.number, itemId }, { nth }),
      ),
    ),
  ]);
};
