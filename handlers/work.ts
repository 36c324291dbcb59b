/** What the queue holds arrives here, one request at a time. */
import type { SqsWorker } from '../src/adapters/queue/sqs-worker.ts';
import { alive } from '../src/lambda/alive.ts';
import { once } from '../src/lambda/once.ts';
import { createWorkFunction } from '../src/lambda/work.ts';

const work = once(() => createWorkFunction(process.env));

export const handler: SqsWorker = alive(async (event) => (await work())(event));
