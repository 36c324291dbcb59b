import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../sandbox/aws/operation.ts';
import { createShopWorld } from '../../../sandbox/aws/world/fixtures/shop.ts';
import { createManualClock } from '../../../src/adapters/clock.ts';
import { answering, type Desk, openDesk, SHOP, see } from './kit.ts';

const GROUP = { name: 'shop-web' };
const SERVICE = { serviceId: 'shop' };
const HOUR_MS = 3_600_000;
const first = (desk: Desk): string => desk.world.shop.instanceIds()[0] ?? '';

describe('group', () => {
  it('tells sizes, members, template, processes and who suspended them', async () => {
    await using desk = await openDesk();
    const { world } = desk;
    const id = first(desk);
    world.change.groups.suspend('shop-web', 'AZRebalance');
    world.change.groups.protect(id);
    expect(await see(desk, 'group', GROUP)).toMatchObject({
      name: 'shop-web',
      minSize: 2,
      maxSize: 4,
      desired: 3,
      suspendedProcesses: ['AZRebalance'],
      suspensionReasons: { AZRebalance: expect.stringContaining('User suspended at') },
      targetGroupArns: [world.shop.targetGroupArn],
      otherTrafficSources: [],
      healthCheckType: 'EC2',
      healthCheckGraceSeconds: 60,
      mixedInstances: false,
      weighted: false,
      subnetIds: world.shop.appSubnetIds,
      templateId: world.shop.launchTemplateId,
      templateVersion: '7',
      tags: { firebreak: 'allow' },
      members: [
        { id, lifecycleState: 'InService', healthStatus: 'Healthy', protectedFromScaleIn: true, zone: 'eu-west-3a' },
        {},
        {},
      ],
    });
  });

  it('that is not there is not known, and has no members', async () => {
    await using desk = await openDesk();
    expect(await see(desk, 'group', { name: 'shop-wbe' })).toBeUndefined();
    expect(await see(desk, 'instances-of-group', { name: 'shop-wbe' })).toEqual([]);
  });

  it('of weighted capacity, and one that a service manages, says so', async () => {
    await using desk = await openDesk();
    desk.world.change.groups.weigh('shop-web', 2);
    desk.world.change.groups.configure('shop-web', {
      operator: 'ecs.amazonaws.com',
      capacityRebalance: true,
      maxLifetimeSeconds: 86_400,
    });
    expect(await see(desk, 'group', GROUP)).toMatchObject({
      weighted: true,
      operator: 'ecs.amazonaws.com',
      capacityRebalance: true,
      maxInstanceLifetimeSeconds: 86_400,
      members: [{ weightedCapacity: '2' }, { weightedCapacity: '2' }, { weightedCapacity: '2' }],
    });
  });

  it('of classic load balancers and other traffic sources lists them, and target groups not twice', async () => {
    const arn = 'arn:aws:elasticloadbalancing:eu-west-3:111122223333:targetgroup/a/1';
    const described = {
      AutoScalingGroupName: 'shop-web',
      LoadBalancerNames: ['classic'],
      TargetGroupARNs: [arn],
      TrafficSources: [
        { Identifier: 'classic', Type: 'elb' },
        { Identifier: arn, Type: 'elbv2' },
        { Identifier: 'arn:aws:vpc-lattice:eu-west-3:111122223333:targetgroup-1', Type: 'vpc-lattice' },
      ],
    };
    await using desk = await openDesk({
      operations: { autoscaling: { DescribeAutoScalingGroups: answering({ AutoScalingGroups: [described] }) } },
    });
    expect((await see(desk, 'group', GROUP))?.otherTrafficSources).toEqual([
      'classic',
      'arn:aws:vpc-lattice:eu-west-3:111122223333:targetgroup-1',
    ]);
  });
});

