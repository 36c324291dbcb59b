import {
  DeregisterTargetsCommand,
  DescribeListenerCertificatesCommand,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  BALANCER,
  CANARY_TARGETS,
  CERTIFICATES,
  type Desk,
  failureOf,
  id,
  LISTENER,
  openDesk,
  REGION,
  WEB_TARGETS,
} from './kit.ts';

const MINUTE_MS = 60_000;
const NOWHERE = BALANCER.replace('/web/', '/other/');
const [A, B, C] = [id('i', 'a'), id('i', 'b'), id('i', 'c')];

let desk: Desk;
let elb: ElasticLoadBalancingV2Client;

beforeEach(async () => {
  desk = await openDesk();
  elb = new ElasticLoadBalancingV2Client(desk.client());
});
afterEach(() => desk[Symbol.asyncDispose]());

const addBalancers = (count: number): void => {
  for (let index = 0; index < count; index += 1)
    desk.state.loadBalancers.push({ ...desk.state.loadBalancers[0]!, arn: `${BALANCER}${index}`, name: `more-${index}` });
};

describe('load balancers', () => {
  it('are described by name or ARN', async () => {
    const byName = await elb.send(new DescribeLoadBalancersCommand({ Names: ['web'] }));
    expect(byName.LoadBalancers).toEqual([
      expect.objectContaining({
        LoadBalancerArn: BALANCER,
        DNSName: `web-1.${REGION}.elb.amazonaws.com`,
        Type: 'application',
        State: { Code: 'active' },
        SecurityGroups: [id('sg', '1')],
      }),
    ]);
    expect(byName.LoadBalancers?.[0]?.AvailabilityZones?.map(({ ZoneName, SubnetId }) => [ZoneName, SubnetId])).toEqual([
      [`${REGION}a`, id('subnet', 'a')],
      [`${REGION}b`, id('subnet', 'b')],
    ]);
    const byArn = await elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [BALANCER] }));
    expect(byArn.LoadBalancers).toEqual(byName.LoadBalancers);
  });

  it('come in pages', async () => {
    addBalancers(4);
    const seen: unknown[] = [];
    let Marker: string | undefined;
    do {
      const page = await elb.send(new DescribeLoadBalancersCommand({ PageSize: 2, ...(Marker && { Marker }) }));
      seen.push(page.LoadBalancers?.map(({ LoadBalancerName }) => LoadBalancerName));
      Marker = page.NextMarker;
    } while (Marker !== undefined);
    expect(seen).toEqual([['web', 'more-0'], ['more-1', 'more-2'], ['more-3']]);
    const invented = elb.send(new DescribeLoadBalancersCommand({ Marker: 'mine' }));
    expect((await failureOf(invented)).name).toBe('ValidationError');
  });

  it('tell their attributes, set or not', async () => {
    const { Attributes = [] } = await elb.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: BALANCER }));
    expect(Object.fromEntries(Attributes.map(({ Key, Value }) => [Key, Value]))).toMatchObject({
      'idle_timeout.timeout_seconds': '30',
      'load_balancing.cross_zone.enabled': 'true',
      'deletion_protection.enabled': 'false',
    });
  });

  it('have listeners, with the default certificate and all of them', async () => {
    const { Listeners } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn: BALANCER }));
    expect(Listeners).toEqual([
      expect.objectContaining({
        ListenerArn: LISTENER,
        Port: 443,
        Protocol: 'HTTPS',
        Certificates: [{ CertificateArn: CERTIFICATES[0] }],
        DefaultActions: [expect.objectContaining({ Type: 'forward', TargetGroupArn: WEB_TARGETS })],
      }),
    ]);
    const { Certificates } = await elb.send(new DescribeListenerCertificatesCommand({ ListenerArn: LISTENER }));
    expect(Certificates?.map(({ CertificateArn, IsDefault }) => [CertificateArn, IsDefault])).toEqual([
      [CERTIFICATES[0], true],
      [CERTIFICATES[1], false],
    ]);
  });

  it('have rules, in the order in which they are tried', async () => {
    const { Rules = [] } = await elb.send(new DescribeRulesCommand({ ListenerArn: LISTENER }));
    expect(Rules.map(({ Priority, IsDefault }) => [Priority, IsDefault])).toEqual([
      ['10', false],
      ['20', false],
      ['default', true],
    ]);
    expect(Rules[0]?.Actions?.[0]?.RedirectConfig).toMatchObject({ StatusCode: 'HTTP_301', Port: '443' });
    expect(Rules[1]?.Conditions).toEqual([
      { Field: 'path-pattern', Values: ['/canary/*'], PathPatternConfig: { Values: ['/canary/*'] } },
    ]);
  });
});

