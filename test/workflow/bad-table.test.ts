/** The incident's table is away in the middle of a run: for a moment it is waited for, for longer the run ends with a word. */
import { expect, test } from 'vitest';
import { type Bench, openBench, sickOf } from './kit.ts';

const untilSnapshotsComplete = async (bench: Bench): Promise<string> => {
  const runId = await bench.preview('snapshot-then-terminate', {
    groupName: bench.shop.groupName,
    instanceId: sickOf(bench),
  });
  await bench.start(runId);
  await bench.untilStep(runId, 'complete', 'running');
  return runId;
};
const open = (response: Parameters<typeof openBench>[0] = {}) => openBench({ shop: { trouble: 'oneServes502' }, ...response });

test('a moment of it while the run waits changes nothing', async () => {
  await using bench = await open();
  const runId = await untilSnapshotsComplete(bench);
  bench.loseReads(10);
  await bench.untilAsked(runId);
  await bench.approve(runId);
  expect((await bench.untilOver(runId)).status).toBe('done');
});

test('too long for the wait: the run ends, says so, and holds up nobody', async () => {
  await using bench = await open();
  const runId = await untilSnapshotsComplete(bench);
  bench.loseReads(20);
  const run = await bench.untilOver(runId);
  expect(run.status).toBe('uncertain');
  expect(run.ended?.text).toMatch(/broke off.*The table is away/);
  await bench.command({ do: 'change-status', to: 'resolved', reason: 'over' });
  expect((await bench.incident()).status).toBe('resolved');
});

test('too long even for the last word: the run can be ended by stopping it', async () => {
  await using bench = await open();
  const runId = await untilSnapshotsComplete(bench);
  bench.loseReads(1_000);
  // The last thing that is due is the last try of the last word.
  await expect(bench.untilOver(runId)).rejects.toThrow(/nothing waits for time/);
  bench.loseReads(0);
  await bench.command({ do: 'change-status', to: 'resolved', reason: 'over' });
  expect((await bench.incident()).status).toBe('investigating');
  await bench.stop(runId);
  expect((await bench.run(runId)).status).toBe('uncertain');
  await bench.command({ do: 'change-status', to: 'resolved', reason: 'over' });
  expect((await bench.incident()).status).toBe('resolved');
});

test('a question that could not be asked has no answer: the yes to the one before ends nothing', async () => {
  await using bench = await open({ response: { approvals: { reversible: 'another-person' } } });
  const runId = await bench.preview('snapshot-then-terminate', {
    groupName: bench.shop.groupName,
    instanceId: sickOf(bench),
  });
  await bench.start(runId);
  await bench.untilAsked(runId);
  await bench.approve(runId);
  // All tries of the step that asks.
  bench.loseCommits('approval-end', 6);
  expect((await bench.untilOver(runId)).status).toBe('timed-out');
  expect(bench.mutations().map(({ action }) => action)).not.toContain('TerminateInstances');
});