describe('group-surroundings', () => {
  it('tells hooks, policies, schedules, warm pool, running refreshes and activities', async () => {
    await using desk = await openDesk();
    const { groups } = desk.world.change;
    groups.addHook('shop-web', {
      name: 'drain',
      transition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      heartbeatSeconds: 300,
      defaultResult: 'CONTINUE',
    });
    groups.schedule('shop-web', { name: 'night', inMs: HOUR_MS, desired: 2 });
    groups.addPolicy('shop-web', {
      name: 'forecast',
      type: 'PredictiveScaling',
      adjustment: 0,
      alarms: [],
      cooldownSeconds: 0,
      enabled: true,
      predictiveMode: 'ForecastAndScale',
    });
    groups.addWarmPool('shop-web', 1);
    groups.startRefresh('shop-web');
    const found = await see(desk, 'group-surroundings', GROUP);
    expect(found).toMatchObject({
      hooks: [
        { name: 'drain', transition: 'autoscaling:EC2_INSTANCE_TERMINATING', timeoutSeconds: 300, defaultResult: 'CONTINUE' },
      ],
      scheduledActions: [{ name: 'night', desired: 2, at: new Date(desk.clock.now() + HOUR_MS).toISOString() }],
      warmPool: { size: 1 },
      activeRefreshes: [{ id: expect.any(String) }],
    });
    expect(found.policies).toEqual([
      { name: 'shop-web-cpu', type: 'TargetTrackingScaling', enabled: true },
      { name: 'forecast', type: 'PredictiveScaling', enabled: true, predictiveMode: 'ForecastAndScale' },
    ]);
    expect(found.activities.length).toBeGreaterThan(3);
    expect(found.activities.map(({ startedAt }) => startedAt)).toEqual(
      found.activities
        .map(({ startedAt }) => startedAt)
        .toSorted()
        .toReversed(),
    );
  });

  it('of a quiet group leaves out what there is not', async () => {
    await using desk = await openDesk();
    const found = await see(desk, 'group-surroundings', GROUP);
    expect(found).toMatchObject({ hooks: [], scheduledActions: [], activeRefreshes: [] });
    expect(found).not.toHaveProperty('warmPool');
  });
});

describe('launch-source', () => {
  const GROUP_NAME = { groupName: 'shop-web' };
  it('resolves the version that would be launched now', async () => {
    await using desk = await openDesk();
    const { world } = desk;
    const { id, name } = world.state.launchTemplates[0]!;
    const versions: Record<string, string | undefined> = {};
    for (const version of ['6', '$Latest', '$Default']) {
      world.change.groups.configure('shop-web', { launchTemplate: { id, name, version } });
      versions[version] = (await see(desk, 'launch-source', GROUP_NAME)).version;
    }
    expect(versions).toEqual({ 6: '6', $Latest: '7', $Default: '7' });
    expect(await see(desk, 'launch-source', GROUP_NAME)).toMatchObject({
      templateId: id,
      imageId: world.state.launchTemplates[0]!.versions.at(-1)?.imageId,
      instanceType: 't3.medium',
      missing: [],
      freeAddresses: [{ zone: 'eu-west-3a' }, { zone: 'eu-west-3b' }, { zone: 'eu-west-3c' }],
    });
  });

  it('says each thing that a launch would stumble over, by its name', async () => {
    await using desk = await openDesk();
    const { world, identity } = desk;
    const [subnetId = ''] = world.shop.appSubnetIds;
    const version = world.state.launchTemplates[0]!.versions.at(-1)!;
    world.change.storage.deregisterImage(version.imageId);
    world.change.storage.exhaustAddresses(subnetId);
    identity.removeRoleFromInstanceProfile('shop-web');
    world.act(() => {
      version.securityGroupIds.push('sg-0gone');
      version.profileName = 'shop-old';
    });
    const { missing, notSeen } = await see(desk, 'launch-source', GROUP_NAME);
    expect(missing).toEqual([
      expect.stringContaining(version.imageId),
      expect.stringContaining('shop-old'),
      expect.stringContaining('sg-0gone'),
      expect.stringContaining(subnetId),
    ]);
    expect(notSeen).toBeUndefined();
  });

  it('a template that is gone is missing, and nothing more is said', async () => {
    await using desk = await openDesk();
    desk.world.change.groups.configure('shop-web', {
      launchTemplate: { id: 'lt-00000000000000000', name: 'gone', version: '3' },
    });
    const { missing, version } = await see(desk, 'launch-source', GROUP_NAME);
    expect(missing).toEqual([expect.stringContaining('lt-00000000000000000')]);
    expect(version).toBeUndefined();
  });

  it('a profile that may not be looked at is not called missing', async () => {
    await using desk = await openDesk();
    desk.withhold('iam:GetInstanceProfile');
    expect(await see(desk, 'launch-source', GROUP_NAME)).toMatchObject({
      missing: [],
      notSeen: [expect.stringContaining('iam:GetInstanceProfile')],
    });
  });
});

