import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DeleteCommandInput,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { LogStore, StoredCommit, StoredHead } from '../../log/log-store.ts';

/**
 * | PK              | SK               | what                                                    |
 * |-----------------|------------------|---------------------------------------------------------|
 * | INCIDENT#42     | COMMIT#00000001… | the log; the only truth                                 |
 * | INCIDENT#42     | HEAD             | its cached fold; sorts right behind the newest commit   |
 * | INCIDENTS       | LATEST           | the latest number; never ahead of the log               |
 * | INCIDENTS#OPEN  | 00000042         | open, because of commit `seq`; perhaps one too many     |
 * | REQUEST#<id>    | INCIDENT         | the incident that this request declared                 |
 * | CHANNEL#<id>    | 00000042         | an incident that may count this channel as its own      |
 */
export const createDynamoLogStore = (client: DynamoDBDocumentClient, tableName: string): LogStore => {
  const table = createItems(client, tableName);
  return {
    putCommit: async ({ incident, ...commit }) =>
      table.put({ ...incidentKey(incident, commitKey(commit.seq)), ...commit }, 'attribute_not_exists(PK)'),

    readCommits: async (incident, { afterSeq, limit }) => {
      // Up to the last possible commit, so that HEAD stays out: both ends are inclusive.
      const { items, more } = await table.query('PK = :pk AND SK BETWEEN :from AND :to', {
        ExpressionAttributeValues: {
          ':pk': incidentPartition(incident),
          ':from': commitKey(afterSeq + 1),
          ':to': commitKey(COMMITS_MAX),
        },
        ...(limit !== undefined && { Limit: limit }),
      });
      return { commits: items.map((item) => commitOf(incident, item)), more };
    },

    readTail: async (incident) => {
      const { items } = await table.query('PK = :pk AND SK <= :head', {
        ExpressionAttributeValues: { ':pk': incidentPartition(incident), ':head': 'HEAD' },
        ScanIndexForward: false,
        Limit: 2,
      });
      const head = items.find((item) => item['SK'] === 'HEAD');
      const newest = items.find((item) => item['SK'] !== 'HEAD');
      return { ...(head && { head: headOf(head) }), ...(newest && { newest: commitOf(incident, newest) }) };
    },

    putHead: async (incident, head) => {
      await table.put(
        { ...incidentKey(incident, 'HEAD'), ...head },
        'attribute_not_exists(PK) OR #seq < :seq OR (#seq = :seq AND #version <> :version)',
        {
          ExpressionAttributeNames: { '#seq': 'seq', '#version': 'version' },
          ExpressionAttributeValues: { ':seq': head.seq, ':version': head.version },
        },
      );
    },
    ...createIndexes(table),
  };
};

const createIndexes = (table: Items): Omit<LogStore, 'putCommit' | 'readCommits' | 'readTail' | 'putHead'> => ({
  readLatestNumber: async () => ((await table.get({ PK: 'INCIDENTS', SK: 'LATEST' }))?.['number'] as number | undefined) ?? 0,
  raiseLatestNumber: async (number) => {
    await table.put({ PK: 'INCIDENTS', SK: 'LATEST', number }, 'attribute_not_exists(PK) OR #number < :number', {
      ExpressionAttributeNames: { '#number': 'number' },
      ExpressionAttributeValues: { ':number': number },
    });
  },

  readRequest: async (requestId) => (await table.get(requestKey(requestId)))?.['incident'] as number | undefined,
  putRequest: async (requestId, incident) => {
    await table.put({ ...requestKey(requestId), incident });
  },

  putOpen: async (incident, seq) => {
    await table.put(
      { PK: 'INCIDENTS#OPEN', SK: numberKey(incident), seq },
      'attribute_not_exists(PK) OR #seq < :seq',
      bySeq(seq),
    );
  },
  removeOpen: async (incident, seq) => {
    await table.remove({ PK: 'INCIDENTS#OPEN', SK: numberKey(incident) }, 'attribute_not_exists(PK) OR #seq <= :seq', bySeq(seq));
  },
  readOpen: async () => (await table.queryAll('INCIDENTS#OPEN')).map(numberOf),

  putChannel: async (channelId, incident) => {
    await table.put({ PK: `CHANNEL#${channelId}`, SK: numberKey(incident) });
  },
  readChannel: async (channelId) => (await table.queryAll(`CHANNEL#${channelId}`)).map(numberOf).reverse(),
});

