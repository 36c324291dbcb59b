import type { Network, PortRule } from '../../../src/runbook/entities.ts';
import { securityGroup } from './service-map.ts';

/** TCP on one port; on every port and protocol without one. */
export const ruleFrom = (id: string, port: number | undefined, peer: Pick<PortRule, 'cidr' | 'groupId'>): PortRule => ({
  id,
  protocol: port === undefined ? '-1' : 'tcp',
  fromPort: port ?? 0,
  toPort: port ?? 65_535,
  ...peer,
});

/** The network under `serviceMap()`, open as it should be. */
export const network = (changed: Partial<Network> = {}): Network => ({
  vpcCidrs: ['10.0.0.0/16'],
  subnets: [1, 2, 3].flatMap((n) => [
    { id: `subnet-public-${n}`, cidr: `10.0.${n}.0/24`, zone: `eu-west-3${'abc'[n - 1]}`, vpcId: 'vpc-1', freeAddresses: 200 },
    { id: `subnet-app-${n}`, cidr: `10.0.1${n}.0/24`, zone: `eu-west-3${'abc'[n - 1]}`, vpcId: 'vpc-1', freeAddresses: 200 },
  ]),
  acls: [],
  routeTables: [],
  securityGroups: [
    securityGroup('sg-alb', {
      ingress: [ruleFrom('sgr-alb-443', 443, { cidr: '0.0.0.0/0' })],
      egress: [ruleFrom('sgr-alb-out', undefined, { cidr: '0.0.0.0/0' })],
    }),
    securityGroup('sg-web', {
      ingress: [ruleFrom('sgr-web-8080', 8080, { groupId: 'sg-alb' })],
      egress: [ruleFrom('sgr-web-out', undefined, { cidr: '0.0.0.0/0' })],
    }),
  ],
  endpoints: [],
  ...changed,
});
