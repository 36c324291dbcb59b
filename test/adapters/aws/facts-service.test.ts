import { describe, expect, it } from 'vitest';
import type { ResolveName } from '../../../src/adapters/aws/facts/look.ts';
import { answering, type Desk, look, openDesk, SHOP, see } from './kit.ts';

const SERVICE = { serviceId: 'shop' };
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const CONFIG = 'arn:aws:s3:::shop-config/web.json';

describe('identity', () => {
  const services = [
    {
      ...SHOP,
      iamActions: [
        { action: 's3:GetObject', resource: CONFIG },
        { action: 's3:PutObject', resource: CONFIG },
        { action: 'sqs:SendMessage', resource: '*' },
      ],
    },
  ];

  it('tells role, policies in plain text, and what a simulation allows', async () => {
    await using desk = await openDesk({ services });
    desk.world.change.identities.deny('shop-web', 's3:GetObject');
    const found = await see(desk, 'identity', SERVICE);
    expect(found).toMatchObject({
      profileArn: 'arn:aws:iam::111122223333:instance-profile/shop-web',
      roleName: 'shop-web',
      instancesWithoutProfile: [],
      notSeen: [],
    });
    expect(found.policies.map(({ name, kind }) => [name, kind])).toEqual(
      expect.arrayContaining([
        ['AmazonSSMManagedInstanceCore', 'managed'],
        ['read-config', 'inline'],
        ['emergency-deny', 'inline'],
      ]),
    );
    const denial = found.policies.find(({ name }) => name === 'emergency-deny');
    expect(JSON.parse(denial?.document ?? '')).toMatchObject({ Statement: [{ Effect: 'Deny', Action: 's3:GetObject' }] });
    expect(found.simulated.map(({ action, resource, decision }) => [action, resource, decision])).toEqual([
      ['s3:GetObject', CONFIG, 'explicitDeny'],
      ['s3:PutObject', CONFIG, 'implicitDeny'],
      ['sqs:SendMessage', '*', 'implicitDeny'],
    ]);
    expect(found.simulated[0]?.matched.join()).toContain('emergency-deny');
  });

  it('names the boundary, and tells when it is what refuses', async () => {
    await using desk = await openDesk({ services });
    const { arn: boundary } = desk.identity.createPolicy('narrow', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'ec2:*', Resource: '*' }],
    });
    desk.identity.setRoleBoundary('shop-web', boundary);
    const found = await see(desk, 'identity', SERVICE);
    expect(found.boundaryArn).toBe(boundary);
    expect(found.simulated[0]).toMatchObject({ decision: 'implicitDeny', allowedByBoundary: false });
  });

  it('a profile without a role has no policies', async () => {
    await using desk = await openDesk({ services, shop: { trouble: 'roleDetached' } });
    const found = await see(desk, 'identity', SERVICE);
    expect(found).toMatchObject({ policies: [], simulated: [], notSeen: [] });
    expect(found.profileArn).toMatch(/shop-web$/);
    expect(found).not.toHaveProperty('roleName');
  });

  it('names the instances that have no profile', async () => {
    await using desk = await openDesk({ services });
    const [bare = ''] = desk.world.shop.instanceIds();
    desk.world.act((state) => {
      for (const one of state.instances) if (one.id === bare) delete one.profileName;
    });
    expect((await see(desk, 'identity', SERVICE)).instancesWithoutProfile).toEqual([bare]);
  });

  it.each([
    ['iam:GetInstanceProfile'],
    ['iam:GetRole'],
    ['iam:ListAttachedRolePolicies'],
    ['iam:GetPolicyVersion'],
    ['iam:ListRolePolicies'],
    ['iam:SimulatePrincipalPolicy'],
  ])('without %s says what was not seen, and tells the rest', async (permission) => {
    await using desk = await openDesk({ services });
    desk.withhold(permission);
    const { notSeen, profileArn } = await see(desk, 'identity', SERVICE);
    expect(notSeen).toEqual([`The bot may not call ${permission}.`]);
    expect(profileArn).toMatch(/shop-web$/);
  });
});

