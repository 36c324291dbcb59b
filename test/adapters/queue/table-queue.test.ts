import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../../src/adapters/clock.ts';
import { type EmbeddedTable, startEmbeddedTable } from '../../../src/adapters/dynamo/embedded-table.ts';
import { createMessageStore, type MessageStore } from '../../../src/adapters/queue/message-store.ts';
import { createTableQueue, type TableQueue, type TableQueueDeps } from '../../../src/adapters/queue/table-queue.ts';
import type { Worker } from '../../../src/ports.ts';
import { describeQueueHome } from '../../contract/queue.ts';

let table: EmbeddedTable;
beforeEach(async () => {
  table = await startEmbeddedTable({ tableName: 'test' });
});
afterEach(() => table.close());

const openStore = (): MessageStore => createMessageStore({ ...table, queueName: 'work' });

const openQueue = (worker: Worker, more: Partial<TableQueueDeps> & { readonly clock?: ManualClock } = {}) => {
  const clock = more.clock ?? createManualClock();
  const queue = createTableQueue({ store: openStore(), worker, ...more, clock });
  return { queue, clock };
};

/** Lets time pass until no message is left. */
const drain = async (queue: TableQueue, clock: ManualClock): Promise<void> => {
  let idle = false;
  void queue.idle().then(() => {
    idle = true;
  });
  for (;;) {
    await queue.settled();
    if (idle) return;
    clock.advance(60_000);
  }
};

const message = (group: string, id: string) => ({ group, id, body: id });

describeQueueHome('the queue on the table', {
  open: async (worker) => {
    const { queue, clock } = openQueue(worker);
    await queue.resume();
    return {
      send: queue.send,
      drain: () => drain(queue, clock),
      deadIds: async () => (await queue.dead()).map(({ message: { id } }) => id),
      passMs: clock.advance,
    };
  },
});

