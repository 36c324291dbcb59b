/** Every guard of both fixes, in a world that is so: what it says, what would make it possible, and that nothing is touched. */
import { describe, expect, test } from 'vitest';
import { enterStandby } from '../../sandbox/aws/world/group/moves.ts';
import { groupOf, instanceOf } from '../../sandbox/aws/world/state/find.ts';
import type { LifecycleHook, Process } from '../../sandbox/aws/world/state/group.ts';
import { type Bench, openBench } from './kit.ts';

const MINUTE_MS = 60_000;
const GROUP = 'shop-web';
const KEY = '7d2a4f10-0000-4000-8000-000000000001';

type Place = { readonly bench: Bench; readonly first: string; readonly others: readonly string[] };
type Change = (place: Place) => unknown;
type Refused = {
  readonly guard: string;
  readonly when: string;
  readonly change: Change;
  readonly because: RegExp;
  readonly toMakePossible: RegExp;
  readonly input?: Readonly<Record<string, string>>;
};

const terminating = (name: string): LifecycleHook => ({
  name,
  transition: 'autoscaling:EC2_INSTANCE_TERMINATING',
  heartbeatSeconds: 60,
  defaultResult: 'CONTINUE',
});
const launching = (name: string): LifecycleHook => ({ ...terminating(name), transition: 'autoscaling:EC2_INSTANCE_LAUNCHING' });
const suspend =
  (...processes: Process[]): Change =>
  ({ bench }) =>
    bench.world.change.groups.suspend(GROUP, ...processes);
const sicken = ({ bench }: Place, ids: readonly string[]): void => {
  for (const id of ids) bench.world.change.hosts.answerWith(id, 502);
  bench.clock.advance(MINUTE_MS);
};
const minimumOfTwo: Change = ({ bench }) =>
  bench.world.change.balancers.setAttributes(GROUP, { 'target_group_health.dns_failover.minimum_healthy_targets.count': '2' });

const ofBoth: readonly Refused[] = [
  {
    guard: 'group-exists',
    when: 'the group has another name by now',
    change: () => undefined,
    input: { groupName: 'shop-web-old' },
    because: /There is no Auto Scaling group shop-web-old/,
    toMakePossible: /Choose the group anew/,
  },
  {
    guard: 'group-stable',
    when: 'the group is launching',
    change: ({ bench }) => {
      bench.world.change.groups.setDesired(GROUP, 4);
      bench.clock.advance(10_000);
    },
    because: /shop-web is changing: i-\w+ is Pending/,
    toMakePossible: /Wait a minute/,
  },
  {
    guard: 'group-stable',
    when: 'the group cannot launch what it lacks',
    change: ({ bench, others }) => {
      bench.world.change.storage.exhaustCapacity('eu-west-3a', 'eu-west-3b', 'eu-west-3c');
      bench.world.change.hosts.terminateInstance(others[1] ?? '');
      bench.clock.advance(2 * MINUTE_MS);
    },
    because: /has 2 of 3 instances|is changing/,
    toMakePossible: /its latest activities say|Wait a minute/,
  },
  {
    guard: 'no-deployment',
    when: 'an instance refresh runs',
    change: ({ bench }) => bench.world.change.groups.startRefresh(GROUP),
    because: /An instance refresh of shop-web is/,
    toMakePossible: /Cancel the instance refresh/,
  },
  {
    guard: 'no-deployment',
    when: 'CodeDeploy has suspended what it suspends',
    change: ({ bench }) => {
      bench.world.change.groups.addHook(GROUP, launching('CodeDeploy-managed-automatic-launch-deployment-hook'));
      bench.world.change.groups.suspend(GROUP, 'AlarmNotification', 'AZRebalance', 'ReplaceUnhealthy', 'ScheduledActions');
    },
    because: /A CodeDeploy deployment seems to run/,
    toMakePossible: /Wait until the deployment is over/,
  },
  ...[
    { who: 'Karpenter', tags: { 'karpenter.sh/nodepool': 'default' }, says: /managed by Karpenter/ },
    { who: 'EKS', tags: { 'eks:cluster-name': 'shop' }, says: /managed by EKS/ },
    { who: 'ECS', tags: { AmazonECSManaged: 'true' }, says: /managed by ECS/ },
    { who: 'Beanstalk', tags: { 'elasticbeanstalk:environment-name': 'shop' }, says: /managed by Elastic Beanstalk/ },
  ].map(
    ({ who, tags, says }): Refused => ({
      guard: 'not-managed',
      when: `${who} owns an instance`,
      change: ({ bench, first }) => bench.world.change.groups.tagInstance(first, tags),
      because: says,
      toMakePossible: /own means/,
    }),
  ),
  {
    guard: 'not-managed',
    when: 'an operator is named',
    change: ({ bench, first }) => bench.world.change.hosts.manageBy(first, 'eks.amazonaws.com'),
    because: /managed by eks.amazonaws.com/,
    toMakePossible: /own means/,
  },
  {
    guard: 'not-weighted',
    when: 'instances have weights, Spot among them',
    change: ({ bench }) => bench.world.change.groups.weigh(GROUP, 2),
    because: /uses weighted capacity/,
    toMakePossible: /take the weights out/,
  },
  {
    guard: 'opted-in',
    when: 'the group is not tagged',
    change: ({ bench }) => bench.world.change.groups.untag(GROUP, 'firebreak'),
    because: /shop-web is not tagged firebreak=allow/,
    toMakePossible: /sets the tag firebreak=allow.*the bot cannot/,
  },
  {
    guard: 'opted-in',
    when: 'an instance is not tagged',
    change: ({ bench, first }) => bench.world.change.groups.untagInstance(first, 'firebreak'),
    because: /i-\w+ is not tagged firebreak=allow/,
    toMakePossible: /sets the tag firebreak=allow/,
  },
  {
    guard: 'launch-processes',
    when: 'Launch is suspended',
    change: suspend('Launch'),
    because: /Launch is suspended in shop-web/,
    toMakePossible: /Resume Launch first/,
  },
  {
    guard: 'launch-processes',
    when: 'AddToLoadBalancer is suspended',
    change: suspend('AddToLoadBalancer'),
    because: /never registered with the load balancer/,
    toMakePossible: /Resume AddToLoadBalancer first/,
  },
];