describe('launch-source of', () => {
  const template = (data: object) =>
    answering({ LaunchTemplateVersions: [{ LaunchTemplateId: 'lt-1', VersionNumber: 3, LaunchTemplateData: data }] });
  const imageOf = (desk: Desk): string => desk.world.state.images[0]?.id ?? '';

  it('a launch configuration, as old groups have it', async () => {
    const group = { AutoScalingGroupName: 'shop-web', LaunchConfigurationName: 'old', VPCZoneIdentifier: '' };
    const configuration = {
      ImageId: 'ami-0gone',
      InstanceType: 't2.micro',
      IamInstanceProfile: 'shop-web',
      SecurityGroups: ['sg-0gone'],
    };
    await using desk = await openDesk({
      operations: {
        autoscaling: {
          DescribeAutoScalingGroups: answering({ AutoScalingGroups: [group] }),
          DescribeLaunchConfigurations: answering({ LaunchConfigurations: [configuration] }),
        },
      },
    });
    expect(await see(desk, 'launch-source', { groupName: 'shop-web' })).toEqual({
      imageId: 'ami-0gone',
      instanceType: 't2.micro',
      missing: [expect.stringContaining('ami-0gone'), expect.stringContaining('sg-0gone')],
      freeAddresses: [],
    });
  });

  it('a template with a key pair that is gone', async () => {
    await using desk = await openDesk({
      operations: {
        ec2: { DescribeLaunchTemplateVersions: template({ KeyName: 'marta' }), DescribeKeyPairs: answering({ KeyPairs: [] }) },
      },
    });
    const { missing } = await see(desk, 'launch-source', { groupName: 'shop-web' });
    expect(missing).toEqual([expect.stringContaining('no image'), 'Key pair marta does not exist.']);
  });

  it('a template whose image is named by a parameter: AWS says which one, or it is not seen', async () => {
    let imageId = '';
    const versions = answering(({ ResolveAlias }: { readonly ResolveAlias?: boolean }) => ({
      LaunchTemplateVersions: [
        { VersionNumber: 3, LaunchTemplateData: { ImageId: ResolveAlias ? imageId : 'resolve:ssm:/ami' } },
      ],
    }));
    await using desk = await openDesk({ operations: { ec2: { DescribeLaunchTemplateVersions: versions } } });
    imageId = imageOf(desk);
    expect(await see(desk, 'launch-source', { groupName: 'shop-web' })).toMatchObject({ imageId, missing: [] });
    desk.faults.add({
      action: 'DescribeLaunchTemplateVersions',
      fromCall: 2,
      effect: { kind: 'error', code: 'UnauthorizedOperation', status: 403 },
    });
    expect(await see(desk, 'launch-source', { groupName: 'shop-web' })).toMatchObject({
      missing: [],
      notSeen: [expect.stringContaining('resolve:ssm:/ami')],
    });
  });
});

