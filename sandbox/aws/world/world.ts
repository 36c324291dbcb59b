import type { Clock } from '../../../src/ports.ts';
import type { Identity } from '../identity/identity.ts';
import type { Account } from '../operation.ts';
import { type Change, createChange } from './change/change.ts';
import { createEngine } from './engine.ts';
import { SERVICES } from './operations/index.ts';
import { possibleReplies, type Reply, request } from './physics/users.ts';
import { emptyState, FORMAT, type WorldState } from './state/state.ts';
import { observed } from './trail.ts';

export const ACCOUNT_ID = '111122223333';
export const REGION = 'eu-west-3';
const SEED = 1;

export type WorldOptions = {
  /** World time. What the bot calls two minutes is two minutes here. */
  readonly clock: Clock;
  /** The same seed, clock and calls give the same world, id for id. */
  readonly seed?: number;
  /** A world that was kept: `JSON.parse(world.snapshot())`. It goes on as if it had never been put away. */
  readonly state?: WorldState;
  /** Where roles and policies live. With it, applications lose their credentials and permissions as their role does. */
  readonly identity?: Identity;
};

export type World = {
  /** Live: operations, physics and change act on this one object. Call `settle` before reading it. */
  readonly state: WorldState;
  readonly identity?: Identity;
  /** Performs everything that is due by now. Operations, users and changes do it by themselves. */
  readonly settle: () => void;
  readonly operations: Account;
  readonly users: {
    /** One request of a client on the internet; the ways it may take are taken in turn. */
    readonly request: (url: string) => Reply;
    /** Every reply it may get now. */
    readonly possible: (url: string) => readonly Reply[];
  };
  /** What breaks by itself, and what other people do. Most of it answers its own reversal. */
  readonly change: Change;
  /** Changes the world from outside the API: settles, acts, and lets everything notice. */
  readonly act: <T>(change: (state: WorldState) => T) => T;
  /** The whole world as JSON text. Identity has its own. */
  readonly snapshot: () => string;
};

/** Throws when the kept state is of another format: a world of an older version does not go on in this one. */
export const createWorld = ({ clock, seed = SEED, state: kept, identity }: WorldOptions): World => {
  if (kept !== undefined && kept.format !== FORMAT)
    throw new Error(
      `This world was kept in format ${String(kept.format)}, and only format ${FORMAT} can go on. Begin a new one.`,
    );
  const state =
    kept === undefined ? emptyState({ now: clock.now(), seed, accountId: ACCOUNT_ID, region: REGION }) : structuredClone(kept);
  const engine = createEngine(state, clock, identity);
  const operations = Object.fromEntries(
    Object.entries(SERVICES).map(([service, make]) => [service, observed(service, make(state), engine)]),
  );
  const look = <T>(at: (live: WorldState) => T): T => {
    engine.settle();
    return at(state);
  };
  return {
    state,
    ...(identity && { identity }),
    settle: engine.settle,
    operations,
    users: {
      request: (url) => look((live) => request(live, url)),
      possible: (url) => look((live) => possibleReplies(live, url)),
    },
    change: createChange(engine.act, identity),
    act: engine.act,
    snapshot: () => look((live) => JSON.stringify(live)),
  };
};
