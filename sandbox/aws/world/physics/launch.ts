import { APP_LISTENS_AFTER_MS, RUNNING_AFTER_MS, STATUS_KNOWN_AFTER_MS } from '../limits.ts';
import type { Instance, LaunchTemplate, LaunchTemplateVersion, Volume } from '../state/compute.ts';
import { instanceOf, setTags, subnetOf } from '../state/find.ts';
import { ec2Id } from '../state/ids.ts';
import type { NetworkInterface } from '../state/network.ts';
import { schedule } from '../state/queue.ts';
import type { WorldState } from '../state/state.ts';
import { freeAddress } from './addresses.ts';

export type LaunchRequest = {
  readonly template: LaunchTemplate;
  readonly version: LaunchTemplateVersion;
  readonly subnetId: string;
  readonly type: string;
  readonly market: Instance['market'];
  readonly tags: Readonly<Record<string, string>>;
};

/** `$Latest`, `$Default` or a number, as a group names its version. */
export const versionOf = (template: LaunchTemplate, version: string): LaunchTemplateVersion | undefined => {
  const latest = Math.max(...template.versions.map((one) => one.number));
  const wanted = version === '$Latest' ? latest : version === '$Default' ? template.defaultVersion : Number(version);
  return template.versions.find((one) => one.number === wanted);
};

/** Why EC2 would refuse the launch, in the words that end up in a scaling activity's status message. https://docs.aws.amazon.com/autoscaling/ec2/userguide/CHAP_Troubleshooting.html */
export const requestRefusal = (state: WorldState, request: LaunchRequest): string | undefined => {
  const { version, subnetId } = request;
  const subnet = state.subnets.find((one) => one.SubnetId === subnetId);
  if (subnet === undefined) return `The subnet ID '${subnetId}' does not exist. Launching EC2 instance failed.`;
  const image = state.images.find((one) => one.id === version.imageId);
  if (image === undefined || image.deregistered)
    return `The image id '[${version.imageId}]' does not exist. Launching EC2 instance failed.`;
  const missing = version.securityGroupIds.find((id) => !state.securityGroups.some((one) => one.id === id));
  if (missing !== undefined) return `The security group '${missing}' does not exist. Launching EC2 instance failed.`;
  const { profileName } = version;
  if (profileName !== undefined && !state.profiles.some((one) => one.name === profileName))
    return `Value (${profileName}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name. Launching EC2 instance failed.`;
  return undefined;
};

/** Why there is no room where it should be; another zone may have some. `requestRefusal` comes before: the subnet exists. */
export const roomRefusal = (state: WorldState, { subnetId, type }: LaunchRequest): string | undefined => {
  const subnet = subnetOf(state, subnetId);
  if (state.weather.zonesWithoutCapacity.includes(subnet.AvailabilityZone)) {
    const others = [...new Set(state.subnets.map((one) => one.AvailabilityZone))].filter(
      (zone) => zone !== subnet.AvailabilityZone,
    );
    return `We currently do not have sufficient ${type} capacity in the Availability Zone you requested (${subnet.AvailabilityZone}). Our system will be working on provisioning additional capacity. You can currently get ${type} capacity by not specifying an Availability Zone in your request or choosing ${others.join(', ')}. Launching EC2 instance failed.`;
  }
  if (subnet.AvailableIpAddressCount < 1)
    return `There are not enough free addresses in subnet '${subnetId}' to satisfy the requested number of instances. Launching EC2 instance failed.`;
  return undefined;
};

export const addInterface = (
  state: WorldState,
  fields: { subnetId: string; groupIds: string[]; description: string } & Partial<
    Pick<NetworkInterface, 'type' | 'attachment' | 'requesterId' | 'publicIp' | 'listens'>
  >,
): NetworkInterface => {
  const subnet = subnetOf(state, fields.subnetId);
  const taken = new Set(state.interfaces.flatMap((one) => [one.ip, ...one.secondaryIps]));
  const ip = freeAddress(subnet.CidrBlock, taken);
  if (ip === undefined) throw new Error(`Subnet ${fields.subnetId} has no free address.`);
  subnet.AvailableIpAddressCount -= 1;
  const card: NetworkInterface = {
    id: ec2Id(state, 'eni'),
    vpcId: subnet.VpcId,
    zone: subnet.AvailabilityZone,
    ip,
    secondaryIps: [],
    type: 'interface',
    listens: [],
    ...fields,
  };
  state.interfaces.push(card);
  return card;
};

