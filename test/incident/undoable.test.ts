import { expect, test } from 'vitest';
import type { IncidentEvent, RunOutcome } from '../../src/incident/events.ts';
import { canUndo, lastUndoable } from '../../src/incident/undoable.ts';
import { given, previewed, step } from '../kit.ts';

const detach = step('detach', { undo: { title: 'attach again' } });
const terminate = step('terminate', { phase: 2, undo: 'irreversible' });
const shown = previewed({ plan: { steps: [detach, terminate] } });
const began = (stepId: string): IncidentEvent => ({ type: 'fix-step-started', v: 1, runId: 'run-1', stepId });
const came = (stepId: string, outcome: 'done' | 'failed' | 'uncertain'): IncidentEvent => ({
  type: 'fix-step-finished',
  v: 1,
  runId: 'run-1',
  stepId,
  outcome,
  found: '',
  seen: {},
});
const over = (outcome: RunOutcome): IncidentEvent => ({
  type: 'fix-run-ended',
  v: 1,
  runId: 'run-1',
  outcome,
  text: '',
  remains: [],
});
const asked: IncidentEvent = {
  type: 'fix-approval-asked',
  v: 1,
  runId: 'run-1',
  phase: 2,
  callbackId: 'cb',
  expiresAt: '2026-01-05T15:00:00.000Z',
  who: 'another-person',
};

test.each<{ name: string; happened: IncidentEvent[]; can: boolean }>([
  { name: 'nothing was done', happened: [over('refused')], can: false },
  { name: 'it still acts', happened: [began('detach')], can: false },
  {
    name: 'it was stopped after what can be undone',
    happened: [began('detach'), came('detach', 'done'), over('stopped')],
    can: true,
  },
  { name: 'it waits for the approval of the ending', happened: [began('detach'), came('detach', 'done'), asked], can: true },
  {
    name: 'the ending has happened',
    happened: [began('detach'), came('detach', 'done'), began('terminate'), came('terminate', 'done'), over('done')],
    can: false,
  },
  {
    name: 'whether the ending has happened is not known',
    happened: [began('detach'), came('detach', 'done'), began('terminate'), came('terminate', 'uncertain'), over('uncertain')],
    can: true,
  },
])('$name: undo $can', ({ happened, can }) => {
  const incident = given(shown, ...happened);
  expect(canUndo(incident.runs['run-1']!)).toBe(can);
  expect(lastUndoable(incident)?.runId).toBe(can ? 'run-1' : undefined);
});

test('what was undone is not undone again, and an undo never', () => {
  const done = [began('detach'), came('detach', 'done'), over('stopped')];
  const undo: IncidentEvent[] = [
    previewed({ runId: 'run-u', undoOf: 'run-1', plan: { kind: 'undo' } }),
    { type: 'fix-run-ended', v: 1, runId: 'run-u', outcome: 'done', text: '', remains: [] },
  ];
  const incident = given(shown, ...done, ...undo);
  expect(Object.values(incident.runs).map(canUndo)).toEqual([false, false]);
});
