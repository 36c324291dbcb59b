import {
  decodeCommit,
  emptyFolded,
  encodeCommit,
  type Folded,
  foldCommit,
  REQUEST_ID_CHARACTERS_MAX,
  snapshotOf,
} from './fold.ts';
import type { Appended, Commit, Declared, LogRequest, RefusalOf, Refused, VersionedEvent } from './incident-log.ts';
import { type LogContext, loadFolded, readCommit, readCommits, writeHead } from './read.ts';

/** Twenty writers that all retry need up to 58 tries; commands of one incident normally come one after another. */
const APPEND_ATTEMPTS_MAX = 64;
const JITTER_FIRST_MS = 4;
const JITTER_MAX_MS = 250;
/** So many incidents may have been declared since the latest number was last noted. */
const DECLARE_NUMBERS_MAX = 10_000;
/** The clocks of two machines may differ by this much when an old request is looked for. */
const CLOCK_SKEW_MS = 60_000;

export const append = async <E extends VersionedEvent, S, D extends readonly E[] | Refused>(
  ctx: LogContext<E, S>,
  number: number,
  request: LogRequest,
  decide: (state: S, at: string) => D,
): Promise<Appended<E, S, RefusalOf<D>>> => {
  assertRequestId(request.requestId);
  for (let attempt = 0; attempt < APPEND_ATTEMPTS_MAX; attempt++) {
    if (attempt > 0) await pause(ctx, attempt);
    const before = await loadFolded(ctx, number);
    if (before.seq === 0) throw new Error(`There is no incident ${number}.`);
    const earlier = await findCommitOf(ctx, before, request);
    if (earlier !== undefined) return { outcome: 'repeated', commit: earlier, incident: snapshotOf(before) };
    const at = timeOfNext(ctx, before);
    const decided: readonly E[] | Refused = decide(before.state, at);
    if (!isEvents(decided)) return { outcome: 'refused', refusal: decided as RefusalOf<D>, incident: snapshotOf(before) };
    if (decided.length === 0) return { outcome: 'unchanged', incident: snapshotOf(before) };
    const written = await tryCommit(ctx, before, request, at, decided);
    if (written !== undefined) return written;
  }
  throw new Error(`Incident ${number}: other commits came first ${APPEND_ATTEMPTS_MAX} times in a row.`);
};

/**
 * An incident exists when its first commit does; so the number is claimed by putting that commit, and a crash leaves
 * neither a gap nor half an incident. Starting after the latest noted number, the first free one is taken. Whoever passes
 * a number first notes whose request it was, and only then moves the latest number past it: so the request of every
 * number up to the latest is noted, and a repeat finds its incident there, or on its way.
 */
export const declare = async <E extends VersionedEvent, S>(
  ctx: LogContext<E, S>,
  request: Omit<LogRequest, 'requestedAt'>,
  decide: (number: number, at: string) => readonly E[],
): Promise<Declared<E, S>> => {
  assertRequestId(request.requestId);
  // In this order: a request that is noted after the second read belongs to a number after `latest`.
  const latest = await ctx.store.readLatestNumber();
  const noted = await ctx.store.readRequest(request.requestId);
  if (noted !== undefined) return repeatedDeclaration(ctx, noted);
  for (let number = latest + 1; number <= latest + DECLARE_NUMBERS_MAX; number++) {
    const empty = emptyFolded(ctx.model, number);
    const at = timeOfNext(ctx, empty);
    const written = await tryCommit(ctx, empty, request, at, decide(number, at));
    const owner = written?.commit ?? (await readCommit(ctx, number, 1));
    await ctx.store.putRequest(owner.requestId, number);
    if (owner.requestId !== request.requestId) continue;
    await ctx.store.raiseLatestNumber(number);
    return written ?? repeatedDeclaration(ctx, number);
  }
  throw new Error(`No free number was found after ${latest}. The latest number is lost: rebuild the indexes.`);
};

const repeatedDeclaration = async <E extends VersionedEvent, S>(
  ctx: LogContext<E, S>,
  number: number,
): Promise<Declared<E, S>> => ({
  outcome: 'repeated',
  commit: await readCommit(ctx, number, 1),
  incident: snapshotOf(await loadFolded(ctx, number)),
});

