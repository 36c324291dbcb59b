/** What a queue does with its messages, wherever they are kept. */
import { describe, expect, test } from 'vitest';
import type { Queue, QueueMessage, Worker } from '../../src/ports.ts';

export type QueueHome = {
  readonly open: (worker: Worker) => Promise<OpenQueue>;
};

export type OpenQueue = Queue & {
  /** Lets time pass until every message was handled or given up. */
  readonly drain: () => Promise<void>;
  readonly deadIds: () => Promise<string[]>;
  readonly passMs: (milliseconds: number) => void;
};

const ATTEMPTS_MAX = 10;
const message = (group: string, id: string, body = id): QueueMessage => ({ group, id, body });

export const describeQueueHome = (name: string, home: QueueHome): void => {
  describe(name, () => {
    order(home);
    deduplication(home);
    redelivery(home);
  });
};

/** A worker that notes what it did; `fails` says which attempts are to fail. */
const createNotes = (fails: (message: QueueMessage, attempt: number) => boolean = () => false) => {
  const notes: string[] = [];
  const worker: Worker = async (given, attempt) => {
    notes.push(attempt === 1 ? given.id : `${given.id}#${attempt}`);
    if (fails(given, attempt)) throw new Error(`${given.id} failed`);
  };
  return { notes, worker };
};

const order = (home: QueueHome): void => {
  test('a message arrives as it was sent', async () => {
    const arrived: [QueueMessage, number][] = [];
    const queue = await home.open(async (...given) => void arrived.push(given));
    const sent = message('incident-7', 'request/1 é', '{"text":"\\u0000 ok"}');
    await queue.send(sent);
    await queue.drain();
    expect(arrived).toEqual([[sent, 1]]);
  });

  test('the messages of one group are handled in the order of their sending, without overlap', async () => {
    const notes: string[] = [];
    const queue = await home.open(async ({ id }) => {
      notes.push(`+${id}`);
      await Promise.resolve();
      notes.push(`-${id}`);
    });
    await Promise.all(['1', '2', '3'].map((id) => queue.send(message('g', id))));
    await queue.drain();
    expect(notes).toEqual(['+1', '-1', '+2', '-2', '+3', '-3']);
  });

  test('groups do not wait for each other', async () => {
    const met = Promise.withResolvers<void>();
    const queue = await home.open(async ({ group }) => {
      if (group === 'b') met.resolve();
      await met.promise;
    });
    await queue.send(message('a', '1'));
    await queue.send(message('b', '2'));
    await queue.drain();
    await expect(met.promise).resolves.toBeUndefined();
  });
};

const deduplication = (home: QueueHome): void => {
  test('a second message with the same id is dropped, waiting or done', async () => {
    const { notes, worker } = createNotes();
    const queue = await home.open(worker);
    await Promise.all([queue.send(message('g', '1')), queue.send(message('g', '1'))]);
    await queue.drain();
    queue.passMs(299_000);
    await queue.send(message('g', '1'));
    await queue.drain();
    expect(notes).toEqual(['1']);
  });

  test('after five minutes the id may be used again', async () => {
    const { notes, worker } = createNotes();
    const queue = await home.open(worker);
    await queue.send(message('g', '1'));
    await queue.drain();
    queue.passMs(300_001);
    await queue.send(message('g', '1'));
    await queue.drain();
    expect(notes).toEqual(['1', '1']);
  });

  test('long ids that differ only at their end are different', async () => {
    const { notes, worker } = createNotes();
    const queue = await home.open(worker);
    const long = 'x'.repeat(300);
    await queue.send(message('g', `${long}1`));
    await queue.send(message('g', `${long}2`));
    await queue.drain();
    expect(notes).toEqual([`${long}1`, `${long}2`]);
  });

  test.each([
    { what: 'no group', bad: message('', '1') },
    { what: 'no id', bad: message('g', '') },
    { what: 'no body', bad: message('g', '1', '') },
    { what: 'too large a body', bad: message('g', '1', 'x'.repeat(256 * 1024 + 1)) },
  ])('a message with $what is not taken', async ({ bad }) => {
    const queue = await home.open(async () => {});
    await expect(queue.send(bad)).rejects.toBeInstanceOf(RangeError);
  });
};

const redelivery = (home: QueueHome): void => {
  test('a failed message comes again before the next one of its group', async () => {
    const { notes, worker } = createNotes(({ id }, attempt) => id === '1' && attempt < 3);
    const queue = await home.open(worker);
    await queue.send(message('g', '1'));
    await queue.send(message('g', '2'));
    await queue.drain();
    expect(notes).toEqual(['1', '1#2', '1#3', '2']);
    expect(await queue.deadIds()).toEqual([]);
  });

  test('a message that always fails is given up and kept, and its group goes on', async () => {
    const { notes, worker } = createNotes(({ id }) => id === 'bad');
    const queue = await home.open(worker);
    await queue.send(message('g', 'bad'));
    await queue.send(message('g', 'good'));
    await queue.drain();
    expect(notes.filter((note) => note.startsWith('bad'))).toHaveLength(ATTEMPTS_MAX);
    expect(notes.at(-1)).toBe('good');
    expect(await queue.deadIds()).toEqual(['bad']);
  });
};
