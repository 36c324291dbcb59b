import type { Judgement } from '../condition.ts';
import type { Group, Instance, TargetGroup } from '../entities.ts';
import { fact, type Needs } from '../facts.ts';
import { attachedTargetGroups, isGone, memberOf, notHealthyIn, serves } from '../membership.ts';
import { listed } from '../words.ts';
import { type ConditionOf, judgeBy, never, noGroup, notYet, yes, yesUnless } from './define.ts';

type Named = { readonly groupName: string };
const groupOf = ({ groupName }: Named) => ({ group: fact('group', { name: groupName }) });
const groupAndInstance = (condition: Named & { readonly instanceId: string }) => ({
  ...groupOf(condition),
  instance: fact('instance', { id: condition.instanceId }),
});
const groupAndTargets = (condition: Named & { readonly instanceId?: string }) => ({
  ...groupOf(condition),
  targetGroups: fact('target-groups-around', {
    groupName: condition.groupName,
    ...(condition.instanceId !== undefined && { instanceId: condition.instanceId }),
  }),
});

/** Detaching counts as out: no other call than ours leads there. Terminating does not: then the group got there first. */
const stillIn = (group: Group, instance: Instance | undefined, instanceId: string): Judgement | undefined => {
  const member = memberOf(group, instanceId);
  if (member?.lifecycleState.startsWith('Terminating') || isGone(instance))
    return never(`${instanceId} is ${instance?.state ?? 'gone'}: it was ended before it was out of ${group.name}.`);
  return member === undefined || member.lifecycleState === 'Detaching'
    ? undefined
    : notYet(`${instanceId} is ${member.lifecycleState} in ${group.name}`);
};

export const detached = judgeBy(
  (condition: ConditionOf<'detached'>) => groupAndInstance(condition),
  ({ group, instance }, { groupName, instanceId }) => {
    if (group === undefined) return noGroup(groupName);
    return stillIn(group, instance, instanceId) ?? yes(`${instanceId} is out of ${groupName}.`);
  },
);

export const outOfGroup = judgeBy(
  (condition: ConditionOf<'out-of-group'>) => ({ ...groupAndInstance(condition), ...groupAndTargets(condition) }),
  ({ group, instance, targetGroups }, { groupName, instanceId, desired }) => {
    if (group === undefined) return noGroup(groupName);
    const early = stillIn(group, instance, instanceId);
    if (early !== undefined) return early;
    return yesUnless(
      [
        ...(memberOf(group, instanceId) === undefined ? [] : [`${instanceId} is still being detached`]),
        ...attachedTargetGroups(group, targetGroups).flatMap(({ name, targets }) =>
          targets.filter(({ id }) => id === instanceId).map(({ state }) => `${instanceId} is ${state} in ${name}`),
        ),
        ...(desired === undefined || desired === group.desired ? [] : [`desired is ${group.desired}, not ${desired}`]),
      ],
      `${instanceId} is out of ${groupName} and of its target groups; desired is ${group.desired}.`,
    );
  },
);

export const replaced = judgeBy(
  (condition: ConditionOf<'replaced'>) => groupAndTargets(condition),
  ({ group, targetGroups }, { groupName, membersBefore, needed }) => {
    if (group === undefined) return noGroup(groupName);
    const fresh = group.members.filter(({ id }) => !membersBefore.includes(id));
    const serving = fresh.filter(({ id }) => serves(group, targetGroups, id)).map(({ id }) => id);
    if (serving.length >= needed)
      return yes(`${listed(serving)}: InService and healthy in every target group of ${groupName}.`, {
        replacementId: serving.toSorted().slice(0, needed).join(','),
      });
    if (fresh.length === 0) return notYet(`${groupName} has not launched a new instance yet`);
    const waiting = fresh.map(({ id, lifecycleState }) =>
      lifecycleState === 'InService'
        ? `${id} is InService, but not healthy: ${listed(notHealthyIn(group, targetGroups, id)) || 'in Auto Scaling’s eyes'}`
        : `${id} is ${lifecycleState}`,
    );
    return notYet(waiting.join('; '));
  },
);

export const attached = judgeBy(
  (condition: ConditionOf<'attached'>) => groupAndInstance(condition),
  ({ group, instance }, { groupName, instanceId }) => {
    if (group === undefined) return noGroup(groupName);
    const state = memberOf(group, instanceId)?.lifecycleState;
    if (isGone(instance) || state?.startsWith('Terminating')) return never(`${instanceId} is ${instance?.state ?? 'gone'}.`);
    return state === undefined || state === 'Detaching'
      ? notYet(`${instanceId} is no member of ${groupName}`)
      : yes(`${instanceId} is a member of ${groupName} (${state}).`);
  },
);

