import { describe, expect, it } from 'vitest';
import type { Process } from '../../../sandbox/aws/world/state/group.ts';
import { autoscaling, HOUR, MINUTE, SECOND, type Stage, stageShop } from './kit.ts';

const G = { AutoScalingGroupName: 'shop-web' } as const;

const sizes = (stage: Stage): string => {
  const { min, desired, max, members } = stage.group();
  return `${min}/${desired}/${max} with ${members.length}`;
};

const first = (stage: Stage): string => stage.world.shop.instanceIds()[0]!;

const newest = (
  stage: Stage,
): { readonly description: string; readonly cause: string; readonly status: string; readonly message?: string } =>
  stage.group().activities[0]!;

describe('detaching without decrement', () => {
  const detached = (
    options: Parameters<typeof stageShop>[0] = { trouble: 'oneServes502' },
  ): { readonly stage: Stage; readonly id: string } => {
    const stage = stageShop(options);
    const id = first(stage);
    autoscaling(stage.world, 'DetachInstances', { ...G, InstanceIds: [id], ShouldDecrementDesiredCapacity: false });
    return { stage, id };
  };

  it('drains the instance, for the deregistration delay, before it leaves the group', () => {
    const { stage, id } = detached();
    expect([stage.member(id)?.state, stage.target(id)]).toEqual(['Detaching', 'draining']);
    stage.wait(29 * SECOND);
    expect([stage.member(id)?.state, stage.target(id)]).toEqual(['Detaching', 'draining']);
    stage.wait(1 * SECOND);
    expect([stage.member(id), stage.target(id)]).toEqual([undefined, undefined]);
  });

  it('drains as long as the target group says', () => {
    const { stage, id } = detached({ deregistrationDelaySeconds: 300 });
    expect(stage.until(() => stage.member(id) === undefined)).toBe(300 * SECOND);
  });

  it('leaves the instance running, without the tag of its group, and keeps the desired capacity', () => {
    const { stage, id } = detached();
    stage.wait(5 * MINUTE);
    expect(stage.world.state.instances.find((one) => one.id === id)?.state).toBe('running');
    expect(stage.world.state.tags[id]).not.toHaveProperty('aws:autoscaling:groupName');
    expect(stage.world.state.tags[id]).toHaveProperty('firebreak', 'allow');
    expect(sizes(stage)).toBe('2/3/4 with 3');
  });

  it('is answered by a replacement in the zone that was left, which serves users soon', () => {
    const { stage, id } = detached();
    const took = stage.until(() => stage.states() === 'InService InService InService');
    const replacement = stage.world.shop.instanceIds().at(-1)!;
    expect(took).toBe(30 * SECOND);
    const served = stage.until(() => stage.target(replacement) === 'healthy');
    expect(took + served).toBeLessThan(2 * MINUTE);
    const zoneOf = (one: string): string | undefined => stage.world.state.instances.find((instance) => instance.id === one)?.zone;
    expect(zoneOf(replacement)).toBe(zoneOf(id));
  });

  it('tells why in the cause of both activities', () => {
    const { stage, id } = detached();
    stage.wait(10 * SECOND);
    const [launching, detaching] = stage.group().activities;
    expect(detaching?.cause).toBe(`At 2026-01-05T14:00:00Z instance ${id} was detached in response to a user request.`);
    expect(detaching?.status).toBe('WaitingForELBConnectionDraining');
    expect(launching?.cause).toBe(
      'At 2026-01-05T14:00:05Z an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 2 to 3.',
    );
  });

  it('runs no lifecycle hook for the one that leaves, but for the one that comes', () => {
    const stage = stageShop();
    stage.world.change.groups.addHook('shop-web', {
      name: 'bye',
      transition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      heartbeatSeconds: 600,
      defaultResult: 'CONTINUE',
    });
    stage.world.change.groups.addHook('shop-web', {
      name: 'hello',
      transition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
      heartbeatSeconds: 120,
      defaultResult: 'CONTINUE',
    });
    const id = first(stage);
    autoscaling(stage.world, 'DetachInstances', { ...G, InstanceIds: [id], ShouldDecrementDesiredCapacity: false });
    stage.wait(40 * SECOND);
    expect(stage.states()).toBe('InService InService Pending:Wait');
    expect(stage.until(() => stage.states() === 'InService InService InService')).toBe(100 * SECOND);
  });

  it('meets a bad launch template: the replacement is in service and never healthy', () => {
    const { stage } = detached({ trouble: 'badVersion' });
    stage.wait(30 * MINUTE);
    const replacement = stage.world.shop.instanceIds().at(-1)!;
    expect([stage.member(replacement)?.state, stage.target(replacement)]).toEqual(['InService', 'unhealthy']);
  });
});

