import { describe, expect, test } from 'vitest';
import type { IncidentEvent } from '../../src/incident/events.ts';
import { fold } from '../../src/incident/evolve.ts';
import { metricsOf } from '../../src/incident/metrics.ts';
import { KEPT_MAX } from '../../src/incident/state.ts';
import { given, minute, previewed, step, T0 } from '../kit.ts';

const status = (
  from: 'investigating' | 'mitigated' | 'resolved',
  to: 'investigating' | 'mitigated' | 'resolved',
): IncidentEvent => ({ type: 'status-changed', v: 1, from, to, reason: 'x' });
const served: IncidentEvent = { type: 'users-served', v: 1, runId: 'run-1', because: 'i-9 is healthy' };
const finished = (verdict: 'pass' | 'fail' | 'unknown'): IncidentEvent => ({
  type: 'check-finished',
  v: 1,
  checkId: 'routes',
  verdict,
  because: verdict,
  evidence: [],
  suggests: [],
  tookMs: 1,
});

test('a log that does not begin with a declaration is broken', () => {
  expect(() => fold([{ seq: 1, at: T0, by: 'bot', events: [served] }])).toThrow(/before incident-declared/);
});

describe('milestones', () => {
  test('users were served when the fix saw it, not when somebody said so', () => {
    expect(given(previewed(), served, status('investigating', 'mitigated')).milestones.mitigated).toBe(minute(1));
    expect(given(previewed(), served, status('investigating', 'resolved')).milestones).toMatchObject({
      mitigated: minute(1),
      resolved: minute(2),
    });
  });
  test('reopening takes back what was reached, and with it the numbers', () => {
    const reopened = given(status('investigating', 'resolved'), status('resolved', 'investigating'));
    expect(reopened.milestones).toEqual({ started: T0, detected: T0, declared: T0 });
    expect(metricsOf(reopened.milestones).map(({ id }) => id)).toEqual(['time-to-detect']);
  });
  test('what a fix had served before it was reopened does not make it mitigated again', () => {
    const again = [status('mitigated', 'investigating'), status('investigating', 'mitigated')];
    const incident = given(previewed(), served, status('investigating', 'mitigated'), ...again);
    expect(incident.milestones.mitigated).toBe(minute(4));
  });
  test('the first role taken acknowledges, later ones do not', () => {
    const take = (userId: string): IncidentEvent => ({ type: 'role-taken', v: 1, role: 'commander', userId });
    expect(given(take('U0ANA'), take('U0BEN')).milestones.acknowledged).toBe(minute(0));
  });
});

describe('an item of the checklist', () => {
  test('says what it was, when that was something else', () => {
    const run: IncidentEvent = { type: 'check-started', v: 1, checkId: 'routes' };
    expect(given(finished('fail'), run).checks['routes']).toMatchObject({ state: 'running', was: 'fail', settled: false });
    expect(given(finished('fail'), run, finished('pass')).checks['routes']).toMatchObject({
      state: 'pass',
      was: 'fail',
      settled: true,
    });
    expect(given(finished('fail'), run, finished('fail')).checks['routes']).not.toHaveProperty('was');
  });
  test('keeps who claimed it through runs and marks', () => {
    const claim: IncidentEvent = { type: 'check-claimed', v: 1, checkId: 'routes', userId: 'U0BEN' };
    const marked: IncidentEvent = { type: 'check-marked', v: 1, checkId: 'routes', mark: 'not-applicable', note: 'no NAT here' };
    expect(given(claim).checks['routes']).toMatchObject({ claimedBy: 'U0BEN', settled: false });
    expect(given(claim, finished('pass'), marked).checks['routes']).toMatchObject({
      state: 'not-applicable',
      claimedBy: 'U0BEN',
      was: 'pass',
      note: 'no NAT here',
    });
  });
});

