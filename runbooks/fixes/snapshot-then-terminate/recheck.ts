import { type FixStep, type Plan, type Refusal, refuse } from '../../../src/runbook/define-fix.ts';
import type { Group, Instance } from '../../../src/runbook/entities.ts';
import { isGone, memberOf, notHealthyIn, serves } from '../../../src/runbook/membership.ts';
import { OPT_IN } from '../../../src/runbook/permission.ts';
import { listed } from '../../../src/runbook/words.ts';
import { firstRefusal } from '../../guards/first-refusal.ts';
import { changedByOthers, vanished } from '../shared/drift.ts';
import { guards } from './guards.ts';
import { type Before, beforeOf, type Facts, inputOf } from './world.ts';

const volumesChanged = (facts: Facts, { volumes }: Before, instanceId: string): Refusal | undefined => {
  const planned = volumes.map(({ id }) => id);
  const attached = facts.volumes.map(({ id }) => id);
  const added = attached.filter((id) => !planned.includes(id)).toSorted();
  const removed = planned.filter((id) => !attached.includes(id)).toSorted();
  if (added.length > 0)
    return refuse(
      `${listed(added)} ${added.length === 1 ? 'was' : 'were'} attached to ${instanceId} since the plan was made: what is on it is not saved.`,
      `Detach ${listed(added)}, or start again, so that it is snapshotted too.`,
    );
  return removed.length === 0
    ? undefined
    : refuse(
        `${listed(removed)} ${removed.length === 1 ? 'is' : 'are'} no longer attached to ${instanceId}: somebody else is working on it.`,
        'Ask who detached it; attach it again, or start again with what is there.',
      );
};

/** Once it is detached, nobody else may have taken it back: by the group, by another group, or by a target group. */
const takenBack = (facts: Facts, group: Group, instance: Instance): Refusal | undefined => {
  const other = instance.tags['aws:autoscaling:groupName'];
  const owner = memberOf(group, instance.id) === undefined ? other : group.name;
  if (owner !== undefined)
    return refuse(
      `${instance.id} was attached to ${owner} again meanwhile: it may be serving users.`,
      'Ask who attached it. To go on, start again.',
    );
  const serving = facts.targetGroups.find(({ targets }) =>
    targets.some(({ id, state }) => id === instance.id && state !== 'draining'),
  );
  return serving === undefined
    ? undefined
    : refuse(
        `${instance.id} was registered in ${serving.name} again meanwhile: it may be serving users.`,
        `Deregister it from ${serving.name} first.`,
      );
};

const notServedInstead = (facts: Facts, group: Group, { memberIds, desired }: Before): Refusal | undefined => {
  const fresh = group.members.filter(({ id }) => !memberIds.includes(id));
  if (!fresh.some(({ id }) => serves(group, facts.targetGroups, id))) {
    const [one] = fresh;
    const state =
      one === undefined
        ? 'is gone'
        : `${one.id} is ${[one.lifecycleState, ...notHealthyIn(group, facts.targetGroups, one.id)].join(', ')}`;
    return refuse(
      `The replacement no longer serves: ${state}.`,
      'Wait until it is healthy again, or undo while the instance still runs.',
    );
  }
  return group.desired < desired
    ? refuse(
        `${group.name} was made smaller meanwhile: desired is ${group.desired}, not ${desired}.`,
        'Find out who sizes the group; put desired back, then go on.',
      )
    : undefined;
};

const beforeTerminating = (facts: Facts, group: Group, instance: Instance, ours: Before): Refusal | undefined => {
  const without = [
    { name: group.name, tags: group.tags },
    { name: instance.id, tags: instance.tags },
  ].find(({ tags }) => tags[OPT_IN.key] !== OPT_IN.value);
  if (without !== undefined)
    return refuse(
      `${without.name} is no longer tagged ${OPT_IN.key}=${OPT_IN.value}: its owner took the permission back.`,
      'Ask its owner to set the tag again.',
    );
  if (instance.apiTerminationDisabled === true)
    return refuse(
      `Somebody protected ${instance.id} from termination meanwhile.`,
      'Ask who did and why; take the protection off.',
    );
  return notServedInstead(facts, group, ours) ?? volumesChanged(facts, ours, instance.id);
};

/** Waits and collections change nothing: they go on, whatever has changed. */
export const recheck = (facts: Facts, plan: Plan, before: FixStep): Refusal | undefined => {
  if (before.mode !== 'act') return undefined;
  const { group, instance } = facts;
  const input = inputOf(plan);
  const ours = beforeOf(plan);
  if (group === undefined) return vanished(input.groupName);
  if (before.id === 'tag' || before.id === 'detach')
    return firstRefusal(guards, facts, input) ?? changedByOthers(group, ours) ?? volumesChanged(facts, ours, input.instanceId);
  if (instance === undefined || isGone(instance))
    return refuse(
      `${input.instanceId} was terminated meanwhile, not by this run.`,
      'Nothing is left to do with it; look at who ended it in the timeline.',
    );
  const early = takenBack(facts, group, instance);
  if (early !== undefined) return early;
  return before.id === 'terminate'
    ? beforeTerminating(facts, group, instance, ours)
    : volumesChanged(facts, ours, input.instanceId);
};