describe('detaching with decrement', () => {
  it('takes the desired capacity down with it and launches nothing', () => {
    const stage = stageShop();
    autoscaling(stage.world, 'DetachInstances', { ...G, InstanceIds: [first(stage)], ShouldDecrementDesiredCapacity: true });
    stage.wait(10 * MINUTE);
    expect(sizes(stage)).toBe('2/2/4 with 2');
  });
});

describe('a sick instance', () => {
  it('stays in a group that only asks EC2', () => {
    const stage = stageShop({ trouble: 'oneServes502' });
    const id = first(stage);
    stage.wait(HOUR);
    expect([stage.member(id)?.state, stage.target(id), stage.statuses()]).toEqual(['InService', 'unhealthy', [200]]);
  });

  it('is replaced by a group that asks the load balancer', () => {
    const stage = stageShop({ healthCheckType: 'ELB' });
    const id = first(stage);
    stage.world.change.hosts.answerWith(id, 502);
    stage.until(() => stage.target(id) === 'unhealthy');
    stage.until(() => stage.member(id)?.state === 'Terminating');
    expect(newest(stage).cause).toContain(
      'an instance was taken out of service in response to an ELB system health check failure.',
    );
    stage.until(() => stage.member(id) === undefined);
    stage.until(() => stage.states() === 'InService InService InService');
    expect(stage.world.state.instances.find((one) => one.id === id)?.state).toBe('terminated');
  });

  it('is left alone during the grace period', () => {
    const stage = stageShop({ healthCheckType: 'ELB' });
    stage.world.change.groups.configure('shop-web', { graceSeconds: 600 });
    stage.world.change.hosts.breakVersion('shop-web', 7);
    stage.world.change.groups.setDesired('shop-web', 4);
    stage.until(() => stage.states() === 'InService InService InService InService');
    const id = stage.world.shop.instanceIds()[3]!;
    const sinceInService = (): number => stage.clock.now() - stage.member(id)!.inServiceAt!;
    stage.until(() => stage.target(id) === 'unhealthy');
    stage.until(() => stage.member(id)?.health === 'Unhealthy');
    expect(sinceInService()).toBeGreaterThanOrEqual(600 * SECOND);
  });

  it('whose host is impaired is replaced by any group', () => {
    const stage = stageShop();
    const id = first(stage);
    stage.world.change.hosts.impair(id);
    stage.until(() => stage.member(id) === undefined);
    expect(
      stage.group().activities.some(({ cause }) => cause.endsWith('in response to an EC2 instance status checks failure.')),
    ).toBe(true);
  });

  it('that is terminated by hand is noticed as such and replaced', () => {
    const stage = stageShop();
    const id = first(stage);
    stage.world.change.hosts.terminateInstance(id);
    stage.until(() => stage.member(id) === undefined);
    stage.until(() => stage.states() === 'InService InService InService');
    expect(stage.group().activities.some(({ cause }) => cause.includes('indicating it has been terminated or stopped'))).toBe(
      true,
    );
  });

  it('that somebody marks is replaced', () => {
    const stage = stageShop();
    const id = first(stage);
    stage.world.change.groups.markUnhealthy(id);
    expect(stage.until(() => stage.member(id)?.state === 'Terminating')).toBeLessThanOrEqual(10 * SECOND);
  });
});

