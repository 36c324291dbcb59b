import { startEmbeddedTable } from '../../src/adapters/dynamo/embedded-table.ts';
import { createDynamoLogStore } from '../../src/adapters/dynamo/log-store.ts';
import { createTable } from '../../src/adapters/dynamo/table.ts';
import { describeIncidentLog } from './incident-log.ts';

describeIncidentLog('DynamoDB', async () => {
  const { client, close } = await startEmbeddedTable({ tableName: 'log-0' });
  let tables = 0;
  const createStore = async () => {
    const tableName = `log-${++tables}`;
    await createTable(client, tableName);
    return createDynamoLogStore(client, tableName);
  };
  return { createStore, close };
});
