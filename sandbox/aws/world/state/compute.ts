/** What an instance runs, described by data. `status` is what it answers to anything but the health path. */
export type App = {
  name: string;
  version: string;
  port: number;
  /** `down`: nothing listens. `hangs`: the connection is accepted, no answer comes. */
  state: 'up' | 'down' | 'hangs';
  status: number;
  healthPath: string;
  /** What the health path answers; `deep` health paths answer as the application does. */
  health: number | 'deep';
  dependencies: { name: string; ip: string; port: number }[];
  /** Without credentials from its instance profile it answers 500. */
  needsRole: boolean;
  /** Refused one of these by its role's policies, it answers 500 too. */
  accesses: AppAccess[];
};

export type AppAccess = { action: string; resource: string };

export type InstanceState = 'pending' | 'running' | 'stopping' | 'stopped' | 'shutting-down' | 'terminated';
export type CheckStatus = 'initializing' | 'ok' | 'impaired';

export type Instance = {
  id: string;
  reservationId: string;
  imageId: string;
  type: string;
  subnetId: string;
  zone: string;
  state: InstanceState;
  launchedAt: number;
  /** Set when it ends: `User initiated (2026-01-05 14:00:00 GMT)` and the like. */
  transitionReason: string;
  stateReason?: { Code: string; Message: string };
  launchTemplate?: { id: string; name: string; version: number };
  profileName?: string;
  market: 'on-demand' | 'spot';
  systemStatus: CheckStatus;
  instanceStatus: CheckStatus;
  /** A host that is impaired drops every packet. */
  impaired: boolean;
  events: {
    id: string;
    Code: 'system-reboot' | 'instance-retirement' | 'system-maintenance';
    Description: string;
    notBefore: number;
  }[];
  disableApiTermination: boolean;
  console: string;
  /** The service that manages it (`Operator`), if any. */
  operator?: string;
  booting: boolean;
  app: App;
  /** What is on its disk, and what every boot begins from; absent: what runs now. */
  shipped?: App;
  /** `hangs`: accepts a command and never ends it. */
  agent: 'online' | 'hangs' | 'offline';
};

export type Volume = {
  id: string;
  sizeGib: number;
  zone: string;
  type: 'gp3' | 'io2';
  createdAt: number;
  multiAttach: boolean;
  encrypted: boolean;
  kmsKeyId?: string;
  attachments: { instanceId: string; device: string; deleteOnTermination: boolean; attachedAt: number }[];
};

export type Snapshot = {
  id: string;
  volumeId: string;
  sizeGib: number;
  state: 'pending' | 'completed' | 'error';
  message?: string;
  startedAt: number;
  endsAt: number;
  /** Decided when it starts, seen when it ends. */
  fails: boolean;
  description: string;
  encrypted: boolean;
  kmsKeyId?: string;
};

export type Image = {
  id: string;
  name: string;
  createdAt: number;
  /** A deregistered image is gone for launches and for DescribeImages. */
  deregistered: boolean;
  architecture: 'x86_64' | 'arm64';
  rootDevice: string;
};

export type BlockDevice = { device: string; sizeGib: number; deleteOnTermination: boolean; encrypted: boolean };

export type LaunchTemplateVersion = {
  number: number;
  description: string;
  createdAt: number;
  createdBy: string;
  imageId: string;
  instanceType: string;
  securityGroupIds: string[];
  profileName?: string;
  blockDevices: BlockDevice[];
  disableApiTermination: boolean;
  /** What an instance of this version runs. */
  app: App;
};

export type LaunchTemplate = {
  id: string;
  name: string;
  createdAt: number;
  createdBy: string;
  defaultVersion: number;
  versions: LaunchTemplateVersion[];
};

/** The world's own copy of what identity says of it. `refused`: what its role may not do of what its applications need. */
export type InstanceProfile = { name: string; id: string; roleName?: string; refused: AppAccess[] };

export type Command = {
  id: string;
  document: string;
  comment: string;
  instanceId: string;
  requestedAt: number;
  endsAt?: number;
  timeoutSeconds: number;
  status: 'InProgress' | 'Success' | 'DeliveryTimedOut' | 'ExecutionTimedOut' | 'Undeliverable';
  output: string;
};

export type Document = { name: string; description: string; createdAt: number; owner: string };
