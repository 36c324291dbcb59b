import type { WorkOf } from '../incident/commands.ts';
import type { Refused } from '../incident/decide.ts';
import { decideAnswer, decideStart } from '../incident/decide-fix.ts';
import { type FixRun, type Incident, isOver } from '../incident/state.ts';
import type { DurableRuns } from '../ports.ts';
import type { Catalogue } from '../runbook/catalogue.ts';
import { current, type IncidentStore, requestOf } from './incident-store.ts';
import { brokenOff, endEvents } from './run-ends.ts';

export type RunDeps = { readonly log: IncidentStore; readonly runs: DurableRuns; readonly catalogue: Catalogue };

/** The workflow's name, as the durable runs know it. */
export const RUN_FIX = 'run-fix';

/** Starts a previewed run, once. The answer is the sentence why not. */
export const startRun = async (deps: RunDeps, work: WorkOf<'start-fix'>): Promise<Refused | undefined> => {
  const no = await endWhatIsUndone(deps, work);
  if (no !== undefined) return no;
  const appended = await deps.log.append(work.incident, requestOf(work), (incident, at) =>
    decideStartOf(deps, incident, work, at),
  );
  if (appended.outcome === 'refused') return appended.refusal;
  // Also after a repeat: the process may have died between the log and the start, and a second start is none.
  await deps.runs.start(work.runId, RUN_FIX, { incident: work.incident, runId: work.runId });
  return undefined;
};

const decideStartOf = ({ catalogue }: RunDeps, incident: Incident | undefined, work: WorkOf<'start-fix'>, at: string) =>
  incident === undefined
    ? { refused: 'There is no such incident.' }
    : decideStart(incident, work, { by: work.by, at, policy: catalogue.response });

/** A run that waits for its last approval has it declined by the start of its undo: whoever undoes does not want the rest. Not before: a preview decides nothing. */
const endWhatIsUndone = async (deps: RunDeps, work: WorkOf<'start-fix'>): Promise<Refused | undefined> => {
  const snapshot = await deps.log.load(work.incident);
  const incident = snapshot?.state;
  const undone = incident?.runs[incident.runs[work.runId]?.undoOf ?? ''];
  if (incident === undefined || snapshot === undefined || undone?.approval?.phase !== 2) return undefined;
  const would = decideStartOf(deps, incident, work, snapshot.at);
  if ('refused' in would) return would;
  return answerRun(deps, {
    ...work,
    kind: 'answer-fix',
    id: `${work.id}:decline`,
    runId: undone.runId,
    phase: 2,
    approve: false,
  });
};

/** Answers the question a run waits on. The log decides; the waiting run is then told, again if this is a repeat. */
export const answerRun = async (deps: RunDeps, work: WorkOf<'answer-fix'>): Promise<Refused | undefined> => {
  const appended = await deps.log.append(work.incident, requestOf(work), (incident, at) =>
    incident === undefined
      ? { refused: 'There is no such incident.' }
      : decideAnswer(incident, work, { by: work.by, at, policy: deps.catalogue.response }),
  );
  if (appended.outcome === 'refused') return appended.refusal;
  const answer = (await current(deps.log, work.incident))?.runs[work.runId]?.answer;
  if (answer !== undefined) await tell(deps, answer);
  return undefined;
};

/**
 * A run that was asked to stop waits for nobody's approval any more; one that acts looks by itself before its next step. One whose
 * workflow is gone without a word is ended here, since nobody else would: it would hold its locks for ever.
 */
export const wakeStopped = async (deps: RunDeps, incident: number, runId: string): Promise<void> => {
  const run = (await current(deps.log, incident))?.runs[runId];
  if (run?.stopRequestedBy === undefined || isOver(run)) return;
  if (run.approval !== undefined) await tell(deps, { callbackId: run.approval.callbackId, approve: false });
  const { status } = await deps.runs.status(runId);
  if (status === 'running') return;
  await deps.log.append(incident, { requestId: `${runId}:gone`, by: 'bot' }, (now) => {
    const left = now?.runs[runId];
    return now === undefined || left === undefined ? [] : endEvents(left, now, brokenOff('nothing works on it any more.'));
  });
};

/** The log has the last word: what is told here only wakes the run. */
const tell = async ({ runs }: RunDeps, { callbackId, approve }: NonNullable<FixRun['answer']>): Promise<void> => {
  await runs.completeCallback(callbackId, JSON.stringify({ approve }));
};
