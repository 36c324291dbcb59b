/** A durable workflow is a plain function; the same one runs on Lambda and on one machine. */
import type { DurableContext } from '@aws/durable-execution-sdk-js';

/**
 * May be run again from its start at any time: everything that is not deterministic belongs into a named step of
 * `context` (https://docs.aws.amazon.com/lambda/latest/dg/durable-best-practices.html).
 */
export type Workflow<Input = never> = (input: Input, context: DurableContext) => Promise<unknown>;

/** By name, as `DurableRuns.start` takes it. */
export type Workflows = Readonly<Record<string, Workflow>>;

/**
 * A run's id is the execution's name on Lambda, and follows its rule everywhere
 * (`DurableExecutionName`, https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html).
 */
const RUN_ID = /^[A-Za-z0-9_-]{1,64}$/;

export const assertRunId = (runId: string): void => {
  if (!RUN_ID.test(runId)) throw new RangeError(`'${runId}' is no run id: 1 to 64 letters, digits, dashes and underscores`);
};
