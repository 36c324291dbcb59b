import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  ResourceInUseException,
  type TableDescription,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * One table for everything. Two string keys and no secondary index: what has to be found is found by key, so that every
 * read can be strongly consistent. `infra/` declares the same table for CloudFormation.
 */
const tableDefinition = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'PK', AttributeType: 'S' },
    { AttributeName: 'SK', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'PK', KeyType: 'HASH' },
    { AttributeName: 'SK', KeyType: 'RANGE' },
  ],
} as const satisfies Omit<CreateTableCommandInput, 'TableName'>;

const TABLE_ACTIVE_WAIT_SECONDS_MAX = 60;
/** The first look again comes soon: an embedded table is active within a millisecond, one on AWS within seconds. */
const TABLE_ACTIVE_POLL_FIRST_SECONDS = 0.01;
const TABLE_ACTIVE_POLL_SECONDS_MAX = 1;

/** Creates the table unless it is there, and waits until it can be used. Throws if a table of this name has other keys. */
export const createTable = async (client: DynamoDBDocumentClient, tableName: string): Promise<void> => {
  try {
    await client.send(
      new CreateTableCommand({ TableName: tableName, ...tableDefinition, KeySchema: [...tableDefinition.KeySchema] }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) {
      throw new Error(`The DynamoDB table "${tableName}" could not be created.`, { cause: error });
    }
  }
  await waitUntilTableExists(
    {
      client,
      maxWaitTime: TABLE_ACTIVE_WAIT_SECONDS_MAX,
      minDelay: TABLE_ACTIVE_POLL_FIRST_SECONDS,
      maxDelay: TABLE_ACTIVE_POLL_SECONDS_MAX,
    },
    { TableName: tableName },
  );
  const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
  const found = keysOf(Table?.KeySchema);
  const wanted = keysOf(tableDefinition.KeySchema);
  if (found !== wanted) throw new Error(`The DynamoDB table "${tableName}" has the keys ${found}; ${wanted} are needed.`);
};

const keysOf = (schema: TableDescription['KeySchema'] | typeof tableDefinition.KeySchema): string =>
  (schema ?? []).map((key) => `${key.AttributeName} (${key.KeyType})`).join(', ');
