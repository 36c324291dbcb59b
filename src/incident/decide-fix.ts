import type { Plan } from '../runbook/define-fix.ts';
import type { ResponsePolicy } from '../runbook/response.ts';
import type { Refused } from './decide.ts';
import type { Approver, IncidentEvent } from './events.ts';
import { isPermitted, whyNot } from './permitted.ts';
import { type FixRun, type Incident, isOver } from './state.ts';

type Context = { readonly by: string; readonly at: string; readonly policy: ResponsePolicy };

const HOUR_MS = 3_600_000;

const holdsRole = (incident: Incident, userId: string): boolean =>
  Object.values(incident.roles).some((holder) => holder?.userId === userId);

/** Whether the start's approval speaks for the termination too, at this severity. */
const coversAll = (incident: Incident, { approvals }: ResponsePolicy): boolean =>
  approvals.oneApprovalCoversAll[incident.severity];

/** What is irreversible about this phase: the last one always, the first when its approval covers all. */
const endsSomething = (incident: Incident, plan: Plan, phase: 1 | 2, policy: ResponsePolicy): boolean =>
  plan.irreversible && (phase === 2 || coversAll(incident, policy));

/** The target's id is typed once, where the step to what cannot be undone is approved. */
export const mustType = (incident: Incident, plan: Plan, phase: 1 | 2, policy: ResponsePolicy): boolean =>
  endsSomething(incident, plan, phase, policy);

/** Who has to agree before a phase begins; nobody, if the one who asked is enough. */
export const approverNeeded = (
  incident: Incident,
  run: Pick<FixRun, 'plan' | 'by' | 'approvedBy'>,
  phase: 1 | 2,
  policy: ResponsePolicy,
): Approver | undefined => {
  if (phase === 2 && coversAll(incident, policy) && run.approvedBy.length > 0) return undefined;
  const who = endsSomething(incident, run.plan, phase, policy) ? policy.approvals.irreversible : policy.approvals.reversible;
  if (who === 'nobody') return undefined;
  if (who === 'role-holder' && holdsRole(incident, run.by)) return undefined;
  return who;
};

/** Why nothing may begin now, whoever asks: freeze, another run on the same things, caps. Looked at again when the run begins. */
export const whyNotNow = (
  incident: Incident,
  run: Pick<FixRun, 'runId' | 'plan' | 'undoOf'>,
  { at, policy }: Pick<Context, 'at' | 'policy'>,
): Refused | undefined => {
  if (incident.frozen)
    return { refused: `Fixes are frozen by <@${incident.frozen.by}>: ${incident.frozen.reason}`, tryThis: 'unfreeze <reason>' };
  const { plan } = run;
  const holder = Object.values(incident.runs).find(
    (other) =>
      other.runId !== run.runId &&
      !isOver(other) &&
      !(other.runId === run.undoOf && doesNoMore(other)) &&
      other.status !== 'previewed' &&
      other.plan.locks.some((lock) => plan.locks.includes(lock)),
  );
  if (holder !== undefined) {
    return {
      refused: `Another run holds ${plan.locks.filter((lock) => holder.plan.locks.includes(lock)).join(', ')}: ${holder.plan.headline}.`,
      tryThis: 'Wait until it is over, or stop it.',
    };
  }
  return overCap(incident, run, at, policy);
};

/** It has been told, or is about to be told, not to go on: what undoes it need not wait for its last line. */
const doesNoMore = ({ status, answer }: FixRun): boolean => status === 'awaiting-second-approval' || answer?.approve === false;

const overCap = (
  incident: Incident,
  { plan }: Pick<FixRun, 'plan'>,
  at: string,
  { caps }: ResponsePolicy,
): Refused | undefined => {
  const done = incident.terminations
    .filter((one) => Date.parse(at) - Date.parse(one.at) < HOUR_MS)
    .reduce((sum, { count }) => sum + count, 0);
  const most = caps.terminationsPerHour[incident.severity];
  if (plan.impact.terminates > 0 && done + plan.impact.terminates > most) {
    return {
      refused: `${done} of ${most} terminations of this hour are used (${incident.severity.toUpperCase()}).`,
      tryThis: 'Wait, or raise the severity with its reason: severity <sev> <reason>',
    };
  }
  const { removes, groupSize, groupName } = plan.impact;
  const share = groupSize === 0 ? 0 : Math.round((removes / groupSize) * 100);
  const allowed = caps.shareOfGroupPercent[incident.severity];
  if (share > allowed) {
    return {
      refused: `It would take ${share} % of ${groupName} out of service; at ${incident.severity.toUpperCase()} at most ${allowed} % may go.`,
      tryThis: 'Raise the severity with its reason: severity <sev> <reason>',
    };
  }
  return undefined;
};

