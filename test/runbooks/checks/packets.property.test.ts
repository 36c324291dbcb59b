/**
 * The probes read rules; the simulated account walks packets. Over random rules both must come to the same end: a probe
 * fails exactly when some packet of the path does not arrive. Ranges are drawn so that a subnet is in or out as a whole,
 * as the probes take the load balancer's nodes for their whole subnets.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checks } from '../../../runbooks/index.ts';
import { aclEntry, securityRule } from '../../../sandbox/aws/world/fixtures/network.ts';
import { instancePlace } from '../../../sandbox/aws/world/physics/app.ts';
import { placeOf, walkIn, walkInside } from '../../../sandbox/aws/world/physics/packet-walk.ts';
import { securityGroupOf } from '../../../sandbox/aws/world/state/find.ts';
import type { AclEntry, SecurityRule } from '../../../sandbox/aws/world/state/network.ts';
import type { WorldState } from '../../../sandbox/aws/world/state/state.ts';
import { openProbeAccount, type ProbeAccount } from '../../../sandbox/probe-account.ts';

/** The same runs each time, so that how many of them fail is known. */
const RUNS = { numRuns: 80, seed: 20_260_105 };
/** Of the runs so many at least end each way, else one of the two would hardly be tried. */
const EACH_WAY_MIN = 15;
const APP_PORT = 8080;
const CLIENT_IP = '198.51.100.23';
const RANGES = ['0.0.0.0/0', '10.0.0.0/16', '10.0.0.0/24', '10.0.1.0/24', '10.0.16.0/20', '10.0.32.0/20', '172.16.0.0/12'];
const PORTS: readonly (readonly [number, number])[] = [
  [443, 443],
  [80, 80],
  [8080, 8080],
  [8000, 8100],
  [8081, 9000],
  [1024, 65_535],
  [32_768, 65_535],
  [0, 65_535],
];

let account: ProbeAccount;
beforeAll(async () => {
  account = await openProbeAccount();
});
afterAll(() => account.close());

/** Every packet of client → load balancer → targets, by the physics of the simulated account. */
const allArrive = (): boolean => {
  const { state, shop } = account.world;
  const [balancer] = state.loadBalancers;
  const nodes = (balancer?.nodes ?? []).map(({ interfaceId, publicIp }) => ({ ...placeOf(state, interfaceId), publicIp }));
  const targets = shop.instanceIds().map((id) => instancePlace(state, id)!);
  return nodes.every(
    (node) =>
      [443, 80].every((port) => walkIn(state, CLIENT_IP, node, port).arrives) &&
      targets.every((target) => walkInside(state, node, target, APP_PORT).arrives),
  );
};

/** The verdict on the path alone: what the targets depend on is another question. */
const verdictOf = async (checkId: string) => {
  const check = checks.find(({ id }) => id === checkId)!;
  const { service } = account;
  const facts = await account.facts.open().gather(check.needs(service));
  return check.evaluate({ ...facts, dependencies: [] }, service, new Date(account.clock.now()).toISOString());
};

/** Puts rules in place for one comparison, and the old ones back. */
const during = async (change: (state: WorldState) => () => void, look: () => Promise<void>): Promise<void> => {
  const undo = account.world.act(change);
  try {
    await look();
  } finally {
    account.world.act(undo);
  }
};
const agrees = async (checkId: string): Promise<void> => {
  const { status, because } = await verdictOf(checkId);
  expect(status, because).toBe(allArrive() ? 'pass' : 'fail');
};

/** Most rules stay: with many gone nothing would arrive any more. */
const mostly = fc.oneof({ weight: 19, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) });
const port = fc.constantFrom(...PORTS);
const range = fc.constantFrom(...RANGES);

const entry = fc.record({ number: fc.integer({ min: 1, max: 200 }), egress: fc.boolean(), allow: mostly, port, range });
const acl = fc.record({ kept: fc.array(mostly, { minLength: 6, maxLength: 6 }), added: fc.array(entry, { maxLength: 4 }) });

/** The last rule stays; of two with one number in one direction the first counts, as there can be no two. */
const changed = (entries: readonly AclEntry[], { kept, added }: typeof acl extends fc.Arbitrary<infer T> ? T : never) => {
  const old = entries.filter((one, index) => one.RuleNumber === 32_767 || (kept[index % kept.length] ?? true));
  const more = added.map(({ number, egress, allow, port: [from, to], range: cidr }) =>
    aclEntry({ number, egress, allow, from, to, cidr }),
  );
  const all = [...old, ...more];
  return all.filter(
    (one, index) => all.findIndex((other) => other.RuleNumber === one.RuleNumber && other.Egress === one.Egress) === index,
  );
};

it('network ACLs: the probe agrees with the packets', { timeout: 60_000 }, async () => {
  let failed = 0;
  await fc.assert(
    fc.asyncProperty(acl, acl, async (forPublic, forApp) => {
      const { shop } = account.world;
      const plans = new Map([
        [shop.publicAclId, forPublic],
        [shop.appAclId, forApp],
      ]);
      await during(
        ({ networkAcls }) => {
          const before = networkAcls.map((one) => ({ one, Entries: one.Entries }));
          for (const one of networkAcls) {
            const plan = plans.get(one.NetworkAclId);
            if (plan !== undefined) one.Entries = changed(one.Entries, plan);
          }
          return () => {
            for (const { one, Entries } of before) one.Entries = Entries;
          };
        },
        async () => {
          await agrees('network-acls-admit-the-path');
          if (!allArrive()) failed += 1;
        },
      );
    }),
    RUNS,
  );
  expect(failed).toBeGreaterThan(EACH_WAY_MIN);
  expect(failed).toBeLessThan(RUNS.numRuns - EACH_WAY_MIN);
});

it('security groups: the probe agrees with the packets', { timeout: 60_000 }, async () => {
  const peer = fc.oneof(
    range.map((cidr) => ({ cidr })),
    fc.constantFrom('balancerGroupId', 'appGroupId', 'databaseGroupId').map((group) => ({ group }) as const),
  );
  const rule = fc.record({ at: fc.constantFrom('balancerGroupId', 'appGroupId'), egress: fc.boolean(), port, peer });
  const kept = fc.array(mostly, { minLength: 5, maxLength: 5 });
  let failed = 0;
  await fc.assert(
    fc.asyncProperty(kept, fc.array(rule, { maxLength: 5 }), async (keeps, rules) => {
      const { shop } = account.world;
      await during(
        (state) => {
          const groups = [shop.balancerGroupId, shop.appGroupId].map((id) => securityGroupOf(state, id));
          const before = groups.map((group) => ({ group, rules: group.rules }));
          let seen = 0;
          for (const group of groups) group.rules = group.rules.filter(() => keeps[seen++] ?? true);
          for (const {
            at,
            egress,
            port: [from, to],
            peer: other,
          } of rules) {
            const made = securityRule(
              state,
              egress,
              from,
              'group' in other ? { groupId: shop[other.group] } : { cidr: other.cidr },
            );
            const group = securityGroupOf(state, shop[at]);
            group.rules = [...group.rules, { ...made, to } satisfies SecurityRule];
          }
          return () => {
            for (const { group, rules: old } of before) group.rules = old;
          };
        },
        async () => {
          await agrees('security-groups-admit-the-path');
          if (!allArrive()) failed += 1;
        },
      );
    }),
    RUNS,
  );
  expect(failed).toBeGreaterThan(EACH_WAY_MIN);
  expect(failed).toBeLessThan(RUNS.numRuns - EACH_WAY_MIN);
});
