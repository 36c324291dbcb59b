import { type Folded, snapshotOf } from './fold.ts';
import type { IncidentLog, IncidentSnapshot, VersionedEvent } from './incident-log.ts';
import { type LogContext, loadFolded, readCommit, readCommits } from './read.ts';
import { append, declare } from './write.ts';

/** So many incidents are loaded side by side for a list. */
const LOADS_AT_ONCE_MAX = 10;

/** The log over any store; see `incident-log.ts` for what it promises. */
export const createIncidentLog = <E extends VersionedEvent, S>(ctx: LogContext<E, S>): IncidentLog<E, S> => ({
  declare: (request, decide) => declare(ctx, request, decide),
  append: (number, request, decide) => append(ctx, number, request, decide),
  load: async (number) => {
    const folded = await loadFolded(ctx, number);
    return folded.seq === 0 ? undefined : snapshotOf(folded);
  },
  commits: (number, { afterSeq = 0 } = {}) => readCommits(ctx, number, afterSeq),
  byChannel: (channelId) => byChannel(ctx, channelId),
  listOpen: () => listOpen(ctx),
  latestNumber: () => ctx.store.readLatestNumber(),
  rebuildIndexes: () => rebuildIndexes(ctx),
});

const byChannel = async <E extends VersionedEvent, S>(
  ctx: LogContext<E, S>,
  channelId: string,
): Promise<IncidentSnapshot<S> | undefined> => {
  for (const number of await ctx.store.readChannel(channelId)) {
    const folded = await loadFolded(ctx, number);
    if (folded.seq > 0 && ctx.model.indexes(folded.state).channelIds.includes(channelId)) return snapshotOf(folded);
  }
  return undefined;
};

const listOpen = async <E extends VersionedEvent, S>(ctx: LogContext<E, S>): Promise<readonly IncidentSnapshot<S>[]> => {
  const numbers = await ctx.store.readOpen();
  const listed: Folded<S>[] = [];
  for (let start = 0; start < numbers.length; start += LOADS_AT_ONCE_MAX) {
    const some = numbers.slice(start, start + LOADS_AT_ONCE_MAX);
    listed.push(...(await Promise.all(some.map((number) => loadFolded(ctx, number)))));
  }
  const isOpen = ({ seq, state }: Folded<S>) => seq > 0 && ctx.model.indexes(state).open;
  // An entry without an incident is left alone: its first commit may be on its way.
  for (const { number, seq, state } of listed) {
    if (seq > 0 && !ctx.model.indexes(state).open) await ctx.store.removeOpen(number, seq);
  }
  return listed.filter(isOpen).map(snapshotOf);
};

/** Numbers have no gaps, so the first one without commits is the end. */
const rebuildIndexes = async <E extends VersionedEvent, S>(ctx: LogContext<E, S>): Promise<{ readonly incidents: number }> => {
  for (let number = 1; ; number++) {
    const { seq, state } = await loadFolded(ctx, number);
    if (seq === 0) return { incidents: number - 1 };
    const { open, channelIds } = ctx.model.indexes(state);
    const { requestId } = await readCommit(ctx, number, 1);
    await ctx.store.putRequest(requestId, number);
    await ctx.store.raiseLatestNumber(number);
    for (const channelId of channelIds) await ctx.store.putChannel(channelId, number);
    if (open) await ctx.store.putOpen(number, seq);
    else await ctx.store.removeOpen(number, seq);
  }
};
