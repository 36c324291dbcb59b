import { createIdentity, type Identity } from '../../../sandbox/aws/identity/identity.ts';
import type { Authorization, CallContext } from '../../../sandbox/aws/operation.ts';
import { createFaultPlan } from '../../../sandbox/aws/wire/faults.ts';
import { createWire, type Wire } from '../../../sandbox/aws/wire/wire.ts';
import { register } from '../../../sandbox/aws/world/physics/health.ts';
import type { TargetGroup } from '../../../sandbox/aws/world/state/balancer.ts';
import type { App, Instance, LaunchTemplateVersion } from '../../../sandbox/aws/world/state/compute.ts';
import { emptyState, type WorldState } from '../../../sandbox/aws/world/state/state.ts';
import { createWorld, type World } from '../../../sandbox/aws/world/world.ts';
import { createManualClock, type ManualClock } from '../../../src/adapters/clock.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-3';
const DAY_MS = 86_400_000;

/** An id with that digit at its end: `id('i', 'a')`. */
export const id = (prefix: string, tail: string): string => `${prefix}-${tail.padStart(17, '0')}`;

const VPC = id('vpc', '1');
const SUBNETS = [id('subnet', 'a'), id('subnet', 'b')] as const;
const WEB_GROUP = id('sg', '1');

const app = (over: Partial<App> = {}): App => ({
  name: 'checkout',
  version: '1.4.0',
  port: 8080,
  state: 'up',
  status: 200,
  healthPath: '/health',
  health: 200,
  dependencies: [],
  needsRole: false,
  accesses: [],
  ...over,
});

const instance = (tail: string, over: Partial<Instance> = {}): Instance => ({
  id: id('i', tail),
  reservationId: id('r', tail),
  imageId: id('ami', '1'),
  type: 't3.small',
  subnetId: SUBNETS[0],
  zone: `${REGION}a`,
  state: 'running',
  launchedAt: 0,
  transitionReason: '',
  market: 'on-demand',
  systemStatus: 'ok',
  instanceStatus: 'ok',
  impaired: false,
  events: [],
  disableApiTermination: false,
  console: `console of ${tail}: ünï\n`,
  booting: false,
  app: app(),
  agent: 'online',
  ...over,
});

const version = (number: number): LaunchTemplateVersion => ({
  number,
  description: `v${number}`,
  createdAt: number,
  createdBy: `arn:aws:iam::${ACCOUNT}:user/deployer`,
  imageId: id('ami', '1'),
  instanceType: 't3.small',
  securityGroupIds: [WEB_GROUP],
  blockDevices: [{ device: '/dev/xvda', sizeGib: 8, deleteOnTermination: true, encrypted: true }],
  disableApiTermination: false,
  app: app(),
});

