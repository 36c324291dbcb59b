/**
 * What the head is worth: `npx node bench/log.ts`. Both sides of a ratio run in turns in one process against the same
 * embedded table, so that the ratio travels and the machine does not matter much.
 */
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { createClock } from '../src/adapters/clock.ts';
import { startEmbeddedTable } from '../src/adapters/dynamo/embedded-table.ts';
import { createDynamoLogStore } from '../src/adapters/dynamo/log-store.ts';
import { createIncidentLog } from '../src/log/create-incident-log.ts';
import type { LogModel } from '../src/log/incident-log.ts';

type Added = { readonly type: 'added'; readonly v: 1; readonly note: string };
const NOTE = 'Target i-0a1 answers 502; the health check expects 200.';
const BATCH_ITEMS_MAX = 25;
const ROUNDS = 41;
const SHORT_COMMITS = 10;
const LONG_COMMITS = 10_000;

const model = (headVersion: number): LogModel<Added, number> => ({
  empty: 0,
  evolve: (count, { events }) => count + events.length,
  upcasts: { added: [] },
  parseEvent: (raw) => raw as Added,
  head: { version: headVersion, toJson: (count) => count, fromJson: Number },
  indexes: () => ({ open: false, channelIds: [] }),
});

const { client, tableName, close } = await startEmbeddedTable({ tableName: 'bench' });
const store = createDynamoLogStore(client, tableName);
const outside = { clock: createClock(), random: Math.random, logger: { warn: () => {} } };
const log = createIncidentLog({ store, model: model(1), ...outside });
/** Finds no head that it may read, and writes none: folds the whole log each time. */
const headless = createIncidentLog({ store: { ...store, putHead: async () => {} }, model: model(2), ...outside });

const fill = async (incident: number, commits: number): Promise<void> => {
  const events = JSON.stringify([{ type: 'added', v: 1, note: NOTE }]);
  const items = Array.from({ length: commits }, (_, index) => ({
    PK: `INCIDENT#${incident}`,
    SK: `COMMIT#${String(index + 1).padStart(8, '0')}`,
    seq: index + 1,
    at: '2026-01-05T14:00:00.000Z',
    by: 'U1',
    requestId: `request-${index}`,
    events,
  }));
  for (let start = 0; start < items.length; start += BATCH_ITEMS_MAX) {
    const puts = items.slice(start, start + BATCH_ITEMS_MAX).map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteCommand({ RequestItems: { [tableName]: puts } }));
  }
};

const milliseconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** The medians of both, run in turns. */
const sideBySide = async (first: () => Promise<unknown>, second: () => Promise<unknown>) => {
  await first();
  await second();
  const [a, b]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    a.push(await milliseconds(first));
    b.push(await milliseconds(second));
  }
  return { first: median(a), second: median(b) };
};

let requests = 0;
const add = (incident: number) =>
  log.append(incident, { requestId: `bench-${++requests}`, by: 'U1' }, () => [{ type: 'added', v: 1, note: NOTE }]);
const print = (what: string, value: number, unit = '×'): void => console.log(`${what.padEnd(72)}${value.toFixed(2)}${unit}`);

const [short, long] = [1, 2];
await fill(short, SHORT_COMMITS);
await fill(long, LONG_COMMITS);
await add(short);
await add(long);

const load = await sideBySide(
  () => log.load(long),
  () => headless.load(long),
);
const append = await sideBySide(
  () => add(short),
  () => add(long),
);
const again = await sideBySide(
  () => add(short),
  () => add(short),
);
console.log(`node ${process.versions.node}, medians of ${ROUNDS} rounds\n`);
print(`Folding ${LONG_COMMITS} commits, against loading from the head`, load.second / load.first);
print(`Appending after ${LONG_COMMITS} commits, against after ${SHORT_COMMITS}`, append.second / append.first);
print('Appending against appending to the same log (what is noise)', again.second / again.first);
print('Loading from the head', load.first, ' ms');
print('Appending', append.first, ' ms');
await close();
