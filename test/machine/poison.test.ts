// How: the messages are put into the table as an earlier process would have left them, ahead of everything else in their lanes.
import { afterEach, expect, test } from 'vitest';
import { startEmbeddedTable } from '../../src/adapters/dynamo/embedded-table.ts';
import { createMessageStore } from '../../src/adapters/queue/message-store.ts';
import { expectWhole, open, type Scene, startScene } from './kit.ts';

let scene: Scene;
afterEach(() => scene.close());

const POISON: readonly (readonly [group: string, body: string])[] = [
  ['opening', 'this is no JSON'],
  ['opening', '{"kind":"nonsense"}'],
  ['opening', 'null'],
  ['incident-99', '{"kind":"command","id":"lost","by":"U0ANA","incident":99,"command":{"do":"add-note","text":"for nobody"}}'],
  ['incident-1', '{"kind":"start-fix","id":"early","by":"U0ANA","incident":1,"runId":"run-none","acknowledged":[]}'],
];

test('what can never be done is dropped at once, and what stands behind it in the same lane is done', async () => {
  scene = await startScene({
    left: async (dataDir) => {
      const table = await startEmbeddedTable({ dataDir, tableName: 'firebreak' });
      const store = createMessageStore({ ...table, queueName: 'work' });
      for (const [index, [group, body]] of POISON.entries()) {
        const message = { group, id: `poison-${index}`, body };
        await store.add({ message, sendId: `send-${index}`, order: index + 1, attempts: 0 }, 0);
      }
      await table.close();
    },
  });
  await open(scene);
  await scene.quiet();
  await expectWhole(scene);
  const logged = (what: string): number => scene.errors.filter((line) => line.includes(what)).length;
  expect(logged('was not understood')).toBe(3);
  expect(logged('was given up')).toBe(0);
  expect(scene.errors.join()).not.toContain('nonsense');
});