describe('name-resolution', () => {
  /** DNS as the account has it. */
  const dns =
    (desk: () => Desk): ResolveName =>
    async (host, type) => {
      const { names, loadBalancers } = desk().world.state;
      if (type === 'NS') return ['NS-2.example.net.', 'ns-1.example.net'];
      const target = names.find(({ name }) => name === host)?.aliasOf ?? host;
      const balancer = loadBalancers.find(({ dnsName }) => dnsName === target);
      if (balancer === undefined) throw Object.assign(new Error(host), { code: 'ENOTFOUND' });
      return balancer.nodes.map(({ publicIp }) => publicIp);
    };

  it('tells records, and that the name leads where the load balancer is', async () => {
    let opened: Desk | undefined;
    await using desk = await openDesk({ resolve: (...asked) => dns(() => opened!)(...asked) });
    opened = desk;
    const { dnsName } = desk.world.state.loadBalancers[0]!;
    const found = await see(desk, 'name-resolution', SERVICE);
    expect(found).toMatchObject({
      host: 'shop.example.com',
      zoneId: expect.stringMatching(/^Z/),
      records: [{ name: 'shop.example.com', type: 'A', aliasTo: dnsName, evaluateTargetHealth: true, values: [] }],
      delegatedNameServers: ['ns-1.example.net', 'ns-2.example.net'],
    });
    expect(found.zoneNameServers).toHaveLength(4);
    expect(found.resolved).toEqual(found.loadBalancerResolved);
    expect(found.resolved).toHaveLength(3);
  });

  it('a name that leads to a load balancer that is gone does not resolve, and that is a finding', async () => {
    let opened: Desk | undefined;
    await using desk = await openDesk({
      shop: { trouble: 'oldBalancerInDns' },
      resolve: (...asked) => dns(() => opened!)(...asked),
    });
    opened = desk;
    const found = await see(desk, 'name-resolution', SERVICE);
    expect(found.records[0]?.aliasTo).toMatch(/^shop-alb-old/);
    expect(found.resolveError).toBe('ENOTFOUND for shop.example.com');
    expect(found).not.toHaveProperty('resolved');
    expect(found.loadBalancerResolved).toHaveLength(3);
  });

  it('tells whether the health check of a record is healthy', async () => {
    await using desk = await openDesk();
    desk.world.act((state) => {
      state.healthChecks = [{ id: 'check-1', host: 'shop.example.com', protocol: 'HTTPS', port: 443, path: '/' }];
    });
    const state = async () => (await see(desk, 'name-resolution', SERVICE)).records[0]?.healthCheckState;
    expect(await state()).toBe('healthy');
    for (const id of desk.world.shop.instanceIds()) desk.world.change.hosts.answerWith(id, 502);
    expect(await state()).toBe('unhealthy');
    desk.withhold('route53:GetHealthCheckStatus');
    expect(await state()).toBe('unknown');
  });

  it('without URL there is nothing to look up; without permission it is said', async () => {
    const { url: _, ...noUrl } = SHOP;
    await using desk = await openDesk({ services: [noUrl, { ...SHOP, id: 'other' }] });
    await expect(see(desk, 'name-resolution', SERVICE)).rejects.toThrow('No URL is given for shop');
    desk.withhold('route53:ListResourceRecordSets');
    expect(await look(desk.facts.open(), 'name-resolution', { serviceId: 'other' })).toMatchObject({
      unreadable: 'denied',
      permission: 'route53:ListResourceRecordSets',
    });
  });
});

describe('certificates', () => {
  it('tell names and end of each encrypted listener’s certificates', async () => {
    await using desk = await openDesk({ shop: { trouble: 'certificateExpired' } });
    const [https] = (await see(desk, 'service-map', SERVICE)).listeners;
    expect(await see(desk, 'certificates', SERVICE)).toEqual([
      {
        arn: https?.certificateArns[0],
        listenerArn: https?.arn,
        names: ['shop.example.com'],
        status: 'EXPIRED',
        notAfter: expect.stringMatching(/^2026-01-05T13:5/),
      },
    ]);
  });

  it('without permission are unreadable', async () => {
    await using desk = await openDesk();
    desk.withhold('acm:DescribeCertificate');
    expect(await look(desk.facts.open(), 'certificates', SERVICE)).toMatchObject({ permission: 'acm:DescribeCertificate' });
  });
});

