/** First in, first out within a lane; lanes side by side, so many at once; a lane whose first entry must wait holds up only itself. */
import type { Clock } from '../../ports.ts';

export type Lanes<Entry> = {
  readonly push: (lane: string, entry: Entry) => void;
  /** Before `begin` only. */
  readonly unshift: (lane: string, entry: Entry) => void;
  readonly entries: () => Entry[];
  /** Nothing is visited before. */
  readonly begin: () => void;
  /** Begins no more visits. */
  readonly stop: () => void;
  /** Resolves when no entry is left. */
  readonly idle: () => Promise<void>;
  /** Resolves when no entry is being visited, nor could be. */
  readonly settled: () => Promise<void>;
};

/** Leaves the entry first in its lane, to be visited again. */
export type Later = { readonly inMs: number };

export type LanesDeps<Entry> = {
  readonly clock: Clock;
  readonly atOnceMax: number;
  /** Must not reject. */
  readonly visit: (entry: Entry) => Promise<'done' | Later>;
};

export const createLanes = <Entry>(deps: LanesDeps<Entry>): Lanes<Entry> => {
  const lines = createLines<Entry>();
  /** Lanes that could be visited now, in the order in which they became so. */
  const ready: string[] = [];
  /** Lanes that are ready, visited, or wait for their time. */
  const held = new Set<string>();
  const visits = new Set<Promise<void>>();
  let atWork = false;

  const offer = (name: string): void => {
    if (!held.has(name)) {
      held.add(name);
      ready.push(name);
    }
    visitNext();
  };

  const visitNext = (): void => {
    while (atWork && visits.size < deps.atOnceMax && ready.length > 0) visit(ready.shift()!);
  };

  const visit = (name: string): void => {
    const visited = deps.visit(lines.first(name)).then((next) => {
      visits.delete(visited);
      leave(name, next);
      visitNext();
    });
    visits.add(visited);
  };

  const leave = (name: string, next: 'done' | Later): void => {
    const free = (): void => {
      held.delete(name);
      if (lines.has(name)) offer(name);
    };
    if (next !== 'done') {
      deps.clock.after(next.inMs, free);
      return;
    }
    lines.shift(name);
    free();
  };

  return {
    push: (name, entry) => {
      lines.of(name).push(entry);
      offer(name);
    },
    unshift: (name, entry) => {
      lines.of(name).unshift(entry);
      offer(name);
    },
    entries: lines.entries,
    begin: () => {
      atWork = true;
      visitNext();
    },
    stop: () => {
      atWork = false;
    },
    idle: lines.empty,
    settled: async () => {
      while (visits.size > 0) await Promise.all(visits);
    },
  };
};

/** The entries by lane; a lane is there as long as it has one. */
const createLines = <Entry>() => {
  const lines = new Map<string, Entry[]>();
  let emptied = Promise.withResolvers<void>();
  emptied.resolve();
  return {
    has: (name: string): boolean => lines.has(name),
    first: (name: string): Entry => lines.get(name)![0]!,
    entries: (): Entry[] => [...lines.values()].flat(),
    /** To put an entry into. */
    of: (name: string): Entry[] => {
      const line = lines.get(name) ?? [];
      if (lines.size === 0) emptied = Promise.withResolvers<void>();
      lines.set(name, line);
      return line;
    },
    shift: (name: string): void => {
      const line = lines.get(name)!;
      line.shift();
      if (line.length > 0) return;
      lines.delete(name);
      if (lines.size === 0) emptied.resolve();
    },
    empty: (): Promise<void> => emptied.promise,
  };
};
