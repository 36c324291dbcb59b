import { defineCheck, fail, pass, unknown } from '../../src/runbook/define-check.ts';
import type { DependencySeen, Network, ServiceMap } from '../../src/runbook/entities.ts';
import { fact } from '../../src/runbook/facts.ts';
import type { Service } from '../../src/runbook/service.ts';
import { aclEntry, network, orders, ordersService, withAcl, withRoutes } from './examples/network.ts';
import { serviceMap } from './examples/service-map.ts';
import { dependencyCrossings, judgeCrossings } from './path/acl-crossings.ts';
import { allBackends } from './path/ends.ts';
import { contains } from './path/ranges.ts';
import { deadEnd, routeTableOf } from './path/routes.ts';
import { dependencyHops, walk } from './path/security-hops.ts';
import { closedFirst } from './words/closed-first.ts';

/** Do the names of what the service depends on resolve, and is the way there open? Whether it answers, only a host can tell. */
export const dependenciesAreReachable = defineCheck({
  id: 'dependencies-are-reachable',
  title: 'Dependencies',
  looksAt:
    'What the service file names: resolves, its network interface, security groups, ACLs and routes from the targets to it.',
  needs: ({ id }) => ({
    map: fact('service-map', { serviceId: id }),
    network: fact('network', { serviceId: id }),
    dependencies: fact('dependencies', { serviceId: id }),
  }),
  evaluate: ({ map, network, dependencies }, service) => {
    if (map.loadBalancers.length === 0) return unknown(map.foundBy);
    if (dependencies.length === 0) return unknown('The service file names no dependency: look by hand.');
    const judged = dependencies.map((one) => judge(one, map, network, service));
    const evidence = judged.flatMap((one) => one.evidence);
    const [problem, ...more] = judged.flatMap(({ problems }) => problems);
    if (problem !== undefined) return fail(`${problem}${more.length > 0 ? ` (and ${more.length} more)` : ''}`, evidence);
    const hidden = network.notSeen?.securityGroups ?? network.notSeen?.acls ?? network.notSeen?.routeTables;
    if (hidden !== undefined) return unknown(hidden.because, evidence, hidden.permission);
    const [open] = judged.flatMap((one) => one.open);
    if (open !== undefined) return unknown(open, evidence);
    const names = dependencies.map(({ name, port, addresses }) => `${name} (${addresses.join(', ')}:${port})`).join(', ');
    return pass(`The way to ${names} is open; whether it answers was not tried.`, evidence);
  },
  examples: [
    {
      name: 'the way to the database is open',
      facts: { map: serviceMap(), network: network(), dependencies: [orders] },
      service: ordersService,
      verdict: 'pass',
      names: ['orders-db', '10.0.21.9', 'eni-db', 'acl-data', 'sg-db'],
    },
    {
      name: 'its security group does not admit the targets',
      facts: {
        map: serviceMap(),
        network: network({
          securityGroups: network().securityGroups.map((one) => (one.id === 'sg-db' ? { ...one, ingress: [] } : one)),
        }),
        dependencies: [orders],
      },
      service: ordersService,
      verdict: 'fail',
      names: ['sg-db', '5432', 'sg-web'],
    },
    {
      name: 'an ACL bites on the way',
      facts: {
        map: serviceMap(),
        network: withAcl('acl-data', (entries) => [aclEntry(20, 'in', 5432, 5432, '10.0.0.0/16', false), ...entries]),
        dependencies: [orders],
      },
      service: ordersService,
      verdict: 'fail',
      names: ['acl-data', 'rule 20'],
    },
    {
      name: 'no route leads to it',
      facts: {
        map: serviceMap(),
        network: withRoutes('rtb-app-1', (routes) =>
          routes.map((route) => (route.target === 'nat-1' ? { ...route, state: 'blackhole' } : route)),
        ),
        dependencies: [{ ...orders, name: 'payments', addresses: ['192.0.2.7'], interfaces: [] }],
      },
      service: { dependencies: [{ name: 'payments', host: 'pay.example.net', port: 443 }] },
      verdict: 'fail',
      names: ['rtb-app-1', 'payments'],
    },
    {
      name: 'its address is nobody’s in the VPC any more',
      facts: { map: serviceMap(), network: network(), dependencies: [{ ...orders, interfaces: [] }] },
      service: ordersService,
      verdict: 'fail',
      names: ['10.0.21.9', 'no network interface'],
    },
    {
      name: 'its name does not resolve from here, and may in the VPC',
      facts: {
        map: serviceMap(),
        network: network(),
        dependencies: [{ ...orders, addresses: [], interfaces: [], resolveError: 'ENOTFOUND for orders-db.shop.internal' }],
      },
      service: ordersService,
      verdict: 'unknown',
      names: ['orders-db.shop.internal', 'ENOTFOUND'],
    },
    {
      name: 'network ACLs may not be read, and nothing else is wrong',
      facts: {
        map: serviceMap(),
        network: network({
          acls: [],
          notSeen: { acls: { because: 'The bot may not call ec2:DescribeNetworkAcls.', permission: 'ec2:DescribeNetworkAcls' } },
        }),
        dependencies: [orders],
      },
      service: ordersService,
      verdict: 'unknown',
      names: ['ec2:DescribeNetworkAcls'],
    },
    {
      name: 'the service file names none',
      facts: { map: serviceMap(), network: network(), dependencies: [] },
      verdict: 'unknown',
      names: ['names no dependency'],
    },
  ],
});

