/**
 * What a workflow may rely on, wherever it runs. The official local runner and the driver on our table pass the same suite: a
 * backend's duties are not documented, so the runner is the authority.
 */
import {
  CallbackError,
  type DurableContext,
  DurableOperationError,
  StepError,
  StepSemantics,
} from '@aws/durable-execution-sdk-js';
import { describe, expect, test } from 'vitest';
import type { Workflow } from '../../src/durable/workflow.ts';

export type Answer = { readonly ok: true; readonly result: string } | { readonly ok: false; readonly message: string };

export type End =
  | { readonly status: 'succeeded'; readonly result: unknown }
  | { readonly status: 'failed'; readonly error: string | undefined };

export type DurableHome = {
  /** Runs a workflow to its end, time passing as fast as it can, and answers its callbacks by name. */
  readonly run: (workflow: Workflow<never>, input?: unknown, answers?: Readonly<Record<string, Answer>>) => Promise<End>;
  /** As `run`, but the machine dies as soon as the workflow calls `die`, and another one goes on. Nothing: it cannot be killed. */
  readonly runAndDie?: (workflow: (die: () => Promise<never>) => Workflow<never>) => Promise<End>;
};

const noRetry = { retryStrategy: () => ({ shouldRetry: false }) };
const everySecond = { retryStrategy: (_error: Error, attempt: number) => ({ shouldRetry: attempt < 3, delay: { seconds: 1 } }) };
const LARGE = 'x'.repeat(200 * 1024);
/** Quotes are escaped where JSON is put into JSON: such a text must not grow past what an item holds. */
const QUOTES = '"'.repeat(100 * 1024);

const describeError = (error: unknown) => {
  if (!(error instanceof DurableOperationError)) return { error: String(error) };
  return { error: error.name, message: error.message, cause: error.cause?.name };
};

export const describeDurableHome = (name: string, openHome: () => DurableHome): void => {
  describe(name, () => {
    steps(openHome);
    const { runAndDie } = openHome();
    if (runAndDie !== undefined) interruptions(runAndDie);
    time(openHome);
    callbacks(openHome);
    branches(openHome);
    sizes(openHome);
  });
};

const steps = (openHome: () => DurableHome): void => {
  test('a workflow gets its input and its result is kept', async () => {
    const workflow = async (input: { name: string }) => ({ hello: input.name });
    expect(await openHome().run(workflow, { name: 'Ana' })).toEqual({ status: 'succeeded', result: { hello: 'Ana' } });
  });

  test('a workflow may return nothing', async () => {
    expect(await openHome().run(async () => undefined)).toEqual({ status: 'succeeded', result: undefined });
  });

  test('a workflow that throws ends failed', async () => {
    const workflow = async (_: unknown, context: DurableContext) => {
      await context.step('one', async () => 1);
      throw new TypeError('the plan has no steps');
    };
    expect(await openHome().run(workflow)).toEqual({ status: 'failed', error: 'the plan has no steps' });
  });

  test('a step runs once, however often the workflow is replayed', async () => {
    const did: string[] = [];
    const workflow = async (_: unknown, context: DurableContext) => {
      const one = await context.step('one', async () => did.push('one'));
      await context.wait('settle', { minutes: 1 });
      const two = await context.step('two', async () => did.push('two'));
      return [one, two];
    };
    expect(await openHome().run(workflow)).toEqual({ status: 'succeeded', result: [1, 2] });
    expect(did).toEqual(['one', 'two']);
  });

  test('a step is tried again after its delay, and told which attempt it is', async () => {
    const attempts: number[] = [];
    const workflow = (_: unknown, context: DurableContext) =>
      context.step(
        'fix',
        async ({ attempt }) => {
          attempts.push(attempt);
          if (attempt < 3) throw new Error('not yet');
          return `fixed at attempt ${attempt}`;
        },
        everySecond,
      );
    expect(await openHome().run(workflow)).toEqual({ status: 'succeeded', result: 'fixed at attempt 3' });
    expect(attempts).toEqual([1, 2, 3]);
  });

  test('a step whose attempts are used up throws an error that survives replays as data', async () => {
    const workflow = async (_: unknown, context: DurableContext) => {
      const failed = await context
        .step('fix', () => Promise.reject(new RangeError('too large')), everySecond)
        .catch((error: unknown) => ({ ...describeError(error), isStepError: error instanceof StepError }));
      await context.wait('settle', { seconds: 5 });
      return failed;
    };
    expect(await openHome().run(workflow)).toEqual({
      status: 'succeeded',
      result: { error: 'StepError', message: 'too large', cause: 'RangeError', isStepError: true },
    });
  });
};