describe('traffic', () => {
  const point = (atMs: number, value: number) => ({ at: new Date(atMs), value });
  type Query = { readonly Id: string; readonly MetricStat: { readonly Metric: { readonly MetricName: string } } };
  type Asked = {
    readonly StartTime: Date;
    readonly EndTime: Date;
    readonly MetricDataQueries: readonly Query[];
    readonly NextToken?: string;
  };
  /** Answers in two pages, half of the points on each. */
  const metricData = (points: Readonly<Record<string, readonly ReturnType<typeof point>[]>>, asked: Asked[] = []) =>
    answering((input: Asked) => {
      asked.push(input);
      const half = input.NextToken === undefined ? 0 : 1;
      return {
        MetricDataResults: input.MetricDataQueries.map(({ Id, MetricStat }) => {
          const mine = (points[MetricStat.Metric.MetricName] ?? []).filter((_, index) => index % 2 === half);
          return { Id, Timestamps: mine.map(({ at }) => at), Values: mine.map(({ value }) => value) };
        }),
        ...(half === 0 && { NextToken: 'second' }),
      };
    });

  it('sets the last five minutes against the hour before; what is not counted is zero', async () => {
    const now = Date.UTC(2026, 0, 5, 14, 0, 0);
    const asked: Asked[] = [];
    const operations = {
      monitoring: {
        GetMetricData: metricData(
          {
            RequestCount: [point(now - 30 * MINUTE_MS, 600), point(now - 20 * MINUTE_MS, 600), point(now - 2 * MINUTE_MS, 50)],
            HTTPCode_ELB_5XX_Count: [point(now - 5 * MINUTE_MS, 10)],
            TargetResponseTime: [point(now - 40 * MINUTE_MS, 0.1), point(now - 39 * MINUTE_MS, 0.3)],
          },
          asked,
        ),
      },
    };
    await using desk = await openDesk({ operations });
    expect(await see(desk, 'traffic', SERVICE)).toEqual({
      loadBalancerName: 'shop-alb',
      trends: [
        { name: 'requests', unit: '/min', now: 10, hourBefore: 20 },
        { name: 'errors from the load balancer', unit: '/min', now: 2, hourBefore: 0 },
        { name: 'errors from targets', unit: '/min', now: 0, hourBefore: 0 },
        { name: 'response time, average', unit: 's', hourBefore: expect.closeTo(0.2) },
        { name: 'response time, p99', unit: 's', hourBefore: expect.closeTo(0.2) },
      ],
    });
    expect(asked).toHaveLength(2);
    expect(asked[0]).toMatchObject({ StartTime: new Date(now - 65 * MINUTE_MS), EndTime: new Date(now) });
  });

  it('of a load balancer that was never measured is not said to be zero', async () => {
    await using desk = await openDesk({ operations: { monitoring: { GetMetricData: metricData({}) } } });
    const { trends } = await see(desk, 'traffic', SERVICE);
    expect(trends.every((trend) => !('now' in trend) && !('hourBefore' in trend))).toBe(true);
  });

  it('without permission is unreadable', async () => {
    await using desk = await openDesk();
    desk.withhold('cloudwatch:GetMetricData');
    expect(await look(desk.facts.open(), 'traffic', SERVICE)).toMatchObject({ permission: 'cloudwatch:GetMetricData' });
  });
});

