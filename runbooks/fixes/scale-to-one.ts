import { defineFix } from '../../src/runbook/define-fix.ts';
import { inState } from '../../src/runbook/membership.ts';
import { guards } from './scale-to-one/guards.ts';
import { preview } from './scale-to-one/preview.ts';
import { recheck } from './scale-to-one/recheck.ts';
import { undo } from './scale-to-one/undo.ts';
import { verify } from './scale-to-one/verify.ts';
import { input, needs } from './scale-to-one/world.ts';

/**
 * Down to one node that is known to be good, so that the picture is simple: the others are parked, out of the load
 * balancer and alive for the inquiry, and whatever would scale the group back is silenced. Undone from what was recorded.
 */
export const scaleToOne = defineFix({
  id: 'scale-to-one',
  title: 'Scale to one',
  fits: 'Nodes disagree or overload something they share: one good node serves, the others wait in standby.',
  input,
  needs,
  guards,
  preview,
  recheck,
  verify,
  undo,
  candidates: ({ groups }) =>
    groups
      .filter((group) => inState(group, 'InService').length > 1)
      .map((group) => ({
        input: { groupName: group.name, survivorId: '' },
        label: `${group.name}: ${inState(group, 'InService').length} instances, one would stay`,
      })),
  rank: { secondsToEffect: 30, undo: 'always', blastRadius: 'group' },
});
