export const PROCESSES = [
  'AddToLoadBalancer',
  'AlarmNotification',
  'AZRebalance',
  'HealthCheck',
  'InstanceRefresh',
  'Launch',
  'ReplaceUnhealthy',
  'ScheduledActions',
  'Terminate',
] as const;
export type Process = (typeof PROCESSES)[number];

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html */
export type LifecycleState =
  | 'Pending'
  | 'Pending:Wait'
  | 'Pending:Proceed'
  | 'InService'
  | 'EnteringStandby'
  | 'Standby'
  | 'Detaching'
  | 'Terminating'
  | 'Terminating:Wait'
  | 'Terminating:Proceed';

export type Member = {
  instanceId: string;
  zone: string;
  state: LifecycleState;
  health: 'Healthy' | 'Unhealthy';
  /** Why the last health check failed, in the words of an activity's cause. */
  sickness?: string;
  inServiceAt?: number;
  protectedFromScaleIn: boolean;
  /** What it counts for; 1 unless the group weighs its instance types. */
  weight: number;
  weighted: boolean;
  /** The activity that is moving it. */
  activityId?: string;
  /** A lifecycle hook or a move holds it in its state until then. */
  heldUntil?: number;
  /** Started by the group: launch hooks run for it, as they do not for an attached or returning instance. */
  launching: boolean;
  /** Launched to balance the zones: nobody leaves in its stead until it is in service. */
  rebalancing: boolean;
};

export type ActivityStatus =
  | 'PreInService'
  | 'InProgress'
  | 'MidLifecycleAction'
  | 'WaitingForELBConnectionDraining'
  | 'Successful'
  | 'Failed'
  | 'Cancelled';

export type Activity = {
  id: string;
  description: string;
  cause: string;
  startedAt: number;
  endedAt?: number;
  status: ActivityStatus;
  message?: string;
  progress: number;
  details: string;
};

export type ScalingPolicy = {
  name: string;
  arn: string;
  type: 'SimpleScaling' | 'TargetTrackingScaling' | 'PredictiveScaling';
  /** Instances an alarm adds or, negative, removes. */
  adjustment: number;
  alarms: string[];
  cooldownSeconds: number;
  enabled: boolean;
  predictiveMode?: 'ForecastOnly' | 'ForecastAndScale';
};

export type ScheduledAction = { name: string; arn: string; at: number; min?: number; max?: number; desired?: number };

export type LifecycleHook = {
  name: string;
  transition: 'autoscaling:EC2_INSTANCE_LAUNCHING' | 'autoscaling:EC2_INSTANCE_TERMINATING';
  heartbeatSeconds: number;
  defaultResult: 'CONTINUE' | 'ABANDON';
  notificationArn?: string;
};

export type InstanceRefresh = {
  id: string;
  status: 'Pending' | 'InProgress' | 'Successful' | 'Cancelled';
  startedAt: number;
  endedAt?: number;
  /** The members it found, and has still to replace. */
  remaining: string[];
  total: number;
};

export type WarmPool = { min: number; maxPrepared?: number; state: 'Stopped' | 'Running' | 'Hibernated'; instanceIds: string[] };

export type MixedInstances = {
  overrides: { type: string; weight?: number }[];
  onDemandBase: number;
  onDemandPercentAboveBase: number;
};

export type Group = {
  name: string;
  arn: string;
  createdAt: number;
  min: number;
  max: number;
  desired: number;
  healthCheckType: 'EC2' | 'ELB';
  graceSeconds: number;
  warmupSeconds?: number;
  cooldownSeconds: number;
  subnetIds: string[];
  launchTemplate: { id: string; name: string; version: string };
  mixed?: MixedInstances;
  targetGroupArns: string[];
  suspended: { name: Process; reason: string }[];
  newInstancesProtected: boolean;
  maxLifetimeSeconds?: number;
  capacityRebalance: boolean;
  warmPool?: WarmPool;
  operator?: string;
  members: Member[];
  tags: { key: string; value: string; atLaunch: boolean }[];
  policies: ScalingPolicy[];
  scheduled: ScheduledAction[];
  hooks: LifecycleHook[];
  refreshes: InstanceRefresh[];
  /** Newest first. */
  activities: Activity[];
  /** After a failed launch: not before then. */
  retryLaunchAt?: number;
  /** Zones without room, as found since the last launch that succeeded. */
  fullZones: string[];
  /** The next so many writes to the group are answered `ResourceContention`. */
  contended: number;
  /** Why desired capacity last changed, in the words of an activity's cause. */
  lastCause?: string;
};
