import { describe, expect, it } from 'vitest';
import { createIdentity } from '../../../sandbox/aws/identity/identity.ts';
import { TROUBLE_NAMES, type TroubleName } from '../../../sandbox/aws/world/change/troubles.ts';
import { createManualClock } from '../../../src/adapters/clock.ts';
import { MINUTE, type Stage, stageShop } from './kit.ts';

const targets = (stage: Stage): readonly string[] =>
  stage.world.state.targetGroups[0]!.targets.map(({ state, reason }) => (reason === undefined ? state : `${state} ${reason}`));

const all = (state: string): readonly string[] => [state, state, state];

const HEALTHY = all('healthy');
const MISMATCH = 'unhealthy Target.ResponseCodeMismatch';
const TIMEOUT = 'unhealthy Target.Timeout';

/** Five minutes into each trouble: what the load balancer thinks of its targets, what users get, and why. */
const SYMPTOMS: Readonly<Record<TroubleName, readonly [targets: readonly string[], statuses: readonly number[], why: RegExp]>> = {
  oneServes502: [[MISMATCH, 'healthy', 'healthy'], [200], /answers 200/],
  oneServes502Silently: [HEALTHY, [200, 502], /answers 502/],
  allServe502: [all(MISMATCH), [502], /answers 502/],
  processDown: [['unhealthy Target.FailedHealthChecks', 'healthy', 'healthy'], [200], /answers 200/],
  appHangs: [[TIMEOUT, 'healthy', 'healthy'], [200], /answers 200/],
  instanceImpaired: [[...all('healthy')], [200], /answers 200/],
  databaseDown: [all(MISMATCH), [500], /cannot reach orders-db: Nothing listens at 10\.0\.64\.4:5432/],
  badVersion: [[MISMATCH, 'healthy', 'healthy'], [200], /answers 200/],
  wrongTargetPort: [all(TIMEOUT), [504], /admits no tcp 8081 outbound/],
  wrongHealthPath: [all(MISMATCH), [200], /answers 200/],
  ingressRevoked: [all(TIMEOUT), [504], /Security group sg-\S+ admits no tcp 8080 inbound/],
  groupSwapped: [all(TIMEOUT), [504], /Security group sg-\S+ admits no tcp 8080 inbound/],
  aclDenies: [all(TIMEOUT), [504], /Network ACL acl-\S+ rule 50 denies tcp 8080 inbound/],
  ephemeralClosed: [all(TIMEOUT), [504], /Network ACL acl-\S+ rule 32767 denies tcp 1024 outbound/],
  publicRouteGone: [HEALTHY, [0], /into a black hole/],
  oldBalancerInDns: [HEALTHY, [0], /leads to no load balancer/],
  certificateExpired: [HEALTHY, [0], /has expired/],
  roleDetached: [all(MISMATCH), [500], /its instance profile has no role/],
  explicitDeny: [all(MISMATCH), [500], /is refused s3:GetObject/],
  imageGone: [['healthy', 'healthy'], [200], /answers 200/],
  noCapacity: [['healthy', 'healthy'], [200], /answers 200/],
  scaledToZero: [[], [503], /No target is registered/],
};

const whys = (stage: Stage): string =>
  stage.world.users
    .possible(stage.world.shop.url)
    .map((reply) => reply.why)
    .join('\n');

describe('a shop without trouble', () => {
  it('serves users from each of its three instances', () => {
    const stage = stageShop();
    const { shop, users } = stage.world;
    const served = Array.from({ length: 9 }, () => users.request(shop.url));
    expect(new Set(served.map((reply) => reply.status))).toEqual(new Set([200]));
    expect(new Set(served.map((reply) => reply.servedBy))).toEqual(new Set(shop.instanceIds()));
    expect(targets(stage)).toEqual(HEALTHY);
  });

  it('sends those who come by HTTP to HTTPS', () => {
    expect(stageShop().world.users.request('http://shop.example.com/')).toEqual({ status: 301, why: 'Redirected to HTTPS.' });
  });
});

describe.each(TROUBLE_NAMES)('trouble %s', (trouble) => {
  const [expectedTargets, statuses, why] = SYMPTOMS[trouble];

  it('shows as it should', () => {
    const stage = stageShop({ trouble });
    expect([targets(stage), stage.statuses()]).toEqual([expectedTargets, statuses]);
    expect(whys(stage)).toMatch(why);
  });

  it('is over when it is reversed', () => {
    const stage = stageShop({ trouble });
    stage.world.endTrouble();
    stage.until(() => targets(stage).join() === HEALTHY.join() && stage.states() === 'InService InService InService');
    expect(stage.statuses()).toEqual([200]);
  });
});

describe('with an identity', () => {
  const staged = () => {
    const identity = createIdentity({
      clock: createManualClock(),
      newSecret: () => 'a secret of forty characters, more or less',
    });
    return { identity, stage: stageShop({ identity }) };
  };

  it.each(['roleDetached', 'explicitDeny'] as const)('%s is there for IAM to see, and is gone afterwards', (trouble) => {
    const { identity, stage } = staged();
    const { change, shop } = stage.world;
    const before = identity.snapshot();
    const reverse =
      trouble === 'roleDetached' ? change.identities.detachRole('shop-web') : change.identities.deny('shop-web', 's3:GetObject');
    expect(identity.snapshot()).not.toEqual(before);
    stage.wait(MINUTE);
    expect(stage.statuses()).toEqual([500]);
    reverse();
    stage.wait(MINUTE);
    expect([stage.statuses(), targets(stage)]).toEqual([[200], HEALTHY]);
    expect(identity.snapshot().instanceProfiles[shop.groupName]?.roleName).toBe('shop-web');
  });

  it('an application is refused what a policy of its role no longer allows', () => {
    const { identity, stage } = staged();
    identity.deleteRolePolicy('shop-web', 'read-config');
    stage.wait(MINUTE);
    expect(whys(stage)).toMatch(/is refused s3:GetObject/);
  });
});
