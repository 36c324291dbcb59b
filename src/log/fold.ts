/** Pure: from stored commits to a state and back. */
import type { Commit, IncidentSnapshot, LogModel, VersionedEvent } from './incident-log.ts';
import type { StoredCommit, StoredHead } from './log-store.ts';
import { upcast } from './upcast.ts';

/** A DynamoDB item holds 400 KB, names and keys included: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
export const COMMIT_BYTES_MAX = 350 * 1024;
/** A head is written with every commit, and costs a write unit per KB: what grows with the log has no place in it. */
export const HEAD_BYTES_MAX = 256 * 1024;
/** So many of an incident's last requests are recognised without searching the log. */
export const REQUESTS_REMEMBERED = 100;
export const REQUEST_ID_CHARACTERS_MAX = 200;

/** Raised when what this file puts into a head changes. */
const HEAD_FORMAT = 1;

export type RememberedRequest = { readonly id: string; readonly seq: number; readonly at: string };

/** The state of an incident, and what the log itself has to remember of it. */
export type Folded<S> = {
  readonly number: number;
  /** 0: there is no such incident. */
  readonly seq: number;
  readonly at: string;
  readonly state: S;
  /** Oldest first. */
  readonly requests: readonly RememberedRequest[];
  /** When the newest of the requests that are no longer remembered was committed; empty if all are. */
  readonly forgottenAt: string;
};

type Model<E extends VersionedEvent, S> = LogModel<E, S>;

export const emptyFolded = <E extends VersionedEvent, S>(model: Model<E, S>, number: number): Folded<S> => ({
  number,
  seq: 0,
  at: '',
  state: model.empty,
  requests: [],
  forgottenAt: '',
});

export const snapshotOf = <S>({ number, seq, at, state }: Folded<S>): IncidentSnapshot<S> => ({ number, seq, at, state });

export const foldCommit = <E extends VersionedEvent, S>(model: Model<E, S>, folded: Folded<S>, commit: Commit<E>): Folded<S> => {
  const { seq, at, requestId } = commit;
  if (seq !== folded.seq + 1) throw new Error(`Incident ${folded.number}: commit ${seq} follows commit ${folded.seq}.`);
  const requests = [...folded.requests, { id: requestId, seq, at }];
  const forgotten = requests.length > REQUESTS_REMEMBERED ? requests.shift() : undefined;
  return {
    number: folded.number,
    seq,
    at,
    state: model.evolve(folded.state, commit),
    requests,
    forgottenAt: forgotten?.at ?? folded.forgottenAt,
  };
};

export const encodeCommit = <E>(commit: Commit<E>): StoredCommit => {
  const stored = { ...commit, events: JSON.stringify(commit.events) };
  const bytes = Buffer.byteLength(stored.events);
  if (bytes > COMMIT_BYTES_MAX) {
    throw new Error(
      `Incident ${commit.incident}: what one command records may be ${kilobytes(COMMIT_BYTES_MAX)} KB, and this would be ${kilobytes(bytes)} KB. Keep the long text elsewhere, and record where.`,
    );
  }
  return stored;
};

/** Upcasts and parses; what cannot be read throws, and says where it stands. */
export const decodeCommit = <E extends VersionedEvent, S>(model: Model<E, S>, stored: StoredCommit): Commit<E> => {
  try {
    const raw: unknown = JSON.parse(stored.events);
    if (!Array.isArray(raw)) throw new Error('The events are not a list.');
    return { ...stored, events: raw.map((event) => model.parseEvent(upcast(event, model.upcasts))) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Incident ${stored.incident}, commit ${stored.seq} cannot be read. ${why}`, { cause: error });
  }
};

const headVersion = <E extends VersionedEvent, S>(model: Model<E, S>): string => `${HEAD_FORMAT}.${model.head.version}`;

export const encodeHead = <E extends VersionedEvent, S>(model: Model<E, S>, folded: Folded<S>): StoredHead => {
  const { seq, at, state, requests, forgottenAt } = folded;
  const json = { at, state: model.head.toJson(state), requests: requests.map(({ id, seq, at }) => [id, seq, at]), forgottenAt };
  return { seq, version: headVersion(model), folded: JSON.stringify(json) };
};

/** Undefined for a head that other code wrote. Throws on one that cannot be read. */
export const decodeHead = <E extends VersionedEvent, S>(
  model: Model<E, S>,
  number: number,
  head: StoredHead,
): Folded<S> | undefined => {
  if (head.version !== headVersion(model)) return undefined;
  const { at, state, requests, forgottenAt } = JSON.parse(head.folded) as {
    at: string;
    state: unknown;
    requests: readonly (readonly [string, number, string])[];
    forgottenAt: string;
  };
  return {
    number,
    seq: head.seq,
    at,
    state: model.head.fromJson(state),
    requests: requests.map(([id, seq, at]) => ({ id, seq, at })),
    forgottenAt,
  };
};

export const kilobytes = (bytes: number): number => Math.ceil(bytes / 1024);
