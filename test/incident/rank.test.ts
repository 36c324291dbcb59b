import { describe, expect, it } from 'vitest';
import { rankFixes } from '../../src/incident/rank.ts';
import type { Incident } from '../../src/incident/state.ts';
import type { AnyFix } from '../../src/runbook/define-fix.ts';
import { catalogue, check, incident, plan, run, stopped } from '../slack/kit.ts';

const order = (changes: Partial<Incident>, fixes = catalogue.fixes) =>
  rankFixes(incident(changes), { ...catalogue, fixes }).map(({ fixId, input }) =>
    [fixId, ...Object.values(input ?? {})].join(' '),
  );
const failing = { checks: { 'load-balancer-and-instances': check() } };
const fix = (id: string, rank: AnyFix['rank']): AnyFix => ({ ...catalogue.fixes[0]!, id, title: id, rank });

describe('the fixes that may help, best first', () => {
  it('begin with what a failing check points to, though others are quicker', () => {
    expect(order(failing)).toEqual(['snapshot-then-terminate i-0a1', 'scale-to-one']);
    expect(rankFixes(incident(failing), catalogue)[0]).toMatchObject({
      suggested: true,
      input: { instanceId: 'i-0a1' },
      why: 'i-0a1 alone answers 502',
      promise: 'in about 90 s, can be undone until the last step, touches one instance',
    });
  });

  it('without a suggestion say when they fit, what can be undone before what cannot, the quicker first', () => {
    const always = { undo: 'always', blastRadius: 'group' } as const;
    const fixes = [
      fix('a-never', { secondsToEffect: 1, undo: 'never', blastRadius: 'one-instance' }),
      fix('b-slow', { secondsToEffect: 200, ...always }),
      fix('c-quick', { secondsToEffect: 20, ...always }),
      fix('d-quick-and-small', { secondsToEffect: 20, undo: 'always', blastRadius: 'one-instance' }),
      fix('e-quick-until', { secondsToEffect: 20, undo: 'until-last-step', blastRadius: 'one-instance' }),
    ];
    expect(order({}, fixes)).toEqual(['d-quick-and-small', 'c-quick', 'e-quick-until', 'b-slow', 'a-never']);
    expect(rankFixes(incident(), catalogue)[0]?.why).toBe('when scale-to-one fits');
  });

  it('put what was tried before behind what was not, with what came of it', () => {
    expect(order({ ...failing, runs: { r1: stopped() } })).toEqual(['scale-to-one', 'snapshot-then-terminate i-0a1']);
    expect(rankFixes(incident({ ...failing, runs: { r1: stopped() } }), catalogue)[1]?.tried).toContain('Stopped by');
  });

  it('leave out what is under way, for its target only', () => {
    const running = run({ status: 'running' });
    expect(order({ ...failing, runs: { r1: running } })).toEqual(['scale-to-one']);
    const other = run({ status: 'running', plan: plan({ input: { instanceId: 'i-0a2' } }) });
    expect(order({ ...failing, runs: { r1: other } })).toEqual(['snapshot-then-terminate i-0a1', 'scale-to-one']);
    expect(order({ ...failing, runs: { r1: run() } })).toContain('snapshot-then-terminate i-0a1');
  });

  it('name a target once, however many checks point to it, and nothing that has passed since', () => {
    const both = { 'load-balancer-and-instances': check(), 'security-groups': check() };
    expect(order({ checks: both })).toEqual(['snapshot-then-terminate i-0a1', 'scale-to-one']);
    expect(order({ checks: { 'load-balancer-and-instances': check({ state: 'pass' }) } })).toEqual([
      'scale-to-one',
      'snapshot-then-terminate',
    ]);
  });
});
