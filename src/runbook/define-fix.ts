import type { z } from 'zod';
import type { AwsCall } from './aws-call.ts';
import type { Condition, Wait } from './condition.ts';
import type { Suggestion } from './define-check.ts';
import type { ServiceMap } from './entities.ts';
import { type Answers, isUnreadable, type Needs } from './facts.ts';

/** A run's identity: made once, when it is first previewed, and the same in every later preview, so that plans compare. */
export type RunContext = {
  readonly runId: string;
  /** `inc-0042` */
  readonly incident: string;
  /** Slack user id of who asked for it. */
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  /** Value of the `firebreak:expires` tag on what is kept, a date. */
  readonly expires: string;
};

/** A guard cannot be argued with. `refuse` says what would make it possible; `acknowledge` must be ticked by a person; a note is only shown. */
export type GuardResult =
  | { readonly outcome: 'pass'; readonly note?: string }
  | { readonly outcome: 'acknowledge'; readonly because: string }
  | Refusal;
export type Refusal = {
  readonly outcome: 'refuse';
  readonly because: string;
  readonly toMakePossible: string;
  readonly instead?: Suggestion;
};
export const passed: GuardResult = { outcome: 'pass' };
export const note = (text: string): GuardResult => ({ outcome: 'pass', note: text });
export const acknowledge = (because: string): GuardResult => ({ outcome: 'acknowledge', because });
export const refuse = (because: string, toMakePossible: string, instead?: Suggestion): Refusal => ({
  outcome: 'refuse',
  because,
  toMakePossible,
  ...(instead !== undefined && { instead }),
});

export type Guard<A, I> = { readonly id: string; readonly title: string; readonly look: (facts: A, input: I) => GuardResult };
export type GuardReport = { readonly id: string; readonly title: string; readonly result: GuardResult };

export type StepUndo = 'irreversible' | 'nothing' | { readonly title: string };

/**
 * One line of the plan as data: what is called, what it waits for, how it is undone.
 * - `act`: mutates. Recorded before and after; sent once; a lost answer is reconciled by reading `landed`.
 * - `collect`: best effort, reads only; its failure is noted and never stops the run.
 * - `wait`: calls nothing.
 */
export type FixStep = {
  readonly id: string;
  readonly title: string;
  /** Phase 2 is what cannot be undone; it has its own approval. */
  readonly phase: 1 | 2;
  readonly mode: 'act' | 'collect' | 'wait';
  readonly calls: readonly AwsCall[];
  /** True of the world once the call has taken effect. */
  readonly landed?: Condition;
  /** Each is judged on fresh facts right before the calls, besides `recheck`: anything but `yes` refuses the step. */
  readonly requires?: readonly Condition[];
  readonly wait?: Wait;
  /** What is hoped for, shown beside the step: "about 90 s". */
  readonly takes?: string;
  /** When this step is done, users are served again: told at once. */
  readonly servesUsers?: true;
  readonly undo: StepUndo;
};

export type Choice = {
  /** Key of the fix's input that it sets. */
  readonly input: string;
  readonly label: string;
  readonly chosen: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
};

/** What a run would do, whole: the same value is shown, approved, stored and executed. JSON-safe. */
export type Plan = {
  readonly kind: 'fix' | 'undo';
  readonly fixId: string;
  readonly title: string;
  readonly run: RunContext;
  readonly input: Readonly<Record<string, string>>;
  /** Whose id is typed to confirm what is irreversible. */
  readonly target: string;
  /** One run at a time holds each of these: instance ids and group names. */
  readonly locks: readonly string[];
  /** `Snapshot and terminate i-0a1 (shop-web, eu-west-3b)` */
  readonly headline: string;
  readonly promise: { readonly users: string; readonly data: string; readonly undo: string };
  readonly steps: readonly FixStep[];
  readonly choices: readonly Choice[];
  readonly irreversible: boolean;
  /** What the run leaves behind needs an eye until it is undone: `verify` is asked again so often, for so long. */
  readonly watch?: { readonly everySeconds: number; readonly hours: number };
  /** What caps count. */
  readonly impact: {
    readonly terminates: number;
    readonly removes: number;
    readonly groupName: string;
    readonly groupSize: number;
  };
  /** Recorded state that undo needs, by name: sizes, processes, members as they were. */
  readonly before: Readonly<Record<string, unknown>>;
};

/** How a run ended up, step by step: what undo starts from. `seen` is what a step found out (`replacementId`). */
export type StepRecord = {
  readonly status: 'running' | 'done' | 'failed' | 'uncertain' | 'skipped';
  readonly found?: string;
  readonly seen?: Readonly<Record<string, string>>;
};
export type RunRecord = {
  readonly plan: Plan;
  readonly steps: Readonly<Record<string, StepRecord>>;
  /** For undo: what was chosen in its own preview, `Choice.input` → value. */
  readonly chosen?: Readonly<Record<string, string>>;
};

export type Report = {
  readonly ok: boolean;
  readonly text: string;
  readonly remains: readonly string[];
  /** The facts could not be read: not ok, and nothing known against it. */
  readonly unseen?: true;
};

/** What may be done to a service, from its map alone: the rows of the picker, worst first. */
export type Candidate<I> = { readonly input: I; readonly label: string };