type Item = Readonly<Record<string, unknown>>;
type Key = { readonly PK: string; readonly SK: string };
type Expression = Pick<PutCommandInput & DeleteCommandInput, 'ExpressionAttributeNames' | 'ExpressionAttributeValues'>;
type Items = ReturnType<typeof createItems>;

/** Single items, strongly consistent; a condition that does not hold is an answer, everything else that fails throws. */
const createItems = (client: DynamoDBDocumentClient, TableName: string) => {
  const failed = (doing: string, key: string) => (error: unknown) => {
    throw new Error(`DynamoDB did not ${doing} ${key} in the table "${TableName}".`, { cause: error });
  };
  const write = (doing: string, key: Key, sent: Promise<unknown>): Promise<'stored' | 'taken'> =>
    sent
      .then(() => 'stored' as const)
      .catch((error: unknown) =>
        error instanceof ConditionalCheckFailedException ? 'taken' : failed(doing, `${key.PK} ${key.SK}`)(error),
      );
  const put = (item: Key & Item, ConditionExpression?: string, expression: Expression = {}) =>
    write('put', item, client.send(new PutCommand({ TableName, Item: item, ConditionExpression, ...expression })));
  const remove = (Key: Key, ConditionExpression: string, expression: Expression) =>
    write('delete', Key, client.send(new DeleteCommand({ TableName, Key, ConditionExpression, ...expression })));
  const get = async (Key: Key): Promise<Item | undefined> =>
    (await client.send(new GetCommand({ TableName, Key, ConsistentRead: true })).catch(failed('get', `${Key.PK} ${Key.SK}`)))
      .Item;
  const query = async (KeyConditionExpression: string, input: Omit<QueryCommandInput, 'TableName'>) => {
    const partition = String(input.ExpressionAttributeValues?.[':pk']);
    const { Items = [], LastEvaluatedKey } = await client
      .send(new QueryCommand({ TableName, ConsistentRead: true, KeyConditionExpression, ...input }))
      .catch(failed('query', partition));
    return { items: Items as readonly Item[], more: LastEvaluatedKey !== undefined, next: LastEvaluatedKey };
  };
  const queryAll = async (partition: string): Promise<readonly Item[]> => {
    const all: Item[] = [];
    let next: Record<string, unknown> | undefined;
    do {
      const page = await query('PK = :pk', {
        ExpressionAttributeValues: { ':pk': partition },
        ...(next !== undefined && { ExclusiveStartKey: next }),
      });
      all.push(...page.items);
      next = page.next;
    } while (next !== undefined);
    return all;
  };
  return { put, remove, get, query, queryAll };
};

/** Eight digits, so that the order of the keys is the order of the numbers. */
const NUMBER_DIGITS = 8;
const COMMITS_MAX = 10 ** NUMBER_DIGITS - 1;

const numberKey = (number: number): string => String(number).padStart(NUMBER_DIGITS, '0');
const commitKey = (seq: number): string => `COMMIT#${numberKey(seq)}`;
const incidentPartition = (incident: number): string => `INCIDENT#${incident}`;
const incidentKey = (incident: number, SK: string): Key => ({ PK: incidentPartition(incident), SK });
const requestKey = (requestId: string): Key => ({ PK: `REQUEST#${requestId}`, SK: 'INCIDENT' });
const numberOf = (item: Item): number => Number(item['SK']);
const bySeq = (seq: number): Expression => ({
  ExpressionAttributeNames: { '#seq': 'seq' },
  ExpressionAttributeValues: { ':seq': seq },
});

/** Only this file writes these items, and never changes a commit; so their shape is known. */
const commitOf = (incident: number, item: Item): StoredCommit => {
  const { seq, at, by, requestId, events } = item as StoredCommit & Item;
  return { incident, seq, at, by, requestId, events };
};
const headOf = (item: Item): StoredHead => {
  const { seq, version, folded } = item as StoredHead & Item;
  return { seq, version, folded };
};
