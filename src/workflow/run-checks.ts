import type { Logger } from 'pino';
import type { WorkOf } from '../incident/commands.ts';
import type { Incident } from '../incident/state.ts';
import type { Clock, FactReader, Facts } from '../ports.ts';
import { type Catalogue, checkOf, itemOf, serviceOf } from '../runbook/catalogue.ts';
import { type AnyCheck, unknown, type Verdict } from '../runbook/define-check.ts';
import { isoTime } from '../time.ts';
import type { Draw } from './draw.ts';
import { current, type IncidentStore, requestOf } from './incident-store.ts';

export type CheckDeps = {
  readonly log: IncidentStore;
  readonly facts: Facts;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly draw: Draw;
};

/** A probe that has not answered by then is unknown, with what was seen so far. */
const PROBE_DEADLINE_MS = 15_000;

/** Runs items of the checklist: facts are asked once for all of them, verdicts are shown as they come, and one that fails to answer holds up no other. */
export const runChecks = async (deps: CheckDeps, work: WorkOf<'run-checks'>): Promise<void> => {
  const incident = await current(deps.log, work.incident);
  if (incident === undefined) return;
  const items = work.itemIds.flatMap((id) => {
    const check = checkOf(deps.catalogue, itemOf(deps.catalogue, id)?.check);
    return check === undefined ? [] : [{ id, check }];
  });
  if (items.length === 0) return;
  await deps.log.append(work.incident, requestOf(work, 'started'), () =>
    items.map(({ id }) => ({ type: 'check-started' as const, v: 1 as const, checkId: id })),
  );
  await deps.draw(work.incident);
  const reader = deps.facts.open({ deadlineMs: PROBE_DEADLINE_MS });
  await Promise.all(
    items.map(async ({ id, check }) => {
      const startedMs = deps.clock.now();
      const verdict = await probe(deps, reader, incident, check);
      await deps.log.append(work.incident, requestOf(work, id), () => [
        {
          type: 'check-finished',
          v: 1,
          checkId: id,
          verdict: verdict.status,
          because: verdict.because,
          evidence: [...verdict.evidence],
          suggests: verdict.status === 'fail' ? [...verdict.suggests] : [],
          tookMs: deps.clock.now() - startedMs,
        },
      ]);
      await deps.draw(work.incident);
    }),
  );
};

const probe = async (
  { catalogue, clock, logger }: CheckDeps,
  reader: FactReader,
  incident: Incident,
  check: AnyCheck,
): Promise<Verdict> => {
  const service = serviceOf(catalogue, incident.serviceId);
  if (service === undefined) return unknown('No service is named: say which one is broken.');
  try {
    return check.evaluate(await reader.gather(check.needs(service)), service, isoTime(clock.now()));
  } catch (error) {
    // A probe that breaks is our mistake, and no verdict about the service.
    logger.error({ err: error, check: check.id }, 'A check broke.');
    return unknown(`The check broke: ${error instanceof Error ? error.message : String(error)}`);
  }
};
