/** What must be true after a kill, held against the same story without one. */
import { expect } from 'vitest';
import type { FixRun } from '../../../src/incident/state.ts';
import type { CallKill } from './scenario.ts';
import type { Seen } from './story.ts';

/** Read-only diagnostics: they are part of a step that looks, and are simply asked for again. */
const LOOKS = /^ssm:SendCommand/;

export const lastRun = ({ incident }: Seen): FixRun | undefined =>
  Object.values(incident.runs)
    .filter(({ status }) => status !== 'previewed')
    .at(-1);

export const assertWhole = (seen: Seen, whole: Seen): void => {
  expect(seen.seqs).toEqual(Array.from({ length: seen.seqs.length }, (_, index) => index + 1));
  expect(seen.others).toBe(0);
  expect(seen.channels).toEqual(whole.channels);
  expect(seen.members).toEqual(whole.members);
  expect(seen.bookmarks).toEqual(whole.bookmarks);
  expect(seen.pinned).toBe(1);
  expect(Object.entries(seen.marks).filter(([, count]) => count !== 1)).toEqual([]);
  expect(seen.incident.missing).toEqual({});
  for (const type of ['incident-declared', 'channel-created', 'responders-invited'] as const)
    expect(seen.events.filter((event) => event.type === type).length, type).toBe(1);
};

/** The opening left what it leaves without a kill. */
export const assertOpened = (seen: Seen, whole: Seen): void => {
  assertWhole(seen, whole);
  expect(Object.keys(seen.marks).sort()).toEqual(Object.keys(whole.marks).sort());
  expect(checksOf(seen)).toEqual(checksOf(whole));
};
const checksOf = ({ incident }: Seen) => Object.entries(incident.checks).map(([id, { state }]) => [id, state]);

/** True when the outcome of a step could not be known, and is shown so. */
export const assertRan = (seen: Seen, whole: Seen, kill?: CallKill): boolean => {
  assertWhole(seen, whole);
  for (const [change, count] of Object.entries(seen.changes))
    expect(count, change).toBeLessThanOrEqual(LOOKS.test(change) ? 2 : 1);
  const run = lastRun(seen);
  const ofRun = seen.events.filter((event) => 'runId' in event && event.runId === run?.runId);
  for (const type of ['fix-requested', 'fix-run-started', 'fix-run-ended'] as const)
    expect(ofRun.filter((event) => event.type === type).length, type).toBe(1);
  for (const type of ['fix-step-started', 'fix-step-finished'] as const) {
    const steps = ofRun.flatMap((event) => (event.type === type && 'stepId' in event ? [event.stepId] : []));
    expect(steps, type).toEqual([...new Set(steps)]);
  }
  if (run?.status === 'uncertain') {
    // Only where the call never arrived, which nobody can know.
    expect(kill?.moment).toBe('before');
    expect(Object.values(run.steps).filter(({ status }) => status === 'uncertain').length).toBe(1);
    expect(run.ended?.text).toContain(kill?.call.split(':')[1]?.replace('?', ''));
    return true;
  }
  expect(run?.status).toBe('done');
  expect(stepsOf(run)).toEqual(stepsOf(lastRun(whole)));
  expect(countsOf(seen)).toEqual(countsOf(whole));
  expect(seen.world).toEqual(whole.world);
  return false;
};
const stepsOf = (run: FixRun | undefined) => Object.entries(run?.steps ?? {}).map(([id, { status }]) => [id, status]);

const countsOf = ({ changes }: Seen): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const change of Object.keys(changes)) {
    const name = change.split(' ')[0] ?? '';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
};