describe('unknown names', () => {
  type Call = (client: ElasticLoadBalancingV2Client) => Promise<unknown>;
  const cases: readonly (readonly [string, Call, string])[] = [
    ['a load balancer name', (c) => c.send(new DescribeLoadBalancersCommand({ Names: ['web', 'x'] })), 'LoadBalancerNotFound'],
    [
      'a load balancer ARN',
      (c) => c.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [NOWHERE] })),
      'LoadBalancerNotFound',
    ],
    [
      'a load balancer without listeners',
      (c) => c.send(new DescribeListenersCommand({ LoadBalancerArn: NOWHERE })),
      'LoadBalancerNotFound',
    ],
    ['a listener', (c) => c.send(new DescribeRulesCommand({ ListenerArn: `${LISTENER}x` })), 'ListenerNotFound'],
    ['a rule', (c) => c.send(new DescribeRulesCommand({ RuleArns: [`${LISTENER}x`] })), 'RuleNotFound'],
    ['a target group name', (c) => c.send(new DescribeTargetGroupsCommand({ Names: ['x'] })), 'TargetGroupNotFound'],
    [
      'the health of a target group',
      (c) => c.send(new DescribeTargetHealthCommand({ TargetGroupArn: `${WEB_TARGETS}x` })),
      'TargetGroupNotFound',
    ],
    ['tags of a load balancer', (c) => c.send(new DescribeTagsCommand({ ResourceArns: [NOWHERE] })), 'LoadBalancerNotFound'],
    ['tags of anything', (c) => c.send(new DescribeTagsCommand({ ResourceArns: ['arn:aws:s3:::bucket'] })), 'ValidationError'],
    ['no listener at all', (c) => c.send(new DescribeListenersCommand({})), 'ValidationError'],
  ];
  it.each(cases)('%s', async (_, call, code) => {
    // The SDK calls modelled errors by their class: LoadBalancerNotFoundException for LoadBalancerNotFound.
    expect((await failureOf(call(elb))).name.replace(/Exception$/, '')).toBe(code);
  });
});

