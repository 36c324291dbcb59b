import { type FixRun, type Incident, isOver } from './state.ts';

/**
 * Whether something that this run did can still be taken back: it acted, nothing irreversible is known to have happened, and it is over or
 * waits for the approval of what is irreversible (undo declines it).
 */
export const canUndo = (run: FixRun): boolean => {
  const rests = isOver(run) || run.approval?.phase === 2;
  if (!rests || run.plan.kind === 'undo' || run.undoneBy !== undefined) return false;
  const begun = run.plan.steps.filter(({ id }) =>
    ['running', 'done', 'failed', 'uncertain'].includes(run.steps[id]?.status ?? ''),
  );
  // An ending whose outcome is not known may not have happened: the undo's own guards look.
  const gone = begun.some(({ id, undo }) => undo === 'irreversible' && run.steps[id]?.status !== 'uncertain');
  return !gone && begun.some(({ undo }) => undo !== 'nothing');
};

/** The last thing that can be undone: what `undo` means without a word more. */
export const lastUndoable = (incident: Incident): FixRun | undefined => Object.values(incident.runs).findLast(canUndo);
