import { afterAll, beforeAll } from 'vitest';
import { nextDueAtMs, type RunState } from '../../../src/durable/run-log.ts';
import { type Answer, type DurableHome, describeDurableHome, type End } from '../../contract/durable.ts';
import { createGate, type Machine, openTable, startMachine, type TestTable } from './kit.ts';

let table: TestTable;
let runs = 0;
beforeAll(async () => {
  table = await openTable();
});
afterAll(() => table.close());

/** Answers what waits for an answer, and else lets time pass until the next thing is due. */
const toEnd = async (
  { driver, store, clock }: Machine,
  runId: string,
  answers: Readonly<Record<string, Answer>>,
): Promise<End> => {
  for (;;) {
    await driver.settled();
    const state = await store.load(runId);
    if (state.outcome?.status === 'failed') return { status: 'failed', error: state.outcome.error.ErrorMessage };
    if (state.outcome !== undefined) {
      return { status: 'succeeded', result: state.outcome.result === undefined ? undefined : JSON.parse(state.outcome.result) };
    }
    if (await answered(state, driver, answers)) continue;
    const due = nextDueAtMs(state);
    if (due === undefined) throw new Error('The run waits for nothing that will come');
    clock.advance(due - clock.now());
  }
};

const answered = async (
  state: RunState,
  driver: Machine['driver'],
  answers: Readonly<Record<string, Answer>>,
): Promise<boolean> => {
  for (const { wire } of state.operations.values()) {
    const name = wire.ParentId === undefined ? wire.Name : state.operations.get(wire.ParentId)?.wire.Name;
    const answer = wire.Type === 'CALLBACK' ? answers[name ?? ''] : undefined;
    if (answer === undefined) continue;
    const outcome = answer.ok ? answer : ({ ok: false, error: { ErrorMessage: answer.message } } as const);
    if ((await driver.answerCallback(wire.CallbackDetails?.CallbackId ?? '', outcome)).accepted) return true;
  }
  return false;
};

const openHome = (): DurableHome => ({
  run: async (workflow, input, answers = {}) => {
    const runId = `run-${++runs}`;
    const machine = startMachine(table, { workflow });
    await machine.driver.start(runId, 'workflow', input ?? {});
    return toEnd(machine, runId, answers);
  },
  runAndDie: async (workflow) => {
    const runId = `run-${++runs}`;
    const died = createGate();
    const die = () => {
      died.open();
      return new Promise<never>(() => {}); // what a killed process says
    };
    const first = startMachine(table, { workflow: workflow(die) });
    await first.driver.start(runId, 'workflow', {});
    await died.opened;
    const second = startMachine(table, { workflow: workflow(die) });
    await second.driver.resume();
    return toEnd(second, runId, {});
  },
});

describeDurableHome('the driver on the table', openHome);
