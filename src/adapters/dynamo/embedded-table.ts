import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import { createDocumentClient } from './document-client.ts';
import { createTable } from './table.ts';

export type EmbeddedTable = {
  /** `http://127.0.0.1:<port>`: for other clients of the same table. */
  readonly endpoint: string;
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** Ends the connections, and lets the folder go. */
  readonly close: () => Promise<void>;
};

/**
 * The table on this machine, without an account: dynalite on a folder, or in memory without one. What was answered
 * survives a killed process; LevelDB leaves it to the system when it reaches the disk, so a power cut may cost the last writes.
 * Throws, naming the folder, if another process has it or it cannot be used.
 */
export const startEmbeddedTable = async (options: {
  readonly dataDir?: string;
  readonly tableName: string;
}): Promise<EmbeddedTable> => {
  const { dataDir, tableName } = options;
  if (dataDir !== undefined) await assertFolderIsFree(dataDir);
  const server = dynalite({
    ...(dataDir !== undefined && { path: dataDir }),
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createDocumentClient({
    region: 'local',
    endpoint,
    credentials: { accessKeyId: 'embedded', secretAccessKey: 'embedded' },
  });
  const close = async (): Promise<void> => {
    client.destroy();
    const closed = new Promise<void>((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
    server.closeAllConnections();
    await closed;
  };
  try {
    await createTable(client, tableName);
  } catch (error) {
    await close();
    throw new Error(`The table in ${dataDir ?? 'memory'} could not be started.`, { cause: error });
  }
  return { endpoint, client, tableName, close };
};

type Level = { readonly open: () => Promise<void>; readonly close: () => Promise<void> };

/**
 * Dynalite opens its folder lazily, and answers every request with the same 500 when that failed. So the folder is opened
 * and closed once before, with the very LevelDB that dynalite uses, whose error says why.
 */
const assertFolderIsFree = async (dataDir: string): Promise<void> => {
  const require = createRequire(import.meta.url);
  const level: { readonly Level: new (folder: string) => Level } = createRequire(require.resolve('dynalite'))('level');
  const database = new level.Level(dataDir);
  try {
    await database.open();
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    const locked = cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED';
    const sentence = locked
      ? `The data folder ${dataDir} is in use by another process. Stop that one, or choose another folder.`
      : `The data folder ${dataDir} cannot be used: ${cause instanceof Error ? cause.message : String(error)}`;
    throw new Error(sentence, { cause: error });
  }
  await database.close();
};
