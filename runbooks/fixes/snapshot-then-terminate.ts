import { defineFix } from '../../src/runbook/define-fix.ts';
import { membersWorstFirst } from './shared/candidates.ts';
import { guards } from './snapshot-then-terminate/guards.ts';
import { preview } from './snapshot-then-terminate/preview.ts';
import { recheck } from './snapshot-then-terminate/recheck.ts';
import { undo } from './snapshot-then-terminate/undo.ts';
import { verify } from './snapshot-then-terminate/verify.ts';
import { input, needs } from './snapshot-then-terminate/world.ts';

/**
 * Kill it and let the group make a new one, safely: out of the group first, so that users are served again at once;
 * everything it knows is kept; and only then, asked once more, it is terminated.
 */
export const snapshotThenTerminate = defineFix({
  id: 'snapshot-then-terminate',
  title: 'Snapshot and terminate',
  fits: 'One instance is sick and the others are not: the group replaces it, and its state is kept for the inquiry.',
  input,
  needs,
  guards,
  preview,
  recheck,
  verify,
  undo,
  candidates: (map) =>
    membersWorstFirst(map).map(({ group, instanceId, zone, problems }) => ({
      input: { groupName: group.name, instanceId },
      label: `${instanceId} (${group.name}, ${zone}): ${problems[0] ?? 'healthy'}`,
    })),
  rank: { secondsToEffect: 90, undo: 'until-last-step', blastRadius: 'one-instance' },
});
