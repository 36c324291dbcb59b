import { describe, expect, it } from 'vitest';
import { startSnapshot } from '../../../sandbox/aws/world/physics/snapshots.ts';
import { volumesOf } from '../../../sandbox/aws/world/state/find.ts';
import { autoscaling, call, HOUR, MINUTE, SECOND, type Stage, stageShop } from './kit.ts';

const G = { AutoScalingGroupName: 'shop-web' } as const;
const API = 'https://shop.example.com/api/orders';

const servers = (stage: Stage, url = stage.world.shop.url): readonly (string | undefined)[] => [
  ...new Set(stage.world.users.possible(url).map((reply) => reply.servedBy)),
];

const snapshotAll = (stage: Stage, instanceId: string): void =>
  stage.world.act((state) => {
    for (const volume of volumesOf(state, instanceId)) startSnapshot(state, volume, { description: 'evidence', tags: {} });
  });

describe('users', () => {
  it('are served by the replacement while the snapshots are still pending', () => {
    const stage = stageShop({ trouble: 'oneServes502' });
    const [sick] = stage.world.shop.instanceIds();
    autoscaling(stage.world, 'DetachInstances', { ...G, InstanceIds: [sick!], ShouldDecrementDesiredCapacity: false });
    snapshotAll(stage, sick!);
    stage.until(() => servers(stage).length === 3 && !servers(stage).includes(sick), 3 * MINUTE);
    expect(stage.world.state.snapshots.map((one) => one.state)).toEqual(['pending', 'pending']);
    stage.until(() => stage.world.state.snapshots.every((one) => one.state === 'completed'));
    expect(stage.statuses()).toEqual([200]);
  });

  it('get what the unhealthy answer when nobody is healthy: the load balancer fails open', () => {
    const stage = stageShop({ trouble: 'allServe502' });
    expect([stage.statuses(), servers(stage).length]).toEqual([[502], 3]);
  });

  it('get the unhealthy too when fewer are healthy than the target group asks for', () => {
    const stage = stageShop({ trouble: 'oneServes502' });
    const unhealthyState = 'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count';
    stage.world.change.balancers.setAttributes('shop-web', { [unhealthyState]: '3' });
    expect(stage.statuses()).toEqual([200, 502]);
  });

  it('are not sent to a draining target', () => {
    const stage = stageShop({ deregistrationDelaySeconds: 300 });
    const [one] = stage.world.shop.instanceIds();
    stage.world.change.groups.detach('shop-web', one!, true);
    expect(servers(stage)).not.toContain(one);
  });

  it('lose what they asked of an instance that is ended without draining', () => {
    const stage = stageShop();
    const [one] = stage.world.shop.instanceIds();
    stage.world.change.groups.suspend('shop-web', 'Launch', 'HealthCheck');
    stage.world.change.hosts.terminateInstance(one!);
    stage.wait(MINUTE);
    expect([stage.statuses(), stage.target(one!)]).toEqual([[200], 'unused']);
  });

  it('of a network load balancer without cross-zone find nobody in a zone that was emptied', () => {
    const stage = stageShop();
    const { change, shop, state } = stage.world;
    change.balancers.addNetworkBalancer(shop.publicSubnetIds, 'shop-web');
    stage.until(() => state.targetGroups.at(-1)!.targets.every((target) => target.state === 'healthy'));
    const balancer = state.loadBalancers.at(-1)!;
    const url = `http://${balancer.dnsName}:8080/`;
    expect(stage.world.users.possible(url)).toHaveLength(3);
    const [one] = shop.instanceIds();
    change.groups.detach('shop-web', one!, true);
    stage.wait(MINUTE);
    // DNS leaves the emptied zone out, and each other node has its own target only.
    expect(stage.world.users.possible(url)).toHaveLength(2);
  });
});

