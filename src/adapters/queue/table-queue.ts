/**
 * The queue of one machine: an SQS FIFO queue's order, deduplication, redelivery and dead letters, in the process that also
 * works, with every message in the table, so that a killed process loses nothing. One process at a time works a queue.
 */
import { randomUUID } from 'node:crypto';
import type { Clock, Queue, QueueMessage, Worker } from '../../ports.ts';
import { createLanes, type Later } from './lanes.ts';
import { assertMessage, DEDUPLICATION_MS } from './message.ts';
import type { DeadMessage, MessageStore, StoredMessage } from './message-store.ts';

/** With the pauses between them some four minutes: longer than Slack's bad moments, shorter than anybody's patience. */
const ATTEMPTS_MAX = 10;
const BACKOFF_FIRST_MS = 1000;
const BACKOFF_MS_MAX = 60_000;
/** Groups are incidents: more of them are never worked at the same moment by one machine. */
const GROUPS_AT_ONCE_MAX = 8;
/** How long `close` waits for the work under way. */
const CLOSE_GRACE_MS = 10_000;

/** What is told (`on…`) must not throw. */
export type TableQueueDeps = {
  readonly store: MessageStore;
  readonly worker: Worker;
  readonly clock: Clock;
  readonly newId?: () => string;
  readonly groupsAtOnceMax?: number;
  /** An attempt failed; the message comes again. */
  readonly onError?: (message: QueueMessage, attempt: number, error: unknown) => void;
  /** A message was given up. It is kept, and `dead` lists it. */
  readonly onDead?: (dead: DeadMessage) => void;
};

export type TableQueue = Queue & {
  /** Takes up what an earlier process left, and begins to work: once, when the process starts. Until then messages are only stored. */
  readonly resume: () => Promise<void>;
  readonly dead: () => Promise<DeadMessage[]>;
  /** Resolves when no message is left, those that wait for another attempt included. */
  readonly idle: () => Promise<void>;
  /** Resolves when nothing is being worked: what is left waits for another attempt. */
  readonly settled: () => Promise<void>;
  /** Begins no more work and lets what is under way come to its end for a while. Messages are still stored, for the next `resume`. */
  readonly close: () => Promise<void>;
};

/** A message in its lane. `stored` comes to false if it turned out to be a second one of its id. */
type Entry = StoredMessage & { attempts: number; readonly stored: Promise<boolean> };

export const createTableQueue = (deps: TableQueueDeps): TableQueue => {
  const { store, clock, newId = randomUUID } = deps;
  const handled = createHandled(deps);
  const handle = createHandle(deps, handled);
  let lastOrder = 0;
  const lanes = createLanes<Entry>({
    clock,
    atOnceMax: deps.groupsAtOnceMax ?? GROUPS_AT_ONCE_MAX,
    visit: async (entry) => {
      const isOurs = await entry.stored.catch(() => false); // `send` tells its caller why not
      return isOurs ? handle(entry) : 'done';
    },
  });

  const send: Queue['send'] = async (message) => {
    assertMessage(message);
    lastOrder = Math.max(lastOrder + 1, clock.now() * 1000);
    const entry = { message, sendId: newId(), order: lastOrder, attempts: 0 };
    const stored = store.add(entry, clock.now());
    lanes.push(message.group, { ...entry, stored });
    await stored;
    await handled.forgetOld();
  };

  const resume = async (): Promise<void> => {
    const { waiting, done } = await store.list();
    for (const { id, doneAtMs } of done) handled.remember(id, doneAtMs);
    lastOrder = Math.max(lastOrder, ...waiting.map(({ order }) => order));
    const ours = new Set(lanes.entries().map(({ sendId }) => sendId));
    const left = waiting.filter(({ sendId }) => !ours.has(sendId));
    for (const stored of left.reverse()) lanes.unshift(stored.message.group, { ...stored, stored: Promise.resolve(true) });
    lanes.begin();
    await handled.forgetOld();
  };

  const close = async (): Promise<void> => {
    lanes.stop();
    await Promise.race([lanes.settled(), new Promise<void>((resolve) => clock.after(CLOSE_GRACE_MS, resolve))]);
  };

  return { send, resume, dead: store.dead, idle: lanes.idle, settled: lanes.settled, close };
};

/** Makes one attempt at a message. Never rejects. */
const createHandle = (deps: TableQueueDeps, handled: Handled) => {
  const { store, worker, clock } = deps;

  const giveUp = async (entry: Entry, error: unknown): Promise<'done'> => {
    const { stored: _, ...rest } = entry;
    const reason = error instanceof Error ? error.message : String(error);
    const dead = { ...rest, reason, diedAtMs: clock.now() };
    await store.markDead(dead);
    handled.remember(dead.message.id, dead.diedAtMs);
    deps.onDead?.(dead);
    return 'done';
  };

  const attempt = async (entry: Entry): Promise<'done' | Later> => {
    const { message } = entry;
    if (entry.attempts >= ATTEMPTS_MAX) return giveUp(entry, 'the process died in each attempt');
    entry.attempts += 1;
    // Recorded beside the work rather than before it: it only has to survive an attempt that kills the process.
    const [recorded, worked] = await Promise.allSettled([store.recordAttempt(entry), worker(message, entry.attempts)]);
    if (recorded.status === 'rejected') deps.onError?.(message, entry.attempts, recorded.reason);
    if (worked.status === 'fulfilled') {
      const doneAtMs = clock.now();
      await store.markDone(entry, doneAtMs);
      handled.remember(message.id, doneAtMs);
      return 'done';
    }
    deps.onError?.(message, entry.attempts, worked.reason);
    if (entry.attempts >= ATTEMPTS_MAX) return giveUp(entry, worked.reason);
    return { inMs: Math.min(BACKOFF_MS_MAX, BACKOFF_FIRST_MS * 2 ** (entry.attempts - 1)) };
  };

  return async (entry: Entry): Promise<'done' | Later> => {
    try {
      return await attempt(entry);
    } catch (error) {
      deps.onError?.(entry.message, entry.attempts, error); // the table is away: the message stays where it is
      return { inMs: BACKOFF_MS_MAX };
    }
  };
};

type Handled = { readonly remember: (id: string, doneAtMs: number) => void; readonly forgetOld: () => Promise<void> };

/** The ids that are kept only so that a second message is dropped, oldest first. */
const createHandled = ({ store, clock }: TableQueueDeps): Handled => {
  const handled: { readonly id: string; readonly doneAtMs: number }[] = [];
  return {
    remember: (id, doneAtMs) => {
      handled.push({ id, doneAtMs });
    },
    forgetOld: async () => {
      const until = clock.now() - DEDUPLICATION_MS;
      while (handled[0] !== undefined && handled[0].doneAtMs <= until) {
        const { id, doneAtMs } = handled.shift()!;
        await store.forget(id, doneAtMs).catch(() => {}); // the next start finds it and tries again
      }
    },
  };
};
