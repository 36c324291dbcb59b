import { type DurableContext, StepSemantics } from '@aws/durable-execution-sdk-js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock } from '../../../src/adapters/clock.ts';
import { createRunStore, type RunStore } from '../../../src/adapters/durable/run-store.ts';
import { nextDueAtMs } from '../../../src/durable/run-log.ts';
import { createGate, openTable, startMachine, type TestTable } from './kit.ts';

let table: TestTable;
beforeEach(async () => {
  table = await openTable();
});
afterEach(() => table.close());

const noRetry = { retryStrategy: () => ({ shouldRetry: false }) };

describe('a run', () => {
  test('is started once, however often it is asked for', async () => {
    let plans = 0;
    const { driver } = startMachine(table, { plan: (_: unknown, context) => context.step('plan', async () => ++plans) });
    await Promise.all([driver.start('once', 'plan', {}), driver.start('once', 'plan', {})]);
    await driver.settled();
    await driver.start('once', 'plan', {});
    await driver.settled();
    expect(plans).toBe(1);
    expect(await driver.status('once')).toEqual({ status: 'succeeded' });
  });

  test('says why it failed', async () => {
    const { driver } = startMachine(table, { fail: () => Promise.reject(new Error('the snapshot vanished')) });
    await driver.start('fails', 'fail', {});
    await driver.settled();
    expect(await driver.status('fails')).toEqual({ status: 'failed', error: 'the snapshot vanished' });
  });

  test('that nobody started is unknown', async () => {
    expect(await startMachine(table, {}).driver.status('nobody')).toEqual({ status: 'unknown' });
  });

  test.each(['', 'a b', 'a~b', 'x'.repeat(65)])("is not started under the id '%s'", async (id) => {
    const { driver } = startMachine(table, { plan: async () => 'done' });
    await expect(driver.start(id, 'plan', {})).rejects.toThrow('is no run id');
  });

  test('is not started for a workflow that does not exist', async () => {
    await expect(startMachine(table, {}).driver.start('r', 'nothing', {})).rejects.toThrow("no workflow 'nothing'");
  });

  test('waits by the clock that it was given', async () => {
    const waits = async (_: unknown, context: DurableContext) => {
      await context.wait('settle', { minutes: 2 });
      return 'settled';
    };
    const { driver, clock } = startMachine(table, { waits });
    await driver.start('waits', 'waits', {});
    await driver.settled();
    clock.advance(119_000);
    await driver.settled();
    expect(await driver.status('waits')).toEqual({ status: 'running' });
    clock.advance(1000);
    await driver.settled();
    expect(await driver.status('waits')).toEqual({ status: 'succeeded' });
  });

  test('goes on in one branch while another one works: a timer that rings is heard of with the next checkpoint', async () => {
    const { opened, open } = createGate();
    const working = createGate();
    const both = (_: unknown, context: DurableContext) =>
      context.parallel('both', [
        async (branch) => {
          await branch.step('long', () => {
            working.open();
            return opened;
          });
        },
        async (branch) => {
          await branch.wait('settle', { minutes: 2 });
          await branch.step('after', async () => 'after');
        },
      ]);
    const { driver, clock, store } = startMachine(table, { both });
    await driver.start('both', 'both', {});
    await working.opened;
    await expect.poll(async () => nextDueAtMs(await store.load('both'))).toBe(clock.now() + 120_000);
    clock.advance(120_000);
    open();
    await driver.settled();
    expect(await driver.status('both')).toEqual({ status: 'succeeded' });
    expect((await store.load('both')).epoch).toBe(1);
  });

  test('runs beside others', async () => {
    const { opened, open } = createGate();
    let arrived = 0;
    const meet = (_: unknown, context: DurableContext) =>
      context.step('meet', () => {
        arrived += 1;
        if (arrived === 3) open();
        return opened;
      });
    const { driver } = startMachine(table, { meet });
    await Promise.all(['meet-1', 'meet-2', 'meet-3'].map((id) => driver.start(id, 'meet', {})));
    await driver.settled();
    expect(arrived).toBe(3);
  });
});

