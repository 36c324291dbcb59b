import {
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkAclEntryCommand,
  CreateRouteCommand,
  CreateSnapshotsCommand,
  CreateTagsCommand,
  DeleteNetworkAclEntryCommand,
  DeleteRouteCommand,
  DeleteTagsCommand,
  DescribeAddressesCommand,
  DescribeAvailabilityZonesCommand,
  DescribeImagesCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeInternetGatewaysCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  DescribeVolumesCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
  GetConsoleOutputCommand,
  ModifyInstanceAttributeCommand,
  RebootInstancesCommand,
  ReplaceNetworkAclEntryCommand,
  ReplaceRouteCommand,
  RevokeSecurityGroupIngressCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asksOf, type Desk, failureOf, id, openDesk, REGION } from './kit.ts';

const MINUTE_MS = 60_000;
const [A, B, C] = [id('i', 'a'), id('i', 'b'), id('i', 'c')];
const NOBODY = id('i', 'dead');

let desk: Desk;
let ec2: EC2Client;

beforeEach(async () => {
  desk = await openDesk();
  ec2 = new EC2Client(desk.client());
});
afterEach(() => desk[Symbol.asyncDispose]());

type Send = (input: never) => Promise<unknown>;
const sending =
  (Command: new (input: never) => unknown): Send =>
  (input) =>
    ec2.send(new Command(input) as never);

type Shelf = {
  readonly action: string;
  readonly send: Send;
  readonly member: string;
  readonly ids: string;
  readonly idOf: string;
  /** All ids, in order. */
  readonly all: readonly string[];
  readonly filter: readonly [name: string, value: string, found: readonly string[]];
  readonly notFound: string;
  readonly malformed: string;
};

const shelf = (
  Command: new (input: never) => unknown,
  [member, ids, idOf]: readonly [string, string, string],
  all: readonly string[],
  filter: Shelf['filter'],
  [notFound, malformed]: readonly [string, string],
): Shelf => ({
  action: Command.name.replace('Command', ''),
  send: sending(Command),
  member,
  ids,
  idOf,
  all,
  filter,
  notFound,
  malformed,
});

const volumes = ['a1', 'a2', 'b1', 'b2', 'c1', 'c2'].map((tail) => id('vol', tail));
const subnets = ['a', 'b'].map((tail) => id('subnet', tail));
const cards = ['a', 'b', 'c', '10', '11'].map((tail) => id('eni', tail));

const shelves: readonly Shelf[] = [
  shelf(
    DescribeVolumesCommand,
    ['Volumes', 'VolumeIds', 'VolumeId'],
    volumes,
    ['attachment.instance-id', B, volumes.slice(2, 4)],
    ['InvalidVolume.NotFound', 'InvalidVolumeID.Malformed'],
  ),
  shelf(
    DescribeImagesCommand,
    ['Images', 'ImageIds', 'ImageId'],
    [id('ami', '1')],
    ['name', 'checkout-*', [id('ami', '1')]],
    ['InvalidAMIID.NotFound', 'InvalidAMIID.Malformed'],
  ),
  shelf(
    DescribeLaunchTemplatesCommand,
    ['LaunchTemplates', 'LaunchTemplateIds', 'LaunchTemplateId'],
    [id('lt', '1')],
    ['launch-template-name', 'other', []],
    ['InvalidLaunchTemplateId.NotFound', 'InvalidLaunchTemplateId.Malformed'],
  ),
  shelf(
    DescribeVpcsCommand,
    ['Vpcs', 'VpcIds', 'VpcId'],
    [id('vpc', '1')],
    ['is-default', 'true', []],
    ['InvalidVpcID.NotFound', 'InvalidVpcID.Malformed'],
  ),
  shelf(
    DescribeSubnetsCommand,
    ['Subnets', 'SubnetIds', 'SubnetId'],
    subnets,
    ['availability-zone', `${REGION}b`, subnets.slice(1)],
    ['InvalidSubnetID.NotFound', 'InvalidSubnetID.Malformed'],
  ),
  shelf(
    DescribeRouteTablesCommand,
    ['RouteTables', 'RouteTableIds', 'RouteTableId'],
    [id('rtb', '1')],
    ['route.gateway-id', 'igw-*', [id('rtb', '1')]],
    ['InvalidRouteTableID.NotFound', 'InvalidRouteTableId.Malformed'],
  ),
  shelf(
    DescribeNetworkAclsCommand,
    ['NetworkAcls', 'NetworkAclIds', 'NetworkAclId'],
    [id('acl', '1')],
    ['association.subnet-id', id('subnet', 'a'), [id('acl', '1')]],
    ['InvalidNetworkAclID.NotFound', 'InvalidNetworkAclId.Malformed'],
  ),
  shelf(
    DescribeSecurityGroupsCommand,
    ['SecurityGroups', 'GroupIds', 'GroupId'],
    [id('sg', '1')],
    ['ip-permission.to-port', '8080', [id('sg', '1')]],
    ['InvalidGroup.NotFound', 'InvalidGroupId.Malformed'],
  ),
  shelf(
    DescribeSecurityGroupRulesCommand,
    ['SecurityGroupRules', 'SecurityGroupRuleIds', 'SecurityGroupRuleId'],
    [id('sgr', '1'), id('sgr', '2')],
    ['group-id', id('sg', '2'), []],
    ['InvalidSecurityGroupRuleId.NotFound', 'InvalidSecurityGroupRuleId.Malformed'],
  ),
  shelf(
    DescribeNetworkInterfacesCommand,
    ['NetworkInterfaces', 'NetworkInterfaceIds', 'NetworkInterfaceId'],
    cards,
    ['attachment.instance-id', A, cards.slice(0, 1)],
    ['InvalidNetworkInterfaceID.NotFound', 'InvalidNetworkInterfaceId.Malformed'],
  ),
  shelf(
    DescribeAddressesCommand,
    ['Addresses', 'AllocationIds', 'AllocationId'],
    [id('eipalloc', '1')],
    ['instance-id', B, []],
    ['InvalidAllocationID.NotFound', 'InvalidAllocationID.Malformed'],
  ),
  shelf(
    DescribeInternetGatewaysCommand,
    ['InternetGateways', 'InternetGatewayIds', 'InternetGatewayId'],
    [id('igw', '1')],
    ['attachment.vpc-id', id('vpc', '1'), [id('igw', '1')]],
    ['InvalidInternetGatewayID.NotFound', 'InvalidInternetGatewayId.Malformed'],
  ),
  shelf(
    DescribeVpcEndpointsCommand,
    ['VpcEndpoints', 'VpcEndpointIds', 'VpcEndpointId'],
    [id('vpce', '1')],
    ['service-name', '*.ssm', []],
    ['InvalidVpcEndpointId.NotFound', 'InvalidVpcEndpointId.Malformed'],
  ),
];