const interruptions = (runAndDie: NonNullable<DurableHome['runAndDie']>): void => {
  const dieInStep = (semantics: StepSemantics, did: string[]) => (die: () => Promise<never>) => {
    return async (_: unknown, context: DurableContext) => {
      await context.step('before', async () => did.push('before'));
      return await context
        .step(
          'mutate',
          async () => {
            did.push('mutate');
            return did.filter((what) => what === 'mutate').length === 1 ? die() : 'done';
          },
          { ...noRetry, semantics },
        )
        .catch(describeError);
    };
  };

  test('a step that may run once is not run again when the machine died in it, and its outcome is an error', async () => {
    const did: string[] = [];
    expect(await runAndDie(dieInStep(StepSemantics.AtMostOncePerRetry, did))).toMatchObject({
      status: 'succeeded',
      result: { error: 'StepError', cause: 'StepInterruptedError' },
    });
    expect(did).toEqual(['before', 'mutate']);
  });

  test('any other step is run again', async () => {
    const did: string[] = [];
    const end = await runAndDie(dieInStep(StepSemantics.AtLeastOncePerRetry, did));
    expect(end).toEqual({ status: 'succeeded', result: 'done' });
    expect(did).toEqual(['before', 'mutate', 'mutate']);
  });
};

const time = (openHome: () => DurableHome): void => {
  test('waits of days pass', async () => {
    const workflow = async (_: unknown, context: DurableContext) => {
      await context.wait({ days: 3 });
      return 'over';
    };
    expect(await openHome().run(workflow)).toEqual({ status: 'succeeded', result: 'over' });
  });

  test('a condition is looked at again until it holds, with the state of the look before', async () => {
    let looks = 0;
    const workflow = (_: unknown, context: DurableContext) =>
      context.waitForCondition('healthy', async (seen: number[]) => [...seen, ++looks], {
        initialState: [],
        waitStrategy: (seen) => (seen.length < 4 ? { shouldContinue: true, delay: { seconds: 10 } } : { shouldContinue: false }),
      });
    expect(await openHome().run(workflow)).toEqual({ status: 'succeeded', result: [1, 2, 3, 4] });
  });

  test('a condition whose look fails throws', async () => {
    const workflow = async (_: unknown, context: DurableContext) => {
      const failed = await context
        .waitForCondition('healthy', () => Promise.reject(new Error('no access')), {
          initialState: 0,
          waitStrategy: () => ({ shouldContinue: false }),
        })
        .catch((error: unknown) => describeError(error).message ?? String(error));
      await context.wait('settle', { seconds: 5 });
      return failed;
    };
    expect(await openHome().run(workflow)).toEqual({ status: 'succeeded', result: expect.stringContaining('no access') });
  });
};

const callbacks = (openHome: () => DurableHome): void => {
  /** The official runner lets the time of a callback pass in real seconds. */
  const ask = async (input: { timeoutSeconds?: number }, context: DurableContext) => {
    const ids: string[] = [];
    const timeout = { seconds: input.timeoutSeconds ?? 3600 };
    const answer = await context
      .waitForCallback('approval', async (id) => void ids.push(id), { timeout })
      .catch((error: unknown) => ({ callbackError: error instanceof CallbackError, ...describeError(error) }));
    await context.wait('settle', { seconds: 5 });
    return answer;
  };

  test('a callback gives what it was completed with, as it is', async () => {
    expect(await openHome().run(ask, {}, { approval: { ok: true, result: '{"by":"Ana"}' } })).toEqual({
      status: 'succeeded',
      result: '{"by":"Ana"}',
    });
  });

  test('a callback that is failed throws', async () => {
    expect(await openHome().run(ask, {}, { approval: { ok: false, message: 'declined' } })).toMatchObject({
      status: 'succeeded',
      result: { callbackError: true, message: 'declined' },
    });
  });

  test('a callback that nobody answers times out', async () => {
    expect(await openHome().run(ask, { timeoutSeconds: 1 })).toMatchObject({
      status: 'succeeded',
      result: { callbackError: true, error: 'CallbackTimeoutError' },
    });
  });

  test('a callback whose asking fails throws', async () => {
    const workflow = (_: unknown, context: DurableContext) =>
      context
        .waitForCallback('approval', () => Promise.reject(new Error('channel is archived')), noRetry)
        .catch((error: unknown) => describeError(error));
    expect(await openHome().run(workflow)).toMatchObject({
      status: 'succeeded',
      result: { error: 'CallbackSubmitterError', message: 'channel is archived' },
    });
  });
};

