import type { IncidentEvent } from '../incident/events.ts';
import type { Incident } from '../incident/state.ts';
import type { IncidentLog } from '../log/incident-log.ts';

/** The log of this product's incidents. */
export type IncidentStore = IncidentLog<IncidentEvent, Incident | undefined>;