describe.each(shelves)('$action', ({ send, member, ids, idOf, all, filter, notFound, malformed }) => {
  const idsOf = (output: unknown): unknown[] =>
    (output as Record<string, readonly Record<string, unknown>[]>)[member]!.map((item) => item[idOf]);

  it('lists what is there, in the SDK own shape', async () => {
    expect(idsOf(await send({} as never))).toEqual(all);
  });

  it('narrows by ids', async () => {
    expect(idsOf(await send({ [ids]: [all.at(-1)] } as never))).toEqual([all.at(-1)]);
  });

  it('narrows by a filter', async () => {
    const [Name, value, found] = filter;
    expect(idsOf(await send({ Filters: [{ Name, Values: ['no such value', value] }] } as never))).toEqual(found);
  });

  it('refuses a filter that it does not know', async () => {
    expect(await failureOf(send({ Filters: [{ Name: 'colour', Values: ['red'] }] } as never))).toEqual({
      name: 'InvalidParameterValue',
      message: "The filter 'colour' is invalid",
    });
  });

  it('refuses ids that are unknown or unreadable', async () => {
    const unknown = `${all[0]!.slice(0, -4)}dead`;
    expect((await failureOf(send({ [ids]: [unknown] } as never))).name).toBe(notFound);
    expect((await failureOf(send({ [ids]: ['nonsense'] } as never))).name).toBe(malformed);
  });
});

