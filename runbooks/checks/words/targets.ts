import type { LoadBalancer, ServiceMap, Target, TargetGroup } from '../../../src/runbook/entities.ts';
import { causeInWords } from './target-reasons.ts';

/** Of one target group; beyond it only their number is told. */
const TARGETS_SHOWN_MAX = 10;

export const healthyOf = (targets: readonly Target[]): number => targets.filter(({ state }) => state === 'healthy').length;

/** State, AWS's reason and what it said. */
export const stateWords = ({ state, reason, description }: Target): string => {
  const because = reason === undefined ? '' : ` (${reason})`;
  return `${state}${because}${description === undefined ? '' : `: ${description.replace(/\.$/, '')}`}`;
};
/** Why it is not healthy, shortest first: what AWS said, its reason, the usual cause. */
export const whyInWords = (target: Target): string => {
  const { state, reason, description } = target;
  const said = description?.replace(/\.$/, '');
  const because = said === undefined ? (reason ?? state) : `${said}${reason === undefined ? '' : ` (${reason})`}`;
  return `${because}.${causeInWords(target)}`;
};
/** And the usual cause in plain words. */
export const targetWords = (target: Target): string => `${stateWords(target)}.${causeInWords(target)}`;

const zonesOf = (targets: readonly Target[]): string => {
  const zones = [...new Set(targets.flatMap(({ zone }) => zone ?? []))].toSorted();
  return zones.length === 0 ? '' : ` in ${zones.join(', ')}`;
};

/** The check, how many are healthy, and each that is not. */
export const groupLines = ({ name, port, healthCheck, targets, crossZone }: TargetGroup): readonly string[] => {
  const { protocol = 'TCP', port: checkPort, path = '', matcher } = healthCheck;
  const check = `${protocol} ${path} on ${checkPort === 'traffic-port' ? 'the traffic port' : `port ${checkPort}`}`.replace(
    '  ',
    ' ',
  );
  const expects = matcher === undefined ? '' : ` expects ${matcher}`;
  const other = targets.filter(({ state }) => state !== 'healthy');
  const hidden = other.length - TARGETS_SHOWN_MAX;
  return [
    `${name}: port ${port}, health check ${check}${expects}, every ${healthCheck.intervalSeconds} s, unhealthy after ${healthCheck.unhealthyThreshold}`,
    `${name}: ${healthyOf(targets)} of ${targets.length} targets healthy${zonesOf(targets)}, cross-zone ${crossZone ? 'on' : 'off'}`,
    ...other.slice(0, TARGETS_SHOWN_MAX).map((target) => `${target.id}:${target.port} ${targetWords(target)}`),
    ...(hidden > 0 ? [`${name}: ${hidden} more targets are not healthy`] : []),
  ];
};

/** Where it listens, and what it does with what it hears. */
export const balancerLines = (
  { arn, name, state, subnets }: LoadBalancer,
  { listeners, targetGroups }: ServiceMap,
): readonly string[] => [
  `${name}: ${state || 'state not told'}, in ${subnets.map(({ zone }) => zone).join(', ')}`,
  ...listeners
    .filter(({ loadBalancerArn }) => loadBalancerArn === arn)
    .map(({ port, protocol, defaultAction, targetGroupArns }) => {
      const to = targetGroups.filter((group) => targetGroupArns.includes(group.arn)).map((group) => group.name);
      return `${name}: ${protocol} ${port}: ${defaultAction}${to.length > 0 ? ` to ${to.join(', ')}` : ''}`;
    }),
];
