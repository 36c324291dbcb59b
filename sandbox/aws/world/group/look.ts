import { GROUP_LOOK_MS, LAUNCH_RETRY_MS } from '../limits.ts';
import { type LaunchRequest, launch, requestRefusal, roomRefusal, versionOf } from '../physics/launch.ts';
import type { Instance } from '../state/compute.ts';
import { launchTemplateOf } from '../state/find.ts';
import type { Group } from '../state/group.ts';
import { schedule } from '../state/queue.ts';
import type { WorldState } from '../state/state.ts';
import { begin, end, stamp } from './activities.ts';
import { ALL_PROTECTED, decide, type Intent, membersIn } from './decide.ts';
import { beginTermination, capacityOf, counts, goOn } from './members.ts';

const zoneOf = (state: WorldState, subnetId: string): string =>
  state.subnets.find((one) => one.SubnetId === subnetId)?.AvailabilityZone ?? '';

/** The subnet whose zone has the fewest members, of the zones that were not found full; if all were, the zone where that was longest ago. */
const chooseSubnet = (state: WorldState, group: Group): string => {
  const open = group.subnetIds.filter((id) => !group.fullZones.includes(zoneOf(state, id)));
  const room = open.length > 0 ? open : group.subnetIds.filter((id) => zoneOf(state, id) === group.fullZones[0]);
  const rank = (subnetId: string): number => membersIn(group, zoneOf(state, subnetId));
  return [...(room.length > 0 ? room : group.subnetIds)].sort((a, b) => rank(a) - rank(b))[0]!;
};

const marketFor = (group: Group): Instance['market'] => {
  if (group.mixed === undefined) return 'on-demand';
  const above = group.members.filter(counts).length - group.mixed.onDemandBase;
  return above < 0 || group.mixed.onDemandPercentAboveBase >= 100 ? 'on-demand' : 'spot';
};

const launchCause = (state: WorldState, group: Group, rebalancing: boolean): string => {
  const capacity = capacityOf(group);
  const at = `At ${stamp(state)}`;
  if (rebalancing) return `${at} an instance was launched to aid in balancing the group's zones.`;
  const before = group.lastCause === undefined ? '' : `${group.lastCause}  `;
  return group.lastCause === undefined && group.members.some((member) => member.health === 'Unhealthy')
    ? `${at} an instance was launched in response to an unhealthy instance needing to be replaced.`
    : `${before}${at} an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${capacity} to ${capacity + 1}.`;
};

/** A failed launch is tried again after a while, in another zone when this one is full. */
const failLaunch = (state: WorldState, group: Group, subnetId: string, cause: string, message: string): void => {
  const description = `Launching a new EC2 instance.  Status Reason: ${message}`;
  const zone = zoneOf(state, subnetId);
  const activity = begin(state, group, { description, cause, zone, subnetId, status: 'InProgress', progress: 0 });
  end(state, group, activity.id, 'Failed', message);
  group.retryLaunchAt = state.now + LAUNCH_RETRY_MS;
  schedule(state, LAUNCH_RETRY_MS, { kind: 'group.look', group: group.name });
};

const requestFor = (state: WorldState, group: Group, subnetId: string): LaunchRequest | undefined => {
  const template = launchTemplateOf(state, group.launchTemplate.id);
  const version = versionOf(template, group.launchTemplate.version);
  if (version === undefined) return undefined;
  const tags = Object.fromEntries(group.tags.filter((tag) => tag.atLaunch).map((tag) => [tag.key, tag.value]));
  return {
    template,
    version,
    subnetId,
    type: group.mixed?.overrides[0]?.type ?? version.instanceType,
    market: marketFor(group),
    tags: { ...tags, 'aws:autoscaling:groupName': group.name },
  };
};

