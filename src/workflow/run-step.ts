import { type DurableContext, retryPresets, StepSemantics } from '@aws/durable-execution-sdk-js';
import type { CallOutcome } from '../ports.ts';
import type { AwsCall } from '../runbook/aws-call.ts';
import type { Wait } from '../runbook/condition.ts';
import type { FixStep } from '../runbook/define-fix.ts';
import { patiently } from './patiently.ts';
import type { Look, RunDesk } from './run-desk.ts';
import type { End } from './run-ends.ts';

/** A mutation is sent at most once, whatever happens to the process: what became of it is then read, not tried. */
const SEND_ONCE = { semantics: StepSemantics.AtMostOncePerRetry, retryStrategy: retryPresets.noRetry } as const;
/** Contention and throttling: nothing happened, so it may be sent again, after looking again. 2 + 4 + 8 + 16 + 32 s. */
const CONTENDED_TRIES_MAX = 6;
/** How long a call whose answer was lost is looked for in the world, before it is `uncertain`. */
const RECONCILE: Pick<Wait, 'pollSeconds' | 'pollSecondsMax' | 'deadlineSeconds'> = {
  pollSeconds: 3,
  pollSecondsMax: 15,
  deadlineSeconds: 90,
};
/** Polls come further apart by this factor, up to the wait's own limit. */
const POLL_GROWTH = 1.3;

type Acted =
  /** `adopted`: the answer was lost, and the world says that it has happened. */
  | { readonly is: 'done'; readonly found: string; readonly adopted: boolean }
  | { readonly is: 'failed' | 'uncertain'; readonly found: string }
  | { readonly is: 'refused'; readonly end: End };

/** One step: look, record, act, read back, record. An answer ends the run. */
export const runStep = async (desk: RunDesk, context: DurableContext, step: FixStep): Promise<End | undefined> => {
  const stopped = await context.step(`start-${step.id}`, () => desk.startStep(step));
  if (stopped !== undefined) return stopped;
  if (step.mode === 'collect') {
    await context.step(`collect-${step.id}`, () => desk.collect(step));
    return undefined;
  }
  const acted = await act(desk, context, step);
  if (acted.is === 'refused') {
    await context.step(`finish-${step.id}`, () => desk.finishStep(step, { outcome: 'skipped', found: acted.end.text }));
    return acted.end;
  }
  if (acted.is !== 'done')
    return context.step(`finish-${step.id}`, () => desk.finishStep(step, { outcome: acted.is, found: acted.found }));
  const look = step.wait === undefined ? undefined : await waitUntil(desk, context, step, `wait-${step.id}`, step.wait);
  return context.step(`finish-${step.id}`, () => desk.finishStep(step, outcomeOf(look, acted)));
};

const ADOPTED = 'The answer was lost; it has happened.';

const outcomeOf = (look: Look | undefined, acted: Extract<Acted, { is: 'done' }>) => {
  if (look === undefined) return { outcome: 'done' as const, found: acted.found };
  const found = acted.adopted ? `${ADOPTED} ${look.found}` : look.found;
  if (look.status === 'yes') return { outcome: 'done' as const, found, seen: look.seen };
  return { outcome: look.status === 'stopped' ? ('skipped' as const) : ('failed' as const), found };
};

const act = async (desk: RunDesk, context: DurableContext, step: FixStep): Promise<Acted> => {
  let found = '';
  let adopted = false;
  for (const [index, call] of step.calls.entries()) {
    const sent = await send(desk, context, step, call, index);
    if ('is' in sent) return sent;
    if (sent.outcome === 'done') {
      found = Object.values(sent.answer).join(', ');
    } else if (sent.outcome === 'unknown') {
      const landed = await hasLanded(desk, context, step, index);
      if (!landed)
        return {
          is: 'uncertain',
          found: `${call.api}: the answer was lost (${sent.message}), and it is not seen to have happened.`,
        };
      found = ADOPTED;
      adopted = true;
    } else {
      return { is: 'failed', found: `${call.api} was refused: ${sent.code}: ${sent.message}` };
    }
  }
  return { is: 'done', found, adopted };
};

/** Sends until it is not contended, looking at the world again before each try. */
const send = async (
  desk: RunDesk,
  context: DurableContext,
  step: FixStep,
  call: AwsCall,
  index: number,
): Promise<CallOutcome | Acted> => {
  for (let attempt = 1; ; attempt++) {
    const name = `${step.id}-${index + 1}-${attempt}`;
    const sent = await sendOnce(desk, context, step, call, name);
    if (sent.outcome !== 'contended' || attempt === CONTENDED_TRIES_MAX) return sent;
    await context.wait(`contended-${name}`, { seconds: 2 ** attempt });
    const end = await context.step(`look-${name}`, () => desk.lookAgain(step));
    if (end !== undefined) return { is: 'refused', end };
  }
};

const sendOnce = async (
  desk: RunDesk,
  context: DurableContext,
  step: FixStep,
  call: AwsCall,
  name: string,
): Promise<CallOutcome> => {
  // A step of its own: whoever dies in a rehearsal has changed nothing, and may rehearse again.
  const rehearsed = desk.mayRehearse(call) ? await context.step(`rehearse-${name}`, () => desk.rehearse(call, step)) : undefined;
  if (rehearsed !== undefined && rehearsed.outcome !== 'done') return rehearsed;
  try {
    return await context.step(`call-${name}`, () => desk.send(call, step), SEND_ONCE);
  } catch (error) {
    // The process ended inside the call, or the call threw something that it should not have: the outcome is not known.
    return { outcome: 'unknown', message: error instanceof Error ? error.message : String(error) };
  }
};

const hasLanded = async (desk: RunDesk, context: DurableContext, step: FixStep, index: number): Promise<boolean> => {
  if (step.landed === undefined) return false;
  const look = await waitUntil(desk, context, step, `reconcile-${step.id}-${index + 1}`, { until: step.landed, ...RECONCILE });
  return look.status === 'yes';
};

const waitUntil = (desk: RunDesk, context: DurableContext, step: FixStep, name: string, wait: Wait): Promise<Look> =>
  context.waitForCondition<Look>(
    name,
    patiently((before) => desk.look(step, name, wait, before), desk.stumbled),
    {
      initialState: { status: 'not-yet', found: '', seen: {}, polls: 0, sinceMs: 0 },
      waitStrategy: ({ status, polls }) =>
        status === 'not-yet'
          ? {
              shouldContinue: true,
              delay: { seconds: Math.ceil(Math.min(wait.pollSecondsMax, wait.pollSeconds * POLL_GROWTH ** (polls - 1))) },
            }
          : { shouldContinue: false },
    },
  );
