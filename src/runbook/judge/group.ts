import { fact } from '../facts.ts';
import { memberOf, runningActivities } from '../membership.ts';
import { listed } from '../words.ts';
import { type ConditionOf, judgeBy, never, noGroup, yesUnless } from './define.ts';

const groupOf = ({ groupName }: { readonly groupName: string }) => ({ group: fact('group', { name: groupName }) });

export const suspended = judgeBy(
  (condition: ConditionOf<'suspended'>) => ({
    ...groupOf(condition),
    surroundings: fact('group-surroundings', { name: condition.groupName }),
  }),
  ({ group, surroundings }, { groupName, processes }) => {
    if (group === undefined) return noGroup(groupName);
    const active = processes.filter((process) => !group.suspendedProcesses.includes(process));
    const reasons = Object.entries(group.suspensionReasons ?? {}).filter(([process]) => processes.includes(process));
    return yesUnless(
      [
        ...active.map((process) => `${process} is not suspended`),
        ...runningActivities(surroundings.activities).map(({ description, status }) => `${description} (${status})`),
      ],
      `Suspended: ${listed(processes)}.`,
      Object.fromEntries(reasons),
    );
  },
);

export const notSuspended = judgeBy(
  (condition: ConditionOf<'not-suspended'>) => groupOf(condition),
  ({ group }, { groupName, processes }) => {
    if (group === undefined) return noGroup(groupName);
    return yesUnless(
      processes.filter((process) => group.suspendedProcesses.includes(process)).map((process) => `${process} is suspended`),
      `Active: ${listed(processes)}.`,
    );
  },
);

export const protectedFromScaleIn = judgeBy(
  (condition: ConditionOf<'protected'>) => groupOf(condition),
  ({ group }, { groupName, instanceId, value }) => {
    if (group === undefined) return noGroup(groupName);
    const member = memberOf(group, instanceId);
    if (member === undefined) return never(`${instanceId} is not a member of ${groupName} any more.`);
    const state = (isProtected: boolean) => `${instanceId} is ${isProtected ? '' : 'not '}protected from scale-in`;
    return yesUnless(member.protectedFromScaleIn === value ? [] : [state(!value)], `${state(value)}.`);
  },
);

export const sized = judgeBy(
  (condition: ConditionOf<'sized'>) => groupOf(condition),
  ({ group }, condition) => {
    if (group === undefined) return noGroup(condition.groupName);
    const asked = [
      ['minimum', condition.minSize, group.minSize],
      ['maximum', condition.maxSize, group.maxSize],
      ['desired', condition.desired, group.desired],
    ] as const;
    return yesUnless(
      asked
        .filter(([, wanted, is]) => wanted !== undefined && wanted !== is)
        .map(([name, wanted, is]) => `${name} is ${is}, not ${wanted}`),
      `${group.name} has minimum ${group.minSize}, desired ${group.desired}, maximum ${group.maxSize}.`,
    );
  },
);
