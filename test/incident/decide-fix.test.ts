import { describe, expect, test } from 'vitest';
import { approverNeeded, decideAnswer, decideStart } from '../../src/incident/decide-fix.ts';
import type { IncidentEvent } from '../../src/incident/events.ts';
import { acknowledge, refuse } from '../../src/runbook/define-fix.ts';
import { given, minute, policy, previewed, refusedWith } from '../kit.ts';

const requested = (runId = 'run-1'): IncidentEvent => ({ type: 'fix-requested', v: 1, runId, acknowledged: [] });
const ben: IncidentEvent = { type: 'role-taken', v: 1, role: 'operations', userId: 'U0BEN' };
const asked = (phase: 1 | 2, who: 'another-person' | 'role-holder' | 'requester', expiresAt = minute(40)): IncidentEvent => ({
  type: 'fix-approval-asked',
  v: 1,
  runId: 'run-1',
  phase,
  callbackId: 'cb-1',
  who,
  expiresAt,
});
const start = (incident: ReturnType<typeof given>, changed: Partial<Parameters<typeof decideStart>[1]> = {}, by = 'U0BEN') =>
  decideStart(incident, { runId: 'run-1', acknowledged: [], ...changed }, { by, at: minute(10), policy });
const answer = (
  incident: ReturnType<typeof given>,
  changed: Partial<Parameters<typeof decideAnswer>[1]> = {},
  by = 'U0ANA',
  at = minute(10),
) => decideAnswer(incident, { runId: 'run-1', phase: 2, approve: true, typed: 'i-1', ...changed }, { by, at, policy });

describe('starting a run', () => {
  test('what was previewed is requested, once', () => {
    expect(start(given(previewed()))).toEqual([{ type: 'fix-requested', v: 1, runId: 'run-1', acknowledged: [] }]);
    expect(refusedWith(start(given(previewed(), requested())))).toBe('<@U0ANA> has started it already.');
  });
  test.each<{ name: string; before: IncidentEvent[]; says: RegExp }>([
    { name: 'a preview that the state has forgotten', before: [], says: /too old/ },
    {
      name: 'a guard that refuses',
      before: [previewed({ guards: [{ id: 'g', title: 'G', result: refuse('It is the last one.', 'Scale out.') }] })],
      says: /It is the last one/,
    },
    {
      name: 'something to acknowledge',
      before: [previewed({ guards: [{ id: 'g', title: 'Hooks are skipped', result: acknowledge('skipped') }] })],
      says: /tick first: Hooks are skipped/,
    },
    {
      name: 'a freeze',
      before: [previewed(), { type: 'fixes-frozen', v: 1, reason: 'deploying' }],
      says: /frozen by <@U0ANA>: deploying/,
    },
    {
      name: 'another run on the same group',
      before: [previewed({ runId: 'run-2', plan: { locks: ['shop-web', 'i-2'] } }), requested('run-2'), previewed()],
      says: /Another run holds shop-web/,
    },
    {
      name: 'the cap on terminations',
      before: [
        ...['run-2', 'run-3'].flatMap((runId): IncidentEvent[] => [
          previewed({ runId }),
          { type: 'fix-run-started', v: 1, runId },
          { type: 'fix-run-ended', v: 1, runId, outcome: 'done', text: '', remains: [] },
        ]),
        previewed(),
      ],
      says: /2 of 2 terminations of this hour/,
    },
    {
      name: 'the cap on the share of a group',
      before: [previewed({ plan: { impact: { terminates: 0, removes: 3, groupName: 'shop-web', groupSize: 4 } } })],
      says: /75 % of shop-web .* at most 70 %/,
    },
    {
      name: 'an incident that is over',
      before: [previewed(), { type: 'status-changed', v: 1, from: 'investigating', to: 'resolved', reason: 'x' }],
      says: /Reopen it first/,
    },
    {
      name: 'an undo that was made already',
      before: [
        previewed({ runId: 'run-0' }),
        { type: 'fix-run-started', v: 1, runId: 'run-0' },
        { type: 'fix-run-ended', v: 1, runId: 'run-0', outcome: 'done', text: '', remains: [] },
        previewed({ runId: 'run-u', undoOf: 'run-0' }),
        { type: 'fix-run-ended', v: 1, runId: 'run-u', outcome: 'done', text: '', remains: [] },
        previewed({ undoOf: 'run-0', plan: { kind: 'undo', irreversible: false } }),
      ],
      says: /undone already/,
    },
  ])('is refused by $name', ({ before, says }) => {
    expect(refusedWith(start(given(...before)))).toMatch(says);
  });
  test('terminations of more than an hour ago do not count', () => {
    const old = (runId: string): IncidentEvent[] => [
      previewed({ runId }),
      { type: 'fix-run-started', v: 1, runId },
      { type: 'fix-run-ended', v: 1, runId, outcome: 'done', text: '', remains: [] },
    ];
    const incident = given(...old('run-2'), ...old('run-3'), previewed());
    const later = decideStart(incident, { runId: 'run-1', acknowledged: [] }, { by: 'U0BEN', at: minute(70), policy });
    expect(later).toEqual([{ type: 'fix-requested', v: 1, runId: 'run-1', acknowledged: [] }]);
  });
  test('undo outlives the end of the incident', () => {
    const incident = given(previewed({ plan: { kind: 'undo', irreversible: false } }), {
      type: 'status-changed',
      v: 1,
      from: 'investigating',
      to: 'resolved',
      reason: 'x',
    });
    expect(start(incident)).toHaveLength(1);
  });
  test('where one approval covers all, the target is typed at the start', () => {
    const covers = {
      ...policy,
      approvals: { ...policy.approvals, oneApprovalCoversAll: { sev1: true, sev2: true, sev3: true, sev4: true } },
    };
    const decideWith = (typed: string) =>
      decideStart(
        given(previewed()),
        { runId: 'run-1', acknowledged: [], typed },
        { by: 'U0BEN', at: minute(10), policy: covers },
      );
    expect(refusedWith(decideWith('i-2'))).toMatch(/Type i-1/);
    expect(decideWith(' i-1 ')).toEqual([{ type: 'fix-requested', v: 1, runId: 'run-1', acknowledged: [], typed: 'i-1' }]);
  });
});

