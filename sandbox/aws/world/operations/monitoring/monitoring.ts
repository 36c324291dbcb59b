import type * as CloudWatch from '@aws-sdk/client-cloudwatch';
import { AwsError, type Operation, type ServiceOperations } from '../../../operation.ts';
import { sampleTraffic } from '../../physics/traffic.ts';
import type { WorldState } from '../../state/state.ts';
import type { TrafficSample } from '../../state/traffic.ts';
import { onAnything } from '../authorize.ts';
import { type Meter, meterFor } from './metrics.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const QUERIES_MAX = 500;

const invalid = (message: string): AwsError => new AwsError('ValidationError', message);

/** A stretch of time over which nothing changed. */
type Stretch = { readonly sample: TrafficSample; readonly minutes: number };

const stretchesIn = (samples: readonly TrafficSample[], from: number, until: number): readonly Stretch[] =>
  samples.flatMap((sample, index) => {
    const begins = Math.max(from, sample.at);
    const ends = Math.min(until, samples[index + 1]?.at ?? Number.POSITIVE_INFINITY);
    return ends > begins ? [{ sample, minutes: (ends - begins) / MINUTE_MS }] : [];
  });

/** Counts have no data point where nothing was counted; the smallest, largest and mean of single events are one. */
const countIn = (
  perMinute: (sample: TrafficSample) => number | undefined,
  stretches: readonly Stretch[],
  stat: string,
): number | undefined => {
  const sum = Math.round(stretches.reduce((total, { sample, minutes }) => total + (perMinute(sample) ?? 0) * minutes, 0));
  if (sum === 0) return undefined;
  return stat === 'Sum' || stat === 'SampleCount' ? sum : 1;
};

const levelIn = (
  value: (sample: TrafficSample) => number | undefined,
  stretches: readonly Stretch[],
  stat: string,
): number | undefined => {
  const known = stretches.flatMap(({ sample, minutes }) => {
    const level = value(sample);
    return level === undefined ? [] : [{ level, minutes }];
  });
  if (known.length === 0) return undefined;
  const levels = known.map(({ level }) => level);
  const minutes = known.reduce((sum, one) => sum + one.minutes, 0);
  switch (stat) {
    case 'Minimum':
      return Math.min(...levels);
    case 'Maximum':
    // Within one stretch all answers are alike: the slow ones are those of the worst stretch.
    case 'p90':
    case 'p95':
    case 'p99':
      return Math.max(...levels);
    case 'SampleCount':
      return Math.max(1, Math.round(minutes));
    case 'Sum':
      return known.reduce((sum, one) => sum + one.level * one.minutes, 0);
    default:
      return known.reduce((sum, one) => sum + one.level * one.minutes, 0) / minutes;
  }
};

const valueIn = (meter: Meter, stretches: readonly Stretch[], stat: string): number | undefined =>
  meter.kind === 'count' ? countIn(meter.perMinute, stretches, stat) : levelIn(meter.value, stretches, stat);

type Range = { readonly from: number; readonly until: number };

/** One value for each whole period that is over. */
const seriesOf = (
  samples: readonly TrafficSample[],
  meter: Meter,
  { from, until }: Range,
  { Period, Stat }: CloudWatch.MetricStat,
): readonly { readonly at: number; readonly value: number }[] => {
  const step = (Period ?? 60) * SECOND_MS;
  const first = Math.floor(from / step) * step;
  const periods = Math.max(0, Math.floor((until - first) / step));
  return Array.from({ length: periods }, (_, index) => first + index * step).flatMap((at) => {
    const value = valueIn(meter, stretchesIn(samples, at, at + step), Stat ?? 'Average');
    return value === undefined ? [] : [{ at, value }];
  });
};

const bornAt = (state: WorldState, instanceId: string | undefined): number | undefined =>
  state.instances.find(({ id }) => id === instanceId)?.launchedAt;

const answer = (
  state: WorldState,
  query: CloudWatch.MetricDataQuery,
  range: Range,
  descending: boolean,
): CloudWatch.MetricDataResult => {
  const { Id, Label, MetricStat } = query;
  if (MetricStat === undefined) throw invalid(`The query ${Id} has no MetricStat: expressions are not simulated.`);
  const { Namespace = '', MetricName = '', Dimensions = [] } = MetricStat.Metric ?? {};
  const dimensions = Object.fromEntries(Dimensions.map(({ Name = '', Value = '' }) => [Name, Value]));
  const meter = meterFor(Namespace, MetricName, dimensions);
  const { InstanceId } = dimensions;
  const born = InstanceId === undefined ? 0 : bornAt(state, InstanceId);
  const from = Math.max(range.from, born ?? Number.POSITIVE_INFINITY);
  const series =
    meter === undefined || born === undefined
      ? []
      : seriesOf(state.traffic?.samples ?? [], meter, { ...range, from }, MetricStat);
  const ordered = descending ? series.toReversed() : series;
  return {
    Id,
    Label: Label ?? MetricName,
    StatusCode: 'Complete',
    Timestamps: ordered.map(({ at }) => new Date(at)),
    Values: ordered.map(({ value }) => value),
  };
};

const getMetricData = (state: WorldState): Operation<CloudWatch.GetMetricDataCommandInput> => ({
  authorize: () => onAnything('cloudwatch:GetMetricData'),
  run: ({ MetricDataQueries, StartTime, EndTime, ScanBy }) => {
    const queries = MetricDataQueries ?? [];
    if (queries.length === 0 || queries.length > QUERIES_MAX)
      throw invalid(`The number of queries must be between 1 and ${QUERIES_MAX}.`);
    if (StartTime === undefined || EndTime === undefined || StartTime >= EndTime)
      throw invalid('The parameter StartTime must be less than the parameter EndTime.');
    sampleTraffic(state);
    const range = { from: StartTime.getTime(), until: Math.min(EndTime.getTime(), state.now) };
    const asked = queries.filter(({ ReturnData }) => ReturnData !== false);
    return {
      MetricDataResults: asked.map((query) => answer(state, query, range, ScanBy !== 'TimestampAscending')),
      Messages: [],
    };
  },
});

/** CloudWatch, as far as it measures load balancers and instances. */
export const monitoring = (state: WorldState): ServiceOperations => ({ GetMetricData: getMetricData(state) });
