/** What the log asks of a database: single-item reads and conditional writes, nothing that spans two items. */

/** A commit as it is stored. */
export type StoredCommit = {
  readonly incident: number;
  readonly seq: number;
  readonly at: string;
  readonly by: string;
  readonly requestId: string;
  /** JSON. */
  readonly events: string;
};

/** The cached fold of an incident's commits up to `seq`. */
export type StoredHead = { readonly seq: number; readonly version: string; readonly folded: string };

/** All reads are strongly consistent. Everything throws, with `cause`, when the database does not answer. */
export type LogStore = {
  /** The one write that decides: puts the commit if its place in the log is free. */
  readonly putCommit: (commit: StoredCommit) => Promise<'stored' | 'taken'>;
  /** Oldest first; `more` if the log goes on after them. */
  readonly readCommits: (
    incident: number,
    options: { readonly afterSeq: number; readonly limit?: number },
  ) => Promise<{ readonly commits: readonly StoredCommit[]; readonly more: boolean }>;
  /** The newest commit and the head, in one request. */
  readonly readTail: (incident: number) => Promise<{ readonly head?: StoredHead; readonly newest?: StoredCommit }>;
  /** Only moves forward: an older head than the stored one is dropped without a word. */
  readonly putHead: (incident: number, head: StoredHead) => Promise<void>;

  /** 0 before the first. */
  readonly readLatestNumber: () => Promise<number>;
  /** Only moves forward. */
  readonly raiseLatestNumber: (number: number) => Promise<void>;
  /** Which incident this request declared. */
  readonly readRequest: (requestId: string) => Promise<number | undefined>;
  readonly putRequest: (requestId: string, incident: number) => Promise<void>;

  /** Lists the incident as open because of commit `seq`; a later seq that is there already stays. */
  readonly putOpen: (incident: number, seq: number) => Promise<void>;
  /** Takes it off the list, unless a commit later than `seq` put it there. */
  readonly removeOpen: (incident: number, seq: number) => Promise<void>;
  /** Ascending. */
  readonly readOpen: () => Promise<readonly number[]>;
  readonly putChannel: (channelId: string, incident: number) => Promise<void>;
  /** Newest incident first. */
  readonly readChannel: (channelId: string) => Promise<readonly number[]>;
};
