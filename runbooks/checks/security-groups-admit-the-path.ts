import { defineCheck, fail, pass, unknown } from '../../src/runbook/define-check.ts';
import { fact, isUnreadable, maybe } from '../../src/runbook/facts.ts';
import { network, orders, ruleFrom } from './examples/network.ts';
import { IDS, instance, securityGroup, serviceMap, targetGroup } from './examples/service-map.ts';
import { dependencyHopsOf, pathHops, walk } from './path/security-hops.ts';
import { closedFirst } from './words/closed-first.ts';
import { notWalked } from './words/not-walked.ts';

/** Do the security groups let users through to the load balancer, it to the targets, and them to what they depend on? Both ends of each hop: allow only, stateful. */
export const securityGroupsAdmitThePath = defineCheck({
  id: 'security-groups-admit-the-path',
  title: 'Security groups',
  looksAt: 'Client → listener, load balancer → target and health check port, target → dependencies; both ends of each.',
  needs: ({ id }) => ({
    map: fact('service-map', { serviceId: id }),
    network: fact('network', { serviceId: id }),
    dependencies: maybe(fact('dependencies', { serviceId: id })),
  }),
  evaluate: ({ map, network, dependencies }, service) => {
    if (map.loadBalancers.length === 0) return unknown(map.foundBy);
    const hidden = network.notSeen?.securityGroups;
    if (hidden !== undefined) return unknown(hidden.because, [], hidden.permission);
    const seen = isUnreadable(dependencies) ? [] : dependencies;
    const hops = [
      ...pathHops(map, network),
      ...dependencyHopsOf(map, network, seen, (name) => service.dependencies.find((one) => one.name === name)?.securityGroup),
    ];
    const walked = hops.flatMap((hop) => walk(hop, network.securityGroups) ?? []);
    const evidence = [...closedFirst(walked), ...(isUnreadable(dependencies) ? [dependencies.because] : [])];
    const closed = walked.filter(({ open }) => !open);
    const [first] = closed;
    if (first !== undefined) return fail(`${first.line}${closed.length > 1 ? ` (and ${closed.length - 1} more)` : ''}`, evidence);
    const groups = new Set(walked.flatMap(({ hop }) => hop.at)).size;
    return pass(
      `The whole path is open: ${walked.length} hops through ${groups} security groups.${notWalked(dependencies)}`,
      evidence,
    );
  },
  examples: [
    {
      name: 'the whole path is open',
      facts: { map: serviceMap(), network: network(), dependencies: [] },
      verdict: 'pass',
      names: ['sgr-alb-443', 'sgr-web-8080'],
    },
    {
      name: 'the rule from the load balancer was revoked',
      facts: {
        map: serviceMap(),
        network: network({
          securityGroups: network().securityGroups.map((one) => (one.id === 'sg-web' ? { ...one, ingress: [] } : one)),
        }),
        dependencies: [],
      },
      verdict: 'fail',
      names: ['sg-web', '8080', 'sg-alb'],
    },
    {
      name: 'the rule names another group than the load balancer has',
      facts: {
        map: serviceMap(),
        network: network({
          securityGroups: network().securityGroups.map((one) =>
            one.id === 'sg-web' ? { ...one, ingress: [ruleFrom('sgr-web-8080', 8080, { groupId: 'sg-old' })] } : one,
          ),
        }),
        dependencies: [],
      },
      verdict: 'fail',
      names: ['sg-web', 'sg-old'],
    },
    {
      name: 'the health check has a port of its own that is closed',
      facts: {
        map: serviceMap({ targetGroups: [{ ...targetGroup(), healthCheck: { ...targetGroup().healthCheck, port: '9000' } }] }),
        network: network(),
        dependencies: [],
      },
      verdict: 'fail',
      names: ['9000'],
    },
    {
      name: 'users cannot reach the listener',
      facts: {
        map: serviceMap(),
        network: network({
          securityGroups: network().securityGroups.map((one) =>
            one.id === 'sg-alb' ? { ...one, ingress: [ruleFrom('sgr-office', 443, { cidr: '10.0.0.0/8' })] } : one,
          ),
        }),
        dependencies: [],
      },
      verdict: 'fail',
      names: ['sg-alb', '443', '10.0.0.0/8'],
    },
    {
      name: 'the targets may not leave to the database',
      facts: {
        map: serviceMap(),
        network: network({
          securityGroups: network().securityGroups.map((one) =>
            one.id === 'sg-web' ? { ...one, egress: [ruleFrom('sgr-out', 443, { cidr: '0.0.0.0/0' })] } : one,
          ),
        }),
        dependencies: [orders],
      },
      verdict: 'fail',
      names: ['sg-web', '5432', 'orders-db'],
    },
    {
      name: 'a load balancer without security groups (a network load balancer) is passed by',
      facts: {
        map: serviceMap({
          loadBalancers: [{ ...serviceMap().loadBalancers[0]!, type: 'network', securityGroupIds: [] }],
          instances: [instance('i-0a1', 0)],
        }),
        network: network({
          securityGroups: [
            securityGroup('sg-web', {
              ingress: [ruleFrom('sgr-open', 8080, { cidr: '0.0.0.0/0' })],
              egress: [ruleFrom('sgr-all', undefined, { cidr: '0.0.0.0/0' })],
            }),
          ],
        }),
        dependencies: [],
      },
      verdict: 'pass',
    },
    {
      name: 'the targets’ address family is open for IPv4 users only',
      facts: {
        map: serviceMap({ loadBalancers: [{ ...serviceMap().loadBalancers[0]!, ipAddressType: 'dualstack' }] }),
        network: network(),
        dependencies: [],
      },
      verdict: 'fail',
      names: ['sg-alb', '::/0'],
    },
    {
      name: 'a load balancer that somebody restricted to an office is open for it',
      facts: {
        map: serviceMap(),
        network: network({
          securityGroups: network().securityGroups.map((one) =>
            one.id === 'sg-alb' ? { ...one, ingress: [ruleFrom('sgr-office', 443, { cidr: '198.51.100.0/24' })] } : one,
          ),
        }),
        dependencies: [],
      },
      verdict: 'pass',
      names: ['admits only 198.51.100.0/24'],
    },
    {
      name: 'one of the targets has another group, that admits nobody',
      facts: {
        map: serviceMap({
          instances: IDS.map((id, index) => ({ ...instance(id, index), securityGroupIds: [index === 1 ? 'sg-db' : 'sg-web'] })),
        }),
        network: network(),
        dependencies: [],
      },
      verdict: 'fail',
      names: ['sg-db', IDS[1], 'sg-alb'],
    },
    {
      name: 'the rule is for addresses, and one of the load balancer’s subnets is not among them',
      facts: {
        map: serviceMap(),
        network: network({
          securityGroups: network().securityGroups.map((one) =>
            one.id === 'sg-web'
              ? {
                  ...one,
                  ingress: [ruleFrom('sgr-a', 8080, { cidr: '10.0.1.0/24' }), ruleFrom('sgr-b', 8080, { cidr: '10.0.2.0/24' })],
                }
              : one,
          ),
        }),
        dependencies: [],
      },
      verdict: 'fail',
      names: ['sg-web', '10.0.1.0/24'],
    },
    {
      name: 'a load balancer that may not leave to its targets',
      facts: {
        map: serviceMap(),
        network: network({
          securityGroups: network().securityGroups.map((one) => (one.id === 'sg-alb' ? { ...one, egress: [] } : one)),
        }),
        dependencies: [],
      },
      verdict: 'fail',
      names: ['sg-alb', 'leaving', 'no rule out at all'],
    },
    {
      name: 'where the dependencies are could not be read: the rest is judged, and that is said',
      facts: { map: serviceMap(), network: network(), dependencies: { unreadable: 'throttled', because: 'AWS is throttling.' } },
      verdict: 'pass',
      names: ['The way to the dependencies could not be looked at'],
    },
    {
      name: 'security groups may not be read',
      facts: {
        map: serviceMap(),
        network: network({
          securityGroups: [],
          notSeen: {
            securityGroups: { because: 'ec2:DescribeSecurityGroups is not allowed.', permission: 'ec2:DescribeSecurityGroups' },
          },
        }),
        dependencies: [],
      },
      verdict: 'unknown',
    },
  ],
});