const lost = (group: Group, instanceIds: readonly string[]): readonly string[] =>
  instanceIds.filter((id) => memberOf(group, id)?.lifecycleState.startsWith('Terminating') ?? true);

const notServing = (group: Group, targetGroups: readonly TargetGroup[], instanceId: string): string => {
  const state = memberOf(group, instanceId)?.lifecycleState ?? 'no member any more';
  return `${instanceId} is ${[state, ...notHealthyIn(group, targetGroups, instanceId)].join(', ')}`;
};

export const inStandby = judgeBy(
  (condition: ConditionOf<'in-standby'>) => groupAndTargets(condition),
  ({ group, targetGroups }, { groupName, instanceIds, desired, survivorId }) => {
    if (group === undefined) return noGroup(groupName);
    const gone = lost(group, instanceIds);
    if (gone.length > 0) return never(`${listed(gone)} left ${groupName} instead of going to standby.`);
    // Any doubt about the one that carries the load ends the wait: parking on would take users down.
    if (!serves(group, targetGroups, survivorId))
      return never(`The survivor is in doubt: ${notServing(group, targetGroups, survivorId)}.`);
    return yesUnless(
      [
        ...instanceIds
          .map((id) => ({ id, state: memberOf(group, id)?.lifecycleState }))
          .filter(({ state }) => state !== 'Standby')
          .map(({ id, state }) => `${id} is ${state}`),
        ...(group.desired === desired ? [] : [`desired is ${group.desired}, not ${desired}`]),
      ],
      `${listed(instanceIds)} in standby; desired is ${desired}; ${survivorId} serves.`,
    );
  },
);

export const enteringStandby = judgeBy(
  (condition: ConditionOf<'entering-standby'>) => groupOf(condition),
  ({ group }, { groupName, instanceIds }) => {
    if (group === undefined) return noGroup(groupName);
    const gone = lost(group, instanceIds);
    if (gone.length > 0) return never(`${listed(gone)} left ${groupName} instead of going to standby.`);
    const staying = instanceIds.filter((id) => !/^(EnteringStandby|Standby)$/.test(memberOf(group, id)?.lifecycleState ?? ''));
    return yesUnless(
      staying.map((id) => `${id} is ${memberOf(group, id)?.lifecycleState}`),
      `${listed(instanceIds)}: on the way to standby.`,
    );
  },
);

export const leftStandby = judgeBy(
  (condition: ConditionOf<'left-standby'>) => groupOf(condition),
  ({ group }, { groupName, instanceIds }) => {
    if (group === undefined) return noGroup(groupName);
    const parked = instanceIds.filter((id) => memberOf(group, id)?.lifecycleState === 'Standby');
    return yesUnless(
      parked.map((id) => `${id} is Standby`),
      `None of ${listed(instanceIds)} is in standby.`,
    );
  },
);

export const inService = judgeBy(
  ({ groupName, instanceIds, healthy }: ConditionOf<'in-service'>) => {
    const base = healthy ? groupAndTargets({ groupName }) : groupOf({ groupName });
    return { ...base, ...Object.fromEntries(instanceIds.map((id) => [id, fact('instance', { id })])) } as Needs & typeof base;
  },
  (facts, { groupName, instanceIds, healthy }) => {
    const { group } = facts;
    if (group === undefined) return noGroup(groupName);
    const ended = instanceIds.filter((id) => isGone((facts as Readonly<Record<string, Instance | undefined>>)[id]));
    if (ended.length > 0) return never(`${listed(ended)}: terminated.`);
    const targetGroups = 'targetGroups' in facts ? (facts.targetGroups as readonly TargetGroup[]) : [];
    const waiting = instanceIds.filter((id) =>
      healthy ? !serves(group, targetGroups, id) : memberOf(group, id)?.lifecycleState !== 'InService',
    );
    return yesUnless(
      waiting.map((id) =>
        healthy ? notServing(group, targetGroups, id) : `${id} is ${memberOf(group, id)?.lifecycleState ?? 'no member yet'}`,
      ),
      `${listed(instanceIds)}: InService${healthy ? ' and healthy in every target group' : ''}.`,
    );
  },
);

export const goneFromGroup = judgeBy(
  (condition: ConditionOf<'gone-from-group'>) => groupAndInstance(condition),
  ({ group, instance }, { groupName, instanceId }) => {
    const state = group === undefined ? undefined : memberOf(group, instanceId)?.lifecycleState;
    return yesUnless(
      [
        ...(state === undefined ? [] : [`${instanceId} is ${state} in ${groupName}`]),
        ...(isGone(instance) ? [] : [`${instanceId} is ${instance?.state}`]),
      ],
      `${instanceId} is gone.`,
    );
  },
);
