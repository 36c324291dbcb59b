import { addVolume } from '../physics/launch.ts';
import { instanceOf, launchTemplateOf, subnetOf } from '../state/find.ts';
import { type Act, leaveTrace, type Reversal, reversible, swap } from './reversible.ts';

export type ExtraVolume = { readonly sizeGib?: number; readonly multiAttach?: boolean; readonly kmsKeyId?: string };

/** Volumes, snapshots, images, and what EC2 has left to give. */
export const createStorageChanges = (act: Act) => ({
  /** One more volume, that stays when the instance ends. */
  attachVolume: (instanceId: string, { sizeGib = 10, multiAttach = false, kmsKeyId }: ExtraVolume = {}): Reversal =>
    reversible(act, (state) => {
      const encrypted = kmsKeyId !== undefined;
      const volume = addVolume(state, instanceOf(state, instanceId), {
        device: '/dev/sdf',
        sizeGib,
        deleteOnTermination: false,
        encrypted,
      });
      Object.assign(volume, { multiAttach, ...(encrypted && { kmsKeyId }) });
      leaveTrace(state, 'ec2', 'AttachVolume', { VolumeId: volume.id, InstanceId: instanceId });
      return () => {
        state.volumes = state.volumes.filter((one) => one.id !== volume.id);
      };
    }),
  deregisterImage: (imageId: string): Reversal =>
    reversible(act, (state) => {
      const image = state.images.find((one) => one.id === imageId);
      if (image === undefined) throw new Error(`The world has no image ${imageId}.`);
      leaveTrace(state, 'ec2', 'DeregisterImage', { ImageId: imageId });
      return swap(image, { deregistered: true });
    }),
  /** The image a template version names. */
  deregisterImageOf: (template: string, version: number): Reversal =>
    reversible(act, (state) => {
      const imageId = launchTemplateOf(state, template).versions.find((one) => one.number === version)?.imageId;
      const image = state.images.find((one) => one.id === imageId);
      if (image === undefined) throw new Error(`Launch template ${template} has no image in version ${version}.`);
      leaveTrace(state, 'ec2', 'DeregisterImage', { ImageId: image.id });
      return swap(image, { deregistered: true });
    }),
  /** The next snapshots of these volumes end in `error`; none named: the next snapshot at all. */
  failSnapshots: (...volumeIds: string[]): Reversal =>
    reversible(act, ({ weather }) =>
      swap(weather, { failingSnapshots: [...weather.failingSnapshots, ...(volumeIds.length === 0 ? ['*'] : volumeIds)] }),
    ),
  slowSnapshots: (factor: number): Reversal => reversible(act, ({ weather }) => swap(weather, { snapshotFactor: factor })),
  exhaustCapacity: (...zones: string[]): Reversal =>
    reversible(act, ({ weather }) => swap(weather, { zonesWithoutCapacity: zones })),
  exhaustAddresses: (subnetId: string): Reversal =>
    reversible(act, (state) => {
      const subnet = subnetOf(state, subnetId);
      const taken = subnet.AvailableIpAddressCount;
      subnet.AvailableIpAddressCount = 0;
      return () => {
        subnet.AvailableIpAddressCount += taken;
      };
    }),
});
