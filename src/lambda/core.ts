/** What the functions behind the queue share: production's core on AWS. */
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Logger } from 'pino';
import { checks, fixes } from '../../runbooks/index.ts';
import { createCalls } from '../adapters/aws/calls.ts';
import { createCallClients, createReadAccess, createS3, createSts } from '../adapters/aws/clients.ts';
import { createS3Evidence } from '../adapters/aws/evidence.ts';
import { createFacts } from '../adapters/aws/facts.ts';
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
import type { Clock } from '../ports.ts';
import type { Catalogue } from '../runbook/catalogue.ts';
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
    ...awsSide(config, { clock, logger, catalogue }),
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

type Around = { readonly clock: Clock; readonly logger: Logger; readonly catalogue: Catalogue };

/** The account, as it is read and as it is changed. */
const awsSide = (config: LambdaConfig, { clock, logger, catalogue }: Around) => {
  const settings = { region: config.AWS_REGION };
  const access = createReadAccess({
    settings,
    ...(config.READ_ROLE_ARN !== undefined && { role: { arn: config.READ_ROLE_ARN, sessionName: 'firebreak-read' } }),
  });
  return {
    facts: createFacts({
      access,
      region: config.AWS_REGION,
      services: (id) => catalogue.services.find((service) => service.id === id),
      clock,
      onDefect: (error) => logger.error({ err: error }, 'A fact could not be read because of a mistake of ours.'),
    }),
    calls: createCalls({
      sts: createSts(settings),
      fixRoleArn: config.FIX_ROLE_ARN,
      makeClients: (credentials) => createCallClients({ ...settings, credentials }),
      reads: access,
      clock,
    }),
    evidence: createS3Evidence({
      client: createS3({ ...settings, pathStyle: config.AWS_ENDPOINT_URL !== undefined }),
      bucket: config.EVIDENCE_BUCKET,
      ...(config.EVIDENCE_KEY_ARN !== undefined && { kmsKeyId: config.EVIDENCE_KEY_ARN }),
    }),
  };
};
