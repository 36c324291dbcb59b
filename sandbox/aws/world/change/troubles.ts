import type { Shop } from '../fixtures/shop.ts';
import type { World } from '../world.ts';
import type { Reversal } from './reversible.ts';

type Place = Pick<World, 'change' | 'state'> & { readonly shop: Shop };

export type Trouble = {
  /** What is wrong, in a sentence for whoever plays instructor. */
  readonly what: string;
  readonly begin: (place: Place) => Reversal;
};

const APP_PORT = 8_080;

const all =
  (reversals: readonly Reversal[]): Reversal =>
  () => {
    for (const reverse of [...reversals].reverse()) reverse();
  };

const onOne = (place: Place): string => {
  const [first] = place.shop.instanceIds();
  if (first === undefined) throw new Error('The shop has no instance in service.');
  return first;
};

/** Gone since the load balancer was replaced. */
const oldBalancer = (region: string): string => `shop-alb-old-1066149182.${region}.elb.amazonaws.com`;

const hostTroubles = {
  oneServes502: {
    what: 'One of the instances answers 502 to everything, its health check included, and does so again after a reboot.',
    begin: (place) => place.change.hosts.answerWith(onOne(place), 502, { onDisk: true }),
  },
  oneServes502Silently: {
    what: 'One of the instances answers 502 to users and 200 to its health check: the load balancer goes on using it.',
    begin: (place) => place.change.hosts.answerWith(onOne(place), 502, { healthToo: false }),
  },
  allServe502: {
    what: 'Every instance answers 502.',
    begin: ({ change, shop }) => all(shop.instanceIds().map((id) => change.hosts.answerWith(id, 502))),
  },
  processDown: {
    what: 'On one of the instances the process has ended.',
    begin: (place) => place.change.hosts.stopProcess(onOne(place)),
  },
  appHangs: {
    what: 'One of the instances accepts connections and does not answer.',
    begin: (place) => place.change.hosts.hang(onOne(place)),
  },
  instanceImpaired: {
    what: 'The host of one of the instances is impaired.',
    begin: (place) => place.change.hosts.impair(onOne(place)),
  },
  databaseDown: {
    what: 'The orders database listens no more.',
    begin: ({ change, shop }) => change.hosts.silence(shop.databaseIp),
  },
  badVersion: {
    what: 'One instance answers 502, and the launch template makes only such instances.',
    begin: (place) =>
      all([place.change.hosts.breakVersion(place.shop.groupName, 7), place.change.hosts.answerWith(onOne(place), 502)]),
  },
} as const satisfies Readonly<Record<string, Trouble>>;

const networkTroubles = {
  wrongTargetPort: {
    what: 'The targets are registered with a port that nothing listens on.',
    begin: ({ change, shop }) => change.balancers.setTargetPort(shop.targetGroupArn, 8_081),
  },
  wrongHealthPath: {
    what: 'The health check asks for a page that nobody has.',
    begin: ({ change, shop }) => change.balancers.setHealthCheck(shop.targetGroupArn, { path: '/healthz' }),
  },
  ingressRevoked: {
    what: 'The security group of the instances lets the load balancer in no more.',
    begin: ({ change, shop }) => change.network.revokeIngress(shop.appGroupId, APP_PORT),
  },
  groupSwapped: {
    what: 'The security group of the instances lets another group in than that of the load balancer.',
    begin: ({ change, shop }) => change.network.swapReferencedGroup(shop.appGroupId, APP_PORT, shop.databaseGroupId),
  },
  aclDenies: {
    what: 'The network ACL of the application subnets denies its port.',
    begin: ({ change, shop }) => change.network.denyInAcl(shop.appAclId, { port: APP_PORT }),
  },
  ephemeralClosed: {
    what: 'The network ACL of the application subnets lets no replies out.',
    begin: ({ change, shop }) => change.network.closeEphemeralPorts(shop.appAclId),
  },
  publicRouteGone: {
    what: 'The route of the public subnets to the internet leads nowhere.',
    begin: ({ change, shop }) => change.network.blackholeRoute(shop.publicSubnetIds[0]!),
  },
  oldBalancerInDns: {
    what: 'The name of the shop leads to a load balancer that is gone.',
    begin: ({ change, shop, state }) => change.balancers.pointName(shop.host, oldBalancer(state.region)),
  },
  certificateExpired: {
    what: 'The certificate of the shop has expired.',
    begin: ({ change, shop }) => change.balancers.expireCertificate(shop.host),
  },
} as const satisfies Readonly<Record<string, Trouble>>;

const accountTroubles = {
  roleDetached: {
    what: 'The instance profile of the instances has lost its role.',
    begin: ({ change }) => change.identities.detachRole('shop-web'),
  },
  explicitDeny: {
    what: 'A policy denies the application its configuration.',
    begin: ({ change }) => change.identities.deny('shop-web', 's3:GetObject'),
  },
  imageGone: {
    what: 'The image of the current launch template version is deregistered, and one instance has just been ended by hand.',
    begin: (place) => {
      const reverse = place.change.storage.deregisterImageOf(place.shop.groupName, 7);
      place.change.hosts.terminateInstance(onOne(place));
      return reverse;
    },
  },
  noCapacity: {
    what: 'EC2 has no capacity in any zone, and one instance has just been ended by hand.',
    begin: (place) => {
      const zones = ['a', 'b', 'c'].map((letter) => `${place.state.region}${letter}`);
      const reverse = place.change.storage.exhaustCapacity(...zones);
      place.change.hosts.terminateInstance(onOne(place));
      return reverse;
    },
  },
  scaledToZero: {
    what: 'Somebody has scaled the group to nothing.',
    begin: ({ change, shop }) => change.groups.resize(shop.groupName, { min: 0, desired: 0 }),
  },
} as const satisfies Readonly<Record<string, Trouble>>;

/** What may be wrong with the shop, by name. */
export const TROUBLES = { ...hostTroubles, ...networkTroubles, ...accountTroubles } as const;

export type TroubleName = keyof typeof TROUBLES;

export const TROUBLE_NAMES = Object.keys(TROUBLES) as readonly TroubleName[];
