/**
 * A queue's messages in the table. One item holds a message and, after it was handled, its id for as long as a second one is
 * to be dropped: storing and deduplicating are one conditional put.
 *
 * | PK           | SK                       | is                                               |
 * |--------------|--------------------------|--------------------------------------------------|
 * | QUEUE#<name> | MESSAGE#<id>             | a message that waits (no `doneAtMs`), or is done |
 * | QUEUE#<name> | DEAD#<order, 16 digits>  | a message that was given up, and why             |
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { QueueMessage } from '../../ports.ts';
import { collect, queryItems } from '../dynamo/query-items.ts';
import { DEDUPLICATION_MS, fifoId } from './message.ts';

export type StoredMessage = {
  readonly message: QueueMessage;
  /** Of this very sending: tells it from another one with the same message id. */
  readonly sendId: string;
  /** A message that was sent later has a greater one. */
  readonly order: number;
  /** Attempts made, or at least begun. */
  readonly attempts: number;
};

export type DeadMessage = StoredMessage & { readonly reason: string; readonly diedAtMs: number };

export type MessageStore = {
  /** False for a second message with the same id. */
  readonly add: (stored: StoredMessage, nowMs: number) => Promise<boolean>;
  readonly recordAttempt: (stored: StoredMessage) => Promise<void>;
  readonly markDone: (stored: StoredMessage, nowMs: number) => Promise<void>;
  readonly markDead: (dead: DeadMessage) => Promise<void>;
  /** Forgets a message that was handled, unless its id is in use again. */
  readonly forget: (messageId: string, doneAtMs: number) => Promise<void>;
  readonly list: () => Promise<{ waiting: StoredMessage[]; done: { id: string; doneAtMs: number }[] }>;
  readonly dead: () => Promise<DeadMessage[]>;
};

type TableDeps = { readonly client: DynamoDBDocumentClient; readonly tableName: string; readonly queueName: string };

export const createMessageStore = (deps: TableDeps): MessageStore => {
  const { client, tableName: TableName } = deps;
  const PK = `QUEUE#${deps.queueName}`;
  const keyOf = (id: string) => ({ PK, SK: `MESSAGE#${fifoId(id)}` });

  const update = async (id: string, UpdateExpression: string, value: number): Promise<void> => {
    const ExpressionAttributeValues = { ':value': value };
    await client.send(new UpdateCommand({ TableName, Key: keyOf(id), UpdateExpression, ExpressionAttributeValues }));
  };
  const markDone: MessageStore['markDone'] = ({ message: { id } }, nowMs) =>
    update(id, 'SET doneAtMs = :value REMOVE body', nowMs);

  return {
    add: (stored, nowMs) => add(deps, keyOf(stored.message.id), stored, nowMs),
    recordAttempt: ({ message: { id }, attempts }) => update(id, 'SET attempts = :value', attempts),
    markDone,
    markDead: async (dead) => {
      const { message, ...rest } = dead;
      await client.send(new PutCommand({ TableName, Item: { PK, SK: deadKey(dead.order), ...message, ...rest } }));
      await markDone(dead, dead.diedAtMs);
    },
    forget: async (id, doneAtMs) => {
      const ExpressionAttributeValues = { ':done': doneAtMs };
      await unlessConditionFails(
        client.send(
          new DeleteCommand({ TableName, Key: keyOf(id), ConditionExpression: 'doneAtMs = :done', ExpressionAttributeValues }),
        ),
      );
    },
    list: async () => {
      const items = await collect(queryItems(deps, PK, { beginsWith: 'MESSAGE#' }));
      const done = items.filter((item) => item['doneAtMs'] !== undefined);
      return {
        waiting: items
          .filter((item) => item['doneAtMs'] === undefined)
          .map(storedMessage)
          .sort((a, b) => a.order - b.order),
        done: done.map((item) => ({ id: String(item['id']), doneAtMs: Number(item['doneAtMs']) })),
      };
    },
    dead: async () =>
      (await collect(queryItems(deps, PK, { beginsWith: 'DEAD#' }))).map((item) => ({
        ...storedMessage(item),
        reason: String(item['reason']),
        diedAtMs: Number(item['diedAtMs']),
      })),
  };
};

type Key = { readonly PK: string; readonly SK: string };

const add = async (
  { client, tableName: TableName }: TableDeps,
  key: Key,
  stored: StoredMessage,
  nowMs: number,
): Promise<boolean> => {
  const { message, ...rest } = stored;
  const put = new PutCommand({
    TableName,
    Item: { ...key, ...message, ...rest },
    ConditionExpression: 'attribute_not_exists(PK) OR doneAtMs <= :old',
    ExpressionAttributeValues: { ':old': nowMs - DEDUPLICATION_MS },
  });
  if (await unlessConditionFails(client.send(put))) return true;
  const { Item } = await client.send(new GetCommand({ TableName, Key: key, ConsistentRead: true }));
  return Item?.['sendId'] === stored.sendId; // ours after all: the answer to the first try was lost
};

const storedMessage = (item: Record<string, unknown>): StoredMessage => ({
  message: { group: String(item['group']), id: String(item['id']), body: String(item['body']) },
  sendId: String(item['sendId']),
  order: Number(item['order']),
  attempts: Number(item['attempts']),
});

const deadKey = (order: number): string => `DEAD#${String(order).padStart(16, '0')}`;

const unlessConditionFails = async (sent: Promise<unknown>): Promise<boolean> => {
  try {
    await sent;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};