describe('instance', () => {
  it('tells what the fixes stand on', async () => {
    await using desk = await openDesk();
    const { hosts, network, groups } = desk.world.change;
    const id = first(desk);
    hosts.protectFromTermination(id);
    hosts.announceEvent(id, 'instance-retirement', HOUR_MS);
    hosts.manageBy(id, 'eks.amazonaws.com');
    network.addSecondaryInterface(id);
    groups.tagInstance(id, { team: 'shop' });
    expect(await see(desk, 'instance', { id })).toMatchObject({
      id,
      arn: `arn:aws:ec2:eu-west-3:111122223333:instance/${id}`,
      state: 'running',
      zone: 'eu-west-3a',
      vpcId: desk.world.shop.vpcId,
      instanceType: 't3.medium',
      hypervisor: 'nitro',
      imageMissing: false,
      spot: false,
      tags: { team: 'shop', firebreak: 'allow' },
      operator: 'eks.amazonaws.com',
      profileArn: 'arn:aws:iam::111122223333:instance-profile/shop-web',
      securityGroupIds: [desk.world.shop.appGroupId],
      interfaces: [
        { deviceIndex: 0, deleteOnTermination: true },
        { deviceIndex: 1, deleteOnTermination: false },
      ],
      instanceStore: false,
      apiTerminationDisabled: true,
      scheduledEvents: [{ code: 'instance-retirement', notBefore: new Date(desk.clock.now() + HOUR_MS).toISOString() }],
    });
  });

  it.each([
    ['t2.small', 'xen', false],
    ['i3.large', 'xen', true],
    ['m5d.large', 'nitro', true],
  ])('%s: %s, instance store %s', async (type, hypervisor, instanceStore) => {
    await using desk = await openDesk();
    const id = first(desk);
    desk.world.act((state) => {
      for (const one of state.instances) if (one.id === id) one.type = type;
    });
    expect(await see(desk, 'instance', { id })).toMatchObject({ hypervisor, instanceStore });
  });

  it('whose image is deregistered says so: it could not be attached again', async () => {
    await using desk = await openDesk();
    desk.world.change.storage.deregisterImageOf('shop-web', 7);
    expect(await see(desk, 'instance', { id: first(desk) })).toMatchObject({ imageMissing: true });
  });

  it('that was just terminated is still told, without asking for what it has no more', async () => {
    await using desk = await openDesk();
    const id = first(desk);
    desk.world.change.hosts.terminateInstance(id);
    desk.withhold('ec2:DescribeInstanceAttribute');
    const found = await see(desk, 'instance', { id });
    expect(found?.state).toBe('shutting-down');
    expect(found).not.toHaveProperty('apiTerminationDisabled');
  });

  it('that EC2 does not know is not known; among others it does not hide them', async () => {
    await using desk = await openDesk();
    expect(await see(desk, 'instance', { id: 'i-00000000000000000' })).toBeUndefined();
    const found = await see(desk, 'instances-of-group', GROUP);
    expect(found.map(({ id }) => id)).toEqual(desk.world.shop.instanceIds());
  });

  it('statuses of the others are told when one is gone in between', async () => {
    let gone = '';
    const status = answering(({ InstanceIds }: { readonly InstanceIds: readonly string[] }) => {
      if (InstanceIds.includes(gone)) throw new AwsError('InvalidInstanceID.NotFound', `${gone} does not exist`);
      return { InstanceStatuses: InstanceIds.map((InstanceId) => ({ InstanceId, SystemStatus: { Status: 'ok' } })) };
    });
    await using desk = await openDesk({ operations: { ec2: { DescribeInstanceStatus: status } } });
    const [one = '', two, three] = desk.world.shop.instanceIds();
    gone = one;
    const found = await see(desk, 'instance-statuses', SERVICE);
    expect(found.map(({ instanceId }) => instanceId)).toEqual([two, three]);
  });
});

describe('volumes-of and snapshots-of-run', () => {
  it('tell volumes with their keys', async () => {
    await using desk = await openDesk();
    const { world } = desk;
    const instanceId = first(desk);
    const keyId = '11111111-2222-3333-4444-555555555555';
    const arn = `arn:aws:kms:eu-west-3:111122223333:key/${keyId}`;
    world.act((state) => {
      state.keys = [{ id: keyId, arn, state: 'Disabled', description: '', createdAt: 0, manager: 'CUSTOMER' }];
    });
    world.change.storage.attachVolume(instanceId, { kmsKeyId: arn, multiAttach: true });
    const volumes = await see(desk, 'volumes-of', { instanceId });
    expect(volumes).toMatchObject([
      { device: '/dev/xvda', sizeGiB: 8, deleteOnTermination: true, attachments: 1, multiAttach: false, encrypted: false },
      { device: '/dev/sdb', sizeGiB: 20, deleteOnTermination: true },
      {
        device: '/dev/sdf',
        deleteOnTermination: false,
        multiAttach: true,
        encrypted: true,
        kmsKeyId: arn,
        kmsKeyState: 'Disabled',
      },
    ]);
    expect(volumes[0]?.arn).toBe(`arn:aws:ec2:eu-west-3:111122223333:volume/${volumes[0]?.id}`);
    desk.withhold('kms:DescribeKey');
    expect((await see(desk, 'volumes-of', { instanceId }))[2]).toMatchObject({ kmsKeyState: 'unknown' });
  });

  it('tell the snapshots of this run only, with state and progress', async () => {
    await using desk = await openDesk();
    const instanceId = first(desk);
    const [volume, other] = await see(desk, 'volumes-of', { instanceId });
    const snapshot = (id: string, volumeId: string, run: string) =>
      desk.world.act((state) => {
        state.snapshots.push({
          id,
          volumeId,
          sizeGib: 8,
          state: 'pending',
          startedAt: state.now,
          endsAt: state.now + HOUR_MS,
          fails: false,
          description: '',
          encrypted: false,
        });
        state.tags[id] = { 'firebreak:run': run };
      });
    snapshot('snap-0a', volume!.id, 'r1');
    snapshot('snap-0b', other!.id, 'r2');
    desk.clock.advance(HOUR_MS / 4);
    const found = await see(desk, 'snapshots-of-run', { runId: 'r1' });
    expect(found).toMatchObject([{ id: 'snap-0a', volumeId: volume!.id, state: 'pending', progressPercent: 25 }]);
  });
});