describe('suspended processes', () => {
  type Case = readonly [Process, string, (stage: Stage, id: string) => void, (stage: Stage, id: string) => unknown, unknown];

  const cases: readonly Case[] = [
    [
      'Launch',
      'nothing replaces what was detached',
      (stage, id) => stage.world.change.groups.detach('shop-web', id, false),
      sizes,
      '2/3/4 with 2',
    ],
    [
      'Terminate',
      'nothing is ended when the group is too large',
      (stage) => stage.world.change.groups.setDesired('shop-web', 2),
      sizes,
      '2/2/4 with 3',
    ],
    [
      'ReplaceUnhealthy',
      'the sick stay',
      (stage, id) => stage.world.change.groups.markUnhealthy(id),
      (stage, id) => stage.member(id)?.state,
      'InService',
    ],
    [
      'HealthCheck',
      'nobody is found sick',
      (stage, id) => stage.world.change.hosts.impair(id),
      (stage, id) => stage.member(id)?.health,
      'Healthy',
    ],
    [
      'AlarmNotification',
      'alarms change nothing',
      (stage) => stage.world.change.groups.soundAlarm('shop-web', 'shop-web-cpu'),
      sizes,
      '2/3/4 with 3',
    ],
    [
      'ScheduledActions',
      'the hour passes by',
      (stage) => stage.world.change.groups.schedule('shop-web', { name: 'night', desired: 2, inMs: MINUTE }),
      sizes,
      '2/3/4 with 3',
    ],
    [
      'InstanceRefresh',
      'nobody is refreshed',
      (stage) => stage.world.change.groups.startRefresh('shop-web'),
      (stage, id) => stage.member(id)?.state,
      'InService',
    ],
    [
      'AddToLoadBalancer',
      'a new instance is in service, and never registered',
      (stage) => stage.world.change.groups.setDesired('shop-web', 4),
      (stage) => [stage.states(), stage.target(stage.world.shop.instanceIds()[3]!)],
      ['InService InService InService InService', undefined],
    ],
  ];

  it.each(cases)('%s: %s', (process, _, happen, look, expected) => {
    const stage = stageShop();
    const id = first(stage);
    autoscaling(stage.world, 'SuspendProcesses', { ...G, ScalingProcesses: [process] });
    happen(stage, id);
    stage.wait(10 * MINUTE);
    expect(look(stage, id)).toEqual(expected);
  });

  it.each(cases)('without that of %s, something does happen', (_, __, happen, look, expected) => {
    const stage = stageShop();
    const id = first(stage);
    happen(stage, id);
    stage.wait(10 * MINUTE);
    expect(look(stage, id)).not.toEqual(expected);
  });

  it('AZRebalance: a group that lost a zone stays lopsided until it is resumed', () => {
    const stage = stageShop();
    const [a, b] = stage.world.shop.instanceIds();
    stage.world.change.groups.suspend('shop-web', 'AZRebalance');
    const end = stage.world.change.storage.exhaustCapacity('eu-west-3a', 'eu-west-3b');
    stage.world.change.groups.detach('shop-web', a!, false);
    stage.world.change.groups.detach('shop-web', b!, false);
    stage.wait(10 * MINUTE);
    end();
    const zones = (): string[] => stage.group().members.map((member) => member.zone.at(-1)!);
    stage.wait(10 * MINUTE);
    expect(zones()).toEqual(['c', 'c', 'c']);
    stage.world.change.groups.resume('shop-web', 'AZRebalance');
    stage.wait(30 * MINUTE);
    expect(zones().sort()).toEqual(['a', 'b', 'c']);
  });

  it('a new instance that was launched meanwhile stays unregistered when AddToLoadBalancer is resumed', () => {
    const stage = stageShop();
    const reverse = stage.world.change.groups.suspend('shop-web', 'AddToLoadBalancer');
    stage.world.change.groups.setDesired('shop-web', 4);
    stage.wait(5 * MINUTE);
    reverse();
    stage.wait(5 * MINUTE);
    expect(stage.target(stage.world.shop.instanceIds()[3]!)).toBeUndefined();
  });
});

