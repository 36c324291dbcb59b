/**
 * One life of a machine: the table on a folder, the queue, the driver, one run. Dies at the n-th write, before it or after it:
 * `node child.ts <folder> [<n> before|after]`. Notes in `journal.txt` what really ran, and in `done.json` how the run ended.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { type DurableContext, StepSemantics } from '@aws/durable-execution-sdk-js';
import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { createClock } from '../../../src/adapters/clock.ts';
import { createDriver } from '../../../src/adapters/durable/driver.ts';
import { createRunStore } from '../../../src/adapters/durable/run-store.ts';
import { startEmbeddedTable } from '../../../src/adapters/dynamo/embedded-table.ts';
import { createMessageStore } from '../../../src/adapters/queue/message-store.ts';
import { createTableQueue } from '../../../src/adapters/queue/table-queue.ts';
import type { Workflow } from '../../../src/durable/workflow.ts';

const [, , folder = '', killAt = '0', when = 'before'] = process.argv;
const note = (what: string): void => appendFileSync(`${folder}/journal.txt`, `${what}\n`);

/** Every life starts at the machine's time, so that the clock of the next one is behind: it is set back at each kill. */
const clock = createClock({ speed: 20 });
const table = await startEmbeddedTable({ dataDir: `${folder}/table`, tableName: 'bot' });
let writes = 0;
const client: typeof table.client = Object.assign(Object.create(table.client), {
  send: async (command: object) => {
    const isWrite = command instanceof PutCommand || command instanceof UpdateCommand || command instanceof DeleteCommand;
    const dies = isWrite && ++writes === Number(killAt);
    if (dies && when === 'before') process.kill(process.pid, 'SIGKILL');
    try {
      return await table.client.send(command as PutCommand);
    } finally {
      if (dies) process.kill(process.pid, 'SIGKILL');
    }
  },
});
const onTable = { client, tableName: table.tableName };

const fix = async (_: unknown, context: DurableContext): Promise<unknown> => {
  await context.step('plan', async () => note('plan'));
  const approval = await context.waitForCallback(
    'approval',
    async (callbackId) => {
      note('ask');
      await queue.send({ group: 'incident-7', id: `approve-${callbackId}`, body: callbackId });
    },
    { timeout: { hours: 1 } },
  );
  await context.wait('settle', { seconds: 2 });
  const tried = await context.step(
    'try',
    async ({ attempt }) => {
      note(`try ${attempt}`);
      if (attempt < 2) throw new Error('not yet');
      return attempt;
    },
    { retryStrategy: (_error, attempt) => ({ shouldRetry: attempt < 3, delay: { seconds: 1 } }) },
  );
  const mutated = await context
    .step('mutate', async () => note('mutate'), {
      semantics: StepSemantics.AtMostOncePerRetry,
      retryStrategy: () => ({ shouldRetry: false }),
    })
    .then(
      () => 'done',
      (error: unknown) => `unknown: ${((error as Error).cause as Error | undefined)?.name}`,
    );
  await context.step('announce', async () => note('announce'));
  return { approval, tried, mutated };
};

const store = createRunStore({ ...onTable, clock });
const leave = async (): Promise<void> => {
  await queue.idle();
  const { outcome } = await store.load('fix-7');
  writeFileSync(`${folder}/done.json`, JSON.stringify({ outcome, writes }));
  process.exit(0);
};

const driver = createDriver({
  store,
  workflows: { fix: fix as Workflow },
  clock,
  onError: (_runId, error) => note(`error ${error}`),
  onEnd: () => void leave(),
});
const queue = createTableQueue({
  store: createMessageStore({ ...onTable, queueName: 'work' }),
  clock,
  worker: async ({ body }) => {
    if (body === 'start') await driver.start('fix-7', 'fix', {});
    else await driver.completeCallback(body, 'by Ana');
  },
  onError: (_message, _attempt, error) => note(`error ${error}`),
});
await driver.resume();
await queue.resume();
await queue.send({ group: 'incident-7', id: 'start', body: 'start' }); // as Slack does, which sends again what was not answered
if ((await driver.status('fix-7')).status === 'succeeded') await leave(); // the life before had only to die