const launchOne = (state: WorldState, group: Group, rebalancing: boolean): void => {
  if (state.now < (group.retryLaunchAt ?? 0)) return;
  const subnetId = chooseSubnet(state, group);
  const zone = zoneOf(state, subnetId);
  const cause = launchCause(state, group, rebalancing);
  const request = requestFor(state, group, subnetId);
  const noVersion = `The specified launch template version '${group.launchTemplate.version}' does not exist. Launching EC2 instance failed.`;
  const refusal = request === undefined ? noVersion : requestRefusal(state, request);
  const noRoom = request === undefined || refusal !== undefined ? undefined : roomRefusal(state, request);
  if (noRoom !== undefined) group.fullZones = [...group.fullZones.filter((one) => one !== zone), zone];
  if (request === undefined || refusal !== undefined || noRoom !== undefined) {
    failLaunch(state, group, subnetId, cause, refusal ?? noRoom ?? noVersion);
    return;
  }
  delete group.retryLaunchAt;
  group.fullZones = [];
  const instance = launch(state, request);
  const description = `Launching a new EC2 instance: ${instance.id}`;
  const activity = begin(state, group, { description, cause, zone, subnetId, status: 'PreInService', progress: 30 });
  const weight = group.mixed?.overrides[0]?.weight;
  group.members.push({
    instanceId: instance.id,
    zone,
    state: 'Pending',
    health: 'Healthy',
    protectedFromScaleIn: group.newInstancesProtected,
    weight: weight ?? 1,
    weighted: weight !== undefined,
    activityId: activity.id,
    launching: true,
    rebalancing,
  });
};

const refreshStep = (state: WorldState, group: Group, intent: Intent): void => {
  const refresh = group.refreshes.find((one) => one.status === 'Pending' || one.status === 'InProgress');
  if (refresh === undefined) return;
  if (intent.kind === 'refresh-next') {
    refresh.status = 'InProgress';
    refresh.remaining = refresh.remaining.filter((id) => id !== intent.member.instanceId);
    beginTermination(
      state,
      group,
      intent.member,
      `At ${stamp(state)} an instance was taken out of service in response to an instance refresh.`,
    );
  } else {
    refresh.status = 'Successful';
    refresh.endedAt = state.now;
  }
};

const perform = (state: WorldState, group: Group, intent: Intent): void => {
  switch (intent.kind) {
    case 'mark':
      intent.member.health = 'Unhealthy';
      intent.member.sickness = intent.sickness;
      return;
    case 'replace':
      beginTermination(
        state,
        group,
        intent.member,
        `At ${stamp(state)} an instance was taken out of service in response to an ${intent.why}.`,
      );
      return;
    case 'launch':
      launchOne(state, group, intent.rebalancing);
      return;
    case 'shrink': {
      const capacity = capacityOf(group);
      const before = group.lastCause === undefined ? '' : `${group.lastCause}  `;
      const at = `At ${stamp(state)}`;
      const change = `${at} an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from ${capacity} to ${capacity - intent.victim.weight}.`;
      const chosen = `${at} instance ${intent.victim.instanceId} was selected for termination.`;
      beginTermination(state, group, intent.victim, `${before}${change}  ${chosen}`);
      return;
    }
    case 'cannot-shrink': {
      const told = {
        description: ALL_PROTECTED,
        cause: group.lastCause ?? '',
        zone: '',
        subnetId: '',
        status: 'InProgress',
        progress: 0,
      } as const;
      end(state, group, begin(state, group, told).id, 'Cancelled');
      return;
    }
    case 'refresh-next':
    case 'refresh-done':
      refreshStep(state, group, intent);
  }
};

/** The group looks at itself and does what it finds to do. One victim a look: the next look chooses anew. */
export const look = (state: WorldState, group: Group): void => {
  for (const intent of decide(state, group)) perform(state, group, intent);
  if (capacityOf(group) === group.desired) delete group.lastCause;
};

/** After anything happened: members go on, and a group that finds something to do looks at itself soon. */
export const settleGroups = (state: WorldState): void => {
  for (const group of state.groups) {
    goOn(state, group);
    const soon = state.pending.some(
      ({ at, event }) => event.kind === 'group.look' && event.group === group.name && at <= state.now + GROUP_LOOK_MS,
    );
    if (!soon && decide(state, group).length > 0) schedule(state, GROUP_LOOK_MS, { kind: 'group.look', group: group.name });
  }
};
