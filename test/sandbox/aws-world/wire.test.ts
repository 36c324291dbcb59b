import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
  DetachInstancesCommand,
  EnterStandbyCommand,
  SuspendProcessesCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateSnapshotsCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetCommandInvocationCommand, SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { createIdentity } from '../../../sandbox/aws/identity/identity.ts';
import { createFaultPlan } from '../../../sandbox/aws/wire/faults.ts';
import { createWire } from '../../../sandbox/aws/wire/wire.ts';
import { createShopWorld, type ShopOptions } from '../../../sandbox/aws/world/fixtures/shop.ts';
import { REGION } from '../../../sandbox/aws/world/world.ts';
import { createManualClock } from '../../../src/adapters/clock.ts';
import { MINUTE, SECOND } from './kit.ts';

const GROUP = { AutoScalingGroupName: 'shop-web' } as const;
const TAGGED = { StringEquals: { 'aws:ResourceTag/firebreak': 'allow' } };

/** What the fixes may do: the statements of the permission table, for any run. */
const STATEMENTS = [
  {
    Effect: 'Allow',
    Action: ['autoscaling:Describe*', 'ec2:Describe*', 'elasticloadbalancing:Describe*', 'ssm:GetCommandInvocation'],
    Resource: '*',
  },
  {
    Effect: 'Allow',
    Action: ['autoscaling:DetachInstances', 'autoscaling:EnterStandby', 'autoscaling:SuspendProcesses'],
    Resource: '*',
    Condition: { StringEquals: { 'autoscaling:ResourceTag/firebreak': 'allow' } },
  },
  {
    Effect: 'Allow',
    Action: 'autoscaling:UpdateAutoScalingGroup',
    Resource: '*',
    Condition: { NumericEquals: { 'autoscaling:MinSize': '1' }, Null: { 'autoscaling:MaxSize': 'true' } },
  },
  {
    Effect: 'Allow',
    Action: 'ssm:SendCommand',
    Resource: ['arn:aws:ssm:*:*:document/Firebreak-Diagnostics', 'arn:aws:ec2:*:*:instance/*'],
  },
  { Effect: 'Allow', Action: 'ec2:CreateSnapshots', Resource: ['arn:aws:ec2:*:*:volume/*', 'arn:aws:ec2:*::snapshot/*'] },
  { Effect: 'Allow', Action: 'ec2:CreateSnapshots', Resource: 'arn:aws:ec2:*:*:instance/*', Condition: TAGGED },
  { Effect: 'Allow', Action: 'ec2:CreateTags', Resource: 'arn:aws:ec2:*::snapshot/*' },
  { Effect: 'Allow', Action: 'ec2:TerminateInstances', Resource: '*', Condition: TAGGED },
];

const openAccount = async (options: Omit<ShopOptions, 'clock' | 'identity'> = {}) => {
  const clock = createManualClock();
  const identity = createIdentity({ clock });
  identity.createUser('fix');
  identity.putUserPolicy('fix', 'own', { Version: '2012-10-17', Statement: STATEMENTS });
  const world = createShopWorld({ clock, identity, ...options });
  const wire = createWire({ account: world.operations, identity, clock, faults: createFaultPlan() });
  const { url } = await wire.listen();
  const config = { endpoint: url, region: REGION, credentials: identity.createAccessKey('fix'), maxAttempts: 1 };
  return {
    clock,
    world,
    scaling: new AutoScalingClient(config),
    ec2: new EC2Client(config),
    balancing: new ElasticLoadBalancingV2Client(config),
    ssm: new SSMClient(config),
    [Symbol.asyncDispose]: () => wire.close(),
  };
};

type Account = Awaited<ReturnType<typeof openAccount>>;

const groupOf = async ({ scaling }: Account) => {
  const { AutoScalingGroups: groups = [] } = await scaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['shop-web'] }),
  );
  return groups[0]!;
};

const healthOf = async ({
  balancing,
  world,
}: Account): Promise<readonly (readonly [string | undefined, string | undefined])[]> => {
  const { TargetHealthDescriptions: all = [] } = await balancing.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: world.shop.targetGroupArn }),
  );
  return all.map(({ Target, TargetHealth }) => [Target?.Id, TargetHealth?.State] as const);
};

const nameOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'OK',
    (error: Error) => error.name,
  );

