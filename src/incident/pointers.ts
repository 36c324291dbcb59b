import type { Catalogue } from '../runbook/catalogue.ts';
import { decode, type RankedItem, rankItems } from '../runbook/decode.ts';
import type { Incident } from './state.ts';

/** Where all symptoms together point to: items of the checklist that nobody has answered yet, best first. */
export const pointers = (incident: Incident, { symptoms }: Pick<Catalogue, 'symptoms'>): readonly RankedItem[] =>
  rankItems(incident.symptoms.map(({ text }) => decode(symptoms, text))).filter(
    ({ itemId }) => incident.checks[itemId]?.settled !== true,
  );