const branches = (openHome: () => DurableHome): void => {
  test('branches go side by side, each with its waits, retries and callbacks', async () => {
    const workflow = async (_: unknown, context: DurableContext) => {
      const all = await context.parallel<unknown>('all', [
        {
          name: 'waits',
          func: async (branch) => {
            await branch.wait('settle', { minutes: 2 });
            return 'waited';
          },
        },
        {
          name: 'retries',
          func: (branch) =>
            branch.step(
              'fix',
              async ({ attempt }) => (attempt < 2 ? Promise.reject(new Error('not yet')) : 'fixed'),
              everySecond,
            ),
        },
        { name: 'asks', func: (branch) => branch.waitForCallback('approval', async () => {}, { timeout: { hours: 1 } }) },
      ]);
      return all.getResults();
    };
    expect(await openHome().run(workflow, {}, { approval: { ok: true, result: 'yes' } })).toEqual({
      status: 'succeeded',
      result: ['waited', 'fixed', 'yes'],
    });
  });

  test('a branch that fails does not take the others with it', async () => {
    const workflow = async (_: unknown, context: DurableContext) => {
      const all = await context.parallel<string>(
        'all',
        [
          (branch) => branch.step('bad', () => Promise.reject(new Error('no capacity')), noRetry),
          (branch) => branch.step('good', async () => 'done'),
        ],
        { completionConfig: { toleratedFailureCount: 1 } },
      );
      await context.wait('settle', { seconds: 5 });
      return { done: all.getResults(), failed: all.getErrors().map(({ message }) => message) };
    };
    expect(await openHome().run(workflow)).toEqual({
      status: 'succeeded',
      result: { done: ['done'], failed: ['no capacity'] },
    });
  });

  test('items are mapped in their order, so many at once', async () => {
    let now = 0;
    let most = 0;
    const workflow = async (input: number[], context: DurableContext) => {
      const mapped = await context.map(
        'double',
        input,
        (branch, item) =>
          branch.step('one', async () => {
            most = Math.max(most, ++now);
            await Promise.resolve();
            now -= 1;
            return item * 2;
          }),
        { maxConcurrency: 2 },
      );
      await context.wait('settle', { seconds: 5 });
      return mapped.getResults();
    };
    expect(await openHome().run(workflow, [1, 2, 3, 4, 5])).toEqual({ status: 'succeeded', result: [2, 4, 6, 8, 10] });
    expect(most).toBeLessThanOrEqual(2);
  });

  test('a child context that has ended is not entered again', async () => {
    let entered = 0;
    const workflow = async (_: unknown, context: DurableContext) => {
      const child = await context.runInChildContext('prepare', async (inner) => {
        entered += 1;
        return (await inner.step('one', async () => 1)) + (await inner.step('two', async () => 2));
      });
      await context.wait('settle', { seconds: 5 });
      return child;
    };
    expect(await openHome().run(workflow)).toEqual({ status: 'succeeded', result: 3 });
    expect(entered).toBe(1);
  });

  test('a child context that fails throws, now and when replayed', async () => {
    const workflow = async (_: unknown, context: DurableContext) => {
      const failed = await context
        .runInChildContext('prepare', () => Promise.reject(new Error('no plan')))
        .catch((error: unknown) => describeError(error));
      await context.wait('settle', { seconds: 5 });
      return failed;
    };
    expect(await openHome().run(workflow)).toMatchObject({
      status: 'succeeded',
      result: { error: 'ChildContextError', message: 'no plan' },
    });
  });
};

const sizes = (openHome: () => DurableHome): void => {
  test('large results of steps are kept, also many at once', async () => {
    const workflow = async (_: unknown, context: DurableContext) => {
      const all = await context.parallel(
        'all',
        Array.from({ length: 6 }, (_each, i) => (branch: DurableContext) => branch.step(`read-${i}`, async () => LARGE)),
      );
      await context.wait('settle', { seconds: 5 });
      return all.getResults().map((text) => text.length);
    };
    const result = Array.from({ length: 6 }, () => LARGE.length);
    expect(await openHome().run(workflow)).toEqual({ status: 'succeeded', result });
  });

  test('a result of many quotes is kept', async () => {
    const workflow = async (_: unknown, context: DurableContext) => {
      const text = await context.step('quote', async () => QUOTES);
      await context.wait('settle', { seconds: 5 });
      return text.length;
    };
    expect(await openHome().run(workflow)).toEqual({ status: 'succeeded', result: QUOTES.length });
  });

  test('a child context whose result is too large to keep is replayed from its steps', async () => {
    const did: string[] = [];
    const read = (what: string): string => {
      did.push(what);
      return LARGE;
    };
    const workflow = async (_: unknown, context: DurableContext) => {
      const texts = await context.runInChildContext('collect', async (inner) => [
        await inner.step('one', async () => read('one')),
        await inner.step('two', async () => read('two')),
      ]);
      await context.wait('settle', { seconds: 5 });
      return texts.map((text) => text.length);
    };
    expect(await openHome().run(workflow)).toEqual({ status: 'succeeded', result: [LARGE.length, LARGE.length] });
    expect(did).toEqual(['one', 'two']);
  });
};
