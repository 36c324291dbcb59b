/** What stands in the way of attaching the instance again and ending its replacement. */
import { acknowledge, type Guard, note, passed, type RunRecord, refuse } from '../../../src/runbook/define-fix.ts';
import type { Group } from '../../../src/runbook/entities.ts';
import { type Answers, fact } from '../../../src/runbook/facts.ts';
import { isGone, memberOf } from '../../../src/runbook/membership.ts';
import { listed } from '../../../src/runbook/words.ts';
import { groupExists, groupGuard, launchProcesses, noDeployment, notWeighted, optInGuard } from '../../guards/group.ts';
import { minimumHealthy, notLastHealthy } from '../../guards/target-groups.ts';
import { sizeDrift } from '../shared/drift.ts';
import { beforeOf, inputOf, mayHaveRun } from './world.ts';

export const undoNeeds = ({ plan }: RunRecord) => {
  const { groupName, instanceId } = inputOf(plan);
  return {
    group: fact('group', { name: groupName }),
    surroundings: fact('group-surroundings', { name: groupName }),
    launch: fact('launch-source', { groupName }),
    targetGroups: fact('target-groups-around', { groupName, instanceId }),
    instance: fact('instance', { id: instanceId }),
  };
};
export type UndoFacts = Answers<ReturnType<typeof undoNeeds>>;
type UndoGuard = Guard<UndoFacts, RunRecord>;

/** The choice in the undo's own preview: attach the instance again, or leave it detached and running. */
export const KEEP = { input: 'afterwards', attach: 'attach', keep: 'keep-detached' } as const;
export const keepsDetached = ({ chosen }: RunRecord): boolean => chosen?.[KEEP.input] === KEEP.keep;

/** Whom the group launched in its place: as the run saw it, or the first newcomer. */
export const replacementOf = (group: Group, record: RunRecord): string | undefined => {
  const { memberIds } = beforeOf(record.plan);
  const { instanceId } = inputOf(record.plan);
  const fresh = group.members
    .filter(({ id, lifecycleState }) => id !== instanceId && !memberIds.includes(id) && !lifecycleState.startsWith('Terminating'))
    .map(({ id }) => id)
    .toSorted();
  const seen = record.steps['replace']?.seen?.['replacementId'];
  return seen !== undefined && fresh.includes(seen) ? seen : fresh[0];
};

/** Everything below stands only in the way of attaching; staying detached changes nothing. */
const attachGuard = (
  id: string,
  title: string,
  look: (group: Group, facts: UndoFacts, record: RunRecord) => ReturnType<UndoGuard['look']>,
) =>
  groupGuard<UndoFacts, RunRecord>(id, title, (group, facts, record) =>
    keepsDetached(record) ? passed : look(group, facts, record),
  );

const stillRuns: UndoGuard = {
  id: 'still-runs',
  title: 'The instance still runs',
  look: ({ instance }, { plan }) => {
    const { instanceId } = inputOf(plan);
    if (instance?.state === 'running') return passed;
    return isGone(instance)
      ? refuse(
          `${instanceId} is ${instance?.state ?? 'gone'}: that cannot be undone.`,
          'Its snapshots are kept: new volumes can be made of them.',
        )
      : refuse(`${instanceId} is ${instance?.state}; only a running instance can be attached.`, `Start ${instanceId} first.`);
  },
};

/** An undo that was cut short leaves the instance attached beside its replacement: there is a rest to do. */
const halfUndone = (group: Group, { plan }: RunRecord): boolean => {
  const { instanceId } = inputOf(plan);
  return memberOf(group, instanceId) !== undefined && group.desired === beforeOf(plan).desired + 1;
};

const wasDetached = groupGuard<UndoFacts, RunRecord>('was-detached', 'There is something to undo', (group, _facts, record) => {
  const { instanceId } = inputOf(record.plan);
  const isMember = memberOf(group, instanceId) !== undefined;
  if (mayHaveRun(record, 'detach') && (!isMember || halfUndone(group, record))) return passed;
  return refuse(
    isMember ? `${instanceId} is in ${group.name}: there is nothing to undo.` : `This run did not detach ${instanceId}.`,
    'Nothing is needed.',
  );
});

