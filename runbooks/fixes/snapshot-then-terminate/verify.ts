import type { Plan, Report, RunRecord } from '../../../src/runbook/define-fix.ts';
import { isGone, memberOf, serves } from '../../../src/runbook/membership.ts';
import { listed } from '../../../src/runbook/words.ts';
import { beforeOf, type Facts, inputOf, wasDone } from './world.ts';

const remainsOf = (facts: Facts, plan: Plan, steps: RunRecord['steps'], gone: boolean): readonly string[] => {
  const { volumes, interfacesKept } = beforeOf(plan);
  const { instanceId } = inputOf(plan);
  const snapshots = Object.values(steps['complete']?.seen ?? steps['snapshot']?.seen ?? {}).toSorted();
  return [
    ...snapshots.map((id) => `${id}: kept until ${plan.run.expires}`),
    ...(gone
      ? [
          ...volumes
            .filter(({ deleteOnTermination }) => !deleteOnTermination)
            .map(({ id, sizeGiB }) => `${id} (${sizeGiB} GiB): outlives ${instanceId}, delete it when it is no longer needed`),
          ...interfacesKept.map((id) => `${id}: network interface that outlives ${instanceId}`),
          ...facts.ties.elasticIps.map((address) => `${address}: elastic IP that pointed at ${instanceId}`),
        ]
      : [`${instanceId}: still running, costs as before; terminate it or undo`]),
  ];
};

export const verify = (facts: Facts, plan: Plan, steps: RunRecord['steps']): Report => {
  const { group } = facts;
  const { instanceId, groupName } = inputOf(plan);
  const { memberIds } = beforeOf(plan);
  const gone = isGone(facts.instance);
  const detached = wasDone({ steps }, 'detach') && (group === undefined || memberOf(group, instanceId) === undefined);
  const serving =
    group?.members.map(({ id }) => id).filter((id) => !memberIds.includes(id) && serves(group, facts.targetGroups, id)) ?? [];
  const served =
    serving.length > 0
      ? `Served again: ${listed(serving.toSorted())} is InService and healthy in every target group of ${groupName}.`
      : `Not served yet: ${groupName} has no healthy new instance.`;
  const ended = gone
    ? `${instanceId} is terminated.`
    : detached
      ? `${instanceId} is out of the group and kept.`
      : `${instanceId} is still in ${groupName}.`;
  return {
    ok: serving.length > 0 && (gone || detached),
    text: detached || gone ? `${served} ${ended}` : ended,
    remains: detached || gone ? remainsOf(facts, plan, steps, gone) : [],
  };
};