describe('target-groups-around', () => {
  const namesAround = async (desk: Desk, instanceId?: string) => {
    const found = await see(desk, 'target-groups-around', {
      groupName: 'shop-web',
      ...(instanceId !== undefined && { instanceId }),
    });
    return found.map(({ name }) => name);
  };

  it('tells health, attributes and load balancer', async () => {
    await using desk = await openDesk({ shop: { trouble: 'oneServes502' } });
    desk.world.change.balancers.setAttributes('shop-web', {
      'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '2',
    });
    const [found] = await see(desk, 'target-groups-around', { groupName: 'shop-web' });
    expect(found).toMatchObject({
      arn: desk.world.shop.targetGroupArn,
      targetType: 'instance',
      protocol: 'HTTP',
      port: 8_080,
      healthCheck: { path: '/health', port: 'traffic-port', intervalSeconds: 10, timeoutSeconds: 5, matcher: '200' },
      loadBalancerArns: [desk.world.shop.loadBalancerArn],
      loadBalancerType: 'application',
      crossZone: true,
      deregistrationDelaySeconds: 30,
      minimumHealthy: { 'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '2' },
      targets: [
        { port: 8_080, state: 'unhealthy', reason: 'Target.ResponseCodeMismatch' },
        { state: 'healthy' },
        { state: 'healthy' },
      ],
    });
  });

  it('finds every other one of the same load balancer, and any of the VPC that holds the instance by its address', async () => {
    await using desk = await openDesk();
    const { balancers } = desk.world.change;
    const [one = '', two = ''] = desk.world.shop.instanceIds();
    balancers.addSecondTargetGroup('shop-alb', 'shop-web');
    const dropped = balancers.registerIpTarget('shop-alb', one);
    // Another VPC corner: nobody forwards to it, and its only target is the address of one instance.
    desk.world.act((state) => {
      const partner = state.targetGroups.find(({ name }) => name === 'partner-api')!;
      for (const listener of state.listeners)
        listener.rules = listener.rules.filter(
          ({ action }) => action.type !== 'forward' || action.targetGroups.every(({ arn }) => arn !== partner.arn),
        );
    });
    expect(await namesAround(desk)).toEqual(['shop-web', 'shop-api', 'partner-api']);
    expect(await namesAround(desk, one)).toEqual(['shop-web', 'shop-api', 'partner-api']);
    expect(await namesAround(desk, two)).toEqual(['shop-web', 'shop-api']);
    dropped();
    expect(await namesAround(desk, one)).toEqual(['shop-web', 'shop-api']);
  });

  const CROSS_ZONE = 'load_balancing.cross_zone.enabled';
  it.each([
    ['as the load balancer, which does not', {}, undefined, false],
    ['as the load balancer, which does', { [CROSS_ZONE]: 'use_load_balancer_configuration' }, 'true', true],
    ['its own way: it does', { [CROSS_ZONE]: 'true' }, 'false', true],
    ['its own way: it does not', { [CROSS_ZONE]: 'false' }, 'true', false],
  ])('behind a network load balancer crosses zones %s', async (_how, own, balancers, crossZone) => {
    await using desk = await openDesk();
    desk.world.change.balancers.addNetworkBalancer(desk.world.shop.publicSubnetIds, 'shop-web');
    desk.world.act((state) => {
      const target = state.targetGroups.find(({ name }) => name === 'shop-nlb-tcp')!;
      target.attributes = { ...target.attributes, ...own };
      const balancer = state.loadBalancers.find(({ name }) => name === 'shop-nlb')!;
      if (balancers !== undefined) balancer.attributes[CROSS_ZONE] = balancers;
    });
    const found = await see(desk, 'target-groups-around', { groupName: 'shop-web' });
    expect(found.find(({ name }) => name === 'shop-nlb-tcp')).toMatchObject({ loadBalancerType: 'network', crossZone });
  });

  it('gives up, saying so, when the VPC has too many to search', async () => {
    await using desk = await openDesk({ limits: { targetGroupsSearched: 0 }, shop: {} });
    desk.world.act((state) => {
      const [found] = state.targetGroups;
      state.targetGroups.push({ ...structuredClone(found!), arn: `${found!.arn}0`, name: 'other', targets: [] });
    });
    await expect(see(desk, 'target-groups-around', { groupName: 'shop-web' })).rejects.toThrow('1 target groups');
  });
});

describe('ties-of', () => {
  it('tells elastic addresses and routes, by instance or by interface', async () => {
    await using desk = await openDesk();
    const { network } = desk.world.change;
    const [one = '', two = ''] = desk.world.shop.instanceIds();
    network.giveElasticIp(one);
    network.routeToInstance(desk.world.shop.appSubnetIds[0]!, '192.168.0.0/16', one);
    desk.world.act((state) => {
      for (const { Routes } of state.routeTables)
        for (const route of Routes) delete (route as { InstanceId?: string }).InstanceId;
    });
    expect(await see(desk, 'ties-of', { instanceId: one })).toEqual({
      elasticIps: [expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/)],
      routes: [{ routeTableId: expect.stringMatching(/^rtb-/), destination: '192.168.0.0/16' }],
    });
    expect(await see(desk, 'ties-of', { instanceId: two })).toEqual({ elasticIps: [], routes: [] });
  });
});

