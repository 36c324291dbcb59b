import type { Logger } from 'pino';
import { approverNeeded, whyNotNow } from '../incident/decide-fix.ts';
import type { Approver, IncidentEvent } from '../incident/events.ts';
import type { FixRun, Incident } from '../incident/state.ts';
import type { CallOutcome, CallSession, Calls, Clock, Evidence, Facts } from '../ports.ts';
import type { AwsCall, CallOf } from '../runbook/aws-call.ts';
import { type Catalogue, fixOf } from '../runbook/catalogue.ts';
import type { Wait } from '../runbook/condition.ts';
import type { FixStep, Plan, Prepared, Refusal } from '../runbook/define-fix.ts';
import { planFingerprint } from '../runbook/fingerprint.ts';
import { judge, needsOf } from '../runbook/judge.ts';
import { sessionName, sessionPolicyFor } from '../runbook/permission.ts';
import { isoTime } from '../time.ts';
import { collectEvidence } from './collect-evidence.ts';
import { differences } from './differences.ts';
import { current, type IncidentStore } from './incident-store.ts';
import { type End, endEvents, haltOf, kept, minutes, refusalEnd, stoppedBy, unanswered } from './run-ends.ts';

export type FixDeps = {
  readonly log: IncidentStore;
  readonly facts: Facts;
  readonly calls: Calls;
  readonly evidence: Evidence;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Brings the channel up to date with the log. Never throws: a channel that cannot be drawn stops no fix. */
  readonly draw: (incident: number) => Promise<void>;
  /** Users are served again: said in the channel, once. */
  readonly tellServed: (incident: number, runId: string) => Promise<void>;
  /** The run is over: what it touched is worth checking again. */
  readonly runEnded: (incident: number, runId: string) => Promise<void>;
  /** What it left behind has drifted: said in the channel, with the undo. */
  readonly tellDrift: (incident: number, runId: string) => Promise<void>;
};

export type Look = {
  readonly status: 'yes' | 'not-yet' | 'never' | 'late' | 'stopped';
  readonly found: string;
  readonly seen: Readonly<Record<string, string>>;
  readonly polls: number;
  /** When the waiting began, on the clock. */
  readonly sinceMs: number;
};
export type StepResult = {
  readonly outcome: 'done' | 'failed' | 'uncertain' | 'skipped';
  readonly found: string;
  readonly seen?: Readonly<Record<string, string>>;
};
export type RunDesk = ReturnType<typeof createRunDesk>;

/** Progress of one wait enters the log at most so often. */
const PROGRESS_LINES_MAX = 40;

