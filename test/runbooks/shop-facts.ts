/** A shop in good order but for one sick instance: three instances behind one load balancer, in three zones. */
import type { FixStep, Plan, RunContext, RunRecord, StepRecord } from '../../src/runbook/define-fix.ts';
import type { Entities, GroupMember, Target } from '../../src/runbook/entities.ts';

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;
export type World = Mutable<{
  group: Entities['Group'] | undefined;
  surroundings: Entities['GroupSurroundings'];
  launch: Entities['LaunchSource'];
  members: Entities['Instance'][];
  targetGroups: Entities['TargetGroup'][];
  instance: Entities['Instance'] | undefined;
  volumes: Entities['Volume'][];
  ties: Entities['Ties'];
  loads: Entities['InstanceLoad'][];
}>;

export const RUN: RunContext = {
  runId: 'run-7',
  incident: 'inc-0042',
  by: 'U0ANA',
  at: '2026-03-02T14:02:00.000Z',
  expires: '2026-04-01',
};
export const GROUP_ARN =
  'arn:aws:autoscaling:eu-west-3:111122223333:autoScalingGroup:0f1e2d3c-0000-4000-8000-000000000000:autoScalingGroupName/shop-web';
export const TARGET_GROUP_ARN = 'arn:aws:elasticloadbalancing:eu-west-3:111122223333:targetgroup/shop-web/1111111111111111';
export const instanceArn = (id: string) => `arn:aws:ec2:eu-west-3:111122223333:instance/${id}`;
const zoneOf: Readonly<Record<string, string>> = { 'i-0a1': 'eu-west-3b', 'i-0b2': 'eu-west-3a', 'i-0c3': 'eu-west-3c' };

export const member = (id: string, over: Partial<GroupMember> = {}): Mutable<GroupMember> => ({
  id,
  lifecycleState: 'InService',
  healthStatus: 'Healthy',
  protectedFromScaleIn: false,
  zone: zoneOf[id] ?? 'eu-west-3b',
  instanceType: 't3.medium',
  launchTemplateVersion: '6',
  ...over,
});
export const instance = (id: string, over: Partial<Entities['Instance']> = {}): Mutable<Entities['Instance']> =>
  structuredClone({
    id,
    arn: instanceArn(id),
    state: 'running',
    zone: zoneOf[id] ?? 'eu-west-3b',
    subnetId: 'subnet-b',
    vpcId: 'vpc-1',
    instanceType: 't3.medium',
    hypervisor: 'nitro',
    imageId: 'ami-6',
    launchedAt: '2026-02-01T00:00:00.000Z',
    spot: false,
    tags: { firebreak: 'allow' },
    securityGroupIds: ['sg-1'],
    interfaces: [
      { id: `eni-${id.slice(2)}`, deviceIndex: 0, addresses: [`10.0.1.${id.charCodeAt(4)}`], deleteOnTermination: true },
    ],
    addresses: [`10.0.1.${id.charCodeAt(4)}`],
    instanceStore: false,
    apiTerminationDisabled: false,
    scheduledEvents: [],
    ...over,
  } as Mutable<Entities['Instance']>);
export const volume = (id: string, over: Partial<Entities['Volume']> = {}): Mutable<Entities['Volume']> => ({
  id,
  arn: `arn:aws:ec2:eu-west-3:111122223333:volume/${id}`,
  sizeGiB: 10,
  device: '/dev/xvda',
  deleteOnTermination: true,
  attachments: 1,
  multiAttach: false,
  encrypted: true,
  kmsKeyId: 'key-1',
  kmsKeyState: 'Enabled',
  ...over,
});
export const target = (id: string, state = 'healthy'): Mutable<Target> => ({
  id,
  port: 80,
  zone: zoneOf[id] ?? 'eu-west-3b',
  state,
  ...(state === 'unhealthy' && { reason: 'Target.ResponseCodeMismatch' }),
});
export const targetGroup = (name: string, targets: Target[]): Mutable<Entities['TargetGroup']> =>
  structuredClone({
    arn: TARGET_GROUP_ARN.replace('shop-web', name),
    name,
    targetType: 'instance',
    protocol: 'HTTP',
    port: 80,
    healthCheck: {
      protocol: 'HTTP',
      port: 'traffic-port',
      path: '/health',
      matcher: '200',
      intervalSeconds: 15,
      timeoutSeconds: 5,
      healthyThreshold: 2,
      unhealthyThreshold: 2,
    },
    loadBalancerArns: ['arn:aws:elasticloadbalancing:eu-west-3:111122223333:loadbalancer/app/shop/1'],
    loadBalancerType: 'application',
    crossZone: true,
    deregistrationDelaySeconds: 300,
    minimumHealthy: {},
    targets,
  } as Mutable<Entities['TargetGroup']>);

/** One change to the world makes one test: `shop((world) => { world.group!.desired = 4; })`. */
export const shop = (change: (world: World) => void = () => {}): World => {
  const world: World = {
    group: {
      name: 'shop-web',
      arn: GROUP_ARN,
      minSize: 2,
      maxSize: 6,
      desired: 3,
      members: [member('i-0a1'), member('i-0b2'), member('i-0c3')],
      suspendedProcesses: [],
      targetGroupArns: [TARGET_GROUP_ARN],
      otherTrafficSources: [],
      healthCheckType: 'ELB',
      healthCheckGraceSeconds: 60,
      newInstancesProtected: false,
      mixedInstances: false,
      weighted: false,
      capacityRebalance: false,
      zones: ['eu-west-3a', 'eu-west-3b', 'eu-west-3c'],
      subnetIds: ['subnet-a', 'subnet-b', 'subnet-c'],
      templateVersion: '$Latest',
      templateId: 'lt-1',
      tags: { firebreak: 'allow' },
    },
    surroundings: { hooks: [], policies: [], scheduledActions: [], activeRefreshes: [], activities: [] },
    launch: {
      templateId: 'lt-1',
      version: '7',
      imageId: 'ami-7',
      instanceType: 't3.medium',
      missing: [],
      freeAddresses: [{ subnetId: 'subnet-b', zone: 'eu-west-3b', free: 200 }],
    },
    members: [instance('i-0a1'), instance('i-0b2'), instance('i-0c3')],
    targetGroups: [targetGroup('shop-web', [target('i-0a1', 'unhealthy'), target('i-0b2'), target('i-0c3')])],
    instance: instance('i-0a1'),
    volumes: [volume('vol-1'), volume('vol-2', { sizeGiB: 30, device: '/dev/xvdb', deleteOnTermination: false })],
    ties: { elasticIps: [], routes: [] },
    loads: [
      { instanceId: 'i-0a1', cpuPercent: 3 },
      { instanceId: 'i-0b2', cpuPercent: 41.4 },
      { instanceId: 'i-0c3', cpuPercent: 38 },
    ],
  };
  change(world);
  return world;
};

export const step = (plan: Plan, id: string): FixStep => {
  const found = plan.steps.find((one) => one.id === id);
  if (found === undefined) throw new Error(`No step ${id} among ${plan.steps.map((one) => one.id).join(', ')}`);
  return found;
};

/** A run of which these steps are done, with what they saw; the others never began. */
export const record = (plan: Plan, done: Readonly<Record<string, Partial<StepRecord>>>): RunRecord => ({
  plan,
  steps: Object.fromEntries(Object.entries(done).map(([id, over]) => [id, { status: 'done', ...over }])),
});
