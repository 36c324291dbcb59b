import { describe, expect, it } from 'vitest';
import { type Fact, type FactKind, type FactKinds, fact, maybe } from '../../../src/runbook/facts.ts';
import type { Service } from '../../../src/runbook/service.ts';
import { actionsOf, answering, deny, look, openDesk, SHOP, see } from './kit.ts';

const GROUP = { name: 'shop-web' };
const MAP = fact('service-map', { serviceId: 'shop' });
const countOf = (all: readonly string[], one: string): number => all.filter((action) => action === one).length;
const twice = (all: readonly string[]): readonly string[] => [...new Set(all.filter((one, index) => all.indexOf(one) !== index))];

describe('one look at the world', () => {
  it('asks the same question once, whoever needs the answer, and again in the next look', async () => {
    await using desk = await openDesk();
    const reader = desk.facts.open();
    const needs = { a: fact('group', GROUP), b: fact('group', GROUP), members: fact('instances-of-group', GROUP) };
    const first = await reader.gather(needs);
    const again = await reader.gather(needs);
    expect(again).toEqual(first);
    expect(countOf(actionsOf(desk.wire), 'autoscaling:DescribeAutoScalingGroups')).toBe(1);
    await desk.facts.open().gather(needs);
    expect(countOf(actionsOf(desk.wire), 'autoscaling:DescribeAutoScalingGroups')).toBe(2);
  });

  it('makes a call once that several facts need: target health, network, instances', async () => {
    await using desk = await openDesk();
    const [instanceId = ''] = desk.world.shop.instanceIds();
    await desk.facts.open().gather({
      map: MAP,
      around: fact('target-groups-around', { groupName: 'shop-web', instanceId }),
      network: fact('network', { serviceId: 'shop' }),
      ties: fact('ties-of', { instanceId }),
      volumes: fact('volumes-of', { instanceId }),
      instance: fact('instance', { id: instanceId }),
    });
    const asked = desk.wire.calls.map(({ action, input }) => `${action} ${JSON.stringify(input)}`);
    expect(twice(asked)).toEqual([]);
    expect(countOf(actionsOf(desk.wire), 'elasticloadbalancing:DescribeTargetHealth')).toBe(1);
  });

  it('fetches together what is asked for one by one', async () => {
    await using desk = await openDesk();
    const ids = desk.world.shop.instanceIds();
    const needs = Object.fromEntries(ids.map((id) => [id, fact('instance', { id })]));
    const found = await desk.facts.open().gather(needs);
    expect(Object.values(found)).toMatchObject(ids.map((id) => ({ id })));
    expect(countOf(actionsOf(desk.wire), 'ec2:DescribeInstances')).toBe(1);
    expect(countOf(actionsOf(desk.wire), 'ec2:DescribeInstanceStatus')).toBe(1);
    expect(countOf(actionsOf(desk.wire), 'ec2:DescribeInstanceTypes')).toBe(1);
  });

  it('tells which calls it made', async () => {
    await using desk = await openDesk();
    const reader = desk.facts.open();
    await reader.gather({ launch: fact('launch-source', { groupName: 'shop-web' }) });
    expect(reader.calls().map(({ action }) => action)).toEqual(
      expect.arrayContaining([
        'autoscaling:DescribeAutoScalingGroups',
        'ec2:DescribeLaunchTemplateVersions',
        'iam:GetInstanceProfile',
      ]),
    );
    expect(reader.calls().every(({ startedMs, endedMs }) => startedMs <= endedMs)).toBe(true);
    // Those of STS are not facts'.
    expect(reader.calls()).toHaveLength(desk.wire.calls.filter(({ service }) => service !== 'sts').length);
  });

  it('keeps no more calls under way at once than the limit', async () => {
    const mostAtOnce = async (concurrentCalls: number) => {
      await using desk = await openDesk({ limits: { concurrentCalls } });
      const reader = desk.facts.open();
      await reader.gather({ map: MAP, around: fact('group-surroundings', GROUP) });
      const calls = reader.calls();
      const atOnce = calls.map(({ startedMs: at }) => calls.filter((one) => one.startedMs <= at && at < one.endedMs).length);
      return Math.max(...atOnce);
    };
    expect(await mostAtOnce(2)).toBe(2);
    expect(await mostAtOnce(16)).toBeGreaterThan(2);
  });

  it('needs no more calls for 200 targets than for 20, but one for each hundred statuses', async () => {
    const callsFor = async (targets: number) => {
      await using desk = await openDesk({ shop: { scale: { targets, groups: 3, acls: 4 } } });
      const reader = desk.facts.open();
      const found = await reader.gather({ map: MAP, network: fact('network', { serviceId: 'shop' }) });
      expect((found['map'] as FactKinds['service-map']['answer']).instances).toHaveLength(targets);
      return reader.calls().map(({ action }) => action);
    };
    const few = await callsFor(20);
    const many = await callsFor(200);
    const without = (actions: readonly string[]) =>
      actions.filter((action) => action !== 'ec2:DescribeInstanceStatus').toSorted();
    expect(without(many)).toEqual(without(few));
    expect(countOf(many, 'ec2:DescribeInstanceStatus')).toBe(2);
  });
});