describe('who has to agree', () => {
  const run = { plan: given(previewed()).runs['run-1']!.plan, by: 'U0BEN', approvedBy: [] };
  test('nobody for the reversible part, when a role holder asks', () => {
    expect(approverNeeded(given(ben, previewed()), run, 1, policy)).toBeUndefined();
  });
  test('a role holder, when somebody without a role asks', () => {
    expect(approverNeeded(given(previewed()), run, 1, policy)).toBe('role-holder');
  });
  test('another person for the irreversible part, whoever asks', () => {
    expect(approverNeeded(given(ben, previewed()), run, 2, policy)).toBe('another-person');
  });
});

describe('answering what a run waits for', () => {
  const waiting = (who: 'another-person' | 'role-holder' | 'requester' = 'another-person', phase: 1 | 2 = 2) =>
    given({ event: previewed(), by: 'U0BEN' }, { event: requested(), by: 'U0BEN' }, asked(phase, who));
  test('another person approves, with the target typed', () => {
    expect(answer(waiting())).toEqual([{ type: 'fix-approved', v: 1, runId: 'run-1', phase: 2, callbackId: 'cb-1' }]);
  });
  test('anybody declines', () => {
    expect(answer(waiting(), { approve: false }, 'U0BEN')).toEqual([
      { type: 'fix-declined', v: 1, runId: 'run-1', phase: 2, callbackId: 'cb-1' },
    ]);
  });
  test.each<{ name: string; got: ReturnType<typeof answer>; says: RegExp }>([
    { name: 'who asked for it', got: answer(waiting(), {}, 'U0BEN'), says: /Another person/ },
    { name: 'a mistyped target', got: answer(waiting(), { typed: 'i-2' }), says: /Type i-1/ },
    { name: 'the other phase', got: answer(waiting(), { phase: 1 }), says: /not waiting/ },
    { name: 'an answer that came too late', got: answer(waiting(), {}, 'U0ANA', minute(41)), says: /Nobody answered in time/ },
    {
      name: 'break-glass without a role',
      got: answer(waiting(), { breakGlass: 'alone at night' }, 'U0BEN'),
      says: /Break-glass is for who holds a role/,
    },
    {
      name: 'somebody without a role, where a role holder is asked',
      got: answer(waiting('role-holder', 1), { phase: 1 }, 'U0EVE'),
      says: /holds a role/,
    },
  ])('is refused to $name', ({ got, says }) => {
    expect(refusedWith(got)).toMatch(says);
  });
  test('a role holder who is alone breaks the glass, on the record', () => {
    const incident = given(
      ben,
      { event: previewed(), by: 'U0BEN' },
      { event: requested(), by: 'U0BEN' },
      asked(2, 'another-person'),
    );
    expect(answer(incident, { breakGlass: 'alone at night' }, 'U0BEN')).toEqual([
      { type: 'fix-approved', v: 1, runId: 'run-1', phase: 2, callbackId: 'cb-1', breakGlass: 'alone at night' },
    ]);
  });
  test('a changed plan is confirmed by whoever asked', () => {
    expect(answer(waiting('requester', 1), { phase: 1 }, 'U0BEN')).toHaveLength(1);
  });
  test('the second of two answers is late', () => {
    const incident = given({ event: previewed(), by: 'U0BEN' }, { event: requested(), by: 'U0BEN' }, asked(2, 'another-person'), {
      type: 'fix-approved',
      v: 1,
      runId: 'run-1',
      phase: 2,
      callbackId: 'cb-1',
    });
    expect(refusedWith(answer(incident, { approve: false }))).toMatch(/not waiting/);
    expect(incident.runs['run-1']?.answer).toEqual({ callbackId: 'cb-1', approve: true });
  });
});
