import { promises as dns } from 'node:dns';
import type { Clock, FactReader, Facts } from '../../ports.ts';
import type { Fact, Needs, Unreadable } from '../../runbook/facts.ts';
import type { Service } from '../../runbook/service.ts';
import type { ReadAccess } from './clients.ts';
import { createLimiter, DEFAULT_LIMITS, type Limits } from './facts/limits.ts';
import { type CallRecord, createLook, createMemory, type Look, type ResolveName, type Surroundings } from './facts/look.ts';
import { createPace } from './facts/pace.ts';
import { FETCHERS } from './facts/registry.ts';
import { ReadFailure } from './read-failure.ts';

/** A reader that also tells which calls it made. */
export type CountingReader = FactReader & { readonly calls: () => readonly CallRecord[] };
export type AwsFacts = { readonly open: (...options: Parameters<Facts['open']>) => CountingReader };

const resolveByDns: ResolveName = async (host, type) => {
  if (type === 'A') return dns.resolve4(host);
  return type === 'CNAME' ? dns.resolveCname(host) : dns.resolveNs(host);
};

/** Reads facts from AWS. What it cannot read is an `Unreadable`; it never rejects. */
export const createFacts = (options: {
  readonly access: ReadAccess;
  readonly region: string;
  readonly services: (id: string) => Service | undefined;
  /** Dates what is asked of the past: metrics, the trail. */
  readonly clock: Clock;
  readonly limits?: Partial<Limits>;
  readonly resolve?: ResolveName;
  /** Told of what is our own mistake: the fact is then unreadable, and the rest goes on. */
  readonly onDefect?: (error: unknown) => void;
}): AwsFacts => {
  const { onDefect = () => undefined, resolve = resolveByDns, limits: changed, ...given } = options;
  const limits = { ...DEFAULT_LIMITS, ...changed };
  const surroundings: Surroundings = {
    ...given,
    limits,
    resolve,
    fetchers: FETCHERS,
    limited: createLimiter(limits.concurrentCalls),
    paced: createPace(limits.trailIntervalMs),
  };

  const unreadableOf = ({ kind }: Fact, error: unknown): Unreadable => {
    if (error instanceof ReadFailure) return error.unreadable;
    onDefect(error);
    return { unreadable: 'failed', because: `The bot stumbled while reading ${kind}: ${String(error)}` };
  };
  const answerOf = (look: Look, fact: Fact): Promise<unknown> =>
    look.fact(fact.kind, fact.params as never).catch((error: unknown) => unreadableOf(fact, error));

  return {
    open: ({ deadlineMs = limits.deadlineMs } = {}) => {
      const memory = createMemory();
      return {
        calls: () => memory.calls,
        gather: async (needs: Needs) => {
          const look = createLook(surroundings, memory, AbortSignal.timeout(deadlineMs));
          const entries = Object.entries(needs).map(async ([name, fact]) => [name, await answerOf(look, fact)] as const);
          return Object.fromEntries(await Promise.all(entries));
        },
      };
    },
  };
};
