import type { LoadBalancer, Traffic, Trend } from '../../../runbook/entities.ts';
import { TREND_NAMES } from '../../../runbook/trend-names.ts';
import { unreadable } from '../read-failure.ts';
import type { FetchFact } from './look.ts';
import { type Metric, metrics, type Point } from './metrics.ts';
import { present } from './present.ts';

const NOW_MINUTES = 5;
const BEFORE_MINUTES = 60;
const PERIOD_SECONDS = 60;
const MINUTE_MS = 60_000;

type Shown = { readonly name: string; readonly unit: string; readonly metric: string; readonly statistic: string };
/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html */
const APPLICATION: readonly Shown[] = [
  { name: TREND_NAMES.requests, unit: '/min', metric: 'RequestCount', statistic: 'Sum' },
  { name: TREND_NAMES.balancerErrors, unit: '/min', metric: 'HTTPCode_ELB_5XX_Count', statistic: 'Sum' },
  { name: TREND_NAMES.targetErrors, unit: '/min', metric: 'HTTPCode_Target_5XX_Count', statistic: 'Sum' },
  { name: TREND_NAMES.responseTime, unit: 's', metric: 'TargetResponseTime', statistic: 'Average' },
  { name: TREND_NAMES.slowestResponseTime, unit: 's', metric: 'TargetResponseTime', statistic: 'p99' },
];
/** https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html */
const NETWORK: readonly Shown[] = [
  { name: 'new connections', unit: '/min', metric: 'NewFlowCount', statistic: 'Sum' },
  { name: 'resets by targets', unit: '/min', metric: 'TCP_Target_Reset_Count', statistic: 'Sum' },
  { name: 'resets by the load balancer', unit: '/min', metric: 'TCP_ELB_Reset_Count', statistic: 'Sum' },
];

const shownOf = ({ type }: LoadBalancer) =>
  type === 'network' ? { namespace: 'AWS/NetworkELB', shown: NETWORK } : { namespace: 'AWS/ApplicationELB', shown: APPLICATION };

/** Counts that are zero are not reported, so they add up over all minutes; other numbers are an average of those there are. */
const overOneMinute = (points: readonly Point[], statistic: string, minutes: number): number | undefined => {
  const sum = points.reduce((total, { value }) => total + value, 0);
  if (statistic === 'Sum') return sum / minutes;
  return points.length === 0 ? undefined : sum / points.length;
};

export const traffic: FetchFact<'traffic'> = async (look, { serviceId }): Promise<Traffic> => {
  const { loadBalancers, foundBy } = await look.fact('service-map', { serviceId });
  const [balancer] = loadBalancers;
  if (balancer === undefined) throw unreadable(foundBy);
  const { namespace, shown } = shownOf(balancer);
  const dimensions = { LoadBalancer: balancer.arn.split(':loadbalancer/')[1] ?? '' };
  const wanted: readonly Metric[] = shown.map(({ name, metric, statistic }) => ({
    key: name,
    namespace,
    metric,
    dimensions,
    statistic,
  }));
  const found = await metrics(look, wanted, { minutes: NOW_MINUTES + BEFORE_MINUTES, periodSeconds: PERIOD_SECONDS });
  const measured = [...found.values()].some((points) => points.length > 0);
  const end = Math.floor(look.clock.now() / MINUTE_MS) * MINUTE_MS;
  const since = end - NOW_MINUTES * MINUTE_MS;
  const trends = shown.map(({ name, unit, statistic }): Trend => {
    if (!measured) return { name, unit };
    const points = found.get(name) ?? [];
    const recent = points.filter(({ atMs }) => atMs >= since);
    const earlier = points.filter(({ atMs }) => atMs < since);
    const now = overOneMinute(recent, statistic, NOW_MINUTES);
    return { name, unit, ...present({ now, hourBefore: overOneMinute(earlier, statistic, BEFORE_MINUTES) }) };
  });
  return { loadBalancerName: balancer.name, trends };
};
