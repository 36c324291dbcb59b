import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cidrHolds, freeAddress } from '../../../sandbox/aws/world/physics/addresses.ts';
import { agentReachable, instancePlace, placeAt } from '../../../sandbox/aws/world/physics/app.ts';
import { type Walk, walkIn, walkInside, walkOut } from '../../../sandbox/aws/world/physics/packet-walk.ts';
import { instanceOf } from '../../../sandbox/aws/world/state/find.ts';
import { type Stage, stageShop } from './kit.ts';

const CLIENT = '198.51.100.23';

const shopPlaces = ({ world }: Stage) => {
  const { state, shop } = world;
  const node = state.loadBalancers[0]!.nodes[0]!;
  return {
    node: { ...placeAt(state, state.interfaces.find((one) => one.id === node.interfaceId)!.ip)!, publicIp: node.publicIp },
    instance: instancePlace(state, shop.instanceIds()[0]!)!,
    neighbour: instancePlace(state, shop.instanceIds()[1]!)!,
    database: placeAt(state, shop.databaseIp)!,
  };
};

const outcome = (walk: Walk): string => (walk.arrives ? 'arrives' : walk.why);

type Row = readonly [sentence: string, change: (stage: Stage) => unknown, walk: (stage: Stage) => Walk, expected: RegExp];

const toApp = (stage: Stage): Walk => walkInside(stage.world.state, shopPlaces(stage).node, shopPlaces(stage).instance, 8_080);
const toDatabase = (stage: Stage): Walk =>
  walkInside(stage.world.state, shopPlaces(stage).instance, shopPlaces(stage).database, 5_432);
const fromClient = (stage: Stage): Walk => walkIn(stage.world.state, CLIENT, shopPlaces(stage).node, 443);
const toInternet = (stage: Stage): Walk => walkOut(stage.world.state, shopPlaces(stage).instance, 443);
const nothing = (): void => {};

const ROWS: readonly Row[] = [
  ['a client reaches the load balancer', nothing, fromClient, /^arrives$/],
  ['the load balancer reaches the application', nothing, toApp, /^arrives$/],
  ['the application reaches the database', nothing, toDatabase, /^arrives$/],
  ['the application reaches the internet by its NAT gateway', nothing, toInternet, /^arrives$/],
  [
    'nobody reaches an instance from the internet',
    nothing,
    (stage) => walkIn(stage.world.state, CLIENT, shopPlaces(stage).instance, 8_080),
    /has no public address/,
  ],
  [
    'the load balancer reaches no other port',
    nothing,
    (stage) => walkInside(stage.world.state, shopPlaces(stage).node, shopPlaces(stage).instance, 22),
    /Security group .* admits no tcp 22 outbound/,
  ],
  [
    'one instance does not reach another: the rule names the load balancer’s group',
    nothing,
    (stage) => walkInside(stage.world.state, shopPlaces(stage).neighbour, shopPlaces(stage).instance, 8_080),
    /admits no tcp 8080 inbound/,
  ],
  [
    'a denial on the way back stops it as well as one on the way there',
    ({ world }) => world.change.network.denyInAcl(world.shop.publicAclId, { port: 40_000 }),
    toApp,
    /rule 50 denies tcp 40000 inbound/,
  ],
  [
    'a denial with a higher number than the rule that allows changes nothing',
    ({ world }) => world.change.network.denyInAcl(world.shop.appAclId, { port: 8_080, number: 300 }),
    toApp,
    /^arrives$/,
  ],
  [
    'a denial for other addresses changes nothing',
    ({ world }) => world.change.network.denyInAcl(world.shop.appAclId, { port: 8_080, cidr: '10.9.0.0/16' }),
    toApp,
    /^arrives$/,
  ],
  [
    'ACLs do not see what stays in a subnet',
    ({ world }) => {
      world.change.network.denyInAcl(world.shop.appAclId, { port: 8_080 });
      world.change.network.swapReferencedGroup(world.shop.appGroupId, 8_080, world.shop.appGroupId);
    },
    (stage) => {
      const { instance } = shopPlaces(stage);
      return walkInside(stage.world.state, instance, { ...instance, ip: '10.0.16.200' }, 8_080);
    },
    /^arrives$/,
  ],
  [
    'a route into a black hole stops what goes out',
    ({ world }) => world.change.network.blackholeRoute(world.shop.appSubnetIds[0]!),
    toInternet,
    /sends 0\.0\.0\.0\/0 into a black hole/,
  ],
  [
    'a NAT gateway in a subnet without internet is of no use',
    ({ world }) => world.change.network.blackholeRoute(world.shop.publicSubnetIds[0]!),
    toInternet,
    /into a black hole/,
  ],
];

describe('a packet', () => {
  it.each(ROWS)('%s', (_, change, walk, expected) => {
    const stage = stageShop();
    change(stage);
    expect(outcome(walk(stage))).toMatch(expected);
  });

  it('of the agent finds its way by an interface endpoint when there is no way out', () => {
    const stage = stageShop();
    const { change, shop, state } = stage.world;
    const instance = instanceOf(state, shop.instanceIds()[0]!);
    change.network.blackholeRoute(shop.appSubnetIds[0]!);
    expect(agentReachable(state, instance)).toBe(false);
    const card = state.interfaces.find((one) => one.ip === shop.databaseIp)!;
    card.groupIds = [];
    state.networkAcls = state.networkAcls.filter((acl) => acl.Associations.every((one) => one.SubnetId !== card.subnetId));
    state.endpoints.push({
      VpcEndpointId: 'vpce-1',
      VpcEndpointType: 'Interface',
      VpcId: shop.vpcId,
      ServiceName: 'com.amazonaws.eu-west-3.ssm',
      State: 'available',
      RouteTableIds: [],
      SubnetIds: [card.subnetId],
      Groups: [],
      NetworkInterfaceIds: [card.id],
    });
    expect(agentReachable(state, instance)).toBe(true);
  });
});

describe('addresses', () => {
  it.each([
    ['10.0.16.0/20', '10.0.31.255', true],
    ['10.0.16.0/20', '10.0.32.0', false],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['192.0.2.7/32', '192.0.2.7', true],
    ['192.0.2.7/32', '192.0.2.8', false],
    // A range is what its mask says, whatever address it was written with.
    ['10.0.16.9/20', '10.0.16.1', true],
  ] as const)('%s holds %s: %s', (cidr, ip, holds) => {
    expect(cidrHolds(cidr, ip)).toBe(holds);
  });

  it('are given out from the fifth on, each once, until AWS’s own last one', () => {
    const taken = new Set<string>();
    for (let next = freeAddress('10.0.0.0/28', taken); next !== undefined; next = freeAddress('10.0.0.0/28', taken))
      taken.add(next);
    expect([...taken]).toEqual(Array.from({ length: 11 }, (_, index) => `10.0.0.${index + 4}`));
  });

  it('of a subnet lie within it', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.nat(255), fc.integer({ min: 16, max: 28 }), (a, b, bits) => {
        const cidr = `10.${a}.${b}.0/${bits}`;
        expect(cidrHolds(cidr, freeAddress(cidr, new Set())!)).toBe(true);
      }),
    );
  });
});