const ofSnapshots: readonly Refused[] = [
  ...ofBoth,
  {
    guard: 'in-service',
    when: 'the group replaces it already',
    change: ({ bench, first }) => {
      bench.world.change.groups.markUnhealthy(first);
      bench.clock.advance(10_000);
    },
    because: /already replacing .* nothing of it was saved/,
    toMakePossible: /Wait for the replacement/,
  },
  {
    guard: 'in-service',
    when: 'it is no member any more',
    change: ({ bench, first }) => {
      bench.world.change.groups.detach(GROUP, first, true);
      bench.clock.advance(MINUTE_MS);
    },
    because: /is not a member of shop-web/,
    toMakePossible: /Choose an instance/,
  },
  {
    guard: 'in-service',
    when: 'it is in standby',
    change: ({ bench, first }) => {
      bench.world.act((state) => enterStandby(state, groupOf(state, GROUP), [first], true));
      bench.clock.advance(MINUTE_MS);
    },
    because: /is Standby in shop-web/,
    toMakePossible: /from standby first/,
  },
  {
    guard: 'traffic-follows',
    when: 'it is registered by its address elsewhere',
    change: ({ bench, first }) => bench.world.change.balancers.registerIpTarget('shop-alb', first),
    because: /is a target of partner-api, whose targets are of type ip/,
    toMakePossible: /out of partner-api by hand/,
  },
  {
    guard: 'not-last-healthy',
    when: 'it is the last healthy one',
    change: (place) => sicken(place, place.others),
    because: /is the last healthy target of shop-web/,
    toMakePossible: /Scale out by one first/,
  },
  {
    guard: 'minimum-healthy',
    when: 'two of three must stay healthy, and one is sick already',
    change: (place) => {
      minimumOfTwo(place);
      sicken(place, place.others.slice(1));
    },
    because:
      /1 healthy target would stay in shop-web; target_group_health\.dns_failover\.minimum_healthy_targets\.count asks for 2/,
    toMakePossible: /Scale out first/,
  },
  {
    guard: 'launch-possible',
    when: 'the image is gone',
    change: ({ bench }) => bench.world.change.storage.deregisterImageOf(GROUP, 7),
    because: /could not launch a replacement\. Image ami-/,
    toMakePossible: /Repair the launch template/,
  },
  {
    guard: 'launch-possible',
    when: 'no subnet has a free address',
    change: ({ bench }) => {
      for (const id of bench.shop.appSubnetIds) bench.world.change.storage.exhaustAddresses(id);
    },
    because: /No subnet of shop-web has a free address/,
    toMakePossible: /Free addresses/,
  },
  {
    guard: 'no-ties',
    when: 'it holds an elastic IP',
    change: ({ bench, first }) => bench.world.change.network.giveElasticIp(first),
    because: /holds the elastic IP/,
    toMakePossible: /to another instance first/,
  },
  {
    guard: 'no-ties',
    when: 'a route leads to it',
    change: ({ bench, first }) =>
      bench.world.change.network.routeToInstance(bench.shop.appSubnetIds[0] ?? '', '192.168.0.0/16', first),
    because: /The route to 192\.168\.0\.0\/16 in rtb-\w+ leads to/,
    toMakePossible: /Point the route elsewhere/,
  },
  {
    guard: 'no-ties',
    when: 'it has a second interface',
    change: ({ bench, first }) => bench.world.change.network.addSecondaryInterface(first),
    because: /has a second network interface eni-/,
    toMakePossible: /Detach eni-\w+ first/,
  },
  {
    guard: 'termination-allowed',
    when: 'it is protected from termination',
    change: ({ bench, first }) => bench.world.change.hosts.protectFromTermination(first),
    because: /is protected from termination \(DisableApiTermination\), so the last step would fail/,
    toMakePossible: /takes the protection off/,
  },
  {
    guard: 'volumes-savable',
    when: 'others may write to a volume',
    change: ({ bench, first }) => bench.world.change.storage.attachVolume(first, { multiAttach: true }),
    because: /can be attached to several instances at once/,
    toMakePossible: /Detach vol-/,
  },
  {
    guard: 'volumes-savable',
    when: 'it has more volumes than a permission can name',
    change: ({ bench, first }) => {
      for (let index = 0; index < 12; index += 1) bench.world.change.storage.attachVolume(first);
    },
    because: /has 14 volumes; up to 12 can be named/,
    toMakePossible: /by hand/,
  },
  {
    guard: 'volumes-savable',
    when: 'it has no volume',
    change: ({ bench, first }) =>
      bench.world.act((state) => {
        state.volumes = state.volumes.filter(({ attachments }) => attachments.every(({ instanceId }) => instanceId !== first));
      }),
    because: /has no EBS volume: nothing of it can be saved/,
    toMakePossible: /Save what is needed by hand/,
  },
  {
    guard: 'volumes-savable',
    when: 'the key of a volume is being deleted',
    change: ({ bench, first }) => {
      bench.world.change.storage.attachVolume(first, { kmsKeyId: KEY });
      bench.world.act((state) => {
        const arn = `arn:aws:kms:${state.region}:${state.accountId}:key/${KEY}`;
        state.keys = [{ id: KEY, arn, state: 'PendingDeletion', description: 'orders', createdAt: 0, manager: 'CUSTOMER' }];
      });
    },
    because: /The key of vol-\w+ is PendingDeletion/,
    toMakePossible: /cancel its deletion/,
  },
];