describe('load-of-group', () => {
  it('tells the last number of each member, in one call, and nothing where there is none', async () => {
    let calls = 0;
    const GetMetricData = answering(
      ({ MetricDataQueries: [one, two] }: { readonly MetricDataQueries: readonly { readonly Id: string }[] }) => {
        calls += 1;
        return {
          MetricDataResults: [
            { Id: one?.Id, Timestamps: [new Date(1), new Date(2)], Values: [90, 12.5] },
            { Id: two?.Id, Timestamps: [new Date(1)], Values: [40] },
          ],
        };
      },
    );
    await using desk = await openDesk({ operations: { monitoring: { GetMetricData } } });
    const [a, b, c] = desk.world.shop.instanceIds();
    expect(await see(desk, 'load-of-group', { name: 'shop-web' })).toEqual([
      { instanceId: a, cpuPercent: 12.5 },
      { instanceId: b, cpuPercent: 40 },
      { instanceId: c },
    ]);
    expect(calls).toBe(1);
    expect(await see(desk, 'load-of-group', { name: 'nothing' })).toEqual([]);
    expect(calls).toBe(1);
  });
});

describe('changes', () => {
  const within = (hours: number) => ({ ...SERVICE, hours: String(hours) });
  const actionsOf = (changes: readonly { readonly action: string }[]) => changes.map(({ action }) => action);

  it('tells who changed what of the service, newest first, in this region and in the global one', async () => {
    await using desk = await openDesk();
    const { world, clock } = desk;
    const { change, shop } = world;
    change.network.denyInAcl(shop.appAclId, { port: 8_080 });
    clock.advance(MINUTE_MS);
    change.balancers.setHealthCheck('shop-web', { path: '/healthz' });
    clock.advance(MINUTE_MS);
    change.identities.deny('shop-web', 's3:GetObject');
    clock.advance(MINUTE_MS);
    change.balancers.pointName('shop.example.com', 'elsewhere.example.com');
    // Events come minutes late.
    clock.advance(30 * MINUTE_MS);
    const found = await see(desk, 'changes', within(1));
    expect(actionsOf(found.changes)).toEqual([
      'ChangeResourceRecordSets',
      'PutRolePolicy',
      'ModifyTargetGroup',
      'CreateNetworkAclEntry',
    ]);
    expect(found.changes[3]).toMatchObject({
      by: 'marta',
      resources: [shop.appAclId],
      readOnly: false,
      detail: 'ruleNumber=50, ruleAction=deny, egress=false',
    });
    expect(found).toMatchObject({ complete: true, since: new Date(clock.now() - HOUR_MS).toISOString() });
  });

  it('leaves out what concerns others, and what is only named alike', async () => {
    await using desk = await openDesk();
    const { world, clock } = desk;
    world.act((state) => {
      const deed = {
        source: 'autoscaling.amazonaws.com',
        callerArn: 'arn:aws:iam::111122223333:user/a',
        userName: 'a',
        at: state.now,
      };
      const about = (name: string) => ({ ...deed, id: name, name, resources: [], parameters: { AutoScalingGroupName: name } });
      state.trail.push(about('batch-07'), about('shop-web-2'), about('shop-web'));
    });
    clock.advance(30 * MINUTE_MS);
    const { changes } = await see(desk, 'changes', within(1));
    expect(actionsOf(changes)).toEqual(['shop-web']);
  });

  it('knows a new version of the launch template before the trail does, and tells it once when both do', async () => {
    await using desk = await openDesk();
    desk.world.act((state) => {
      const template = state.launchTemplates[0]!;
      template.versions.push({
        ...template.versions.at(-1)!,
        number: 8,
        createdAt: state.now,
        createdBy: 'arn:aws:sts::111122223333:assumed-role/deploy/pipeline',
      });
    });
    const created = async () => {
      const { changes } = await see(desk, 'changes', within(48));
      return changes.filter(({ action }) => action === 'CreateLaunchTemplateVersion').map(({ by, resources }) => [by, resources]);
    };
    const { launchTemplateId } = desk.world.shop;
    expect(await created()).toContainEqual(['pipeline', [launchTemplateId, 'version 8']]);
  });

  it('follows instances that are gone, as long as their group remembers them', async () => {
    await using desk = await openDesk();
    const [ended = ''] = desk.world.shop.instanceIds();
    desk.world.change.hosts.terminateInstance(ended);
    desk.clock.advance(30 * MINUTE_MS);
    expect((await see(desk, 'service-map', SERVICE)).instances.map(({ id }) => id)).not.toContain(ended);
    expect((await see(desk, 'changes', within(1))).changes).toMatchObject([{ action: 'TerminateInstances', resources: [ended] }]);
  });

  it('tells what was asked for in short, without secrets, and what AWS did by itself', async () => {
    const record = (requestParameters: unknown, issuer: string) =>
      JSON.stringify({
        requestParameters,
        userIdentity: { type: 'AssumedRole', sessionContext: { sessionIssuer: { arn: issuer } } },
      });
    const Events = [
      {
        EventName: 'ModifyThing',
        EventTime: new Date(2),
        CloudTrailEvent: record(
          { name: 'shop-alb', dbPassword: 'hunter2hunter2', note: 'x'.repeat(500) },
          'arn:aws:iam::1:role/deploy',
        ),
      },
      {
        EventName: 'RegisterTargets',
        EventTime: new Date(1),
        CloudTrailEvent: record(
          { name: 'shop-alb' },
          'arn:aws:iam::1:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling',
        ),
      },
    ];
    await using desk = await openDesk({ operations: { cloudtrail: { LookupEvents: answering({ Events }) } } });
    const { changes } = await see(desk, 'changes', within(1));
    const of = (name: string) => changes.find(({ action }) => action === name);
    expect(of('ModifyThing')?.detail).toMatch(/^name=shop-alb, dbPassword/);
    expect(of('ModifyThing')?.detail).not.toContain('hunter2');
    expect(of('ModifyThing')?.detail?.length).toBeLessThanOrEqual(161);
    expect(of('ModifyThing')).not.toHaveProperty('byAws');
    expect(of('RegisterTargets')).toMatchObject({ byAws: true, detail: 'name=shop-alb' });
  });

  it('a trail that cannot be read to its end is told as far as it was', async () => {
    const page = answering(({ NextToken = '0' }: { readonly NextToken?: string }) => ({
      Events: [{ EventName: `Change${NextToken}`, EventTime: new Date(0), CloudTrailEvent: '{"name":"shop-alb"}' }],
      NextToken: String(Number(NextToken) + 1),
    }));
    await using desk = await openDesk({ operations: { cloudtrail: { LookupEvents: page } } });
    desk.faults.add({ action: 'LookupEvents', fromCall: 7, effect: { kind: 'throttle' } });
    const { changes, complete } = await see(desk, 'changes', within(1));
    expect(complete).toBe(false);
    expect(changes).toHaveLength(6);
  });

  it('keeps look-ups of one region apart as CloudTrail asks', async () => {
    const page = answering(({ NextToken }: { readonly NextToken?: string }) => ({
      Events: [],
      ...(NextToken === undefined && { NextToken: '1' }),
    }));
    await using desk = await openDesk({
      operations: { cloudtrail: { LookupEvents: page } },
      limits: { trailIntervalMs: 150 },
    });
    const reader = desk.facts.open();
    await look(reader, 'changes', within(1));
    const starts = reader.calls().flatMap(({ action, startedMs }) => (action === 'cloudtrail:LookupEvents' ? [startedMs] : []));
    // Two regions side by side, two pages each. Timers may ring a little early.
    const [one = 0, , three = 0] = starts.toSorted((a, b) => a - b);
    expect(starts).toHaveLength(4);
    expect(three - one).toBeGreaterThanOrEqual(140);
  });

  it('without permission is unreadable, and so are hours that are none', async () => {
    await using desk = await openDesk();
    await expect(see(desk, 'changes', { ...SERVICE, hours: 'many' })).rejects.toThrow('"many" is no number of hours.');
    desk.withhold('cloudtrail:LookupEvents');
    expect(await look(desk.facts.open(), 'changes', within(1))).toMatchObject({ permission: 'cloudtrail:LookupEvents' });
  });
});
