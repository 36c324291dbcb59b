import { withBackoff } from '../adapters/queue/sqs-retry.ts';
import { createSqsWorker, type SqsWorker } from '../adapters/queue/sqs-worker.ts';
import { createLambdaCore } from './core.ts';

/** The function at the queue: performs one request, redraws what it changed. */
export const createWorkFunction = async (environment: NodeJS.ProcessEnv): Promise<SqsWorker> => {
  const { worker, config, logger, sqs } = await createLambdaCore(environment);
  return withBackoff(
    createSqsWorker({
      worker,
      onError: ({ id }, attempt, error) => logger.warn({ err: error, id, attempt }, 'A request failed; it comes again.'),
    }),
    {
      client: sqs,
      queueUrl: config.QUEUE_URL,
      onError: (error) => logger.warn({ err: error }, 'A failed request comes again late.'),
    },
  );
};
