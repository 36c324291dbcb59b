import { SNAPSHOT_BASE_MS, SNAPSHOT_PER_GIB_MS } from '../limits.ts';
import type { Snapshot, Volume } from '../state/compute.ts';
import { setTags } from '../state/find.ts';
import { ec2Id } from '../state/ids.ts';
import { schedule } from '../state/queue.ts';
import type { WorldState } from '../state/state.ts';

/** How long a snapshot of so many GiB takes in today's weather, in milliseconds. */
export const snapshotTakesMs = (state: WorldState, sizeGib: number): number =>
  (SNAPSHOT_BASE_MS + sizeGib * SNAPSHOT_PER_GIB_MS) * state.weather.snapshotFactor;

const willFail = (state: WorldState, volumeId: string): boolean => {
  const { failingSnapshots } = state.weather;
  const index = failingSnapshots.findIndex((one) => one === volumeId || one === '*');
  if (index < 0) return false;
  failingSnapshots.splice(index, 1);
  return true;
};

export const startSnapshot = (
  state: WorldState,
  volume: Volume,
  described: { readonly description: string; readonly tags: Readonly<Record<string, string>> },
): Snapshot => {
  const endsAt = state.now + snapshotTakesMs(state, volume.sizeGib);
  const snapshot: Snapshot = {
    id: ec2Id(state, 'snap'),
    volumeId: volume.id,
    sizeGib: volume.sizeGib,
    state: 'pending',
    startedAt: state.now,
    endsAt,
    fails: willFail(state, volume.id),
    description: described.description,
    encrypted: volume.encrypted,
    ...(volume.kmsKeyId === undefined ? {} : { kmsKeyId: volume.kmsKeyId }),
  };
  state.snapshots.push(snapshot);
  setTags(state, snapshot.id, described.tags);
  schedule(state, endsAt - state.now, { kind: 'snapshot.ends', snapshotId: snapshot.id });
  return snapshot;
};

export const endSnapshot = (state: WorldState, snapshotId: string): void => {
  const snapshot = state.snapshots.find((one) => one.id === snapshotId);
  if (snapshot === undefined || snapshot.state !== 'pending') return;
  snapshot.state = snapshot.fails ? 'error' : 'completed';
  if (snapshot.fails) snapshot.message = 'An internal error occurred while creating the snapshot.';
};

/** As the API writes it: `42%`. A snapshot in error keeps what it had. */
export const progressOf = (state: WorldState, snapshot: Snapshot): string => {
  if (snapshot.state === 'completed') return '100%';
  if (snapshot.state === 'error') return '0%';
  const share = (state.now - snapshot.startedAt) / Math.max(1, snapshot.endsAt - snapshot.startedAt);
  return `${Math.min(99, Math.floor(share * 100))}%`;
};
