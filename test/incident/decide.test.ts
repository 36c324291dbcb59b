import { describe, expect, test } from 'vitest';
import type { IncidentCommand } from '../../src/incident/commands.ts';
import type { IncidentEvent } from '../../src/incident/events.ts';
import { KEPT_MAX } from '../../src/incident/state.ts';
import { given, previewed, refusedWith, when } from '../kit.ts';

const resolved: IncidentEvent = { type: 'status-changed', v: 1, from: 'investigating', to: 'resolved', reason: 'over' };
const ana = { type: 'role-taken', v: 1, role: 'commander', userId: 'U0ANA' } as const;

describe('what a command makes happen', () => {
  test.each<{ name: string; before: IncidentEvent[]; command: IncidentCommand; happens: IncidentEvent[] }>([
    {
      name: 'a role that is free is taken',
      before: [],
      command: { do: 'take-role', role: 'commander', userId: 'U0BEN' },
      happens: [{ type: 'role-taken', v: 1, role: 'commander', userId: 'U0BEN' }],
    },
    {
      name: 'a role that is held is handed over, and says from whom',
      before: [ana],
      command: { do: 'take-role', role: 'commander', userId: 'U0BEN' },
      happens: [{ type: 'role-taken', v: 1, role: 'commander', userId: 'U0BEN', from: 'U0ANA' }],
    },
    {
      name: 'severity changes with its reason',
      before: [],
      command: { do: 'change-severity', to: 'sev1', reason: 'all users' },
      happens: [{ type: 'severity-changed', v: 1, from: 'sev2', to: 'sev1', reason: 'all users' }],
    },
    {
      name: 'a resolved incident is reopened by its status',
      before: [resolved],
      command: { do: 'change-status', to: 'investigating', reason: 'it is back' },
      happens: [{ type: 'status-changed', v: 1, from: 'resolved', to: 'investigating', reason: 'it is back' }],
    },
    {
      name: 'an attempt is recorded with its result',
      before: [],
      command: { do: 'record-attempt', what: 'restarted nginx', result: 'still 502' },
      happens: [{ type: 'attempt-recorded', v: 1, what: 'restarted nginx', result: 'still 502' }],
    },
    {
      name: 'an attempt without a result may get one later',
      before: [{ type: 'attempt-recorded', v: 1, what: 'Restarted nginx.' }],
      command: { do: 'record-attempt', what: 'restarted nginx', result: 'still 502' },
      happens: [{ type: 'attempt-recorded', v: 1, what: 'restarted nginx', result: 'still 502' }],
    },
    {
      name: 'a repeat is recorded when it is asked for as one',
      before: [{ type: 'attempt-recorded', v: 1, what: 'restarted nginx', result: 'still 502' }],
      command: { do: 'record-attempt', what: 'restarted nginx', again: true },
      happens: [{ type: 'attempt-recorded', v: 1, what: 'restarted nginx' }],
    },
  ])('$name', ({ before, command, happens }) => {
    expect(when(given(...before), command)).toEqual(happens);
  });
});

describe('what is refused, and why', () => {
  test.each<{ name: string; before: IncidentEvent[]; command: IncidentCommand; says: RegExp }>([
    {
      name: 'the role is yours already',
      before: [ana],
      command: { do: 'take-role', role: 'commander', userId: 'U0ANA' },
      says: /holds the role already/,
    },
    {
      name: 'somebody was faster than an old button',
      before: [ana],
      command: { do: 'take-role', role: 'commander', userId: 'U0BEN', ifFree: true },
      says: /<@U0ANA> was faster/,
    },
    { name: 'nobody holds it', before: [], command: { do: 'release-role', role: 'scribe' }, says: /Nobody holds/ },
    { name: 'the same severity', before: [], command: { do: 'change-severity', to: 'sev2', reason: 'x' }, says: /already SEV2/ },
    {
      name: 'anything on a resolved incident',
      before: [resolved],
      command: { do: 'change-severity', to: 'sev1', reason: 'x' },
      says: /resolved\. Reopen it first/,
    },
    {
      name: 'an item that the checklist does not have',
      before: [],
      command: { do: 'claim-check', checkId: 'moon' },
      says: /no item "moon"/,
    },
    {
      name: 'a repeat, with who, when and the result',
      before: [{ type: 'attempt-recorded', v: 1, what: 'restarted nginx', result: 'still 502' }],
      command: { do: 'record-attempt', what: 'Restarted  NGINX!' },
      says: /Tried already by <@U0ANA> at 14:00 UTC; result: still 502/,
    },
    {
      name: 'trying what a probe has answered',
      before: [
        {
          type: 'check-finished',
          v: 1,
          checkId: 'security-groups',
          verdict: 'pass',
          because: 'The whole path is open.',
          evidence: [],
          suggests: [],
          tookMs: 1,
        },
      ],
      command: { do: 'record-attempt', what: 'look at the security groups' },
      says: /Checked already by <@U0ANA> at 14:00 UTC: Security groups pass\. The whole path is open\./,
    },
    {
      name: 'resolving while a fix runs',
      before: [previewed(), { type: 'fix-requested', v: 1, runId: 'run-1', acknowledged: [] }],
      command: { do: 'change-status', to: 'resolved', reason: 'x' },
      says: /still running/,
    },
    {
      name: 'freezing twice',
      before: [{ type: 'fixes-frozen', v: 1, reason: 'wait' }],
      command: { do: 'freeze', reason: 'x' },
      says: /frozen already: wait/,
    },
    {
      name: 'stopping what does not run',
      before: [previewed()],
      command: { do: 'stop-fix', runId: 'run-1' },
      says: /no such run/,
    },
    { name: 'a task that is not there', before: [], command: { do: 'finish-task', taskId: 't9' }, says: /no task t9/ },
  ])('$name', ({ before, command, says }) => {
    expect(refusedWith(when(given(...before), command))).toMatch(says);
  });
});

test('a task has a number of its own, however many there were', () => {
  const added = (nth: number): IncidentEvent => ({ type: 'task-added', v: 1, taskId: `t${nth}`, text: 'x' });
  const many = Array.from({ length: KEPT_MAX.tasks + 2 }, (_, index) => added(index + 1));
  expect(when(given(...many), { do: 'add-task', text: 'one more' })).toMatchObject([{ taskId: `t${KEPT_MAX.tasks + 3}` }]);
  expect(when(given(), { do: 'add-task', text: 'the first' })).toMatchObject([{ taskId: 't1' }]);
});
