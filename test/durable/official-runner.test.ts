import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { LocalDurableTestRunner, WaitingOperationStatus } from '@aws/durable-execution-sdk-js-testing';
import { afterAll, beforeAll } from 'vitest';
import type { Workflow } from '../../src/durable/workflow.ts';
import { type Answer, type DurableHome, describeDurableHome } from '../contract/durable.ts';

beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }));
afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

const answer = async (runner: LocalDurableTestRunner, name: string, given: Answer): Promise<void> => {
  const operation = await runner.getOperation(name).waitForData(WaitingOperationStatus.SUBMITTED);
  if (given.ok) await operation.sendCallbackSuccess(given.result);
  else await operation.sendCallbackFailure({ ErrorMessage: given.message });
};

const openHome = (): DurableHome => ({
  run: async (workflow, input, answers = {}) => {
    const runner = new LocalDurableTestRunner({ handlerFunction: withDurableExecution(workflow as Workflow<unknown>) });
    const answering = Object.entries(answers).map(([name, given]) => answer(runner, name, given));
    const execution = await runner.run({ payload: input ?? {} });
    await Promise.all(answering);
    return execution.getStatus() === 'SUCCEEDED'
      ? { status: 'succeeded', result: execution.getResult() }
      : { status: 'failed', error: execution.getError().errorMessage };
  },
});

describeDurableHome('the official local runner', openHome);
