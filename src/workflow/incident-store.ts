import { type IncidentEvent, incidentEvent } from '../incident/events.ts';
import { evolve } from '../incident/evolve.ts';
import { type Incident, isOpen } from '../incident/state.ts';
import type { IncidentLog, LogModel, LogRequest } from '../log/incident-log.ts';

/** The log of this product's incidents. */
export type IncidentStore = IncidentLog<IncidentEvent, Incident | undefined>;

/** Raise with every change of `Incident` or of how it is folded: what was cached before is then folded anew. */
const HEAD_VERSION = 3;

const upcasts = Object.fromEntries(incidentEvent.options.map(({ shape }) => [shape.type.value, []])) as unknown as LogModel<
  IncidentEvent,
  Incident | undefined
>['upcasts'];

export const incidentModel: LogModel<IncidentEvent, Incident | undefined> = {
  empty: undefined,
  evolve,
  upcasts,
  parseEvent: (raw) => incidentEvent.parse(raw),
  head: {
    version: HEAD_VERSION,
    toJson: (state) => state ?? null,
    fromJson: (raw) => (raw === null ? undefined : (raw as Incident)),
  },
  indexes: (state) => ({
    open: state !== undefined && isOpen(state),
    channelIds: state?.channel === undefined ? [] : [state.channel.id],
  }),
};

/** The incident as it is now; undefined when there is none of that number. */
export const current = async (log: IncidentStore, number: number): Promise<Incident | undefined> =>
  (await log.load(number))?.state;

/** How a request of the queue, or one part of it, signs its commit. */
export const requestOf = (
  { id, by, requestedAt }: { readonly id: string; readonly by: string; readonly requestedAt?: string | undefined },
  part?: string,
): LogRequest => ({
  requestId: part === undefined ? id : `${id}:${part}`,
  by,
  ...(requestedAt !== undefined && { requestedAt }),
});