describe('pages', () => {
  const page = (count: number) =>
    answering(({ NextToken = '0' }: { readonly NextToken?: string }) => ({
      Volumes: [{ VolumeId: `vol-${NextToken}`, Attachments: [], Size: 1 }],
      ...(Number(NextToken) + 1 < count && { NextToken: String(Number(NextToken) + 1) }),
    }));

  it('are read to the end', async () => {
    await using desk = await openDesk({ operations: { ec2: { DescribeVolumes: page(7) } } });
    const [instanceId = ''] = desk.world.shop.instanceIds();
    const volumes = await look(desk.facts.open(), 'volumes-of', { instanceId });
    expect(volumes).toMatchObject([0, 1, 2, 3, 4, 5, 6].map((index) => ({ id: `vol-${index}` })));
  });

  it('that never end make the fact unreadable, not half known', async () => {
    await using desk = await openDesk({ operations: { ec2: { DescribeVolumes: page(1_000) } }, limits: { pages: 5 } });
    const [instanceId = ''] = desk.world.shop.instanceIds();
    expect(await look(desk.facts.open(), 'volumes-of', { instanceId })).toEqual({
      unreadable: 'failed',
      because: 'ec2:DescribeVolumes has more than 5 pages.',
    });
    expect(countOf(actionsOf(desk.wire), 'ec2:DescribeVolumes')).toBe(5);
  });
});

describe('what cannot be read', () => {
  it('by throttling, after the SDK has tried often enough', async () => {
    await using desk = await openDesk({ maxAttempts: 2 });
    desk.faults.add({ action: 'DescribeLifecycleHooks', effect: { kind: 'throttle' } });
    expect(await look(desk.facts.open(), 'group-surroundings', GROUP)).toMatchObject({
      unreadable: 'throttled',
      because: expect.stringContaining('autoscaling:DescribeLifecycleHooks'),
    });
    expect(countOf(actionsOf(desk.wire), 'autoscaling:DescribeLifecycleHooks')).toBe(2);
  });

  it('throttling that is over by the next attempt is not noticed', async () => {
    await using desk = await openDesk({ maxAttempts: 2 });
    desk.faults.add({ action: 'DescribeAutoScalingGroups', times: 1, effect: { kind: 'throttle' } });
    expect(await look(desk.facts.open(), 'group', GROUP)).toMatchObject({ name: 'shop-web' });
  });

  it('in time says what was waited for, and keeps the rest', async () => {
    await using desk = await openDesk();
    await see(desk, 'group', GROUP);
    desk.faults.add({ action: 'DescribePolicies', effect: { kind: 'hang' } });
    const reader = desk.facts.open({ deadlineMs: 1_000 });
    const found = await reader.gather({ group: fact('group', GROUP), around: fact('group-surroundings', GROUP) });
    expect(found).toMatchObject({
      group: { name: 'shop-web' },
      around: { unreadable: 'timed-out', because: 'autoscaling:DescribePolicies did not answer before the deadline.' },
    });
  });

  it('a call that waits for its turn is given up with the rest', async () => {
    await using desk = await openDesk({ limits: { concurrentCalls: 1 } });
    desk.faults.add({ service: 'autoscaling', effect: { kind: 'hang' } });
    const reader = desk.facts.open({ deadlineMs: 300 });
    const found = await reader.gather({ group: fact('group', GROUP), snapshots: fact('snapshots-of-run', { runId: 'r1' }) });
    expect(found).toMatchObject({ group: { unreadable: 'timed-out' }, snapshots: { unreadable: 'timed-out' } });
    expect(await look(desk.facts.open(), 'snapshots-of-run', { runId: 'r1' })).toEqual([]);
  });

  it('the deadline is a gathering’s, not the look’s: what was read stays, and what is new is asked', async () => {
    await using desk = await openDesk();
    await see(desk, 'group', GROUP);
    const reader = desk.facts.open({ deadlineMs: 1_000 });
    await reader.gather({ group: fact('group', GROUP) });
    const withdraw = desk.faults.add({ action: 'DescribeSnapshots', effect: { kind: 'hang' } });
    const late = await reader.gather({ group: fact('group', GROUP), run: fact('snapshots-of-run', { runId: 'r1' }) });
    expect(late).toMatchObject({ group: { name: 'shop-web' }, run: { unreadable: 'timed-out' } });
    withdraw();
    expect(await look(reader, 'snapshots-of-run', { runId: 'r2' })).toEqual([]);
  });

  it.each(['dropBefore', 'dropAfter'] as const)('because of the network (%s) has failed', async (kind) => {
    await using desk = await openDesk();
    desk.faults.add({ action: 'DescribeAutoScalingGroups', effect: { kind } });
    expect(await look(desk.facts.open(), 'group', GROUP)).toMatchObject({
      unreadable: 'failed',
      because: expect.stringMatching(/^autoscaling:DescribeAutoScalingGroups failed: /),
    });
  });

  it('because of our own mistake is told to whoever listens, and spares the rest', async () => {
    const defects: unknown[] = [];
    await using desk = await openDesk({
      onDefect: (error) => defects.push(error),
      resolve: () => {
        throw new TypeError('our mistake');
      },
      services: [{ ...SHOP, loadBalancer: undefined } as unknown as Service],
    });
    const found = await desk.facts.open().gather({ group: fact('group', GROUP), map: MAP });
    expect(found).toMatchObject({ group: { name: 'shop-web' }, map: { unreadable: 'failed' } });
    expect(defects).toMatchObject([{ message: 'our mistake' }]);
  });
});

