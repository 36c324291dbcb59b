import { FORGOTTEN_AFTER_MS, REBOOT_MS, TERMINATED_AFTER_MS } from '../limits.ts';
import type { Instance } from '../state/compute.ts';
import { instanceOf, interfacesOf, volumesOf } from '../state/find.ts';
import { schedule, unschedule } from '../state/queue.ts';
import type { WorldState } from '../state/state.ts';
import { removeInterface, restartApp } from './launch.ts';

/** How EC2 writes the moment into a transition reason: `2026-01-05 14:00:00 GMT`. */
export const gmt = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')} GMT`;

/** Starts the end of an instance; who protects it from that (`DisableApiTermination`) is asked before. Repeating it changes nothing. */
export const terminate = (state: WorldState, instance: Instance): void => {
  if (instance.state === 'shutting-down' || instance.state === 'terminated') return;
  instance.state = 'shutting-down';
  instance.transitionReason = `User initiated (${gmt(state.now)})`;
  instance.stateReason = {
    Code: 'Client.UserInitiatedShutdown',
    Message: 'Client.UserInitiatedShutdown: User initiated shutdown',
  };
  unschedule(state, (event) => event.kind.startsWith('instance.') && 'instanceId' in event && event.instanceId === instance.id);
  schedule(state, TERMINATED_AFTER_MS, { kind: 'instance.terminated', instanceId: instance.id });
};

/** Volumes and interfaces go or stay as their own flags say; addresses are let go, not released. */
export const nowTerminated = (state: WorldState, instanceId: string): void => {
  const instance = instanceOf(state, instanceId);
  instance.state = 'terminated';
  for (const volume of volumesOf(state, instanceId)) {
    const attachment = volume.attachments.find((one) => one.instanceId === instanceId);
    volume.attachments = volume.attachments.filter((one) => one !== attachment);
    if (attachment?.deleteOnTermination && volume.attachments.length === 0)
      state.volumes = state.volumes.filter((one) => one !== volume);
  }
  const cards = interfacesOf(state, instanceId);
  for (const address of state.addresses.filter((one) => cards.some((card) => card.id === one.networkInterfaceId))) {
    delete address.associationId;
    delete address.instanceId;
    delete address.networkInterfaceId;
  }
  const gone = new Set(cards.filter((card) => card.attachment?.deleteOnTermination).map((card) => card.id));
  for (const card of cards) {
    delete card.attachment;
    delete card.publicIp;
  }
  for (const id of gone) removeInterface(state, id);
  for (const route of state.routeTables.flatMap((table) => table.Routes))
    if (route.InstanceId === instanceId || (route.NetworkInterfaceId !== undefined && gone.has(route.NetworkInterfaceId)))
      route.State = 'blackhole';
  schedule(state, FORGOTTEN_AFTER_MS, { kind: 'instance.forgotten', instanceId });
};

/** After about an hour EC2 no longer knows a terminated instance. */
export const forget = (state: WorldState, instanceId: string): void => {
  if (state.groups.some((group) => group.members.some((member) => member.instanceId === instanceId))) {
    schedule(state, FORGOTTEN_AFTER_MS, { kind: 'instance.forgotten', instanceId });
    return;
  }
  state.instances = state.instances.filter((one) => one.id !== instanceId);
  delete state.tags[instanceId];
  for (const group of state.targetGroups) group.targets = group.targets.filter((target) => target.id !== instanceId);
};

/** The host stays the same, and so does what is wrong with it. */
export const reboot = (state: WorldState, instance: Instance): void => {
  instance.booting = true;
  restartApp(instance);
  schedule(state, REBOOT_MS, { kind: 'instance.listening', instanceId: instance.id });
};
