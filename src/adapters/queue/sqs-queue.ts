/** The queue on AWS: an SQS FIFO queue (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fifo-queues.html). */
import { SendMessageCommand, type SendMessageCommandInput, type SQSClient } from '@aws-sdk/client-sqs';
import type { Queue, QueueMessage } from '../../ports.ts';
import { assertMessage, fifoId } from './message.ts';

export const createSqsQueue = (deps: {
  readonly client: Pick<SQSClient, 'send'>;
  /** Its name ends with `.fifo`. */
  readonly queueUrl: string;
}): Queue => ({
  send: async (message) => {
    assertMessage(message);
    await deps.client.send(new SendMessageCommand(sqsMessage(deps.queueUrl, message)));
  },
});

/** The id and the group go along as they are, since SQS may only get their digests. */
export const ID_ATTRIBUTE = 'id';
export const GROUP_ATTRIBUTE = 'group';

const sqsMessage = (QueueUrl: string, { group, id, body }: QueueMessage): SendMessageCommandInput => ({
  QueueUrl,
  MessageGroupId: fifoId(group),
  MessageDeduplicationId: fifoId(id),
  MessageBody: body,
  MessageAttributes: {
    [ID_ATTRIBUTE]: { DataType: 'String', StringValue: id },
    [GROUP_ATTRIBUTE]: { DataType: 'String', StringValue: group },
  },
});