const imageExists = attachGuard('image-exists', 'Its image exists', (group, { instance, launch }, { plan }) => {
  const { instanceId } = inputOf(plan);
  const sentence = launch.missing.find((one) => instance?.imageId !== undefined && one.includes(instance.imageId));
  return instance?.imageMissing || sentence !== undefined
    ? refuse(
        `The image ${instance?.imageId} of ${instanceId} is gone, and without it ${group.name} cannot take the instance back: this cannot be undone. ${instanceId} is kept as it is.`,
        'Restore the image from the recycle bin, or repair the launch template so that a replacement comes up.',
      )
    : passed;
});

const zoneServed = attachGuard('zone-served', 'The group still covers its zone', (group, { instance }) =>
  instance === undefined || group.zones.includes(instance.zone)
    ? passed
    : refuse(
        `${group.name} no longer covers ${instance.zone}, where ${instance.id} is.`,
        `Add a subnet in ${instance.zone} to the group.`,
      ),
);

const replacementKnown = attachGuard('replacement-known', 'The replacement is there', (group, { launch }, record) => {
  if (replacementOf(group, record) !== undefined) return passed;
  const why = launch.missing.length === 0 ? '' : ` It cannot launch one. ${launch.missing.join(' ')}`;
  return refuse(
    `${group.name} has not launched a replacement, and undo ends it by name: attaching now would leave one instance too many.${why} ${inputOf(record.plan).instanceId} is kept as it is.`,
    'Wait until the replacement appears; if launching fails, repair the launch template.',
  );
});

/** An instance that was not healthy does not count for the one that is ended. */
const stillServed = (look: (leaving: (facts: UndoFacts, record: RunRecord) => readonly string[]) => UndoGuard): UndoGuard => {
  const guard = look(({ group }, record) => {
    const replacementId = group === undefined ? undefined : replacementOf(group, record);
    return replacementId === undefined ? [] : [replacementId];
  });
  return attachGuard(guard.id, guard.title, (_group, facts, record) =>
    beforeOf(record.plan).sickIn.length === 0 ? passed : guard.look(facts, record),
  );
};

const sickAgain = attachGuard('sick-again', 'The instance was healthy', (group, _facts, { plan }) => {
  const { sickIn } = beforeOf(plan);
  const { instanceId } = inputOf(plan);
  if (sickIn.length === 0) return passed;
  return group.healthCheckType.includes('ELB')
    ? acknowledge(
        `${instanceId} was unhealthy in ${listed(sickIn)} when it was detached. If it still is, ${group.name} replaces it again within minutes, and its evidence is lost: it can also be kept detached.`,
      )
    : note(
        `${instanceId} was unhealthy in ${listed(sickIn)} when it was detached; attached again it gets requests only once healthy.`,
      );
});

const noDrift = attachGuard('no-drift', 'The group is as the run left it', (group, _facts, record) => {
  const { minSize, maxSize, desired } = beforeOf(record.plan);
  const half = halfUndone(group, record);
  const drift = sizeDrift(group, {
    minSize,
    maxSize: half && group.maxSize === maxSize + 1 ? group.maxSize : maxSize,
    desired: half ? group.desired : desired,
  });
  return drift.length === 0
    ? passed
    : acknowledge(`Somebody or something else changed ${group.name} since: ${listed(drift)}. Undo keeps that.`);
});

export const undoGuards: readonly UndoGuard[] = [
  {
    ...groupExists,
    look: (facts, { plan }) => groupExists.look(facts, inputOf(plan)),
  },
  stillRuns,
  wasDetached,
  optInGuard(({ instance }) => (instance === undefined ? [] : [instance])),
  attachGuard('launch-processes', launchProcesses.title, (_group, facts, record) => launchProcesses.look(facts, record)),
  attachGuard('no-deployment', noDeployment.title, (_group, facts, record) => noDeployment.look(facts, record)),
  attachGuard('not-weighted', notWeighted.title, (_group, facts, record) => notWeighted.look(facts, record)),
  imageExists,
  zoneServed,
  replacementKnown,
  stillServed(notLastHealthy),
  stillServed(minimumHealthy),
  sickAgain,
  noDrift,
];
