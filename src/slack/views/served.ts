import { keptBy } from '../../incident/kept.ts';
import type { FixRun, Incident } from '../../incident/state.ts';
import type { ChatMessage } from '../../ports.ts';
import { person, typed } from '../escape.ts';
import { message, section } from './blocks.ts';
import { between, exactSpan, timeOfDay } from './words.ts';

/** Said once, when users are served again: what everybody waits for. */
export const served = (run: FixRun, incident: Incident): ChatMessage => {
  const at = run.servedAt ?? incident.lastChangeAt;
  const took = run.requestedAt === undefined ? '' : ` (${exactSpan(between(run.requestedAt, at))} after the click)`;
  // Snapshots by their id, the rest by what it is: where it is kept is in the run's message and in the postmortem.
  const kept = keptBy(run).map(({ name, where }) => typed(name.startsWith('vol-') ? where : name, 80));
  const cause =
    incident.status === 'resolved'
      ? ''
      : ` Cause still unknown: it is for ${person(incident.roles.operations?.userId ?? run.by)} to find.`;
  const text = `Served again at ${timeOfDay(at)}${took}.${kept.length === 0 ? '' : ` Evidence: ${kept.join(', ')}.`}${cause}`;
  return message(text, [section(`🟢 *${text.slice(0, text.indexOf('.') + 1)}*${text.slice(text.indexOf('.') + 1)}`)]);
};