export type StartFix = { readonly runId: string; readonly acknowledged: readonly string[]; readonly typed?: string | undefined };

export const decideStart = (incident: Incident, start: StartFix, context: Context): readonly IncidentEvent[] | Refused => {
  const run = incident.runs[start.runId];
  if (run === undefined) return { refused: 'That preview is too old.', tryThis: 'Preview the fix again.' };
  if (!isPermitted(incident.status, run.plan.kind === 'undo' ? 'undo-fix' : 'start-fix'))
    return { refused: whyNot(incident.status), tryThis: 'reopen <reason>' };
  if (run.status !== 'previewed') return { refused: isOver(run) ? 'That run is over.' : `<@${run.by}> has started it already.` };
  const no = run.guards.map(({ result }) => result).find((result) => result.outcome === 'refuse');
  if (no?.outcome === 'refuse') return { refused: no.because, tryThis: no.toMakePossible };
  const open = run.guards.filter(({ id, result }) => result.outcome === 'acknowledge' && !start.acknowledged.includes(id));
  if (open.length > 0) return { refused: `Read and tick first: ${open.map(({ title }) => title).join('; ')}.` };
  if (mustType(incident, run.plan, 1, context.policy) && start.typed?.trim() !== run.plan.target) return mistyped(run.plan);
  const undone = run.undoOf === undefined ? undefined : incident.runs[run.undoOf]?.undoneBy;
  if (undone !== undefined) return { refused: 'That was undone already.' };
  return (
    whyNotNow(incident, run, context) ?? [
      {
        type: 'fix-requested',
        v: 1,
        runId: run.runId,
        acknowledged: [...start.acknowledged],
        ...(start.typed !== undefined && { typed: start.typed.trim() }),
      },
    ]
  );
};

const mistyped = ({ target }: Plan): Refused => ({ refused: `Type ${target} to confirm: this cannot be undone.` });

export type AnswerFix = {
  readonly runId: string;
  readonly phase: 1 | 2;
  readonly approve: boolean;
  readonly typed?: string | undefined;
  readonly breakGlass?: string | undefined;
};

/** An answer speaks for one question: the phase that is asked about now, before it times out. */
export const decideAnswer = (incident: Incident, answer: AnswerFix, context: Context): readonly IncidentEvent[] | Refused => {
  const run = incident.runs[answer.runId];
  const approval = run?.approval;
  if (run === undefined || approval === undefined || approval.phase !== answer.phase)
    return { refused: 'That is not waiting for an answer any more.' };
  if (approval.expiresAt <= context.at)
    return { refused: 'Nobody answered in time; it was not done.', tryThis: 'Preview the fix again.' };
  const { callbackId } = approval;
  if (!answer.approve) return [{ type: 'fix-declined', v: 1, runId: run.runId, phase: answer.phase, callbackId }];
  const breakGlass = answer.breakGlass?.trim() || undefined;
  const no = mayNotApprove(incident, run, approval.who, breakGlass, context);
  if (no !== undefined) return no;
  if (mustType(incident, run.plan, answer.phase, context.policy) && answer.typed?.trim() !== run.plan.target)
    return mistyped(run.plan);
  return [
    {
      type: 'fix-approved',
      v: 1,
      runId: run.runId,
      phase: answer.phase,
      callbackId,
      ...(breakGlass !== undefined && { breakGlass }),
    },
  ];
};

const mayNotApprove = (
  incident: Incident,
  run: FixRun,
  who: Approver,
  breakGlass: string | undefined,
  { by, policy }: Context,
): Refused | undefined => {
  if (who === 'requester' && by === run.by) return undefined;
  if (who !== 'another-person')
    return holdsRole(incident, by)
      ? undefined
      : { refused: 'Someone who holds a role has to approve this.', tryThis: 'role take operations' };
  if (by !== run.by) return undefined;
  if (!policy.approvals.breakGlass) return { refused: 'Another person has to approve this: you asked for it.' };
  if (breakGlass === undefined)
    return {
      refused: 'Another person has to approve this: you asked for it.',
      tryThis: 'Alone? Hold a role and give a break-glass reason; it goes on the record.',
    };
  return holdsRole(incident, by)
    ? undefined
    : { refused: 'Break-glass is for who holds a role.', tryThis: 'role take operations' };
};