describe('standby', () => {
  const parked = (): { readonly stage: Stage; readonly ids: readonly string[] } => {
    const stage = stageShop();
    const ids = stage.world.shop.instanceIds().slice(1);
    autoscaling(stage.world, 'UpdateAutoScalingGroup', { ...G, MinSize: 1 });
    autoscaling(stage.world, 'EnterStandby', { ...G, InstanceIds: [...ids], ShouldDecrementDesiredCapacity: true });
    return { stage, ids };
  };

  it('leaves the load balancer by draining, and nothing is launched', () => {
    const { stage, ids } = parked();
    expect(ids.map(stage.target)).toEqual(['draining', 'draining']);
    expect(stage.until(() => stage.states() === 'InService Standby Standby')).toBe(30 * SECOND);
    stage.wait(10 * MINUTE);
    expect([sizes(stage), stage.states(), ids.map(stage.target)]).toEqual([
      '1/1/4 with 3',
      'InService Standby Standby',
      [undefined, undefined],
    ]);
  });

  it('goes on serving users with the survivor', () => {
    const { stage } = parked();
    stage.wait(MINUTE);
    expect(stage.world.users.possible(stage.world.shop.url).map((reply) => reply.servedBy)).toEqual(
      Array.from({ length: 3 }, () => stage.world.shop.instanceIds()[0]),
    );
  });

  it('returns to service and to the load balancer', () => {
    const { stage, ids } = parked();
    stage.wait(HOUR);
    autoscaling(stage.world, 'ExitStandby', { ...G, InstanceIds: [...ids] });
    stage.until(() => stage.states() === 'InService InService InService');
    stage.until(() => ids.every((id) => stage.target(id) === 'healthy'));
    expect(sizes(stage)).toBe('1/3/4 with 3');
  });

  it('freezes health: a parked instance that falls sick is replaced only after its return', () => {
    const { stage, ids } = parked();
    stage.world.change.groups.configure('shop-web', { healthCheckType: 'ELB' });
    const [sick] = ids;
    stage.world.change.hosts.answerWith(sick!, 502);
    stage.wait(HOUR);
    expect(stage.member(sick!)).toMatchObject({ state: 'Standby', health: 'Healthy' });
    autoscaling(stage.world, 'ExitStandby', { ...G, InstanceIds: [...ids] });
    stage.until(() => stage.member(sick!) === undefined);
  });

  it('without decrement is answered by new instances', () => {
    const stage = stageShop();
    autoscaling(stage.world, 'EnterStandby', { ...G, InstanceIds: [first(stage)], ShouldDecrementDesiredCapacity: false });
    stage.wait(10 * MINUTE);
    expect(stage.states()).toBe('Standby InService InService InService');
  });

  it('keeps an instance that somebody terminated until someone asks for it', () => {
    const { stage, ids } = parked();
    stage.wait(MINUTE);
    stage.world.change.hosts.terminateInstance(ids[0]!);
    stage.wait(3 * HOUR);
    expect(stage.states()).toBe('InService Standby Standby');
  });
});

describe('attaching', () => {
  const attached = (): { readonly stage: Stage; readonly id: string } => {
    const stage = stageShop();
    const id = first(stage);
    autoscaling(stage.world, 'DetachInstances', { ...G, InstanceIds: [id], ShouldDecrementDesiredCapacity: false });
    stage.wait(5 * MINUTE);
    autoscaling(stage.world, 'AttachInstances', { ...G, InstanceIds: [id] });
    return { stage, id };
  };

  it('raises the desired capacity and registers the instance', () => {
    const { stage, id } = attached();
    stage.until(() => stage.target(id) === 'healthy');
    expect(sizes(stage)).toBe('2/4/4 with 4');
  });

  it('is undone by ending a named other, which does not let the group choose', () => {
    const { stage, id } = attached();
    stage.until(() => stage.target(id) === 'healthy');
    const replacement = stage.world.shop
      .instanceIds()
      .find((one) => one !== id && stage.member(one)!.inServiceAt! > stage.clock.now() - 10 * MINUTE)!;
    autoscaling(stage.world, 'TerminateInstanceInAutoScalingGroup', {
      InstanceId: replacement,
      ShouldDecrementDesiredCapacity: true,
    });
    stage.until(() => stage.member(replacement) === undefined);
    expect([sizes(stage), stage.member(id)?.state]).toEqual(['2/3/4 with 3', 'InService']);
  });
});

