import { type Incident, incidentName } from '../../incident/state.ts';
import type { ChatMessage } from '../../ports.ts';
import { typed, typedLines } from '../escape.ts';
import { context, message, section } from './blocks.ts';

const PREVIEW_CHARACTERS_MAX = 2_000;

/** The draft's beginning; the whole is a canvas or a file. */
export const postmortem = (incident: Incident, markdown: string, where: 'canvas' | 'file' | 'nowhere' = 'file'): ChatMessage => {
  const name = incidentName(incident.number);
  const rest = {
    canvas: 'The whole draft is this channel’s canvas.',
    file: 'The whole draft is the file beside this message.',
    nowhere: 'Slack took neither canvas nor file: this is its beginning.',
  }[where];
  return message(`Postmortem draft of ${name}`, [
    section(`*Postmortem draft* of ${name} · ${typed(incident.title, 150)}`),
    section(typedLines(markdown, PREVIEW_CHARACTERS_MAX)),
    context(rest),
  ]);
};