describe('runs', () => {
  const requested: IncidentEvent = { type: 'fix-requested', v: 1, runId: 'run-1', acknowledged: [] };
  const started = (stepId: string): IncidentEvent => ({ type: 'fix-step-started', v: 1, runId: 'run-1', stepId });
  const end = (outcome: 'done' | 'refused'): IncidentEvent => ({
    type: 'fix-run-ended',
    v: 1,
    runId: 'run-1',
    outcome,
    text: 'Served again.',
    remains: [],
  });
  test('a run that acted is an attempt, with its result', () => {
    expect(given(previewed(), requested, started('detach'), end('done')).attempts).toMatchObject([
      { what: 'snapshot-then-terminate i-1', result: 'done: Served again.', by: 'U0ANA' },
    ]);
  });
  test('a run that was refused before it acted is none', () => {
    expect(given(previewed(), requested, end('refused')).attempts).toEqual([]);
  });
  test('an undo marks what it undid', () => {
    const incident = given(
      previewed({ runId: 'run-0' }),
      previewed({ undoOf: 'run-0', plan: { kind: 'undo' } }),
      requested,
      started('attach'),
      end('done'),
    );
    expect(incident.runs['run-0']?.undoneBy).toBe('run-1');
    expect(incident.attempts.at(-1)?.what).toBe('undo snapshot-then-terminate i-1');
  });
  test('the state forgets old runs, never one that is not over', () => {
    const over = Array.from({ length: KEPT_MAX.endedRuns + 3 }, (_, index): IncidentEvent[] => {
      const runId = `run-${index + 10}`;
      return [previewed({ runId }), { type: 'fix-run-ended', v: 1, runId, outcome: 'done', text: '', remains: [] }];
    }).flat();
    const incident = given(previewed(), requested, ...over);
    expect(Object.keys(incident.runs)).toHaveLength(KEPT_MAX.endedRuns + 1);
    expect(incident.runs['run-1']?.status).toBe('requested');
  });
  const endOf = (runId: string): IncidentEvent => ({
    type: 'fix-run-ended',
    v: 1,
    runId,
    outcome: 'failed',
    text: '',
    remains: [],
  });
  const whole = (runId: string): IncidentEvent[] => [
    previewed({ runId }),
    { type: 'fix-step-started', v: 1, runId, stepId: 'detach' },
    { type: 'fix-step-finished', v: 1, runId, stepId: 'detach', outcome: 'done', found: '', seen: {} },
    endOf(runId),
  ];
  const refusedOnes = Array.from({ length: KEPT_MAX.endedRuns * 2 }, (_, index): IncidentEvent[] => {
    const runId = `run-${index + 10}`;
    return [previewed({ runId }), endOf(runId)];
  }).flat();

  test('a run whose undo is under way stays until that is over, however many end meanwhile', () => {
    const undo: IncidentEvent[] = [
      previewed({ runId: 'run-undo', undoOf: 'run-1', plan: { kind: 'undo' } }),
      { type: 'fix-requested', v: 1, runId: 'run-undo', acknowledged: [] },
    ];
    const later = Array.from({ length: KEPT_MAX.endedRuns + 3 }, (_, index) => whole(`run-later-${index}`)).flat();
    expect(given(...whole('run-1'), ...undo, ...later).runs).toHaveProperty('run-1');
    expect(given(...whole('run-1'), ...later).runs).not.toHaveProperty('run-1');
  });
  test('a run that acted and can be undone outlives those that did nothing', () => {
    const steps = { plan: { irreversible: false, steps: [step('detach', { undo: { title: 'Attach it again' } })] } };
    const acted = [previewed({ runId: 'run-1', ...steps }), ...whole('run-1').slice(1)];
    expect(given(...acted, ...refusedOnes).runs).toHaveProperty('run-1');
    expect(given(...whole('run-1'), ...refusedOnes).runs).not.toHaveProperty('run-1');
  });
  test('the run that ended last is there to be drawn, however long ago it was previewed', () => {
    const incident = given(previewed({ runId: 'run-old' }), { ...requested, runId: 'run-old' }, ...refusedOnes, endOf('run-old'));
    expect(incident.runs['run-old']?.status).toBe('failed');
  });
  test('plans that nobody started are forgotten while others are shown, and so are the messages of forgotten runs', () => {
    const many = Array.from({ length: KEPT_MAX.previews + 5 }, (_, index) => previewed({ runId: `run-${index}` }));
    expect(Object.keys(given(...many).runs)).toHaveLength(KEPT_MAX.previews);
    const posted: IncidentEvent = { type: 'message-posted', v: 1, slot: 'run:run-1', channelId: 'C1', ts: '1.0' };
    expect(given(...whole('run-1'), posted, ...refusedOnes).messages).toEqual({});
  });
  test('a yes speaks for one question: it is gone when the run goes on, or has another plan', () => {
    const { plan, guards, fingerprint } = previewed() as Extract<IncidentEvent, { type: 'fix-previewed' }>;
    const approved: IncidentEvent = { type: 'fix-approved', v: 1, runId: 'run-1', phase: 1, callbackId: 'c-1' };
    const asked = [previewed(), requested, approved];
    expect(given(...asked).runs['run-1']?.answer).toEqual({ callbackId: 'c-1', approve: true });
    expect(given(...asked, { type: 'fix-run-started', v: 1, runId: 'run-1' }).runs['run-1']).not.toHaveProperty('answer');
    const changed: IncidentEvent = { type: 'fix-plan-changed', v: 1, runId: 'run-1', plan, guards, fingerprint, differs: ['x'] };
    expect(given(...asked, changed).runs['run-1']).not.toHaveProperty('answer');
  });
  test('what the log says of a run that the state has forgotten changes nothing', () => {
    const before = given();
    expect({ ...given(started('detach')), lastChangeAt: before.lastChangeAt }).toEqual(before);
  });
});

test('of messages that are posted once only the newest are remembered, of those that are edited all', () => {
  const posted = (slot: string): IncidentEvent => ({ type: 'message-posted', v: 1, slot, channelId: 'C1', ts: '1.0' });
  const updates = Array.from({ length: KEPT_MAX.announcements + 5 }, (_, index) => posted(`update:${index}`));
  const slots = Object.keys(given(posted('headline'), posted('run:run-1'), ...updates).messages);
  expect(slots).toHaveLength(KEPT_MAX.announcements + 2);
  expect(slots).toEqual(expect.arrayContaining(['headline', 'run:run-1', `update:${KEPT_MAX.announcements + 4}`]));
});

test('the lists that grow keep their newest', () => {
  const many = Array.from(
    { length: KEPT_MAX.attempts + 5 },
    (_, index): IncidentEvent => ({ type: 'attempt-recorded', v: 1, what: `try ${index}` }),
  );
  const incident = given(...many);
  expect(incident.attempts).toHaveLength(KEPT_MAX.attempts);
  expect(incident.attemptCount).toBe(KEPT_MAX.attempts + 5);
  expect(incident.attempts.at(-1)?.what).toBe(`try ${KEPT_MAX.attempts + 4}`);
});
