/** What every queue holds a message to, so that what passes on one machine passes on AWS. */
import { createHash } from 'node:crypto';
import type { QueueMessage } from '../../ports.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html: ids and groups of FIFO queues. */
const ID_LENGTH_MAX = 128;
const ID = /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/;

/** An SQS message may be larger, an item of the table not by much. */
export const BODY_BYTES_MAX = 256 * 1024;

/** How long a second message with the same id is dropped: an SQS FIFO queue's deduplication interval. */
export const DEDUPLICATION_MS = 5 * 60_000;

/** An id or a group as SQS takes it: what is too long or has other characters is replaced by its digest. */
export const fifoId = (id: string): string =>
  id.length <= ID_LENGTH_MAX && ID.test(id) ? id : createHash('sha256').update(id).digest('hex');

export const assertMessage = ({ group, id, body }: QueueMessage): void => {
  if (group === '' || id === '') throw new RangeError('A queue message needs a group and an id');
  const bytes = Buffer.byteLength(body);
  if (bytes === 0 || bytes > BODY_BYTES_MAX)
    throw new RangeError(`Queue message ${id}: a body of ${bytes} bytes, 1 to ${BODY_BYTES_MAX} are taken`);
};
