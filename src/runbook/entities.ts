/** What facts are made of: AWS things as plain, JSON-safe data, in AWS's own words. Times are ISO 8601 strings. */

export type Tags = Readonly<Record<string, string>>;

export type GroupMember = {
  readonly id: string;
  /** `InService`, `Pending`, `Pending:Wait`, `Terminating`, `Standby`, `EnteringStandby`, `Detaching`… */
  readonly lifecycleState: string;
  readonly healthStatus: string;
  readonly protectedFromScaleIn: boolean;
  readonly zone: string;
  readonly instanceType?: string;
  readonly launchTemplateVersion?: string;
  readonly weightedCapacity?: string;
};
export type Group = {
  readonly name: string;
  readonly arn: string;
  readonly minSize: number;
  readonly maxSize: number;
  readonly desired: number;
  readonly members: readonly GroupMember[];
  readonly suspendedProcesses: readonly string[];
  /** AWS's `SuspensionReason` by process (`User suspended at 2026-…`): tells our suspension from one that someone else made later. */
  readonly suspensionReasons?: Readonly<Record<string, string>>;
  readonly targetGroupArns: readonly string[];
  /** Classic load balancers or traffic sources that are not target groups: the fixes do not handle them. */
  readonly otherTrafficSources: readonly string[];
  readonly healthCheckType: string;
  readonly healthCheckGraceSeconds: number;
  readonly defaultWarmupSeconds?: number;
  readonly newInstancesProtected: boolean;
  readonly mixedInstances: boolean;
  readonly weighted: boolean;
  readonly maxInstanceLifetimeSeconds?: number;
  readonly capacityRebalance: boolean;
  readonly zones: readonly string[];
  readonly subnetIds: readonly string[];
  /** Launch template as configured: `$Latest`, `$Default` or a number. */
  readonly templateVersion?: string;
  readonly templateId?: string;
  readonly tags: Tags;
  /** EC2's or Auto Scaling's `Operator`: a service that manages it (`Principal`). */
  readonly operator?: string;
};
export type Activity = {
  readonly id: string;
  readonly status: string;
  readonly description: string;
  readonly cause: string;
  readonly message?: string;
  readonly startedAt: string;
  readonly endedAt?: string;
};
export type GroupSurroundings = {
  readonly hooks: readonly {
    readonly name: string;
    readonly transition: string;
    readonly timeoutSeconds: number;
    readonly defaultResult: string;
  }[];
  readonly policies: readonly {
    readonly name: string;
    readonly type: string;
    readonly enabled: boolean;
    readonly predictiveMode?: string;
  }[];
  readonly scheduledActions: readonly {
    readonly name: string;
    readonly at?: string;
    readonly recurrence?: string;
    readonly desired?: number;
    readonly minSize?: number;
  }[];
  readonly warmPool?: { readonly size: number; readonly status?: string };
  /** Refreshes that are not over. */
  readonly activeRefreshes: readonly { readonly id: string; readonly status: string }[];
  /** Newest first, at most one page. */
  readonly activities: readonly Activity[];
};
export type LaunchSource = {
  readonly templateId?: string;
  /** The version number that a launch would use now. */
  readonly version?: string;
  readonly imageId?: string;
  readonly instanceType?: string;
  /** Each a sentence: what a launch would stumble over (image gone, profile gone, security group gone, subnet without free addresses). */
  readonly missing: readonly string[];
  /** Each a sentence: what could not be looked at (whether the profile exists, without `iam:GetInstanceProfile`). Absent when all was seen. */
  readonly notSeen?: readonly string[];
  readonly freeAddresses: readonly { readonly subnetId: string; readonly zone: string; readonly free: number }[];
};
export type Instance = {
  readonly id: string;
  readonly arn: string;
  readonly state: string;
  readonly zone: string;
  readonly subnetId?: string;
  readonly vpcId?: string;
  readonly instanceType: string;
  /** `nitro` or `xen`: decides whether the newest console output can be asked for. */
  readonly hypervisor?: string;
  readonly imageId?: string;
  /** True when EC2 no longer knows the image: such an instance cannot be attached to a group. */
  readonly imageMissing?: boolean;
  readonly launchedAt: string;
  readonly spot: boolean;
  readonly tags: Tags;
  readonly operator?: string;
  readonly profileArn?: string;
  readonly securityGroupIds: readonly string[];
  readonly interfaces: readonly {
    readonly id: string;
    readonly deviceIndex: number;
    readonly addresses: readonly string[];
    /** False: it remains when the instance is terminated. */
    readonly deleteOnTermination?: boolean;
  }[];
  readonly addresses: readonly string[];
  readonly instanceStore: boolean;
  readonly apiTerminationDisabled?: boolean;
  readonly scheduledEvents: readonly { readonly code: string; readonly notBefore?: string }[];
};
export type Volume = {
  readonly id: string;
  readonly arn: string;
  readonly sizeGiB: number;
  readonly device: string;
  readonly deleteOnTermination: boolean;
  readonly attachments: number;
  readonly multiAttach: boolean;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  /** `Enabled`, or the key's state; `unknown` when it may not be looked at. */
  readonly kmsKeyState?: string;
};
export type Snapshot = {
  readonly id: string;
  readonly volumeId: string;
  readonly state: 'pending' | 'completed' | 'error' | 'recoverable' | 'recovering';
  readonly progressPercent: number;
  readonly startedAt: string;
  readonly message?: string;
};
export type Target = {
  /** Instance id or address. */
  readonly id: string;
  readonly port: number;
  readonly zone?: string;
  /** `healthy`, `unhealthy`, `initial`, `draining`, `unused`, `unavailable`. */
  readonly state: string;
  /** `Target.ResponseCodeMismatch`… */
  readonly reason?: string;
  readonly description?: string;
};
export type TargetGroup = {
  readonly arn: string;
  readonly name: string;
  readonly targetType: string;
  readonly protocol?: string;
  readonly port?: number;
  readonly healthCheck: {
    readonly protocol?: string;
    readonly port: string;
    readonly path?: string;
    readonly matcher?: string;
    readonly intervalSeconds: number;
    readonly timeoutSeconds: number;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
  };
  readonly loadBalancerArns: readonly string[];
  readonly loadBalancerType?: string;
  readonly crossZone: boolean;
  readonly deregistrationDelaySeconds: number;
  /** `target_group_health.*.minimum_healthy_targets.*`, the attributes that are set, by their own names. */
  readonly minimumHealthy: Readonly<Record<string, string>>;
  readonly targets: readonly Target[];
};
/** Average CPU of the last minutes that CloudWatch has; absent when it has none. */
export type InstanceLoad = { readonly instanceId: string; readonly cpuPercent?: number };
/** What else points at an instance. */
export type Ties = {
  readonly elasticIps: readonly string[];
  /** Route table and destination. */
  readonly routes: readonly { readonly routeTableId: string; readonly destination: string }[];
};
export type Listener = {
  readonly arn: string;
  readonly port: number;
  readonly protocol: string;
  readonly certificateArns: readonly string[];
  readonly targetGroupArns: readonly string[];
  /** `forward`, `redirect`, `fixed-response`… of the default action. */
  readonly defaultAction: string;
};
export type LoadBalancer = {
  readonly arn: string;
  readonly name: string;
  readonly type: string;
  readonly scheme: string;
  readonly state: string;
  readonly dnsName: string;
  readonly hostedZoneId?: string;
  readonly vpcId: string;
  readonly ipAddressType: string;
  readonly subnets: readonly { readonly subnetId: string; readonly zone: string }[];
  readonly securityGroupIds: readonly string[];
};
/** What a group that has no member now would give to its next one: there is no instance to ask. */
export type Unborn = {
  readonly groupName: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** The instance profile's name. */
  readonly profile?: string;
};
export type ServiceMap = {
  readonly serviceId: string;
  /** How it was found, or a sentence why not. */
  readonly foundBy: string;
  readonly loadBalancers: readonly LoadBalancer[];
  readonly listeners: readonly (Listener & { readonly loadBalancerArn: string })[];
  readonly targetGroups: readonly TargetGroup[];
  readonly groups: readonly Group[];
  readonly instances: readonly Instance[];
  /** Only for groups without a member, and left out when there is none. */
  readonly unborn?: readonly Unborn[];
};
/** How a service's groups scale, and how busy they are. */
export type GroupScaling = {
  readonly groupName: string;
  readonly surroundings: GroupSurroundings;
  /** Left out when CloudWatch could not be read. */
  readonly load?: readonly InstanceLoad[];
};
/** Where a dependency of the service file is, as far as names and the account tell. */
export type DependencySeen = {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** IPv4 addresses: the host itself, or what it resolves to from where the bot runs. */
  readonly addresses: readonly string[];
  /** The resolver's word, when it has no addresses. */
  readonly resolveError?: string;
  /** The network interfaces in this account that hold the addresses; none for what is elsewhere. */
  readonly interfaces: readonly {
    readonly id: string;
    readonly address: string;
    readonly subnetId: string;
    readonly securityGroupIds: readonly string[];
    readonly description: string;
    /** `in-use`, `available`… */
    readonly status: string;
  }[];
};
export type PortRule = {
  readonly id: string;
  /** `tcp`, `udp`, `icmp`, or `-1` for all. */
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly cidr?: string;
  readonly cidr6?: string;
  readonly groupId?: string;
  readonly prefixListId?: string;
  readonly description?: string;
};
export type SecurityGroup = {
  readonly id: string;
  readonly name: string;
  readonly vpcId?: string;
  readonly tags: Tags;
  readonly ingress: readonly PortRule[];
  readonly egress: readonly PortRule[];
};
export type AclEntry = {
  readonly number: number;
  readonly egress: boolean;
  readonly allow: boolean;
  /** In words, as in `PortRule`, or AWS's number for others than `tcp`, `udp`, `icmp`, `icmpv6`; `-1` for all. */
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly cidr?: string;
  readonly cidr6?: string;
};
export type NetworkAcl = {
  readonly id: string;
  readonly subnetIds: readonly string[];
  readonly isDefault: boolean;
  readonly entries: readonly AclEntry[];
};
export type Route = { readonly destination: string; readonly target: string; readonly state: string };
export type RouteTable = {
  readonly id: string;
  readonly main: boolean;
  readonly subnetIds: readonly string[];
  readonly routes: readonly Route[];
};
export type Subnet = {
  readonly id: string;
  readonly cidr: string;
  readonly cidr6?: string;
  readonly zone: string;
  readonly vpcId: string;
  readonly freeAddresses: number;
};
export type Network = {
  readonly vpcCidrs: readonly string[];
  readonly subnets: readonly Subnet[];
  readonly acls: readonly NetworkAcl[];
  readonly routeTables: readonly RouteTable[];
  readonly securityGroups: readonly SecurityGroup[];
  /** Service names of the VPC's endpoints, with the route tables or subnets they serve. */
  readonly endpoints: readonly {
    readonly id: string;
    readonly service: string;
    readonly type: string;
    readonly routeTableIds: readonly string[];
  }[];
  /** Parts that could not be read, and are empty: one that may not be looked at does not hide the others. */
  readonly notSeen?: { readonly [K in NetworkPart]?: { readonly because: string; readonly permission?: string } };
};
export type NetworkPart = 'acls' | 'routeTables' | 'securityGroups' | 'endpoints';
export type InstanceStatus = {
  readonly instanceId: string;
  readonly state: string;
  readonly system: string;
  readonly instance: string;
  readonly events: readonly { readonly code: string; readonly description?: string; readonly notBefore?: string }[];
};
export type WorkloadIdentity = {
  readonly profileArn?: string;
  readonly instancesWithoutProfile: readonly string[];
  readonly roleName?: string;
  readonly policies: readonly { readonly name: string; readonly kind: 'managed' | 'inline'; readonly document: string }[];
  readonly boundaryArn?: string;
  readonly simulated: readonly {
    readonly action: string;
    readonly resource: string;
    /** `allowed`, `explicitDeny`, `implicitDeny`. */
    readonly decision: string;
    readonly matched: readonly string[];
    readonly allowedByBoundary?: boolean;
    readonly allowedByOrganization?: boolean;
  }[];
  /** Sentences: what could not be looked at, and which permission it takes. */
  readonly notSeen: readonly string[];
  /** The first permission that was missing. */
  readonly missingPermission?: string;
};
export type DnsRecord = {
  readonly name: string;
  readonly type: string;
  readonly ttlSeconds?: number;
  readonly values: readonly string[];
  readonly aliasTo?: string;
  readonly evaluateTargetHealth?: boolean;
  readonly weight?: number;
  readonly setIdentifier?: string;
  readonly healthCheckId?: string;
  readonly healthCheckState?: string;
};
export type NameResolution = {
  readonly host: string;
  readonly zoneId?: string;
  readonly records: readonly DnsRecord[];
  /** Addresses or names it resolves to from where the bot runs; absent with `resolveError`. */
  readonly resolved?: readonly string[];
  readonly loadBalancerResolved?: readonly string[];
  readonly resolveError?: string;
  readonly zoneNameServers: readonly string[];
  readonly delegatedNameServers?: readonly string[];
};
export type Certificate = {
  readonly arn: string;
  readonly listenerArn: string;
  readonly names: readonly string[];
  readonly status: string;
  readonly notAfter?: string;
};
/** One number now against the hour before. */
export type Trend = { readonly name: string; readonly unit: string; readonly now?: number; readonly hourBefore?: number };
export type Traffic = { readonly loadBalancerName: string; readonly trends: readonly Trend[] };
export type Change = {
  readonly at: string;
  readonly by: string;
  readonly action: string;
  readonly resources: readonly string[];
  readonly readOnly: boolean;
  readonly error?: string;
  /** What was asked for, shortened and without secrets: `ruleNumber 50, ruleAction deny`. */
  readonly detail?: string;
};
export type Changes = { readonly since: string; readonly changes: readonly Change[]; readonly complete: boolean };

export type Entities = {
  readonly Group: Group;
  readonly GroupSurroundings: GroupSurroundings;
  readonly LaunchSource: LaunchSource;
  readonly Instance: Instance;
  readonly Volume: Volume;
  readonly Snapshot: Snapshot;
  readonly TargetGroup: TargetGroup;
  readonly InstanceLoad: InstanceLoad;
  readonly Ties: Ties;
  readonly ServiceMap: ServiceMap;
  readonly GroupScaling: GroupScaling;
  readonly DependencySeen: DependencySeen;
  readonly Network: Network;
  readonly InstanceStatus: InstanceStatus;
  readonly WorkloadIdentity: WorkloadIdentity;
  readonly NameResolution: NameResolution;
  readonly Certificate: Certificate;
  readonly Traffic: Traffic;
  readonly Changes: Changes;
};
