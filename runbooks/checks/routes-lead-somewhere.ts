import { defineCheck, fail, pass, unknown } from '../../src/runbook/define-check.ts';
import type { DependencySeen, Network, RouteTable, ServiceMap } from '../../src/runbook/entities.ts';
import { fact, isUnreadable, maybe } from '../../src/runbook/facts.ts';
import type { Service } from '../../src/runbook/service.ts';
import { network, orders, withRoutes } from './examples/network.ts';
import { serviceMap } from './examples/service-map.ts';
import { allBackends, balancerPlaces, isPublic } from './path/ends.ts';
import { EVERYWHERE } from './path/ranges.ts';
import { deadEnd, familiesOf, isBlackhole, isInternetGateway, routeTableOf, routeTo } from './path/routes.ts';
import { notWalked } from './words/not-walked.ts';

/** Do the subnets' routes lead users in, requests on, and the instances out to what they need? */
export const routesLeadSomewhere = defineCheck({
  id: 'routes-lead-somewhere',
  title: 'Routes',
  looksAt: 'Internet gateway for public load balancers, NAT or endpoints for the instances, ways to dependencies, blackholes.',
  needs: ({ id }) => ({
    map: fact('service-map', { serviceId: id }),
    network: fact('network', { serviceId: id }),
    dependencies: maybe(fact('dependencies', { serviceId: id })),
  }),
  evaluate: ({ map, network, dependencies }, service) => {
    if (map.loadBalancers.length === 0) return unknown(map.foundBy);
    const hidden = network.notSeen?.routeTables;
    if (hidden !== undefined) return unknown(hidden.because, [], hidden.permission);
    const subnets = subnetsOf(map, network);
    const lost = [...subnets.balancer, ...subnets.target].filter((id) => routeTableOf(network, id) === undefined);
    if (lost.length > 0) return unknown(`${lost.join(', ')}: no route table was found for it.`);
    const seen = isUnreadable(dependencies) ? [] : dependencies;
    const problems = [
      ...new Set([
        ...waysIn(map, network),
        ...waysBetween(subnets, network),
        ...waysOut(subnets.target, network, service),
        ...waysToDependencies(subnets.target, network, seen),
      ]),
    ];
    const evidence = [
      ...problems,
      ...tableLines([...subnets.balancer, ...subnets.target], network),
      ...(isUnreadable(dependencies) ? [dependencies.because] : []),
    ];
    const [first] = problems;
    if (first !== undefined) return fail(`${first}${problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''}`, evidence);
    const tables = new Set([...subnets.balancer, ...subnets.target].map((id) => routeTableOf(network, id)?.id));
    return pass(
      `Every way of the service leads somewhere: ${tables.size} route tables read.${notWalked(dependencies)}`,
      evidence,
    );
  },
  examples: [
    {
      name: 'in by an internet gateway, out by NAT gateways',
      facts: { map: serviceMap(), network: network(), dependencies: [orders] },
      verdict: 'pass',
      names: ['rtb-public', 'igw-1', 'nat-1'],
    },
    {
      name: 'the way in is a blackhole',
      facts: {
        map: serviceMap(),
        network: withRoutes('rtb-public', (routes) =>
          routes.map((route) => (route.target === 'igw-1' ? { ...route, state: 'blackhole' } : route)),
        ),
        dependencies: [],
      },
      verdict: 'fail',
      names: ['rtb-public', '0.0.0.0/0', 'igw-1', 'blackhole'],
    },
    {
      name: 'a public load balancer in a subnet that leads to a NAT gateway',
      facts: {
        map: serviceMap(),
        network: withRoutes('rtb-public', (routes) =>
          routes.map((route) => (route.target === 'igw-1' ? { ...route, target: 'nat-9' } : route)),
        ),
        dependencies: [],
      },
      verdict: 'fail',
      names: ['rtb-public', 'nat-9', 'internet gateway'],
    },
    {
      name: 'one of three application subnets has lost its way out',
      facts: {
        map: serviceMap(),
        network: withRoutes('rtb-app-2', (routes) => routes.filter(({ target }) => target === 'local')),
        dependencies: [],
      },
      verdict: 'fail',
      names: ['rtb-app-2', '0.0.0.0/0'],
    },
    {
      name: 'a blackhole that nothing of the service takes is told, and no failure',
      facts: {
        map: serviceMap(),
        network: withRoutes('rtb-app-1', (routes) => [
          ...routes,
          { destination: '10.9.0.0/16', target: 'pcx-old', state: 'blackhole' },
        ]),
        dependencies: [],
      },
      verdict: 'pass',
      names: ['rtb-app-1', 'pcx-old'],
    },
    {
      name: 'the way to a dependency by a peering that is gone',
      facts: {
        map: serviceMap(),
        network: withRoutes('rtb-app-1', (routes) => [
          ...routes,
          { destination: '10.9.0.0/16', target: 'pcx-old', state: 'blackhole' },
        ]),
        dependencies: [{ ...orders, addresses: ['10.9.0.7'], interfaces: [] }],
      },
      verdict: 'fail',
      names: ['rtb-app-1', 'pcx-old', 'orders-db'],
    },
    {
      name: 'private subnets without any way out are as somebody wanted them',
      facts: {
        map: serviceMap(),
        network: network({
          routeTables: network().routeTables.map((table) =>
            table.id.startsWith('rtb-app')
              ? { ...table, routes: table.routes.filter(({ target }) => target === 'local') }
              : table,
          ),
        }),
        dependencies: [],
      },
      verdict: 'pass',
    },
    {
      name: 'unless the role has work to do, which takes a way to AWS',
      facts: {
        map: serviceMap(),
        network: network({
          routeTables: network().routeTables.map((table) =>
            table.id.startsWith('rtb-app')
              ? { ...table, routes: table.routes.filter(({ target }) => target === 'local') }
              : table,
          ),
        }),
        dependencies: [],
      },
      service: { iamActions: [{ action: 'sqs:SendMessage', resource: '*' }] },
      verdict: 'fail',
      names: ['rtb-app-1', 'endpoint'],
    },
    {
      name: 'route tables may not be read',
      facts: {
        map: serviceMap(),
        network: network({
          routeTables: [],
          notSeen: {
            routeTables: { because: 'The bot may not call ec2:DescribeRouteTables.', permission: 'ec2:DescribeRouteTables' },
          },
        }),
        dependencies: [],
      },
      verdict: 'unknown',
    },
  ],
});

