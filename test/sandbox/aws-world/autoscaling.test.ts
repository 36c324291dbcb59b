import type * as AutoScaling from '@aws-sdk/client-auto-scaling';
import { describe, expect, it } from 'vitest';
import { autoscaling, CALLER_ARN, call, MINUTE, refusalOf, SECOND, type Stage, stageShop } from './kit.ts';

const G = { AutoScalingGroupName: 'shop-web' } as const;
const NOBODY = 'i-00000000000000000';

/** What each refusal is set up with, what is called, and what AWS says. `$0` is the first instance in service. */
type Refusal = readonly [sentence: string, attempt: (stage: Stage, ids: readonly string[]) => unknown, says: string];

const detach = (stage: Stage, ids: readonly string[], decrement: boolean): unknown =>
  autoscaling(stage.world, 'DetachInstances', { ...G, InstanceIds: [...ids], ShouldDecrementDesiredCapacity: decrement });
const park = (stage: Stage, ids: readonly string[], decrement: boolean): unknown =>
  autoscaling(stage.world, 'EnterStandby', { ...G, InstanceIds: [...ids], ShouldDecrementDesiredCapacity: decrement });
const parked = (stage: Stage, id: string): void => {
  park(stage, [id], true);
  stage.wait(MINUTE);
};
const update = (stage: Stage, input: Partial<AutoScaling.UpdateAutoScalingGroupCommandInput>): unknown =>
  autoscaling(stage.world, 'UpdateAutoScalingGroup', { ...G, ...input });

const TWENTY_ONE = Array.from({ length: 21 }, (_, index) => `i-${index.toString(16).padStart(17, '0')}`);

const REFUSALS: readonly Refusal[] = [
  [
    'detaching below the minimum with decrement',
    (stage, ids) => detach(stage, ids.slice(0, 2), true),
    'ValidationError: AutoScalingGroup shop-web has min-size=2, max-size=4, and desired-size=3. To detach 2 instances, please update the AutoScalingGroup sizes appropriately.',
  ],
  [
    'parking below the minimum with decrement',
    (stage, ids) => park(stage, ids.slice(0, 2), true),
    'ValidationError: AutoScalingGroup shop-web has min-size=2, max-size=4, and desired-size=3. To place into standby 2 instances, please update the AutoScalingGroup sizes appropriately.',
  ],
  [
    'more than twenty at once',
    (stage) => detach(stage, TWENTY_ONE, false),
    'ValidationError: The number of instances must not exceed 20.',
  ],
  ['nobody at all', (stage) => detach(stage, [], false), 'ValidationError: At least one instance must be specified.'],
  [
    'an instance that is no member',
    (stage) => detach(stage, [NOBODY], false),
    `ValidationError: The instance ${NOBODY} is not part of Auto Scaling group shop-web.`,
  ],
  [
    'a group that does not exist',
    (stage) => autoscaling(stage.world, 'SuspendProcesses', { AutoScalingGroupName: 'nowhere' }),
    'ValidationError: AutoScalingGroup name not found - AutoScalingGroup nowhere not found',
  ],
  [
    'returning above the maximum',
    (stage, ids) => {
      parked(stage, ids[0]!);
      update(stage, { MaxSize: 2 });
      return autoscaling(stage.world, 'ExitStandby', { ...G, InstanceIds: [ids[0]!] });
    },
    'ValidationError: AutoScalingGroup shop-web has min-size=2, max-size=2, and desired-size=2. To place into service 1 more instance, please update the AutoScalingGroup sizes appropriately.',
  ],
  [
    'returning while Launch is suspended',
    (stage, ids) => {
      parked(stage, ids[0]!);
      stage.world.change.groups.suspend('shop-web', 'Launch');
      return autoscaling(stage.world, 'ExitStandby', { ...G, InstanceIds: [ids[0]!] });
    },
    'ValidationError: The Launch process of AutoScalingGroup shop-web is suspended.',
  ],
  [
    'attaching above the maximum',
    (stage, ids) => {
      detach(stage, ids.slice(0, 1), false);
      stage.wait(5 * MINUTE);
      update(stage, { MaxSize: 3 });
      return autoscaling(stage.world, 'AttachInstances', { ...G, InstanceIds: ids.slice(0, 1) });
    },
    'ValidationError: AutoScalingGroup shop-web has min-size=2, max-size=3, and desired-size=3. To attach 1 instance, please update the AutoScalingGroup sizes appropriately.',
  ],
  [
    'attaching a member',
    (stage, ids) => autoscaling(stage.world, 'AttachInstances', { ...G, InstanceIds: ids.slice(0, 1) }),
    'ValidationError: The Instance: $0 is already part of AutoScalingGroup:shop-web',
  ],
  [
    'attaching what is not running',
    (stage, ids) => {
      detach(stage, ids.slice(0, 1), false);
      stage.wait(5 * MINUTE);
      stage.world.change.hosts.terminateInstance(ids[0]!);
      return autoscaling(stage.world, 'AttachInstances', { ...G, InstanceIds: ids.slice(0, 1) });
    },
    "ValidationError: Instance $0 is not in correct state. Instance(s) must be in 'running' state.",
  ],
  [
    'ending a member with decrement at the minimum',
    (stage, ids) => {
      update(stage, { MinSize: 3 });
      return autoscaling(stage.world, 'TerminateInstanceInAutoScalingGroup', {
        InstanceId: ids[0]!,
        ShouldDecrementDesiredCapacity: true,
      });
    },
    "ValidationError: Currently, desiredSize equals minSize (3). Terminating instance without replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.",
  ],
  [
    'ending what is nobody’s',
    (stage) =>
      autoscaling(stage.world, 'TerminateInstanceInAutoScalingGroup', {
        InstanceId: NOBODY,
        ShouldDecrementDesiredCapacity: false,
      }),
    `ValidationError: Instance Id not found - No managed instance found for instance ID: ${NOBODY}`,
  ],
  [
    'a maximum below the minimum',
    (stage) => update(stage, { MinSize: 5 }),
    'ValidationError: Max bound, 4, must be greater than or equal to min bound, 5',
  ],
  [
    'a desired capacity out of bounds',
    (stage) => update(stage, { DesiredCapacity: 9 }),
    'ValidationError: Desired capacity:9 must be between the specified min size:2 and max size:4',
  ],
  [
    'setting a desired capacity above the maximum',
    (stage) => autoscaling(stage.world, 'SetDesiredCapacity', { ...G, DesiredCapacity: 5 }),
    'ValidationError: New SetDesiredCapacity value 5 is above max value 4 for the AutoScalingGroup.',
  ],
  [
    'a process that is none',
    (stage) => autoscaling(stage.world, 'SuspendProcesses', { ...G, ScalingProcesses: ['Sleep'] }),
    'ValidationError: Invalid scaling process: Sleep. Valid scaling processes are: AddToLoadBalancer, AlarmNotification, AZRebalance, HealthCheck, InstanceRefresh, Launch, ReplaceUnhealthy, ScheduledActions, Terminate',
  ],
  [
    'a token that is none',
    (stage) => autoscaling(stage.world, 'DescribeScalingActivities', { ...G, NextToken: 'x' }),
    'InvalidNextToken: The NextToken value is not valid.',
  ],
];

