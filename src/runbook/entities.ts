/** What facts are made of: AWS things as plain, JSON-safe data, in AWS's own words. Times are ISO 8601 strings. */
import type { Certificate, Changes, NameResolution, Traffic, WorkloadIdentity } from './entities/account.ts';
import type { DependencySeen, Network } from './entities/network.ts';

export type * from './entities/account.ts';
export type * from './entities/network.ts';

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
export type InstanceStatus = {
  readonly instanceId: string;
  readonly state: string;
  readonly system: string;
  readonly instance: string;
  readonly events: readonly { readonly code: string; readonly description?: string; readonly notBefore?: string }[];
};
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
