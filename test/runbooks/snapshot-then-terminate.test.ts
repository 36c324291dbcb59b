import { describe, expect, it } from 'vitest';
import { snapshotThenTerminate } from '../../runbooks/fixes/snapshot-then-terminate.ts';
import { type GuardResult, type Prepared, type Refusal, sealFix } from '../../src/runbook/define-fix.ts';
import {
  GROUP_ARN,
  instance,
  instanceArn,
  member,
  RUN,
  record,
  shop,
  step,
  target,
  targetGroup,
  volume,
  type World,
} from './shop-facts.ts';

const fix = sealFix(snapshotThenTerminate);
const prepared = (input: unknown = { groupName: 'shop-web', instanceId: 'i-0a1' }): Prepared => {
  const ready = fix.prepare(input);
  if ('invalid' in ready) throw new Error(ready.invalid);
  return ready;
};
const plan = prepared().preview(shop(), RUN);
const reports = (world: World) => prepared().look(world);
const resultOf = (world: World, id: string): GuardResult => {
  const found = reports(world).find((report) => report.id === id);
  if (found === undefined) throw new Error(`No guard ${id}`);
  return found.result;
};
const refusals = (world: World) =>
  reports(world)
    .filter(({ result }) => result.outcome === 'refuse')
    .map(({ id }) => id);

const activity = (status: string, description: string, message?: string) => ({
  id: 'act-1',
  status,
  description,
  cause: 'at 2026-03-02 an instance was started',
  startedAt: '2026-03-02T13:58:00.000Z',
  ...(message !== undefined && { message }),
});

