import { type FixStep, type Plan, type Refusal, refuse } from '../../../src/runbook/define-fix.ts';
import type { Group } from '../../../src/runbook/entities.ts';
import { notHealthyIn, serves } from '../../../src/runbook/membership.ts';
import { OPT_IN } from '../../../src/runbook/permission.ts';
import { listed } from '../../../src/runbook/words.ts';
import { firstRefusal } from '../../guards/first-refusal.ts';
import { groupStable, launchProcesses } from '../../guards/group.ts';
import { noForecast, noWarmPool } from '../../guards/survivor.ts';
import { minimumHealthy, notLastHealthy } from '../../guards/target-groups.ts';
import { changedByOthers, type Sizes, vanished } from '../shared/drift.ts';
import { guards } from './guards.ts';
import { type Before, beforeOf, type Facts, inputOf, movedBy, stateOf, stepsBefore, suspendedBy } from './world.ts';

/** The sizes as the run's own steps have made them. */
export const sizesAfter = ({ minSize, maxSize, desired }: Sizes, steps: readonly FixStep[]): Sizes => ({
  minSize: steps.some(({ id }) => id === 'minimum') ? 1 : minSize,
  maxSize,
  desired: desired - steps.flatMap(movedBy).length,
});

const survivorInDoubt = (facts: Facts, group: Group, { survivorId }: Before): Refusal | undefined => {
  if (serves(group, facts.targetGroups, survivorId)) return undefined;
  const problems = [stateOf(group, survivorId), ...notHealthyIn(group, facts.targetGroups, survivorId)];
  return refuse(
    `The survivor ${survivorId} is no longer healthy (${problems.join('; ')}): parking more would take users down.`,
    'Undo what is parked, or wait until it is healthy and go on.',
  );
};

const othersInterfered = (group: Group, done: readonly FixStep[], ours: Before): Refusal | undefined => {
  const resumed = done.flatMap(suspendedBy).filter((process) => !group.suspendedProcesses.includes(process));
  if (resumed.length > 0)
    return refuse(
      `Somebody resumed ${listed(resumed)} of ${group.name} meanwhile (a deployment does that): the group may scale back by itself.`,
      'Undo, or start again once whoever did it is done.',
    );
  const moved = done.flatMap(movedBy).filter((id) => stateOf(group, id) !== 'Standby');
  if (moved.length > 0)
    return refuse(
      `${listed(moved.map((id) => `${id} is ${stateOf(group, id)}`))}: somebody else moved what this run had parked.`,
      'Ask who did; undo the rest, or start again.',
    );
  const fresh = group.members.map(({ id }) => id).filter((id) => !ours.memberIds.includes(id));
  return fresh.length === 0
    ? undefined
    : refuse(
        `${listed(fresh.toSorted())} came into ${group.name} meanwhile: something outside sizes the group.`,
        'Find out what scales it and stop that; undo, or start again.',
      );
};

const noLongerAllowed = (facts: Facts, group: Group, ids: readonly string[]): Refusal | undefined => {
  const touched = facts.members.filter(({ id }) => ids.includes(id)).map(({ id, tags }) => ({ name: id, tags }));
  const without = [{ name: group.name, tags: group.tags }, ...touched].filter(({ tags }) => tags[OPT_IN.key] !== OPT_IN.value);
  return without.length === 0
    ? undefined
    : refuse(
        `${listed(without.map(({ name }) => name))} no longer tagged ${OPT_IN.key}=${OPT_IN.value}: the permission was taken back.`,
        'Ask the owner to set the tag again, or undo what is done.',
      );
};

/** One step's own instances, and the limits on healthy targets, once more. */
const beforeParking = (facts: Facts, group: Group, ids: readonly string[]): Refusal | undefined => {
  const elsewhere = ids.filter((id) => stateOf(group, id) !== 'InService');
  if (elsewhere.length > 0)
    return refuse(
      `${listed(elsewhere.map((id) => `${id} is ${stateOf(group, id)}`))}, so it cannot be parked.`,
      'Undo what is parked, or start again with the members that are there.',
    );
  const leaving = () => ids;
  return firstRefusal([notLastHealthy(leaving), minimumHealthy(leaving)], facts, undefined);
};

export const recheck = (facts: Facts, plan: Plan, before: FixStep): Refusal | undefined => {
  if (before.mode !== 'act') return undefined;
  const { group } = facts;
  const ours = beforeOf(plan);
  if (group === undefined) return vanished(inputOf(plan).groupName);
  const done = stepsBefore(plan, before);
  const sizes = sizesAfter(ours, done);
  if (done.length === 0) return firstRefusal(guards, facts, inputOf(plan)) ?? changedByOthers(group, sizes);
  const [refresh] = facts.surroundings.activeRefreshes;
  if (refresh !== undefined)
    return refuse(`An instance refresh of ${group.name} began meanwhile (${refresh.status}).`, 'Cancel it, then go on; or undo.');
  const ids = movedBy(before);
  return (
    noLongerAllowed(facts, group, [...ids, ours.survivorId]) ??
    changedByOthers(group, sizes) ??
    othersInterfered(group, done, ours) ??
    survivorInDoubt(facts, group, ours) ??
    firstRefusal([groupStable, launchProcesses, noWarmPool, noForecast], facts, undefined) ??
    beforeParking(facts, group, ids)
  );
};