describe('service-map', () => {
  const services = [
    SHOP,
    { ...SHOP, id: 'by-url', loadBalancer: undefined },
    { ...SHOP, id: 'by-name', url: undefined },
    { ...SHOP, id: 'wrong-name', loadBalancer: 'shop-lab' },
    { ...SHOP, id: 'elsewhere', loadBalancer: undefined, url: 'https://www.example.org/' },
    { ...SHOP, id: 'by-dns', loadBalancer: undefined, url: 'https://www.example.org/' },
  ].map(({ loadBalancer, url, ...rest }) => ({
    ...rest,
    ...(loadBalancer !== undefined && { loadBalancer }),
    ...(url !== undefined && { url }),
  }));

  it('leads from the load balancer to listeners, target groups, groups and instances', async () => {
    await using desk = await openDesk({ services });
    const map = await see(desk, 'service-map', { serviceId: 'by-name' });
    const { shop } = desk.world;
    expect(map).toMatchObject({
      serviceId: 'by-name',
      foundBy: "By the load balancer's name, shop-alb.",
      loadBalancers: [
        { arn: shop.loadBalancerArn, type: 'application', state: 'active', securityGroupIds: [shop.balancerGroupId] },
      ],
      listeners: [
        { port: 443, protocol: 'HTTPS', defaultAction: 'forward', targetGroupArns: [shop.targetGroupArn] },
        { port: 80, protocol: 'HTTP', defaultAction: 'redirect', targetGroupArns: [] },
      ],
      targetGroups: [{ name: 'shop-web' }],
      groups: [{ name: 'shop-web' }],
    });
    expect(map.instances.map(({ id }) => id)).toEqual(shop.instanceIds());
  });

  it('follows rules beside the default one, and addresses to the instances that hold them', async () => {
    await using desk = await openDesk();
    desk.world.change.balancers.registerIpTarget('shop-alb', first(desk));
    const map = await see(desk, 'service-map', SERVICE);
    const partner = map.targetGroups.find(({ name }) => name === 'partner-api');
    expect(map.listeners[0]?.targetGroupArns).toContain(partner?.arn);
    expect(map.instances).toHaveLength(3);
  });

  it('still shows a group without members', async () => {
    await using desk = await openDesk({ shop: { trouble: 'scaledToZero' } });
    expect(await see(desk, 'service-map', SERVICE)).toMatchObject({ groups: [{ name: 'shop-web', desired: 0 }] });
  });

  it('is found from a URL through Route 53', async () => {
    await using desk = await openDesk({ services });
    expect(await see(desk, 'service-map', { serviceId: 'by-url' })).toMatchObject({
      foundBy: 'By the Route 53 record of shop.example.com.',
      loadBalancers: [{ name: 'shop-alb' }],
    });
  });

  it('is found from a URL through DNS, where Route 53 does not have the name', async () => {
    await using desk = await openDesk({
      services,
      resolve: async (host, type) => {
        if (host === 'www.example.org' && type === 'CNAME') return [desk.world.state.loadBalancers[0]!.dnsName];
        throw Object.assign(new Error(host), { code: 'ENOTFOUND' });
      },
    });
    expect(await see(desk, 'service-map', { serviceId: 'by-dns' })).toMatchObject({
      foundBy: 'By the DNS name www.example.org.',
      loadBalancers: [{ name: 'shop-alb' }],
    });
  });

  it.each([
    ['wrong-name', 'There is no load balancer named shop-lab in eu-west-3.'],
    ['elsewhere', 'No load balancer in eu-west-3 answers for www.example.org, by Route 53 or by DNS.'],
  ])('%s: says why nothing was found', async (serviceId, foundBy) => {
    await using desk = await openDesk({ services });
    expect(await see(desk, 'service-map', { serviceId })).toEqual({
      serviceId,
      foundBy,
      loadBalancers: [],
      listeners: [],
      targetGroups: [],
      groups: [],
      instances: [],
    });
  });

  it('does without what is told elsewhere of instances when that may not be read', async () => {
    await using desk = await openDesk();
    desk.withhold('ec2:DescribeInstanceTypes', 'ec2:DescribeImages');
    const { instances } = await see(desk, 'service-map', SERVICE);
    expect(instances).toHaveLength(3);
    expect(instances[0]).not.toHaveProperty('hypervisor');
  });

  it('of a service that nobody described is unreadable', async () => {
    await using desk = await openDesk();
    await expect(see(desk, 'service-map', { serviceId: 'shoop' })).rejects.toThrow('No service shoop is described.');
  });
});

