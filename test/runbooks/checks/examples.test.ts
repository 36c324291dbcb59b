/** Each check carries its examples; this runs them all, through the registry, as the bot runs them. */
import { describe, expect, test } from 'vitest';
import { checks } from '../../../runbooks/index.ts';
import { service } from '../../../src/runbook/service.ts';

const NOW = '2026-01-05T14:00:00.000Z';
const EXAMPLES_MIN = 4;
/** A change is no fault: this one only informs. */
const NEVER_FAILS = new Set(['recent-changes-are-known']);

describe.each(checks)('$id', (check) => {
  test.each(check.examples)('$name', (example) => {
    const described = service.parse({ id: 'shop', name: 'Shop', loadBalancer: 'shop-alb', ...example.service });
    const verdict = check.evaluate(example.facts, described, example.now ?? NOW);
    const said = [verdict.because, ...verdict.evidence].join('\n');
    expect(verdict.status, said).toBe(example.verdict);
    for (const line of [verdict.because, ...verdict.evidence]) expect(line).toMatch(/^\S.{0,398}\S$/);
    for (const name of example.names ?? []) expect(said).toContain(name);
    if (verdict.status === 'fail')
      expect(verdict.suggests.map(({ fixId }) => fixId)).toEqual(expect.arrayContaining([...(example.suggests ?? [])]));
    else expect(example.suggests ?? []).toEqual([]);
  });
  test('has enough examples, one of them unknown, and only asks for what it uses', () => {
    expect(check.examples.length).toBeGreaterThanOrEqual(EXAMPLES_MIN);
    expect(check.examples.map(({ verdict }) => verdict)).toEqual(
      expect.arrayContaining(NEVER_FAILS.has(check.id) ? ['pass', 'unknown'] : ['pass', 'fail', 'unknown']),
    );
    const needed = Object.keys(check.needs(service.parse({ id: 'shop', name: 'Shop', loadBalancer: 'shop-alb' }))).sort();
    for (const { facts } of check.examples) expect(Object.keys(facts).sort()).toEqual(needed);
  });
});
