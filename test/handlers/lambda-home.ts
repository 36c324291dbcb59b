/**
 * The whole production home on loopback: the bundled functions between the sandbox's Slack and its AWS account, with a queue, a table,
 * a bucket and a durable execution service that speak AWS's protocols. Nothing of the bot is replaced.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { SQSRecord } from 'aws-lambda';
import { pino } from 'pino';
import type { TroubleName } from '../../sandbox/aws/world/change/troubles.ts';
import { BOT_ID, BOT_USER_ID } from '../../sandbox/slack/seed.ts';
import { sandboxEnvironment, startStack } from '../../sandbox/stack.ts';
import { createClock } from '../../src/adapters/clock.ts';
import { createRunStore } from '../../src/adapters/durable/run-store.ts';
import { startEmbeddedTable } from '../../src/adapters/dynamo/embedded-table.ts';
import { createDynamoLogStore } from '../../src/adapters/dynamo/log-store.ts';
import { createIncidentLog } from '../../src/log/create-incident-log.ts';
import { SHORTCUTS } from '../../src/slack/ids.ts';
import { incidentModel } from '../../src/workflow/incident-store.ts';
import { type Handlers, loadBundles } from './bundle.ts';
import { startLambdaService } from './lambda-service.ts';
import { serve, startQueue } from './services.ts';

const TABLE = 'firebreak';
/** As the queue's redrive policy. */
const ATTEMPTS_MAX = 5;

export const startLambdaHome = async (options: { readonly speed: number; readonly trouble?: TroubleName }) => {
  const before = { ...process.env };
  const clock = createClock();
  const [{ handlers, remove }, table, stack] = await Promise.all([
    loadBundles(),
    startEmbeddedTable({ tableName: TABLE }),
    startStack({
      ...options,
      commands: [{ command: '/incident', description: 'Incidents', usageHint: 'help', shouldEscape: true }],
      shortcuts: [{ callbackId: SHORTCUTS.declare, name: 'Open an incident', type: 'global' }],
    }),
  ]);
  const worked = createWorked(handlers);
  const stored = { client: table.client, tableName: TABLE };
  const [queue, bucket, lambda, front] = await Promise.all([
    startQueue(worked.push),
    serve(() => ({ body: '' })),
    // Its timers ring on the account's clock: three minutes of snapshots are waited for as the account takes them.
    startLambdaService({ store: createRunStore({ ...stored, clock: stack.clock }), clock: stack.clock, fix: handlers.fix }),
    startFront(handlers),
  ]);
  Object.assign(process.env, sandboxEnvironment(stack, ''), {
    SLACK_BOT_ID: BOT_ID,
    SLACK_BOT_USER_ID: BOT_USER_ID,
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    AWS_ENDPOINT_URL_SQS: queue.url,
    AWS_ENDPOINT_URL_S3: bucket.url,
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
    TABLE_NAME: TABLE,
    QUEUE_URL: queue.queueUrl,
    EVIDENCE_BUCKET: 'evidence',
    FIX_FUNCTION_ARN: 'arn:aws:lambda:eu-west-3:111122223333:function:firebreak-fix:durable',
    LOG_LEVEL: 'silent',
  });
  stack.slack.setEventsUrl(front.url);
  return {
    stack,
    handlers,
    lambda,
    bucket,
    dead: worked.dead,
    log: createIncidentLog({
      store: createDynamoLogStore(table.client, TABLE),
      model: incidentModel,
      clock,
      random: Math.random,
      logger: pino({ level: 'silent' }),
    }),
    close: async () => {
      await worked.idle();
      await Promise.all([stack.close(), queue.close(), bucket.close(), lambda.close(), front.close(), remove()]);
      await table.close();
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
    },
  };
};
export type LambdaHome = Awaited<ReturnType<typeof startLambdaHome>>;

/** The event source mapping: one request at a time for each group, again after a failure, and given up after a few. */
const createWorked = ({ work }: Handlers) => {
  const lanes = new Map<string, Promise<void>>();
  const dead: SQSRecord[] = [];
  const attempt = async (record: SQSRecord): Promise<void> => {
    for (let count = 1; count <= ATTEMPTS_MAX; count++) {
      const attributes = { ...record.attributes, ApproximateReceiveCount: String(count) };
      const { batchItemFailures } = await work({ Records: [{ ...record, attributes }] });
      if (batchItemFailures.length === 0) return;
    }
    dead.push(record);
  };
  return {
    dead,
    push: (record: SQSRecord): void => {
      const group = record.attributes.MessageGroupId ?? '';
      lanes.set(
        group,
        (lanes.get(group) ?? Promise.resolve()).then(() => attempt(record)),
      );
    },
    idle: () => Promise.all(lanes.values()),
  };
};

/** The function's URL. */
const startFront = async ({ slack }: Handlers) => {
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const headers = request.headers as Record<string, string>;
      const body = Buffer.from(await text(request)).toString('base64');
      const { statusCode, headers: given, body: said } = await slack({ rawPath: '/', headers, body, isBase64Encoded: true });
      response.writeHead(statusCode, given).end(said);
    };
    answer().catch((error: unknown) => response.writeHead(502).end(String(error)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
