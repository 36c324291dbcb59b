/** Whatever the group looks like: what the guards let pass is planned the same way twice, survives storage, and leaves somebody healthy. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixes } from '../../runbooks/index.ts';
import type { Plan, Prepared } from '../../src/runbook/define-fix.ts';
import { planFingerprint } from '../../src/runbook/fingerprint.ts';
import { SESSION_POLICY_MAX_CHARACTERS, sessionPolicyFor } from '../../src/runbook/permission.ts';
import { instance, member, RUN, record, shop, targetGroup, volume, type World } from './shop-facts.ts';

const idOf = (index: number) => `i-0${index.toString(16).padStart(2, '0')}`;
const ZONES = ['eu-west-3a', 'eu-west-3b', 'eu-west-3c'];
const MINIMUM = 'target_group_health.dns_failover.minimum_healthy_targets.count';

const node = fc.record({
  health: fc.constantFrom('healthy', 'healthy', 'healthy', 'unhealthy', 'initial'),
  second: fc.constantFrom('healthy', 'healthy', 'healthy', 'unhealthy'),
  state: fc.constantFrom(
    'InService',
    'InService',
    'InService',
    'InService',
    'InService',
    'InService',
    'InService',
    'InService',
    'Standby',
  ),
  zone: fc.constantFrom(...ZONES),
  spot: fc.boolean(),
  version: fc.constantFrom('6', '7'),
});
const settings = fc.record({
  nodes: fc.array(node, { minLength: 1, maxLength: 26 }),
  two: fc.boolean(),
  crossZone: fc.constantFrom(true, true, false),
  minimum: fc.constantFrom('off', '1', '2'),
  room: fc.nat({ max: 2 }),
  floor: fc.nat({ max: 3 }),
  suspended: fc.subarray(['AZRebalance', 'ReplaceUnhealthy', 'AlarmNotification']),
  volumes: fc.integer({ min: 1, max: 12 }),
});
type Settings = typeof settings extends fc.Arbitrary<infer T> ? T : never;

const worldOf = ({ nodes, two, crossZone, minimum, room, floor, suspended, volumes }: Settings): World =>
  shop((w) => {
    const group = w.group!;
    group.members = nodes.map(({ state, zone, version }, index) =>
      member(idOf(index), { lifecycleState: state, zone, launchTemplateVersion: version }),
    );
    group.desired = nodes.filter(({ state }) => state === 'InService').length;
    group.minSize = Math.min(floor, group.desired);
    group.maxSize = group.desired + room;
    group.suspendedProcesses = suspended;
    w.members = nodes.map(({ zone, spot }, index) => instance(idOf(index), { zone, spot }));
    w.instance = instance(idOf(0), { zone: nodes[0]!.zone });
    w.volumes = Array.from({ length: volumes }, (_, index) => volume(`vol-${index}`));
    const serving = nodes.map((one, index) => ({ ...one, id: idOf(index) })).filter(({ state }) => state === 'InService');
    w.targetGroups = (two ? ['shop-web', 'shop-api'] : ['shop-web']).map((name, index) => ({
      ...targetGroup(
        name,
        serving.map(({ id, zone, health, second }) => ({ id, port: 80, zone, state: index === 0 ? health : second })),
      ),
      crossZone,
      minimumHealthy: minimum === 'off' ? {} : { [MINIMUM]: minimum },
    }));
    group.targetGroupArns = w.targetGroups.map(({ arn }) => arn);
  });

const reversed = (world: World): World => {
  const other = structuredClone(world);
  other.group!.members.reverse();
  other.group!.suspendedProcesses.reverse();
  other.members.reverse();
  other.volumes.reverse();
  other.targetGroups.reverse();
  for (const { targets } of other.targetGroups) targets.reverse();
  return other;
};

const leavingBy = ({ steps }: Plan): readonly string[] =>
  steps.flatMap(({ calls }) =>
    calls.flatMap((call) =>
      call.api === 'autoscaling:DetachInstances' || call.api === 'autoscaling:EnterStandby' ? (call.input.InstanceIds ?? []) : [],
    ),
  );

const prepare = (id: string): Prepared => {
  const ready = fixes
    .find((fix) => fix.id === id)!
    .prepare({ groupName: 'shop-web', ...(id === 'scale-to-one' ? {} : { instanceId: idOf(0) }) });
  if ('invalid' in ready) throw new Error(ready.invalid);
  return ready;
};

describe.each(['scale-to-one', 'snapshot-then-terminate'])('%s', (id) => {
  it('is planned alike, survives storage, fits its sessions and leaves somebody healthy', () => {
    const prepared = prepare(id);
    let planned = 0;
    fc.assert(
      fc.property(settings, (drawn) => {
        const world = worldOf(drawn);
        const reports = prepared.look(world);
        expect(prepared.look(reversed(world)).map(({ result }) => result.outcome)).toEqual(
          reports.map(({ result }) => result.outcome),
        );
        if (reports.some(({ result }) => result.outcome === 'refuse')) return;
        planned += 1;
        const plan = prepared.preview(world, RUN);
        expect(prepared.preview(reversed(world), RUN)).toEqual(plan);
        const stored: Plan = JSON.parse(JSON.stringify(plan));
        expect(stored).toEqual(plan);
        expect(planFingerprint(stored, reports)).toBe(planFingerprint(plan, reports));
        expect(new Set(plan.steps.map((step) => step.id)).size).toBe(plan.steps.length);
        for (const step of plan.steps.filter(({ calls }) => calls.length > 0))
          expect(sessionPolicyFor(step, RUN).length).toBeLessThanOrEqual(SESSION_POLICY_MAX_CHARACTERS);
        const leaving = leavingBy(plan);
        for (const { targets } of world.targetGroups) {
          const healthy = targets.filter(({ state }) => state === 'healthy');
          if (healthy.length > 0) expect(healthy.some((target) => !leaving.includes(target.id))).toBe(true);
        }
        expect(world.group!.members.filter((one) => one.lifecycleState === 'InService' && leaving.includes(one.id))).toHaveLength(
          leaving.length,
        );
        expect(prepared.recheck(world, plan, plan.steps[0]!)).toBeUndefined();
      }),
      { numRuns: 400, seed: 7 },
    );
    expect(planned).toBeGreaterThan(60);
  });
});

it('an undo ends a replacement only when somebody healthy stays', () => {
  const fix = fixes.find(({ id }) => id === 'snapshot-then-terminate')!;
  let ended = 0;
  fc.assert(
    fc.property(settings, fc.boolean(), (drawn, comesBackHealthy) => {
      const before = worldOf({
        ...drawn,
        nodes: drawn.nodes.map((one, index) => (index === 0 ? { ...one, state: 'InService' } : one)),
      });
      const plan = prepare('snapshot-then-terminate').preview(before, RUN);
      const undo = fix.prepareUndo(record(plan, { detach: {}, replace: { seen: { replacementId: 'i-0ff' } } }));
      const swap = (world: World, from: string, to: string) => {
        world.group!.members = [...world.group!.members.filter(({ id }) => id !== from), member(to)];
        for (const targets of world.targetGroups)
          targets.targets = [
            ...targets.targets.filter(({ id }) => id !== from),
            { id: to, port: 80, zone: ZONES[0]!, state: 'healthy' },
          ];
      };
      const served = structuredClone(before);
      swap(served, idOf(0), 'i-0ff');
      if (undo.look(served).some(({ result }) => result.outcome === 'refuse')) return;
      const undoPlan = undo.preview(served, RUN);
      const both = structuredClone(served);
      both.group!.members.push(member(idOf(0)));
      both.group!.desired += 1;
      if (undoPlan.steps[0]!.id === 'raise-maximum') both.group!.maxSize += 1;
      for (const { targets } of both.targetGroups)
        targets.push({ id: idOf(0), port: 80, zone: ZONES[0]!, state: comesBackHealthy ? 'healthy' : 'unhealthy' });
      const end = undoPlan.steps.find(({ id }) => id === 'end-replacement')!;
      if (undo.recheck(both, undoPlan, end) !== undefined) return;
      ended += 1;
      for (const { targets } of both.targetGroups)
        expect(targets.some(({ id, state }) => id !== 'i-0ff' && state === 'healthy')).toBe(true);
    }),
    { numRuns: 400, seed: 11 },
  );
  expect(ended).toBeGreaterThan(60);
});

it('the registry is sorted, and every fix says when it fits', () => {
  const ids = fixes.map(({ id }) => id);
  expect(ids).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(ids.length);
  for (const { fits } of fixes) expect(fits).toMatch(/^[A-Z].*\.$/);
});
