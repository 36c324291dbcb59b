import type { FixRun, Incident } from '../../incident/state.ts';
import { canUndo } from '../../incident/undoable.ts';
import type { ChatMessage } from '../../ports.ts';
import { person, typed } from '../escape.ts';
import { actions, button, message, section } from './blocks.ts';

/** What a fix left behind is not as it left it: whoever operates hears of it, and may undo. */
export const drifted = (run: FixRun, incident: Incident): ChatMessage => {
  const to = person(incident.roles.operations?.userId ?? run.by);
  const text = `⚠️ ${to} Drift after ${typed(run.plan.headline, 200)}: ${typed(run.drift?.text ?? '', 600)}`;
  const value = { incident: incident.number, runId: run.runId };
  return message(text, [
    section(text),
    ...actions(canUndo(run) ? [button('Undo…', 'undo-fix', value, { says: `Undo: ${run.plan.headline}` })] : []),
  ]);
};