describe('launches that fail', () => {
  it.each([
    ['imageGone', /^The image id '\[ami-[0-9a-f]+\]' does not exist\. Launching EC2 instance failed\.$/],
    [
      'noCapacity',
      /^We currently do not have sufficient t3\.medium capacity in the Availability Zone you requested \(eu-west-3[abc]\)/,
    ],
  ] as const)('%s: the activity says why, and it is tried again', (trouble, why) => {
    const stage = stageShop({ trouble });
    stage.wait(5 * MINUTE);
    const failed = stage.group().activities.filter((one) => one.status === 'Failed');
    expect(failed.length).toBeGreaterThanOrEqual(3);
    expect(failed[0]?.message).toMatch(why);
    expect(stage.group().members).toHaveLength(2);
    stage.world.endTrouble();
    stage.until(() => stage.states() === 'InService InService InService');
  });

  it('in one zone only are made up for in another', () => {
    const stage = stageShop();
    stage.world.change.storage.exhaustCapacity('eu-west-3a');
    stage.world.change.groups.detach('shop-web', first(stage), false);
    stage.until(() => stage.states() === 'InService InService InService');
    expect(stage.group().members.every((member) => member.zone !== 'eu-west-3a')).toBe(true);
  });
});

describe('scaling', () => {
  it('an alarm raises the desired capacity, at most to the maximum', () => {
    const stage = stageShop();
    for (let alarm = 0; alarm < 3; alarm += 1) stage.world.change.groups.soundAlarm('shop-web', 'shop-web-cpu');
    expect(sizes(stage)).toBe('2/4/4 with 3');
    stage.wait(MINUTE);
    expect(newest(stage).cause).toMatch(
      /a monitor alarm TargetTracking-shop-web-AlarmHigh-.* in state ALARM triggered policy shop-web-cpu changing the desired capacity from 3 to 4\./,
    );
  });

  it('scaling in spares protected instances, and says so when all are', () => {
    const stage = stageShop();
    const ids = stage.world.shop.instanceIds();
    autoscaling(stage.world, 'SetInstanceProtection', { ...G, InstanceIds: [...ids.slice(0, 2)], ProtectedFromScaleIn: true });
    stage.world.change.groups.setDesired('shop-web', 2);
    stage.until(() => stage.group().members.length === 2);
    expect(stage.world.shop.instanceIds()).toEqual(ids.slice(0, 2));
    stage.world.change.groups.resize('shop-web', { min: 1, desired: 1 });
    stage.wait(10 * MINUTE);
    expect([stage.group().members.length, newest(stage).status]).toEqual([2, 'Cancelled']);
  });

  it('protection saves nobody who is found sick', () => {
    const stage = stageShop();
    const id = first(stage);
    stage.world.change.groups.protect(id);
    stage.world.change.groups.markUnhealthy(id);
    stage.until(() => stage.member(id) === undefined);
  });

  it('a refresh replaces everyone, one after the other', () => {
    const stage = stageShop();
    const before = stage.world.shop.instanceIds();
    stage.world.change.groups.startRefresh('shop-web');
    let least = 3;
    stage.until(() => {
      least = Math.min(least, stage.world.shop.instanceIds().length);
      return stage.group().refreshes.at(-1)?.status === 'Successful';
    });
    expect(least).toBe(2);
    expect(stage.world.shop.instanceIds().filter((id) => before.includes(id))).toEqual([]);
  });

  it('a minimum above the size raises the desired capacity', () => {
    const stage = stageShop();
    autoscaling(stage.world, 'UpdateAutoScalingGroup', { ...G, MinSize: 4 });
    expect(sizes(stage)).toBe('4/4/4 with 3');
  });

  it('a warm pool counts for nothing', () => {
    const stage = stageShop();
    stage.world.change.groups.addWarmPool('shop-web', 2);
    stage.wait(10 * MINUTE);
    expect(sizes(stage)).toBe('2/3/4 with 3');
    expect(autoscaling(stage.world, 'DescribeWarmPool', G)).toMatchObject({
      WarmPoolConfiguration: { MinSize: 2, PoolState: 'Running' },
      Instances: [{ LifecycleState: 'Warmed:Running' }, { LifecycleState: 'Warmed:Running' }],
    });
  });
});