describe('DescribeInstances', () => {
  it('tells of an instance what a responder asks', async () => {
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [A] }));
    expect(Reservations).toHaveLength(1);
    expect(Reservations[0]!.Instances).toEqual([
      expect.objectContaining({
        InstanceId: A,
        State: { Code: 16, Name: 'running' },
        PrivateIpAddress: '10.0.0.10',
        VpcId: id('vpc', '1'),
        Placement: expect.objectContaining({ AvailabilityZone: `${REGION}a` }),
        SecurityGroups: [{ GroupId: id('sg', '1'), GroupName: 'web' }],
        Operator: { Managed: false },
        Tags: expect.arrayContaining([{ Key: 'firebreak', Value: 'allow' }]),
        BlockDeviceMappings: [
          {
            DeviceName: '/dev/xvda',
            Ebs: expect.objectContaining({ VolumeId: id('vol', 'a1'), DeleteOnTermination: true }),
          },
          {
            DeviceName: '/dev/sdf',
            Ebs: expect.objectContaining({ VolumeId: id('vol', 'a2'), DeleteOnTermination: false }),
          },
        ],
      }),
    ]);
  });

  it.each([
    ['tag:Name', ['web-a'], [A]],
    ['tag:Name', ['web-?'], [A, B, C]],
    ['tag:Name', ['web-\\*'], []],
    ['tag-key', ['firebreak'], [A, B, C]],
    ['instance-state-name', ['running', 'pending'], [A, B]],
    ['instance-state-code', ['80'], [C]],
    ['network-interface.addresses.private-ip-address', ['10.0.1.*'], [B]],
    ['block-device-mapping.volume-id', [id('vol', 'c2')], [C]],
    ['instance-type', ['T3.SMALL'], []],
  ])('%s %j finds %j', async (Name, Values, found) => {
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters: [{ Name, Values }] }));
    expect(Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId))).toEqual(found);
  });

  it('needs every filter to be met', async () => {
    const Filters = [
      { Name: 'tag:service', Values: ['checkout'] },
      { Name: 'availability-zone', Values: [`${REGION}b`] },
    ];
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ Filters }));
    expect(Reservations?.map(({ Instances }) => Instances?.[0]?.InstanceId)).toEqual([B]);
  });

  it.each([
    [[NOBODY], 'InvalidInstanceID.NotFound', `The instance ID '${NOBODY}' does not exist`],
    [[A, NOBODY, id('i', 'beef')], 'InvalidInstanceID.NotFound', `The instance IDs '${NOBODY}, ${id('i', 'beef')}' do not exist`],
    [['i-xyz'], 'InvalidInstanceID.Malformed', 'Invalid id: "i-xyz" (expecting "i-...")'],
  ])('answers ids %j with %s', async (InstanceIds, name, message) => {
    expect(await failureOf(ec2.send(new DescribeInstancesCommand({ InstanceIds })))).toEqual({ name, message });
  });

  it('pages, and refuses ids together with a page size, sizes too small and tokens of its own invention', async () => {
    for (let index = 0; index < 9; index += 1)
      desk.state.instances.push({ ...structuredClone(desk.state.instances[0]!), id: id('i', `${index}f`) });
    const seen: unknown[] = [];
    let NextToken: string | undefined;
    do {
      const page = await ec2.send(new DescribeInstancesCommand({ MaxResults: 5, ...(NextToken && { NextToken }) }));
      seen.push(page.Reservations?.length);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(seen).toEqual([5, 5, 2]);
    const refused = [{ InstanceIds: [A], MaxResults: 5 }, { MaxResults: 2 }, { NextToken: 'mine' }];
    const names = [];
    for (const input of refused) names.push((await failureOf(ec2.send(new DescribeInstancesCommand(input)))).name);
    expect(names).toEqual(['InvalidParameterCombination', 'InvalidParameterValue', 'InvalidNextToken']);
  });

  it('forgets the network of a terminated instance but not the instance', async () => {
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [A] }));
    desk.clock.advance(MINUTE_MS);
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [A] }));
    const found = Reservations?.[0]?.Instances?.[0];
    expect(found?.State?.Name).toBe('terminated');
    expect(found?.VpcId).toBeUndefined();
    expect(found?.StateTransitionReason).toMatch(/^User initiated \(/);
  });

  it('is denied to who may not', async () => {
    const stranger = new EC2Client(desk.client([{ Effect: 'Allow', Action: 's3:*', Resource: '*' }]));
    const failure = await failureOf(stranger.send(new DescribeInstancesCommand({})));
    expect(failure.name).toBe('UnauthorizedOperation');
    expect(failure.message).toContain('ec2:DescribeInstances');
  });
});

