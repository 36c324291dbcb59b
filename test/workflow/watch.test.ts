import { expect, test } from 'vitest';
import { type Bench, openBench } from './kit.ts';

const parkAll = async (bench: Bench): Promise<string> => {
  const runId = await bench.preview('scale-to-one', { groupName: bench.shop.groupName });
  await bench.start(runId);
  expect((await bench.untilOver(runId)).status).toBe('done');
  return runId;
};

const told = (bench: Bench) => bench.chat.messages.filter(({ slot }) => slot?.includes(' drift:'));

test('an outside scaler sets the group to three after parking: said in the channel, with the undo', async () => {
  await using bench = await openBench();
  const runId = await parkAll(bench);
  expect((await bench.run(runId)).drift).toBeUndefined();
  bench.world.change.groups.setDesired(bench.shop.groupName, 3);
  await bench.until('the drift is noticed', async () => (await bench.run(runId)).drift !== undefined);
  await bench.until('it is told', () => told(bench).length > 0);
  const drifts = (await bench.events()).filter(({ type }) => type === 'fix-drifted');
  expect(told(bench)).toHaveLength(drifts.length);
  expect(JSON.stringify(told(bench)[0]?.message.blocks)).toContain('Undo…');
});

test('a survivor that dies while the others are parked wakes somebody, and its undo ends the watch', async () => {
  await using bench = await openBench();
  const runId = await parkAll(bench);
  const survivor = String((await bench.run(runId)).plan.input['survivorId']);
  bench.world.change.hosts.stopProcess(survivor);
  await bench.until('the drift is noticed', async () => (await bench.run(runId)).drift !== undefined);
  expect((await bench.run(runId)).drift?.text).toContain(`${survivor} does not serve`);
  const undoId = await bench.undo(runId);
  await bench.start(undoId);
  await bench.untilOver(undoId);
  expect((await bench.run(runId)).undoneBy).toBe(undoId);
});
