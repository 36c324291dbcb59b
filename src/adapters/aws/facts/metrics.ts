import { unreadable } from '../read-failure.ts';
import type { Look } from './look.ts';
import { getMetricData } from './reads/others.ts';

const MINUTE_MS = 60_000;
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const QUERIES_PER_CALL = 500;

export type Metric = {
  readonly key: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
};
export type Point = { readonly atMs: number; readonly value: number };

/** Asked for up to the last full minute, so that the same look asks the same question. */
const windowOf = (nowMs: number, minutes: number) => {
  const end = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  return { StartTime: new Date(end - minutes * MINUTE_MS), EndTime: new Date(end) };
};

/** Points by the metrics' keys, oldest first; none for a metric that was never measured. */
export const metrics = async (
  look: Look,
  wanted: readonly Metric[],
  { minutes, periodSeconds }: { readonly minutes: number; readonly periodSeconds: number },
): Promise<ReadonlyMap<string, readonly Point[]>> => {
  const points = new Map<string, Point[]>(wanted.map(({ key }) => [key, []]));
  if (wanted.length === 0) return points;
  if (wanted.length > QUERIES_PER_CALL) throw unreadable(`${wanted.length} metrics are more than one call may ask for.`);
  const queries = wanted.map(({ namespace, metric, dimensions, statistic }, index) => ({
    Id: `m${index}`,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: metric,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: periodSeconds,
      Stat: statistic,
    },
  }));
  const asked = { MetricDataQueries: queries, ScanBy: 'TimestampAscending' as const, ...windowOf(look.clock.now(), minutes) };
  for (const { Id = '', Timestamps = [], Values = [] } of await look.all(getMetricData, asked))
    for (const [at, value] of Values.entries())
      points.get(wanted[Number(Id.slice(1))]?.key ?? '')?.push({ atMs: Timestamps[at]?.getTime() ?? 0, value });
  return points;
};