const ofScaling: readonly Refused[] = [
  ...ofBoth,
  {
    guard: 'more-than-one',
    when: 'there is only one',
    change: ({ bench }) => {
      bench.world.change.groups.resize(GROUP, { min: 1, desired: 1 });
      bench.clock.advance(3 * MINUTE_MS);
    },
    because: /has 1 instance InService: there is nothing to park/,
    toMakePossible: /Nothing is needed/,
  },
  {
    guard: 'survivor-serves',
    when: 'the survivor is healthy in one of two target groups',
    change: ({ bench }) => {
      bench.world.change.balancers.addSecondTargetGroup('shop-alb', GROUP, { check: { path: '/' } });
      for (const id of bench.shop.instanceIds()) bench.world.change.hosts.answerWith(id, 502, { healthToo: false });
      bench.clock.advance(2 * MINUTE_MS);
    },
    because: /would carry everything alone, and it is not healthy: .*shop-api/,
    toMakePossible: /Choose a survivor that is healthy in every target group/,
  },
  {
    guard: 'survivor-serves',
    when: 'the chosen survivor is a stranger',
    change: () => undefined,
    input: { survivorId: 'i-0000000000000000f' },
    because: /i-0000000000000000f is not a member of shop-web/,
    toMakePossible: /Choose a survivor that shop-web has now/,
  },
  {
    guard: 'traffic-follows',
    when: 'one that would be parked is registered by its address elsewhere',
    change: ({ bench, others }) => bench.world.change.balancers.registerIpTarget('shop-alb', others[0] ?? ''),
    because: /is a target of partner-api, whose targets are of type ip/,
    toMakePossible: /out of partner-api by hand/,
  },
  {
    guard: 'minimum-healthy',
    when: 'two must stay healthy',
    change: minimumOfTwo,
    because:
      /1 healthy target would stay in shop-web; target_group_health\.dns_failover\.minimum_healthy_targets\.count asks for 2/,
    toMakePossible: /lower target_group_health\.dns_failover\.minimum_healthy_targets\.count on purpose/,
  },
  {
    guard: 'minimum-healthy',
    when: 'a network load balancer counts each zone for itself',
    change: ({ bench }) => {
      bench.world.change.balancers.addNetworkBalancer(bench.shop.publicSubnetIds, GROUP);
      bench.clock.advance(2 * MINUTE_MS);
    },
    because: /0 healthy targets would stay in shop-nlb-tcp in eu-west-3[abc]; target_group_health\..*count asks for 1/,
    toMakePossible: /Scale out first in that zone, or switch cross-zone load balancing on/,
  },
  {
    guard: 'no-warm-pool',
    when: 'there is a warm pool',
    change: ({ bench }) => bench.world.change.groups.addWarmPool(GROUP),
    because: /has a warm pool \(1 instance\)/,
    toMakePossible: /Delete the warm pool first/,
  },
  {
    guard: 'no-forecast',
    when: 'a forecast scales it',
    change: ({ bench }) =>
      bench.world.change.groups.addPolicy(GROUP, {
        name: 'morning',
        type: 'PredictiveScaling',
        adjustment: 0,
        alarms: [],
        cooldownSeconds: 0,
        enabled: true,
        predictiveMode: 'ForecastAndScale',
      }),
    because: /The policy morning of shop-web scales by forecast/,
    toMakePossible: /Set morning to forecast only/,
  },
];