describe('target groups', () => {
  it.each([
    [{ Names: ['web'] }, ['web']],
    [{ TargetGroupArns: [CANARY_TARGETS] }, ['canary']],
    [{ LoadBalancerArn: BALANCER }, ['web', 'canary']],
    [{}, ['web', 'canary']],
  ])('%j are %j', async (input, names) => {
    const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand(input));
    expect(TargetGroups?.map(({ TargetGroupName }) => TargetGroupName)).toEqual(names);
  });

  it('tell their health check and who uses them', async () => {
    const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({ Names: ['web'] }));
    expect(TargetGroups?.[0]).toMatchObject({
      TargetType: 'instance',
      HealthCheckPort: 'traffic-port',
      HealthCheckPath: '/health',
      Matcher: { HttpCode: '200' },
      HealthyThresholdCount: 2,
      LoadBalancerArns: [BALANCER],
    });
  });

  it('tell their attributes and tags', async () => {
    const { Attributes = [] } = await elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: WEB_TARGETS }));
    expect(Object.fromEntries(Attributes.map(({ Key, Value }) => [Key, Value]))).toMatchObject({
      'deregistration_delay.timeout_seconds': '30',
      'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '1',
    });
    const { TagDescriptions } = await elb.send(new DescribeTagsCommand({ ResourceArns: [WEB_TARGETS, BALANCER] }));
    expect(TagDescriptions?.map(({ Tags }) => Tags ?? [])).toEqual([[{ Key: 'service', Value: 'checkout' }], []]);
  });

  const health = async (input: { TargetGroupArn: string; Targets?: { Id: string; Port?: number }[] }) => {
    const { TargetHealthDescriptions = [] } = await elb.send(new DescribeTargetHealthCommand(input));
    return TargetHealthDescriptions.map(({ Target, TargetHealth }) => [
      Target?.Id,
      TargetHealth?.State,
      TargetHealth?.Reason,
      TargetHealth?.Description,
    ]);
  };

  it('know how their targets are, and why not better', async () => {
    expect(await health({ TargetGroupArn: WEB_TARGETS, Targets: [{ Id: A }] })).toEqual([
      [A, 'initial', 'Elb.RegistrationInProgress', 'Target registration is in progress'],
    ]);
    desk.state.instances[1]!.app.health = 502;
    desk.clock.advance(MINUTE_MS);
    expect(await health({ TargetGroupArn: WEB_TARGETS })).toEqual([
      [A, 'healthy', undefined, undefined],
      [B, 'unhealthy', 'Target.ResponseCodeMismatch', 'Health checks failed with these codes: [502]'],
    ]);
    expect(await health({ TargetGroupArn: WEB_TARGETS, Targets: [{ Id: C }] })).toEqual([
      [C, 'unused', 'Target.NotRegistered', 'Target is not registered to the target group'],
    ]);
  });

  it('take targets in and out, draining', async () => {
    desk.clock.advance(MINUTE_MS);
    await elb.send(new DeregisterTargetsCommand({ TargetGroupArn: WEB_TARGETS, Targets: [{ Id: A }] }));
    expect((await health({ TargetGroupArn: WEB_TARGETS }))[0]?.[1]).toBe('draining');
    desk.clock.advance(MINUTE_MS);
    expect((await health({ TargetGroupArn: WEB_TARGETS })).map(([target]) => target)).toEqual([B]);
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn: WEB_TARGETS, Targets: [{ Id: A }] }));
    desk.clock.advance(MINUTE_MS);
    expect(await health({ TargetGroupArn: WEB_TARGETS, Targets: [{ Id: A }] })).toEqual([[A, 'healthy', undefined, undefined]]);
  });

  it.each([
    [WEB_TARGETS, C, 'InvalidTarget'],
    [WEB_TARGETS, id('i', 'dead'), 'InvalidTarget'],
    [CANARY_TARGETS, '192.0.2.1', 'ValidationError'],
    [CANARY_TARGETS, A, 'ValidationError'],
  ])('%s does not take %s', async (TargetGroupArn, Id, code) => {
    const call = elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id }] }));
    expect((await failureOf(call)).name.replace(/Exception$/, '')).toBe(code);
  });

  it('are changed within limits', async () => {
    const change = (over: object) => elb.send(new ModifyTargetGroupCommand({ TargetGroupArn: WEB_TARGETS, ...over }));
    const { TargetGroups } = await change({ HealthCheckPath: '/healthz', Matcher: { HttpCode: '200-299' } });
    expect(TargetGroups?.[0]).toMatchObject({ HealthCheckPath: '/healthz', HealthCheckIntervalSeconds: 10 });
    expect((await failureOf(change({ HealthCheckTimeoutSeconds: 10 }))).name).toBe('ValidationError');
    expect((await failureOf(change({ UnhealthyThresholdCount: 11 }))).name).toBe('ValidationError');
    expect(desk.state.targetGroups[0]!.check).toMatchObject({ path: '/healthz', timeoutSeconds: 5, unhealthyCount: 2 });
    const attribute = (Key: string) =>
      elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn: WEB_TARGETS, Attributes: [{ Key, Value: '60' }] }));
    await attribute('deregistration_delay.timeout_seconds');
    expect(desk.state.targetGroups[0]!.attributes).toEqual({ 'deregistration_delay.timeout_seconds': '60' });
    expect((await failureOf(attribute('colour'))).name).toBe('ValidationError');
  });

  it('may be changed by tag only, and described by who may describe', async () => {
    const allow = (Action: string, service: string) => [
      {
        Effect: 'Allow',
        Action,
        Resource: '*',
        Condition: { StringEquals: { 'aws:ResourceTag/service': service } },
      },
    ];
    const withTag = (service: string) =>
      new ElasticLoadBalancingV2Client(desk.client(allow('elasticloadbalancing:*', service))).send(
        new DeregisterTargetsCommand({ TargetGroupArn: WEB_TARGETS, Targets: [{ Id: A }] }),
      );
    expect((await failureOf(withTag('payment'))).name).toBe('AccessDenied');
    await withTag('checkout');
    const stranger = new ElasticLoadBalancingV2Client(desk.client([{ Effect: 'Allow', Action: 'ec2:*', Resource: '*' }]));
    const failure = await failureOf(stranger.send(new DescribeTargetHealthCommand({ TargetGroupArn: WEB_TARGETS })));
    expect(failure.name).toBe('AccessDenied');
    expect(failure.message).toContain('elasticloadbalancing:DescribeTargetHealth');
  });
});