describe('what an instance is', () => {
  it('shows the status of running instances, and of all only on demand', async () => {
    const running = await ec2.send(new DescribeInstanceStatusCommand({}));
    expect(running.InstanceStatuses?.map(({ InstanceId }) => InstanceId)).toEqual([A, B]);
    expect(running.InstanceStatuses?.[0]?.SystemStatus).toEqual({
      Status: 'ok',
      Details: [{ Name: 'reachability', Status: 'passed' }],
    });
    const all = await ec2.send(new DescribeInstanceStatusCommand({ IncludeAllInstances: true }));
    expect(all.InstanceStatuses?.map(({ InstanceStatus }) => InstanceStatus?.Status)).toEqual(['ok', 'ok', 'not-applicable']);
  });

  it('announces scheduled events', async () => {
    desk.state.instances[0]!.events.push({
      id: 'event-1',
      Code: 'instance-retirement',
      Description: 'The instance is running on degraded hardware',
      notBefore: 5_000,
    });
    const { InstanceStatuses } = await ec2.send(
      new DescribeInstanceStatusCommand({ Filters: [{ Name: 'event.code', Values: ['instance-retirement'] }] }),
    );
    expect(InstanceStatuses?.map(({ Events }) => Events?.[0]?.NotBefore)).toEqual([new Date(5_000)]);
  });

  it('answers the one attribute asked for', async () => {
    const protectedOne = await ec2.send(
      new DescribeInstanceAttributeCommand({ InstanceId: C, Attribute: 'disableApiTermination' }),
    );
    expect(protectedOne).toMatchObject({ InstanceId: C, DisableApiTermination: { Value: true } });
    const userData = await ec2.send(new DescribeInstanceAttributeCommand({ InstanceId: C, Attribute: 'userData' }));
    expect(userData.UserData?.Value).toBeUndefined();
    expect(userData.DisableApiTermination).toBeUndefined();
    const unknown = ec2.send(new DescribeInstanceAttributeCommand({ InstanceId: C, Attribute: 'kernel' }));
    expect((await failureOf(unknown)).name).toBe('InvalidParameterValue');
  });

  it('tells Nitro from Xen, and disks that end with the instance', async () => {
    const { InstanceTypes = [] } = await ec2.send(
      new DescribeInstanceTypesCommand({ InstanceTypes: ['t3.small', 't2.micro', 'm5d.large'] }),
    );
    const facts = InstanceTypes.map((type) => [type.InstanceType, type.Hypervisor, type.InstanceStorageSupported]);
    expect(facts.sort()).toEqual([
      ['m5d.large', 'nitro', true],
      ['t2.micro', 'xen', false],
      ['t3.small', 'nitro', false],
    ]);
    const unknown = ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes: ['z9.huge' as never] }));
    expect((await failureOf(unknown)).name).toBe('InvalidInstanceType');
  });

  it('gives the console, its latest lines on Nitro only', async () => {
    const { Output = '' } = await ec2.send(new GetConsoleOutputCommand({ InstanceId: A, Latest: true }));
    expect(Buffer.from(Output, 'base64').toString('utf8')).toBe('console of a: ünï\n');
    expect((await ec2.send(new GetConsoleOutputCommand({ InstanceId: B }))).Output).toBeDefined();
    expect((await failureOf(ec2.send(new GetConsoleOutputCommand({ InstanceId: B, Latest: true })))).name).toBe(
      'UnsupportedOperation',
    );
  });
});

describe('launch templates', () => {
  const LaunchTemplateId = id('lt', '1');

  it.each([
    [{ LaunchTemplateId }, [2, 1]],
    [{ LaunchTemplateName: 'checkout', Versions: ['$Latest'] }, [2]],
    [{ LaunchTemplateId, Versions: ['$Default'] }, [1]],
    [{ LaunchTemplateId, MaxVersion: '1' }, [1]],
    [{ Versions: ['$Latest'] }, [2]],
    [{ LaunchTemplateId, Filters: [{ Name: 'is-default-version', Values: ['true'] }] }, [1]],
  ])('%j are the versions %j', async (input, numbers) => {
    const { LaunchTemplateVersions } = await ec2.send(new DescribeLaunchTemplateVersionsCommand(input));
    expect(LaunchTemplateVersions?.map(({ VersionNumber }) => VersionNumber)).toEqual(numbers);
  });

  it.each([
    [{}, 'MissingParameter'],
    [{ LaunchTemplateId, Versions: ['9'] }, 'InvalidLaunchTemplateId.VersionNotFound'],
    [{ LaunchTemplateName: 'other' }, 'InvalidLaunchTemplateName.NotFoundException'],
    [{ LaunchTemplateId: id('lt', '9') }, 'InvalidLaunchTemplateId.NotFound'],
  ])('%j is answered %s', async (input, name) => {
    expect((await failureOf(ec2.send(new DescribeLaunchTemplateVersionsCommand(input)))).name).toBe(name);
  });

  it('knows no deregistered image', async () => {
    desk.state.images[0]!.deregistered = true;
    expect((await ec2.send(new DescribeImagesCommand({}))).Images ?? []).toEqual([]);
    const asked = ec2.send(new DescribeImagesCommand({ ImageIds: [id('ami', '1')] }));
    expect((await failureOf(asked)).name).toBe('InvalidAMIID.NotFound');
  });
});

