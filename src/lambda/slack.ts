/** The Slack function: verifies, opens modals, enqueues. It works nothing, and may only read the table and send to the queue. */
import { checks, fixes } from '../../runbooks/index.ts';
import { catalogueOrThrow } from '../adapters/catalogue/catalogue-or-throw.ts';
import { createClock } from '../adapters/clock.ts';
import { createDocumentClient } from '../adapters/dynamo/document-client.ts';
import { createDynamoLogStore } from '../adapters/dynamo/log-store.ts';
import { readOnly } from '../adapters/dynamo/read-only-store.ts';
import { createSqs } from '../adapters/queue/sqs-client.ts';
import { createSqsQueue } from '../adapters/queue/sqs-queue.ts';
import { readSlackFunctionConfig, slackSettings } from '../config.ts';
import { createIncidentLog } from '../log/create-incident-log.ts';
import { createSlackApp } from '../slack/app.ts';
import { createLambdaReceiver, type HttpAnswer, type HttpEvent } from '../slack/receivers.ts';
import { finderOf } from '../workflow/incident-finder.ts';
import { incidentModel } from '../workflow/incident-store.ts';
import { createLogger } from './logger.ts';

export type SlackFunction = (event: HttpEvent) => Promise<HttpAnswer>;

export const createSlackFunction = async (environment: NodeJS.ProcessEnv): Promise<SlackFunction> => {
  const config = readSlackFunctionConfig(environment);
  const logger = createLogger(config);
  const clock = createClock();
  const region = config.AWS_REGION;
  const store = readOnly(createDynamoLogStore(createDocumentClient({ region }), config.TABLE_NAME));
  const door = createLambdaReceiver({ signingSecret: config.SLACK_SIGNING_SECRET, logger, now: Date.now });
  createSlackApp({
    receiver: door.receiver,
    queue: createSqsQueue({ client: createSqs({ region }), queueUrl: config.QUEUE_URL }),
    log: finderOf(createIncidentLog({ store, model: incidentModel, clock, random: Math.random, logger })),
    catalogue: await catalogueOrThrow(config.RUNBOOKS_DIR, { checks, fixes }),
    clock,
    logger,
    config: slackSettings(config),
  });
  return door.handle;
};
