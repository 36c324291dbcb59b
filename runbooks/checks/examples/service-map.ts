import type {
  Group,
  Instance,
  LoadBalancer,
  SecurityGroup,
  ServiceMap,
  Target,
  TargetGroup,
} from '../../../src/runbook/entities.ts';

/** A small healthy service for the examples of checks: one load balancer, one target group, three instances in three zones. */

const ARN = 'arn:aws:elasticloadbalancing:eu-west-3:111122223333';
export const LISTENER_ARN = `${ARN}:listener/app/shop-alb/1/443`;
export const IDS = ['i-0a1', 'i-0a2', 'i-0a3'] as const;
const ZONES = ['eu-west-3a', 'eu-west-3b', 'eu-west-3c'] as const;

export const shopService = { id: 'shop', name: 'Shop', loadBalancer: 'shop-alb', url: 'https://shop.example.com' } as const;

export const loadBalancer: LoadBalancer = {
  arn: `${ARN}:loadbalancer/app/shop-alb/1`,
  name: 'shop-alb',
  type: 'application',
  scheme: 'internet-facing',
  state: 'active',
  dnsName: 'shop-alb-1.eu-west-3.elb.amazonaws.com',
  hostedZoneId: 'Z3Q77PNBQS71R4',
  vpcId: 'vpc-1',
  ipAddressType: 'ipv4',
  subnets: ZONES.map((zone, index) => ({ subnetId: `subnet-public-${index + 1}`, zone })),
  securityGroupIds: ['sg-alb'],
};

const healthy = (id: string): Target => ({ id, port: 8080, state: 'healthy' });
/** A target group in which the given targets are as given, and the rest of the three are healthy. */
export const targetGroup = (targets: readonly Target[] = []): TargetGroup => ({
  arn: `${ARN}:targetgroup/shop-web/1`,
  name: 'shop-web',
  targetType: 'instance',
  protocol: 'HTTP',
  port: 8080,
  healthCheck: {
    protocol: 'HTTP',
    port: 'traffic-port',
    path: '/health',
    matcher: '200',
    intervalSeconds: 10,
    timeoutSeconds: 5,
    healthyThreshold: 2,
    unhealthyThreshold: 2,
  },
  loadBalancerArns: [loadBalancer.arn],
  loadBalancerType: 'application',
  crossZone: true,
  deregistrationDelaySeconds: 30,
  minimumHealthy: {},
  targets: [...targets, ...IDS.filter((id) => !targets.some((target) => target.id === id)).map(healthy)],
});

export const instance = (id: string, index: number): Instance => ({
  id,
  arn: `arn:aws:ec2:eu-west-3:111122223333:instance/${id}`,
  state: 'running',
  zone: ZONES[index % ZONES.length] ?? 'eu-west-3a',
  subnetId: `subnet-app-${index + 1}`,
  vpcId: 'vpc-1',
  instanceType: 't3.small',
  hypervisor: 'nitro',
  launchedAt: '2026-01-05T10:00:00.000Z',
  spot: false,
  tags: { firebreak: 'allow' },
  securityGroupIds: ['sg-web'],
  interfaces: [{ id: `eni-${index + 1}`, deviceIndex: 0, addresses: [`10.0.1${index + 1}.10`] }],
  addresses: [`10.0.1${index + 1}.10`],
  instanceStore: false,
  scheduledEvents: [],
});

export const group: Group = {
  name: 'shop-web',
  arn: 'arn:aws:autoscaling:eu-west-3:111122223333:autoScalingGroup:1:autoScalingGroupName/shop-web',
  minSize: 2,
  maxSize: 4,
  desired: 3,
  members: IDS.map((id, index) => ({
    id,
    lifecycleState: 'InService',
    healthStatus: 'Healthy',
    protectedFromScaleIn: false,
    zone: ZONES[index] ?? '',
  })),
  suspendedProcesses: [],
  targetGroupArns: [`${ARN}:targetgroup/shop-web/1`],
  otherTrafficSources: [],
  healthCheckType: 'EC2',
  healthCheckGraceSeconds: 60,
  newInstancesProtected: false,
  mixedInstances: false,
  weighted: false,
  capacityRebalance: false,
  zones: ZONES,
  subnetIds: ['subnet-app-1', 'subnet-app-2', 'subnet-app-3'],
  tags: { firebreak: 'allow' },
};

export const serviceMap = (changed: Partial<ServiceMap> = {}): ServiceMap => ({
  serviceId: 'shop',
  foundBy: 'The load balancer shop-alb.',
  loadBalancers: [loadBalancer],
  listeners: [
    {
      arn: LISTENER_ARN,
      loadBalancerArn: loadBalancer.arn,
      port: 443,
      protocol: 'HTTPS',
      certificateArns: [],
      targetGroupArns: [targetGroup().arn],
      defaultAction: 'forward',
    },
  ],
  targetGroups: [targetGroup()],
  groups: [group],
  instances: IDS.map(instance),
  ...changed,
});

export const securityGroup = (id: string, changed: Partial<SecurityGroup> = {}): SecurityGroup => ({
  id,
  name: id.replace('sg-', 'shop-'),
  vpcId: 'vpc-1',
  tags: {},
  ingress: [],
  egress: [],
  ...changed,
});