describe('the rest of the network', () => {
  it('lists NAT gateways by their own kind of filter', async () => {
    const find = async (value: string) =>
      (await ec2.send(new DescribeNatGatewaysCommand({ Filter: [{ Name: 'state', Values: [value] }] }))).NatGateways?.length ?? 0;
    expect([await find('available'), await find('failed')]).toEqual([1, 0]);
    const asked = ec2.send(new DescribeNatGatewaysCommand({ NatGatewayIds: [id('nat', '9')] }));
    expect((await failureOf(asked)).name).toBe('NatGatewayNotFound');
  });

  it('has the zones of its subnets', async () => {
    const { AvailabilityZones } = await ec2.send(new DescribeAvailabilityZonesCommand({}));
    expect(AvailabilityZones?.map(({ ZoneName, ZoneId }) => [ZoneName, ZoneId])).toEqual([
      [`${REGION}a`, 'euw3-az1'],
      [`${REGION}b`, 'euw3-az2'],
    ]);
  });

  it('filters interfaces by tags like everything else', async () => {
    desk.state.tags[id('eni', 'b')] = { role: 'nat' };
    const { NetworkInterfaces } = await ec2.send(
      new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'tag:role', Values: ['nat'] }] }),
    );
    expect(NetworkInterfaces?.map(({ NetworkInterfaceId }) => NetworkInterfaceId)).toEqual([id('eni', 'b')]);
  });
});

describe('TerminateInstances', () => {
  const terminate = (input: { InstanceIds: string[]; DryRun?: boolean }, by = ec2) =>
    by.send(new TerminateInstancesCommand(input));

  it('ends an instance, with what is set to go with it', async () => {
    const { TerminatingInstances } = await terminate({ InstanceIds: [A] });
    expect(TerminatingInstances).toEqual([
      { InstanceId: A, PreviousState: { Code: 16, Name: 'running' }, CurrentState: { Code: 32, Name: 'shutting-down' } },
    ]);
    desk.clock.advance(MINUTE_MS);
    const { Volumes } = await ec2.send(new DescribeVolumesCommand({ Filters: [{ Name: 'volume-id', Values: ['*a1', '*a2'] }] }));
    expect(Volumes?.map(({ VolumeId, State }) => [VolumeId, State])).toEqual([[id('vol', 'a2'), 'available']]);
  });

  it('answers a dry run by whether it would be allowed, and ends nothing', async () => {
    expect((await failureOf(terminate({ InstanceIds: [A], DryRun: true }))).name).toBe('DryRunOperation');
    const stranger = new EC2Client(desk.client([{ Effect: 'Allow', Action: 'ec2:Describe*', Resource: '*' }]));
    expect((await failureOf(terminate({ InstanceIds: [A], DryRun: true }, stranger))).name).toBe('UnauthorizedOperation');
    expect((await failureOf(terminate({ InstanceIds: [NOBODY], DryRun: true }))).name).toBe('InvalidInstanceID.NotFound');
    expect(desk.state.instances[0]!.state).toBe('running');
  });

  it('keeps what is in the zone of a protected instance, and ends the others although it fails', async () => {
    expect((await failureOf(terminate({ InstanceIds: [A, B, C] }))).name).toBe('OperationNotPermitted');
    expect(desk.state.instances.map(({ state }) => state)).toEqual(['running', 'shutting-down', 'stopped']);
  });

  it('keeps a protected instance until its protection is taken away', async () => {
    const failure = await failureOf(terminate({ InstanceIds: [A, C] }));
    expect(failure.name).toBe('OperationNotPermitted');
    expect(failure.message).toContain(`'${C}' may not be terminated`);
    expect(desk.state.instances[0]!.state).toBe('running');
    await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: C, DisableApiTermination: { Value: false } }));
    await terminate({ InstanceIds: [A, C] });
    expect(desk.state.instances.map(({ state }) => state)).toEqual(['shutting-down', 'running', 'shutting-down']);
  });

  it('is allowed by the tag of the instance', async () => {
    const tagged = new EC2Client(
      desk.client([
        {
          Effect: 'Allow',
          Action: 'ec2:TerminateInstances',
          Resource: `arn:aws:ec2:${REGION}:*:instance/*`,
          Condition: { StringEquals: { 'ec2:ResourceTag/firebreak': 'allow' } },
        },
      ]),
    );
    delete desk.state.tags[B]!['firebreak'];
    expect((await failureOf(terminate({ InstanceIds: [A, B] }, tagged))).name).toBe('UnauthorizedOperation');
    expect((await terminate({ InstanceIds: [A] }, tagged)).TerminatingInstances).toHaveLength(1);
  });
});

