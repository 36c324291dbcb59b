import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { type FixRun, type Incident, isOver } from '../incident/state.ts';
import { current } from './incident-store.ts';
import { patiently } from './patiently.ts';
import { type FixDeps, prepare } from './run-desk.ts';

/** `drifted` stays until the text changes or it is well again; `over`: undone, forgotten, or watched for long enough. */
type Watched = {
  readonly status: 'well' | 'drifted' | 'over';
  readonly text: string;
  readonly looks: number;
  readonly everySeconds: number;
  readonly sinceMs: number;
};
export type RunWatch = ReturnType<typeof createRunWatch>;

const HOUR_MS = 3_600_000;
const FIRST: Watched = { status: 'well', text: '', looks: 0, everySeconds: 1, sinceMs: 0 };

/** Some fixes leave a group in a state that nobody else watches over. They are looked after, until they are undone. */
export const watchRun = async (watch: RunWatch, context: DurableContext): Promise<void> => {
  await context.waitForCondition<Watched>(
    'watch',
    patiently((before) => watch.look(before), watch.stumbled),
    {
      initialState: FIRST,
      waitStrategy: ({ status, everySeconds }) =>
        status === 'over' ? { shouldContinue: false } : { shouldContinue: true, delay: { seconds: everySeconds } },
    },
  );
};

export const createRunWatch = (deps: FixDeps, number: number, runId: string) => ({
  stumbled: (error: unknown): void => deps.logger.warn({ err: error, runId }, 'A look at what a run left behind failed.'),

  look: async (before: Watched): Promise<Watched> => {
    const now = deps.clock.now();
    const incident = await current(deps.log, number);
    const run = incident?.runs[runId];
    const { watch } = run?.plan ?? {};
    const sinceMs = before.looks === 0 ? now : before.sinceMs;
    if (
      incident === undefined ||
      run === undefined ||
      watch === undefined ||
      run.undoneBy !== undefined ||
      now - sinceMs > watch.hours * HOUR_MS
    ) {
      return { ...before, status: 'over' };
    }
    const next = { ...before, looks: before.looks + 1, everySeconds: watch.everySeconds, sinceMs };
    if (isBeingUndone(incident, run)) return next;
    const prepared = prepare(deps.catalogue, incident, run);
    const report = prepared.verify(await deps.facts.open().gather(prepared.needs), run.plan, run.steps);
    // What cannot be read at the moment is nothing to wake anybody for.
    if (report.unseen === true) return next;
    if (report.ok) return { ...next, status: 'well', text: '' };
    if (report.text !== before.text) {
      await deps.log.append(number, { requestId: `${runId}:drift-${next.looks}`, by: 'bot' }, () => [
        { type: 'fix-drifted', v: 1, runId, text: report.text },
      ]);
      await deps.draw(number);
      await deps.tellDrift(number, runId);
    }
    return { ...next, status: 'drifted', text: report.text };
  },
});

const isBeingUndone = (incident: Incident, run: FixRun): boolean =>
  Object.values(incident.runs).some((other) => other.undoOf === run.runId && other.status !== 'previewed' && !isOver(other));
