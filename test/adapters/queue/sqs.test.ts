import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { createSqsQueue } from '../../../src/adapters/queue/sqs-queue.ts';
import { createSqsWorker } from '../../../src/adapters/queue/sqs-worker.ts';
import type { QueueMessage } from '../../../src/ports.ts';

type Sent = {
  readonly QueueUrl: string;
  readonly MessageGroupId: string;
  readonly MessageDeduplicationId: string;
  readonly MessageBody: string;
  readonly MessageAttributes: Readonly<Record<string, { readonly StringValue: string }>>;
};

const sendAll = async (...messages: QueueMessage[]): Promise<Sent[]> => {
  const sent: Sent[] = [];
  const client = { send: async ({ input }: { input: Sent }) => void sent.push(input) } as unknown as Pick<SQSClient, 'send'>;
  const queue = createSqsQueue({ client, queueUrl: 'https://sqs.local/1/work.fifo' });
  for (const message of messages) await queue.send(message);
  return sent;
};

/** The record in which Lambda brings a message that was sent. */
const record = (sent: Sent, receiveCount = 1): SQSRecord =>
  ({
    messageId: `sqs-${sent.MessageBody}`,
    body: sent.MessageBody,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      MessageGroupId: sent.MessageGroupId,
      MessageDeduplicationId: sent.MessageDeduplicationId,
    },
    messageAttributes: Object.fromEntries(
      Object.entries(sent.MessageAttributes).map(([name, { StringValue }]) => [name, { stringValue: StringValue }]),
    ),
  }) as unknown as SQSRecord;

const message = (group: string, body: string): QueueMessage => ({ group, id: `id-${body}`, body });

describe('sending', () => {
  test('a short id and group go as they are', async () => {
    const [sent] = await sendAll({ group: 'incident-7', id: 'Ev0123/retry:1', body: 'hello' });
    expect(sent).toMatchObject({
      QueueUrl: 'https://sqs.local/1/work.fifo',
      MessageGroupId: 'incident-7',
      MessageDeduplicationId: 'Ev0123/retry:1',
      MessageBody: 'hello',
    });
  });

  test.each([
    { what: 'longer than 128 characters', id: 'x'.repeat(129) },
    { what: 'with characters that SQS does not take', id: 'réponse 1' },
  ])('an id $what goes as its digest', async ({ id }) => {
    const [first, again, other] = await sendAll(
      { group: 'g', id, body: '1' },
      { group: 'g', id, body: '2' },
      { group: 'g', id: `${id}!`, body: '3' },
    );
    expect(first!.MessageDeduplicationId).toMatch(/^[0-9a-f]{64}$/);
    expect(again!.MessageDeduplicationId).toBe(first!.MessageDeduplicationId);
    expect(other!.MessageDeduplicationId).not.toBe(first!.MessageDeduplicationId);
  });
});

describe('working a batch', () => {
  test('a message arrives as it was sent, with its attempt', async () => {
    const arrived: [QueueMessage, number][] = [];
    const given = { group: 'g é', id: 'x'.repeat(200), body: 'hello' };
    const [sent] = await sendAll(given);
    const work = createSqsWorker({ worker: async (...args) => void arrived.push(args) });
    expect(await work({ Records: [record(sent!, 3)] })).toEqual({ batchItemFailures: [] });
    expect(arrived).toEqual([[given, 3]]);
  });

  test('what follows a failure in its group is left for the next time; other groups are not touched by it', async () => {
    const tried: string[] = [];
    const errors: string[] = [];
    const sent = await sendAll(
      message('a', 'a1'),
      message('b', 'b1'),
      message('a', 'a2'),
      message('b', 'b2'),
      message('a', 'a3'),
    );
    const work = createSqsWorker({
      worker: async ({ body }) => {
        tried.push(body);
        if (body === 'a2') throw new Error('no');
      },
      onError: ({ id }, attempt, error) => errors.push(`${id} ${attempt} ${error}`),
    });
    const { batchItemFailures } = await work({ Records: sent.map((each) => record(each)) });
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['sqs-a2', 'sqs-a3']);
    expect(tried.toSorted()).toEqual(['a1', 'a2', 'b1', 'b2']);
    expect(errors).toEqual(['id-a2 1 Error: no']);
  });

  test('the messages of a group do not overlap', async () => {
    const notes: string[] = [];
    const sent = await sendAll(message('a', '1'), message('a', '2'));
    const work = createSqsWorker({
      worker: async ({ body }) => {
        notes.push(`+${body}`);
        await Promise.resolve();
        notes.push(`-${body}`);
      },
    });
    await work({ Records: sent.map((each) => record(each)) });
    expect(notes).toEqual(['+1', '-1', '+2', '-2']);
  });
});
