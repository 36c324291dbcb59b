/** The Slack function: verifies, opens modals, enqueues. It works nothing, and may do nothing to AWS but send to the queue. */
import { pino } from 'pino';
import { checks, fixes } from '../runbooks/index.ts';
import { loadCatalogue } from '../src/adapters/catalogue/load.ts';
import { createClock } from '../src/adapters/clock.ts';
import { createDocumentClient } from '../src/adapters/dynamo/document-client.ts';
import { createDynamoLogStore } from '../src/adapters/dynamo/log-store.ts';
import { createSqs } from '../src/adapters/queue/sqs-client.ts';
import { createSqsQueue } from '../src/adapters/queue/sqs-queue.ts';
import { readLambdaConfig } from '../src/config.ts';
import { finderOf } from '../src/deps.ts';
import { createIncidentLog } from '../src/log/create-incident-log.ts';
import { createSlackApp } from '../src/slack/app.ts';
import { createLambdaReceiver } from '../src/slack/receivers.ts';
import { incidentModel } from '../src/workflow/incident-store.ts';

const settings = readLambdaConfig(process.env);
const logger = pino({ level: settings.LOG_LEVEL });
const clock = createClock();
const loaded = await loadCatalogue(settings.RUNBOOKS_DIR, { checks, fixes });
if (!('catalogue' in loaded)) throw new Error(`The runbooks do not hold together: ${JSON.stringify(loaded.problems)}`);
const store = createDynamoLogStore(createDocumentClient({ region: settings.AWS_REGION }), settings.TABLE_NAME);
const log = finderOf(createIncidentLog({ store, model: incidentModel, clock, random: Math.random, logger }));
const queue = createSqsQueue({ client: createSqs({ region: settings.AWS_REGION }), queueUrl: settings.QUEUE_URL });
const door = createLambdaReceiver({ signingSecret: settings.SLACK_SIGNING_SECRET, logger, now: clock.now });
const config = { commandName: settings.COMMAND_NAME, token: settings.SLACK_BOT_TOKEN, slackApiUrl: settings.SLACK_API_URL };
createSlackApp({ receiver: door.receiver, queue, log, catalogue: loaded.catalogue, config, logger, clock });
export const handler = door.handle;
