import type { DurableContext } from '@aws/durable-execution-sdk-js';
import type { Workflow } from '../durable/workflow.ts';
import type { Approver } from '../incident/events.ts';
import type { Plan } from '../runbook/define-fix.ts';
import { patiently } from './patiently.ts';
import { createRunDesk, type FixDeps, type RunDesk } from './run-desk.ts';
import { brokenOff, type End } from './run-ends.ts';
import { runStep } from './run-step.ts';
import { createRunWatch, watchRun } from './watch-run.ts';

export type RunFixInput = { readonly incident: number; readonly runId: string };

/** After so many changed previews in a row the world is too restless to act on. */
const PREVIEWS_MAX = 4;
const VERIFY_LOOKS_MAX = 10;
const VERIFY_EVERY_SECONDS = 15;
/** The question closes this long before its timer rings, so that no answer falls between the two. */
const ANSWER_MARGIN_SECONDS = 20;

/**
 * One fix run, or its undo, from the click to the report. The log says what was decided, AWS says what is; in here is only
 * the order: agree → preview again → begin → step by step → verify → end. Everything that is not deterministic is in a
 * named step, so that a run which was killed at any line goes on from there.
 */
export const runFix =
  (deps: FixDeps): Workflow<RunFixInput> =>
  async ({ incident, runId }, context) => {
    const desk = createRunDesk(deps, incident, runId);
    // What breaks off without a word would hold its locks for ever, and let nobody resolve the incident.
    const end = await wholeRun(desk, context).catch(brokenOff);
    await context.step('end', () => desk.end(end));
    if (end.outcome === 'done') await watchRun(createRunWatch(deps, incident, runId), context);
    return end.outcome;
  };

const wholeRun = async (desk: RunDesk, context: DurableContext): Promise<End> => {
  const agreed = await agree(desk, context);
  if ('outcome' in agreed) return agreed;
  let phase: 1 | 2 = 1;
  for (const step of agreed.plan.steps) {
    if (step.phase === 2 && phase === 1) {
      phase = 2;
      const no = await ask(desk, context, 'approval-end', 2, await context.step('who-ends', () => desk.whoMustAgree(2)));
      if (no !== undefined) return no;
    }
    const end = await runStep(desk, context, step);
    if (end !== undefined) return end;
  }
  return verify(desk, context);
};

/** What cannot be read just now is asked again for a while: the run has done its work either way. */
const verify = async (desk: RunDesk, context: DurableContext): Promise<End> => {
  const looked = await context.waitForCondition<{ readonly end: End; readonly seen: boolean; readonly looks: number }>(
    'verify',
    patiently((before) => desk.verify(before.looks), desk.stumbled),
    {
      initialState: { end: { outcome: 'failed', text: '' }, seen: false, looks: 0 },
      waitStrategy: ({ seen, looks }) =>
        seen || looks >= VERIFY_LOOKS_MAX
          ? { shouldContinue: false }
          : { shouldContinue: true, delay: { seconds: VERIFY_EVERY_SECONDS } },
    },
  );
  return looked.end;
};

/** Approval, then the preview again: what was agreed to is what is true now, or it is asked about again. */
const agree = async (desk: RunDesk, context: DurableContext): Promise<{ readonly plan: Plan } | End> => {
  for (let round = 1; round <= PREVIEWS_MAX; round++) {
    const needed = await context.step(`who-${round}`, () => desk.whoMustAgree(1));
    const who = needed ?? (round > 1 ? 'requester' : undefined);
    const no = await ask(desk, context, `approval-${round}`, 1, who);
    if (no !== undefined) return no;
    const again = await context.step(`preview-again-${round}`, () => desk.previewAgain(round));
    if (again.is === 'refused') return again.end;
    if (again.is === 'same') return context.step('begin', () => desk.begin());
  }
  return { outcome: 'refused', text: 'Not done: things keep changing under the plan. Preview it again when they have settled.' };
};

const ask = async (
  desk: RunDesk,
  context: DurableContext,
  name: string,
  phase: 1 | 2,
  who: Approver | undefined,
): Promise<End | undefined> => {
  if (who === undefined) return undefined;
  const seconds = desk.approvalSeconds;
  try {
    await context.waitForCallback(name, (callbackId) => desk.askFor(name, { phase, who, callbackId, seconds }), {
      timeout: { seconds: seconds + ANSWER_MARGIN_SECONDS },
    });
  } catch {
    // Timed out, or the answer was a failure: the log says which, and it has the last word either way.
  }
  return context.step(`${name}-answer`, () => desk.answerTo(phase));
};