describe('guards', () => {
  it('let one sick instance among healthy ones pass, and each says what it looked at', () => {
    const all = reports(shop());
    expect(all.filter(({ result }) => result.outcome !== 'pass')).toEqual([]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.every(({ title }) => title.length > 8)).toBe(true);
  });

  it.each<[string, string, (world: World) => void, because: string, toMakePossible: string]>([
    [
      'there is no such group',
      'group-exists',
      (w) => {
        w.group = undefined;
      },
      'There is no Auto Scaling group shop-web here.',
      'Choose the group anew',
    ],
    [
      'it is no member',
      'in-service',
      (w) => {
        w.group!.members.shift();
        w.group!.desired = 2;
      },
      'i-0a1 is not a member of shop-web.',
      'Choose an instance that shop-web has now.',
    ],
    [
      'health replacement has begun',
      'in-service',
      (w) => {
        w.group!.members[0]!.lifecycleState = 'Terminating:Wait';
      },
      'already replacing i-0a1 (Terminating:Wait)',
      'Wait for the replacement.',
    ],
    [
      'it is in standby',
      'in-service',
      (w) => {
        w.group!.members[0]!.lifecycleState = 'Standby';
      },
      'i-0a1 is Standby in shop-web',
      'Return i-0a1 from standby first.',
    ],
    [
      'it is still pending',
      'in-service',
      (w) => {
        w.group!.members[0]!.lifecycleState = 'Pending';
      },
      'i-0a1 is Pending',
      'Wait until i-0a1 is InService.',
    ],
    [
      'it is stopping',
      'in-service',
      (w) => {
        w.instance!.state = 'stopping';
      },
      'i-0a1 is stopping, not running.',
      'Let the group replace it',
    ],
    [
      'another member is terminating',
      'group-stable',
      (w) => {
        w.group!.members[1]!.lifecycleState = 'Terminating';
      },
      'i-0b2 is Terminating',
      'Wait a minute',
    ],
    [
      'the group is short of an instance',
      'group-stable',
      (w) => {
        w.group!.desired = 4;
      },
      'shop-web has 3 of 4 instances',
      'latest activities',
    ],
    [
      'an activity runs',
      'group-stable',
      (w) => {
        w.surroundings.activities = [activity('PreInService', 'Launching a new EC2 instance: i-9')];
      },
      'Launching a new EC2 instance: i-9 (PreInService)',
      'Wait until the activity is over.',
    ],
    [
      'an instance refresh runs',
      'no-deployment',
      (w) => {
        w.surroundings.activeRefreshes = [{ id: 'r-1', status: 'InProgress' }];
      },
      'An instance refresh of shop-web is InProgress',
      'Cancel the instance refresh',
    ],
    [
      'CodeDeploy deploys',
      'no-deployment',
      (w) => {
        w.surroundings.hooks = [
          {
            name: 'CodeDeploy-managed-hook',
            transition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
            timeoutSeconds: 600,
            defaultResult: 'ABANDON',
          },
        ];
        w.group!.suspendedProcesses = ['AZRebalance', 'AlarmNotification', 'ReplaceUnhealthy', 'ScheduledActions'];
      },
      'A CodeDeploy deployment seems to run',
      'Wait until the deployment is over',
    ],
    [
      'an operator owns the group',
      'not-managed',
      (w) => {
        w.group!.operator = 'eks.amazonaws.com';
      },
      'shop-web is managed by eks.amazonaws.com',
      "Use eks.amazonaws.com's own means",
    ],
    [
      'an operator owns the instance',
      'not-managed',
      (w) => {
        w.members[0]!.operator = 'ec2.managed';
      },
      'managed by ec2.managed',
      'own means',
    ],
    [
      'EKS owns it',
      'not-managed',
      (w) => {
        w.group!.tags = { ...w.group!.tags, 'eks:cluster-name': 'prod' };
      },
      'managed by EKS',
      'cordon and drain',
    ],
    [
      'Kubernetes owns it',
      'not-managed',
      (w) => {
        w.members[1]!.tags = { ...w.members[1]!.tags, 'kubernetes.io/cluster/prod': 'owned' };
      },
      'Kubernetes',
      'cordon and drain',
    ],
    [
      'Karpenter owns it',
      'not-managed',
      (w) => {
        w.members[0]!.tags = { 'karpenter.sh/nodepool': 'x' };
      },
      'managed by Karpenter',
      "Karpenter's own means",
    ],
    [
      'ECS owns it',
      'not-managed',
      (w) => {
        w.group!.tags = { ...w.group!.tags, AmazonECSManaged: '' };
      },
      'managed by ECS',
      "ECS's own means",
    ],
    [
      'Elastic Beanstalk owns it',
      'not-managed',
      (w) => {
        w.group!.tags = { ...w.group!.tags, 'elasticbeanstalk:environment-name': 'x' };
      },
      'managed by Elastic Beanstalk',
      "Elastic Beanstalk's own means",
    ],
    [
      'the group is weighted',
      'not-weighted',
      (w) => {
        w.group!.weighted = true;
      },
      'uses weighted capacity',
      'take the weights out',
    ],
    [
      'a member has a weight',
      'not-weighted',
      (w) => {
        w.group!.members[2]!.weightedCapacity = '4';
      },
      'uses weighted capacity',
      'take the weights out',
    ],
    [
      'the group did not opt in',
      'opted-in',
      (w) => {
        w.group!.tags = {};
      },
      'shop-web is not tagged firebreak=allow, so Firebreak may not touch it.',
      'Whoever owns shop-web sets the tag',
    ],
    [
      'the instance did not opt in',
      'opted-in',
      (w) => {
        w.instance!.tags = { firebreak: 'no' };
      },
      'i-0a1 is not tagged firebreak=allow',
      'the bot cannot',
    ],
    [
      'neither opted in',
      'opted-in',
      (w) => {
        w.instance!.tags = {};
        w.group!.tags = {};
      },
      'shop-web and i-0a1 are not tagged firebreak=allow, so Firebreak may not touch them.',
      'the bot cannot',
    ],
    [
      'a classic load balancer sends traffic',
      'traffic-follows',
      (w) => {
        w.group!.otherTrafficSources = ['classic-1'];
      },
      'gets traffic from classic-1',
      'by hand',
    ],
    [
      'an attached target group cannot be seen',
      'traffic-follows',
      (w) => {
        w.group!.targetGroupArns.push('arn:gone');
      },
      'arn:gone is attached to shop-web, but could not be seen',
      'Detach it from the group',
    ],
    [
      'it is in a target group that is not the group’s',
      'traffic-follows',
      (w) => {
        w.targetGroups.push(targetGroup('shop-admin', [target('i-0a1')]));
      },
      'i-0a1 is registered in shop-admin, which is not attached to shop-web',
      'deregister i-0a1 from it first',
    ],
    [
      'its address is an IP target',
      'traffic-follows',
      (w) => {
        w.targetGroups.push({ ...targetGroup('shop-ip', [target(w.members[0]!.addresses[0]!)]), targetType: 'ip' });
      },
      'whose targets are of type ip',
      'out of shop-ip by hand first',
    ],
    [
      'it is the last healthy target',
      'not-last-healthy',
      (w) => {
        w.targetGroups[0]!.targets = [target('i-0a1'), target('i-0b2', 'unhealthy'), target('i-0c3', 'unhealthy')];
      },
      'i-0a1 is the last healthy target of shop-web.',
      'Scale out by one first',
    ],
    [
      'a minimum count would be breached',
      'minimum-healthy',
      (w) => {
        w.targetGroups[0]!.targets[0]!.state = 'healthy';
        w.targetGroups[0]!.minimumHealthy = { 'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '3' };
      },
      '2 healthy targets would stay in shop-web; target_group_health.unhealthy_state_routing.minimum_healthy_targets.count asks for 3.',
      'Scale out first, or lower target_group_health',
    ],
    [
      'a minimum percentage would be breached',
      'minimum-healthy',
      (w) => {
        w.targetGroups[0]!.targets = [target('i-0a1'), target('i-0b2'), target('i-0c3', 'unhealthy')];
        w.targetGroups[0]!.minimumHealthy = { 'target_group_health.dns_failover.minimum_healthy_targets.percentage': '60' };
      },
      '1 healthy target would stay in shop-web; target_group_health.dns_failover.minimum_healthy_targets.percentage asks for 2.',
      'Scale out first',
    ],
    [
      'a zone would be empty without cross-zone',
      'minimum-healthy',
      (w) => {
        w.targetGroups[0]!.targets[0]!.state = 'healthy';
        w.targetGroups[0]!.crossZone = false;
      },
      '0 healthy targets would stay in shop-web in eu-west-3b; target_group_health.dns_failover.minimum_healthy_targets.count asks for 1.',
      'in that zone, or switch cross-zone load balancing on',
    ],
    [
      'Launch is suspended',
      'launch-processes',
      (w) => {
        w.group!.suspendedProcesses = ['Launch'];
      },
      'Launch is suspended in shop-web',
      'Resume Launch first.',
    ],
    [
      'AddToLoadBalancer is suspended too',
      'launch-processes',
      (w) => {
        w.group!.suspendedProcesses = ['AddToLoadBalancer', 'Launch'];
      },
      'Launch and AddToLoadBalancer are suspended',
      'Resume Launch and AddToLoadBalancer first.',
    ],
    [
      'the image is gone',
      'launch-possible',
      (w) => {
        w.launch.missing = ['Image ami-7 does not exist.'];
      },
      'could not launch a replacement. Image ami-7 does not exist.',
      'Repair the launch template',
    ],
    [
      'no address is free',
      'launch-possible',
      (w) => {
        w.launch.freeAddresses[0]!.free = 0;
      },
      'No subnet of shop-web has a free address (subnet-b).',
      'Free addresses',
    ],
    [
      'it holds an elastic IP',
      'no-ties',
      (w) => {
        w.ties.elasticIps = ['203.0.113.7'];
      },
      'holds the elastic IP 203.0.113.7',
      'Move 203.0.113.7',
    ],
    [
      'a route leads to it',
      'no-ties',
      (w) => {
        w.ties.routes = [{ routeTableId: 'rtb-1', destination: '10.9.0.0/16' }];
      },
      'The route to 10.9.0.0/16 in rtb-1 leads to i-0a1',
      'Point the route elsewhere first.',
    ],
    [
      'it has a second interface',
      'no-ties',
      (w) => {
        w.instance!.interfaces.push({ id: 'eni-2', deviceIndex: 1, addresses: [] });
      },
      'second network interface eni-2',
      'Detach eni-2 first',
    ],
    [
      'it is protected from termination',
      'termination-allowed',
      (w) => {
        w.instance!.apiTerminationDisabled = true;
      },
      'protected from termination (DisableApiTermination)',
      'takes the protection off',
    ],
    [
      'its protection cannot be read',
      'termination-allowed',
      (w) => {
        delete w.instance!.apiTerminationDisabled;
      },
      'could not be read',
      'ec2:DescribeInstanceAttribute',
    ],
    [
      'it has no volume',
      'volumes-savable',
      (w) => {
        w.volumes = [];
      },
      'has no EBS volume',
      'by hand first',
    ],
    [
      'it has too many volumes',
      'volumes-savable',
      (w) => {
        w.volumes = Array.from({ length: 13 }, (_, i) => volume(`vol-${i}`));
      },
      '13 volumes; up to 12',
      'by hand',
    ],
    [
      'a volume is shared',
      'volumes-savable',
      (w) => {
        w.volumes[0]!.attachments = 2;
      },
      'vol-1 (/dev/xvda) can be attached to several',
      'Detach vol-1',
    ],
    [
      'a volume may be shared',
      'volumes-savable',
      (w) => {
        w.volumes[1]!.multiAttach = true;
      },
      'vol-2',
      'Detach vol-2',
    ],
    [
      'a key is disabled',
      'volumes-savable',
      (w) => {
        w.volumes[0]!.kmsKeyState = 'PendingDeletion';
      },
      'The key of vol-1 is PendingDeletion (key-1)',
      'cancel its deletion',
    ],
  ])('refuse when %s', (_what, id, change, because, toMakePossible) => {
    const result = resultOf(shop(change), id) as Refusal;
    expect(result).toMatchObject({ outcome: 'refuse' });
    expect(result.because).toContain(because);
    expect(result.toMakePossible).toContain(toMakePossible);
  });

  it.each<[string, string, (world: World) => void, because: string]>([
    [
      'CodeDeploy rides along',
      'code-deploy',
      (w) => {
        w.surroundings.hooks = [
          {
            name: 'CodeDeploy-managed-hook',
            transition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
            timeoutSeconds: 600,
            defaultResult: 'ABANDON',
          },
        ];
      },
      'CodeDeploy deploys to new instances of shop-web (hook CodeDeploy-managed-hook)',
    ],
    [
      'nothing is healthy',
      'fails-open',
      (w) => {
        for (const one of w.targetGroups[0]!.targets) one.state = 'unhealthy';
      },
      'the load balancer fails open',
    ],
    [
      'a termination hook is skipped',
      'termination-hooks',
      (w) => {
        w.surroundings.hooks = [
          {
            name: 'ship-logs',
            transition: 'autoscaling:EC2_INSTANCE_TERMINATING',
            timeoutSeconds: 300,
            defaultResult: 'CONTINUE',
          },
        ];
      },
      'Detaching skips the termination hook ship-logs',
    ],
    [
      'instance store is lost',
      'not-captured',
      (w) => {
        w.instance!.instanceStore = true;
      },
      'has instance store, which is lost',
    ],
    [
      'a key may not be looked at',
      'keys-seen',
      (w) => {
        w.volumes[1]!.kmsKeyState = 'unknown';
      },
      'Whether the keys of vol-2 are usable could not be read (kms:DescribeKey)',
    ],
    [
      'undo is impossible from the start',
      'can-come-back',
      (w) => {
        w.instance!.imageMissing = true;
      },
      'The image ami-6 of i-0a1 is gone, so it can never be attached again',
    ],
  ])('ask for an acknowledgement when %s', (_what, id, change, because) => {
    const result = resultOf(shop(change), id);
    expect(result).toMatchObject({ outcome: 'acknowledge' });
    expect(result).toHaveProperty('because', expect.stringContaining(because));
    expect(refusals(shop(change))).toEqual([]);
  });

  it.each<[string, string, (world: World) => void, text: string]>([
    ['the versions', 'template-version', () => {}, 'The group launches template version 7 ($Latest); i-0a1 runs version 6.'],
    [
      'that the replacement may carry the same fault',
      'template-version',
      (w) => {
        w.launch.version = '6';
        w.launch.imageId = 'ami-6';
      },
      'the same template version 6 ($Latest): it may carry the same fault.',
    ],
    [
      'another image of the same version',
      'template-version',
      (w) => {
        w.launch.version = '6';
      },
      'The group launches image ami-7; i-0a1 runs ami-6.',
    ],
    [
      'failed launches',
      'recent-launches',
      (w) => {
        w.surroundings.activities = [
          activity('Failed', 'Launching a new EC2 instance', 'InsufficientInstanceCapacity'),
          activity('Failed', 'Launching a new EC2 instance'),
        ];
      },
      '2 recent launches of shop-web failed, the last at 2026-03-02T13:58:00.000Z: InsufficientInstanceCapacity',
    ],
    [
      'that desired is at the maximum',
      'at-maximum',
      (w) => {
        w.group!.maxSize = 3;
      },
      'an undo raises the maximum of shop-web to 4 and restores it afterwards.',
    ],
    [
      'scheduled events',
      'upcoming-events',
      (w) => {
        w.members[1]!.scheduledEvents = [{ code: 'instance-retirement', notBefore: '2026-03-05' }];
      },
      'i-0b2: scheduled instance-retirement from 2026-03-05.',
    ],
    [
      'Spot rebalancing',
      'upcoming-events',
      (w) => {
        w.group!.capacityRebalance = true;
        w.members[0]!.spot = true;
      },
      'Spot: 1 instance may be replaced at any time.',
    ],
    [
      'a maximum lifetime',
      'upcoming-events',
      (w) => {
        w.group!.maxInstanceLifetimeSeconds = 7 * 86_400;
      },
      'instances are replaced after 7 days.',
    ],
    [
      'that the group cannot heal',
      'other-processes',
      (w) => {
        w.group!.suspendedProcesses = ['ReplaceUnhealthy', 'Terminate'];
      },
      'Terminate and ReplaceUnhealthy are suspended in shop-web',
    ],
    [
      'that a replacement may begin',
      'in-service',
      (w) => {
        w.group!.members[0]!.healthStatus = 'Unhealthy';
      },
      'its own replacement may begin any moment.',
    ],
    ['which volumes outlive it', 'volumes-after', () => {}, 'vol-2 (30 GiB) outlives i-0a1 and goes on costing.'],
    [
      'that its volumes are deleted',
      'volumes-after',
      (w) => {
        w.volumes[1]!.deleteOnTermination = true;
      },
      'Terminating i-0a1 deletes all 2 volumes; the snapshots stay.',
    ],
    ['what is never captured', 'not-captured', () => {}, 'Memory, and what is mounted over the network (EFS), are not captured.'],
  ])('show %s', (_what, id, change, text) => {
    expect(resultOf(shop(change), id)).toEqual({ outcome: 'pass', note: expect.stringContaining(text) });
    expect(refusals(shop(change))).toEqual([]);
  });

  it.each<[string, boolean, string[]]>([
    ['a hook alone', true, []],
    ['a hook and one process that somebody suspended', true, ['AZRebalance']],
    ['the processes without a hook', false, ['AZRebalance', 'AlarmNotification', 'ReplaceUnhealthy', 'ScheduledActions']],
  ])('do not take %s for a deployment', (_what, hooked, suspended) => {
    const world = shop((w) => {
      w.group!.suspendedProcesses = suspended;
      if (hooked)
        w.surroundings.hooks = [
          {
            name: 'CodeDeploy-managed-hook',
            transition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
            timeoutSeconds: 600,
            defaultResult: 'ABANDON',
          },
        ];
    });
    expect(resultOf(world, 'no-deployment')).toEqual({ outcome: 'pass' });
  });

  it('do not take an empty target group for one that fails open', () => {
    const world = shop((w) => {
      const empty = targetGroup('shop-new', []);
      w.targetGroups.push(empty);
      w.group!.targetGroupArns.push(empty.arn);
    });
    expect(resultOf(world, 'fails-open')).toEqual({ outcome: 'pass' });
  });

  it('have nothing to say about Spot where no instance is one', () => {
    const world = shop((w) => {
      w.group!.capacityRebalance = true;
    });
    expect(resultOf(world, 'upcoming-events')).toEqual({ outcome: 'pass' });
  });

  it('do not mind a threshold that was missed before and is not made worse', () => {
    const world = shop((w) => {
      w.targetGroups[0]!.minimumHealthy = { 'target_group_health.dns_failover.minimum_healthy_targets.count': '3' };
    });
    expect(resultOf(world, 'minimum-healthy')).toEqual({ outcome: 'pass' });
  });

  it('stand on what could be read: an unreadable fact refuses and names the permission', () => {
    const world = {
      ...shop(),
      ties: { unreadable: 'denied', because: 'Elastic IPs could not be read.', permission: 'ec2:DescribeAddresses' },
    };
    expect(prepared().look(world)).toEqual([
      {
        id: 'read-ties-of',
        title: 'Read ties-of',
        result: {
          outcome: 'refuse',
          because: 'Elastic IPs could not be read.',
          toMakePossible: 'Give the read role ec2:DescribeAddresses.',
        },
      },
    ]);
  });
});

describe('the plan', () => {
  it('reads as people see it', () => {
    expect(plan.headline).toBe('Snapshot and terminate i-0a1 (shop-web, eu-west-3b)');
    expect(plan.promise).toEqual({
      users: 'served by a replacement in about 90 s',
      data: '2 volumes snapshotted (40 GiB), kept until 2026-04-01',
      undo: 'until i-0a1 is terminated',
    });
    expect(plan.steps.map(({ title, phase, mode, takes, undo }) => [phase, mode, title, takes, undo])).toEqual([
      [1, 'act', 'Tag i-0a1 with incident and run', undefined, 'nothing'],
      [1, 'act', 'Detach i-0a1 from shop-web, same capacity', 'up to 5 min of draining', { title: 'attach again' }],
      [1, 'collect', 'Collect console output and diagnostics', 'at most 60 s', 'nothing'],
      [1, 'act', 'Snapshot vol-1 and vol-2', 'kept until 2026-04-01', 'nothing'],
      [1, 'wait', 'Wait until the replacement serves', 'about 90 s', 'nothing'],
      [1, 'wait', 'Wait until all 2 snapshots are complete', 'about 4 min', 'nothing'],
      [2, 'act', 'Terminate i-0a1', undefined, 'irreversible'],
    ]);
    expect(plan.steps.filter(({ servesUsers }) => servesUsers).map(({ id }) => id)).toEqual(['replace']);
    expect(plan).toMatchObject({
      target: 'i-0a1',
      locks: ['i-0a1', 'shop-web'],
      irreversible: true,
      impact: { terminates: 1, removes: 1, groupName: 'shop-web', groupSize: 3 },
    });
  });

  const TAGS = [
    { Key: 'firebreak:incident', Value: 'inc-0042' },
    { Key: 'firebreak:run', Value: 'run-7' },
    { Key: 'firebreak:expires', Value: '2026-04-01' },
  ];
  it.each<[string, unknown[]]>([
    ['tag', [{ api: 'ec2:CreateTags', input: { Resources: ['i-0a1'], Tags: TAGS }, on: [instanceArn('i-0a1')] }]],
    [
      'detach',
      [
        {
          api: 'autoscaling:DetachInstances',
          input: { AutoScalingGroupName: 'shop-web', InstanceIds: ['i-0a1'], ShouldDecrementDesiredCapacity: false },
          on: [GROUP_ARN],
        },
      ],
    ],
    [
      'collect',
      [
        { api: 'ec2:GetConsoleOutput', input: { InstanceId: 'i-0a1', Latest: true }, on: [instanceArn('i-0a1')] },
        {
          api: 'ssm:SendCommand',
          input: { DocumentName: 'Firebreak-Diagnostics', InstanceIds: ['i-0a1'], TimeoutSeconds: 60 },
          on: ['arn:aws:ssm:eu-west-3:111122223333:document/Firebreak-Diagnostics', instanceArn('i-0a1')],
        },
      ],
    ],
    [
      'snapshot',
      [
        {
          api: 'ec2:CreateSnapshots',
          input: {
            InstanceSpecification: { InstanceId: 'i-0a1' },
            Description: 'inc-0042: i-0a1 before its termination',
            TagSpecifications: [{ ResourceType: 'snapshot', Tags: TAGS }],
          },
          on: [
            instanceArn('i-0a1'),
            'arn:aws:ec2:eu-west-3:111122223333:volume/vol-1',
            'arn:aws:ec2:eu-west-3:111122223333:volume/vol-2',
          ],
        },
      ],
    ],
    ['replace', []],
    ['complete', []],
    ['terminate', [{ api: 'ec2:TerminateInstances', input: { InstanceIds: ['i-0a1'] }, on: [instanceArn('i-0a1')] }]],
  ])('%s sends exactly this', (id, calls) => {
    expect(JSON.stringify(step(plan, id).calls)).toBe(JSON.stringify(calls));
  });

  it('waits as long as hooks, grace, warm-up and health checks may take, hours for snapshots', () => {
    const world = shop((w) => {
      w.surroundings.hooks = [
        { name: 'warm', transition: 'autoscaling:EC2_INSTANCE_LAUNCHING', timeoutSeconds: 240, defaultResult: 'CONTINUE' },
        { name: 'bye', transition: 'autoscaling:EC2_INSTANCE_TERMINATING', timeoutSeconds: 9999, defaultResult: 'CONTINUE' },
      ];
      w.group!.defaultWarmupSeconds = 100;
    });
    const slow = prepared().preview(world, RUN);
    expect(step(slow, 'replace').wait?.deadlineSeconds).toBe(600 + 240 + 60 + 100 + 60);
    expect(step(slow, 'detach').wait?.deadlineSeconds).toBe(300 + 120);
    expect(step(slow, 'complete').wait).toMatchObject({ pollSeconds: 15, pollSecondsMax: 60, deadlineSeconds: 43_200 });
  });

  it('requires, right before it terminates, that everything is saved and that users are served', () => {
    expect(step(plan, 'terminate').requires).toEqual([
      { is: 'snapshots-completed', runId: 'run-7', volumeIds: ['vol-1', 'vol-2'] },
      { is: 'replaced', groupName: 'shop-web', membersBefore: ['i-0a1', 'i-0b2', 'i-0c3'], needed: 1 },
    ]);
  });

  it('asks Xen for what console output there is', () => {
    const xen = prepared().preview(
      shop((w) => {
        w.instance!.hypervisor = 'xen';
      }),
      RUN,
    );
    expect(step(xen, 'collect').calls[0]?.input).toEqual({ InstanceId: 'i-0a1' });
  });

  it('says at once when it cannot be undone', () => {
    const gone = prepared().preview(
      shop((w) => {
        w.instance!.imageMissing = true;
      }),
      RUN,
    );
    expect(gone.promise.undo).toBe('not possible: its image ami-6 is gone');
  });

  it.each([
    [{ groupName: 'shop-web' }],
    [{ groupName: 'shop-web', instanceId: 'web-1' }],
    [{ groupName: 'shop-web', instanceId: 'i-0a1', x: '1' }],
  ])('is not made of %j', (input) => {
    expect(fix.prepare(input)).toHaveProperty('invalid', expect.stringMatching(/instanceId|x/));
  });
});

/** The world once the instance is out and its replacement serves. */
const detachedShop = (change: (world: World) => void = () => {}) =>
  shop((w) => {
    w.group!.members = [member('i-0b2'), member('i-0c3'), member('i-0d4')];
    w.members = [instance('i-0b2'), instance('i-0c3'), instance('i-0d4')];
    w.targetGroups[0]!.targets = [target('i-0b2'), target('i-0c3'), target('i-0d4')];
    change(w);
  });

describe('before each step it looks again', () => {
  const recheck = (world: World, before: string) => prepared().recheck(world, plan, step(plan, before));

  it.each(['tag', 'detach', 'collect'])('nothing stands in the way of %s in an unchanged world', (before) => {
    expect(recheck(shop(), before)).toBeUndefined();
  });
  it.each(['collect', 'snapshot', 'replace', 'complete', 'terminate'])(
    'nothing stands in the way of %s once detached',
    (before) => {
      expect(recheck(detachedShop(), before)).toBeUndefined();
    },
  );

  it.each<[string, string, World, string]>([
    [
      'health replacement began',
      'detach',
      shop((w) => {
        w.group!.members[0]!.lifecycleState = 'Terminating';
      }),
      'already replacing i-0a1',
    ],
    [
      'the opt-in is gone',
      'tag',
      shop((w) => {
        w.group!.tags = {};
      }),
      'not tagged firebreak=allow',
    ],
    [
      'the group was resized',
      'detach',
      shop((w) => {
        w.group!.maxSize = 9;
      }),
      'maximum is 9, not 6',
    ],
    [
      'the minimum was raised',
      'detach',
      shop((w) => {
        w.group!.minSize = 3;
      }),
      'minimum is 3, not 2',
    ],
    [
      'a volume was attached',
      'detach',
      shop((w) => {
        w.volumes.push(volume('vol-9'));
      }),
      'vol-9 was attached to i-0a1',
    ],
    [
      'a volume was attached later',
      'snapshot',
      detachedShop((w) => {
        w.volumes.push(volume('vol-9'));
      }),
      'vol-9 was attached to i-0a1',
    ],
    [
      'a volume was attached while waiting',
      'terminate',
      detachedShop((w) => {
        w.volumes.push(volume('vol-9'));
      }),
      'what is on it is not saved',
    ],
    [
      'a volume was detached',
      'terminate',
      detachedShop((w) => {
        w.volumes.pop();
      }),
      'vol-2 is no longer attached',
    ],
    [
      'it was attached again',
      'terminate',
      detachedShop((w) => {
        w.group!.members.push(member('i-0a1'));
      }),
      'i-0a1 was attached to shop-web again',
    ],
    [
      'another group took it',
      'terminate',
      detachedShop((w) => {
        w.instance!.tags['aws:autoscaling:groupName'] = 'other';
      }),
      'attached to other again',
    ],
    [
      'it was registered by hand',
      'terminate',
      detachedShop((w) => {
        w.targetGroups[0]!.targets.push(target('i-0a1', 'initial'));
      }),
      'registered in shop-web again',
    ],
    [
      'it ended by itself',
      'terminate',
      detachedShop((w) => {
        w.instance!.state = 'terminated';
      }),
      'terminated meanwhile, not by this run',
    ],
    [
      'its opt-in was taken back',
      'terminate',
      detachedShop((w) => {
        w.instance!.tags = {};
      }),
      'i-0a1 is no longer tagged',
    ],
    [
      'it was protected',
      'terminate',
      detachedShop((w) => {
        w.instance!.apiTerminationDisabled = true;
      }),
      'protected i-0a1 from termination',
    ],
    [
      'the replacement turned sick',
      'terminate',
      detachedShop((w) => {
        w.targetGroups[0]!.targets[2] = target('i-0d4', 'unhealthy');
      }),
      'i-0d4 is InService, shop-web: unhealthy, Target.ResponseCodeMismatch',
    ],
    [
      'the replacement is gone',
      'terminate',
      detachedShop((w) => {
        w.group!.members.pop();
      }),
      'The replacement no longer serves: is gone.',
    ],
    [
      'the group shrank',
      'terminate',
      detachedShop((w) => {
        w.group!.desired = 2;
      }),
      'made smaller meanwhile: desired is 2, not 3',
    ],
    [
      'the group vanished',
      'detach',
      shop((w) => {
        w.group = undefined;
      }),
      'shop-web does not exist any more',
    ],
  ])('%s: refused before %s', (_what, before, world, because) => {
    const refusal = recheck(world, before);
    expect(refusal?.because).toContain(because);
    expect(refusal?.toMakePossible.length).toBeGreaterThan(10);
  });

  it('an unreadable fact is no fact', () => {
    const world = { ...detachedShop(), group: { unreadable: 'throttled', because: 'Auto Scaling did not answer.' } };
    expect(prepared().recheck(world, plan, step(plan, 'terminate'))?.because).toBe('Auto Scaling did not answer.');
  });
});

describe('the report', () => {
  const steps = record(plan, {
    detach: {},
    snapshot: { seen: { 'vol-1': 'snap-1', 'vol-2': 'snap-2' } },
    complete: { seen: { 'vol-1': 'snap-1', 'vol-2': 'snap-2' } },
    terminate: {},
  }).steps;

  it('says who serves and what remains', () => {
    expect(
      prepared().verify(
        detachedShop((w) => {
          w.instance!.state = 'terminated';
        }),
        plan,
        steps,
      ),
    ).toEqual({
      ok: true,
      text: 'Served again: i-0d4 is InService and healthy in every target group of shop-web. i-0a1 is terminated.',
      remains: [
        'snap-1: kept until 2026-04-01',
        'snap-2: kept until 2026-04-01',
        'vol-2 (30 GiB): outlives i-0a1, delete it when it is no longer needed',
      ],
    });
  });
  it('says that the instance is kept when it was not terminated', () => {
    const report = prepared().verify(detachedShop(), plan, steps);
    expect(report.ok).toBe(true);
    expect(report.text).toContain('i-0a1 is out of the group and kept.');
    expect(report.remains).toContain('i-0a1: still running, costs as before; terminate it or undo');
  });
  it('is not ok while nobody serves', () => {
    const world = detachedShop((w) => {
      w.targetGroups[0]!.targets[2] = target('i-0d4', 'unhealthy');
    });
    expect(prepared().verify(world, plan, steps)).toMatchObject({ ok: false, text: expect.stringContaining('Not served yet') });
  });
  it('says so when it was attached again', () => {
    const world = detachedShop((w) => {
      w.group!.members.push(member('i-0a1'));
    });
    expect(prepared().verify(world, plan, steps)).toMatchObject({ ok: false, text: 'i-0a1 is still in shop-web.' });
  });
  it('says so when nothing was done', () => {
    expect(prepared().verify(shop(), plan, {})).toEqual({ ok: false, text: 'i-0a1 is still in shop-web.', remains: [] });
  });
  it('names interfaces that stay', () => {
    const kept = prepared().preview(
      shop((w) => {
        w.instance!.interfaces[0]!.deleteOnTermination = false;
      }),
      RUN,
    );
    const report = prepared().verify(
      detachedShop((w) => {
        w.instance = undefined;
      }),
      kept,
      steps,
    );
    expect(report.remains).toContain('eni-0a1: network interface that outlives i-0a1');
  });
});

describe('undo', () => {
  const healthyPlan = prepared().preview(
    shop((w) => {
      w.targetGroups[0]!.targets[0]!.state = 'healthy';
    }),
    RUN,
  );
  const seen = { tag: {}, detach: {}, replace: { seen: { replacementId: 'i-0d4' } } };
  const run = record(plan, seen);
  const undo = fix.prepareUndo(run);
  const undoReport = (world: World, id: string, of = run) =>
    fix
      .prepareUndo(of)
      .look(world)
      .find((one) => one.id === id)?.result;

  it('attaches first, then ends the replacement by its name, approved like any termination', () => {
    const undoPlan = undo.preview(detachedShop(), RUN);
    expect(undoPlan).toMatchObject({
      kind: 'undo',
      irreversible: true,
      target: 'i-0d4',
      locks: ['i-0a1', 'shop-web'],
      impact: { terminates: 1 },
    });
    expect(undoPlan.steps.map(({ id, phase, undo: back }) => [id, phase, back])).toEqual([
      ['attach', 1, 'nothing'],
      ['end-replacement', 2, 'irreversible'],
      ['compare', 2, 'nothing'],
    ]);
    expect(step(undoPlan, 'attach').calls).toEqual([
      {
        api: 'autoscaling:AttachInstances',
        input: { AutoScalingGroupName: 'shop-web', InstanceIds: ['i-0a1'] },
        on: [GROUP_ARN],
      },
    ]);
    expect(step(undoPlan, 'end-replacement').calls).toEqual([
      {
        api: 'autoscaling:TerminateInstanceInAutoScalingGroup',
        input: { InstanceId: 'i-0d4', ShouldDecrementDesiredCapacity: true },
        on: [GROUP_ARN],
      },
    ]);
    expect(step(undoPlan, 'compare').wait?.until).toEqual({
      is: 'sized',
      groupName: 'shop-web',
      minSize: 2,
      maxSize: 6,
      desired: 3,
    });
  });

  it('waits for health only from an instance that had it', () => {
    const waits = (of: typeof plan) => step(fix.prepareUndo(record(of, seen)).preview(detachedShop(), RUN), 'attach').wait?.until;
    expect(waits(healthyPlan)).toMatchObject({ is: 'in-service', healthy: true });
    expect(waits(plan)).toMatchObject({ is: 'in-service', healthy: false });
  });

  it('raises the maximum by one where desired is at it, and restores it afterwards', () => {
    const full = detachedShop((w) => {
      w.group!.maxSize = 3;
    });
    const undoPlan = undo.preview(full, RUN);
    expect(undoPlan.steps.map(({ id }) => id)).toEqual([
      'raise-maximum',
      'attach',
      'end-replacement',
      'restore-maximum',
      'compare',
    ]);
    expect(step(undoPlan, 'raise-maximum').title).toBe('Raise the maximum to 4');
    expect(step(undoPlan, 'raise-maximum').calls[0]?.input).toEqual({ AutoScalingGroupName: 'shop-web', MaxSize: 4 });
    expect(step(undoPlan, 'restore-maximum').calls[0]?.input).toEqual({ AutoScalingGroupName: 'shop-web', MaxSize: 3 });
    expect(step(undoPlan, 'compare').wait?.until).toMatchObject({ minSize: 2, maxSize: 3, desired: 3 });
  });

  it('keeps the instance detached when that is chosen: nothing is touched', () => {
    const kept = fix.prepareUndo({ ...run, chosen: { afterwards: 'keep-detached' } });
    const undoPlan = kept.preview(detachedShop(), RUN);
    expect(undoPlan.steps.flatMap(({ calls }) => calls)).toEqual([]);
    expect(undoPlan).toMatchObject({ irreversible: false, impact: { terminates: 0 } });
    expect(undoPlan.choices[0]).toMatchObject({ input: 'afterwards', chosen: 'keep-detached' });
    expect(kept.look(detachedShop()).filter(({ result }) => result.outcome !== 'pass')).toEqual([]);
    expect(kept.verify(detachedShop(), undoPlan, {}).text).toBe('i-0a1 stays detached and running; shop-web is as it is.');
  });

  it('goes on where an undo was cut short', () => {
    const half = detachedShop((w) => {
      w.group!.members.push(member('i-0a1'));
      w.group!.desired = 4;
      w.group!.maxSize = 7;
    });
    expect(
      undo
        .look(half)
        .filter(({ result }) => result.outcome !== 'pass')
        .map(({ id }) => id),
    ).toEqual(['sick-again']);
    half.group!.maxSize = 8;
    expect(undo.look(half).find(({ id }) => id === 'no-drift')?.result).toMatchObject({ outcome: 'acknowledge' });
    half.group!.maxSize = 7;
    const rest = undo.preview(half, RUN);
    expect(rest.steps.map(({ id }) => id)).toEqual(['end-replacement', 'restore-maximum', 'compare']);
    expect(step(rest, 'compare').wait?.until).toMatchObject({ maxSize: 6, desired: 3 });
  });

  it.each<[string, string, World, because: string, toMakePossible: string]>([
    [
      'the instance is terminated',
      'still-runs',
      detachedShop((w) => {
        w.instance!.state = 'terminated';
      }),
      'that cannot be undone',
      'snapshots are kept',
    ],
    [
      'the instance is stopped',
      'still-runs',
      detachedShop((w) => {
        w.instance!.state = 'stopped';
      }),
      'only a running instance',
      'Start i-0a1 first',
    ],
    ['it is in the group', 'was-detached', shop(), 'there is nothing to undo', 'Nothing is needed.'],
    [
      'Launch is suspended',
      'launch-processes',
      detachedShop((w) => {
        w.group!.suspendedProcesses = ['Launch'];
      }),
      'Launch is suspended',
      'Resume Launch first.',
    ],
    [
      'an instance refresh runs',
      'no-deployment',
      detachedShop((w) => {
        w.surroundings.activeRefreshes = [{ id: 'r', status: 'InProgress' }];
      }),
      'An instance refresh of shop-web is InProgress',
      'Cancel the instance refresh',
    ],
    [
      'the image is deregistered',
      'image-exists',
      detachedShop((w) => {
        w.instance!.imageMissing = true;
      }),
      'this cannot be undone. i-0a1 is kept as it is.',
      'recycle bin',
    ],
    [
      'the launch stumbles over the same image',
      'image-exists',
      detachedShop((w) => {
        w.launch.missing = ['image ami-6 does not exist'];
      }),
      'The image ami-6 of i-0a1 is gone',
      'recycle bin',
    ],
    [
      'the zone is gone',
      'zone-served',
      detachedShop((w) => {
        w.group!.zones = ['eu-west-3a'];
      }),
      'no longer covers eu-west-3b',
      'Add a subnet',
    ],
    [
      'no replacement came',
      'replacement-known',
      detachedShop((w) => {
        w.group!.members.pop();
        w.launch.missing = ['Image ami-7 does not exist.'];
      }),
      'It cannot launch one. Image ami-7 does not exist.',
      'repair the launch template',
    ],
    [
      'the replacement is the last healthy one',
      'not-last-healthy',
      detachedShop((w) => {
        w.targetGroups[0]!.targets = [target('i-0b2', 'unhealthy'), target('i-0c3', 'unhealthy'), target('i-0d4')];
      }),
      'i-0d4 is the last healthy target of shop-web.',
      'Scale out',
    ],
    [
      'too few healthy ones would stay',
      'minimum-healthy',
      detachedShop((w) => {
        w.targetGroups[0]!.minimumHealthy = { 'target_group_health.dns_failover.minimum_healthy_targets.count': '3' };
      }),
      '2 healthy targets would stay in shop-web',
      'Scale out',
    ],
    [
      'the opt-in is gone',
      'opted-in',
      detachedShop((w) => {
        w.instance!.tags = {};
      }),
      'i-0a1 is not tagged',
      'the bot cannot',
    ],
    [
      'the group is gone',
      'group-exists',
      detachedShop((w) => {
        w.group = undefined;
      }),
      'no Auto Scaling group shop-web',
      'Choose',
    ],
  ])('is refused when %s', (_what, id, world, because, toMakePossible) => {
    const result = undoReport(world, id) as Refusal;
    expect(result.because).toContain(because);
    expect(result.toMakePossible).toContain(toMakePossible);
  });

  it('is refused when the run did not detach', () => {
    expect(undoReport(detachedShop(), 'was-detached', record(plan, { tag: {}, detach: { status: 'skipped' } }))).toMatchObject({
      because: 'This run did not detach i-0a1.',
    });
  });
  it('says that a sick instance is replaced again, and offers to keep it', () => {
    expect(undoReport(detachedShop(), 'sick-again')).toMatchObject({
      outcome: 'acknowledge',
      because: expect.stringContaining('it can also be kept detached'),
    });
    expect(
      undoReport(
        detachedShop((w) => {
          w.group!.healthCheckType = 'EC2';
        }),
        'sick-again',
      ),
    ).toMatchObject({ outcome: 'pass', note: expect.stringContaining('only once healthy') });
    expect(undoReport(detachedShop(), 'sick-again', record(healthyPlan, seen))).toEqual({ outcome: 'pass' });
  });
  it('shows what others changed', () => {
    expect(
      undoReport(
        detachedShop((w) => {
          w.group!.maxSize = 8;
        }),
        'no-drift',
      ),
    ).toMatchObject({ outcome: 'acknowledge', because: expect.stringContaining('maximum is 8, not 6') });
  });

  describe('looks again', () => {
    const undoPlan = undo.preview(detachedShop(), RUN);
    const attached = (change: (world: World) => void = () => {}) =>
      detachedShop((w) => {
        w.group!.members.push(member('i-0a1'));
        w.group!.desired = 4;
        w.targetGroups[0]!.targets.push(target('i-0a1', 'initial'));
        change(w);
      });
    it.each<[string, string, World, string | undefined]>([
      ['nothing changed', 'attach', detachedShop(), undefined],
      ['its own attachment raised desired', 'end-replacement', attached(), undefined],
      [
        'others raised desired',
        'attach',
        detachedShop((w) => {
          w.group!.desired = 4;
        }),
        'desired is 4, not 3',
      ],
      [
        'others raised desired further',
        'end-replacement',
        attached((w) => {
          w.group!.desired = 5;
        }),
        'desired is 5, not 4',
      ],
      [
        'it was attached already',
        'attach',
        detachedShop((w) => {
          w.group!.members.push(member('i-0a1'));
        }),
        'attached to shop-web again',
      ],
      [
        'it was terminated',
        'attach',
        detachedShop((w) => {
          w.instance = undefined;
        }),
        'i-0a1 was terminated meanwhile',
      ],
      [
        'the replacement became the last healthy one',
        'end-replacement',
        attached((w) => {
          for (const one of w.targetGroups[0]!.targets) if (one.id !== 'i-0d4') one.state = 'unhealthy';
        }),
        'i-0d4 is the last healthy target',
      ],
    ])('%s: before %s', (_what, before, world, because) => {
      const refusal = undo.recheck(world, undoPlan, step(undoPlan, before));
      if (because === undefined) expect(refusal).toBeUndefined();
      else expect(refusal?.because).toContain(because);
    });

    it('reports that all is as it was', () => {
      const back = attached((w) => {
        w.group!.desired = 3;
        w.group!.members = w.group!.members.filter(({ id }) => id !== 'i-0d4');
      });
      expect(undo.verify(back, undoPlan, {})).toEqual({
        ok: true,
        text: 'i-0a1 is InService in shop-web again (not healthy yet). i-0d4 is gone. The sizes are as they were.',
        remains: [],
      });
      expect(undo.verify(attached(), undoPlan, {})).toMatchObject({
        ok: false,
        text: expect.stringContaining('i-0d4 is still there. Not as it was: desired is 4, not 3.'),
      });
    });
  });
});

it('candidates are the members, the sickest first', () => {
  const world = shop();
  const map = {
    serviceId: 'shop',
    foundBy: '',
    loadBalancers: [],
    listeners: [],
    targetGroups: world.targetGroups,
    groups: [world.group!],
    instances: world.members,
  };
  expect(fix.candidates(map)).toEqual([
    {
      input: { groupName: 'shop-web', instanceId: 'i-0a1' },
      label: 'i-0a1 (shop-web, eu-west-3b): shop-web: unhealthy, Target.ResponseCodeMismatch',
    },
    { input: { groupName: 'shop-web', instanceId: 'i-0b2' }, label: 'i-0b2 (shop-web, eu-west-3a): healthy' },
    { input: { groupName: 'shop-web', instanceId: 'i-0c3' }, label: 'i-0c3 (shop-web, eu-west-3c): healthy' },
  ]);
});