/** The pure part of a run or of its undo: everything but waiting and calling. */
type Course<N extends Needs, I> = {
  readonly needs: (input: I) => N;
  readonly guards: readonly Guard<Answers<N>, I>[];
  readonly preview: (facts: Answers<N>, input: I, run: RunContext) => Plan;
  /** Looked at again before every step, on fresh facts: an approval ages. Steps already done have changed the world; it knows which. */
  readonly recheck: (facts: Answers<N>, plan: Plan, before: FixStep) => Refusal | undefined;
  readonly verify: (facts: Answers<N>, plan: Plan, steps: RunRecord['steps']) => Report;
};
/** An undo's needs and plan follow from what was recorded. */
export type UndoCourse<N extends Needs> = {
  readonly needs: (record: RunRecord) => N;
  readonly guards: readonly Guard<Answers<N>, RunRecord>[];
  readonly preview: (facts: Answers<N>, record: RunRecord, run: RunContext) => Plan;
  readonly recheck: (facts: Answers<N>, plan: Plan, before: FixStep) => Refusal | undefined;
  readonly verify: (facts: Answers<N>, plan: Plan, steps: RunRecord['steps']) => Report;
};

export type Fix<
  I extends Readonly<Record<string, string>> = Readonly<Record<string, string>>,
  N extends Needs = Needs,
  U extends Needs = Needs,
> = Course<N, I> & {
  readonly id: string;
  readonly title: string;
  /** One line: when this is the one to take. */
  readonly fits: string;
  readonly input: z.ZodType<I>;
  readonly candidates: (map: ServiceMap) => readonly Candidate<I>[];
  /** For ranking: seconds until users are served, whether it can be undone, how much it touches. */
  readonly rank: {
    readonly secondsToEffect: number;
    readonly undo: 'until-last-step' | 'always' | 'never';
    readonly blastRadius: 'one-instance' | 'group';
  };
  readonly undo: UndoCourse<U>;
};
export const defineFix = <I extends Readonly<Record<string, string>>, N extends Needs, U extends Needs>(
  fix: Fix<I, N, U>,
): Fix<I, N, U> => fix;

/** A run, or an undo, with its input closed over: what the pipeline works with. */
export type Prepared = {
  readonly needs: Needs;
  readonly look: (facts: Facts) => readonly GuardReport[];
  readonly preview: (facts: Facts, run: RunContext) => Plan;
  readonly recheck: (facts: Facts, plan: Plan, before: FixStep) => Refusal | undefined;
  readonly verify: (facts: Facts, plan: Plan, steps: RunRecord['steps']) => Report;
};
type Facts = Readonly<Record<string, unknown>>;

export type AnyFix = {
  readonly id: string;
  readonly title: string;
  readonly fits: string;
  readonly rank: Fix['rank'];
  readonly candidates: (map: ServiceMap) => readonly Candidate<Readonly<Record<string, string>>>[];
  /** The zod error's words when the input is not what the fix takes. */
  readonly prepare: (input: unknown) => Prepared | { readonly invalid: string };
  readonly prepareUndo: (record: RunRecord) => Prepared;
};

/** A fact that a guard stands on and that could not be read refuses, whatever the guard would have said. */
const unreadableRefusals = (needs: Needs, facts: Facts): readonly GuardReport[] =>
  Object.entries(needs).flatMap(([name, { kind, optional }]) => {
    const answer = facts[name];
    if (optional === true || !isUnreadable(answer)) return [];
    const permission = answer.permission === undefined ? 'Try again in a moment.' : `Give the read role ${answer.permission}.`;
    return [{ id: `read-${kind}`, title: `Read ${kind}`, result: refuse(answer.because, permission) }];
  });

const close = <N extends Needs, I>(course: Course<N, I>, input: I): Prepared => {
  const needs = course.needs(input);
  return {
    needs,
    look: (facts) => {
      const unreadable = unreadableRefusals(needs, facts);
      if (unreadable.length > 0) return unreadable;
      return course.guards.map(({ id, title, look }) => ({ id, title, result: look(facts as Answers<N>, input) }));
    },
    preview: (facts, run) => course.preview(facts as Answers<N>, input, run),
    recheck: (facts, plan, before) => {
      const unreadable = unreadableRefusals(needs, facts)[0]?.result;
      return unreadable?.outcome === 'refuse' ? unreadable : course.recheck(facts as Answers<N>, plan, before);
    },
    verify: (facts, plan, steps) => {
      const unreadable = unreadableRefusals(needs, facts)[0]?.result;
      if (unreadable?.outcome === 'refuse')
        return { ok: false, text: `It could not be verified: ${unreadable.because}`, remains: [], unseen: true };
      return course.verify(facts as Answers<N>, plan, steps);
    },
  };
};

export const sealFix = <I extends Readonly<Record<string, string>>, N extends Needs, U extends Needs>(
  fix: Fix<I, N, U>,
): AnyFix => ({
  id: fix.id,
  title: fix.title,
  fits: fix.fits,
  rank: fix.rank,
  candidates: fix.candidates,
  prepare: (raw) => {
    const input = fix.input.safeParse(raw);
    return input.success
      ? close(fix, input.data)
      : { invalid: input.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') };
  },
  prepareUndo: (record) => close(fix.undo, record),
});