describe('network', () => {
  it('tells subnets, ordered ACL entries, routes, rules and endpoints of the VPC', async () => {
    await using desk = await openDesk();
    const { shop, change } = desk.world;
    change.network.denyInAcl(shop.appAclId, { port: 8_080 });
    change.network.blackholeRoute(shop.publicSubnetIds[0]!);
    const found = await see(desk, 'network', SERVICE);
    expect(found.vpcCidrs).toEqual(['10.0.0.0/16']);
    expect(found.subnets).toHaveLength(8);
    const acl = found.acls.find(({ id }) => id === shop.appAclId);
    expect(acl?.subnetIds).toEqual(shop.appSubnetIds);
    expect(acl?.entries[0]).toEqual({
      number: 50,
      egress: false,
      allow: false,
      protocol: 'tcp',
      fromPort: 8_080,
      toPort: 8_080,
      cidr: '0.0.0.0/0',
    });
    expect(acl?.entries.map(({ number }) => number)).toEqual(acl?.entries.map(({ number }) => number).toSorted((a, b) => a - b));
    const publicTable = found.routeTables.find(({ subnetIds }) => subnetIds.includes(shop.publicSubnetIds[0]!));
    expect(publicTable?.routes).toEqual([
      { destination: '10.0.0.0/16', target: 'local', state: 'active' },
      { destination: '0.0.0.0/0', target: expect.stringMatching(/^igw-/), state: 'blackhole' },
    ]);
    expect(found.routeTables.filter(({ main }) => main)).toHaveLength(1);
    const app = found.securityGroups.find(({ id }) => id === shop.appGroupId);
    expect(app).toMatchObject({
      name: 'shop-web',
      ingress: [{ protocol: 'tcp', fromPort: 8_080, toPort: 8_080, groupId: shop.balancerGroupId }],
      egress: [{ protocol: '-1', fromPort: 0, toPort: 65_535, cidr: '0.0.0.0/0' }],
    });
    expect(found.endpoints).toMatchObject([{ service: 'com.amazonaws.eu-west-3.s3', type: 'Gateway' }]);
  });

  it.each([
    ['ec2:DescribeNetworkAcls', 'acls'],
    ['ec2:DescribeRouteTables', 'routeTables'],
    ['ec2:DescribeSecurityGroups', 'securityGroups'],
    ['ec2:DescribeVpcEndpoints', 'endpoints'],
  ] as const)('without %s says which part was not seen, and tells the rest', async (permission, part) => {
    await using desk = await openDesk();
    desk.withhold(permission);
    const found = await see(desk, 'network', SERVICE);
    expect(found.notSeen).toEqual({ [part]: { because: `The bot may not call ${permission}.`, permission } });
    const parts = ['acls', 'routeTables', 'securityGroups', 'endpoints'] as const;
    expect(parts.filter((one) => found[one].length === 0)).toEqual([part]);
  });
});

