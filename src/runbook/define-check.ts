import { type Answers, type Fact, isUnreadable, type Needs } from './facts.ts';
import type { Service } from './service.ts';

/** A fix that a failing verdict points to, with what it would be done to. */
export type Suggestion = { readonly fixId: string; readonly input: Readonly<Record<string, string>>; readonly why: string };

/**
 * `because` is one line that names the resource; `evidence` is what it rests on, a line each.
 * Unknown is not failed: it says what could not be seen and, when it was denied, which permission is missing.
 */
export type Verdict =
  | { readonly status: 'pass'; readonly because: string; readonly evidence: readonly string[] }
  | {
      readonly status: 'fail';
      readonly because: string;
      readonly evidence: readonly string[];
      readonly suggests: readonly Suggestion[];
    }
  | { readonly status: 'unknown'; readonly because: string; readonly evidence: readonly string[]; readonly permission?: string };

export const pass = (because: string, evidence: readonly string[] = []): Verdict => ({ status: 'pass', because, evidence });
export const fail = (because: string, evidence: readonly string[] = [], suggests: readonly Suggestion[] = []): Verdict => ({
  status: 'fail',
  because,
  evidence,
  suggests,
});
export const unknown = (because: string, evidence: readonly string[] = [], permission?: string): Verdict => ({
  status: 'unknown',
  because,
  evidence,
  ...(permission !== undefined && { permission }),
});

export type Example<A> = {
  readonly name: string;
  readonly facts: A;
  /** Defaults to a service that names a load balancer and nothing else. */
  readonly service?: Partial<Service>;
  readonly now?: string;
  readonly verdict: Verdict['status'];
  /** Must occur in `because` or in the evidence: the exact resource. */
  readonly names?: readonly string[];
  readonly suggests?: readonly string[];
};

/** One item of the checklist that AWS can answer: read-only, pure, in the words of a tired person. The id states the good state. */
export type Check<N extends Needs = Needs> = {
  readonly id: string;
  readonly title: string;
  /** What it looks at, one line, printed on paper too. */
  readonly looksAt: string;
  /** Its line is worth reading whatever it is: the headline shows it under this word. */
  readonly tells?: string;
  readonly needs: (service: Service) => N;
  readonly evaluate: (facts: Answers<N>, service: Service, now: string) => Verdict;
  readonly examples: readonly [Example<Answers<N>>, Example<Answers<N>>, ...Example<Answers<N>>[]];
};
export const defineCheck = <N extends Needs>(check: Check<N>): Check<N> => check;

/** What a registry holds: fact types are closed over, so unlike checks share one list. */
export type AnyCheck = {
  readonly id: string;
  readonly title: string;
  readonly looksAt: string;
  readonly tells?: string;
  readonly needs: (service: Service) => Needs;
  /** Unknown by itself when a fact that it cannot do without could not be read. */
  readonly evaluate: (facts: Readonly<Record<string, unknown>>, service: Service, now: string) => Verdict;
  readonly examples: readonly Example<Readonly<Record<string, unknown>>>[];
};

export const sealCheck = <N extends Needs>(check: Check<N>): AnyCheck => ({
  id: check.id,
  title: check.title,
  looksAt: check.looksAt,
  ...(check.tells !== undefined && { tells: check.tells }),
  needs: check.needs,
  examples: check.examples as unknown as AnyCheck['examples'],
  evaluate: (facts, service, now) => {
    const needs: Readonly<Record<string, Fact>> = check.needs(service);
    for (const [name, { optional }] of Object.entries(needs)) {
      const answer = facts[name];
      if (optional !== true && isUnreadable(answer)) return unknown(answer.because, [], answer.permission);
    }
    return check.evaluate(facts as Answers<N>, service, now);
  },
});