describe('a callback', () => {
  const ask = (asked: (callbackId: string) => Promise<void> | void) => ({
    ask: async (_: unknown, context: DurableContext) =>
      context.waitForCallback('approval', async (id) => asked(id), { timeout: { hours: 1 } }),
  });

  test('that is completed before the run waits for it counts', async () => {
    let completed: unknown;
    const machine = startMachine(
      table,
      ask(async (id) => {
        completed = await machine.driver.completeCallback(id, '"yes"');
      }),
    );
    await machine.driver.start('early', 'ask', {});
    await machine.driver.settled();
    expect(completed).toEqual({ accepted: true });
    expect(await machine.outcomeOf('early')).toEqual({ status: 'succeeded', result: JSON.stringify('"yes"') });
  });

  test('that is completed while the run goes to sleep wakes it', async () => {
    let id = '';
    let asleep = false;
    const base = createRunStore({ ...table, clock: createManualClock() });
    const store: RunStore = {
      ...base,
      load: async (runId) => {
        if (id !== '' && !asleep) {
          asleep = true;
          await machine.driver.completeCallback(id, 'yes');
        }
        return base.load(runId);
      },
    };
    const workflows = ask((callbackId) => {
      id = callbackId;
    });
    const machine = startMachine(table, workflows, { store });
    const { driver, errors } = machine;
    await driver.start('asleep', 'ask', {});
    await driver.settled();
    expect({ asleep, errors, status: await driver.status('asleep') }).toEqual({
      asleep: true,
      errors: [],
      status: { status: 'succeeded' },
    });
  });

  test('is accepted once', async () => {
    let id = '';
    const machine = startMachine(
      table,
      ask((callbackId) => {
        id = callbackId;
      }),
    );
    await machine.driver.start('twice', 'ask', {});
    await machine.driver.settled();
    const answers = await Promise.all([machine.driver.completeCallback(id, 'a'), machine.driver.completeCallback(id, 'b')]);
    await machine.driver.settled();
    expect(answers.filter(({ accepted }) => accepted)).toHaveLength(1);
    expect(await machine.driver.status('twice')).toEqual({ status: 'succeeded' });
    expect(await machine.driver.completeCallback(id, 'c')).toEqual({ accepted: false });
  });

  test('that timed out is not accepted', async () => {
    let id = '';
    const machine = startMachine(
      table,
      ask((callbackId) => {
        id = callbackId;
      }),
    );
    await machine.driver.start('late', 'ask', {});
    await machine.driver.settled();
    machine.clock.advance(3_600_000);
    expect(await machine.driver.completeCallback(id, 'late')).toEqual({ accepted: false });
    await machine.driver.settled();
    expect(await machine.driver.status('late')).toMatchObject({ status: 'failed' });
  });

  test.each(['', 'nonsense', 'a~b', 'a~b~c'])("that never was ('%s') is not accepted", async (id) => {
    expect(await startMachine(table, {}).driver.completeCallback(id, 'x')).toEqual({ accepted: false });
  });
});

describe('after a stop', () => {
  test('a run goes on where it was, and what was done is not done again', async () => {
    const done: string[] = [];
    const work = async (_: unknown, context: DurableContext) => {
      await context.step('one', async () => done.push('one'));
      await context.wait('settle', { minutes: 1 });
      await context.step('two', async () => done.push('two'));
    };
    const first = startMachine(table, { work });
    await first.driver.start('resumed', 'work', {});
    await first.driver.settled();
    await first.driver.close();
    first.clock.advance(60_000);
    expect(done).toEqual(['one']);

    const second = startMachine(table, { work }, { clock: createManualClock(first.clock.now()) });
    expect(await second.driver.resume()).toContain('resumed');
    await second.driver.settled();
    expect(done).toEqual(['one', 'two']);
    expect(await second.store.openRuns()).not.toContain('resumed');
  });

  test('nothing is started any more, and nothing is lost', async () => {
    const first = startMachine(table, { work: async () => 'done' });
    await first.driver.close();
    await first.driver.start('closed', 'work', {});
    await first.driver.settled();
    expect(await first.driver.status('closed')).toEqual({ status: 'running' });
    const second = startMachine(table, { work: async () => 'done' });
    await second.driver.resume();
    await second.driver.settled();
    expect(await second.driver.status('closed')).toEqual({ status: 'succeeded' });
  });
});

