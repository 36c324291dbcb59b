import type { Incident } from '../../incident/state.ts';
import type { ChatMessage } from '../../ports.ts';
import { person, typed, typedLines } from '../escape.ts';
import { context, message, section } from './blocks.ts';
import { severityWord, statusWord } from './words.ts';

const UPDATE_CHARACTERS_MAX = 2_000;

/** For everyone who waits: said once, in the channel. */
export const update = (incident: Incident, text: string, by: string): ChatMessage =>
  message(`Update: ${typed(text, 500)}`, [
    section([
      `*Update* · ${severityWord(incident.severity)} ${typed(incident.title, 150)}`,
      typedLines(text, UPDATE_CHARACTERS_MAX),
    ]),
    context(`${statusWord(incident.status)} · ${person(by)}`),
  ]);
