/** Durable runs on AWS: one durable function for each workflow (https://docs.aws.amazon.com/lambda/latest/dg/durable-functions.html). */
import {
  CallbackTimeoutException,
  DurableExecutionAlreadyStartedException,
  type Execution,
  GetDurableExecutionCommand,
  InvokeCommand,
  type LambdaClient,
  ListDurableExecutionsByFunctionCommand,
  ResourceNotFoundException,
  SendDurableExecutionCallbackSuccessCommand,
} from '@aws-sdk/client-lambda';
import { assertRunId } from '../../durable/workflow.ts';
import type { DurableRuns, RunStatus } from '../../ports.ts';

export const createLambdaRuns = (deps: {
  readonly client: Pick<LambdaClient, 'send'>;
  /** By the name of the workflow: the function's ARN with an alias or a version. A run stays on the version it began with. */
  readonly functions: Readonly<Record<string, string>>;
}): DurableRuns => {
  const { client, functions } = deps;

  const start: DurableRuns['start'] = async (runId, workflow, input) => {
    assertRunId(runId);
    const FunctionName = functions[workflow];
    if (FunctionName === undefined) throw new Error(`There is no workflow '${workflow}'`);
    const Payload = new TextEncoder().encode(JSON.stringify(input ?? null));
    const command = new InvokeCommand({ FunctionName, InvocationType: 'Event', DurableExecutionName: runId, Payload });
    try {
      await client.send(command);
    } catch (error) {
      // The name is taken and the input is another one: the first start counts, as it does on one machine.
      if (!(error instanceof DurableExecutionAlreadyStartedException)) throw error;
    }
  };

  const completeCallback: DurableRuns['completeCallback'] = async (CallbackId, result) => {
    if (!CALLBACK_ID.test(CallbackId)) return { accepted: false };
    const Result = new TextEncoder().encode(result);
    try {
      await client.send(new SendDurableExecutionCallbackSuccessCommand({ CallbackId, Result }));
      return { accepted: true };
    } catch (error) {
      if (error instanceof CallbackTimeoutException || error instanceof ResourceNotFoundException) return { accepted: false };
      throw error;
    }
  };

  /** The filter may match a part of a name, and the newest execution of a name is the one that counts. */
  const find = async (runId: string): Promise<Execution | undefined> => {
    for (const FunctionName of Object.values(functions).map(unqualified)) {
      let Marker: string | undefined;
      do {
        const input = { FunctionName, DurableExecutionName: runId, ReverseOrder: true, ...(Marker !== undefined && { Marker }) };
        const page = await client.send(new ListDurableExecutionsByFunctionCommand(input));
        const found = page.DurableExecutions?.find(({ DurableExecutionName }) => DurableExecutionName === runId);
        if (found !== undefined) return found;
        Marker = page.NextMarker;
      } while (Marker !== undefined);
    }
    return undefined;
  };

  const status: DurableRuns['status'] = async (runId): Promise<RunStatus> => {
    const execution = await find(runId);
    if (execution === undefined) return { status: 'unknown' };
    if (execution.Status === 'RUNNING') return { status: 'running' };
    if (execution.Status === 'SUCCEEDED') return { status: 'succeeded' };
    const { Error: reason } = await client.send(
      new GetDurableExecutionCommand({ DurableExecutionArn: execution.DurableExecutionArn }),
    );
    return { status: 'failed', error: reason?.ErrorMessage ?? reason?.ErrorType ?? `it ended as ${execution.Status}` };
  };

  return { start, completeCallback, status };
};

/** https://docs.aws.amazon.com/lambda/latest/api/API_SendDurableExecutionCallbackSuccess.html */
const CALLBACK_ID = /^[A-Za-z0-9+/]{1,1022}={0,2}$/;

/** `arn:aws:lambda:<region>:<account>:function:<name>:<alias>` without the alias, which may have moved on since the run began. */
const unqualified = (functionArn: string): string => functionArn.split(':').slice(0, 7).join(':');
