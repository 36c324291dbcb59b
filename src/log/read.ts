import type { Clock } from '../ports.ts';
import { decodeCommit, decodeHead, emptyFolded, encodeHead, type Folded, foldCommit, HEAD_BYTES_MAX, kilobytes } from './fold.ts';
import type { Commit, LogModel, VersionedEvent } from './incident-log.ts';
import type { LogStore, StoredHead } from './log-store.ts';

export type LogContext<E extends VersionedEvent, S> = {
  readonly store: LogStore;
  readonly model: LogModel<E, S>;
  readonly clock: Clock;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly logger: { readonly warn: (details: Readonly<Record<string, unknown>>, sentence: string) => void };
};

/** A reader that had to fold more commits than this onto the head writes a new one, so that the next need not. */
const HEAD_LAG_COMMITS_MAX = 20;

/** From the head and the commits after it: usually one request, however long the log is. */
export const loadFolded = async <E extends VersionedEvent, S>(ctx: LogContext<E, S>, number: number): Promise<Folded<S>> => {
  const { head, newest } = await ctx.store.readTail(number);
  const empty = emptyFolded(ctx.model, number);
  if (newest === undefined) return empty;
  const cached = head !== undefined && head.seq <= newest.seq ? readHead(ctx, number, head) : undefined;
  let folded = cached ?? empty;
  if (newest.seq === folded.seq) return folded;
  if (newest.seq === folded.seq + 1) return foldCommit(ctx.model, folded, decodeCommit(ctx.model, newest));
  const from = folded.seq;
  for await (const commit of readCommits(ctx, number, from)) folded = foldCommit(ctx.model, folded, commit);
  if (folded.seq - from > HEAD_LAG_COMMITS_MAX) await writeHead(ctx, folded);
  return folded;
};

export async function* readCommits<E extends VersionedEvent, S>(
  ctx: LogContext<E, S>,
  number: number,
  afterSeq: number,
): AsyncGenerator<Commit<E>, void> {
  let after = afterSeq;
  for (let more = true; more; ) {
    const page = await ctx.store.readCommits(number, { afterSeq: after });
    for (const stored of page.commits) yield decodeCommit(ctx.model, stored);
    after = page.commits.at(-1)?.seq ?? after;
    more = page.more;
  }
}

export const readCommit = async <E extends VersionedEvent, S>(
  ctx: LogContext<E, S>,
  number: number,
  seq: number,
): Promise<Commit<E>> => {
  const { commits } = await ctx.store.readCommits(number, { afterSeq: seq - 1, limit: 1 });
  const stored = commits[0];
  if (stored?.seq !== seq) throw new Error(`Incident ${number}: commit ${seq} is missing.`);
  return decodeCommit(ctx.model, stored);
};

/** The commit counts already, so a head that cannot be written is no failure: the next reader folds a little more. */
export const writeHead = async <E extends VersionedEvent, S>(ctx: LogContext<E, S>, folded: Folded<S>): Promise<void> => {
  const head = encodeHead(ctx.model, folded);
  const bytes = Buffer.byteLength(head.folded);
  if (bytes > HEAD_BYTES_MAX) {
    ctx.logger.warn(
      { incident: folded.number, kilobytes: kilobytes(bytes), kilobytesMax: kilobytes(HEAD_BYTES_MAX) },
      'The state is too large to be cached; the log is folded again and again. Something that grows with the log is kept in the state.',
    );
    return;
  }
  try {
    await ctx.store.putHead(folded.number, head);
  } catch (error) {
    ctx.logger.warn({ incident: folded.number, err: error }, 'The cached state could not be written; it is folded from the log.');
  }
};

/** The log is the truth: a head that is damaged or of other code is as good as none. */
const readHead = <E extends VersionedEvent, S>(
  ctx: LogContext<E, S>,
  number: number,
  head: StoredHead,
): Folded<S> | undefined => {
  try {
    return decodeHead(ctx.model, number, head);
  } catch (error) {
    ctx.logger.warn({ incident: number, err: error }, 'The cached state could not be read; it is folded from the log.');
    return undefined;
  }
};
