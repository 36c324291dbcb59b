import type { Incident } from '../incident/state.ts';
import { current, type IncidentStore } from './incident-store.ts';

/** For the Slack side: where incidents are found. Apart from the core, so that the function that answers Slack loads only this. */
export const finderOf = (log: IncidentStore) => ({
  byChannel: async (channelId: string) => (await log.byChannel(channelId))?.number,
  load: (number: number): Promise<Incident | undefined> => current(log, number),
  listOpen: async () => (await log.listOpen()).flatMap(({ state }) => (state === undefined ? [] : [state])),
});