/** Gives the address back; an interface that is gone already stays gone. */
export const removeInterface = (state: WorldState, id: string): void => {
  const card = state.interfaces.find((one) => one.id === id);
  if (card === undefined) return;
  state.interfaces = state.interfaces.filter((one) => one !== card);
  subnetOf(state, card.subnetId).AvailableIpAddressCount += 1;
};

export const addVolume = (
  state: WorldState,
  instance: Instance,
  device: { device: string; sizeGib: number; deleteOnTermination: boolean; encrypted: boolean },
): Volume => {
  const volume: Volume = {
    id: ec2Id(state, 'vol'),
    sizeGib: device.sizeGib,
    zone: instance.zone,
    type: 'gp3',
    createdAt: state.now,
    multiAttach: false,
    encrypted: device.encrypted,
    attachments: [
      { instanceId: instance.id, device: device.device, deleteOnTermination: device.deleteOnTermination, attachedAt: state.now },
    ],
  };
  state.volumes.push(volume);
  return volume;
};

/** Puts an instance on its way: it is `pending`, has its interface and volumes, and boots by itself. Ask `requestRefusal` and `roomRefusal` first. */
export const launch = (state: WorldState, request: LaunchRequest): Instance => {
  const { template, version, subnetId } = request;
  const instance: Instance = {
    id: ec2Id(state, 'i'),
    reservationId: ec2Id(state, 'r'),
    imageId: version.imageId,
    type: request.type,
    subnetId,
    zone: subnetOf(state, subnetId).AvailabilityZone,
    state: 'pending',
    launchedAt: state.now,
    transitionReason: '',
    launchTemplate: { id: template.id, name: template.name, version: version.number },
    ...(version.profileName === undefined ? {} : { profileName: version.profileName }),
    market: request.market,
    systemStatus: 'initializing',
    instanceStatus: 'initializing',
    impaired: false,
    events: [],
    disableApiTermination: version.disableApiTermination,
    console: '',
    booting: true,
    app: structuredClone(version.app),
    shipped: structuredClone(version.app),
    agent: 'online',
  };
  state.instances.push(instance);
  addInterface(state, {
    subnetId,
    groupIds: [...version.securityGroupIds],
    description: '',
    attachment: {
      id: ec2Id(state, 'eni-attach'),
      instanceId: instance.id,
      deviceIndex: 0,
      deleteOnTermination: true,
      attachedAt: state.now,
    },
  });
  for (const device of version.blockDevices) addVolume(state, instance, device);
  setTags(state, instance.id, {
    ...request.tags,
    'aws:ec2launchtemplate:id': template.id,
    'aws:ec2launchtemplate:version': String(version.number),
  });
  schedule(state, RUNNING_AFTER_MS, { kind: 'instance.running', instanceId: instance.id });
  return instance;
};

const line = (state: WorldState, text: string): string => `[${new Date(state.now).toISOString()}] ${text}\n`;

/** Every boot begins from the disk: what was broken in memory is gone, what is broken on the disk is back. */
export const restartApp = (instance: Instance): void => {
  if (instance.shipped !== undefined) instance.app = structuredClone(instance.shipped);
};

export const nowRunning = (state: WorldState, instanceId: string): void => {
  const instance = instanceOf(state, instanceId);
  if (instance.state !== 'pending') return;
  instance.state = 'running';
  restartApp(instance);
  instance.console += line(state, `cloud-init: booting ${instance.imageId} on ${instance.type}`);
  schedule(state, APP_LISTENS_AFTER_MS, { kind: 'instance.listening', instanceId });
  schedule(state, STATUS_KNOWN_AFTER_MS, { kind: 'instance.statusKnown', instanceId });
};

export const nowListening = (state: WorldState, instanceId: string): void => {
  const instance = instanceOf(state, instanceId);
  if (instance.state !== 'running') return;
  instance.booting = false;
  const { app } = instance;
  instance.console +=
    app.state === 'down'
      ? line(state, `systemd: ${app.name}.service: main process exited, code=exited, status=1/FAILURE`)
      : line(state, `systemd: started ${app.name} ${app.version}, listening on port ${app.port}`);
};

/** Also asked for after a host broke or was mended: by then it may be gone. */
export const nowStatusKnown = (state: WorldState, instanceId: string): void => {
  const instance = state.instances.find((one) => one.id === instanceId);
  if (instance?.state !== 'running') return;
  instance.systemStatus = 'ok';
  instance.instanceStatus = instance.impaired ? 'impaired' : 'ok';
};