describe('scaling', () => {
  it('tells surroundings and load of each group that serves', async () => {
    await using desk = await openDesk({ shop: { scale: { targets: 5, groups: 4, acls: 4 } } });
    const found = await see(desk, 'scaling', SERVICE);
    expect(found.map(({ groupName, load }) => [groupName, load?.length])).toEqual([
      ['shop-web', 3],
      ['catalogue-web', 2],
    ]);
    expect(found[0]?.surroundings.policies).toMatchObject([{ name: 'shop-web-cpu' }]);
  });

  it('without metrics tells the rest', async () => {
    await using desk = await openDesk();
    desk.withhold('cloudwatch:GetMetricData');
    const [shop] = await see(desk, 'scaling', SERVICE);
    expect(shop?.surroundings.activities.length).toBeGreaterThan(0);
    expect(shop).not.toHaveProperty('load');
  });
});

describe('dependencies', () => {
  const dependency = (host: string) => [{ ...SHOP, dependencies: [{ name: 'orders-db', host, port: 5432 }] }];

  it('by address tell the network interface that holds it', async () => {
    const { databaseIp } = createShopWorld({ clock: createManualClock() }).shop;
    await using desk = await openDesk({ services: dependency(databaseIp) });
    expect(await see(desk, 'dependencies', SERVICE)).toEqual([
      {
        name: 'orders-db',
        host: databaseIp,
        port: 5432,
        addresses: [databaseIp],
        interfaces: [
          {
            id: expect.stringMatching(/^eni-/),
            address: databaseIp,
            subnetId: expect.stringMatching(/^subnet-/),
            securityGroupIds: [desk.world.shop.databaseGroupId],
            description: 'RDSNetworkInterface',
            status: 'in-use',
          },
        ],
      },
    ]);
  });

  it('by name tell what it resolves to, which may be elsewhere', async () => {
    await using desk = await openDesk({ services: dependency('db.example.net'), resolve: async () => ['192.0.2.99'] });
    expect(await see(desk, 'dependencies', SERVICE)).toMatchObject([{ addresses: ['192.0.2.99'], interfaces: [] }]);
  });

  it('by a name that does not resolve say so, which is no failure to look', async () => {
    await using desk = await openDesk({ services: dependency('db.internal') });
    const [found] = await see(desk, 'dependencies', SERVICE);
    expect(found).toMatchObject({ addresses: [], interfaces: [], resolveError: 'ENOTFOUND for db.internal' });
  });
});

describe('a group without an instance', () => {
  it('is told by what it would launch: network and role', async () => {
    await using desk = await openDesk({ shop: { trouble: 'scaledToZero' } });
    const { shop } = desk.world;
    const found = await see(desk, 'service-map', SERVICE);
    expect(found.instances).toEqual([]);
    expect(found.unborn).toEqual([
      { groupName: 'shop-web', subnetIds: shop.appSubnetIds, securityGroupIds: [shop.appGroupId], profile: 'shop-web' },
    ]);
    expect(await see(desk, 'identity', SERVICE)).toMatchObject({ roleName: 'shop-web' });
  });
});

describe('instance-statuses', () => {
  it('tell both checks and what is scheduled', async () => {
    await using desk = await openDesk();
    const { groups, hosts } = desk.world.change;
    const id = first(desk);
    groups.suspend('shop-web', 'ReplaceUnhealthy');
    hosts.impair(id);
    hosts.announceEvent(id, 'system-reboot', HOUR_MS);
    desk.clock.advance(HOUR_MS / 4);
    expect(await see(desk, 'instance-statuses', SERVICE)).toMatchObject([
      {
        instanceId: id,
        state: 'running',
        instance: 'impaired',
        events: [{ code: 'system-reboot', notBefore: expect.any(String) }],
      },
      { system: 'ok', instance: 'ok', events: [] },
      { system: 'ok', instance: 'ok', events: [] },
    ]);
  });
});