describe('stopping, starting, rebooting', () => {
  it('stops and starts, and boots anew on a sound host', async () => {
    desk.state.instances[0]!.impaired = true;
    const { StoppingInstances } = await ec2.send(new StopInstancesCommand({ InstanceIds: [A] }));
    expect(StoppingInstances?.[0]?.PreviousState?.Name).toBe('running');
    expect(desk.state.instances[0]!.state).toBe('stopped');
    const { StartingInstances } = await ec2.send(new StartInstancesCommand({ InstanceIds: [A] }));
    expect(StartingInstances?.[0]?.CurrentState?.Name).toBe('pending');
    desk.clock.advance(5 * MINUTE_MS);
    const { InstanceStatuses } = await ec2.send(new DescribeInstanceStatusCommand({ InstanceIds: [A] }));
    expect(InstanceStatuses?.[0]?.InstanceStatus?.Status).toBe('ok');
    expect(desk.state.instances[0]).toMatchObject({ state: 'running', impaired: false, booting: false });
  });

  it('reboots what runs, and refuses what does not', async () => {
    await ec2.send(new RebootInstancesCommand({ InstanceIds: [A] }));
    expect(desk.state.instances[0]!.booting).toBe(true);
    expect((await failureOf(ec2.send(new RebootInstancesCommand({ InstanceIds: [C] })))).name).toBe('IncorrectInstanceState');
  });

  it('cannot start or stop what has been terminated, nor others with it', async () => {
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [A] }));
    const both = ec2.send(new StopInstancesCommand({ InstanceIds: [B, A] }));
    expect((await failureOf(both)).name).toBe('IncorrectInstanceState');
    expect(desk.state.instances[1]!.state).toBe('running');
    expect((await failureOf(ec2.send(new StartInstancesCommand({ InstanceIds: [A] })))).name).toBe('IncorrectInstanceState');
  });
});

describe('CreateSnapshots', () => {
  const run = [{ ResourceType: 'snapshot' as const, Tags: [{ Key: 'firebreak:run', Value: 'run-1' }] }];
  const create = (
    InstanceSpecification: { InstanceId: string; ExcludeBootVolume?: boolean; ExcludeDataVolumeIds?: string[] },
    by = ec2,
  ) => by.send(new CreateSnapshotsCommand({ InstanceSpecification, Description: 'evidence', TagSpecifications: run }));

  it.each([
    [{ InstanceId: A }, [id('vol', 'a1'), id('vol', 'a2')]],
    [{ InstanceId: A, ExcludeBootVolume: true }, [id('vol', 'a2')]],
    [{ InstanceId: A, ExcludeDataVolumeIds: [id('vol', 'a2')] }, [id('vol', 'a1')]],
  ])('%j takes %j', async (specification, taken) => {
    const { Snapshots } = await create(specification);
    expect(Snapshots?.map(({ VolumeId }) => VolumeId)).toEqual(taken);
    expect(Snapshots?.[0]).toMatchObject({ State: 'pending', Description: 'evidence', Encrypted: true, Tags: run[0]!.Tags });
  });

  it('takes its time, and can be found by its tag', async () => {
    await create({ InstanceId: A });
    const look = async () => {
      const { Snapshots } = await ec2.send(
        new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters: [{ Name: 'tag:firebreak:run', Values: ['run-1'] }] }),
      );
      return Snapshots?.map(({ State, Progress }) => [State, Progress]);
    };
    expect(await look()).toEqual([
      ['pending', '0%'],
      ['pending', '0%'],
    ]);
    desk.clock.advance(4 * MINUTE_MS);
    expect(await look()).toEqual([
      ['completed', '100%'],
      ['pending', '66%'],
    ]);
  });

  it('says why a snapshot failed', async () => {
    desk.state.weather.failingSnapshots.push(id('vol', 'a1'));
    const { Snapshots } = await create({ InstanceId: A, ExcludeDataVolumeIds: [id('vol', 'a2')] });
    desk.clock.advance(10 * MINUTE_MS);
    const found = await ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [Snapshots![0]!.SnapshotId!] }));
    expect(found.Snapshots?.[0]?.State).toBe('error');
    expect(found.Snapshots?.[0]?.StateMessage).toBeTruthy();
  });

  it('refuses an unknown instance, a volume of another, and an unknown snapshot', async () => {
    expect((await failureOf(create({ InstanceId: NOBODY }))).name).toBe('InvalidInstanceID.NotFound');
    const foreign = create({ InstanceId: A, ExcludeDataVolumeIds: [id('vol', 'b2')] });
    expect((await failureOf(foreign)).name).toBe('InvalidParameterValue');
    const unknown = ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [id('snap', '9')] }));
    expect((await failureOf(unknown)).name).toBe('InvalidSnapshot.NotFound');
    expect(desk.state.snapshots).toEqual([]);
  });

  it('asks for the instance, each volume, the snapshots to come and their tags', () => {
    const asks = asksOf(desk.world, 'ec2', 'CreateSnapshots', {
      InstanceSpecification: { InstanceId: A },
      TagSpecifications: run,
    });
    expect(asks.map(({ action, resource }) => [action, resource.replace(/^arn:aws:ec2:/, '')])).toEqual([
      ['ec2:CreateSnapshots', `${REGION}:111122223333:instance/${A}`],
      ['ec2:CreateSnapshots', `${REGION}:111122223333:volume/${id('vol', 'a1')}`],
      ['ec2:CreateSnapshots', `${REGION}:111122223333:volume/${id('vol', 'a2')}`],
      ['ec2:CreateSnapshots', `${REGION}::snapshot/*`],
      ['ec2:CreateTags', `${REGION}::snapshot/*`],
    ]);
    expect(asks[0]!.context).toMatchObject({ 'aws:ResourceTag/firebreak': 'allow' });
    expect(asks[0]!.context).not.toHaveProperty('aws:RequestTag/firebreak:run');
    expect(asks[1]!.context).not.toHaveProperty('aws:ResourceTag/firebreak');
    expect(asks[3]!.context).toMatchObject({ 'aws:RequestTag/firebreak:run': 'run-1', 'aws:TagKeys': ['firebreak:run'] });
    expect(asks[4]!.context).toMatchObject({ 'ec2:CreateAction': 'CreateSnapshots', 'aws:RequestTag/firebreak:run': 'run-1' });
  });

  const ownRun = { StringEquals: { 'aws:RequestTag/firebreak:run': 'run-1' } };
  const split = [
    {
      Effect: 'Allow',
      Action: 'ec2:CreateSnapshots',
      Resource: `arn:aws:ec2:${REGION}:111122223333:instance/${A}`,
      Condition: { StringEquals: { 'aws:ResourceTag/firebreak': 'allow' } },
    },
    {
      Effect: 'Allow',
      Action: 'ec2:CreateSnapshots',
      Resource: ['a1', 'a2'].map((tail) => `arn:aws:ec2:${REGION}:111122223333:volume/${id('vol', tail)}`),
    },
    { Effect: 'Allow', Action: 'ec2:CreateSnapshots', Resource: `arn:aws:ec2:${REGION}::snapshot/*`, Condition: ownRun },
    {
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      Resource: `arn:aws:ec2:${REGION}::snapshot/*`,
      Condition: { StringEquals: { 'ec2:CreateAction': 'CreateSnapshots' } },
    },
  ];

  it.each([
    ['all four statements', split, 'OK'],
    ['no statement for the tags', split.slice(0, 3), 'UnauthorizedOperation'],
    ['no statement for the volumes', [split[0], ...split.slice(2)], 'UnauthorizedOperation'],
    [
      'one tag condition over all',
      [{ Effect: 'Allow', Action: ['ec2:CreateSnapshots', 'ec2:CreateTags'], Resource: '*', Condition: ownRun }],
      'UnauthorizedOperation',
    ],
  ])('with %s the answer is %s', async (_, statements, outcome) => {
    const fixer = new EC2Client(desk.client(statements));
    const answer = await create({ InstanceId: A }, fixer).then(
      () => 'OK',
      (error: Error) => error.name,
    );
    expect(answer).toBe(outcome);
  });
});

