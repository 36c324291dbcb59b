/** The workspace's memory: one state, a version that counts its changes, and those who want to hear of them. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../../src/ports.ts';
import type { WorkspaceState } from './model.ts';
import { createState, type Seed } from './seed.ts';

/** Written into every snapshot; another number is another format, and is not read. */
const SNAPSHOT_FORMAT = 1;

export type Store = {
  /** The one state; whoever changes it says `touch()`. */
  readonly state: WorkspaceState;
  readonly touch: () => void;
  readonly onChange: (listener: () => void) => () => void;
  /** A new id such as `C00000001A`: counted, so that the same story gets the same ids. */
  readonly nextId: (prefix: string) => string;
  /** A `ts` such as `1767621600.000001`, later than every one before it. */
  readonly nextTs: () => string;
  readonly nowSeconds: () => number;
  readonly snapshot: () => string;
  /** Throws when the text is not a snapshot of this format. */
  readonly restore: (snapshot: string) => void;
  readonly close: () => void;
};

export type StoreOptions = {
  readonly clock: Clock;
  readonly seed: Seed;
  /** Where to keep the state between two runs; read at the start when it is there. */
  readonly dataFile?: string | undefined;
};

export const createStore = ({ clock, seed, dataFile }: StoreOptions): Store => {
  const nowSeconds = (): number => Math.floor(clock.now() / 1000);
  const listeners = new Set<() => void>();
  const state = createState(seed, nowSeconds());
  let savePending = false;

  const snapshot = (): string => JSON.stringify({ format: SNAPSHOT_FORMAT, state });
  const load = (text: string): void => {
    const parsed = JSON.parse(text) as { format?: unknown; state?: WorkspaceState };
    if (parsed.format !== SNAPSHOT_FORMAT || parsed.state === undefined)
      throw new Error(`This is not a snapshot of a Slack workspace in format ${SNAPSHOT_FORMAT}.`);
    // The version only ever rises: a page that watched before the restore must see that something changed.
    Object.assign(state, parsed.state, { version: Math.max(state.version, parsed.state.version) });
    // Whoever was waiting for an answer is not there any more.
    for (const view of state.views) view.busy = false;
  };
  const save = (): void => {
    savePending = false;
    if (dataFile === undefined) return;
    mkdirSync(dirname(dataFile), { recursive: true });
    // Renamed into place, so that a killed process leaves the old file or the new one, never half of one.
    writeFileSync(`${dataFile}.new`, snapshot());
    renameSync(`${dataFile}.new`, dataFile);
  };
  const touch = (): void => {
    state.version += 1;
    for (const listener of listeners) listener();
    if (dataFile === undefined || savePending) return;
    savePending = true;
    // Once per turn of the event loop, however many changes one request makes.
    setImmediate(() => savePending && save());
  };

  const kept = dataFile === undefined ? undefined : readIfThere(dataFile);
  if (kept !== undefined) load(kept);

  return {
    state,
    touch,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    nextId: (prefix) => {
      state.lastId += 1;
      return `${prefix}0${state.lastId.toString(36).toUpperCase().padStart(8, '0')}`;
    },
    nextTs: () => {
      state.lastTsMicros = Math.max(state.lastTsMicros + 1, Math.floor(clock.now()) * 1000);
      return `${Math.floor(state.lastTsMicros / 1e6)}.${String(state.lastTsMicros % 1e6).padStart(6, '0')}`;
    },
    nowSeconds,
    snapshot,
    restore: (text) => {
      load(text);
      touch();
    },
    close: () => {
      listeners.clear();
      if (savePending) save();
    },
  };
};

const readIfThere = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};