describe('two drivers on one run', () => {
  test('run an at-most-once step once: the one that is replaced may not write any more', async () => {
    const before = createGate();
    const reached = createGate();
    let mutations = 0;
    let lives = 0;
    const work = async (_: unknown, context: DurableContext) => {
      const life = ++lives;
      await context.step('before', async () => {
        if (life > 1) return;
        reached.open();
        await before.opened;
      });
      await context.step('mutate', async () => ++mutations, { ...noRetry, semantics: StepSemantics.AtMostOncePerRetry });
    };
    const ends: string[] = [];
    const a = startMachine(table, { work }, { onEnd: () => ends.push('a') });
    const b = startMachine(table, { work }, { onEnd: () => ends.push('b') });
    await a.driver.start('fenced', 'work', {});
    await reached.opened;
    await b.driver.resume();
    await b.driver.settled();
    before.open();
    await a.driver.settled();
    expect({ mutations, ends, errors: a.errors }).toEqual({ mutations: 1, ends: ['b'], errors: [] });
  });

  test('do not take a waiting run from each other when its time has come', async () => {
    const work = async (_: unknown, context: DurableContext) => {
      await context.wait('settle', { minutes: 1 });
    };
    const a = startMachine(table, { work });
    const b = startMachine(table, { work }, { clock: a.clock });
    await a.driver.start('shared', 'work', {});
    await a.driver.settled();
    await b.driver.resume();
    await b.driver.settled();
    a.clock.advance(60_000);
    await Promise.all([a.driver.settled(), b.driver.settled()]);
    expect((await b.store.load('shared')).epoch).toBe(3);
    expect(await b.driver.status('shared')).toEqual({ status: 'succeeded' });
  });
});

describe('an invocation that fails for a reason of the machine', () => {
  test('is made again, later and later, until it succeeds', async () => {
    let broken = 2;
    const machine = startMachine(table, { work: (_: unknown, context) => context.step('one', async () => 'done') });
    const put = table.client.send.bind(table.client);
    const flaky = Object.assign(Object.create(table.client), {
      send: (command: { input: { Item?: { entry?: { type: string } } } }) =>
        command.input.Item?.entry?.type === 'checkpointed' && broken-- > 0
          ? Promise.reject(new Error('socket hang up'))
          : put(command as never),
    });
    const { driver, clock, errors } = startMachine(
      { client: flaky, tableName: table.tableName },
      { work: (_: unknown, context) => context.step('one', async () => 'done') },
      { clock: machine.clock },
    );
    await driver.start('flaky', 'work', {});
    await driver.settled();
    clock.advance(1000);
    await driver.settled();
    expect(await driver.status('flaky')).toEqual({ status: 'running' });
    clock.advance(2000);
    await driver.settled();
    expect(errors).toHaveLength(2);
    expect(await driver.status('flaky')).toEqual({ status: 'succeeded' });
  });

  test('is given up in the end: the run has failed, is listed, and somebody is told', async () => {
    const clock = createManualClock();
    const old = startMachine(table, { old: (_: unknown, context) => context.wait({ minutes: 1 }) }, { clock });
    await old.driver.start('dead', 'old', {});
    await old.driver.settled();
    await old.driver.close();
    const { driver, dead, errors, store } = startMachine(table, {}, { clock });
    await driver.resume();
    for (let minute = 0; minute < 60; minute++) {
      await driver.settled();
      clock.advance(60_000);
    }
    expect(errors).toHaveLength(10);
    expect(dead).toEqual([expect.stringContaining("There is no workflow 'old' any more")]);
    expect(await driver.status('dead')).toEqual({ status: 'failed', error: dead[0] });
    expect(await store.deadRuns()).toEqual([expect.objectContaining({ runId: 'dead', reason: dead[0] })]);
    expect(await store.openRuns()).not.toContain('dead');
  });
});

test('a clock that is set back does not cut a wait short', async () => {
  const work = async (_: unknown, context: DurableContext) => {
    await context.step('one', async () => 'one');
    await context.wait('settle', { minutes: 5 });
  };
  const ahead = createManualClock(Date.UTC(2026, 0, 5, 15));
  const first = startMachine(table, { work }, { clock: ahead });
  await first.driver.start('set-back', 'work', {});
  await first.driver.settled();
  await first.driver.close();
  const second = startMachine(table, { work }, { clock: createManualClock(Date.UTC(2026, 0, 5, 14)) });
  await second.driver.resume();
  await second.driver.settled();
  second.clock.advance(3_600_000 + 299_000);
  await second.driver.settled();
  expect(await second.driver.status('set-back')).toEqual({ status: 'running' });
  second.clock.advance(1000);
  await second.driver.settled();
  expect(await second.driver.status('set-back')).toEqual({ status: 'succeeded' });
});
