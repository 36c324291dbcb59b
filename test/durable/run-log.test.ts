import type { OperationUpdate } from '@aws/durable-execution-sdk-js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  advance,
  changedSince,
  emptyRun,
  evolve,
  isRunning,
  nextDueAtMs,
  type RunEntry,
  type RunState,
  replayable,
} from '../../src/durable/run-log.ts';
import { callbackIdFor, parseCallbackId } from '../../src/durable/run-operation.ts';

const START_MS = Date.UTC(2026, 0, 5, 14);
const at = (second: number): number => START_MS + second * 1000;
const fold = (...entries: RunEntry[]): RunState => entries.reduce(evolve, emptyRun);
const started: RunEntry = { type: 'started', atMs: at(0), runId: 'r1', workflow: 'fix', input: '{}' };
const invoked: RunEntry = { type: 'invoked', atMs: at(0) };
const checkpointed = (second: number, ...updates: OperationUpdate[]): RunEntry => ({
  type: 'checkpointed',
  atMs: at(second),
  updates,
});
const update = (Id: string, Type: OperationUpdate['Type'], Action: OperationUpdate['Action'], more = {}): OperationUpdate => ({
  Id,
  Type,
  Action,
  ...more,
});
const operation = (state: RunState, id: string) => state.operations.get(id)?.wire;
const statusOf = (state: RunState, id: string) => operation(state, id)?.Status;
const ids = (operations: readonly { readonly wire: { readonly Id: string | undefined } }[]) =>
  operations.map(({ wire }) => wire.Id);

describe('a run', () => {
  test('that was never started does not run', () => expect(isRunning(emptyRun)).toBe(false));
  test('has its input in its first operation', () =>
    expect(replayable(fold(started))[0]?.wire).toMatchObject({
      Type: 'EXECUTION',
      Status: 'STARTED',
      ExecutionDetails: { InputPayload: '{}' },
    }));
  test('counts its invocations', () => expect(fold(started, invoked, invoked).epoch).toBe(2));
  test('ends once: the first outcome stays', () => {
    const ended = (status: 'succeeded'): RunEntry => ({ type: 'ended', atMs: at(1), outcome: { status, result: '1' } });
    const failed: RunEntry = { type: 'ended', atMs: at(2), outcome: { status: 'failed', error: {} } };
    expect(fold(started, invoked, ended('succeeded'), failed).outcome).toEqual({ status: 'succeeded', result: '1' });
  });
  test.each([
    { action: 'SUCCEED', outcome: { status: 'succeeded' } },
    { action: 'FAIL', outcome: { status: 'failed', error: { ErrorMessage: 'no' } } },
  ] as const)('ends by a checkpoint of itself: $action', ({ action, outcome }) => {
    const state = fold(started, invoked, checkpointed(1, update('any', 'EXECUTION', action, { Error: { ErrorMessage: 'no' } })));
    expect(state.outcome).toEqual(outcome);
    expect(state.operations.has('any')).toBe(false);
  });
});

describe('a wait', () => {
  const waiting = fold(started, invoked, checkpointed(1, update('w', 'WAIT', 'START', { WaitOptions: { WaitSeconds: 5 } })));
  test('is due when its seconds are over', () => expect(nextDueAtMs(waiting)).toBe(at(6)));
  test('is not over a moment before', () => expect(statusOf(advance(waiting, at(6) - 1), 'w')).toBe('STARTED'));
  test('is over then, without an entry', () => expect(statusOf(advance(waiting, at(6)), 'w')).toBe('SUCCEEDED'));
  test('ended when it was due, however late that is noticed', () =>
    expect(operation(advance(waiting, at(60)), 'w')?.EndTimestamp).toBe(new Date(at(6)).toISOString()));
  test('stays over when the clock is set back', () =>
    expect(statusOf(advance(advance(waiting, at(6)), at(2)), 'w')).toBe('SUCCEEDED'));
  test('has nothing more due', () => expect(nextDueAtMs(advance(waiting, at(6)))).toBeUndefined());
  test('is news to whom was told before', () => expect(ids(changedSince(advance(waiting, at(6)), waiting.seq))).toEqual(['w']));
  test('is no news to whom was told since', () => {
    const told = evolve(waiting, checkpointed(7, update('s', 'STEP', 'START')));
    expect(ids(changedSince(told, told.seq))).toEqual([]);
    expect(ids(changedSince(told, waiting.seq))).toEqual(['w', 's']);
  });
});

describe('a callback', () => {
  const asked = (options: object) =>
    fold(started, invoked, checkpointed(1, update('c', 'CALLBACK', 'START', { CallbackOptions: options })));
  const answered = (second: number, result = 'yes'): RunEntry => ({
    type: 'callback-completed',
    atMs: at(second),
    operationId: 'c',
    outcome: { ok: true, result },
  });
  test('has an id that leads back to it', () => {
    const id = operation(asked({}), 'c')?.CallbackDetails?.CallbackId ?? '';
    expect(parseCallbackId(id)).toEqual({ runId: 'r1', operationId: 'c' });
  });
  test('that is answered in time has the answer', () =>
    expect(operation(evolve(asked({ TimeoutSeconds: 10 }), answered(10)), 'c')).toMatchObject({
      Status: 'SUCCEEDED',
      CallbackDetails: { Result: 'yes' },
    }));
  test('that is answered at its timeout or after has none', () =>
    expect(statusOf(evolve(asked({ TimeoutSeconds: 10 }), answered(11)), 'c')).toBe('TIMED_OUT'));
  test('that is answered twice keeps the first answer', () => {
    const once = evolve(asked({}), answered(2));
    expect(evolve(once, answered(3, 'no')).operations).toEqual(once.operations);
  });
  test('that is failed has the error', () => {
    const outcome = { ok: false, error: { ErrorMessage: 'declined' } } as const;
    const state = evolve(asked({}), { type: 'callback-completed', atMs: at(2), operationId: 'c', outcome });
    expect(operation(state, 'c')).toMatchObject({ Status: 'FAILED', CallbackDetails: { Error: { ErrorMessage: 'declined' } } });
  });
  test.each([
    { options: {}, due: undefined },
    { options: { TimeoutSeconds: 10 }, due: at(11) },
    { options: { HeartbeatTimeoutSeconds: 4 }, due: at(5) },
    { options: { TimeoutSeconds: 10, HeartbeatTimeoutSeconds: 4 }, due: at(5) },
  ])('with $options times out at $due', ({ options, due }) => expect(nextDueAtMs(asked(options))).toBe(due));
});

