import { attach, detach } from '../group/moves.ts';
import { resumeProcesses, suspendProcesses } from '../group/processes.ts';
import { resize, runPolicy, type Sizes, setDesired } from '../group/sizes.ts';
import { launch, versionOf } from '../physics/launch.ts';
import { groupOf, groupWith, instanceOf, launchTemplateOf, memberOf, setTags } from '../state/find.ts';
import type { Group, LifecycleHook, Process, ScalingPolicy, ScheduledAction } from '../state/group.ts';
import { uuid } from '../state/ids.ts';
import { schedule, scheduleAt } from '../state/queue.ts';
import type { WorldState } from '../state/state.ts';
import { type Act, leaveTrace, type Reversal, reversible, swap } from './reversible.ts';

const trace = (state: WorldState, name: string, group: string, more: Readonly<Record<string, unknown>> = {}): void =>
  leaveTrace(state, 'autoscaling', name, { AutoScalingGroupName: group, ...more });

/** Other people and other automation at the same group. */
const outsiders = (act: Act) => ({
  suspend: (group: string, ...names: Process[]): Reversal =>
    reversible(act, (state) => {
      trace(state, 'SuspendProcesses', group, { ScalingProcesses: names });
      suspendProcesses(state, groupOf(state, group), names);
      return () => resumeProcesses(groupOf(state, group), names);
    }),
  resume: (group: string, ...names: Process[]): Reversal =>
    reversible(act, (state) => {
      trace(state, 'ResumeProcesses', group, { ScalingProcesses: names });
      resumeProcesses(groupOf(state, group), names);
      return () => suspendProcesses(state, groupOf(state, group), names);
    }),
  setDesired: (group: string, desired: number): Reversal =>
    reversible(act, (state) => {
      trace(state, 'SetDesiredCapacity', group, { DesiredCapacity: desired });
      const { desired: before } = groupOf(state, group);
      setDesired(state, groupOf(state, group), desired);
      return () => setDesired(state, groupOf(state, group), before);
    }),
  resize: (group: string, sizes: Sizes): Reversal =>
    reversible(act, (state) => {
      trace(state, 'UpdateAutoScalingGroup', group, { MinSize: sizes.min, MaxSize: sizes.max, DesiredCapacity: sizes.desired });
      const { min, max, desired } = groupOf(state, group);
      resize(state, groupOf(state, group), sizes);
      return () => resize(state, groupOf(state, group), { min, max, desired });
    }),
  /** An alarm of one of the group's scaling policies goes off. */
  soundAlarm: (group: string, policy: string): void => act((state) => runPolicy(state, groupOf(state, group), policy)),
  /** Health replacement begins: SetInstanceHealth by somebody. */
  markUnhealthy: (instanceId: string): void =>
    act((state) => {
      const group = groupWith(state, instanceId);
      const member = group && memberOf(group, instanceId);
      if (member === undefined) throw new Error(`${instanceId} is in no group.`);
      leaveTrace(state, 'autoscaling', 'SetInstanceHealth', { InstanceId: instanceId, HealthStatus: 'Unhealthy' });
      Object.assign(member, { health: 'Unhealthy', sickness: 'unhealthy instance' });
    }),
  attach: (group: string, ...instanceIds: string[]): void =>
    act((state) => {
      trace(state, 'AttachInstances', group, { InstanceIds: instanceIds });
      attach(state, groupOf(state, group), instanceIds);
    }),
  detach: (group: string, instanceId: string, decrement: boolean): void =>
    act((state) => {
      trace(state, 'DetachInstances', group, { InstanceIds: [instanceId], ShouldDecrementDesiredCapacity: decrement });
      detach(state, groupOf(state, group), [instanceId], decrement);
    }),
  startRefresh: (group: string): Reversal =>
    reversible(act, (state) => {
      trace(state, 'StartInstanceRefresh', group);
      const found = groupOf(state, group);
      const remaining = found.members.filter((member) => member.state === 'InService').map((member) => member.instanceId);
      const refresh: Group['refreshes'][number] = {
        id: uuid(state),
        status: 'Pending',
        startedAt: state.now,
        remaining,
        total: remaining.length,
      };
      found.refreshes.push(refresh);
      return () => {
        if (refresh.status === 'Pending' || refresh.status === 'InProgress')
          Object.assign(refresh, { status: 'Cancelled', endedAt: state.now });
      };
    }),
  /** The next so many writes are told to come again. */
  contend: (group: string, times: number): Reversal =>
    reversible(act, (state) => swap(groupOf(state, group), { contended: times })),
});

