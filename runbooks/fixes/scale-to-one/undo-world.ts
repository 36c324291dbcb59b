/** What of a run is still its own: whom it parked, and what it suspended, minus what others have taken over since. */
import type { RunRecord } from '../../../src/runbook/define-fix.ts';
import type { Group, Instance } from '../../../src/runbook/entities.ts';
import { type Answers, fact } from '../../../src/runbook/facts.ts';
import { isGone, memberOf } from '../../../src/runbook/membership.ts';
import { beforeOf, inputOf, movedBy, stepsRun, suspendedBy } from './world.ts';

export const undoNeeds = ({ plan }: RunRecord) => {
  const { groupName } = inputOf(plan);
  return {
    group: fact('group', { name: groupName }),
    surroundings: fact('group-surroundings', { name: groupName }),
    members: fact('instances-of-group', { name: groupName }),
    targetGroups: fact('target-groups-around', { groupName }),
  };
};
export type UndoFacts = Answers<ReturnType<typeof undoNeeds>>;

export type Parked = {
  /** In standby now, those that served before first. */
  readonly here: readonly string[];
  /** Of these, the ones that did not serve when they were parked: nothing is waited for from them. */
  readonly sick: readonly string[];
  /** No members any more, or terminated: a group does not check who is in standby, and goes on listing the dead. */
  readonly gone: readonly string[];
  /** Members, but somebody returned them already. */
  readonly returned: readonly string[];
};
type Seen = { readonly group: Group; readonly members: readonly Instance[] };
/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-enter-exit-standby.html: no health checks in standby. */
export const parkedBy = ({ group, members }: Seen, record: RunRecord): Parked => {
  const { sickIds } = beforeOf(record.plan);
  const ours = stepsRun(record).flatMap(movedBy).toSorted();
  const isDead = (id: string) => isGone(members.find((one) => one.id === id));
  const inStandby = ours.filter((id) => memberOf(group, id)?.lifecycleState === 'Standby' && !isDead(id));
  const sick = inStandby.filter((id) => sickIds.includes(id));
  return {
    here: [...inStandby.filter((id) => !sickIds.includes(id)), ...sick],
    sick,
    gone: ours.filter((id) => (memberOf(group, id)?.lifecycleState.startsWith('Terminating') ?? true) || isDead(id)),
    returned: ours.filter((id) => memberOf(group, id)?.lifecycleState === 'InService' && !isDead(id)),
  };
};

export type Silenced = {
  /** Still suspended by this run: these are resumed. */
  readonly ours: readonly string[];
  /** Somebody resumed them since: nothing to do. */
  readonly active: readonly string[];
  /** Suspended, but by somebody else later, as AWS's reason says: theirs to resume. */
  readonly theirs: readonly string[];
};
/** A deployment suspends and resumes for itself; the time in AWS's reason tells whose suspension it is. */
export const silencedBy = (group: Group, record: RunRecord): Silenced => {
  const ours = stepsRun(record).flatMap(suspendedBy);
  const reasons = record.steps['suspend']?.seen ?? {};
  const isSuspended = (process: string) => group.suspendedProcesses.includes(process);
  const isTheirs = (process: string) => {
    const [then, now] = [reasons[process], group.suspensionReasons?.[process]];
    return then !== undefined && now !== undefined && then !== now;
  };
  return {
    ours: ours.filter((process) => isSuspended(process) && !isTheirs(process)),
    active: ours.filter((process) => !isSuspended(process)),
    theirs: ours.filter((process) => isSuspended(process) && isTheirs(process)),
  };
};

/** The minimum that is restored; none when this run did not lower it, or when somebody has set another one since. */
export const minimumToRestore = (group: Group, record: RunRecord): number | undefined => {
  const { minSize } = beforeOf(record.plan);
  const lowered = stepsRun(record).some(({ id }) => id === 'minimum');
  return lowered && group.minSize === 1 ? minSize : undefined;
};

export const protectionToTakeOff = (group: Group, record: RunRecord): string | undefined => {
  const { survivorId } = beforeOf(record.plan);
  const protectedByRun = stepsRun(record).some(({ id }) => id === 'protect');
  return protectedByRun && memberOf(group, survivorId)?.protectedFromScaleIn ? survivorId : undefined;
};

export const nothingLeft = ({ group, members }: Seen, record: RunRecord): boolean =>
  parkedBy({ group, members }, record).here.length === 0 &&
  silencedBy(group, record).ours.length === 0 &&
  minimumToRestore(group, record) === undefined &&
  protectionToTakeOff(group, record) === undefined;