describe('a step', () => {
  const retry = update('s', 'STEP', 'RETRY', { StepOptions: { NextAttemptDelaySeconds: 3 }, Error: { ErrorMessage: 'not yet' } });
  const pending = fold(started, invoked, checkpointed(1, update('s', 'STEP', 'START'), retry));
  test('that failed waits for its next attempt', () =>
    expect(operation(pending, 's')).toMatchObject({ Status: 'PENDING', StepDetails: { Attempt: 1 } }));
  test('is ready when its delay is over', () => expect(statusOf(advance(pending, at(4)), 's')).toBe('READY'));
  test('keeps its attempts when it is started again, and counts the last', () => {
    const again = evolve(pending, checkpointed(4, update('s', 'STEP', 'START')));
    expect(operation(again, 's')).toMatchObject({ Status: 'STARTED', StepDetails: { Attempt: 1 } });
    const done = evolve(again, checkpointed(5, update('s', 'STEP', 'SUCCEED', { Payload: '1' })));
    expect(operation(done, 's')).toMatchObject({ Status: 'SUCCEEDED', StepDetails: { Attempt: 2, Result: '1' } });
  });
  test('with an action that nobody knows is refused', () => {
    const odd = update('s', 'STEP', 'PAUSE' as OperationUpdate['Action'], { Name: 'fix' });
    expect(() => evolve(pending, checkpointed(5, odd))).toThrow("Operation 'fix': unknown action PAUSE");
  });
});

describe('a replay', () => {
  const child = (id: string, parent: string, type: OperationUpdate['Type'] = 'STEP') =>
    update(id, type, 'SUCCEED', { ParentId: parent });
  const context = (id: string, ReplayChildren: boolean, ParentId?: string) =>
    update(id, 'CONTEXT', 'SUCCEED', { ContextOptions: { ReplayChildren }, ParentId });
  test('knows the children of an open context', () =>
    expect(ids(replayable(fold(started, checkpointed(1, update('x', 'CONTEXT', 'START'), child('y', 'x')))))).toEqual([
      'execution',
      'x',
      'y',
    ]));
  test('does not know those of a finished one', () =>
    expect(ids(replayable(fold(started, checkpointed(1, context('x', false), child('y', 'x')))))).toEqual(['execution', 'x']));
  test('knows those of a finished one that asked for it', () =>
    expect(ids(replayable(fold(started, checkpointed(1, context('x', true), child('y', 'x')))))).toEqual([
      'execution',
      'x',
      'y',
    ]));
  test('does not know grandchildren through a finished context, whatever their parent asked for', () =>
    expect(
      ids(replayable(fold(started, checkpointed(1, context('x', false), context('y', true, 'x'), child('z', 'y'))))),
    ).toEqual(['execution', 'x']));
});

test('it does not matter how updates are cut into entries', () => {
  const id = fc.constantFrom('a', 'b', 'c');
  const any: fc.Arbitrary<OperationUpdate> = fc.oneof(
    fc
      .tuple(id, fc.constantFrom('START', 'SUCCEED', 'FAIL', 'RETRY'))
      .map(([Id, Action]) => update(Id, 'STEP', Action as 'START', { StepOptions: { NextAttemptDelaySeconds: 2 } })),
    id.map((Id) => update(`w${Id}`, 'WAIT', 'START', { WaitOptions: { WaitSeconds: 3 } })),
  );
  fc.assert(
    fc.property(fc.array(any, { minLength: 1, maxLength: 12 }), fc.nat(12), (updates, cut) => {
      const whole = fold(started, checkpointed(1, ...updates));
      const parts = fold(started, checkpointed(1, ...updates.slice(0, cut)), checkpointed(1, ...updates.slice(cut)));
      expect([...parts.operations].map(([key, { wire, dueAtMs }]) => [key, wire, dueAtMs])).toEqual(
        [...whole.operations].map(([key, { wire, dueAtMs }]) => [key, wire, dueAtMs]),
      );
    }),
  );
});

test('a callback id survives its way through a button, and no other text is taken for one', () => {
  const runId = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
  const operationId = fc.stringMatching(/^[0-9a-f]{1,64}$/);
  fc.assert(
    fc.property(runId, operationId, (run, of) => {
      expect(parseCallbackId(callbackIdFor(run, of))).toEqual({ runId: run, operationId: of });
    }),
  );
  for (const text of ['', '~', 'a', 'a~', '~b', 'a~b~c']) expect(parseCallbackId(text)).toBeUndefined();
});
