import type { Plan, Report, RunRecord } from '../../../src/runbook/define-fix.ts';
import { inState, notHealthyIn, serves } from '../../../src/runbook/membership.ts';
import { counted, listed } from '../../../src/runbook/words.ts';
import { vanished } from '../shared/drift.ts';
import { beforeOf, type Facts, inputOf, movedBy, stateOf, stepsRun } from './world.ts';

export const verify = (facts: Facts, plan: Plan, steps: RunRecord['steps']): Report => {
  const { group } = facts;
  const { groupName } = inputOf(plan);
  if (group === undefined) return { ok: false, text: vanished(groupName).because, remains: [] };
  const { survivorId } = beforeOf(plan);
  const parked = stepsRun({ plan, steps })
    .flatMap(movedBy)
    .filter((id) => stateOf(group, id) === 'Standby');
  const alone = inState(group, 'InService').length === 1;
  const healthy = serves(group, facts.targetGroups, survivorId);
  const serving = healthy
    ? `${survivorId} is InService and healthy in every target group`
    : `${survivorId} does not serve (${[stateOf(group, survivorId), ...notHealthyIn(group, facts.targetGroups, survivorId)].join('; ')}): undo`;
  return {
    ok: healthy && alone && group.desired === 1,
    text: [
      `${serving}${alone ? ', alone' : `; ${counted(inState(group, 'InService').length, 'instance')} InService`}.`,
      ...(parked.length === 0 ? [] : [`Parked: ${listed(parked.toSorted())}.`]),
      'While it is parked nothing replaces a dead survivor: keep an eye on errors and latency.',
    ].join(' '),
    remains: facts.members
      .filter(({ id }) => parked.includes(id))
      .map(({ id, instanceType }) => `${id} (${instanceType}): in standby, costs as in service; undo returns it`)
      .toSorted(),
  };
};
