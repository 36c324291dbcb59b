import { describe, expect, it } from 'vitest';
import { BATCH_MAX_INSTANCES, batches, SILENCED } from '../../runbooks/fixes/scale-to-one/world.ts';
import { scaleToOne } from '../../runbooks/fixes/scale-to-one.ts';
import { type GuardResult, type Prepared, type Refusal, type RunRecord, sealFix } from '../../src/runbook/define-fix.ts';
import { GROUP_ARN, instance, member, RUN, record, shop, step, target, targetGroup, type World } from './shop-facts.ts';

const fix = sealFix(scaleToOne);
const prepared = (input: unknown = { groupName: 'shop-web' }): Prepared => {
  const ready = fix.prepare(input);
  if ('invalid' in ready) throw new Error(ready.invalid);
  return ready;
};
const plan = prepared().preview(shop(), RUN);
const resultOf = (world: World, id: string, of = prepared()): GuardResult => {
  const found = of.look(world).find((report) => report.id === id);
  if (found === undefined) throw new Error(`No guard ${id}`);
  return found.result;
};
const refusals = (world: World) =>
  prepared()
    .look(world)
    .filter(({ result }) => result.outcome === 'refuse')
    .map(({ id }) => id);

describe('guards', () => {
  it('let a group with a healthy survivor pass', () => {
    const all = prepared().look(shop());
    expect(all.filter(({ result }) => result.outcome !== 'pass')).toEqual([]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  it.each<[string, string, (world: World) => void, because: string, toMakePossible: string]>([
    [
      'there is no such group',
      'group-exists',
      (w) => {
        w.group = undefined;
      },
      'There is no Auto Scaling group shop-web',
      'Choose the group anew',
    ],
    [
      'there is one only',
      'more-than-one',
      (w) => {
        w.group!.members = [member('i-0b2')];
        w.group!.desired = 1;
      },
      'shop-web has 1 instance InService',
      'Nothing is needed',
    ],
    [
      'nobody is healthy',
      'survivor-serves',
      (w) => {
        for (const one of w.targetGroups[0]!.targets) one.state = 'unhealthy';
      },
      'would carry everything alone, and it is not healthy: shop-web: unhealthy',
      'repair or replace one first',
    ],
    [
      'a second target group knows no healthy one',
      'survivor-serves',
      (w) => {
        const other = targetGroup('shop-api', [target('i-0b2', 'unhealthy'), target('i-0c3', 'unhealthy'), target('i-0a1')]);
        w.targetGroups.push(other);
        w.group!.targetGroupArns.push(other.arn);
      },
      'it is not healthy',
      'healthy in every target group',
    ],
    [
      'Auto Scaling calls all unhealthy',
      'survivor-serves',
      (w) => {
        w.targetGroups[0]!.targets[0]!.state = 'healthy';
        for (const one of w.group!.members) one.healthStatus = 'Unhealthy';
      },
      'Auto Scaling calls it unhealthy',
      'repair or replace',
    ],
    [
      'somebody is pending',
      'group-stable',
      (w) => {
        w.group!.members.push(member('i-0d4', { lifecycleState: 'Pending' }));
      },
      'i-0d4 is Pending',
      'Wait a minute',
    ],
    [
      'a refresh runs',
      'no-deployment',
      (w) => {
        w.surroundings.activeRefreshes = [{ id: 'r', status: 'Pending' }];
      },
      'An instance refresh of shop-web is Pending',
      'Cancel',
    ],
    [
      'Karpenter owns it',
      'not-managed',
      (w) => {
        w.members[2]!.tags = { 'karpenter.sh/nodepool': 'x' };
      },
      'managed by Karpenter',
      'own means',
    ],
    [
      'capacity is weighted',
      'not-weighted',
      (w) => {
        w.group!.weighted = true;
      },
      'uses weighted capacity',
      'take the weights out',
    ],
    [
      'one of the parked did not opt in',
      'opted-in',
      (w) => {
        w.members[0]!.tags = {};
      },
      'i-0a1 is not tagged firebreak=allow',
      'the bot cannot',
    ],
    [
      'the survivor did not opt in',
      'opted-in',
      (w) => {
        w.members[1]!.tags = {};
      },
      'i-0b2 is not tagged firebreak=allow',
      'the bot cannot',
    ],
    [
      'a parked one is in a foreign target group',
      'traffic-follows',
      (w) => {
        w.targetGroups.push(targetGroup('shop-admin', [target('i-0c3')]));
      },
      'i-0c3 is registered in shop-admin',
      'deregister i-0c3',
    ],
    [
      'a target group needs two',
      'minimum-healthy',
      (w) => {
        w.targetGroups[0]!.minimumHealthy = { 'target_group_health.dns_failover.minimum_healthy_targets.count': '2' };
      },
      '1 healthy target would stay in shop-web; target_group_health.dns_failover.minimum_healthy_targets.count asks for 2.',
      'Scale out first',
    ],
    [
      'a network load balancer without cross-zone would lose a zone',
      'minimum-healthy',
      (w) => {
        w.targetGroups[0]!.crossZone = false;
        w.targetGroups[0]!.loadBalancerType = 'network';
      },
      '0 healthy targets would stay in shop-web in eu-west-3c',
      'switch cross-zone load balancing on',
    ],
    [
      'only others are healthy in a target group',
      'not-last-healthy',
      (w) => {
        const other = targetGroup('shop-api', [target('i-0c3'), target('i-0b2', 'unhealthy')]);
        w.targetGroups.push(other);
        w.group!.targetGroupArns.push(other.arn);
        w.targetGroups[0]!.targets[2]!.state = 'unhealthy';
      },
      'i-0b2 is the last healthy target of shop-web.',
      'Scale out',
    ],
    [
      'AddToLoadBalancer is suspended',
      'launch-processes',
      (w) => {
        w.group!.suspendedProcesses = ['AddToLoadBalancer'];
      },
      'AddToLoadBalancer is suspended',
      'Resume AddToLoadBalancer first.',
    ],
    [
      'there is a warm pool',
      'no-warm-pool',
      (w) => {
        w.surroundings.warmPool = { size: 2 };
      },
      'has a warm pool (2 instances)',
      'Delete the warm pool',
    ],
    [
      'a forecast scales it',
      'no-forecast',
      (w) => {
        w.surroundings.policies = [
          { name: 'daily', type: 'PredictiveScaling', enabled: true, predictiveMode: 'ForecastAndScale' },
        ];
      },
      'The policy daily of shop-web scales by forecast',
      'Set daily to forecast only.',
    ],
  ])('refuse when %s', (_what, id, change, because, toMakePossible) => {
    const result = resultOf(shop(change), id) as Refusal;
    expect(result).toMatchObject({ outcome: 'refuse' });
    expect(result.because).toContain(because);
    expect(result.toMakePossible).toContain(toMakePossible);
  });

  it('refuse a survivor that is sick, or none of the group’s', () => {
    expect(resultOf(shop(), 'survivor-serves', prepared({ groupName: 'shop-web', survivorId: 'i-0a1' }))).toMatchObject({
      outcome: 'refuse',
      because: 'i-0a1 would carry everything alone, and it is not healthy: shop-web: unhealthy, Target.ResponseCodeMismatch.',
    });
    expect(resultOf(shop(), 'survivor-serves', prepared({ groupName: 'shop-web', survivorId: 'i-0ff' }))).toMatchObject({
      because: 'i-0ff is not a member of shop-web.',
    });
  });

  it('CodeDeploy is acknowledged', () => {
    const hooked = shop((w) => {
      w.surroundings.hooks = [
        {
          name: 'CodeDeploy-managed-hook',
          transition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
          timeoutSeconds: 600,
          defaultResult: 'ABANDON',
        },
      ];
    });
    expect(resultOf(hooked, 'code-deploy')).toMatchObject({ outcome: 'acknowledge' });
    expect(refusals(hooked)).toEqual([]);
  });

  it.each<[string, string, (world: World) => void, string]>([
    ['how busy the survivor is', 'survivor-load', () => {}, 'i-0b2 is at 41 % CPU; all together are at 82 % of one.'],
    [
      'that its load is not known',
      'survivor-load',
      (w) => {
        w.loads = [];
      },
      'How busy i-0b2 is, is not known; it will carry the load of 3 alone.',
    ],
    ['an older template', 'survivor-preferred', () => {}, 'i-0b2 runs template version 6, while the group launches 7.'],
    [
      'a Spot survivor',
      'survivor-preferred',
      (w) => {
        for (const one of w.members) one.spot = true;
      },
      'i-0b2 is a Spot instance and may be taken',
    ],
    [
      'what was so before',
      'not-ours',
      (w) => {
        w.group!.members.push(member('i-0e5', { lifecycleState: 'Standby' }));
        w.group!.suspendedProcesses = ['ScheduledActions'];
      },
      'Already so before, and left so by an undo: i-0e5 in standby; ScheduledActions suspended.',
    ],
    [
      'what standby costs',
      'standby-costs',
      () => {},
      'Standby is billed like service: 2 × t3.medium, every hour until they return.',
    ],
  ])('show %s', (_what, id, change, text) => {
    expect(resultOf(shop(change), id)).toEqual({ outcome: 'pass', note: expect.stringContaining(text) });
    expect(refusals(shop(change))).toEqual([]);
  });

  it('do not stand on the load: unreadable, it is said to be', () => {
    const world = { ...shop(), loads: { unreadable: 'denied', because: 'no', permission: 'cloudwatch:GetMetricData' } };
    expect(
      prepared()
        .look(world)
        .find(({ id }) => id === 'survivor-load')?.result,
    ).toMatchObject({ note: expect.stringContaining('could not be read') });
  });
});

describe('the survivor', () => {
  it.each<[string, (world: World) => void, string]>([
    ['serves, the lowest id among equals', () => {}, 'i-0b2'],
    [
      'is On-Demand rather than Spot',
      (w) => {
        w.members[1]!.spot = true;
      },
      'i-0c3',
    ],
    [
      'runs what the group launches',
      (w) => {
        w.group!.members[2]!.launchTemplateVersion = '7';
      },
      'i-0c3',
    ],
    [
      'serves before it is On-Demand',
      (w) => {
        w.members[1]!.spot = true;
        w.targetGroups[0]!.targets[2]!.state = 'unhealthy';
      },
      'i-0b2',
    ],
  ])('%s', (_what, change, survivorId) => {
    expect(prepared().preview(shop(change), RUN).input).toEqual({ groupName: 'shop-web', survivorId });
  });

  it('can be changed', () => {
    expect(plan.choices).toEqual([
      {
        input: 'survivorId',
        label: 'Survivor',
        chosen: 'i-0b2',
        options: [
          { value: 'i-0a1', label: 'i-0a1 (eu-west-3b, On-Demand, template 6)' },
          { value: 'i-0b2', label: 'i-0b2 (eu-west-3a, On-Demand, template 6)' },
          { value: 'i-0c3', label: 'i-0c3 (eu-west-3c, On-Demand, template 6)' },
        ],
      },
    ]);
    const other = prepared({ groupName: 'shop-web', survivorId: 'i-0c3' }).preview(shop(), RUN);
    expect(step(other, 'standby-2').calls[0]?.input).toMatchObject({ InstanceIds: ['i-0b2'] });
  });

  it('is offered with what it costs to lose it: Spot or On-Demand', () => {
    const world = shop((w) => {
      w.members[2]!.spot = true;
    });
    expect(prepared().preview(world, RUN).choices[0]?.options[2]).toEqual({
      value: 'i-0c3',
      label: 'i-0c3 (eu-west-3c, Spot, template 6)',
    });
  });

  it('is not doubted because another one is Spot', () => {
    const world = shop((w) => {
      w.members[0]!.spot = true;
      w.members[2]!.spot = true;
    });
    expect(resultOf(world, 'survivor-preferred')).toEqual({
      outcome: 'pass',
      note: 'i-0b2 runs template version 6, while the group launches 7.',
    });
  });

  it('is not doubted when versions are not known', () => {
    const world = shop((w) => {
      delete w.group!.members[1]!.launchTemplateVersion;
    });
    expect(resultOf(world, 'survivor-preferred', prepared({ groupName: 'shop-web', survivorId: 'i-0b2' }))).toEqual({
      outcome: 'pass',
    });
  });

  it('stays the same when the plan is made again from its own input', () => {
    expect(prepared(plan.input).preview(shop(), RUN)).toEqual(plan);
  });
});

describe('the plan', () => {
  it('reads as people see it', () => {
    expect(plan.headline).toBe('Scale shop-web to one: i-0b2 stays, 2 instances parked');
    expect(plan.steps.map(({ id, title, undo }) => [id, title, undo])).toEqual([
      [
        'suspend',
        'Suspend AlarmNotification, AZRebalance, InstanceRefresh, ReplaceUnhealthy and ScheduledActions',
        { title: 'resume exactly these' },
      ],
      ['protect', 'Protect i-0b2 from scale-in', { title: 'take the protection off' }],
      ['minimum', 'Minimum from 2 to 1', { title: 'minimum back to 2, after the return' }],
      ['standby-1', 'Park i-0a1 in standby, one first', { title: 'return from standby' }],
      ['standby-2', 'Park i-0c3 in standby', { title: 'return from standby' }],
      ['verify', 'Verify that i-0b2 serves alone', 'nothing'],
    ]);
    expect(plan).toMatchObject({
      irreversible: false,
      impact: { terminates: 0, removes: 2, groupSize: 3 },
      locks: ['i-0a1', 'i-0b2', 'i-0c3', 'shop-web'],
    });
  });

  it.each<[string, unknown]>([
    [
      'suspend',
      [
        {
          api: 'autoscaling:SuspendProcesses',
          input: {
            AutoScalingGroupName: 'shop-web',
            ScalingProcesses: ['AlarmNotification', 'AZRebalance', 'InstanceRefresh', 'ReplaceUnhealthy', 'ScheduledActions'],
          },
          on: [GROUP_ARN],
        },
      ],
    ],
    [
      'protect',
      [
        {
          api: 'autoscaling:SetInstanceProtection',
          input: { AutoScalingGroupName: 'shop-web', InstanceIds: ['i-0b2'], ProtectedFromScaleIn: true },
          on: [GROUP_ARN],
        },
      ],
    ],
    [
      'minimum',
      [{ api: 'autoscaling:UpdateAutoScalingGroup', input: { AutoScalingGroupName: 'shop-web', MinSize: 1 }, on: [GROUP_ARN] }],
    ],
    [
      'standby-1',
      [
        {
          api: 'autoscaling:EnterStandby',
          input: { AutoScalingGroupName: 'shop-web', InstanceIds: ['i-0a1'], ShouldDecrementDesiredCapacity: true },
          on: [GROUP_ARN],
        },
      ],
    ],
    [
      'standby-2',
      [
        {
          api: 'autoscaling:EnterStandby',
          input: { AutoScalingGroupName: 'shop-web', InstanceIds: ['i-0c3'], ShouldDecrementDesiredCapacity: true },
          on: [GROUP_ARN],
        },
      ],
    ],
    ['verify', []],
  ])('%s sends exactly this', (id, calls) => {
    expect(JSON.stringify(step(plan, id).calls)).toBe(JSON.stringify(calls));
  });

  it('waits until desired has fallen by the count and the survivor still serves', () => {
    expect(step(plan, 'standby-1').wait?.until).toEqual({
      is: 'in-standby',
      groupName: 'shop-web',
      instanceIds: ['i-0a1'],
      desired: 2,
      survivorId: 'i-0b2',
    });
    expect(step(plan, 'standby-2').wait?.until).toMatchObject({ desired: 1 });
    expect(step(plan, 'verify')).toMatchObject({
      servesUsers: true,
      wait: { until: { is: 'in-service', instanceIds: ['i-0b2'], healthy: true } },
    });
  });

  it('leaves out what is so already, and never suspends Launch', () => {
    const calm = prepared().preview(
      shop((w) => {
        w.group!.minSize = 1;
        w.group!.suspendedProcesses = ['AZRebalance', 'ReplaceUnhealthy'];
        w.group!.members[1]!.protectedFromScaleIn = true;
      }),
      RUN,
    );
    expect(calm.steps.map(({ id }) => id)).toEqual(['suspend', 'standby-1', 'standby-2', 'verify']);
    expect(step(calm, 'suspend').calls[0]?.input).toMatchObject({
      ScalingProcesses: ['AlarmNotification', 'InstanceRefresh', 'ScheduledActions'],
    });
    const silent = prepared().preview(
      shop((w) => {
        w.group!.suspendedProcesses = [...SILENCED];
      }),
      RUN,
    );
    expect(silent.steps[0]?.id).toBe('protect');
    expect(SILENCED).not.toContain('Launch');
  });

  it('parks the only other one without calling it the first', () => {
    const two = shop((w) => {
      w.group!.members.pop();
      w.group!.desired = 2;
    });
    expect(
      prepared()
        .preview(two, RUN)
        .steps.map(({ title }) => title),
    ).toContain('Park i-0a1 in standby');
  });

  it('parks one first, then batches', () => {
    const sizes = (count: number) => batches(Array.from({ length: count }, (_, i) => `i-${i}`)).map(({ length }) => length);
    expect([0, 1, 2, 20, 21, 45].map(sizes)).toEqual([[], [1], [1, 1], [1, 19], [1, 19, 1], [1, 19, 19, 6]]);
    expect(BATCH_MAX_INSTANCES).toBe(19);
  });

  it('does not touch who was in standby before', () => {
    const world = shop((w) => {
      w.group!.members.push(member('i-0e5', { lifecycleState: 'Standby' }));
    });
    expect(JSON.stringify(prepared().preview(world, RUN).steps)).not.toContain('i-0e5');
  });
});

/** The world as the plan's own steps leave it, up to and without `before`. */
const worldBefore = (before: string, change: (world: World) => void = () => {}) =>
  shop((w) => {
    const done = plan.steps
      .slice(
        0,
        plan.steps.findIndex(({ id }) => id === before),
      )
      .map(({ id }) => id);
    const group = w.group!;
    if (done.includes('suspend')) {
      group.suspendedProcesses = [...SILENCED];
      group.suspensionReasons = Object.fromEntries(SILENCED.map((process) => [process, 'User suspended at 14:03']));
    }
    if (done.includes('protect')) group.members[1]!.protectedFromScaleIn = true;
    if (done.includes('minimum')) group.minSize = 1;
    for (const [stepId, id] of [
      ['standby-1', 'i-0a1'],
      ['standby-2', 'i-0c3'],
    ] as const)
      if (done.includes(stepId)) {
        group.members.find((one) => one.id === id)!.lifecycleState = 'Standby';
        group.desired -= 1;
        w.targetGroups[0]!.targets = w.targetGroups[0]!.targets.filter((one) => one.id !== id);
      }
    change(w);
  });
const parkedShop = (change: (world: World) => void = () => {}) => worldBefore('verify', change);

describe('before each step it looks again', () => {
  const recheck = (world: World, before: string) => prepared(plan.input).recheck(world, plan, step(plan, before));

  it.each(plan.steps.map(({ id }) => id))('its own steps are not in the way of %s', (before) => {
    expect(recheck(worldBefore(before), before)).toBeUndefined();
  });

  it.each<[string, string, (world: World) => void, string]>([
    [
      'a guard refuses by now',
      'suspend',
      (w) => {
        w.group!.suspendedProcesses = ['Launch'];
      },
      'Launch is suspended',
    ],
    [
      'the group was resized before anything was done',
      'suspend',
      (w) => {
        w.group!.maxSize = 4;
      },
      'maximum is 4, not 6',
    ],
    [
      'an outside scaler set desired',
      'standby-2',
      (w) => {
        w.group!.desired = 3;
      },
      'desired is 3, not 2',
    ],
    [
      'somebody raised the minimum again',
      'standby-1',
      (w) => {
        w.group!.minSize = 2;
      },
      'minimum is 2, not 1',
    ],
    [
      'somebody resumed a process',
      'standby-1',
      (w) => {
        w.group!.suspendedProcesses = ['AZRebalance'];
      },
      'Somebody resumed AlarmNotification, InstanceRefresh, ReplaceUnhealthy and ScheduledActions',
    ],
    [
      'the parked one was returned',
      'standby-2',
      (w) => {
        w.group!.members[0]!.lifecycleState = 'InService';
      },
      'i-0a1 is InService: somebody else moved',
    ],
    [
      'the parked one was terminated',
      'standby-2',
      (w) => {
        w.group!.members.shift();
      },
      'i-0a1 is no member any more',
    ],
    [
      'a new member came',
      'standby-1',
      (w) => {
        w.group!.members.push(member('i-0f6'));
      },
      'i-0f6 came into shop-web meanwhile',
    ],
    [
      'the survivor turned sick',
      'standby-2',
      (w) => {
        w.targetGroups[0]!.targets[0] = target('i-0b2', 'unhealthy');
      },
      'The survivor i-0b2 is no longer healthy (InService; shop-web: unhealthy',
    ],
    [
      'the survivor is gone',
      'minimum',
      (w) => {
        w.group!.members.splice(1, 1);
      },
      'The survivor i-0b2 is no longer healthy (no member any more',
    ],
    [
      'the opt-in is gone',
      'protect',
      (w) => {
        w.group!.tags = {};
      },
      'shop-web no longer tagged firebreak=allow',
    ],
    [
      'an instance took its opt-in back',
      'standby-2',
      (w) => {
        w.members[2]!.tags = {};
      },
      'i-0c3 no longer tagged',
    ],
    [
      'a refresh began',
      'minimum',
      (w) => {
        w.surroundings.activeRefreshes = [{ id: 'r', status: 'Pending' }];
      },
      'An instance refresh of shop-web began meanwhile',
    ],
    [
      'Launch was suspended',
      'standby-1',
      (w) => {
        w.group!.suspendedProcesses.push('Launch');
      },
      'Launch is suspended',
    ],
    [
      'a warm pool was made',
      'standby-1',
      (w) => {
        w.surroundings.warmPool = { size: 1 };
      },
      'has a warm pool (1 instance)',
    ],
    [
      'the minimum of healthy targets was raised',
      'standby-2',
      (w) => {
        w.targetGroups[0]!.minimumHealthy = { 'target_group_health.dns_failover.minimum_healthy_targets.count': '2' };
      },
      '1 healthy target would stay',
    ],
    [
      'the group is gone',
      'standby-1',
      (w) => {
        w.group = undefined;
      },
      'does not exist any more',
    ],
  ])('%s: refused before %s', (_what, before, change, because) => {
    const refusal = recheck(worldBefore(before, change), before);
    expect(refusal?.because).toContain(because);
    expect(refusal?.toMakePossible.length).toBeGreaterThan(5);
  });
});

const done = {
  suspend: { seen: Object.fromEntries(SILENCED.map((process) => [process, 'User suspended at 14:03'])) },
  protect: {},
  minimum: {},
  'standby-1': {},
  'standby-2': {},
  verify: {},
};
const run = record(plan, done);

describe('the report', () => {
  it('says who serves, who is parked and what it costs', () => {
    expect(prepared().verify(parkedShop(), plan, run.steps)).toEqual({
      ok: true,
      text: 'i-0b2 is InService and healthy in every target group, alone. Parked: i-0a1 and i-0c3. While it is parked nothing replaces a dead survivor: keep an eye on errors and latency.',
      remains: [
        'i-0a1 (t3.medium): in standby, costs as in service; undo returns it',
        'i-0c3 (t3.medium): in standby, costs as in service; undo returns it',
      ],
    });
  });
  it('is not ok when the survivor died or the group grew', () => {
    expect(
      prepared().verify(
        parkedShop((w) => {
          w.targetGroups[0]!.targets = [];
        }),
        plan,
        run.steps,
      ),
    ).toMatchObject({
      ok: false,
      text: expect.stringContaining('i-0b2 does not serve (InService; shop-web: not registered): undo'),
    });
    expect(
      prepared().verify(
        parkedShop((w) => {
          w.group!.desired = 3;
        }),
        plan,
        run.steps,
      ).ok,
    ).toBe(false);
  });
});

describe('undo', () => {
  const undo = fix.prepareUndo(run);
  const undoPlan = undo.preview(parkedShop(), RUN);
  const undoResult = (world: World, id: string, of: RunRecord = run) =>
    fix
      .prepareUndo(of)
      .look(world)
      .find((one) => one.id === id)?.result;

  it('returns one first, then the minimum, the protection, and exactly the processes it suspended', () => {
    expect(undoPlan).toMatchObject({ kind: 'undo', irreversible: false, impact: { terminates: 0, removes: 0 } });
    expect(undoPlan.steps.map(({ id, calls }) => [id, calls[0]?.api, calls[0]?.input])).toEqual([
      ['exit-1', 'autoscaling:ExitStandby', { AutoScalingGroupName: 'shop-web', InstanceIds: ['i-0c3'] }],
      ['exit-2', 'autoscaling:ExitStandby', { AutoScalingGroupName: 'shop-web', InstanceIds: ['i-0a1'] }],
      ['restore-minimum', 'autoscaling:UpdateAutoScalingGroup', { AutoScalingGroupName: 'shop-web', MinSize: 2 }],
      [
        'unprotect',
        'autoscaling:SetInstanceProtection',
        { AutoScalingGroupName: 'shop-web', InstanceIds: ['i-0b2'], ProtectedFromScaleIn: false },
      ],
      ['resume', 'autoscaling:ResumeProcesses', { AutoScalingGroupName: 'shop-web', ScalingProcesses: [...SILENCED] }],
    ]);
    expect(undoPlan.steps[0]?.title).toBe('Return i-0c3 from standby, one first');
    expect(undoPlan.promise.users).toBe('served by 3 instances again');
  });

  it('asks only about the sick one when nothing else changed', () => {
    const results = undo.look(parkedShop()).filter(({ result }) => result.outcome !== 'pass');
    expect(results.map(({ id }) => id)).toEqual(['sick-return']);
  });

  it('waits for the health of those that had it, and not of the sick', () => {
    expect(step(undoPlan, 'exit-1').wait?.until).toEqual({
      is: 'in-service',
      groupName: 'shop-web',
      instanceIds: ['i-0c3'],
      healthy: true,
    });
    expect(step(undoPlan, 'exit-2').wait?.until).toMatchObject({ healthy: false });
    expect(undoResult(parkedShop(), 'sick-return')).toMatchObject({
      outcome: 'acknowledge',
      because: expect.stringContaining('i-0a1 was unhealthy when parked'),
    });
  });

  it('undoes only what ran', () => {
    const partial = fix.prepareUndo(
      record(plan, { suspend: done.suspend, protect: { status: 'uncertain' }, 'standby-1': { status: 'skipped' } }),
    );
    const world = worldBefore('minimum');
    expect(partial.preview(world, RUN).steps.map(({ id }) => id)).toEqual(['unprotect', 'resume']);
  });

  it('keeps a protection and suspensions that were there before', () => {
    const before = shop((w) => {
      w.group!.suspendedProcesses = ['AZRebalance'];
      w.group!.members[1]!.protectedFromScaleIn = true;
    });
    const own = prepared().preview(before, RUN);
    const undone = fix
      .prepareUndo(record(own, { suspend: {}, minimum: {}, 'standby-1': {}, 'standby-2': {} }))
      .preview(parkedShop(), RUN);
    expect(undone.steps.map(({ id }) => id)).toEqual(['exit-1', 'exit-2', 'restore-minimum', 'resume']);
    expect(step(undone, 'resume').calls[0]?.input).toMatchObject({
      ScalingProcesses: ['AlarmNotification', 'InstanceRefresh', 'ReplaceUnhealthy', 'ScheduledActions'],
    });
  });

  it('restores no minimum that it did not lower', () => {
    const own = prepared().preview(
      shop((w) => {
        w.group!.minSize = 1;
      }),
      RUN,
    );
    const undone = fix
      .prepareUndo(record(own, { suspend: done.suspend, 'standby-1': {}, 'standby-2': {} }))
      .preview(parkedShop(), RUN);
    expect(undone.steps.map(({ id }) => id)).toEqual(['exit-1', 'exit-2', 'resume']);
  });

  it('does not resume what a deployment resumed, or suspended again for itself', () => {
    const world = parkedShop((w) => {
      w.group!.suspendedProcesses = ['AZRebalance', 'InstanceRefresh', 'ReplaceUnhealthy'];
      w.group!.suspensionReasons = {
        AZRebalance: 'User suspended at 15:00',
        InstanceRefresh: 'User suspended at 14:03',
        ReplaceUnhealthy: 'User suspended at 15:00',
      };
    });
    expect(step(undo.preview(world, RUN), 'resume').calls[0]?.input).toEqual({
      AutoScalingGroupName: 'shop-web',
      ScalingProcesses: ['InstanceRefresh'],
    });
    expect(undoResult(world, 'not-theirs')).toEqual({
      outcome: 'pass',
      note: 'AlarmNotification and ScheduledActions: resumed by somebody since; AZRebalance and ReplaceUnhealthy: resumed and suspended again by somebody since (a deployment does that), so not resumed here.',
    });
  });

  it('after a bad day returns the living, once Launch is resumed', () => {
    const world = parkedShop((w) => {
      w.group!.members = w.group!.members.filter(({ id }) => id !== 'i-0b2' && id !== 'i-0c3');
      w.group!.suspendedProcesses.push('Launch');
      w.targetGroups[0]!.targets = [];
    });
    expect(undoResult(world, 'launch-processes')).toMatchObject({ outcome: 'refuse', toMakePossible: 'Resume Launch first.' });
    world.group!.suspendedProcesses.pop();
    expect(undo.look(world).filter(({ result }) => result.outcome === 'refuse')).toEqual([]);
    expect(undoResult(world, 'no-drift')).toMatchObject({
      outcome: 'acknowledge',
      because: expect.stringContaining('the survivor i-0b2 is gone; i-0c3 is gone and cannot return'),
    });
    const rest = undo.preview(world, RUN);
    expect(rest.headline).toBe('Return 1 parked instance to shop-web; i-0c3 cannot return');
    expect(rest.steps.map(({ id }) => id)).toEqual(['exit-1', 'restore-minimum', 'resume']);
    expect(step(rest, 'exit-1').calls[0]?.input).toMatchObject({ InstanceIds: ['i-0a1'] });
  });

  it.each<[string, string, (world: World) => void, string, string]>([
    [
      'nothing of the run is left',
      'something-to-undo',
      (w) => {
        Object.assign(w, shop());
      },
      'Nothing of this run is left',
      'Nothing is needed.',
    ],
    [
      'one is halfway',
      'parked-settled',
      (w) => {
        w.group!.members[2]!.lifecycleState = 'EnteringStandby';
      },
      'i-0c3 is EnteringStandby.',
      'Wait a minute',
    ],
    [
      'a refresh runs',
      'parked-settled',
      (w) => {
        w.surroundings.activeRefreshes = [{ id: 'r', status: 'InProgress' }];
      },
      'An instance refresh of shop-web is InProgress',
      'Cancel it',
    ],
    [
      'they do not fit under the maximum',
      'room',
      (w) => {
        w.group!.desired = 3;
        w.group!.maxSize = 4;
      },
      'Desired is 3 and the maximum 4: the 2 parked instances do not fit.',
      'Raise the maximum of shop-web to 5',
    ],
    [
      'the opt-in is gone',
      'opted-in',
      (w) => {
        w.members[2]!.tags = {};
      },
      'i-0c3 is not tagged',
      'the bot cannot',
    ],
    [
      'the group is gone',
      'group-exists',
      (w) => {
        w.group = undefined;
      },
      'no Auto Scaling group',
      'Choose',
    ],
  ])('is refused when %s', (_what, id, change, because, toMakePossible) => {
    const result = undoResult(parkedShop(change), id) as Refusal;
    expect(result.because).toContain(because);
    expect(result.toMakePossible).toContain(toMakePossible);
  });

  it.each<[string, (world: World) => void, string]>([
    [
      'an outside scaler',
      (w) => {
        w.group!.desired = 3;
        w.group!.members.push(member('i-0f6'), member('i-0f7'));
        w.members.push(instance('i-0f6'));
      },
      'desired is 3, not 1; i-0f6 and i-0f7 are new',
    ],
    [
      'somebody’s own return',
      (w) => {
        w.group!.members[0]!.lifecycleState = 'InService';
        w.group!.desired = 2;
      },
      'i-0a1 is back in service already',
    ],
    [
      'another minimum',
      (w) => {
        w.group!.minSize = 0;
      },
      'minimum is 0, not 1',
    ],
  ])('shows the difference and asks after %s', (_what, change, because) => {
    expect(undoResult(parkedShop(change), 'no-drift')).toMatchObject({
      outcome: 'acknowledge',
      because: expect.stringContaining(because),
    });
  });

  it('asks when the recorded minimum would launch extras, and leaves a minimum that others set', () => {
    const lost = parkedShop((w) => {
      w.group!.members = w.group!.members.filter(({ id }) => id === 'i-0b2');
    });
    expect(undoResult(lost, 'minimum-fits')).toMatchObject({
      outcome: 'acknowledge',
      because: '1 instance will be there and the recorded minimum is 2: restoring it makes shop-web launch 1 more.',
    });
    expect(
      undo
        .preview(
          parkedShop((w) => {
            w.group!.minSize = 0;
          }),
          RUN,
        )
        .steps.map(({ id }) => id),
    ).not.toContain('restore-minimum');
  });

  describe('looks again', () => {
    const returned = (change: (world: World) => void = () => {}) =>
      parkedShop((w) => {
        w.group!.members[2]!.lifecycleState = 'InService';
        w.group!.desired = 2;
        w.targetGroups[0]!.targets.push(target('i-0c3'));
        change(w);
      });
    it.each<[string, string, World, string | undefined]>([
      ['nothing changed', 'exit-1', parkedShop(), undefined],
      ['its own return raised desired', 'exit-2', returned(), undefined],
      [
        'others raised desired',
        'exit-2',
        returned((w) => {
          w.group!.desired = 4;
        }),
        'desired is 4, not 2',
      ],
      ['others moved the parked one', 'exit-1', returned(), 'i-0c3 is InService: somebody else moved it'],
      [
        'Launch was suspended',
        'exit-1',
        parkedShop((w) => {
          w.group!.suspendedProcesses.push('Launch');
        }),
        'Launch is suspended',
      ],
      [
        'the opt-in is gone',
        'exit-1',
        parkedShop((w) => {
          w.group!.tags = {};
        }),
        'shop-web is not tagged',
      ],
      [
        'the group is gone',
        'exit-1',
        parkedShop((w) => {
          w.group = undefined;
        }),
        'does not exist',
      ],
    ])('%s: before %s', (_what, before, world, because) => {
      const refusal = undo.recheck(world, undoPlan, step(undoPlan, before));
      if (because === undefined) expect(refusal).toBeUndefined();
      else expect(refusal?.because).toContain(because);
    });

    const back = (change: (world: World) => void = () => {}) =>
      shop((w) => {
        w.group!.suspendedProcesses = [...SILENCED];
        w.group!.suspensionReasons = Object.fromEntries(SILENCED.map((process) => [process, 'User suspended at 14:03']));
        change(w);
      });
    it('Launch is needed to return, not to resume', () => {
      const world = back((w) => {
        w.group!.suspendedProcesses.push('Launch');
      });
      expect(undo.recheck(world, undoPlan, step(undoPlan, 'resume'))).toBeUndefined();
    });
    it('a set that a deployment took over in between is left to it', () => {
      expect(undo.recheck(back(), undoPlan, step(undoPlan, 'resume'))).toBeUndefined();
      const taken = back((w) => {
        w.group!.suspensionReasons!['AZRebalance'] = 'User suspended at 15:10';
      });
      expect(undo.recheck(taken, undoPlan, step(undoPlan, 'resume'))?.because).toContain(
        'AZRebalance of shop-web was resumed or suspended again',
      );
    });
    it('reports who is back', () => {
      expect(
        undo.verify(
          shop((w) => {
            w.targetGroups[0]!.targets[0]!.state = 'healthy';
          }),
          undoPlan,
          {},
        ),
      ).toEqual({
        ok: true,
        text: 'Back in service and healthy: i-0c3 and i-0a1. The settings are restored.',
        remains: [],
      });
      expect(
        undo.verify(
          shop((w) => {
            w.group!.minSize = 1;
          }),
          undoPlan,
          {},
        ),
      ).toMatchObject({
        ok: false,
        text: 'Back in service and healthy: i-0c3. As sick as it was parked: i-0a1. Not as it was: minimum is 1, not 2.',
      });
    });
  });
});

it('candidates are groups that have more than one', () => {
  const world = shop();
  const map = {
    serviceId: 'shop',
    foundBy: '',
    loadBalancers: [],
    listeners: [],
    targetGroups: world.targetGroups,
    groups: [world.group!, { ...world.group!, name: 'tiny', members: [member('i-1')] }],
    instances: world.members,
  };
  expect(fix.candidates(map)).toEqual([
    { input: { groupName: 'shop-web', survivorId: '' }, label: 'shop-web: 3 instances, one would stay' },
  ]);
});