describe('a permission that the read role lacks', () => {
  type Asked = { readonly [K in FactKind]: readonly [K, FactKinds[K]['params']] }[FactKind];
  const shop = { serviceId: 'shop' };
  const cases: readonly (readonly [permission: string, of: (id: string) => Asked])[] = [
    ['autoscaling:DescribeAutoScalingGroups', () => ['group', GROUP]],
    ['autoscaling:DescribeLifecycleHooks', () => ['group-surroundings', GROUP]],
    ['autoscaling:DescribePolicies', () => ['group-surroundings', GROUP]],
    ['autoscaling:DescribeScheduledActions', () => ['group-surroundings', GROUP]],
    ['autoscaling:DescribeInstanceRefreshes', () => ['group-surroundings', GROUP]],
    ['autoscaling:DescribeScalingActivities', () => ['group-surroundings', GROUP]],
    ['ec2:DescribeLaunchTemplateVersions', () => ['launch-source', { groupName: 'shop-web' }]],
    ['ec2:DescribeImages', () => ['launch-source', { groupName: 'shop-web' }]],
    ['ec2:DescribeSubnets', () => ['launch-source', { groupName: 'shop-web' }]],
    ['ec2:DescribeInstances', (id) => ['instance', { id }]],
    ['ec2:DescribeInstanceAttribute', (id) => ['instance', { id }]],
    ['ec2:DescribeInstanceTypes', (id) => ['instance', { id }]],
    ['ec2:DescribeInstanceStatus', () => ['instances-of-group', GROUP]],
    ['ec2:DescribeVolumes', (instanceId) => ['volumes-of', { instanceId }]],
    ['ec2:DescribeSnapshots', () => ['snapshots-of-run', { runId: 'r1' }]],
    [
      'elasticloadbalancing:DescribeTargetGroups',
      (instanceId) => ['target-groups-around', { groupName: 'shop-web', instanceId }],
    ],
    ['elasticloadbalancing:DescribeTargetHealth', () => ['target-groups-around', { groupName: 'shop-web' }]],
    ['elasticloadbalancing:DescribeTargetGroupAttributes', () => ['target-groups-around', { groupName: 'shop-web' }]],
    ['ec2:DescribeAddresses', (instanceId) => ['ties-of', { instanceId }]],
    ['ec2:DescribeRouteTables', (instanceId) => ['ties-of', { instanceId }]],
    ['elasticloadbalancing:DescribeLoadBalancers', () => ['service-map', shop]],
    ['elasticloadbalancing:DescribeListeners', () => ['service-map', shop]],
    ['elasticloadbalancing:DescribeRules', () => ['service-map', shop]],
    ['ec2:DescribeSubnets', () => ['network', shop]],
    ['ec2:DescribeVpcs', () => ['network', shop]],
    ['ec2:DescribeInstanceStatus', () => ['instance-statuses', shop]],
    ['elasticloadbalancing:DescribeListenerCertificates', () => ['certificates', shop]],
    ['autoscaling:DescribeScalingActivities', () => ['scaling', shop]],
  ];
  it.each(cases)('%s is named by the fact that needs it', async (permission, of) => {
    await using desk = await openDesk();
    const [id = ''] = desk.world.shop.instanceIds();
    desk.withhold(permission);
    const [kind, params] = of(id);
    const { it } = await desk.facts.open().gather({ it: maybe(fact(kind, params as never) as Fact) });
    expect(it).toEqual({ unreadable: 'denied', because: `The bot may not call ${permission}.`, permission });
  });

  it('to assume the read role itself is named too', async () => {
    await using desk = await openDesk();
    desk.identity.putUserPolicy('bot', 'assume', { Version: '2012-10-17', Statement: [deny('sts:AssumeRole')] });
    expect(await look(desk.facts.open(), 'group', GROUP)).toMatchObject({ unreadable: 'denied', permission: 'sts:AssumeRole' });
  });
});

describe('the read role’s session', () => {
  it('is one for all calls, and renewed when AWS says that it is over', async () => {
    await using desk = await openDesk();
    await desk.facts.open().gather({ map: MAP });
    expect(countOf(actionsOf(desk.wire), 'sts:AssumeRole')).toBe(1);
    // The account's clock runs ahead of ours: here the session is an hour and more old, and for us it has just begun.
    desk.clock.advance(2 * 3_600_000);
    const found = await desk.facts.open().gather({ group: fact('group', GROUP), run: fact('snapshots-of-run', { runId: 'r1' }) });
    expect(found).toMatchObject({ group: { name: 'shop-web' }, run: [] });
    expect(countOf(actionsOf(desk.wire), 'sts:AssumeRole')).toBe(2);
  });
});