describe('Auto Scaling refuses', () => {
  it.each(REFUSALS)('%s', (_, attempt, says) => {
    const stage = stageShop();
    const ids = stage.world.shop.instanceIds();
    expect(refusalOf(() => attempt(stage, ids))).toBe(says.replaceAll('$0', ids[0]!));
  });

  it('a whole move for one instance that cannot make it, and changes nothing', () => {
    const stage = stageShop();
    const [one] = stage.world.shop.instanceIds();
    const before = stage.world.state.groups.map((group) => JSON.stringify(group));
    expect(refusalOf(() => detach(stage, [one!, NOBODY], false))).toContain(NOBODY);
    expect(stage.world.state.groups.map((group) => JSON.stringify(group))).toEqual(before);
  });

  it('a write while another is pending, once for each time it was told to', () => {
    const stage = stageShop();
    stage.world.change.groups.contend('shop-web', 2);
    const says = 'ResourceContention: You already have a pending update to the AutoScalingGroup shop-web.';
    expect([refusalOf(() => update(stage, { MinSize: 1 })), refusalOf(() => update(stage, { MinSize: 1 }))]).toEqual([
      says,
      says,
    ]);
    update(stage, { MinSize: 1 });
    expect(stage.describe().MinSize).toBe(1);
  });
});

describe('an instance named twice in one call', () => {
  it('is moved once', () => {
    const stage = stageShop();
    const [one] = stage.world.shop.instanceIds();
    detach(stage, [one!, one!], true);
    expect([stage.describe().DesiredCapacity, stage.states()]).toEqual([2, 'Detaching InService InService']);
    stage.wait(5 * MINUTE);
    autoscaling(stage.world, 'AttachInstances', { ...G, InstanceIds: [one!, one!] });
    expect([stage.describe().DesiredCapacity, stage.states()]).toEqual([3, 'InService InService Pending']);
  });
});

