// What AWS does not answer is unknown with its reason, never failed, and holds up neither the incident nor the other checks.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { expectWhole, incidentOf, open, type Scene, startScene } from './kit.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await startScene({ trouble: 'oneServes502', allChecks: true });
});
afterEach(() => scene.close());

const BALANCER = 'load-balancer-and-instances';

test('a throttled load balancer makes its checks unknown, says so, and a later look answers', async () => {
  const withdraw = scene.stack.faults.add({ service: 'elasticloadbalancing', effect: { kind: 'throttle' } });
  await open(scene);
  await scene.ana.until('the verdict', (state) => JSON.stringify(state).includes('throttling'));
  await scene.quiet();
  await expectWhole(scene);
  const before = (await incidentOf(scene)).checks;
  expect(before[BALANCER]).toMatchObject({ state: 'unknown', because: expect.stringContaining('AWS is throttling') });
  expect(Object.values(before).filter(({ state }) => state === 'fail')).toEqual([]);

  withdraw();
  await scene.ana.command(/^inc-0001/, '/incident check run all');
  await scene.ana.until('the sick instance', (state) => JSON.stringify(state).includes('Target.ResponseCodeMismatch'));
  await scene.quiet();
  expect((await incidentOf(scene)).checks[BALANCER]?.state).toBe('fail');
  expect(scene.errors).toEqual([]);
});

test('an account that answers nothing at all leaves every probe unknown, and the incident whole', async () => {
  scene.stack.faults.add({ effect: { kind: 'error', code: 'InternalFailure', status: 500 } });
  await open(scene);
  await scene.ana.until('the verdicts', (state) => /unknown/i.test(JSON.stringify(state)));
  await scene.quiet();
  await expectWhole(scene);
  const { checks } = await incidentOf(scene);
  const probed = Object.values(checks);
  expect(probed.length).toBeGreaterThan(5);
  expect(probed.filter(({ state }) => state !== 'unknown')).toEqual([]);
  expect(scene.errors).toEqual([]);
});
