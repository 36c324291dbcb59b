import type { Certificate, DnsName, Listener, LoadBalancer, TargetGroup } from './balancer.ts';
import type { Command, Document, Image, Instance, InstanceProfile, LaunchTemplate, Snapshot, Volume } from './compute.ts';
import type { Group } from './group.ts';
import type {
  Address,
  InternetGateway,
  NatGateway,
  NetworkAcl,
  NetworkInterface,
  RouteTable,
  SecurityGroup,
  Subnet,
  Vpc,
  VpcEndpoint,
} from './network.ts';
import type { Bucket, DnsHealthCheck, HostedZone, Key } from './services.ts';
import type { Traffic } from './traffic.ts';

/** What will happen by itself. */
export type WorldEvent =
  | { kind: 'instance.running'; instanceId: string }
  | { kind: 'instance.listening'; instanceId: string }
  | { kind: 'instance.statusKnown'; instanceId: string }
  | { kind: 'instance.terminated'; instanceId: string }
  | { kind: 'instance.forgotten'; instanceId: string }
  | { kind: 'target.check'; targetGroupArn: string; targetId: string; port: number }
  | { kind: 'target.drained'; targetGroupArn: string; targetId: string; port: number }
  | { kind: 'group.look'; group: string }
  | { kind: 'group.action'; group: string; action: string }
  | { kind: 'member.released'; group: string; instanceId: string }
  | { kind: 'snapshot.ends'; snapshotId: string }
  | { kind: 'command.ends'; commandId: string; instanceId: string };

export type Pending = { at: number; event: WorldEvent };

/** One API call that changed something, or tried to, as CloudTrail keeps it. */
export type TrailEvent = {
  id: string;
  at: number;
  /** `autoscaling.amazonaws.com` */
  source: string;
  /** `DetachInstances` */
  name: string;
  callerArn: string;
  accessKeyId?: string;
  /** The session's or the user's name. */
  userName: string;
  resources: { type: string; name: string }[];
  parameters: unknown;
  errorCode?: string;
  errorMessage?: string;
};

/** To be raised when a kept state can no longer be read as it is. */
export const FORMAT = 1;

/** Everything that is, and everything that is under way: plain data, so that a world can be kept and continued. */
export type WorldState = {
  format: typeof FORMAT;
  accountId: string;
  region: string;
  seed: number;
  /** Random numbers drawn so far. */
  draws: number;
  /** World time up to which physics has been performed. */
  now: number;
  pending: Pending[];
  requests: number;
  vpcs: Vpc[];
  subnets: Subnet[];
  routeTables: RouteTable[];
  networkAcls: NetworkAcl[];
  securityGroups: SecurityGroup[];
  interfaces: NetworkInterface[];
  addresses: Address[];
  internetGateways: InternetGateway[];
  natGateways: NatGateway[];
  endpoints: VpcEndpoint[];
  instances: Instance[];
  volumes: Volume[];
  snapshots: Snapshot[];
  images: Image[];
  launchTemplates: LaunchTemplate[];
  profiles: InstanceProfile[];
  groups: Group[];
  loadBalancers: LoadBalancer[];
  listeners: Listener[];
  targetGroups: TargetGroup[];
  names: DnsName[];
  certificates: Certificate[];
  commands: Command[];
  documents: Document[];
  /** Oldest first. */
  trail: TrailEvent[];
  zones?: HostedZone[];
  healthChecks?: DnsHealthCheck[];
  keys?: Key[];
  buckets?: Bucket[];
  traffic?: Traffic;
  /** Tags of EC2 and load balancing resources, by id or ARN. */
  tags: Record<string, Record<string, string>>;
  /** What outsiders made of the weather. */
  weather: {
    /** Zones without capacity for new instances. */
    zonesWithoutCapacity: string[];
    /** Snapshots take so many times their usual time. */
    snapshotFactor: number;
    /** The next snapshots that end in `error`: volume ids, or `*` for any. */
    failingSnapshots: string[];
  };
};

export const emptyState = (options: { now: number; seed: number; accountId: string; region: string }): WorldState => ({
  format: FORMAT,
  ...options,
  draws: 0,
  pending: [],
  requests: 0,
  vpcs: [],
  subnets: [],
  routeTables: [],
  networkAcls: [],
  securityGroups: [],
  interfaces: [],
  addresses: [],
  internetGateways: [],
  natGateways: [],
  endpoints: [],
  instances: [],
  volumes: [],
  snapshots: [],
  images: [],
  launchTemplates: [],
  profiles: [],
  groups: [],
  loadBalancers: [],
  listeners: [],
  targetGroups: [],
  names: [],
  certificates: [],
  commands: [],
  documents: [],
  trail: [],
  tags: {},
  weather: { zonesWithoutCapacity: [], snapshotFactor: 1, failingSnapshots: [] },
});
