import { defineCheck, fail, pass, unknown } from '../../src/runbook/define-check.ts';
import type { Network, PortRule, SecurityGroup, ServiceMap, TargetGroup } from '../../src/runbook/entities.ts';
import { fact } from '../../src/runbook/facts.ts';
import type { Service } from '../../src/runbook/service.ts';
import { network, ruleFrom } from './examples/network.ts';
import { instance, securityGroup, serviceMap, targetGroup } from './examples/service-map.ts';
import { admits, type Peer } from './words/port-rules.ts';

/** One stretch of the way: who has to let whom through, on which port. */
type Hop = {
  readonly what: string;
  readonly at: readonly SecurityGroup[];
  readonly way: 'in' | 'out';
  readonly peer: Peer;
  readonly port: number;
};
type Walked = { readonly hop: Hop; readonly rule?: PortRule; readonly by?: SecurityGroup };

const ANYWHERE: Peer = { cidr: '0.0.0.0/0', groupIds: [] };

/** Do the security groups let users through to the load balancer, it to the targets, and them to what they depend on? Both ends of each hop: allow only, stateful. */
export const securityGroupsAdmitThePath = defineCheck({
  id: 'security-groups-admit-the-path',
  title: 'Security groups',
  looksAt: 'Client → listener, load balancer → target and health check port, target → dependencies; both ends of each.',
  needs: ({ id }) => ({ map: fact('service-map', { serviceId: id }), network: fact('network', { serviceId: id }) }),
  evaluate: ({ map, network }, service) => {
    if (map.loadBalancers.length === 0) return unknown(map.foundBy);
    const walked = hops(map, network, service).map((hop) => walk(hop));
    const read = new Set(
      walked.flatMap(({ hop }) => hop.at.flatMap(({ ingress, egress }) => [...ingress, ...egress].map(({ id }) => id))),
    );
    const evidence = walked.map(line);
    const closed = walked.filter(({ rule }) => rule === undefined);
    const [first] = closed;
    if (first === undefined) return pass(`The whole path is open: ${walked.length} hops, ${read.size} rules read.`, evidence);
    return fail(`${line(first)}${closed.length > 1 ? ` (and ${closed.length - 1} more)` : ''}`, evidence);
  },
  examples: [
    {
      name: 'the whole path is open',
      facts: { map: serviceMap(), network: network() },
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
      },
      verdict: 'fail',
      names: ['sg-web', 'sg-old'],
    },
    {
      name: 'the health check has a port of its own that is closed',
      facts: {
        map: serviceMap({ targetGroups: [{ ...targetGroup(), healthCheck: { ...targetGroup().healthCheck, port: '9000' } }] }),
        network: network(),
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
      },
      service: { dependencies: [{ name: 'orders-db', host: '10.0.21.9', port: 5432 }] },
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
      },
      verdict: 'pass',
    },
    {
      name: 'security groups may not be read',
      facts: {
        map: serviceMap(),
        network: {
          unreadable: 'denied',
          because: 'ec2:DescribeSecurityGroups is not allowed.',
          permission: 'ec2:DescribeSecurityGroups',
        } as never,
      },
      verdict: 'unknown',
    },
  ],
});

const hops = (map: ServiceMap, network: Network, service: Service): readonly Hop[] => {
  const found = (ids: readonly string[]): readonly SecurityGroup[] => network.securityGroups.filter(({ id }) => ids.includes(id));
  const targetIds = [...new Set(map.instances.flatMap(({ securityGroupIds }) => securityGroupIds))];
  const at = found(targetIds);
  const toTargets: Peer = { cidr: map.instances[0]?.addresses[0], groupIds: targetIds };
  return [
    ...map.loadBalancers.flatMap((balancer): Hop[] => {
      const balancerGroups = found(balancer.securityGroupIds);
      const fromBalancer: Peer = {
        cidr: network.subnets.find(({ id }) => id === balancer.subnets[0]?.subnetId)?.cidr,
        groupIds: balancer.securityGroupIds,
      };
      const listeners = map.listeners.filter(({ loadBalancerArn }) => loadBalancerArn === balancer.arn);
      const ports = [
        ...new Set(map.targetGroups.filter(({ loadBalancerArns }) => loadBalancerArns.includes(balancer.arn)).flatMap(portsOf)),
      ];
      const client: Peer = balancer.scheme === 'internal' ? { cidr: network.vpcCidrs[0], groupIds: [] } : ANYWHERE;
      return [
        ...(balancerGroups.length === 0
          ? []
          : listeners.map(
              ({ port }): Hop => ({
                what: `client → ${balancer.name}:${port}`,
                at: balancerGroups,
                way: 'in',
                peer: client,
                port,
              }),
            )),
        ...(balancerGroups.length === 0
          ? []
          : ports.map(
              (port): Hop => ({
                what: `${balancer.name} → targets:${port}, leaving`,
                at: balancerGroups,
                way: 'out',
                peer: toTargets,
                port,
              }),
            )),
        ...ports.map(
          (port): Hop => ({ what: `${balancer.name} → targets:${port}, arriving`, at, way: 'in', peer: fromBalancer, port }),
        ),
      ];
    }),
    ...service.dependencies.flatMap(({ name, host, port, securityGroup: groupId }): Hop[] => {
      const theirs = groupId === undefined ? [] : found([groupId]);
      const address = /^[\d.]+$/.test(host) ? host : undefined;
      return [
        {
          what: `targets → ${name}:${port}, leaving`,
          at,
          way: 'out',
          peer: { cidr: address, groupIds: groupId === undefined ? [] : [groupId] },
          port,
        },
        ...(theirs.length === 0
          ? []
          : [
              {
                what: `targets → ${name}:${port}, arriving`,
                at: theirs,
                way: 'in' as const,
                peer: { cidr: map.instances[0]?.addresses[0], groupIds: targetIds },
                port,
              },
            ]),
      ];
    }),
  ];
};

const portsOf = (group: TargetGroup): readonly number[] => {
  const traffic = group.targets[0]?.port ?? group.port;
  const check = Number(group.healthCheck.port);
  return [...(traffic === undefined ? [] : [traffic]), ...(Number.isInteger(check) ? [check] : [])];
};

const walk = (hop: Hop): Walked => {
  for (const by of hop.at) {
    const rule = (hop.way === 'in' ? by.ingress : by.egress).find((one) => admits(one, hop.port, hop.peer));
    if (rule !== undefined) return { hop, rule, by };
  }
  return { hop };
};

const line = ({ hop, rule, by }: Walked): string => {
  if (rule !== undefined) return `${hop.what}: ${rule.id} of ${by?.id} (${by?.name})`;
  const groups = hop.at.map(({ id, name }) => `${id} (${name})`).join(', ') || 'no security group that could be read';
  const near = hop.at
    .flatMap(({ ingress, egress }) => (hop.way === 'in' ? ingress : egress))
    .map(
      ({ id, fromPort, toPort, cidr, cidr6, groupId, prefixListId }) =>
        `${id} admits ${fromPort === toPort ? fromPort : `${fromPort}-${toPort}`} ${hop.way === 'in' ? 'from' : 'to'} ${cidr ?? cidr6 ?? groupId ?? prefixListId}`,
    );
  const peer = hop.peer.groupIds.length > 0 ? hop.peer.groupIds.join(', ') : (hop.peer.cidr ?? 'it');
  return `${hop.what}: no rule of ${groups} admits port ${hop.port} ${hop.way === 'in' ? 'from' : 'to'} ${peer}.${near.length > 0 ? ` There is: ${near.slice(0, 3).join('; ')}.` : ' It has no rule.'}`;
};
