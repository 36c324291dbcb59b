/** A request that failed comes again soon: not after the queue's visibility timeout, which is for functions that died. */
import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import type { SqsWorker } from './sqs-worker.ts';

const BACKOFF_FIRST_SECONDS = 1;
const BACKOFF_SECONDS_MAX = 60;

/**
 * The same worker, with a backoff. A failure to set it is told and changes nothing: the request then comes again later.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
 */
export const withBackoff = (
  worker: SqsWorker,
  deps: {
    readonly client: Pick<SQSClient, 'send'>;
    readonly queueUrl: string;
    readonly onError: (error: unknown) => void;
  },
): SqsWorker => {
  const comeAgain = async ({ receiptHandle, attributes }: SQSEvent['Records'][number]): Promise<void> => {
    const attempt = Number(attributes.ApproximateReceiveCount);
    const command = new ChangeMessageVisibilityCommand({
      QueueUrl: deps.queueUrl,
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: Math.min(BACKOFF_SECONDS_MAX, BACKOFF_FIRST_SECONDS * 2 ** (attempt - 1)),
    });
    await deps.client.send(command).catch(deps.onError);
  };

  return async (event) => {
    const answer = await worker(event);
    const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    await Promise.all(event.Records.filter(({ messageId }) => failed.has(messageId)).map(comeAgain));
    return answer;
  };
};
