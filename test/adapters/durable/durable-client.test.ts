import type { OperationUpdate } from '@aws/durable-execution-sdk-js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock } from '../../../src/adapters/clock.ts';
import { createDurableClient, forInvocation, tokenFor } from '../../../src/adapters/durable/durable-client.ts';
import { createRunStore } from '../../../src/adapters/durable/run-store.ts';
import { openTable, type TestTable } from './kit.ts';

let table: TestTable;
beforeEach(async () => {
  table = await openTable();
});
afterEach(() => table.close());

const open = async () => {
  const clock = createManualClock();
  const store = createRunStore({ ...table, clock });
  await store.append('r1', () => ({ type: 'started', runId: 'r1', workflow: 'fix', input: '{}' }));
  const state = await store.append('r1', () => ({ type: 'invoked' }));
  const client = createDurableClient(store, clock.now);
  const checkpoint = (token: string, ...Updates: OperationUpdate[]) =>
    client.checkpoint({ DurableExecutionArn: 'r1', CheckpointToken: token, Updates });
  return { clock, store, checkpoint, token: tokenFor(state) };
};

const succeed = (Id: string, Payload: string): OperationUpdate => ({ Id, Name: Id, Type: 'STEP', Action: 'SUCCEED', Payload });
const wait: OperationUpdate = { Id: 'w', Type: 'WAIT', Action: 'START', WaitOptions: { WaitSeconds: 60 } };

test('an answer tells what has changed, and the next token what was told', async () => {
  const { checkpoint, token } = await open();
  const first = await checkpoint(token, succeed('a', '1'));
  expect(first.NewExecutionState?.Operations).toEqual([expect.objectContaining({ Id: 'a', Status: 'SUCCEEDED' })]);
  const second = await checkpoint(first.CheckpointToken ?? '', succeed('b', '2'));
  expect(second.NewExecutionState?.Operations?.map(({ Id }) => Id)).toEqual(['b']);
});

test('a checkpoint without updates writes nothing and tells of timers that have rung', async () => {
  const { checkpoint, token, clock, store } = await open();
  const { CheckpointToken = '' } = await checkpoint(token, wait);
  const { seq } = await store.load('r1');
  expect((await checkpoint(CheckpointToken)).NewExecutionState?.Operations).toEqual([]);
  clock.advance(60_000);
  const told = await checkpoint(CheckpointToken);
  expect(told.NewExecutionState?.Operations).toEqual([expect.objectContaining({ Id: 'w', Status: 'SUCCEEDED' })]);
  expect((await store.load('r1')).seq).toBe(seq);
});

test('a batch larger than an item is stored in pieces, in its order', async () => {
  const { checkpoint, token, store } = await open();
  const before = (await store.load('r1')).seq;
  const large = JSON.stringify('x'.repeat(200_000));
  const answer = await checkpoint(token, ...['a', 'b', 'c'].map((id) => succeed(id, large)));
  expect(answer.NewExecutionState?.Operations?.map(({ Id }) => Id)).toEqual(['a', 'b', 'c']);
  expect((await store.load('r1')).seq).toBe(before + 3);
});

test.each([
  {
    what: 'an invocation that was replaced',
    scope: 'INVOCATION',
    message: 'invocation 1 was replaced by invocation 2',
    replace: true,
  },
  { what: 'a run that has ended', scope: 'EXECUTION', message: 'Run r1 has ended', end: true },
  { what: 'a token that is none', scope: 'EXECUTION', message: 'without its run or its token', token: 'x' },
])('$what may not write', async ({ scope, message, replace, end, token: odd }) => {
  const { checkpoint, token, store } = await open();
  if (replace) await store.append('r1', () => ({ type: 'invoked' }));
  if (end) await store.append('r1', () => ({ type: 'ended', outcome: { status: 'succeeded' } }));
  const { seq } = await store.load('r1');
  for (const updates of [[succeed('a', '1')], []]) {
    const error = await checkpoint(odd ?? token, ...updates).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ scope, message: expect.stringContaining(message) });
  }
  expect((await store.load('r1')).seq).toBe(seq);
});

test.each([
  {
    what: 'an invocation of another function',
    update: { Id: 'i', Type: 'CHAINED_INVOKE', Action: 'START' },
    message: 'needs AWS',
  },
  { what: 'a result that is too large', update: succeed('a', 'x'.repeat(262_145)), message: "'a' has 262" },
  {
    what: 'an error that is too large',
    update: { Id: 'a', Type: 'STEP', Action: 'FAIL', Error: { ErrorMessage: 'x'.repeat(262_145) } },
    message: "'a' has 262",
  },
] as { what: string; update: OperationUpdate; message: string }[])('$what ends the run', async ({ update, message }) => {
  const { checkpoint, token } = await open();
  await expect(checkpoint(token, update)).rejects.toMatchObject({
    scope: 'EXECUTION',
    message: expect.stringContaining(message),
  });
});

describe('what an invocation sees of a timer', () => {
  const soon = (dueInMs: number) => {
    const wire = { Id: 'w', Type: 'WAIT', Status: 'STARTED', StartTimestamp: undefined } as const;
    const before = Date.now();
    const seen = forInvocation({ wire, dueAtMs: dueInMs, changedAtSeq: 1 }, 0).WaitDetails?.ScheduledEndTimestamp;
    return Number(seen) - before;
  };
  test('is by the wall: a long wait is looked at within a second', () => {
    expect(soon(3_600_000)).toBeGreaterThanOrEqual(1000);
    expect(soon(3_600_000)).toBeLessThan(2000);
  });
  test('is at once when it is due', () => expect(soon(-5000)).toBeLessThan(1000));
});

test('an entry whose answer was lost is not written twice', async () => {
  const clock = createManualClock();
  const send = table.client.send.bind(table.client) as (command: object) => Promise<unknown>;
  let lost = 0;
  /** The first answer to a conditional put is lost, and the SDK sends it again. */
  const losing = Object.assign(Object.create(table.client), {
    send: async (command: { readonly input: { readonly ConditionExpression?: string } }) => {
      if (command.input.ConditionExpression !== undefined && lost++ === 0) await send(command);
      return send(command);
    },
  });
  const store = createRunStore({ client: losing, tableName: table.tableName, clock });
  const state = await store.append('r1', () => ({ type: 'started', runId: 'r1', workflow: 'fix', input: '{}' }));
  expect(lost).toBe(1);
  expect(state.seq).toBe(1);
  expect((await createRunStore({ ...table, clock }).load('r1')).seq).toBe(1);
});