const addWarmPool = (state: WorldState, group: Group, size: number): void => {
  const template = launchTemplateOf(state, group.launchTemplate.id);
  const version = versionOf(template, group.launchTemplate.version);
  if (version === undefined) throw new Error(`${group.name} has no launch template version.`);
  const instanceIds = Array.from({ length: size }, (_, index) => {
    const subnetId = group.subnetIds[index % group.subnetIds.length]!;
    const instance = launch(state, {
      template,
      version,
      subnetId,
      type: version.instanceType,
      market: 'on-demand',
      tags: { 'aws:autoscaling:groupName': group.name },
    });
    return instance.id;
  });
  group.warmPool = { min: size, state: 'Running', instanceIds };
};

/** How the group itself is set up. */
const settings = (act: Act) => ({
  configure: (
    group: string,
    fields: Partial<
      Pick<
        Group,
        | 'healthCheckType'
        | 'graceSeconds'
        | 'launchTemplate'
        | 'newInstancesProtected'
        | 'maxLifetimeSeconds'
        | 'capacityRebalance'
        | 'operator'
        | 'subnetIds'
      >
    >,
  ): Reversal => reversible(act, (state) => swap(groupOf(state, group), fields)),
  schedule: (group: string, action: Omit<ScheduledAction, 'arn' | 'at'> & { readonly inMs: number }): Reversal =>
    reversible(act, (state) => {
      const { inMs, ...rest } = action;
      const found = groupOf(state, group);
      const at = state.now + inMs;
      const arn = `arn:aws:autoscaling:${state.region}:${state.accountId}:scheduledUpdateGroupAction:${uuid(state)}:autoScalingGroupName/${group}:scheduledActionName/${rest.name}`;
      found.scheduled.push({ ...rest, arn, at });
      scheduleAt(state, at, { kind: 'group.action', group, action: rest.name });
      return () => {
        found.scheduled = found.scheduled.filter((one) => one.arn !== arn);
      };
    }),
  addHook: (group: string, hook: LifecycleHook): Reversal =>
    reversible(act, (state) => {
      const found = groupOf(state, group);
      return swap(found, { hooks: [...found.hooks, hook] });
    }),
  addPolicy: (group: string, policy: Omit<ScalingPolicy, 'arn'>): Reversal =>
    reversible(act, (state) => {
      const found = groupOf(state, group);
      const arn = `arn:aws:autoscaling:${state.region}:${state.accountId}:scalingPolicy:${uuid(state)}:autoScalingGroupName/${group}:policyName/${policy.name}`;
      return swap(found, { policies: [...found.policies, { ...policy, arn }] });
    }),
});

/** Its members, and what is special about them. */
const members = (act: Act) => ({
  addWarmPool: (group: string, size = 1): void => act((state) => addWarmPool(state, groupOf(state, group), size)),
  /** Instance types that count for more than one; Spot beyond a base. */
  weigh: (group: string, weight: number): Reversal =>
    reversible(act, (state) => {
      const found = groupOf(state, group);
      const undo = found.members.map((member) => swap(member, { weight, weighted: true }));
      const resized = swap(found, {
        mixed: { overrides: [{ type: 't3.large', weight }], onDemandBase: 1, onDemandPercentAboveBase: 0 },
        desired: found.desired * weight,
        max: found.max * weight,
      });
      return () => {
        resized();
        for (const put of undo) put();
      };
    }),
  protect: (instanceId: string): Reversal =>
    reversible(act, (state) => {
      const group = groupWith(state, instanceId);
      const member = group && memberOf(group, instanceId);
      if (member === undefined) throw new Error(`${instanceId} is in no group.`);
      return swap(member, { protectedFromScaleIn: true });
    }),
  /** Takes the opt-in tag, or another, off a group. */
  untag: (group: string, key: string): Reversal =>
    reversible(act, (state) => {
      const found = groupOf(state, group);
      return swap(found, { tags: found.tags.filter((tag) => tag.key !== key) });
    }),
  tagInstance: (instanceId: string, tags: Readonly<Record<string, string>>): Reversal =>
    reversible(act, (state) => {
      const before = { ...state.tags[instanceOf(state, instanceId).id] };
      setTags(state, instanceId, tags);
      return () => {
        state.tags[instanceId] = before;
      };
    }),
  untagInstance: (instanceId: string, key: string): Reversal =>
    reversible(act, (state) => {
      const { [key]: _, ...rest } = state.tags[instanceOf(state, instanceId).id] ?? {};
      return swap(state.tags, { [instanceId]: rest });
    }),
  /** Makes the group look at itself at once. */
  wake: (group: string): void => act((state) => schedule(state, 0, { kind: 'group.look', group })),
});

export const createGroupChanges = (act: Act) => ({ ...outsiders(act), ...settings(act), ...members(act) });
