import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../sandbox/aws/operation.ts';
import { PROCESSES } from '../../../sandbox/aws/world/state/group.ts';
import type { WorldState } from '../../../sandbox/aws/world/state/state.ts';
import { createWorld } from '../../../sandbox/aws/world/world.ts';
import { createManualClock } from '../../../src/adapters/clock.ts';
import { autoscaling, HOUR, MINUTE, SECOND, type Stage, stageShop } from './kit.ts';

const G = { AutoScalingGroupName: 'shop-web' } as const;

/** Something that may happen, with two numbers that choose whom and how much. */
type Deed = (stage: Stage, whom: string, much: number) => unknown;

const DEEDS: readonly Deed[] = [
  ({ world }, id, much) =>
    autoscaling(world, 'DetachInstances', { ...G, InstanceIds: [id], ShouldDecrementDesiredCapacity: much % 2 === 0 }),
  ({ world }, id, much) =>
    autoscaling(world, 'EnterStandby', { ...G, InstanceIds: [id], ShouldDecrementDesiredCapacity: much % 2 === 0 }),
  ({ world }, id) => autoscaling(world, 'ExitStandby', { ...G, InstanceIds: [id] }),
  ({ world }, id) => autoscaling(world, 'AttachInstances', { ...G, InstanceIds: [id] }),
  ({ world }, id, much) =>
    autoscaling(world, 'TerminateInstanceInAutoScalingGroup', { InstanceId: id, ShouldDecrementDesiredCapacity: much % 2 === 0 }),
  ({ world }, _, much) =>
    autoscaling(world, 'UpdateAutoScalingGroup', { ...G, MinSize: much % 4, MaxSize: (much % 4) + (much % 3) }),
  ({ world }, _, much) => autoscaling(world, 'SetDesiredCapacity', { ...G, DesiredCapacity: much % 6 }),
  ({ world }, _, much) =>
    autoscaling(world, 'SuspendProcesses', { ...G, ScalingProcesses: [PROCESSES[much % PROCESSES.length]!] }),
  ({ world }) => autoscaling(world, 'ResumeProcesses', G),
  ({ world }, id, much) =>
    autoscaling(world, 'SetInstanceProtection', { ...G, InstanceIds: [id], ProtectedFromScaleIn: much % 2 === 0 }),
  ({ world }, id) => world.change.hosts.terminateInstance(id),
  ({ world }, id) => world.change.hosts.answerWith(id, 502),
  ({ world }, id) => world.change.hosts.impair(id),
  ({ world }, _, much) => world.change.groups.configure('shop-web', { healthCheckType: much % 2 === 0 ? 'ELB' : 'EC2' }),
  ({ world }, _, much) => world.change.storage.exhaustCapacity(...['eu-west-3a', 'eu-west-3b', 'eu-west-3c'].slice(0, much % 4)),
  ({ world }) => world.change.groups.startRefresh('shop-web'),
  ({ world }) => world.change.groups.soundAlarm('shop-web', 'shop-web-cpu'),
];

type Step = readonly [deed: number, whom: number, much: number, waitSeconds: number];

const history = fc.array(fc.tuple(fc.nat(DEEDS.length - 1), fc.nat(20), fc.nat(20), fc.oneof(fc.nat(20), fc.nat(600))), {
  minLength: 1,
  maxLength: 25,
});

/** AWS may refuse; anything else that is thrown is a defect of the world. */
const take = (stage: Stage, [deed, whom, much, waitSeconds]: Step, lookEverySeconds: number): void => {
  const ids = stage.world.state.instances.map((one) => one.id);
  try {
    DEEDS[deed]!(stage, ids[whom % ids.length]!, much);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
  }
  for (let left = waitSeconds; left > 0; left -= lookEverySeconds) stage.wait(Math.min(left, lookEverySeconds) * SECOND);
};

const live = (steps: readonly Step[], lookEverySeconds = HOUR): Stage => {
  const stage = stageShop();
  for (const step of steps) take(stage, step, lookEverySeconds);
  return stage;
};

const check = (property: (steps: readonly Step[]) => void, numRuns: number): void =>
  fc.assert(fc.property(history, property), { numRuns, seed: 7 });

describe('whatever happens', () => {
  it('sizes stay in order, no instance is listed twice, and members are instances', () => {
    check((steps) => {
      const stage = live(steps);
      const { min, desired, max, members } = stage.group();
      expect(min <= desired && desired <= max).toBe(true);
      const ids = members.map((one) => one.instanceId);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.filter((id) => !stage.world.state.instances.some((one) => one.id === id))).toEqual([]);
      const { targets } = stage.world.state.targetGroups[0]!;
      expect(new Set(targets.map((one) => one.id)).size).toBe(targets.length);
      const unended = stage.group().activities.filter((one) => one.endedAt === undefined);
      expect(unended.length).toBeLessThanOrEqual(
        members.filter((one) => one.state !== 'InService' && one.state !== 'Standby').length,
      );
    }, 30);
  });

  it('a group that is let alone comes to rest at its desired capacity, registered and balanced', () => {
    check((steps) => {
      const stage = live(steps);
      stage.world.change.storage.exhaustCapacity();
      stage.world.change.groups.configure('shop-web', { healthCheckType: 'EC2' });
      autoscaling(stage.world, 'ResumeProcesses', G);
      const serving = (): readonly string[] => stage.world.shop.instanceIds();
      for (const id of serving())
        autoscaling(stage.world, 'SetInstanceProtection', { ...G, InstanceIds: [id], ProtectedFromScaleIn: false });
      stage.wait(2 * HOUR);
      expect(serving()).toHaveLength(stage.group().desired);
      expect(stage.group().members.every((one) => one.state === 'InService' || one.state === 'Standby')).toBe(true);
      const zones = ['a', 'b', 'c'].map(
        (zone) => stage.group().members.filter((one) => one.state === 'InService' && one.zone.endsWith(zone)).length,
      );
      expect(Math.max(...zones) - Math.min(...zones)).toBeLessThanOrEqual(1);
    }, 30);
  });

  it('a world that was put away in the middle goes on as it would have', () => {
    check((steps) => {
      const stage = live(steps);
      const clock = createManualClock(stage.clock.now());
      const restored = createWorld({ clock, state: JSON.parse(stage.world.snapshot()) as WorldState });
      clock.advance(10 * MINUTE);
      stage.wait(10 * MINUTE);
      expect(restored.snapshot() === stage.world.snapshot()).toBe(true);
    }, 20);
  });

  it('it is the same for whoever looks all the time and for whoever looks after each deed only', () => {
    check((steps) => {
      expect(live(steps, 7).world.snapshot() === live(steps).world.snapshot()).toBe(true);
    }, 20);
  });
});