describe('Auto Scaling describes', () => {
  it('the group in its own words', () => {
    const stage = stageShop();
    autoscaling(stage.world, 'SuspendProcesses', { ...G, ScalingProcesses: ['AlarmNotification'] });
    expect(stage.describe()).toMatchObject({
      MinSize: 2,
      MaxSize: 4,
      DesiredCapacity: 3,
      HealthCheckType: 'EC2',
      LaunchTemplate: { LaunchTemplateName: 'shop-web', Version: '7' },
      TargetGroupARNs: [stage.world.shop.targetGroupArn],
      SuspendedProcesses: [{ ProcessName: 'AlarmNotification', SuspensionReason: 'User suspended at 2026-01-05T14:00:00Z' }],
      AvailabilityZones: ['eu-west-3a', 'eu-west-3b', 'eu-west-3c'],
      Tags: [
        { Key: 'Name', Value: 'shop-web', PropagateAtLaunch: true },
        { Key: 'firebreak', Value: 'allow', PropagateAtLaunch: true },
      ],
    });
    expect(stage.describe().Instances?.map((one) => [one.LifecycleState, one.HealthStatus, one.LaunchTemplate?.Version])).toEqual(
      Array.from({ length: 3 }, () => ['InService', 'Healthy', '7']),
    );
  });

  it('activities page by page, each once, newest first', () => {
    const stage = stageShop();
    const seen: AutoScaling.Activity[] = [];
    let token: string | undefined;
    do {
      const answer = autoscaling(stage.world, 'DescribeScalingActivities', {
        ...G,
        MaxRecords: 2,
        NextToken: token,
      }) as AutoScaling.ActivitiesType;
      expect(answer.Activities!.length).toBeLessThanOrEqual(2);
      seen.push(...answer.Activities!);
      token = answer.NextToken;
    } while (token !== undefined);
    expect(new Set(seen.map((one) => one.ActivityId)).size).toBe(9);
    const times = seen.map((one) => one.StartTime!.getTime());
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });

  it('sixty groups in pages of fifty', () => {
    const stage = stageShop({ scale: { targets: 3, groups: 60, acls: 3 } });
    const page = autoscaling(stage.world, 'DescribeAutoScalingGroups', {}) as AutoScaling.AutoScalingGroupsType;
    const rest = autoscaling(stage.world, 'DescribeAutoScalingGroups', {
      NextToken: page.NextToken,
    }) as AutoScaling.AutoScalingGroupsType;
    expect([page.AutoScalingGroups!.length, rest.AutoScalingGroups!.length, rest.NextToken]).toEqual([50, 10, undefined]);
  });

  it('instances by id, and leaves out those it does not know', () => {
    const stage = stageShop();
    const [one] = stage.world.shop.instanceIds();
    const answer = autoscaling(stage.world, 'DescribeAutoScalingInstances', { InstanceIds: [one!, NOBODY] });
    expect(answer).toEqual({
      AutoScalingInstances: [
        expect.objectContaining({ InstanceId: one, HealthStatus: 'HEALTHY', AutoScalingGroupName: 'shop-web' }),
      ],
    });
  });

  it('policies, target groups and tags', () => {
    const { world } = stageShop();
    expect(autoscaling(world, 'DescribePolicies', G)).toMatchObject({
      ScalingPolicies: [{ PolicyName: 'shop-web-cpu', PolicyType: 'TargetTrackingScaling', Enabled: true }],
    });
    expect(autoscaling(world, 'DescribeLoadBalancerTargetGroups', G)).toEqual({
      LoadBalancerTargetGroups: [{ LoadBalancerTargetGroupARN: world.shop.targetGroupArn, State: 'Added' }],
    });
    expect(autoscaling(world, 'DescribeTags', { Filters: [{ Name: 'key', Values: ['firebreak'] }] })).toEqual({
      Tags: [
        { ResourceId: 'shop-web', ResourceType: 'auto-scaling-group', Key: 'firebreak', Value: 'allow', PropagateAtLaunch: true },
      ],
    });
    expect(autoscaling(world, 'DescribeWarmPool', G)).toEqual({ Instances: [] });
  });
});

