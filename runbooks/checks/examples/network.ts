import type { AclEntry, DependencySeen, Network, NetworkAcl, PortRule, RouteTable } from '../../../src/runbook/entities.ts';
import { securityGroup } from './service-map.ts';

/** TCP on one port; on every port and protocol without one. */
export const ruleFrom = (id: string, port: number | undefined, peer: Pick<PortRule, 'cidr' | 'cidr6' | 'groupId'>): PortRule => ({
  id,
  protocol: port === undefined ? '-1' : 'tcp',
  fromPort: port ?? 0,
  toPort: port ?? 65_535,
  ...peer,
});

export const aclEntry = (number: number, way: 'in' | 'out', from: number, to: number, cidr: string, allow = true): AclEntry => ({
  number,
  egress: way === 'out',
  allow,
  protocol: 'tcp',
  fromPort: from,
  toPort: to,
  cidr,
});

const subnetIds = (kind: string): readonly string[] => [1, 2, 3].map((n) => `subnet-${kind}-${n}`);
const VPC = '10.0.0.0/16';
const ANYWHERE = '0.0.0.0/0';

const ACLS: readonly NetworkAcl[] = [
  {
    id: 'acl-public',
    subnetIds: subnetIds('public'),
    isDefault: false,
    entries: [
      aclEntry(100, 'in', 443, 443, ANYWHERE),
      aclEntry(110, 'in', 1024, 65_535, ANYWHERE),
      aclEntry(100, 'out', 8080, 8080, VPC),
      aclEntry(110, 'out', 1024, 65_535, ANYWHERE),
    ],
  },
  {
    id: 'acl-app',
    subnetIds: subnetIds('app'),
    isDefault: false,
    entries: [
      aclEntry(100, 'in', 8080, 8080, VPC),
      aclEntry(110, 'in', 1024, 65_535, ANYWHERE),
      aclEntry(100, 'out', 5432, 5432, VPC),
      aclEntry(110, 'out', 443, 443, ANYWHERE),
      aclEntry(120, 'out', 1024, 65_535, VPC),
    ],
  },
  {
    id: 'acl-data',
    subnetIds: subnetIds('data'),
    isDefault: false,
    entries: [aclEntry(100, 'in', 5432, 5432, VPC), aclEntry(100, 'out', 1024, 65_535, VPC)],
  },
];

const LOCAL = { destination: VPC, target: 'local', state: 'active' };
const ROUTE_TABLES: readonly RouteTable[] = [
  { id: 'rtb-data', main: true, subnetIds: [], routes: [LOCAL] },
  {
    id: 'rtb-public',
    main: false,
    subnetIds: subnetIds('public'),
    routes: [LOCAL, { destination: ANYWHERE, target: 'igw-1', state: 'active' }],
  },
  ...[1, 2, 3].map((n) => ({
    id: `rtb-app-${n}`,
    main: false,
    subnetIds: [`subnet-app-${n}`],
    routes: [LOCAL, { destination: ANYWHERE, target: `nat-${n}`, state: 'active' }],
  })),
];

/** The network under `serviceMap()`, open as it should be. */
export const network = (changed: Partial<Network> = {}): Network => ({
  vpcCidrs: [VPC],
  subnets: [1, 2, 3].flatMap((n) => {
    const common = { zone: `eu-west-3${'abc'[n - 1]}`, vpcId: 'vpc-1', freeAddresses: 200 };
    return [
      { id: `subnet-public-${n}`, cidr: `10.0.${n}.0/24`, ...common },
      { id: `subnet-app-${n}`, cidr: `10.0.1${n}.0/24`, ...common },
      { id: `subnet-data-${n}`, cidr: `10.0.2${n}.0/24`, ...common },
    ];
  }),
  acls: ACLS,
  routeTables: ROUTE_TABLES,
  securityGroups: [
    securityGroup('sg-alb', {
      ingress: [ruleFrom('sgr-alb-443', 443, { cidr: ANYWHERE })],
      egress: [ruleFrom('sgr-alb-out', undefined, { cidr: ANYWHERE })],
    }),
    securityGroup('sg-web', {
      ingress: [ruleFrom('sgr-web-8080', 8080, { groupId: 'sg-alb' })],
      egress: [ruleFrom('sgr-web-out', undefined, { cidr: ANYWHERE })],
    }),
    securityGroup('sg-db', { ingress: [ruleFrom('sgr-db-5432', 5432, { groupId: 'sg-web' })] }),
  ],
  endpoints: [],
  ...changed,
});

/** With the rules of one ACL changed. */
export const withAcl = (id: string, change: (entries: readonly AclEntry[]) => readonly AclEntry[]): Network =>
  network({ acls: ACLS.map((acl) => (acl.id === id ? { ...acl, entries: change(acl.entries) } : acl)) });

/** With the routes of one table changed. */
export const withRoutes = (id: string, change: (routes: RouteTable['routes']) => RouteTable['routes']): Network =>
  network({ routeTables: ROUTE_TABLES.map((table) => (table.id === id ? { ...table, routes: change(table.routes) } : table)) });

/** The database of the shop, in the third kind of subnet. */
export const orders: DependencySeen = {
  name: 'orders-db',
  host: 'orders-db.shop.internal',
  port: 5432,
  addresses: ['10.0.21.9'],
  interfaces: [
    {
      id: 'eni-db',
      address: '10.0.21.9',
      subnetId: 'subnet-data-1',
      securityGroupIds: ['sg-db'],
      description: 'RDSNetworkInterface',
      status: 'in-use',
    },
  ],
};
export const ordersService = { dependencies: [{ name: 'orders-db', host: 'orders-db.shop.internal', port: 5432 }] };
