/** What Lambda's functions stand on, as far as they use it, on loopback: a queue that keeps what it is sent, and a table that tells what it is asked. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { SQSRecord } from 'aws-lambda';

export type Heard = { readonly operation: string; readonly input: Readonly<Record<string, unknown>> };
type Answer = { readonly status?: number; readonly body: string | Buffer };

export const serve = async (answer: (heard: Heard, request: IncomingMessage, body: string) => Promise<Answer> | Answer) => {
  const heard: Heard[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const reply = async (): Promise<void> => {
      const body = await text(request);
      // https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html; others have the operation in their path.
      const target = request.headers['x-amz-target'];
      const operation = target === undefined ? `${request.method} ${request.url}` : String(target).split('.').at(-1)!;
      const what = { operation, input: body.startsWith('{') ? JSON.parse(body) : {} };
      heard.push(what);
      const answered = await answer(what, request, body);
      response.writeHead(answered.status ?? 200, { 'content-type': 'application/x-amz-json-1.0' }).end(answered.body);
    };
    reply().catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    heard,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

type SentMessage = {
  readonly MessageBody: string;
  readonly MessageGroupId: string;
  readonly MessageDeduplicationId: string;
  readonly MessageAttributes: Readonly<Record<string, { readonly StringValue: string }>>;
};

/** Takes messages as SQS does. `take` gives them as Lambda would: oldest first, each as a record. */
export const startQueue = async (onMessage?: (record: SQSRecord) => void) => {
  const waiting: SentMessage[] = [];
  const server = await serve(({ operation, input }) => {
    if (operation !== 'SendMessage') return { body: '{}' };
    const message = input as SentMessage;
    if (onMessage === undefined) waiting.push(message);
    else onMessage(recordOf(message));
    const MD5OfMessageBody = createHash('md5').update(message.MessageBody).digest('hex');
    return { body: JSON.stringify({ MessageId: message.MessageDeduplicationId, MD5OfMessageBody, SequenceNumber: '1' }) };
  });
  return {
    ...server,
    queueUrl: `${server.url}/111122223333/firebreak-work.fifo`,
    take: (): SQSRecord[] => waiting.splice(0).map(recordOf),
  };
};

const recordOf = ({ MessageBody, MessageGroupId, MessageDeduplicationId, MessageAttributes }: SentMessage): SQSRecord =>
  record(MessageDeduplicationId, MessageBody, {
    group: MessageGroupId,
    attributes: Object.fromEntries(Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue])),
  });

export const record = (
  id: string,
  body: string,
  options: { readonly group?: string; readonly attempt?: number; readonly attributes?: Readonly<Record<string, string>> } = {},
): SQSRecord => ({
  messageId: `message ${id}`,
  receiptHandle: `receipt ${id}`,
  body,
  attributes: {
    ApproximateReceiveCount: String(options.attempt ?? 1),
    SentTimestamp: '0',
    SenderId: 'sender',
    ApproximateFirstReceiveTimestamp: '0',
    MessageGroupId: options.group ?? 'group',
    MessageDeduplicationId: id,
  },
  messageAttributes: Object.fromEntries(
    Object.entries(options.attributes ?? {}).map(([name, stringValue]) => [name, { stringValue, dataType: 'String' }]),
  ),
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-west-3:111122223333:firebreak-work.fifo',
  awsRegion: 'eu-west-3',
});

/** Passes on to the real table, and remembers what was asked. */
export const startRecordingTable = (endpoint: string) =>
  serve(async (_, { method = 'POST', headers }, body) => {
    const { host: _host, connection: _connection, 'content-length': _length, ...kept } = headers;
    const answer = await fetch(endpoint, { method, headers: kept as Record<string, string>, body });
    return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
  });