describe('tags', () => {
  it('adds, shows and takes away', async () => {
    await ec2.send(new CreateTagsCommand({ Resources: [A, id('vol', 'a1')], Tags: [{ Key: 'incident', Value: '42' }] }));
    const find = async () =>
      (await ec2.send(new DescribeTagsCommand({ Filters: [{ Name: 'key', Values: ['incident'] }] }))).Tags ?? [];
    expect(await find()).toEqual([
      { ResourceId: A, ResourceType: 'instance', Key: 'incident', Value: '42' },
      { ResourceId: id('vol', 'a1'), ResourceType: 'volume', Key: 'incident', Value: '42' },
    ]);
    await ec2.send(new DeleteTagsCommand({ Resources: [A, id('vol', 'a1')], Tags: [{ Key: 'incident', Value: '43' }] }));
    expect(await find()).toHaveLength(2);
    await ec2.send(new DeleteTagsCommand({ Resources: [A], Tags: [{ Key: 'incident' }] }));
    expect(await find()).toHaveLength(1);
  });

  it.each([
    [{ Resources: [NOBODY], Tags: [{ Key: 'a', Value: 'b' }] }, 'InvalidInstanceID.NotFound'],
    [{ Resources: ['nonsense'], Tags: [{ Key: 'a', Value: 'b' }] }, 'InvalidID'],
    [{ Resources: [A], Tags: [{ Key: 'aws:autoscaling:groupName', Value: 'x' }] }, 'InvalidParameterValue'],
    [{ Resources: [A], Tags: [{ Key: 'k'.repeat(129), Value: 'x' }] }, 'InvalidParameterValue'],
    [{ Resources: [A], Tags: Array.from({ length: 50 }, (_, n) => ({ Key: `k${n}`, Value: '' })) }, 'TagLimitExceeded'],
  ])('refuses %j with %s', async (input, name) => {
    expect((await failureOf(ec2.send(new CreateTagsCommand(input)))).name).toBe(name);
    expect(Object.keys(desk.state.tags[A]!)).toHaveLength(3);
  });

  it('can be kept from setting any tag but its own', async () => {
    const own = new EC2Client(
      desk.client([
        {
          Effect: 'Allow',
          Action: 'ec2:CreateTags',
          Resource: `arn:aws:ec2:${REGION}:111122223333:instance/${A}`,
          Condition: {
            StringEquals: { 'aws:ResourceTag/firebreak': 'allow' },
            'ForAllValues:StringLike': { 'aws:TagKeys': ['firebreak:*'] },
          },
        },
      ]),
    );
    const tag = (Key: string, resource = A) =>
      own.send(new CreateTagsCommand({ Resources: [resource], Tags: [{ Key, Value: '1' }] }));
    await tag('firebreak:run');
    expect(desk.state.tags[A]).toMatchObject({ 'firebreak:run': '1' });
    expect((await failureOf(tag('firebreak'))).name).toBe('UnauthorizedOperation');
    expect((await failureOf(tag('firebreak:run', B))).name).toBe('UnauthorizedOperation');
  });
});