/** What a run does inside its steps: reads the log and the world, asks, calls, records. Each is safe to be done again, but `send`. */
export const createRunDesk = (deps: FixDeps, number: number, runId: string) => {
  const { log, facts, calls, catalogue, clock } = deps;

  const state = async (): Promise<{ incident: Incident; run: FixRun }> => {
    const incident = await current(log, number);
    const run = incident?.runs[runId];
    if (incident === undefined || run === undefined) throw new Error(`Run ${runId} is not in the log of incident ${number}.`);
    return { incident, run };
  };
  const record = async (
    name: string,
    decide: (run: FixRun, incident: Incident, at: string) => readonly IncidentEvent[],
  ): Promise<void> => {
    await log.append(number, { requestId: `${runId}:${name}`, by: 'bot' }, (incident, at) => {
      const run = incident?.runs[runId];
      return incident === undefined || run === undefined ? [] : decide(run, incident, at);
    });
    await deps.draw(number);
  };
  const course = async (): Promise<{
    run: FixRun;
    incident: Incident;
    prepared: Prepared;
    facts: Readonly<Record<string, unknown>>;
  }> => {
    const { run, incident } = await state();
    const prepared = prepare(catalogue, incident, run);
    return { run, incident, prepared, facts: await facts.open().gather(prepared.needs) };
  };

  /** Everything that may have changed since the approval, looked at before every step. */
  const whyNotGoOn = async (step: FixStep): Promise<End | undefined> => {
    const { run, incident, prepared, facts: seen } = await course();
    const halt = haltOf(run, incident);
    if (halt !== undefined) return halt;
    const no = prepared.recheck(seen, run.plan, step) ?? (await missingCondition(step));
    return no === undefined ? undefined : refusalEnd(no);
  };
  const missingCondition = async (step: FixStep): Promise<Refusal | undefined> => {
    for (const condition of step.requires ?? []) {
      const judgement = judge(condition, await facts.open().gather(needsOf(condition)));
      if (judgement.status !== 'yes')
        return { outcome: 'refuse', because: judgement.found, toMakePossible: 'Preview the fix again when it holds.' };
    }
    return undefined;
  };

  return {
    approvalSeconds: catalogue.response.approvals.timeoutMinutes * 60,
    stumbled: (error: unknown): void => deps.logger.warn({ err: error, runId }, 'A look failed; it is made again.'),

    whoMustAgree: async (phase: 1 | 2): Promise<Approver | undefined> => {
      const { incident, run } = await state();
      return approverNeeded(incident, run, phase, catalogue.response);
    },

    askFor: (name: string, question: { phase: 1 | 2; who: Approver; callbackId: string; seconds: number }): Promise<void> =>
      record(name, (_run, _incident, at) => [
        {
          type: 'fix-approval-asked',
          v: 1,
          runId,
          phase: question.phase,
          callbackId: question.callbackId,
          who: question.who,
          expiresAt: isoTime(Date.parse(at) + question.seconds * 1_000),
        },
      ]),

    /** The log's answer to what was asked; none is a timeout. */
    answerTo: async (phase: 1 | 2): Promise<End | undefined> => {
      const { run } = await state();
      if (run.stopRequestedBy !== undefined) return stoppedBy(run.stopRequestedBy);
      if (run.approval !== undefined || run.answer === undefined)
        return { outcome: 'timed-out', text: unanswered(phase, run.plan) };
      return run.answer.approve
        ? undefined
        : { outcome: 'declined', text: phase === 2 ? kept(run.plan) : 'Declined: nothing was done.' };
    },

    /** Gather, guard and preview again, and compare with what was agreed to. A difference is recorded and shown. */
    previewAgain: async (round: number): Promise<{ is: 'same' | 'changed' } | { is: 'refused'; end: End }> => {
      const { run, prepared, facts: seen } = await course();
      const guards = prepared.look(seen);
      const no = guards.map(({ result }) => result).find((result) => result.outcome === 'refuse');
      if (no?.outcome === 'refuse') return { is: 'refused', end: refusalEnd(no) };
      const plan = prepared.preview(seen, run.plan.run);
      const fingerprint = planFingerprint(plan, guards);
      if (fingerprint === run.fingerprint) return { is: 'same' };
      await record(`changed-${round}`, (before) => [
        {
          type: 'fix-plan-changed',
          v: 1,
          runId,
          plan,
          guards: [...guards],
          fingerprint,
          differs: differences(before, { plan, guards }),
        },
      ]);
      return { is: 'changed' };
    },

    /** The plan is what runs from here on. Freeze, locks and caps are decided in the same commit that starts it. */
    begin: async (): Promise<{ plan: Plan } | End> => {
      let no: End | undefined;
      await record('begin', (run, incident, at) => {
        const why = whyNotNow(incident, run, { at, policy: catalogue.response });
        no =
          why === undefined
            ? haltOf(run, incident)
            : { outcome: 'refused', text: why.refused, toMakePossible: why.tryThis ?? '' };
        return no === undefined ? [{ type: 'fix-run-started', v: 1, runId }] : [];
      });
      return no ?? { plan: (await state()).run.plan };
    },

    startStep: async (step: FixStep): Promise<End | undefined> => {
      const no = await whyNotGoOn(step);
      if (no === undefined) await record(`start-${step.id}`, () => [{ type: 'fix-step-started', v: 1, runId, stepId: step.id }]);
      return no;
    },
    lookAgain: whyNotGoOn,

    mayRehearse: isTermination,
    /** A dry run changes nothing: whatever it answers but yes, nothing has happened. */
    rehearse: async (call: Termination, step: FixStep): Promise<CallOutcome> => {
      const dry = await calls.dryRun(call, sessionOf((await state()).run, step));
      return dry.outcome === 'unknown' ? { outcome: 'contended', code: 'DryRunUnanswered', message: dry.message } : dry;
    },

    /** Not safe to be done again: the workflow does it once. */
    send: async (call: AwsCall, step: FixStep): Promise<CallOutcome> => calls.send(call, sessionOf((await state()).run, step)),

    collect: async (step: FixStep): Promise<void> => {
      const { run } = await state();
      const result = await collectEvidence(deps, run, step);
      await record(`finish-${step.id}`, () => [{ type: 'fix-step-finished', v: 1, runId, stepId: step.id, ...result }]);
    },

    look: async (step: FixStep, name: string, wait: Wait, before: Look): Promise<Look> => {
      const now = clock.now();
      const sinceMs = before.polls === 0 ? now : before.sinceMs;
      const polls = before.polls + 1;
      const { run, incident } = await state();
      const halt = step.mode === 'wait' ? haltOf(run, incident) : undefined;
      if (halt !== undefined) return { status: 'stopped', found: halt.text, seen: {}, polls, sinceMs };
      const judgement = judge(wait.until, await facts.open().gather(needsOf(wait.until)));
      const late = judgement.status === 'not-yet' && now - sinceMs >= wait.deadlineSeconds * 1_000;
      if (judgement.status === 'not-yet' && judgement.found !== before.found && polls <= PROGRESS_LINES_MAX) {
        await record(`${name}-${polls}`, () => [
          { type: 'fix-step-progressed', v: 1, runId, stepId: step.id, found: judgement.found },
        ]);
      }
      const seen = judgement.status === 'yes' ? (judgement.seen ?? {}) : {};
      return {
        status: late ? 'late' : judgement.status,
        found: late ? `Not within ${minutes(wait.deadlineSeconds)}: ${judgement.found}` : judgement.found,
        seen,
        polls,
        sinceMs,
      };
    },

    finishStep: async (step: FixStep, { outcome, found, seen = {} }: StepResult): Promise<End | undefined> => {
      const serves = step.servesUsers === true && outcome === 'done';
      await record(`finish-${step.id}`, () => [
        { type: 'fix-step-finished', v: 1, runId, stepId: step.id, outcome, found, seen },
        ...(serves ? [{ type: 'users-served' as const, v: 1 as const, runId, because: found }] : []),
      ]);
      if (serves) await deps.tellServed(number, runId);
      if (outcome === 'done') return undefined;
      return { outcome: outcome === 'skipped' ? 'stopped' : outcome, text: `${step.title}: ${found}` };
    },

    verify: async (looks: number): Promise<{ readonly end: End; readonly seen: boolean; readonly looks: number }> => {
      const { run, prepared, facts: seen } = await course();
      const { ok, text, remains, unseen } = prepared.verify(seen, run.plan, run.steps);
      return { end: { outcome: ok ? 'done' : 'failed', text, remains }, seen: unseen !== true, looks: looks + 1 };
    },

    end: async (end: End): Promise<void> => {
      await record('end', (run, incident) => endEvents(run, incident, end));
      await deps.runEnded(number, runId);
    },
  };
};

type Termination = CallOf<'ec2:TerminateInstances'>;
const isTermination = (call: AwsCall): call is Termination => call.api === 'ec2:TerminateInstances';
const sessionOf = ({ plan }: FixRun, step: FixStep): CallSession => ({
  sessionName: sessionName(plan.run),
  policy: sessionPolicyFor(step, plan.run),
});

export const prepare = (catalogue: Catalogue, incident: Incident, run: FixRun): Prepared => {
  const fix = fixOf(catalogue, run.plan.fixId);
  if (fix === undefined) throw new Error(`The catalogue has no fix ${run.plan.fixId} any more.`);
  if (run.undoOf === undefined) {
    const prepared = fix.prepare(run.plan.input);
    if ('invalid' in prepared) throw new Error(`The input of run ${run.runId} is not what ${fix.id} takes: ${prepared.invalid}`);
    return prepared;
  }
  const undone = incident.runs[run.undoOf];
  if (undone === undefined) throw new Error(`Run ${run.undoOf}, which ${run.runId} undoes, is not in the state any more.`);
  return fix.prepareUndo({ plan: undone.plan, steps: undone.steps, chosen: run.plan.input });
};
