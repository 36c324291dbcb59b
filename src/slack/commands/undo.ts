import { canUndo, lastUndoable } from '../../incident/undoable.ts';
import { defineSubcommand, type Outcome } from '../define-subcommand.ts';
import { typed } from '../escape.ts';
import { fixPreviewLoading } from '../views/fix-preview.ts';
import { told } from '../views/told.ts';
import { words } from '../words.ts';

export const undo = defineSubcommand({
  name: 'undo',
  aliases: ['revert', 'rollback'],
  usage: ['undo', 'undo <run, or what it was done to>'],
  summary: 'Take back what a fix has done. Shows the plan of the undo first.',
  where: 'incident-channel',
  args: words.transform(([what]) => ({ what })),
  examples: [
    { typed: '', gives: 'open' },
    { typed: 'i-0a1', gives: 'open' },
    { typed: 'r1', gives: 'open' },
    { typed: 'i-0ff', gives: 'tell' },
  ],
  run: ({ what }, { incident, channelId, requestId, userId, reply }): Outcome => {
    const run =
      what === undefined
        ? lastUndoable(incident)
        : Object.values(incident.runs).findLast((each) => canUndo(each) && (each.runId === what || each.plan.target === what));
    if (run === undefined) {
      const about = what === undefined ? 'nothing' : `nothing about ${typed(what, 60)}`;
      return {
        do: 'tell',
        message: told(`There is ${about} that could be undone now. A run that is under way is stopped first.`),
      };
    }
    const work = {
      kind: 'preview-undo',
      id: requestId,
      by: userId,
      reply,
      incident: incident.number,
      runId: run.runId,
      chosen: {},
    } as const;
    const view = fixPreviewLoading({ incident: incident.number, channelId }, 'Undo');
    return { do: 'open', view, fillBy: (viewId: string) => ({ ...work, viewId }) };
  },
});
