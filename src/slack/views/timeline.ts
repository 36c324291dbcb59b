import type { KnownBlock } from '@slack/types';
import { type Incident, incidentName } from '../../incident/state.ts';
import type { ChatMessage } from '../../ports.ts';
import { person, typed, withPeople } from '../escape.ts';
import { context, message, section } from './blocks.ts';
import { dayAndTime } from './words.ts';

export type TimelineLine = {
  /** ISO 8601: when it happened, which may be before it was kept. */
  readonly at: string;
  readonly by: string;
  readonly text: string;
};

const LINES_PER_SECTION = 10;
const SHOWN_MAX = 60;

/** The last of what happened, oldest first; the whole is in the file beside it. */
export const timeline = (incident: Incident, lines: readonly TimelineLine[]): ChatMessage => {
  const shown = lines.slice(-SHOWN_MAX);
  const left = lines.length - shown.length;
  const sections = Array.from({ length: Math.ceil(shown.length / LINES_PER_SECTION) }, (_, page) =>
    section(shown.slice(page * LINES_PER_SECTION, (page + 1) * LINES_PER_SECTION).map(lineOf)),
  );
  // The newest matter most: when it does not fit, the older ones go.
  return message(`Timeline of ${incidentName(incident.number)}: ${lines.length} entries`, [
    section(`*Timeline* of ${incidentName(incident.number)} · ${typed(incident.title, 150)}`),
    ...(left > 0 ? [context(`… ${left} earlier, in the file`)] : []),
    ...newestThatFit(sections),
  ]);
};

const LINES_CHARACTERS_MAX = 11_000;
const newestThatFit = (sections: readonly KnownBlock[]): readonly KnownBlock[] => {
  let used = 0;
  const fit = sections.toReversed().filter((block) => {
    used += JSON.stringify(block).length;
    return used <= LINES_CHARACTERS_MAX;
  });
  const left = sections.length - fit.length;
  return [...(left > 0 ? [context(`… ${left * LINES_PER_SECTION} more before these, in the file`)] : []), ...fit.toReversed()];
};

const lineOf = ({ at, by, text }: TimelineLine): string =>
  `${dayAndTime(at)} ${withPeople(text.replaceAll(/\s+/g, ' '), 200)} · ${person(by)}`;
