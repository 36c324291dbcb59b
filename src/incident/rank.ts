import { type Catalogue, checkOf } from '../runbook/catalogue.ts';
import type { Suggestion } from '../runbook/define-check.ts';
import type { AnyFix } from '../runbook/define-fix.ts';
import { type FixRun, type Incident, isOver } from './state.ts';

export type RankedFix = {
  readonly fixId: string;
  readonly title: string;
  /** What it would be done to, when a failing check has named it; else a person chooses. */
  readonly input?: Readonly<Record<string, string>>;
  /** Why it is offered, and why at this place. */
  readonly why: string;
  /** `in about 90 s, can be undone until the last step` */
  readonly promise: string;
  readonly suggested: boolean;
  /** It was run before in this incident; the last result. */
  readonly tried?: string;
};

/** Compared from the left; the smaller comes first. */
type Order = readonly number[];

/**
 * The fixes that may help, best first. Now beats perfect: what a failing check points to comes before what is only
 * possible, what was not tried before what was, what can be undone before what cannot; then the quicker, then the one
 * that touches less.
 */
export const rankFixes = (incident: Incident, catalogue: Catalogue): readonly RankedFix[] => {
  const suggestions = suggestionsOf(incident, catalogue);
  const offers = catalogue.fixes.flatMap((fix) => {
    const own = suggestions.filter(({ fixId }) => fixId === fix.id);
    return own.length === 0 ? [offer(incident, fix, undefined)] : own.map((suggestion) => offer(incident, fix, suggestion));
  });
  return offers
    .filter(({ underWay }) => !underWay)
    .toSorted((a, b) => compare(a.order, b.order))
    .map(({ ranked }) => ranked);
};

const suggestionsOf = (incident: Incident, catalogue: Catalogue): readonly Suggestion[] => {
  const seen = new Set<string>();
  return catalogue.checklist.items
    .map(({ id, check }) => ({ state: incident.checks[id], known: checkOf(catalogue, check) !== undefined }))
    .filter(({ state, known }) => known && state?.state === 'fail')
    .flatMap(({ state }) => state?.suggests ?? [])
    .filter(({ fixId, input }) => {
      const key = keyOf(fixId, input);
      return seen.has(key) ? false : seen.add(key);
    });
};

const keyOf = (fixId: string, input: Readonly<Record<string, string>>): string =>
  `${fixId} ${JSON.stringify(Object.entries(input).sort())}`;

const offer = (incident: Incident, fix: AnyFix, suggestion: Suggestion | undefined) => {
  const runs = Object.values(incident.runs).filter((run) => isSame(run, fix, suggestion));
  const tried = runs.findLast((run) => run.ended !== undefined && Object.keys(run.steps).length > 0)?.ended?.text;
  const { secondsToEffect, undo, blastRadius } = fix.rank;
  const order: Order = [
    tried === undefined ? 0 : 1,
    suggestion === undefined ? 1 : 0,
    undo === 'never' ? 1 : 0,
    secondsToEffect,
    ['always', 'until-last-step', 'never'].indexOf(undo),
    blastRadius === 'one-instance' ? 0 : 1,
  ];
  const ranked: RankedFix = {
    fixId: fix.id,
    title: fix.title,
    why: suggestion?.why ?? fix.fits,
    promise: promiseOf(fix.rank),
    suggested: suggestion !== undefined,
    ...(suggestion !== undefined && { input: suggestion.input }),
    ...(tried !== undefined && { tried }),
  };
  return { ranked, order, underWay: runs.some((run) => !isOver(run) && run.status !== 'previewed') };
};

const isSame = ({ plan }: FixRun, fix: AnyFix, suggestion: Suggestion | undefined): boolean =>
  plan.kind === 'fix' &&
  plan.fixId === fix.id &&
  (suggestion === undefined || Object.entries(suggestion.input).every(([key, value]) => plan.input[key] === value));

const promiseOf = ({ secondsToEffect, undo, blastRadius }: AnyFix['rank']): string =>
  [
    `in about ${secondsToEffect < 120 ? `${secondsToEffect} s` : `${Math.round(secondsToEffect / 60)} min`}`,
    { always: 'can be undone', 'until-last-step': 'can be undone until the last step', never: 'cannot be undone' }[undo],
    blastRadius === 'one-instance' ? 'touches one instance' : 'touches the group',
  ].join(', ');

const compare = (a: Order, b: Order): number => a.map((value, index) => value - (b[index] ?? 0)).find((gap) => gap !== 0) ?? 0;