describe('after the process died', () => {
  test('what it left is handled in its order, before what comes then', async () => {
    const first = openQueue(async () => {});
    await Promise.all(['1', '2', '3'].map((id) => first.queue.send(message('g', id))));
    const done: string[] = [];
    const second = openQueue(async ({ id }) => void done.push(id), { clock: first.clock });
    const sent = second.queue.send(message('g', '4'));
    await second.queue.resume();
    await sent;
    await second.queue.idle();
    expect(done).toEqual(['1', '2', '3', '4']);
  });

  test('what it had handled is not handled again', async () => {
    const done: string[] = [];
    const note: Worker = async ({ id }) => void done.push(id);
    const first = openQueue(note);
    await first.queue.resume();
    await first.queue.send(message('g', '1'));
    await first.queue.idle();
    const second = openQueue(note, { clock: first.clock });
    await second.queue.resume();
    await second.queue.send(message('g', '1'));
    await second.queue.idle();
    expect(done).toEqual(['1']);
  });

  test('a message that kills the process each time is given up', async () => {
    const clock = createManualClock();
    const store = openStore();
    await openQueue(async () => {}, { clock }).queue.send(message('g', 'poison'));
    const attempts: number[] = [];
    for (let life = 1; life <= 10; life++) {
      const begun = Promise.withResolvers<void>();
      const { queue } = openQueue(
        (_, attempt) => {
          attempts.push(attempt);
          begun.resolve();
          return new Promise(() => {});
        },
        { clock },
      );
      await queue.resume();
      await begun.promise;
      await expect.poll(async () => (await store.list()).waiting[0]?.attempts).toBe(life);
    }
    const reasons: string[] = [];
    const { queue } = openQueue(async () => void attempts.push(11), { clock, onDead: ({ reason }) => reasons.push(reason) });
    await queue.resume();
    await queue.idle();
    expect(attempts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(reasons).toEqual(['the process died in each attempt']);
  });

  test('ids that no longer matter are forgotten', async () => {
    const first = openQueue(async () => {});
    await first.queue.resume();
    await first.queue.send(message('g', '1'));
    await first.queue.idle();
    first.clock.advance(300_001);
    await openQueue(async () => {}, { clock: first.clock }).queue.resume();
    expect(await openStore().list()).toEqual({ waiting: [], done: [] });
  });
});

describe('a closed queue', () => {
  test('lets the work under way end, begins none, and still stores what is sent', async () => {
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const done: string[] = [];
    const { queue, clock } = openQueue(async ({ id }) => {
      begun.resolve();
      await gate.promise;
      done.push(id);
    });
    await queue.resume();
    await queue.send(message('g', '1'));
    await queue.send(message('g', '2'));
    await begun.promise;
    const closed = queue.close();
    gate.resolve();
    await closed;
    await queue.send(message('g', '3'));
    await queue.settled();
    expect(done).toEqual(['1']);
    const next = openQueue(async ({ id }) => void done.push(id), { clock });
    await next.queue.resume();
    await next.queue.idle();
    expect(done).toEqual(['1', '2', '3']);
  });

  test('waits for work that hangs only for a while', async () => {
    const begun = Promise.withResolvers<void>();
    const { queue, clock } = openQueue(() => {
      begun.resolve();
      return new Promise(() => {});
    });
    await queue.resume();
    await queue.send(message('g', '1'));
    await begun.promise;
    const closed = queue.close();
    clock.advance(10_000);
    await expect(closed).resolves.toBeUndefined();
  });
});

test('only so many groups are worked at once, and a group that waits for its next attempt takes no place', async () => {
  let now = 0;
  let most = 0;
  const done: string[] = [];
  const { queue, clock } = openQueue(
    async ({ id }, attempt) => {
      most = Math.max(most, ++now);
      await Promise.resolve();
      now -= 1;
      if (id === 'a' && attempt === 1) throw new Error('not yet');
      done.push(id);
    },
    { groupsAtOnceMax: 1 },
  );
  await Promise.all(['a', 'b', 'c'].map((id) => queue.send(message(id, id))));
  await queue.resume();
  await drain(queue, clock);
  expect({ most, done }).toEqual({ most: 1, done: ['b', 'c', 'a'] });
});

test('a table that is away for a moment delays a message and loses none', async () => {
  const store = openStore();
  let broken = true;
  const errors: unknown[] = [];
  const flaky: MessageStore = {
    ...store,
    markDone: (...given) => {
      if (!broken) return store.markDone(...given);
      broken = false;
      return Promise.reject(new Error('socket hang up'));
    },
  };
  const attempts: number[] = [];
  const { queue, clock } = openQueue(async (_, attempt) => void attempts.push(attempt), {
    store: flaky,
    onError: (_message, _attempt, error) => errors.push(error),
  });
  await queue.resume();
  await queue.send(message('g', '1'));
  await drain(queue, clock);
  expect({ attempts, errors: errors.map(String) }).toEqual({ attempts: [1, 2], errors: ['Error: socket hang up'] });
  expect((await store.list()).waiting).toEqual([]);
});

test('a message that could not be stored is an error of its sender, and is not handled', async () => {
  const done: string[] = [];
  const store: MessageStore = { ...openStore(), add: () => Promise.reject(new Error('no table')) };
  const { queue } = openQueue(async ({ id }) => void done.push(id), { store });
  await queue.resume();
  await expect(queue.send(message('g', '1'))).rejects.toThrow('no table');
  await queue.idle();
  expect(done).toEqual([]);
});

test('that an old id could not be forgotten is no error of whoever sends next', async () => {
  const done: string[] = [];
  const store: MessageStore = { ...openStore(), forget: () => Promise.reject(new Error('no table')) };
  const { queue, clock } = openQueue(async ({ id }) => void done.push(id), { store });
  await queue.resume();
  await queue.send(message('g', '1'));
  await queue.idle();
  clock.advance(300_001);
  await queue.send(message('g', '2'));
  await queue.idle();
  expect(done).toEqual(['1', '2']);
});
