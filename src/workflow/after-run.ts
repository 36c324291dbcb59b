import type { WorkRequest } from '../incident/commands.ts';
import type { Clock } from '../ports.ts';
import type { Catalogue } from '../runbook/catalogue.ts';
import { drifted } from '../slack/views/drifted.ts';
import { served } from '../slack/views/served.ts';
import { type DrawDeps, postOnce } from './draw.ts';
import { current } from './incident-store.ts';

export type AfterRunDeps = Pick<DrawDeps, 'log' | 'chat' | 'logger'> & {
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly enqueue: (work: WorkRequest) => Promise<void>;
};

/** What a run sets off beyond its own message. */
export const createAfterRun = (deps: AfterRunDeps) => ({
  /** In the channel, where everybody waits for it; once. */
  tellServed: async (number: number, runId: string): Promise<void> => {
    const incident = await current(deps.log, number);
    const run = incident?.runs[runId];
    if (incident?.channel === undefined || run === undefined || incident.messages[`served:${runId}`] !== undefined) return;
    await postOnce(deps, incident, { slot: `served:${runId}`, channelId: incident.channel.id, message: served(run, incident) });
  },

  /** Each drift is a message of its own: an edit would reach nobody. */
  tellDrift: async (number: number, runId: string): Promise<void> => {
    const incident = await current(deps.log, number);
    const run = incident?.runs[runId];
    if (incident?.channel === undefined || run?.drift === undefined) return;
    const slot = `drift:${runId}:${run.drift.at}`;
    if (incident.messages[slot] === undefined)
      await postOnce(deps, incident, { slot, channelId: incident.channel.id, message: drifted(run, incident) });
  },

  /** What had failed is looked at again, so that the checklist shows what the fix changed. */
  runEnded: async (number: number, runId: string): Promise<void> => {
    const incident = await current(deps.log, number);
    const run = incident?.runs[runId];
    if (incident === undefined || run === undefined || Object.keys(run.steps).length === 0) return;
    const itemIds = deps.catalogue.checklist.items
      .filter(({ id, check }) => check !== undefined && incident.checks[id]?.state === 'fail')
      .map(({ id }) => id);
    if (itemIds.length > 0)
      await deps.enqueue({ kind: 'run-checks', id: `${runId}:checks`, by: 'bot', incident: number, itemIds });
  },
});
