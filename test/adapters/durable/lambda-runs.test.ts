import {
  CallbackTimeoutException,
  DurableExecutionAlreadyStartedException,
  type LambdaClient,
  ResourceNotFoundException,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda';
import { describe, expect, test } from 'vitest';
import { createLambdaRuns } from '../../../src/adapters/durable/lambda-runs.ts';

const FIX = 'arn:aws:lambda:eu-west-1:123456789012:function:firebreak-fix:live';
const WATCH = 'arn:aws:lambda:eu-west-1:123456789012:function:firebreak-watch:live';

type Command = { readonly constructor: { readonly name: string }; readonly input: Record<string, unknown> };

/** Notes the calls; `answers` gives, by the command's name, what Lambda says. */
const open = (answers: Readonly<Record<string, (input: Record<string, unknown>) => unknown>> = {}) => {
  const calls: [string, Record<string, unknown>][] = [];
  const send = async ({ constructor: { name }, input }: Command) => {
    calls.push([name, input]);
    return answers[name]?.(input) ?? {};
  };
  const client = { send } as unknown as Pick<LambdaClient, 'send'>;
  return { calls, runs: createLambdaRuns({ client, functions: { fix: FIX, watch: WATCH } }) };
};
const throws = (error: Error) => () => {
  throw error;
};
const text = (bytes: unknown): string => new TextDecoder().decode(bytes as Uint8Array);
const fault = { message: 'no', $metadata: {} };

describe('starting', () => {
  test('invokes the alias of the workflow without waiting, under the name of the run', async () => {
    const { runs, calls } = open();
    await runs.start('fix-7-1', 'fix', { incident: 7 });
    const [[name, input] = ['', {}]] = calls;
    expect(name).toBe('InvokeCommand');
    expect(input).toMatchObject({ FunctionName: FIX, InvocationType: 'Event', DurableExecutionName: 'fix-7-1' });
    expect(text(input['Payload'])).toBe('{"incident":7}');
  });
  test('a run that is there is no error', async () => {
    const { runs } = open({ InvokeCommand: throws(new DurableExecutionAlreadyStartedException(fault)) });
    await expect(runs.start('fix-7-1', 'fix', {})).resolves.toBeUndefined();
  });
  test('what Lambda refuses is one', async () => {
    const { runs } = open({ InvokeCommand: throws(new TooManyRequestsException(fault)) });
    await expect(runs.start('fix-7-1', 'fix', {})).rejects.toBeInstanceOf(TooManyRequestsException);
  });
  test.each([
    { id: 'fix 7', workflow: 'fix', message: 'is no run id' },
    { id: 'fix-7', workflow: 'nothing', message: "no workflow 'nothing'" },
  ])("'$id' of '$workflow' is not sent", async ({ id, workflow, message }) => {
    const { runs, calls } = open();
    await expect(runs.start(id, workflow, {})).rejects.toThrow(message);
    expect(calls).toEqual([]);
  });
});

describe('completing a callback', () => {
  const SEND = 'SendDurableExecutionCallbackSuccessCommand';
  test('sends the answer as it is', async () => {
    const { runs, calls } = open();
    expect(await runs.completeCallback('QUJD', '{"by":"Ana"}')).toEqual({ accepted: true });
    const [[name, input] = ['', {}]] = calls;
    expect([name, input['CallbackId'], text(input['Result'])]).toEqual([SEND, 'QUJD', '{"by":"Ana"}']);
  });
  test.each([new CallbackTimeoutException(fault), new ResourceNotFoundException(fault)])(
    'that is over or gone is not accepted: $name',
    async (error) => {
      const { runs } = open({ [SEND]: throws(error) });
      expect(await runs.completeCallback('QUJD', 'x')).toEqual({ accepted: false });
    },
  );
  test.each(['', 'run~op', 'a b'])("that Lambda could not have given out ('%s') is not accepted", async (id) => {
    const { runs, calls } = open();
    expect(await runs.completeCallback(id, 'x')).toEqual({ accepted: false });
    expect(calls).toEqual([]);
  });
  test('that Lambda throttles is an error', async () => {
    const { runs } = open({ [SEND]: throws(new TooManyRequestsException(fault)) });
    await expect(runs.completeCallback('QUJD', 'x')).rejects.toBeInstanceOf(TooManyRequestsException);
  });
});

describe('the status', () => {
  const LIST = 'ListDurableExecutionsByFunctionCommand';
  const listed = (Status: string) => ({
    [LIST]: ({ FunctionName, Marker }: Record<string, unknown>) => {
      if (!String(FunctionName).endsWith(':firebreak-watch')) return { DurableExecutions: [] };
      const other = { DurableExecutionName: 'watch-70', DurableExecutionArn: 'other', Status: 'RUNNING' };
      if (Marker === undefined) return { DurableExecutions: [other], NextMarker: 'more' };
      return { DurableExecutions: [{ DurableExecutionName: 'watch-7', DurableExecutionArn: 'arn', Status }] };
    },
  });
  test.each([
    { lambda: 'RUNNING', status: { status: 'running' } },
    { lambda: 'SUCCEEDED', status: { status: 'succeeded' } },
    { lambda: 'TIMED_OUT', status: { status: 'failed', error: 'it ended as TIMED_OUT' } },
    { lambda: 'STOPPED', status: { status: 'failed', error: 'it ended as STOPPED' } },
  ])('of an execution that is $lambda', async ({ lambda, status }) => {
    expect(await open(listed(lambda)).runs.status('watch-7')).toEqual(status);
  });
  test('of one that failed says why', async () => {
    const { runs } = open({
      ...listed('FAILED'),
      GetDurableExecutionCommand: ({ DurableExecutionArn }) =>
        DurableExecutionArn === 'arn' ? { Error: { ErrorMessage: 'the snapshot vanished' } } : {},
    });
    expect(await runs.status('watch-7')).toEqual({ status: 'failed', error: 'the snapshot vanished' });
  });
  test('of one that nobody started is unknown', async () => {
    expect(await open().runs.status('watch-8')).toEqual({ status: 'unknown' });
  });
});
