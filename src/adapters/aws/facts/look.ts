import type { Clock } from '../../../ports.ts';
import { type FactKind, type FactKinds, factKey, fact as factOf } from '../../../runbook/facts.ts';
import type { Service } from '../../../runbook/service.ts';
import type { ReadAccess, ReadClients } from '../clients.ts';
import { ReadFailure, readFailure, unreadable } from '../read-failure.ts';
import type { Limits } from './limits.ts';
import type { Pace } from './pace.ts';
import { chunks } from './present.ts';

/** One read action of AWS. `action` is IAM's name for it, which is also the permission that it takes. */
export type Read<I, O> = {
  readonly action: string;
  readonly send: (clients: ReadClients, input: I, options: { readonly abortSignal: AbortSignal }) => Promise<O>;
  /** Calls with the same answer are kept apart as AWS asks: `limits.trailIntervalMs`. */
  readonly pace?: (input: I) => string;
};
/** One that answers in pages. */
export type PagedRead<I, O, T> = Read<I, O> & {
  readonly items: (output: O) => readonly T[] | undefined;
  /** What asks for the page after this one; `undefined` after the last. */
  readonly next: (input: I, output: O) => I | undefined;
};
/** Things that are asked for one by one and fetched many at a time. Keys without a thing are left out of the answer. */
export type Loader<T> = {
  readonly name: string;
  /** Keys that one call takes. */
  readonly max: number;
  readonly fetch: (look: Look, keys: readonly string[]) => Promise<ReadonlyMap<string, T>>;
};

/** A call that was made: for "how many calls, and what was waited for". Times are wall milliseconds since the reader was opened. */
export type CallRecord = { readonly action: string; readonly startedMs: number; readonly endedMs: number };

/** Looks up names as a resolver does: addresses for A, names for CNAME and NS. Rejects as `dns.promises` does. */
export type ResolveName = (host: string, type: 'A' | 'CNAME' | 'NS') => Promise<readonly string[]>;

export type FetchFact<K extends FactKind> = (look: Look, params: FactKinds[K]['params']) => Promise<FactKinds[K]['answer']>;
export type FactFetchers = { readonly [K in FactKind]: FetchFact<K> };

export type Surroundings = {
  readonly access: ReadAccess;
  readonly region: string;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly services: (id: string) => Service | undefined;
  readonly resolve: ResolveName;
  readonly fetchers: FactFetchers;
  /** Shared by all readers. */
  readonly limited: <T>(work: () => Promise<T>) => Promise<T>;
  readonly paced: Pace;
};

/**
 * One look at the world. All reject with a `ReadFailure`, and answer the same question once: every fact, every call and
 * every loaded thing is remembered, failures too.
 */
export type Look = Omit<Surroundings, 'access' | 'limited' | 'paced' | 'fetchers'> & {
  readonly ask: <I, O>(read: Read<I, O>, input: I) => Promise<O>;
  /** Every item of every page. */
  readonly all: <I, O, T>(read: PagedRead<I, O, T>, input: I) => Promise<readonly T[]>;
  readonly load: <T>(loader: Loader<T>, key: string) => Promise<T | undefined>;
  readonly fact: <K extends FactKind>(kind: K, params: FactKinds[K]['params']) => Promise<FactKinds[K]['answer']>;
  /** Something that is no call of AWS, under the same deadline. */
  readonly within: <T>(what: string, answer: Promise<T>) => Promise<T>;
};

export type Memory = { readonly answers: Map<string, Promise<unknown>>; readonly calls: CallRecord[]; readonly openedAt: number };
export const createMemory = (): Memory => ({ answers: new Map(), calls: [], openedAt: performance.now() });

/** Settles as the answer does, or when the deadline passes, whichever is first: what is late is not waited for. */
const before = <T>(signal: AbortSignal, what: string, answer: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const late = () =>
      reject(new ReadFailure({ unreadable: 'timed-out', because: `${what} did not answer before the deadline.` }, 'Deadline'));
    if (signal.aborted) late();
    else signal.addEventListener('abort', late, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', late));
  });

/** Whoever needs it hears of its failure. That nobody listens any more, as another part has failed already, is no crash. */
const unheard = <T>(answer: Promise<T>): Promise<T> => {
  answer.catch(() => undefined);
  return answer;
};

/** Keys that are asked for in one turn of the event loop go together. */
const createBatches = (look: () => Look) => {
  const open = new Map<string, { readonly keys: Set<string>; readonly answer: Promise<ReadonlyMap<string, unknown>> }>();
  return <T>(loader: Loader<T>, key: string): Promise<ReadonlyMap<string, T>> => {
    const collecting = open.get(loader.name);
    if (collecting) {
      collecting.keys.add(key);
      return collecting.answer as Promise<ReadonlyMap<string, T>>;
    }
    const keys = new Set([key]);
    const fetchAll = async (): Promise<ReadonlyMap<string, T>> => {
      await new Promise((resolve) => setImmediate(resolve));
      open.delete(loader.name);
      const parts = await Promise.all(chunks([...keys].sort(), loader.max).map((part) => loader.fetch(look(), part)));
      return new Map(parts.flatMap((part) => [...part]));
    };
    const answer = fetchAll();
    open.set(loader.name, { keys, answer });
    return answer;
  };
};

/** A look that shares its memory with the earlier ones of its reader, under a deadline of its own. */
export const createLook = (surroundings: Surroundings, memory: Memory, signal: AbortSignal): Look => {
  const { access, limited, paced, fetchers, ...rest } = surroundings;

  const remember = <T>(key: string, start: () => Promise<T>): Promise<T> => {
    const known = memory.answers.get(key);
    if (known) return known as Promise<T>;
    const answer = unheard(start());
    memory.answers.set(key, answer);
    return answer;
  };

  const call = async <I, O>({ action, send }: Read<I, O>, input: I): Promise<O> => {
    signal.throwIfAborted();
    const startedMs = performance.now() - memory.openedAt;
    try {
      return await access.use((clients) => send(clients, input, { abortSignal: signal }));
    } finally {
      memory.calls.push({ action, startedMs, endedMs: performance.now() - memory.openedAt });
    }
  };
  const inTurn = <I, O>(read: Read<I, O>, input: I): Promise<O> =>
    read.pace === undefined ? limited(() => call(read, input)) : paced(read.pace(input), () => limited(() => call(read, input)));
  const ask: Look['ask'] = (read, input) =>
    remember(`${read.action} ${JSON.stringify(input)}`, () =>
      before(signal, read.action, inTurn(read, input)).catch((error: unknown) => {
        throw readFailure(read.action, error);
      }),
    );
  const readAll = async <I, O, T>(read: PagedRead<I, O, T>, first: I): Promise<readonly T[]> => {
    const found: T[] = [];
    let input: I | undefined = first;
    for (let page = 0; input !== undefined; page++) {
      if (page >= rest.limits.pages) throw unreadable(`${read.action} has more than ${rest.limits.pages} pages.`);
      const output: O = await ask(read, input);
      found.push(...(read.items(output) ?? []));
      input = read.next(input, output);
    }
    return found;
  };
  const addToBatch = createBatches(() => look);
  const look: Look = {
    ...rest,
    ask,
    all: (read, input) => unheard(readAll(read, input)),
    load: (loader, key) => remember(`${loader.name} ${key}`, async () => (await addToBatch(loader, key)).get(key)),
    fact: (kind, params) => {
      const fetchFact = fetchers[kind] as FetchFact<typeof kind>;
      return remember(factKey(factOf(kind, params)), () => fetchFact(look, params));
    },
    within: (what, answer) => unheard(before(signal, what, answer)),
  };
  return look;
};