/** Undefined if another commit has this place. */
const tryCommit = async <E extends VersionedEvent, S>(
  ctx: LogContext<E, S>,
  before: Folded<S>,
  { requestId, by }: LogRequest,
  at: string,
  events: readonly E[],
): Promise<Declared<E, S> | undefined> => {
  const stored = encodeCommit({ incident: before.number, seq: before.seq + 1, at, by, requestId, events });
  // Read back before it is put: what could not be read must never be stored.
  const commit = decodeCommit(ctx.model, stored);
  const after = foldCommit(ctx.model, before, commit);
  await addToIndexes(ctx, before, after);
  if ((await ctx.store.putCommit(stored)) === 'taken') return undefined;
  await writeHead(ctx, after);
  await removeFromIndexes(ctx, before, after);
  return { outcome: 'committed', commit, incident: snapshotOf(after) };
};

/**
 * An index entry is added before the commit that calls for it, and removed after the one that does not. So a crash in
 * between leaves one too many, never one too few; and readers believe the incident, not the index.
 */
const addToIndexes = async <E extends VersionedEvent, S>(ctx: LogContext<E, S>, before: Folded<S>, after: Folded<S>) => {
  const [was, is] = [ctx.model.indexes(before.state), ctx.model.indexes(after.state)];
  if (is.open && !was.open) await ctx.store.putOpen(after.number, after.seq);
  for (const channelId of is.channelIds) {
    if (!was.channelIds.includes(channelId)) await ctx.store.putChannel(channelId, after.number);
  }
};

const removeFromIndexes = async <E extends VersionedEvent, S>(ctx: LogContext<E, S>, before: Folded<S>, after: Folded<S>) => {
  if (!ctx.model.indexes(before.state).open || ctx.model.indexes(after.state).open) return;
  try {
    await ctx.store.removeOpen(after.number, after.seq);
  } catch (error) {
    ctx.logger.warn(
      { incident: after.number, err: error },
      'The closed incident is still on the open list; the next look at it clears that.',
    );
  }
};

/** The commit that this request made before, if it did. */
const findCommitOf = async <E extends VersionedEvent, S>(
  ctx: LogContext<E, S>,
  folded: Folded<S>,
  { requestId, requestedAt }: LogRequest,
): Promise<Commit<E> | undefined> => {
  const remembered = folded.requests.find(({ id }) => id === requestId);
  if (remembered !== undefined) return readCommit(ctx, folded.number, remembered.seq);
  const mayBeForgotten =
    requestedAt !== undefined &&
    folded.forgottenAt !== '' &&
    Date.parse(requestedAt) - CLOCK_SKEW_MS <= Date.parse(folded.forgottenAt);
  if (!mayBeForgotten) return undefined;
  for await (const commit of readCommits(ctx, folded.number, 0)) if (commit.requestId === requestId) return commit;
  return undefined;
};

/** Two machines' clocks differ; a log's time does not run backwards. */
const timeOfNext = <E extends VersionedEvent, S>(ctx: LogContext<E, S>, before: Folded<S>): string => {
  const notBefore = before.seq === 0 ? 0 : Date.parse(before.at);
  return new Date(Math.max(ctx.clock.now(), notBefore)).toISOString();
};

const pause = <E extends VersionedEvent, S>({ clock, random }: LogContext<E, S>, attempt: number): Promise<void> => {
  const milliseconds = random() * Math.min(JITTER_MAX_MS, JITTER_FIRST_MS * 2 ** attempt);
  return new Promise((resolve) => {
    clock.after(milliseconds, resolve);
  });
};

const isEvents = <E>(decided: readonly E[] | Refused): decided is readonly E[] => Array.isArray(decided);

const assertRequestId = (requestId: string): void => {
  if (requestId.length === 0 || requestId.length > REQUEST_ID_CHARACTERS_MAX) {
    throw new Error(`A request id has 1 to ${REQUEST_ID_CHARACTERS_MAX} characters; this one has ${requestId.length}.`);
  }
};