describe('the trail', () => {
  it('keeps who changed what, refused attempts included, and no reads', () => {
    const stage = stageShop();
    const [one] = stage.world.shop.instanceIds();
    const before = stage.world.state.trail.length;
    stage.describe();
    refusalOf(() => detach(stage, [NOBODY], false));
    stage.wait(SECOND);
    detach(stage, [one!], false);
    stage.world.change.groups.suspend('shop-web', 'Launch');
    expect(stage.world.state.trail.slice(before)).toMatchObject([
      { name: 'DetachInstances', callerArn: CALLER_ARN, errorCode: 'ValidationError' },
      {
        name: 'DetachInstances',
        source: 'autoscaling.amazonaws.com',
        userName: 'inc-0042-U1',
        at: stage.clock.now(),
        resources: [
          { type: 'AWS::AutoScaling::AutoScalingGroup', name: 'shop-web' },
          { type: 'AWS::EC2::Instance', name: one },
        ],
      },
      { name: 'SuspendProcesses', userName: 'marta' },
    ]);
  });
});

describe('Systems Manager', () => {
  const send = (stage: Stage, id: string, input: object = {}): string => {
    const answer = call(stage.world, 'ssm', 'SendCommand', {
      DocumentName: 'Firebreak-Diagnostics',
      InstanceIds: [id],
      TimeoutSeconds: 60,
      ...input,
    });
    return (answer as { readonly Command: { readonly CommandId: string } }).Command.CommandId;
  };
  const look = (stage: Stage, CommandId: string, InstanceId: string): unknown =>
    call(stage.world, 'ssm', 'GetCommandInvocation', { CommandId, InstanceId });

  it('runs the diagnostics on the host and answers what they found, secrets and all', () => {
    const stage = stageShop({ trouble: 'processDown' });
    const [sick] = stage.world.shop.instanceIds();
    const id = send(stage, sick!);
    expect(refusalOf(() => look(stage, id, sick!))).toMatch(/^InvocationDoesNotExist: /);
    stage.wait(SECOND);
    expect(look(stage, id, sick!)).toMatchObject({ Status: 'InProgress', StandardOutputContent: '' });
    stage.wait(10 * SECOND);
    const found = look(stage, id, sick!) as { readonly Status: string; readonly StandardOutputContent: string };
    expect(found.Status).toBe('Success');
    expect(found.StandardOutputContent).toContain('Active: failed (Result: exit-code)');
    expect(found.StandardOutputContent).toMatch(/DB_PASSWORD=\S+/);
    expect(found.StandardOutputContent).not.toContain(':8080 users:');
  });

  it.each([
    ['hangs', (stage: Stage, id: string) => stage.world.change.hosts.setAgent(id, 'hangs'), 'ExecutionTimedOut'],
    ['cannot be reached', (stage: Stage, id: string) => stage.world.change.hosts.impair(id), 'DeliveryTimedOut'],
    ['has no credentials', (stage: Stage) => stage.world.change.identities.detachRole('shop-web'), 'DeliveryTimedOut'],
    [
      'cannot get out',
      (stage: Stage) => stage.world.change.network.blackholeRoute(stage.world.shop.appSubnetIds[0]!),
      'DeliveryTimedOut',
    ],
  ] as const)('times out when the agent %s', (_, happen, details) => {
    const stage = stageShop();
    const [one] = stage.world.shop.instanceIds();
    happen(stage, one!);
    const id = send(stage, one!);
    stage.wait(59 * SECOND);
    expect(look(stage, id, one!)).toMatchObject({ Status: 'InProgress' });
    stage.wait(SECOND);
    expect(look(stage, id, one!)).toMatchObject({ Status: 'TimedOut', StatusDetails: details });
  });

  it('refuses unknown instances and unknown documents', () => {
    const stage = stageShop();
    const [one] = stage.world.shop.instanceIds();
    expect(refusalOf(() => send(stage, NOBODY))).toBe(
      `InvalidInstanceId: Instances [[${NOBODY}]] not in a valid state for account 111122223333`,
    );
    expect(refusalOf(() => send(stage, one!, { DocumentName: 'Mine' }))).toBe(
      'InvalidDocument: Document with name Mine does not exist.',
    );
  });

  it('knows which agents can be heard', () => {
    const stage = stageShop();
    const [one] = stage.world.shop.instanceIds();
    stage.world.change.groups.suspend('shop-web', 'HealthCheck');
    stage.world.change.hosts.impair(one!);
    const answer = call(stage.world, 'ssm', 'DescribeInstanceInformation', {}) as {
      readonly InstanceInformationList: readonly { readonly PingStatus: string }[];
    };
    expect(answer.InstanceInformationList.map((info) => info.PingStatus)).toEqual(['ConnectionLost', 'Online', 'Online']);
  });
});
