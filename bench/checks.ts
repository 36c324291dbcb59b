/**
 * What all probes cost together: `npx node bench/checks.ts`. Calls and the critical path (what was waited for, one call
 * after another) of the shop, against an account with 200 targets, 60 groups and 20 ACLs. Each call is given the same
 * delay on the wire, so that the path is counted in calls and not in this machine's time.
 */

import { openProbeAccount, type ProbeOptions } from '../sandbox/probe-account.ts';
import type { CallRecord } from '../src/adapters/aws/facts/look.ts';

/** Wall milliseconds that each answer is held back: long against what the simulated account takes to think. */
const DELAY_MS = 400;
const DEADLINE_MS = 120_000;

type Cost = { readonly calls: number; readonly pathCalls: number; readonly wallMs: number; readonly chain: readonly string[] };

/** From the last answer back: each call is preceded by the one that ended last before it began. */
const criticalPath = (calls: readonly CallRecord[]): readonly CallRecord[] => {
  const byEnd = [...calls].sort((a, b) => b.endedMs - a.endedMs);
  const path: CallRecord[] = [];
  for (let next = byEnd[0]; next !== undefined; ) {
    path.unshift(next);
    const { startedMs } = next;
    next = byEnd.find(({ endedMs }) => endedMs <= startedMs);
  }
  return path;
};

const cost = async (options: ProbeOptions): Promise<Cost> => {
  const account = await openProbeAccount(options);
  // The read role is assumed once and long before: its session is not what is measured.
  await account.probe();
  account.faults.add({ effect: { kind: 'delay', ms: DELAY_MS } });
  const begun = performance.now();
  const { calls } = await account.probe({ deadlineMs: DEADLINE_MS });
  const wallMs = performance.now() - begun;
  await account.close();
  const path = criticalPath(calls);
  return { calls: calls.length, pathCalls: path.length, wallMs, chain: path.map(({ action }) => action) };
};

const [small, large] = [await cost({}), await cost({ scale: true })];
const print = (what: string, { calls, pathCalls, wallMs }: Omit<Cost, 'chain'>): void =>
  console.log(
    `${what.padEnd(40)}${String(calls).padStart(6)} calls${String(pathCalls).padStart(5)} in a row${(wallMs / DELAY_MS).toFixed(1).padStart(8)} × one call`,
  );
const ratio = (a: number, b: number): string => `${(a / b).toFixed(2)}×`;

console.log(`node ${process.versions.node}, every item of the checklist at once, ${DELAY_MS} ms for each call\n`);
print('the shop: 3 targets, 1 group, 3 ACLs', small);
print('large: 200 targets, 60 groups, 20 ACLs', large);
console.log(
  `\nlarge ÷ small: calls ${ratio(large.calls, small.calls)}, in a row ${ratio(large.pathCalls, small.pathCalls)}, wall ${ratio(large.wallMs, small.wallMs)}`,
);
console.log(`\nin a row (large): ${large.chain.join(' → ')}`);
