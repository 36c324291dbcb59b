/**
 * The log of incidents: types only. An incident is a sequence of commits; its state is the fold of them. One command
 * appends one commit, and one commit is one conditional put, so that it is there whole or not at all.
 */

export type VersionedEvent = { readonly type: string; readonly v: number };

export type Commit<E> = {
  readonly incident: number;
  /** 1 for the declaration, then without a hole. */
  readonly seq: number;
  /** ISO 8601, UTC. Never earlier than that of the commit before. */
  readonly at: string;
  /** The Slack user id of who asked, or the name of the part of the bot that acted by itself. */
  readonly by: string;
  readonly requestId: string;
  /** Past tense, at least one. */
  readonly events: readonly E[];
};

/** Lifts one event from its version to the next; the log sets `v`. */
export type Upcast = (older: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/** What the log has to know about the incidents it keeps. All pure. */
export type LogModel<E extends VersionedEvent, S> = {
  /** Before the first commit: not open, and without channels. */
  readonly empty: S;
  readonly evolve: (state: S, commit: Commit<E>) => S;
  /** For each type of event the steps from version 1 to the current one, which is their number plus one. */
  readonly upcasts: Readonly<Record<E['type'], readonly Upcast[]>>;
  /** Parses an event of the current version; throws on anything else. */
  readonly parseEvent: (raw: unknown) => E;
  readonly head: {
    /** Raise it with every change of `evolve` or of the state's shape: cached states of other versions are ignored. */
    readonly version: number;
    readonly toJson: (state: S) => unknown;
    /** May throw: the state is then folded from the log. */
    readonly fromJson: (raw: unknown) => S;
  };
  readonly indexes: (state: S) => IndexEntries;
};

export type IndexEntries = {
  readonly open: boolean;
  /** Every channel from which this incident can be found. */
  readonly channelIds: readonly string[];
};

export type LogRequest = {
  /** One id per command, the same on every delivery of it: what makes a second delivery harmless. */
  readonly requestId: string;
  readonly by: string;
  /**
   * ISO 8601: when the command was first given. The last requests of an incident are remembered in its state; with
   * this time an older repeat is recognised too (the log itself is searched), without it it is a new command.
   */
  readonly requestedAt?: string;
};

/** What `decide` answers instead of events: a sentence for the person who asked, and whatever else the caller needs. */
export type Refused = { readonly refused: string };

/** What of the answers of `decide` is not events. */
export type RefusalOf<D> = Exclude<D, readonly unknown[]>;

export type IncidentSnapshot<S> = { readonly number: number; readonly seq: number; readonly at: string; readonly state: S };

/** `repeated`: this request had its commit before, and `commit` is that one. Carry on as after `committed`. */
export type Declared<E, S> = {
  readonly outcome: 'committed' | 'repeated';
  readonly commit: Commit<E>;
  readonly incident: IncidentSnapshot<S>;
};

export type Appended<E, S, R> =
  | Declared<E, S>
  /** `decide` returned no events. */
  | { readonly outcome: 'unchanged'; readonly incident: IncidentSnapshot<S> }
  | { readonly outcome: 'refused'; readonly refusal: R; readonly incident: IncidentSnapshot<S> };

/** All reads are strongly consistent. Everything throws, with `cause`, when the store does not answer. */
export type IncidentLog<E, S> = {
  /** Opens the next incident: numbers are 1, 2, 3… without a gap. `decide` may be asked again with a later number. */
  readonly declare: (
    request: Omit<LogRequest, 'requestedAt'>,
    decide: (number: number, at: string) => readonly E[],
  ) => Promise<Declared<E, S>>;
  /**
   * Appends what `decide` answers to the current state. A lost race is decided again, so `decide` must be pure.
   * Throws if there is no such incident, if the commit is too large, or if it lost too many races.
   */
  readonly append: <D extends readonly E[] | Refused>(
    number: number,
    request: LogRequest,
    decide: (state: S, at: string) => D,
  ) => Promise<Appended<E, S, RefusalOf<D>>>;
  /** Undefined if there is no such incident. */
  readonly load: (number: number) => Promise<IncidentSnapshot<S> | undefined>;
  /** Oldest first, read page by page. */
  readonly commits: (number: number, options?: { readonly afterSeq?: number }) => AsyncIterable<Commit<E>>;
  /** The newest incident that counts this channel as its own. */
  readonly byChannel: (channelId: string) => Promise<IncidentSnapshot<S> | undefined>;
  /** By number, oldest first. */
  readonly listOpen: () => Promise<readonly IncidentSnapshot<S>[]>;
  /** 0 before the first. May be behind for the moment in which an incident is being declared. */
  readonly latestNumber: () => Promise<number>;
  /** Writes again, from the log, everything by which incidents are found. Safe beside running writers. */
  readonly rebuildIndexes: () => Promise<{ readonly incidents: number }>;
};
