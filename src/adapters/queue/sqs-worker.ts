/**
 * Works a batch of an SQS FIFO queue in a Lambda function whose event source mapping has `ReportBatchItemFailures`. What comes
 * after a failure in its group fails too, untried, so that SQS brings all of it again in order
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html).
 */
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { QueueMessage, Worker } from '../../ports.ts';
import { GROUP_ATTRIBUTE, ID_ATTRIBUTE } from './sqs-queue.ts';

export type SqsWorker = (event: Pick<SQSEvent, 'Records'>) => Promise<SQSBatchResponse>;

export const createSqsWorker = (deps: {
  readonly worker: Worker;
  /** The queue's redrive policy counts the attempts and keeps the dead letters. */
  readonly onError?: (message: QueueMessage, attempt: number, error: unknown) => void;
}): SqsWorker => {
  const succeeds = async (record: SQSRecord): Promise<boolean> => {
    const message = messageOf(record);
    const attempt = Number(record.attributes.ApproximateReceiveCount);
    try {
      await deps.worker(message, attempt);
      return true;
    } catch (error) {
      deps.onError?.(message, attempt, error);
      return false;
    }
  };

  /** The records of one group that are to come again. */
  const failuresOf = async (records: readonly SQSRecord[]): Promise<readonly SQSRecord[]> => {
    for (const [index, record] of records.entries()) if (!(await succeeds(record))) return records.slice(index);
    return [];
  };

  return async ({ Records }) => {
    const groups = Map.groupBy(Records, ({ attributes }) => attributes.MessageGroupId);
    const failures = (await Promise.all([...groups.values()].map(failuresOf))).flat();
    return { batchItemFailures: failures.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
};

const messageOf = ({ body, attributes, messageAttributes }: SQSRecord): QueueMessage => ({
  group: messageAttributes[GROUP_ATTRIBUTE]?.stringValue ?? attributes.MessageGroupId ?? '',
  id: messageAttributes[ID_ATTRIBUTE]?.stringValue ?? attributes.MessageDeduplicationId ?? '',
  body,
});
