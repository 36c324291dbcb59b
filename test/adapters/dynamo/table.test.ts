import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedTable, startEmbeddedTable } from '../../../src/adapters/dynamo/embedded-table.ts';
import { createTable } from '../../../src/adapters/dynamo/table.ts';

describe('createTable', () => {
  let embedded: EmbeddedTable;
  beforeAll(async () => {
    embedded = await startEmbeddedTable({ tableName: 'first' });
  });
  afterAll(() => embedded.close());

  test('leaves a table that is there as it is', async () => {
    await expect(createTable(embedded.client, 'first')).resolves.toBeUndefined();
  });

  test('may be called by two processes at once', async () => {
    const both = [createTable(embedded.client, 'second'), createTable(embedded.client, 'second')];
    await expect(Promise.all(both)).resolves.toEqual([undefined, undefined]);
  });

  test('refuses a table of the same name with other keys', async () => {
    await embedded.client.send(
      new CreateTableCommand({
        TableName: 'other',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    await expect(createTable(embedded.client, 'other')).rejects.toThrow(
      'The DynamoDB table "other" has the keys id (HASH); PK (HASH), SK (RANGE) are needed.',
    );
  });
});
