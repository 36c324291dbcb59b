import { defineCheck, fail, pass, unknown } from '../../src/runbook/define-check.ts';
import { fact, isUnreadable, maybe } from '../../src/runbook/facts.ts';
import { aclEntry, network, orders, withAcl } from './examples/network.ts';
import { serviceMap } from './examples/service-map.ts';
import { dependencyCrossings, judgeCrossings, pathCrossings, withoutAcl } from './path/acl-crossings.ts';
import { closedFirst } from './words/closed-first.ts';
import { notWalked } from './words/not-walked.ts';

/** Do the network ACLs of both subnets let requests there and replies back, in the order of their rules? */
export const networkAclsAdmitThePath = defineCheck({
  id: 'network-acls-admit-the-path',
  title: 'Network ACLs',
  looksAt: 'Both subnets of each hop, both directions, in rule order; ephemeral ports (1024-65535) for the replies.',
  needs: ({ id }) => ({
    map: fact('service-map', { serviceId: id }),
    network: fact('network', { serviceId: id }),
    dependencies: maybe(fact('dependencies', { serviceId: id })),
  }),
  evaluate: ({ map, network, dependencies }) => {
    if (map.loadBalancers.length === 0) return unknown(map.foundBy);
    const hidden = network.notSeen?.acls;
    if (hidden !== undefined) return unknown(hidden.because, [], hidden.permission);
    const seen = isUnreadable(dependencies) ? [] : dependencies;
    const crossings = [...pathCrossings(map, network), ...seen.flatMap((one) => dependencyCrossings(map, network, one))];
    const judged = judgeCrossings(crossings, network);
    const evidence = [...closedFirst(judged), ...(isUnreadable(dependencies) ? [dependencies.because] : [])];
    const closed = judged.filter(({ open }) => !open);
    const [first] = closed;
    if (first !== undefined) return fail(`${first.line}${closed.length > 1 ? ` (and ${closed.length - 1} more)` : ''}`, evidence);
    const unseen = withoutAcl(crossings, network);
    if (unseen.length > 0) return unknown(`${unseen.join(', ')}: no network ACL was found for it.`, evidence);
    return pass(`Requests and replies pass both subnets: ${judged.length} crossings judged.${notWalked(dependencies)}`, evidence);
  },
  examples: [
    {
      name: 'requests and replies pass',
      facts: { map: serviceMap(), network: network(), dependencies: [orders] },
      verdict: 'pass',
      names: ['acl-public', 'acl-app', 'acl-data'],
    },
    {
      name: 'a rule before the others denies the port of the application',
      facts: {
        map: serviceMap(),
        network: withAcl('acl-app', (entries) => [aclEntry(50, 'in', 8080, 8080, '0.0.0.0/0', false), ...entries]),
        dependencies: [],
      },
      verdict: 'fail',
      names: ['acl-app', 'rule 50 denies', '8080'],
    },
    {
      name: 'a rule after the allowing one denies nothing',
      facts: {
        map: serviceMap(),
        network: withAcl('acl-app', (entries) => [...entries, aclEntry(900, 'in', 8080, 8080, '0.0.0.0/0', false)]),
        dependencies: [],
      },
      verdict: 'pass',
    },
    {
      name: 'replies of the targets find no rule out',
      facts: {
        map: serviceMap(),
        network: withAcl('acl-app', (entries) => entries.filter(({ egress, fromPort }) => !egress || fromPort !== 1024)),
        dependencies: [],
      },
      verdict: 'fail',
      names: ['acl-app', 'no rule allows tcp 1024-65535', 'replies'],
    },
    {
      name: 'only a part of the ephemeral ports is open',
      facts: {
        map: serviceMap(),
        network: withAcl('acl-app', (entries) =>
          entries.map((entry) => (entry.egress && entry.fromPort === 1024 ? { ...entry, fromPort: 49_152 } : entry)),
        ),
        dependencies: [],
      },
      verdict: 'fail',
      names: ['acl-app', 'already at 1024'],
    },
    {
      name: 'one target of the subnet is shut out by its address',
      facts: {
        map: serviceMap(),
        network: withAcl('acl-app', (entries) => [...entries, aclEntry(40, 'out', 1024, 65_535, '10.0.2.128/25', false)]),
        dependencies: [],
      },
      verdict: 'fail',
      names: ['rule 40 denies', '10.0.2.0/24'],
    },
    {
      name: 'a few clients that somebody keeps out are no failure',
      facts: {
        map: serviceMap(),
        network: withAcl('acl-public', (entries) => [aclEntry(10, 'in', 443, 443, '203.0.113.0/24', false), ...entries]),
        dependencies: [],
      },
      verdict: 'pass',
    },
    {
      name: 'the database may not be asked',
      facts: {
        map: serviceMap(),
        network: withAcl('acl-data', (entries) => [aclEntry(20, 'in', 5432, 5432, '10.0.0.0/16', false), ...entries]),
        dependencies: [orders],
      },
      verdict: 'fail',
      names: ['acl-data', 'rule 20 denies', 'orders-db'],
    },
    {
      name: 'the ACL of a subnet is not among those that were read',
      facts: { map: serviceMap(), network: network({ acls: [] }), dependencies: [] },
      verdict: 'unknown',
      names: ['subnet-public-1'],
    },
    {
      name: 'network ACLs may not be read',
      facts: {
        map: serviceMap(),
        network: network({
          acls: [],
          notSeen: { acls: { because: 'The bot may not call ec2:DescribeNetworkAcls.', permission: 'ec2:DescribeNetworkAcls' } },
        }),
        dependencies: [],
      },
      verdict: 'unknown',
    },
  ],
});
