/**
 * Lambda's durable execution service on loopback, as far as the functions use it, so that the bundled fix function runs with the
 * SDK's own client: https://docs.aws.amazon.com/lambda/latest/api/API_CheckpointDurableExecution.html and its neighbours. The
 * state is kept by the run log that one machine uses, which passes the same contract as the official local runner.
 */

import type { DurableLambdaHandler } from '@aws/durable-execution-sdk-js';
import type { Context } from 'aws-lambda';
import { createDurableClient, forInvocation, tokenFor } from '../../src/adapters/durable/durable-client.ts';
import type { RunStore } from '../../src/adapters/durable/run-store.ts';
import { isOpenCallback, isRunning, nextDueAtMs, replayable } from '../../src/durable/run-log.ts';
import { parseCallbackId } from '../../src/durable/run-operation.ts';
import type { Clock } from '../../src/ports.ts';
import { serve } from './services.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html: of one invocation, as serverless.yml says. */
const INVOCATION_MS = 300_000;

/** AWS's ids of callbacks are base64; so are these, on the wire. */
const toWire = (callbackId: string): string => Buffer.from(callbackId).toString('base64');
const fromWire = (callbackId: string): string => Buffer.from(callbackId, 'base64').toString();

/** Timestamps are seconds in AWS's REST JSON: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
const wireJson = (value: object): string =>
  JSON.stringify(value, function (key, part) {
    const original = this[key];
    if (original instanceof Date) return original.getTime() / 1_000;
    if (key.endsWith('Timestamp') && typeof part === 'string') return Date.parse(part) / 1_000;
    return key === 'CallbackId' ? toWire(part) : part;
  });

export type LambdaService = Awaited<ReturnType<typeof startLambdaService>>;

export const startLambdaService = async (deps: {
  readonly store: RunStore;
  readonly clock: Clock;
  /** The function's handler. */
  readonly fix: DurableLambdaHandler;
}) => {
  const { store, clock, fix } = deps;
  const client = createDurableClient(store, clock.now);
  const wake = new Map<string, () => void>();
  const ends = new Map<string, Promise<void>>();
  let closed = false;

  /** One invocation. The answer is when the next one is due: never for a run that has ended. */
  const invoke = async (
    runId: string,
  ): Promise<{ readonly ended: true } | { readonly ended: false; readonly dueInMs?: number }> => {
    const state = await store.append(runId, (before) => (isRunning(before) ? { type: 'invoked' } : undefined));
    const Operations = replayable(state).map((operation) => forInvocation(operation, clock.now()));
    const event = { DurableExecutionArn: runId, CheckpointToken: tokenFor(state), InitialExecutionState: { Operations } };
    const context = { awsRequestId: runId, getRemainingTimeInMillis: () => INVOCATION_MS } as Context;
    const output = await fix(JSON.parse(JSON.stringify(event), dates), context);
    if (output.Status === 'PENDING') {
      const now = await store.load(runId);
      const dueAtMs = nextDueAtMs(now);
      if (dueAtMs !== undefined) return { ended: false, dueInMs: Math.max(0, dueAtMs - clock.now()) };
      return { ended: false, ...(![...now.operations.values()].some(({ wire }) => isOpenCallback(wire)) && { dueInMs: 0 }) };
    }
    const outcome =
      output.Status === 'FAILED'
        ? { status: 'failed' as const, error: output.Error ?? {} }
        : { status: 'succeeded' as const, ...(output.Result !== undefined && { result: output.Result }) };
    await store.append(runId, () => ({ type: 'ended', outcome }));
    return { ended: true };
  };

  const drive = async (runId: string): Promise<void> => {
    while (!closed) {
      const woken = new Promise<void>((resolve) => wake.set(runId, resolve));
      const next = await invoke(runId);
      if (next.ended) return;
      let cancel = (): void => undefined;
      const due = new Promise<void>((resolve) => {
        if (next.dueInMs !== undefined) cancel = clock.after(next.dueInMs, resolve);
      });
      await Promise.race([woken, due]);
      cancel();
    }
  };

  const start = async (runId: string, input: string): Promise<void> => {
    const state = await store.append(runId, ({ seq }) =>
      seq === 0 ? { type: 'started', runId, workflow: 'fix', input } : undefined,
    );
    if (isRunning(state) && !ends.has(runId)) ends.set(runId, drive(runId));
  };
  const answer = async (callbackId: string, result: string): Promise<void> => {
    const { runId, operationId } = parseCallbackId(fromWire(callbackId))!;
    await store.append(runId, () => ({ type: 'callback-completed', operationId, outcome: { ok: true, result } }));
    wake.get(runId)?.();
  };

  const server = await serve(async ({ input }, { method, url = '', headers }, body) => {
    const [, what = '', id = '', doing = ''] = url.split('?')[0]!.split('/').slice(1).map(decodeURIComponent);
    switch (`${method} ${what} ${doing}`) {
      case 'POST functions invocations':
        await start(String(headers['x-amz-durable-execution-name']), body);
        return { status: 202, body: '' };
      case 'POST durable-executions checkpoint':
        return { body: wireJson(await client.checkpoint({ DurableExecutionArn: id, ...input } as never)) };
      case 'GET durable-executions state':
        return { body: wireJson(await client.getExecutionState({ DurableExecutionArn: id, CheckpointToken: '' } as never)) };
      case 'POST durable-execution-callbacks succeed':
        await answer(id, body);
        return { body: '' };
      default:
        return { status: 404, body: '{}' };
    }
  });
  return {
    ...server,
    close: async () => {
      closed = true;
      await server.close();
    },
    /** Resolves when the run has ended, with how. */
    ended: async (runId: string) => {
      await ends.get(runId);
      return (await store.load(runId)).outcome;
    },
  };
};

const dates = (key: string, value: unknown): unknown => {
  if (key === 'CallbackId') return toWire(String(value));
  return key.endsWith('Timestamp') && typeof value === 'string' ? new Date(value) : value;
};