describe('outsiders', () => {
  it('a second target group, checked in its own way, may find an instance sick that the first finds healthy', () => {
    const stage = stageShop();
    stage.world.change.balancers.addSecondTargetGroup('shop-alb', 'shop-web', { check: { path: '/healthz' } });
    stage.wait(MINUTE);
    const [shop, api] = stage.world.state.targetGroups;
    expect(shop!.targets.map((one) => one.state)).toEqual(['healthy', 'healthy', 'healthy']);
    expect(api!.targets.map((one) => one.state)).toEqual(['unhealthy', 'unhealthy', 'unhealthy']);
    expect(servers(stage, API)).toHaveLength(3);
  });

  it('an address in an IP target group stays when the instance is detached', () => {
    const stage = stageShop();
    const [one] = stage.world.shop.instanceIds();
    const end = stage.world.change.balancers.registerIpTarget('shop-alb', one!);
    stage.world.change.groups.detach('shop-web', one!, false);
    stage.wait(5 * MINUTE);
    expect(stage.world.state.targetGroups.at(-1)!.targets.map((target) => target.state)).toEqual(['healthy']);
    end();
    expect(stage.world.state.targetGroups).toHaveLength(1);
  });

  it.each([
    [
      'a volume',
      (stage: Stage, id: string) => stage.world.change.storage.attachVolume(id),
      (stage: Stage, id: string) => volumesOf(stage.world.state, id).length,
    ],
    [
      'an elastic IP',
      (stage: Stage, id: string) => stage.world.change.network.giveElasticIp(id),
      (stage: Stage) => stage.world.state.addresses.length,
    ],
    [
      'a second interface',
      (stage: Stage, id: string) => stage.world.change.network.addSecondaryInterface(id),
      (stage: Stage, id: string) => stage.world.state.interfaces.filter((one) => one.attachment?.instanceId === id).length,
    ],
    [
      'a route',
      (stage: Stage, id: string) =>
        stage.world.change.network.routeToInstance(stage.world.shop.appSubnetIds[0]!, '172.16.0.0/12', id),
      (stage: Stage) => stage.world.state.routeTables.flatMap((table) => table.Routes).length,
    ],
  ] as const)('give an instance %s, and take it away again', (_, give, count) => {
    const stage = stageShop();
    const [one] = stage.world.shop.instanceIds();
    const before = count(stage, one!);
    const end = give(stage, one!);
    expect(count(stage, one!)).toBe(before + 1);
    end();
    end();
    expect(count(stage, one!)).toBe(before);
  });

  it('weighted groups count in units', () => {
    const stage = stageShop();
    const end = stage.world.change.groups.weigh('shop-web', 2);
    stage.wait(10 * MINUTE);
    expect([stage.group().desired, stage.group().members.length, stage.describe().Instances?.[0]?.WeightedCapacity]).toEqual([
      6,
      3,
      '2',
    ]);
    end();
    expect(stage.describe().Instances?.[0]).not.toHaveProperty('WeightedCapacity');
  });
});

describe('a reboot', () => {
  it.each([
    ['cures a process that has ended', 'processDown', 'healthy'],
    ['cures an application that hangs', 'appHangs', 'healthy'],
    ['does not cure what is broken on the disk', 'oneServes502', 'unhealthy'],
  ] as const)('%s', (_, trouble, state) => {
    const stage = stageShop({ trouble });
    const [sick] = stage.world.shop.instanceIds();
    expect(stage.target(sick!)).toBe('unhealthy');
    call(stage.world, 'ec2', 'RebootInstances', { InstanceIds: [sick] });
    stage.wait(5 * MINUTE);
    expect(stage.target(sick!)).toBe(state);
    stage.world.endTrouble();
    stage.wait(5 * MINUTE);
    expect(stage.target(sick!)).toBe('healthy');
  });
});

describe('snapshots', () => {
  it('take longer in bad weather, and fail where they were told to', () => {
    const stage = stageShop();
    const [one] = stage.world.shop.instanceIds();
    const [root, data] = volumesOf(stage.world.state, one!);
    stage.world.change.storage.slowSnapshots(30);
    stage.world.change.storage.failSnapshots(data!.id);
    snapshotAll(stage, one!);
    const states = (): readonly string[] =>
      stage.world.state.snapshots.map((snapshot) => `${snapshot.volumeId} ${snapshot.state}`);
    stage.wait(HOUR);
    expect(states()).toEqual([`${root!.id} pending`, `${data!.id} pending`]);
    stage.wait(3 * HOUR);
    expect(states()).toEqual([`${root!.id} completed`, `${data!.id} error`]);
  });
});

describe('a large account', () => {
  it('has two hundred targets, sixty groups and twenty ACLs, all settled', () => {
    const { world } = stageShop({ scale: true });
    const targets = world.state.targetGroups.flatMap((group) => group.targets);
    expect([targets.length, world.state.groups.length, world.state.networkAcls.length]).toEqual([200, 60, 20]);
    expect(targets.every((target) => target.state === 'healthy')).toBe(true);
    expect(world.state.groups.every((group) => group.members.length === group.desired)).toBe(true);
  });

  it('lives through quiet hours at the price of a few events', () => {
    const stage = stageShop({ scale: true });
    const before = stage.world.state.draws;
    stage.wait(24 * HOUR);
    stage.wait(SECOND);
    expect(stage.world.state.draws).toBe(before);
  });
});
