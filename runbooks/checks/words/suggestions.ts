import type { Suggestion } from '../../../src/runbook/define-check.ts';
import type { ServiceMap } from '../../../src/runbook/entities.ts';

/** One sick instance is replaced, unless none is well: then what is wrong would outlive it. When few are well, one that is well serves alone while the others are looked at. */
export const suggestionsFor = (map: ServiceMap, sickIds: readonly string[]): readonly Suggestion[] =>
  map.groups.flatMap((group) => {
    const members = group.members.filter(({ id }) => sickIds.includes(id));
    const well = group.members.find(({ id, lifecycleState }) => lifecycleState === 'InService' && !sickIds.includes(id));
    if (members.length === 0 || well === undefined) return [];
    return [
      ...members.slice(0, 3).map(({ id }) => ({
        fixId: 'snapshot-then-terminate',
        input: { instanceId: id, groupName: group.name },
        why: `${id} is sick, its group can replace it`,
      })),
      // Parking the others is for when most are sick: one sick instance is less than half a group.
      ...(members.length * 2 < group.members.length
        ? []
        : [
            {
              fixId: 'scale-to-one',
              input: { groupName: group.name, survivorId: well.id },
              why: `${well.id} is healthy and can serve alone`,
            },
          ]),
    ];
  });
