import type { Incident } from '../../incident/state.ts';
import type { ChatMessage } from '../../ports.ts';
import { context, message, section } from './blocks.ts';
import { incidentLine } from './digest.ts';

const SHOWN_MAX = 20;

/** Open incidents, the worst first, the newest of equals first. */
export const list = (
  open: readonly Incident[],
  { now, commandName }: { readonly now: number; readonly commandName: string },
): ChatMessage => {
  if (open.length === 0)
    return message('No incident is open.', [section(`No incident is open. \`${commandName} start\` opens one.`)]);
  const sorted = open.toSorted((a, b) => a.severity.localeCompare(b.severity) || b.number - a.number);
  return message(`${open.length} open`, [
    section(`*${open.length} open*`),
    ...sorted.slice(0, SHOWN_MAX).map((incident) => section(incidentLine(incident, now))),
    ...(sorted.length > SHOWN_MAX ? [context(`… ${sorted.length - SHOWN_MAX} more`)] : []),
  ]);
};
