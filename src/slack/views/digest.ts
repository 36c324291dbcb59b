import { type Incident, isOpen } from '../../incident/state.ts';
import type { ChatMessage } from '../../ports.ts';
import { person, typed } from '../escape.ts';
import { actions, button, context, message, section } from './blocks.ts';
import { between, dayAndTime, numberWord, severityWord, span, statusWord, type ViewContext } from './words.ts';

/** One line for each incident in the digest channel, edited in place. */
export const digestLine = (incident: Incident, { now }: Pick<ViewContext, 'now'>): ChatMessage => {
  const line = incidentLine(incident, now);
  // Without a channel there is no headline to say so, nor a button there to mend it.
  const { channel: why } = incident.missing;
  const again = button(
    'Try again',
    'set-up-again',
    { incident: incident.number },
    { says: `Try again to make the channel of ${numberWord(incident.number)}` },
  );
  const lost =
    incident.channel === undefined && why !== undefined
      ? [context(`⚠️ It has no channel. ${typed(why.why, 250)}`), ...actions([again])]
      : [];
  return message(line, [section(line), ...lost]);
};

export const incidentLine = (incident: Incident, now: number): string => {
  const started = incident.milestones.started ?? incident.declaredAt;
  const end = incident.milestones.resolved;
  const lasted = isOpen(incident)
    ? `for ${span(between(started, now))}`
    : end === undefined
      ? ''
      : `after ${span(between(started, end))}`;
  return [
    `${isOpen(incident) ? '🔴' : '🟢'} ${incident.drill ? 'DRILL ' : ''}*${severityWord(incident.severity)}* ${numberWord(incident.number)} ${typed(incident.title, 150)}`,
    `${statusWord(incident.status)} ${lasted}`.trim(),
    ...(incident.roles.commander === undefined ? [] : [`commander ${person(incident.roles.commander.userId)}`]),
    ...(incident.channel === undefined ? [] : [`<#${incident.channel.id}>`]),
    `declared ${dayAndTime(incident.declaredAt)}`,
  ].join(' · ');
};
