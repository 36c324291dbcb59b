import { type DurableLambdaHandler, withDurableExecution } from '@aws/durable-execution-sdk-js';
import type { Workflow } from '../durable/workflow.ts';
import { RUN_FIX } from '../workflow/answer-run.ts';
import type { RunFixInput } from '../workflow/run-fix.ts';
import { createLambdaCore } from './core.ts';
import { once } from './once.ts';

/** The durable function. What it is made of is made inside: it has no part in what is replayed. */
export const createFixFunction = (environment: NodeJS.ProcessEnv): DurableLambdaHandler => {
  const workflow = once(async () => {
    const { workflows } = await createLambdaCore(environment);
    return workflows[RUN_FIX] as Workflow<RunFixInput>;
  });
  return withDurableExecution<RunFixInput>(async (input, context) => (await workflow())(input, context));
};
