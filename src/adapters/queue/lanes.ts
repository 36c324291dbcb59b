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

export const createLanes = <Entry>(deps: {
  readonly clock: Clock;
  readonly atOnceMax: number;
  /** Must not reject. */
  readonly visit: (entry: Entry) => Promise<'done' | Later>;
}): Lanes<Entry> => {
  const lanes = new Map<string, Entry[]>();
  /** Lanes that could be visited now, in the order in which they became so. */
  const ready: string[] = [];
  /** Lanes that are ready, visited, or wait for their time. */
  const held = new Set<string>();
  const visits = new Set<Promise<void>>();
  let atWork = false;
  let becomeIdle = Promise.withResolvers<void>();
  becomeIdle.resolve();

  const laneOf = (name: string): Entry[] => {
    const lane = lanes.get(name) ?? [];
    if (lanes.size === 0) becomeIdle = Promise.withResolvers<void>();
    lanes.set(name, lane);
    return lane;
  };

  const offer = (name: string): void => {
    if (!held.has(name)) {
      held.add(name);
      ready.push(name);
    }
    visitNext();
  };

  const visitNext = (): void => {
    while (atWork && visits.size < deps.atOnceMax && ready.length > 0) begin(ready.shift()!);
  };

  const begin = (name: string): void => {
    const entry = lanes.get(name)![0]!;
    const visited = deps.visit(entry).then((next) => {
      visits.delete(visited);
      leave(name, next);
      visitNext();
    });
    visits.add(visited);
  };

  const leave = (name: string, next: 'done' | Later): void => {
    const free = (): void => {
      held.delete(name);
      if (lanes.has(name)) offer(name);
    };
    if (next !== 'done') {
      deps.clock.after(next.inMs, free);
      return;
    }
    const lane = lanes.get(name)!;
    lane.shift();
    if (lane.length === 0) lanes.delete(name);
    free();
    if (lanes.size === 0) becomeIdle.resolve();
  };

  return {
    push: (name, entry) => {
      laneOf(name).push(entry);
      offer(name);
    },
    unshift: (name, entry) => {
      laneOf(name).unshift(entry);
      offer(name);
    },
    entries: () => [...lanes.values()].flat(),
    begin: () => {
      atWork = true;
      for (const name of lanes.keys()) offer(name);
    },
    stop: () => {
      atWork = false;
    },
    idle: () => becomeIdle.promise,
    settled: async () => {
      while (visits.size > 0) await Promise.all(visits);
    },
  };
};
