import { type Incident, incidentName } from '../../incident/state.ts';
import { escapeText } from '../escape.ts';
import { CHANNEL_NAME_CHARACTERS_MAX, cut, TOPIC_CHARACTERS_MAX } from '../limits.ts';
import { severityWord, statusWord } from './words.ts';

/**
 * `inc-0042-checkout-returns-502`, with `-2`, `-3`… on later attempts. Slack takes lower case letters, digits, `-` and `_`;
 * a title without any of these gives the number alone.
 */
export const channelNameFor = ({ number, title, drill }: Pick<Incident, 'number' | 'title' | 'drill'>, attempt = 1): string => {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '');
  const suffix = attempt > 1 ? `-${attempt}` : '';
  const start = `${incidentName(number)}${drill ? '-drill' : ''}-${words}`;
  return `${start.slice(0, CHANNEL_NAME_CHARACTERS_MAX - suffix.length).replace(/-+$/, '')}${suffix}`;
};

export const topicFor = (incident: Pick<Incident, 'severity' | 'status' | 'title' | 'drill'>): string => {
  const start = `${incident.drill ? 'DRILL · ' : ''}${severityWord(incident.severity)} · ${statusWord(incident.status)} · `;
  // Escaping lengthens: what is left of Slack's limit is for the title as Slack counts it.
  const room = TOPIC_CHARACTERS_MAX - start.length;
  let title = cut(incident.title.replaceAll(/\s+/g, ' ').trim(), room);
  while (escapeText(title).length > room) title = cut(title, [...title].length - 5);
  return start + escapeText(title);
};