const addNetwork = (state: WorldState): void => {
  const owned = { VpcId: VPC, OwnerId: ACCOUNT };
  state.vpcs.push({ ...owned, CidrBlock: '10.0.0.0/16', State: 'available', IsDefault: false });
  for (const [index, SubnetId] of SUBNETS.entries())
    state.subnets.push({
      ...owned,
      SubnetId,
      CidrBlock: `10.0.${index}.0/24`,
      AvailabilityZone: `${REGION}${'ab'[index]}`,
      AvailabilityZoneId: `euw3-az${index + 1}`,
      MapPublicIpOnLaunch: false,
      AvailableIpAddressCount: 200,
      State: 'available',
      SubnetArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:subnet/${SubnetId}`,
    });
  state.internetGateways.push({
    InternetGatewayId: id('igw', '1'),
    OwnerId: ACCOUNT,
    Attachments: [{ State: 'available', VpcId: VPC }],
  });
  state.routeTables.push({
    ...owned,
    RouteTableId: id('rtb', '1'),
    Routes: [
      { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' },
      { DestinationCidrBlock: '0.0.0.0/0', GatewayId: id('igw', '1'), Origin: 'CreateRoute', State: 'active' },
    ],
    Associations: [
      {
        RouteTableAssociationId: id('rtbassoc', '1'),
        RouteTableId: id('rtb', '1'),
        Main: true,
        AssociationState: { State: 'associated' },
      },
    ],
  });
  state.networkAcls.push({
    ...owned,
    NetworkAclId: id('acl', '1'),
    IsDefault: true,
    Entries: [false, true].map((Egress) => ({
      RuleNumber: 100,
      Protocol: '-1',
      RuleAction: 'allow',
      Egress,
      CidrBlock: '0.0.0.0/0',
    })),
    Associations: SUBNETS.map((SubnetId, index) => ({
      NetworkAclAssociationId: id('aclassoc', String(index)),
      NetworkAclId: id('acl', '1'),
      SubnetId,
    })),
  });
  state.securityGroups.push({
    id: WEB_GROUP,
    name: 'web',
    description: 'the web tier',
    vpcId: VPC,
    rules: [
      { id: id('sgr', '1'), egress: false, protocol: 'tcp', from: 8080, to: 8080, cidr: '10.0.0.0/16' },
      { id: id('sgr', '2'), egress: true, protocol: '-1', from: -1, to: -1, cidr: '0.0.0.0/0' },
    ],
  });
  state.natGateways.push({
    NatGatewayId: id('nat', '1'),
    SubnetId: SUBNETS[0],
    VpcId: VPC,
    State: 'available',
    ConnectivityType: 'public',
    NatGatewayAddresses: [],
  });
  state.endpoints.push({
    VpcEndpointId: id('vpce', '1'),
    VpcEndpointType: 'Gateway',
    VpcId: VPC,
    ServiceName: `com.amazonaws.${REGION}.s3`,
    State: 'available',
    RouteTableIds: [id('rtb', '1')],
    SubnetIds: [],
    Groups: [],
    NetworkInterfaceIds: [],
  });
};

const addInstance = (state: WorldState, tail: string, host: number, over: Partial<Instance> = {}): void => {
  const made = instance(tail, over);
  state.instances.push(made);
  state.interfaces.push({
    id: id('eni', tail),
    subnetId: made.subnetId,
    vpcId: VPC,
    zone: made.zone,
    ip: `10.0.${made.subnetId === SUBNETS[0] ? 0 : 1}.${host}`,
    secondaryIps: [],
    groupIds: [WEB_GROUP],
    type: 'interface',
    description: '',
    attachment: {
      id: id('eni-attach', tail),
      instanceId: made.id,
      deviceIndex: 0,
      deleteOnTermination: true,
      attachedAt: 0,
    },
    listens: [],
  });
  const volume = (suffix: string, device: string, sizeGib: number) => ({
    id: id('vol', `${tail}${suffix}`),
    sizeGib,
    zone: made.zone,
    type: 'gp3' as const,
    createdAt: 0,
    multiAttach: false,
    encrypted: true,
    attachments: [{ instanceId: made.id, device, deleteOnTermination: suffix === '1', attachedAt: 0 }],
  });
  state.volumes.push(volume('1', '/dev/xvda', 8), volume('2', '/dev/sdf', 20));
  state.tags[made.id] = { Name: `web-${tail}`, service: 'checkout', firebreak: 'allow' };
};

const elb = (rest: string): string => `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:${rest}`;

export const BALANCER = elb('loadbalancer/app/web/00000000000000a1');
export const LISTENER = elb('listener/app/web/00000000000000a1/00000000000000b1');
export const WEB_TARGETS = elb('targetgroup/web/00000000000000c1');
export const CANARY_TARGETS = elb('targetgroup/canary/00000000000000c2');
export const CERTIFICATES = ['1', '2'].map((tail) => `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/${tail}`);

const targetGroup = (arn: string, over: Partial<TargetGroup> = {}): TargetGroup => ({
  arn,
  name: arn.split('/')[1]!,
  protocol: 'HTTP',
  port: 8080,
  vpcId: VPC,
  type: 'instance',
  check: {
    enabled: true,
    protocol: 'HTTP',
    port: 'traffic-port',
    path: '/health',
    intervalSeconds: 10,
    timeoutSeconds: 5,
    healthyCount: 2,
    unhealthyCount: 2,
    matcher: '200',
  },
  attributes: { 'deregistration_delay.timeout_seconds': '30' },
  targets: [],
  ...over,
});

const addBalancer = (state: WorldState): void => {
  state.loadBalancers.push({
    arn: BALANCER,
    name: 'web',
    dnsName: `web-1.${REGION}.elb.amazonaws.com`,
    hostedZoneId: 'Z3Q77PNBQS71R4',
    type: 'application',
    scheme: 'internet-facing',
    vpcId: VPC,
    createdAt: 0,
    nodes: SUBNETS.map((subnetId, index) => ({
      zone: `${REGION}${'ab'[index]}`,
      subnetId,
      interfaceId: id('eni', `1${index}`),
      publicIp: `203.0.113.${10 + index}`,
    })),
    securityGroupIds: [WEB_GROUP],
    attributes: { 'idle_timeout.timeout_seconds': '30' },
  });
  for (const [index, subnetId] of SUBNETS.entries())
    state.interfaces.push({
      id: id('eni', `1${index}`),
      subnetId,
      vpcId: VPC,
      zone: `${REGION}${'ab'[index]}`,
      ip: `10.0.${index}.200`,
      secondaryIps: [],
      groupIds: [WEB_GROUP],
      type: 'interface',
      description: 'ELB app/web/00000000000000a1',
      requesterId: 'amazon-elb',
      publicIp: `203.0.113.${10 + index}`,
      listens: [],
    });
  const ruleArn = (tail: string): string => `${LISTENER.replace(':listener/', ':listener-rule/')}/${tail}`;
  state.listeners.push({
    arn: LISTENER,
    loadBalancerArn: BALANCER,
    port: 443,
    protocol: 'HTTPS',
    certificateArns: [...CERTIFICATES],
    sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    rules: [
      {
        arn: ruleArn('default'),
        priority: 'default',
        conditions: [],
        action: { type: 'forward', targetGroups: [{ arn: WEB_TARGETS, weight: 1 }] },
      },
      {
        arn: ruleArn('20'),
        priority: 20,
        conditions: [{ field: 'path-pattern', values: ['/canary/*'] }],
        action: { type: 'forward', targetGroups: [{ arn: CANARY_TARGETS, weight: 1 }] },
      },
      {
        arn: ruleArn('10'),
        priority: 10,
        conditions: [{ field: 'host-header', values: ['old.example.com'] }],
        action: { type: 'redirect', protocol: 'HTTPS', port: '443', status: 'HTTP_301' },
      },
    ],
  });
  state.targetGroups.push(targetGroup(WEB_TARGETS), targetGroup(CANARY_TARGETS, { type: 'ip', attributes: {} }));
  for (const tail of ['a', 'b']) register(state, state.targetGroups[0]!, id('i', tail));
  state.tags[WEB_TARGETS] = { service: 'checkout' };
  for (const [index, arn] of CERTIFICATES.entries())
    state.certificates.push({
      arn,
      domain: index === 0 ? 'shop.example.com' : '*.example.com',
      notAfter: state.now + 10 * DAY_MS,
    });
  state.names.push({ name: 'shop.example.com', aliasOf: `web-1.${REGION}.elb.amazonaws.com` });
};

/** Three instances (a and b run, c has been stopped), each with a root and a data volume. */
export const smallState = (now: number): WorldState => {
  const state = emptyState({ now, seed: 7, accountId: ACCOUNT, region: REGION });
  addNetwork(state);
  addInstance(state, 'a', 10);
  addInstance(state, 'b', 11, { subnetId: SUBNETS[1], zone: `${REGION}b`, type: 't2.micro' });
  addInstance(state, 'c', 12, { state: 'stopped', disableApiTermination: true });
  addBalancer(state);
  state.images.push({
    id: id('ami', '1'),
    name: 'checkout-1.4.0',
    createdAt: 0,
    deregistered: false,
    architecture: 'x86_64',
    rootDevice: '/dev/xvda',
  });
  state.launchTemplates.push({
    id: id('lt', '1'),
    name: 'checkout',
    createdAt: 0,
    createdBy: `arn:aws:iam::${ACCOUNT}:user/deployer`,
    defaultVersion: 1,
    versions: [version(1), version(2)],
  });
  state.addresses.push({
    allocationId: id('eipalloc', '1'),
    publicIp: '203.0.113.7',
    networkInterfaceId: id('eni', 'a'),
    instanceId: id('i', 'a'),
    associationId: id('eipassoc', '1'),
  });
  return state;
};

export type Keys = { readonly accessKeyId: string; readonly secretAccessKey: string };
export type ClientConfig = {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Keys;
  readonly maxAttempts: number;
};

export type Desk = {
  readonly world: World;
  readonly state: WorldState;
  readonly clock: ManualClock;
  readonly identity: Identity;
  readonly wire: Wire;
  /** For an SDK client; of a user who may do everything, or only what the statements say. */
  readonly client: (statements?: readonly unknown[]) => ClientConfig;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

const everything = [{ Effect: 'Allow', Action: '*', Resource: '*' }];

/** A world before a wire, for unmodified SDK clients. */
export const openDesk = async (change: (state: WorldState) => void = () => {}): Promise<Desk> => {
  const clock = createManualClock();
  const identity = createIdentity({ accountId: ACCOUNT, clock });
  const kept = smallState(clock.now());
  change(kept);
  const world = createWorld({ clock, state: kept });
  const wire = createWire({ account: world.operations, identity, clock, faults: createFaultPlan() });
  const { url } = await wire.listen();
  let users = 0;
  return {
    world,
    state: world.state,
    clock,
    identity,
    wire,
    client: (statements = everything) => {
      users += 1;
      const name = `user-${users}`;
      identity.createUser(name);
      identity.putUserPolicy(name, 'own', { Version: '2012-10-17', Statement: statements });
      return { endpoint: url, region: REGION, credentials: identity.createAccessKey(name), maxAttempts: 1 };
    },
    [Symbol.asyncDispose]: () => wire.close(),
  };
};

/** `Name: message` of a call that must fail. */
export const failureOf = async (call: Promise<unknown>): Promise<{ readonly name: string; readonly message: string }> => {
  try {
    await call;
  } catch (error) {
    const { name, message } = error as Error;
    return { name, message };
  }
  throw new Error('The call succeeded.');
};

/** What an operation asks of IAM for an input, without a wire in between. */
export const asksOf = (world: World, service: string, action: string, input: unknown): readonly Authorization[] => {
  const operation = world.operations[service]?.[action];
  if (operation === undefined) throw new Error(`${service} has no ${action}.`);
  return operation.authorize(input as never, {} as CallContext);
};
