/** One machine: the whole bot in one process. Production's core on embedded parts, or on real ones by their endpoints. */
import path from 'node:path';
import type { App } from '@slack/bolt';
import type { Logger } from 'pino';
import { checks, fixes } from '../runbooks/index.ts';
import { createAccount } from './account.ts';
import { createS3 } from './adapters/aws/clients.ts';
import { createFolderEvidence, createS3Evidence } from './adapters/aws/evidence.ts';
import { catalogueOrThrow } from './adapters/catalogue/catalogue-or-throw.ts';
import { createDriver } from './adapters/durable/driver.ts';
import { createRunStore } from './adapters/durable/run-store.ts';
import { createDocumentClient } from './adapters/dynamo/document-client.ts';
import { startEmbeddedTable } from './adapters/dynamo/embedded-table.ts';
import { createDynamoLogStore } from './adapters/dynamo/log-store.ts';
import { createTable } from './adapters/dynamo/table.ts';
import { createMessageStore } from './adapters/queue/message-store.ts';
import { createTableQueue, type TableQueue } from './adapters/queue/table-queue.ts';
import { createSlackChat } from './adapters/slack/chat.ts';
import { type MachineConfig, slackSettings } from './config.ts';
import { createCore, type Parts } from './deps.ts';
import { createIncidentLog } from './log/create-incident-log.ts';
import type { Clock, DurableRuns, Evidence } from './ports.ts';
import type { Catalogue } from './runbook/catalogue.ts';
import { createDecode } from './runbook/decode.ts';
import { createSlackApp } from './slack/app.ts';
import { createHttpReceiver, createSocketReceiver } from './slack/receivers.ts';
import { finderOf } from './workflow/incident-finder.ts';
import { incidentModel } from './workflow/incident-store.ts';

export const EVENTS_PATH = '/slack/events';

