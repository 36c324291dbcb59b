import type { Group, ServiceMap } from '../../../src/runbook/entities.ts';
import { attachedTargetGroups, notHealthyIn } from '../../../src/runbook/membership.ts';

export type Ailing = {
  readonly group: Group;
  readonly instanceId: string;
  readonly zone: string;
  readonly problems: readonly string[];
};

/** Members that are InService, the sickest first. */
export const membersWorstFirst = (map: ServiceMap): readonly Ailing[] =>
  map.groups
    .flatMap((group) =>
      group.members
        .filter(({ lifecycleState }) => lifecycleState === 'InService')
        .map(({ id, zone }) => ({
          group,
          instanceId: id,
          zone,
          problems: notHealthyIn(group, attachedTargetGroups(group, map.targetGroups), id),
        })),
    )
    .toSorted((a, b) => b.problems.length - a.problems.length || (a.instanceId < b.instanceId ? -1 : 1));
