/** An incident as it is now: the fold of its log. What grows with the log (timeline, evidence of old runs) is not in it. */

import type { Suggestion } from '../runbook/define-check.ts';
import type { GuardReport, Plan, StepRecord } from '../runbook/define-fix.ts';
import type { RoleId, Severity } from '../runbook/response.ts';
import type { Approver, Mark, RunOutcome, Status } from './events.ts';

export type RoleHolder = { readonly userId: string; readonly since: string };

/** An item of the checklist. */
export type CheckState = {
  readonly state: 'running' | Mark;
  readonly because: string;
  readonly evidence: readonly string[];
  readonly suggests: readonly Suggestion[];
  /** `bot`, or who marked it. */
  readonly by: string;
  readonly at: string;
  readonly note?: string;
  readonly claimedBy?: string;
  /** What it said before, when that was something else. */
  readonly was?: Mark;
  /** A probe has said something (a claim alone has not). */
  readonly settled: boolean;
};
export type Attempt = {
  readonly key: string;
  readonly what: string;
  readonly result?: string;
  readonly by: string;
  readonly at: string;
};
export type Symptom = {
  readonly text: string;
  readonly decoded?: string;
  readonly points: readonly string[];
  readonly by: string;
  readonly at: string;
};
export type Task = { readonly id: string; readonly text: string; readonly owner?: string; readonly done: boolean };

export type RunStatus = 'previewed' | 'requested' | 'awaiting-approval' | 'running' | 'awaiting-second-approval' | RunOutcome;
export type RunStep = StepRecord & { readonly startedAt: string; readonly finishedAt?: string };
export type FixRun = {
  readonly runId: string;
  readonly plan: Plan;
  readonly guards: readonly GuardReport[];
  readonly fingerprint: string;
  /** What changed since the plan was first shown, a line each, if it did. */
  readonly differs?: readonly string[];
  readonly by: string;
  readonly status: RunStatus;
  readonly requestedAt?: string;
  readonly acknowledged: readonly string[];
  readonly approval?: {
    readonly phase: 1 | 2;
    readonly callbackId: string;
    readonly expiresAt: string;
    readonly who: Approver;
  };
  readonly approvedBy: readonly {
    readonly phase: 1 | 2;
    readonly by: string;
    readonly at: string;
    readonly breakGlass?: string;
  }[];
  /** The last answer: what the waiting run is told, again if need be. */
  readonly answer?: { readonly callbackId: string; readonly approve: boolean };
  readonly steps: Readonly<Record<string, RunStep>>;
  readonly stopRequestedBy?: string;
  readonly servedAt?: string;
  /** The last alarm about what it left behind. */
  readonly drift?: { readonly at: string; readonly text: string };
  readonly undoOf?: string;
  readonly undoneBy?: string;
  readonly ended?: { readonly at: string; readonly text: string; readonly remains: readonly string[] };
};

export type Milestones = Readonly<
  Partial<Record<'started' | 'detected' | 'declared' | 'acknowledged' | 'firstFix' | 'mitigated' | 'resolved' | 'closed', string>>
>;

export type Incident = {
  readonly number: number;
  readonly title: string;
  readonly severity: Severity;
  readonly status: Status;
  readonly serviceId?: string;
  readonly sourceChannelId?: string;
  readonly drill: boolean;
  readonly declaredBy: string;
  readonly declaredAt: string;
  readonly channel?: { readonly id: string; readonly name: string };
  readonly milestones: Milestones;
  /** When a fix last saw users served again, since the incident was opened or reopened. */
  readonly servedAt?: string;
  readonly roles: Readonly<Partial<Record<RoleId, RoleHolder>>>;
  readonly proposed: Readonly<Partial<Record<RoleId, { readonly userId: string; readonly why: string }>>>;
  readonly invited: readonly string[];
  /** The last few. */
  readonly symptoms: readonly Symptom[];
  readonly checks: Readonly<Record<string, CheckState>>;
  /** The last few, and how many there were. */
  readonly attempts: readonly Attempt[];
  readonly attemptCount: number;
  readonly tasks: readonly Task[];
  /** Runs that are under way, the last few that are over, and the last few that were only previewed. */
  readonly runs: Readonly<Record<string, FixRun>>;
  /** When irreversible runs were started, the last hour's at least: caps count these. */
  readonly terminations: readonly { readonly at: string; readonly count: number }[];
  /** By slot: those that are edited in place, and the last few of the others. */
  readonly messages: Readonly<Record<string, { readonly channelId: string; readonly ts: string }>>;
  /** What does not work around the incident: what → why. */
  readonly missing: Readonly<Record<string, { readonly why: string; readonly mend?: string }>>;
  /** What has been set up around the incident, so that it is not set up twice. */
  readonly ready: readonly string[];
  readonly frozen?: { readonly by: string; readonly at: string; readonly reason: string };
  readonly lastUpdateAt?: string;
  readonly lastChangeAt: string;
};

/** How many of each the state keeps; the log keeps all. */
export const KEPT_MAX = {
  symptoms: 10,
  attempts: 40,
  tasks: 50,
  endedRuns: 6,
  /** Plans that were shown and not started: several people compare several targets. */
  previews: 6,
  /** Messages that are posted once and never edited. */
  announcements: 20,
  evidenceLines: 12,
} as const;

export const isOver = (run: Pick<FixRun, 'status'>): boolean =>
  (['done', 'refused', 'declined', 'timed-out', 'stopped', 'failed', 'uncertain'] as readonly string[]).includes(run.status);
export const isOpen = (incident: Incident): boolean => incident.status !== 'resolved' && incident.status !== 'closed';
export const incidentName = (number: number): string => `inc-${String(number).padStart(4, '0')}`;
/** `t1`, `t2` …: of the newest task and not of how many there are, since the state keeps only the last ones. */
export const nextTaskId = ({ tasks }: Pick<Incident, 'tasks'>): string => `t${Number(tasks.at(-1)?.id.slice(1) ?? 0) + 1}`;
/** Whether the message of this slot is edited in place as the incident goes on. The others are posted once: an update, a drift. */
export const isEdited = (slot: string): boolean => !slot.includes(':') || slot.startsWith('run:');