describe('changes of the network', () => {
  const GroupId = id('sg', '1');
  const https = {
    GroupId,
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
  };

  it('opens and closes a port, once each', async () => {
    const { SecurityGroupRules } = await ec2.send(new AuthorizeSecurityGroupIngressCommand(https));
    expect(SecurityGroupRules?.[0]).toMatchObject({ GroupId, FromPort: 443, CidrIpv4: '0.0.0.0/0', IsEgress: false });
    const again = ec2.send(new AuthorizeSecurityGroupIngressCommand(https));
    expect((await failureOf(again)).name).toBe('InvalidPermission.Duplicate');
    await ec2.send(new RevokeSecurityGroupIngressCommand(https));
    expect(desk.state.securityGroups[0]!.rules).toHaveLength(2);
    const gone = ec2.send(new RevokeSecurityGroupIngressCommand(https));
    expect((await failureOf(gone)).name).toBe('InvalidPermission.NotFound');
  });

  it('writes, replaces and deletes rules of a network ACL', async () => {
    const rule = { NetworkAclId: id('acl', '1'), RuleNumber: 90, Egress: false, Protocol: '6', CidrBlock: '0.0.0.0/0' };
    const PortRange = { From: 1024, To: 65_535 };
    await ec2.send(new CreateNetworkAclEntryCommand({ ...rule, RuleAction: 'deny', PortRange }));
    const twice = ec2.send(new CreateNetworkAclEntryCommand({ ...rule, RuleAction: 'deny', PortRange }));
    expect((await failureOf(twice)).name).toBe('NetworkAclEntryAlreadyExists');
    await ec2.send(new ReplaceNetworkAclEntryCommand({ ...rule, RuleAction: 'allow', PortRange }));
    expect(desk.state.networkAcls[0]!.Entries).toContainEqual({
      ...rule,
      NetworkAclId: undefined,
      RuleAction: 'allow',
      PortRange,
    });
    const last = ec2.send(new DeleteNetworkAclEntryCommand({ ...rule, RuleNumber: 32_767 }));
    expect((await failureOf(last)).name).toBe('InvalidParameterValue');
    await ec2.send(new DeleteNetworkAclEntryCommand(rule));
    expect(desk.state.networkAcls[0]!.Entries).toHaveLength(2);
    expect((await failureOf(ec2.send(new DeleteNetworkAclEntryCommand(rule)))).name).toBe('InvalidNetworkAclEntry.NotFound');
  });

  it('writes, replaces and deletes routes', async () => {
    const route = { RouteTableId: id('rtb', '1'), DestinationCidrBlock: '192.0.2.0/24' };
    await ec2.send(new CreateRouteCommand({ ...route, GatewayId: id('igw', '1') }));
    const twice = ec2.send(new CreateRouteCommand({ ...route, GatewayId: id('igw', '1') }));
    expect((await failureOf(twice)).name).toBe('RouteAlreadyExists');
    await ec2.send(new ReplaceRouteCommand({ ...route, NatGatewayId: id('nat', '1') }));
    expect(desk.state.routeTables[0]!.Routes.at(-1)).toMatchObject({ NatGatewayId: id('nat', '1'), State: 'active' });
    await ec2.send(new DeleteRouteCommand(route));
    expect((await failureOf(ec2.send(new DeleteRouteCommand(route)))).name).toBe('InvalidRoute.NotFound');
  });
});