describe('the unmodified clients, against the shop', () => {
  it('take a sick instance out, keep its evidence while users are served again, and end it', async () => {
    await using account = await openAccount({ trouble: 'oneServes502' });
    const { clock, world, scaling, ec2, ssm } = account;
    const sick = (await healthOf(account)).find(([, state]) => state === 'unhealthy')![0]!;

    const { Activities } = await scaling.send(
      new DetachInstancesCommand({ ...GROUP, InstanceIds: [sick], ShouldDecrementDesiredCapacity: false }),
    );
    expect(Activities?.[0]?.Description).toBe(`Detaching EC2 instance: ${sick}`);
    expect(await healthOf(account)).toContainEqual([sick, 'draining']);

    const { Command } = await ssm.send(new SendCommandCommand({ DocumentName: 'Firebreak-Diagnostics', InstanceIds: [sick] }));
    const { Snapshots = [] } = await ec2.send(
      new CreateSnapshotsCommand({
        InstanceSpecification: { InstanceId: sick },
        TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'firebreak:run', Value: 'run-1' }] }],
      }),
    );
    expect(Snapshots).toHaveLength(2);
    clock.advance(90 * SECOND);

    const { StandardOutputContent } = await ssm.send(
      new GetCommandInvocationCommand({ CommandId: Command?.CommandId, InstanceId: sick }),
    );
    expect(StandardOutputContent).toContain('upstream connection pool is closed');
    expect((await groupOf(account)).Instances?.map((one) => one.LifecycleState)).toEqual(['InService', 'InService', 'InService']);
    expect((await healthOf(account)).map(([, state]) => state)).toEqual(['healthy', 'healthy', 'healthy']);
    const pending = { Filters: [{ Name: 'tag:firebreak:run', Values: ['run-1'] }], OwnerIds: ['self'] };
    expect((await ec2.send(new DescribeSnapshotsCommand(pending))).Snapshots?.map((one) => one.State)).toEqual([
      'pending',
      'pending',
    ]);
    expect(world.users.request(world.shop.url).status).toBe(200);

    clock.advance(10 * MINUTE);
    expect((await ec2.send(new DescribeSnapshotsCommand(pending))).Snapshots?.map((one) => one.State)).toEqual([
      'completed',
      'completed',
    ]);
    expect(await nameOf(ec2.send(new TerminateInstancesCommand({ InstanceIds: [sick], DryRun: true })))).toBe('DryRunOperation');
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [sick] }));
    clock.advance(MINUTE);
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [sick] }));
    expect(Reservations?.[0]?.Instances?.[0]?.State?.Name).toBe('terminated');
  });

  it('scale to one and find the rest in standby', async () => {
    await using account = await openAccount();
    const { clock, world, scaling } = account;
    const [, ...rest] = world.shop.instanceIds();
    await scaling.send(new SuspendProcessesCommand({ ...GROUP, ScalingProcesses: ['ReplaceUnhealthy', 'AZRebalance'] }));
    await scaling.send(new UpdateAutoScalingGroupCommand({ ...GROUP, MinSize: 1 }));
    await scaling.send(new EnterStandbyCommand({ ...GROUP, InstanceIds: rest, ShouldDecrementDesiredCapacity: true }));
    clock.advance(MINUTE);
    const group = await groupOf(account);
    expect([group.MinSize, group.DesiredCapacity, group.MaxSize]).toEqual([1, 1, 4]);
    expect(group.Instances?.map((one) => one.LifecycleState)).toEqual(['InService', 'Standby', 'Standby']);
    const { Activities } = await scaling.send(new DescribeScalingActivitiesCommand({ ...GROUP, MaxRecords: 2 }));
    expect(Activities?.map((one) => one.StatusCode)).toEqual(['Successful', 'Successful']);
  });

  it('meet a denial wherever a condition of the policy is not met', async () => {
    await using account = await openAccount();
    const { world, scaling, ec2, ssm } = account;
    const [one] = world.shop.instanceIds();
    const suspend = (): Promise<string> =>
      nameOf(scaling.send(new SuspendProcessesCommand({ ...GROUP, ScalingProcesses: ['Launch'] })));
    const update = (sizes: { readonly MinSize?: number; readonly MaxSize?: number }): Promise<string> =>
      nameOf(scaling.send(new UpdateAutoScalingGroupCommand({ ...GROUP, ...sizes })));
    const terminate = (): Promise<string> =>
      nameOf(ec2.send(new TerminateInstancesCommand({ InstanceIds: [one!], DryRun: true })));

    expect([await suspend(), await terminate()]).toEqual(['OK', 'DryRunOperation']);
    world.change.groups.untag('shop-web', 'firebreak');
    world.change.groups.untagInstance(one!, 'firebreak');
    expect([await suspend(), await terminate()]).toEqual(['AccessDenied', 'UnauthorizedOperation']);
    expect([await update({ MinSize: 0 }), await update({ MinSize: 1, MaxSize: 9 }), await update({ MinSize: 1 })]).toEqual([
      'AccessDenied',
      'AccessDenied',
      'OK',
    ]);
    const shell = new SendCommandCommand({ DocumentName: 'AWS-RunShellScript', InstanceIds: [one!] });
    expect(await nameOf(ssm.send(shell))).toBe('AccessDeniedException');
  });

  it('read AWS’s own words when the group cannot do it', async () => {
    await using account = await openAccount();
    const { world, scaling } = account;
    const call = new DetachInstancesCommand({
      ...GROUP,
      InstanceIds: world.shop.instanceIds().slice(1),
      ShouldDecrementDesiredCapacity: true,
    });
    await expect(scaling.send(call)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining('has min-size=2'),
    });
    world.change.groups.contend('shop-web', 1);
    const write = new SuspendProcessesCommand({ ...GROUP, ScalingProcesses: ['Launch'] });
    await expect(scaling.send(write)).rejects.toMatchObject({ name: expect.stringMatching(/^ResourceContention/) });
  });
});
