import { acknowledge, type Guard, note, passed, type RunRecord, refuse } from '../../../src/runbook/define-fix.ts';
import { memberOf } from '../../../src/runbook/membership.ts';
import { counted, listed } from '../../../src/runbook/words.ts';
import { groupExists, groupGuard, launchProcesses, notWeighted, optInGuard } from '../../guards/group.ts';
import { sizeDrift } from '../shared/drift.ts';
import { sizesAfter } from './recheck.ts';
import { minimumToRestore, nothingLeft, parkedBy, silencedBy, type UndoFacts } from './undo-world.ts';
import { beforeOf, inputOf, movedBy, stepsRun } from './world.ts';

type UndoGuard = Guard<UndoFacts, RunRecord>;
const guard = groupGuard<UndoFacts, RunRecord>;

const somethingToUndo = guard('something-to-undo', 'There is something to undo', (group, { members }, record) =>
  nothingLeft({ group, members }, record)
    ? refuse(`Nothing of this run is left in ${group.name}: there is nothing to undo.`, 'Nothing is needed.')
    : passed,
);

/** What comes back while Launch is off cannot come back; while AddToLoadBalancer is off it would never get a request. */
const canReturn = guard('launch-processes', launchProcesses.title, (group, facts, record) =>
  parkedBy({ group, members: facts.members }, record).here.length === 0 ? passed : launchProcesses.look(facts, record),
);

const settled = guard('parked-settled', 'Nobody is halfway', (group, { surroundings, members }, record) => {
  const [refresh] = surroundings.activeRefreshes;
  if (refresh !== undefined)
    return refuse(`An instance refresh of ${group.name} is ${refresh.status}.`, 'Cancel it, or wait until it is over.');
  const moving = stepsRun(record)
    .flatMap(movedBy)
    .map((id) => memberOf(group, id))
    .filter((member) => member !== undefined && ['EnteringStandby', 'Pending'].includes(member.lifecycleState));
  const { here } = parkedBy({ group, members }, record);
  const [still] = members.filter(({ id, state }) => here.includes(id) && state !== 'running');
  if (still !== undefined)
    return refuse(`${still.id} is ${still.state}; only a running instance returns from standby.`, `Start ${still.id} first.`);
  return moving.length === 0
    ? passed
    : refuse(
        `${listed(moving.map((member) => `${member?.id} is ${member?.lifecycleState}`))}.`,
        'Wait a minute until it has settled, then undo.',
      );
});

/** Never raised silently: the maximum may be somebody's cost limit. */
const room = guard('room', 'The parked fit under the maximum', (group, { members }, record) => {
  const count = parkedBy({ group, members }, record).here.length;
  return group.desired + count <= group.maxSize
    ? passed
    : refuse(
        `Desired is ${group.desired} and the maximum ${group.maxSize}: the ${counted(count, 'parked instance')} do not fit.`,
        `Raise the maximum of ${group.name} to ${group.desired + count}, or find out who raised desired.`,
      );
});

const noDrift = guard('no-drift', 'The group is as the run left it', (group, { members }, record) => {
  const { survivorId, memberIds } = beforeOf(record.plan);
  const { gone, returned } = parkedBy({ group, members }, record);
  const fresh = group.members.map(({ id }) => id).filter((id) => !memberIds.includes(id));
  const drift = [
    ...sizeDrift(group, sizesAfter(beforeOf(record.plan), stepsRun(record))),
    ...(memberOf(group, survivorId) === undefined ? [`the survivor ${survivorId} is gone`] : []),
    ...(gone.length === 0 ? [] : [`${listed(gone)} ${gone.length === 1 ? 'is' : 'are'} gone and cannot return`]),
    ...(returned.length === 0 ? [] : [`${listed(returned)} ${returned.length === 1 ? 'is' : 'are'} back in service already`]),
    ...(fresh.length === 0 ? [] : [`${listed(fresh.toSorted())} ${fresh.length === 1 ? 'is' : 'are'} new`]),
  ];
  return drift.length === 0
    ? passed
    : acknowledge(
        `${group.name} is not as the run left it: ${drift.join('; ')}. Undo returns what is left and keeps the rest as it is.`,
      );
});

const notTheirs = guard('not-theirs', 'Who suspended what', (group, _facts, record) => {
  const { active, theirs } = silencedBy(group, record);
  const shown = [
    ...(active.length === 0 ? [] : [`${listed(active)}: resumed by somebody since`]),
    ...(theirs.length === 0
      ? []
      : [`${listed(theirs)}: resumed and suspended again by somebody since (a deployment does that), so not resumed here`]),
  ];
  return shown.length === 0 ? passed : note(`${shown.join('; ')}.`);
});

const minimumFits = guard('minimum-fits', 'The recorded minimum fits', (group, { members }, record) => {
  const minSize = minimumToRestore(group, record);
  const size = group.desired + parkedBy({ group, members }, record).here.length;
  return minSize === undefined || minSize <= size
    ? passed
    : acknowledge(
        `${counted(size, 'instance')} will be there and the recorded minimum is ${minSize}: restoring it makes ${group.name} launch ${minSize - size} more.`,
      );
});

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-enter-exit-standby.html: health in standby is what it was. */
const sickReturn = guard('sick-return', 'Who returns sick', (group, { members }, record) => {
  const { here, sick } = parkedBy({ group, members }, record);
  if (here.length === 0) return passed;
  return sick.length === 0
    ? note('Health was not looked at in standby: one that is sick by now is replaced after it returns.')
    : acknowledge(
        `${listed(sick)} ${sick.length === 1 ? 'was' : 'were'} unhealthy when parked: returned, ${sick.length === 1 ? 'it is' : 'they are'} replaced, and the evidence is lost.`,
      );
});

export const undoGuards: readonly UndoGuard[] = [
  { ...groupExists, look: (facts, { plan }) => groupExists.look(facts, inputOf(plan)) },
  somethingToUndo,
  optInGuard(({ group, members }, record) => {
    const here = group === undefined ? [] : parkedBy({ group, members }, record).here;
    return members.filter(({ id }) => here.includes(id));
  }),
  canReturn,
  notWeighted,
  settled,
  room,
  noDrift,
  notTheirs,
  minimumFits,
  sickReturn,
];