type Judged = { readonly problems: readonly string[]; readonly open: readonly string[]; readonly evidence: readonly string[] };

/** What was not read is no rule that is missing. */
const judge = (seen: DependencySeen, map: ServiceMap, network: Network, service: Service): Judged => {
  const { name, host, port, addresses, interfaces, resolveError } = seen;
  const backends = allBackends(map, network);
  const group = service.dependencies.find((one) => one.name === name)?.securityGroup;
  const hops = (network.notSeen?.securityGroups ? [] : dependencyHops(backends, seen, group)).flatMap(
    (hop) => walk(hop, network.securityGroups) ?? [],
  );
  const crossings = judgeCrossings(dependencyCrossings(map, network, seen), network);
  const subnetIds = [...new Set(backends.flatMap(({ places }) => places.map(({ subnetId }) => subnetId)))];
  const deadEnds = new Set(
    subnetIds.flatMap((id) => {
      const table = routeTableOf(network, id);
      return addresses.flatMap((address) => (table && deadEnd(table, address, `targets → ${name}:${port}`)) ?? []);
    }),
  );
  const closed = [...hops, ...crossings].filter(({ open }) => !open).map(({ line }) => line);
  return {
    problems: [...gone(seen, network), ...closed, ...deadEnds],
    open:
      addresses.length > 0
        ? []
        : [`${name}: ${host} does not resolve from where the bot runs (${resolveError ?? 'no answer'}); it may inside the VPC.`],
    evidence: [
      `${name}: ${host}:${port} → ${addresses.join(', ') || resolveError || 'nothing'}`,
      ...interfaces.map(
        ({ id, address, subnetId, description, status }) =>
          `${name}: ${address} is ${id} (${description}, ${status}) in ${subnetId}`,
      ),
      ...closedFirst([...hops, ...crossings]),
      ...deadEnds,
    ],
  };
};

/** An address of one of the VPC's own subnets that no interface holds leads to nobody. */
const gone = ({ name, addresses, interfaces }: DependencySeen, { subnets }: Network): readonly string[] =>
  addresses
    .filter((address) => subnets.some(({ cidr }) => contains(cidr, address)))
    .filter((address) => !interfaces.some((one) => one.address === address))
    .map((address) => `${name}: no network interface has the address ${address} any more.`);