type Subnets = { readonly balancer: readonly string[]; readonly target: readonly string[] };
const subnetsOf = (map: ServiceMap, network: Network): Subnets => ({
  balancer: [...new Set(map.loadBalancers.flatMap(({ subnets }) => subnets.map(({ subnetId }) => subnetId)))],
  target: [...new Set(allBackends(map, network).flatMap(({ places }) => places.map(({ subnetId }) => subnetId)))],
});

const waysIn = (map: ServiceMap, network: Network): readonly string[] =>
  map.loadBalancers.filter(isPublic).flatMap((balancer) =>
    balancerPlaces(balancer, network).flatMap(({ subnetId }) =>
      familiesOf(balancer).flatMap((family) => {
        const table = routeTableOf(network, subnetId);
        if (table === undefined) return [];
        const what = `${balancer.name} is public and needs an internet gateway`;
        const end = deadEnd(table, EVERYWHERE[family], what);
        if (end !== undefined) return [end];
        const route = routeTo(table, EVERYWHERE[family]);
        return route === undefined || isInternetGateway(route)
          ? []
          : [`${table.id}: ${route.destination} → ${route.target} (${what}).`];
      }),
    ),
  );

/** Inside the VPC the local route leads, unless a more specific one was put before it. */
const waysBetween = ({ balancer, target }: Subnets, network: Network): readonly string[] => {
  const cidrOf = (id: string): string => network.subnets.find((subnet) => subnet.id === id)?.cidr ?? '';
  const pairs = balancer.flatMap((from) =>
    target.flatMap(
      (to) =>
        [
          [from, to],
          [to, from],
        ] as const,
    ),
  );
  return pairs.flatMap(([from, to]) => {
    const table = routeTableOf(network, from);
    const cidr = cidrOf(to);
    return (table && cidr !== '' && deadEnd(table, cidr, 'between load balancer and targets')) || [];
  });
};

const waysOut = (subnetIds: readonly string[], network: Network, { iamActions }: Service): readonly string[] => {
  const tables = new Map(subnetIds.flatMap((id) => routeTableOf(network, id) ?? []).map((table) => [table.id, table]));
  const leading = [...tables.values()].map((table) => ({ table, route: routeTo(table, EVERYWHERE[4]) }));
  const somebodyGetsOut = leading.some(({ route }) => route !== undefined && !isBlackhole(route));
  return leading.flatMap(({ table, route }) => {
    if (route !== undefined) return deadEnd(table, EVERYWHERE[4], 'the way out of the targets') ?? [];
    if (somebodyGetsOut) return [`${table.id}: no route to ${EVERYWHERE[4]}, which the other subnets of the targets have.`];
    const wayToAws =
      network.notSeen?.endpoints !== undefined ||
      network.endpoints.some(({ type, routeTableIds }) => type === 'Interface' || routeTableIds.includes(table.id));
    if (iamActions.length === 0 || wayToAws) return [];
    return [`${table.id}: no NAT gateway and no endpoint: the targets cannot call ${iamActions[0]?.action}.`];
  });
};

const waysToDependencies = (subnetIds: readonly string[], network: Network, seen: readonly DependencySeen[]): readonly string[] =>
  seen.flatMap(({ name, port, addresses }) =>
    subnetIds.flatMap((id) => {
      const table = routeTableOf(network, id);
      return addresses.flatMap((address) => (table && deadEnd(table, address, `targets → ${name}:${port}`)) ?? []);
    }),
  );

const tableLines = (subnetIds: readonly string[], network: Network): readonly string[] => {
  const bySubnet = Map.groupBy(subnetIds, (id) => routeTableOf(network, id)?.id);
  return [...bySubnet].flatMap(([tableId, ids]) => {
    const table = network.routeTables.find(({ id }) => id === tableId);
    return table === undefined ? [] : [tableLine(table, ids)];
  });
};
const tableLine = ({ id, routes }: RouteTable, subnetIds: readonly string[]): string =>
  `${id} (${subnetIds.join(', ')}): ${routes
    .map((route) => `${route.destination} → ${route.target}${isBlackhole(route) ? ' BLACKHOLE' : ''}`)
    .join(', ')}`;
