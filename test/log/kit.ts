import { createIncidentLog } from '../../src/log/create-incident-log.ts';
import type { LogModel } from '../../src/log/incident-log.ts';
import type { LogStore } from '../../src/log/log-store.ts';
import { type Counter, type CounterEvent, counterModel } from './counter-model.ts';

export type LogWrite = 'putCommit' | 'putHead' | 'raiseLatestNumber' | 'putRequest' | 'putOpen' | 'removeOpen' | 'putChannel';
export type StoreMethod = keyof LogStore;

/** A log of counters. Its clock stands at `time.ms`, and its pauses last one turn of the event loop. */
export const createTestLog = (store: LogStore, model: LogModel<CounterEvent, Counter> = counterModel) => {
  const time = { ms: Date.UTC(2026, 0, 5, 14, 0, 0) };
  const pausesMs: number[] = [];
  const warnings: string[] = [];
  const log = createIncidentLog({
    store,
    model,
    clock: {
      now: () => time.ms,
      after: (milliseconds, callback) => {
        pausesMs.push(milliseconds);
        const immediate = setImmediate(callback);
        return () => clearImmediate(immediate);
      },
    },
    random: () => 0.5,
    logger: { warn: (_details, sentence) => void warnings.push(sentence) },
  });
  return { log, time, pausesMs, warnings };
};

export type Watch = (method: StoreMethod, call: () => Promise<unknown>) => Promise<unknown>;

/** The store with something around every call of it. */
export const watched = (store: LogStore, watch: Watch): LogStore =>
  Object.fromEntries(
    Object.entries(store).map(([method, call]) => [
      method,
      (...args: unknown[]) => watch(method as StoreMethod, () => (call as (...args: unknown[]) => Promise<unknown>)(...args)),
    ]),
  ) as LogStore;

/** Dies at the first call of `method`, before it reaches the store or before its answer comes back, and is dead from then on. */
export const dyingAt = (store: LogStore, method: StoreMethod, moment: 'before' | 'after') => {
  const life = { dead: false };
  const dying = watched(store, async (called, call) => {
    if (life.dead) throw new Error('The process is dead.');
    if (called !== method) return call();
    life.dead = true;
    if (moment === 'after') await call();
    throw new Error(`The process died ${moment} ${method}.`);
  });
  return { store: dying, life };
};

/** Counts the calls of each method. */
export const counting = (store: LogStore) => {
  const calls: Partial<Record<StoreMethod, number>> = {};
  const counted = watched(store, (method, call) => {
    calls[method] = (calls[method] ?? 0) + 1;
    return call();
  });
  return { store: counted, calls };
};
