/** The process dies around its calls, and another one goes on: what was sent is not sent again, what was not sent is not guessed at. */
import { describe, expect, test } from 'vitest';
import type { AwsApi } from '../../src/runbook/aws-call.ts';
import { type Bench, openBench, sickOf } from './kit.ts';

const SNAPSHOT: readonly AwsApi[] = [
  'ec2:CreateTags',
  'autoscaling:DetachInstances',
  'ec2:CreateSnapshots',
  'ec2:TerminateInstances',
];
const SCALE: readonly AwsApi[] = [
  'autoscaling:SuspendProcesses',
  'autoscaling:SetInstanceProtection',
  'autoscaling:UpdateAutoScalingGroup',
  'autoscaling:EnterStandby',
];
const begin = async (bench: Bench, fixId: string): Promise<string> => {
  const { groupName } = bench.shop;
  const runId = await bench.preview(fixId, fixId === 'scale-to-one' ? { groupName } : { groupName, instanceId: sickOf(bench) });
  await bench.start(runId);
  return runId;
};
const named = (apis: readonly AwsApi[]) => apis.map((api) => api.split(':')[1]);

describe('dies after each call, before it is written down', () => {
  test('snapshot-then-terminate: each call is made once, and the run is done', async () => {
    await using bench = await openBench({ shop: { trouble: 'oneServes502' } });
    for (const api of SNAPSHOT) bench.dieAt('after', api);
    const runId = await begin(bench, 'snapshot-then-terminate');
    await bench.untilAsked(runId);
    await bench.approve(runId);
    expect((await bench.untilOver(runId)).status).toBe('done');
    expect(bench.mutations().map(({ action }) => action)).toEqual(named(SNAPSHOT));
    expect(await bench.eventsOf('users-served')).toHaveLength(1);
    expect(bench.chat.messages.filter(({ slot }) => slot === `1 served:${runId}`)).toHaveLength(1);
  });

  test('scale-to-one, and its undo: each call is made once, and both are done', async () => {
    await using bench = await openBench();
    for (const api of SCALE) bench.dieAt('after', api);
    const runId = await begin(bench, 'scale-to-one');
    expect((await bench.untilOver(runId)).status).toBe('done');
    expect(bench.mutations().map(({ action }) => action)).toEqual([...named(SCALE), 'EnterStandby']);
    const undoId = await bench.undo(runId);
    for (const api of ['autoscaling:ExitStandby', 'autoscaling:ResumeProcesses'] as const) bench.dieAt('after', api);
    await bench.start(undoId);
    expect((await bench.untilOver(undoId)).status).toBe('done');
    expect(bench.shop.instanceIds()).toHaveLength(3);
    expect(
      bench
        .mutations()
        .slice(5)
        .map(({ action }) => action),
    ).toEqual(['ExitStandby', 'ExitStandby', 'UpdateAutoScalingGroup', 'SetInstanceProtection', 'ResumeProcesses']);
  });
});

describe('dies before the call is sent', () => {
  test.each([
    { fixId: 'snapshot-then-terminate', api: 'autoscaling:DetachInstances' },
    { fixId: 'scale-to-one', api: 'autoscaling:EnterStandby' },
  ] as const)('$fixId, $api: it was not sent, nobody knows that, and it is not sent now', async ({ fixId, api }) => {
    await using bench = await openBench(fixId === 'scale-to-one' ? {} : { shop: { trouble: 'oneServes502' } });
    bench.dieAt('before', api);
    const runId = await begin(bench, fixId);
    const run = await bench.untilOver(runId);
    expect(run.status).toBe('uncertain');
    expect(bench.mutations().map(({ action }) => action)).not.toContain(api.split(':')[1]);
  });
});
