import type { Snapshot } from '../entities.ts';
import { fact } from '../facts.ts';
import { listed } from '../words.ts';
import { type ConditionOf, judgeBy, never, notYet, yes, yesUnless } from './define.ts';

export const tagged = judgeBy(
  ({ instanceId }: ConditionOf<'tagged'>) => ({ instance: fact('instance', { id: instanceId }) }),
  ({ instance }, { instanceId, tags }) => {
    if (instance === undefined) return never(`${instanceId} does not exist any more.`);
    const missing = Object.entries(tags).filter(([key, value]) => instance.tags[key] !== value);
    return yesUnless(
      missing.map(([key]) => `${instanceId} does not carry ${key}`),
      `${instanceId} carries the tags.`,
    );
  },
);

export const terminated = judgeBy(
  ({ instanceId }: ConditionOf<'terminated'>) => ({ instance: fact('instance', { id: instanceId }) }),
  ({ instance }, { instanceId }) =>
    instance === undefined || instance.state === 'terminated'
      ? yes(`${instanceId} is terminated.`)
      : notYet(`${instanceId} is ${instance.state}.`),
);

const newestFirst = (snapshots: readonly Snapshot[]): readonly Snapshot[] =>
  snapshots.toSorted((a, b) => (a.startedAt > b.startedAt ? -1 : a.startedAt < b.startedAt ? 1 : a.id < b.id ? -1 : 1));

/** A completed one counts before a younger one under way; the recycle bin (`recoverable`) is as good as deleted. */
const snapshotOf = (snapshots: readonly Snapshot[], volumeId: string): Snapshot | undefined => {
  const own = newestFirst(snapshots.filter((snapshot) => snapshot.volumeId === volumeId));
  const usable = own.filter(({ state }) => state !== 'error' && state !== 'recoverable');
  return usable.find(({ state }) => state === 'completed') ?? usable[0] ?? own[0];
};

const failure = (snapshot: Snapshot): string => `${snapshot.id} of ${snapshot.volumeId} is in ${snapshot.state}`;
const isLost = ({ state }: Snapshot): boolean => state === 'error' || state === 'recoverable';

export const snapshotsStarted = judgeBy(
  ({ runId }: ConditionOf<'snapshots-started'>) => ({ snapshots: fact('snapshots-of-run', { runId }) }),
  ({ snapshots }, { volumeIds }) => {
    const found = volumeIds.map((volumeId) => ({ volumeId, snapshot: snapshotOf(snapshots, volumeId) }));
    const lost = found.flatMap(({ snapshot }) => (snapshot !== undefined && isLost(snapshot) ? [failure(snapshot)] : []));
    if (lost.length > 0) return never(`${listed(lost)}.`);
    return yesUnless(
      found.flatMap(({ volumeId, snapshot }) => (snapshot === undefined ? [`no snapshot of ${volumeId} yet`] : [])),
      `Snapshots: ${listed(found.map(({ snapshot }) => snapshot?.id ?? ''))}.`,
      Object.fromEntries(found.map(({ volumeId, snapshot }) => [volumeId, snapshot?.id ?? ''])),
    );
  },
);

/** Asked only after the snapshots were seen to be started: one that is missing then was deleted. */
export const snapshotsCompleted = judgeBy(
  ({ runId }: ConditionOf<'snapshots-completed'>) => ({ snapshots: fact('snapshots-of-run', { runId }) }),
  ({ snapshots }, { volumeIds }) => {
    const found = volumeIds.map((volumeId) => ({ volumeId, snapshot: snapshotOf(snapshots, volumeId) }));
    const lost = found.flatMap(({ volumeId, snapshot }) => {
      if (snapshot === undefined) return [`the snapshot of ${volumeId} is missing`];
      return isLost(snapshot) ? [failure(snapshot)] : [];
    });
    if (lost.length > 0) return never(`Not everything is saved: ${listed(lost)}.`);
    return yesUnless(
      found.flatMap(({ snapshot }) =>
        snapshot === undefined || snapshot.state === 'completed'
          ? []
          : [`${snapshot.id} of ${snapshot.volumeId} is ${snapshot.state}, ${snapshot.progressPercent} %`],
      ),
      `Complete: ${listed(found.map(({ snapshot }) => snapshot?.id ?? ''))}.`,
      Object.fromEntries(found.map(({ volumeId, snapshot }) => [volumeId, snapshot?.id ?? ''])),
    );
  },
);
