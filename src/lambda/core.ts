/** What the functions behind the queue share: production's core on AWS. */
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Logger } from 'pino';
import { checks, fixes } from '../../runbooks/index.ts';
import { createAccount } from '../account.ts';
import { createS3 } from '../adapters/aws/clients.ts';
import { createS3Evidence } from '../adapters/aws/evidence.ts';
import { catalogueOrThrow } from '../adapters/catalogue/catalogue-or-throw.ts';
import { createClock } from '../adapters/clock.ts';
import { createLambdaClient } from '../adapters/durable/lambda-client.ts';
import { createLambdaRuns } from '../adapters/durable/lambda-runs.ts';
import { createDocumentClient } from '../adapters/dynamo/document-client.ts';
import { createDynamoLogStore } from '../adapters/dynamo/log-store.ts';
import { createSqs } from '../adapters/queue/sqs-client.ts';
import { createSqsQueue } from '../adapters/queue/sqs-queue.ts';
import { createSlackChat } from '../adapters/slack/chat.ts';
import { type LambdaConfig, readLambdaConfig } from '../config.ts';
import { type Core, createCore } from '../deps.ts';
import { createIncidentLog } from '../log/create-incident-log.ts';
import { createDecode } from '../runbook/decode.ts';
import { RUN_FIX } from '../workflow/answer-run.ts';
import { incidentModel } from '../workflow/incident-store.ts';
import { createLogger } from './logger.ts';

export type LambdaCore = Core & { readonly config: LambdaConfig; readonly logger: Logger; readonly sqs: SQSClient };

export const createLambdaCore = async (environment: NodeJS.ProcessEnv): Promise<LambdaCore> => {
  const config = readLambdaConfig(environment);
  const region = config.AWS_REGION;
  const logger = createLogger(config);
  const clock = createClock();
  const catalogue = await catalogueOrThrow(config.RUNBOOKS_DIR, { checks, fixes });
  const store = createDynamoLogStore(createDocumentClient({ region }), config.TABLE_NAME);
  const sqs = createSqs({ region });
  const core = createCore({
    ...createAccount(config, { clock, logger, catalogue }),
    evidence: evidenceOf(config),
    log: createIncidentLog({ store, model: incidentModel, clock, random: Math.random, logger }),
    queue: createSqsQueue({ client: sqs, queueUrl: config.QUEUE_URL }),
    runs: createLambdaRuns({ client: createLambdaClient({ region }), functions: { [RUN_FIX]: config.FIX_FUNCTION_ARN } }),
    chat: createSlackChat({
      token: config.SLACK_BOT_TOKEN,
      slackApiUrl: config.SLACK_API_URL,
      botUserId: config.SLACK_BOT_USER_ID,
      logger,
    }),
    catalogue,
    clock,
    logger,
    commandName: config.COMMAND_NAME,
    decode: createDecode(catalogue),
  });
  return { ...core, config, logger, sqs };
};

const evidenceOf = (config: LambdaConfig) =>
  createS3Evidence({
    client: createS3({ region: config.AWS_REGION, pathStyle: config.AWS_ENDPOINT_URL !== undefined }),
    bucket: config.EVIDENCE_BUCKET,
    ...(config.EVIDENCE_KEY_ARN !== undefined && { kmsKeyId: config.EVIDENCE_KEY_ARN }),
  });
