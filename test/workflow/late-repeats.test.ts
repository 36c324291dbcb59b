/** A queue may bring a request again after hours: when the log has long forgotten its id, what was done is still done once. */
import { expect, test } from 'vitest';
import { BEN, type Bench, openBench, sickOf } from './kit.ts';

/** More than the log remembers requests of. */
const MANY = 101;
const muchHappens = async (bench: Bench): Promise<void> => {
  for (let nth = 0; nth < MANY; nth++) await bench.command({ do: 'add-note', text: `${nth}` });
};

test('a note is kept once', async () => {
  await using bench = await openBench({ table: false });
  const requestedAt = new Date(bench.clock.now()).toISOString();
  const note = { kind: 'command', command: { do: 'add-note', text: 'once' }, requestedAt } as const;
  await bench.request(note, BEN, 'late');
  await muchHappens(bench);
  await bench.request(note, BEN, 'late');
  expect((await bench.eventsOf('note-added')).filter(({ text }) => text === 'once')).toHaveLength(1);
});

test('a preview takes back nothing of a run that has begun', async () => {
  await using bench = await openBench({ shop: { trouble: 'oneServes502' } });
  const { groupName } = bench.shop;
  const preview = {
    kind: 'preview-fix',
    fixId: 'snapshot-then-terminate',
    input: { groupName, instanceId: sickOf(bench) },
    viewId: 'V1',
  } as const;
  await bench.request(preview, BEN, 'late');
  const [runId = ''] = Object.keys((await bench.incident()).runs);
  await bench.start(runId);
  await bench.untilStep(runId, 'complete', 'running');
  await muchHappens(bench);
  const before = await bench.run(runId);
  await bench.request(preview, BEN, 'late');
  expect(await bench.run(runId)).toEqual(before);
});