export type MachineOptions = {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Absent: the machine's own DNS. */
  readonly resolve?: Parameters<typeof createAccount>[1]['resolve'];
  /** What Slack asks to wait, in milliseconds of the wall. Absent: it is really waited. */
  readonly wait?: (milliseconds: number) => Promise<void>;
};
export type Machine = {
  /** Where Slack sends its requests; absent with Socket Mode. */
  readonly port?: number;
  readonly log: Parts['log'];
  readonly catalogue: Catalogue;
  /** Resolves when no request is waiting and no run could go on by itself now. */
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export const startMachine = async (config: MachineConfig, options: MachineOptions): Promise<Machine> => {
  const { clock, logger } = options;
  const catalogue = await catalogueOrThrow(config.RUNBOOKS_DIR, { checks, fixes });
  const table = await tableOf(config);
  const log = createIncidentLog({
    store: createDynamoLogStore(table.client, config.TABLE_NAME),
    model: incidentModel,
    clock,
    random: Math.random,
    logger,
  });
  const stored = { client: table.client, tableName: config.TABLE_NAME, clock };
  const where = { driver: undefined as DurableRuns | undefined };
  // The core and the driver need each other: runs are started by the worker, and their workflows are the core's.
  const runs: DurableRuns = {
    start: (...run) => must(where.driver).start(...run),
    completeCallback: (...answer) => must(where.driver).completeCallback(...answer),
    status: (runId) => must(where.driver).status(runId),
  };
  let core: ReturnType<typeof createCore> | undefined;
  const queue = createTableQueue({
    store: createMessageStore({ ...stored, queueName: 'work' }),
    clock,
    worker: (message, attempt) => must(core).worker(message, attempt),
    onError: ({ id }, attempt, error) => logger.warn({ err: error, id, attempt }, 'A request failed; it comes again.'),
    // Without its body: it holds what people typed, and an address that Slack answers to.
    onDead: ({ message, attempts, reason }) => logger.error({ id: message.id, attempts, reason }, 'A request was given up.'),
  });
  core = createCore({ ...adapters(config, options, catalogue), log, queue, runs, catalogue });
  const driver = createDriver({
    store: createRunStore(stored),
    workflows: core.workflows,
    clock,
    onError: (runId, error) => logger.warn({ err: error, runId }, 'A run was interrupted; it goes on.'),
    onDead: (run) => logger.error({ run }, 'A run was given up.'),
    onEnd: (runId, outcome) => {
      if (outcome.status === 'failed') logger.error({ runId, error: outcome.error }, 'A run broke off.');
    },
  });
  where.driver = driver;
  let slack: Awaited<ReturnType<typeof listen>> | undefined;
  const close = async (): Promise<void> => {
    await slack?.app.stop();
    await queue.close();
    await driver.close();
    await table.close();
  };
  try {
    // Before anything is worked: a machine that nobody can reach should not act, and one that cannot start should end.
    slack = await listen(config, options, { catalogue, queue, log });
    await driver.resume();
    await queue.resume();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...(slack.port !== undefined && { port: slack.port }),
    log,
    catalogue,
    settled: async () => {
      await queue.settled();
      await driver.settled();
    },
    close,
  };
};

const must = <T>(part: T | undefined): T => {
  if (part === undefined) throw new Error('A part of the machine was used before it was there.');
  return part;
};

const tableOf = async (
  config: MachineConfig,
): Promise<{ readonly client: Parameters<typeof createDynamoLogStore>[0]; readonly close: () => Promise<void> }> => {
  if (config.DATA_DIR !== undefined) return startEmbeddedTable({ dataDir: config.DATA_DIR, tableName: config.TABLE_NAME });
  const client = createDocumentClient({ region: config.AWS_REGION });
  await createTable(client, config.TABLE_NAME);
  return { client, close: async () => client.destroy() };
};

const adapters = (config: MachineConfig, options: MachineOptions, catalogue: Catalogue) => {
  const { clock, logger, wait } = options;
  return {
    ...createAccount(config, { ...options, catalogue }),
    evidence: evidenceOf(config),
    chat: createSlackChat({
      token: config.SLACK_BOT_TOKEN,
      slackApiUrl: config.SLACK_API_URL,
      botUserId: config.SLACK_BOT_USER_ID,
      logger,
      ...(wait && { wait }),
    }),
    clock,
    logger,
    commandName: config.COMMAND_NAME,
    decode: createDecode(catalogue),
  };
};

const evidenceOf = (config: MachineConfig): Evidence => {
  if (config.EVIDENCE_BUCKET !== undefined) {
    return createS3Evidence({
      client: createS3({ region: config.AWS_REGION, pathStyle: config.AWS_ENDPOINT_URL !== undefined }),
      bucket: config.EVIDENCE_BUCKET,
    });
  }
  return createFolderEvidence(config.EVIDENCE_DIR ?? path.join(config.DATA_DIR ?? '.', 'evidence'));
};

type Inside = { readonly catalogue: Catalogue; readonly queue: TableQueue; readonly log: Parts['log'] };
const listen = async (
  config: MachineConfig,
  { clock, logger }: MachineOptions,
  inside: Inside,
): Promise<{ readonly app: App; readonly port?: number }> => {
  const receiver =
    config.SLACK_APP_TOKEN === undefined
      ? createHttpReceiver({ signingSecret: config.SLACK_SIGNING_SECRET, logger })
      : createSocketReceiver({ appToken: config.SLACK_APP_TOKEN, logger, slackApiUrl: config.SLACK_API_URL });
  const app = createSlackApp({
    receiver,
    queue: inside.queue,
    log: finderOf(inside.log),
    catalogue: inside.catalogue,
    clock,
    logger,
    config: slackSettings(config),
  });
  const server = await app.start(config.PORT);
  const address = 'address' in server ? server.address() : undefined;
  return { app, ...(typeof address === 'object' && address !== null && { port: address.port }) };
};