const placeOf = async (): Promise<Place & AsyncDisposable> => {
  const bench = await openBench({ table: false });
  const [first = '', ...others] = bench.shop.instanceIds();
  return { bench, first, others, [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose]() };
};
const inputOf = (fixId: string, { first }: Place, input: Refused['input'] = {}): Readonly<Record<string, string>> => ({
  groupName: GROUP,
  ...(fixId === 'scale-to-one' ? {} : { instanceId: first }),
  ...input,
});

describe.each([
  { fixId: 'snapshot-then-terminate', cases: ofSnapshots },
  { fixId: 'scale-to-one', cases: ofScaling },
])('$fixId is refused', ({ fixId, cases }) => {
  test.each(cases)('$guard: when $when', async ({ guard, change, input, because, toMakePossible }) => {
    await using place = await placeOf();
    const { bench } = place;
    change(place);
    const runId = await bench.preview(fixId, inputOf(fixId, place, input));

    expect(await bench.refusingGuard(fixId, inputOf(fixId, place, input))).toBe(guard);
    expect(await bench.refusals(runId)).toMatchObject([
      { because: expect.stringMatching(because), toMakePossible: expect.stringMatching(toMakePossible) },
    ]);
    expect(JSON.stringify(bench.chat.views.get('V1'))).toMatch(because);
    expect((await bench.incident()).runs[runId]).toBeUndefined();
    expect(bench.mutations()).toEqual([]);
  });

  test('when the read role may not read what a guard stands on, and names the permission', async () => {
    await using place = await placeOf();
    const { bench } = place;
    bench.withhold('ec2:DescribeInstances');
    const runId = await bench.preview(fixId, inputOf(fixId, place));
    expect(await bench.refusals(runId)).toMatchObject([{ toMakePossible: expect.stringContaining('ec2:DescribeInstances') }]);
    expect(bench.mutations()).toEqual([]);
  });
});

type Ticked = { readonly guard: string; readonly change: Change; readonly because: RegExp };
const ticked: readonly Ticked[] = [
  {
    guard: 'code-deploy',
    change: ({ bench }) =>
      bench.world.change.groups.addHook(GROUP, launching('CodeDeploy-managed-automatic-launch-deployment-hook')),
    because: /CodeDeploy deploys to new instances/,
  },
  {
    guard: 'fails-open',
    change: (place) => sicken(place, [place.first, ...place.others]),
    because: /fails open/,
  },
  {
    guard: 'termination-hooks',
    change: ({ bench }) => bench.world.change.groups.addHook(GROUP, terminating('drain-logs')),
    because: /skips the termination hook drain-logs/,
  },
  {
    guard: 'keys-seen',
    change: ({ bench, first }) => {
      bench.world.change.storage.attachVolume(first, { kmsKeyId: KEY });
      bench.withhold('kms:DescribeKey');
    },
    because: /could not be read \(kms:DescribeKey\)/,
  },
  {
    guard: 'not-captured',
    change: ({ bench, first }) => bench.world.act((state) => void Object.assign(instanceOf(state, first), { type: 'm5d.large' })),
    because: /has instance store, which is lost/,
  },
];

describe('what a person must have read before snapshot-then-terminate starts', () => {
  test.each(ticked)('$guard', async ({ guard, change, because }) => {
    await using place = await placeOf();
    const { bench } = place;
    change(place);
    const runId = await bench.preview('snapshot-then-terminate', inputOf('snapshot-then-terminate', place));
    const report = (await bench.run(runId)).guards.find(({ id }) => id === guard);
    expect(report?.result).toMatchObject({ outcome: 'acknowledge', because: expect.stringMatching(because) });
    await bench.request({ kind: 'start-fix', runId, acknowledged: [] }, 'U0BEN');
    expect((await bench.run(runId)).status).toBe('previewed');
    expect(bench.chat.told.at(-1)?.text).toContain('Read and tick first');
  });
});
