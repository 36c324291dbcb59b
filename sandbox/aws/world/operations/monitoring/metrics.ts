import type { TrafficSample } from '../../state/traffic.ts';

/** What a metric is at one moment, told from a sample of the traffic. */
export type Meter =
  /** So many a minute: summed over time, and without a data point where it is zero. */
  | { readonly kind: 'count'; readonly perMinute: (sample: TrafficSample) => number | undefined }
  /** A level: averaged over time. */
  | { readonly kind: 'level'; readonly value: (sample: TrafficSample) => number | undefined };

export type Dimensions = Readonly<Record<string, string>>;

const sumWhere = (answers: Readonly<Record<string, number>>, matches: (key: string) => boolean): number =>
  Object.entries(answers).reduce((sum, [key, count]) => (matches(key) ? sum + count : sum), 0);

const balancerIn = (sample: TrafficSample, { LoadBalancer }: Dimensions) =>
  sample.balancers.find(({ dimension }) => dimension === LoadBalancer);

const groupIn = (sample: TrafficSample, { TargetGroup, LoadBalancer }: Dimensions) =>
  sample.targetGroups.find(
    ({ dimension, balancer }) => dimension === TargetGroup && (LoadBalancer === undefined || balancer === LoadBalancer),
  );

/** Answers of the targets, of one target group or of all of them. */
const targetAnswers = (sample: TrafficSample, dimensions: Dimensions, first: string): number | undefined => {
  if (dimensions['TargetGroup'] !== undefined) {
    const group = groupIn(sample, dimensions);
    return group && sumWhere(group.answers, (status) => status.startsWith(first));
  }
  const balancer = balancerIn(sample, dimensions);
  return balancer && sumWhere(balancer.answers, (key) => key.startsWith(`target ${first}`));
};

const elbAnswers = (sample: TrafficSample, dimensions: Dimensions, first: string): number | undefined => {
  const balancer = balancerIn(sample, dimensions);
  return balancer && sumWhere(balancer.answers, (key) => key.startsWith(`elb ${first}`));
};

const requestsOf = (sample: TrafficSample, dimensions: Dimensions): number | undefined =>
  dimensions['TargetGroup'] === undefined ? balancerIn(sample, dimensions)?.requests : targetAnswers(sample, dimensions, '');

/** A target answers in this time until it has more to do than this; then longer in proportion. */
const ANSWER_SECONDS = 0.045;
const EASY_PER_MINUTE = 600;

const secondsOf = (sample: TrafficSample, dimensions: Dimensions): number | undefined => {
  const answered = targetAnswers(sample, dimensions, '');
  if (answered === undefined || answered === 0) return undefined;
  const busiest = Math.max(0, ...Object.values(sample.served));
  return ANSWER_SECONDS * Math.max(1, busiest / EASY_PER_MINUTE);
};

const IDLE_PERCENT = 4;
const PERCENT_PER_REQUEST_A_MINUTE = 0.05;
const HANGING_PERCENT = 97;

const cpuOf = (sample: TrafficSample, { InstanceId = '' }: Dimensions): number =>
  sample.hanging.includes(InstanceId)
    ? HANGING_PERCENT
    : Math.min(100, IDLE_PERCENT + PERCENT_PER_REQUEST_A_MINUTE * (sample.served[InstanceId] ?? 0));

type MeterFor = (dimensions: Dimensions) => Meter;
const count =
  (perMinute: (sample: TrafficSample, dimensions: Dimensions) => number | undefined): MeterFor =>
  (dimensions) => ({ kind: 'count', perMinute: (sample) => perMinute(sample, dimensions) });
const level =
  (value: (sample: TrafficSample, dimensions: Dimensions) => number | undefined): MeterFor =>
  (dimensions) => ({ kind: 'level', value: (sample) => value(sample, dimensions) });

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html */
const METERS: Readonly<Record<string, MeterFor>> = {
  'AWS/ApplicationELB RequestCount': count(requestsOf),
  'AWS/ApplicationELB HTTPCode_ELB_3XX_Count': count((sample, at) => elbAnswers(sample, at, '3')),
  'AWS/ApplicationELB HTTPCode_ELB_4XX_Count': count((sample, at) => elbAnswers(sample, at, '4')),
  'AWS/ApplicationELB HTTPCode_ELB_5XX_Count': count((sample, at) => elbAnswers(sample, at, '5')),
  'AWS/ApplicationELB HTTPCode_ELB_502_Count': count((sample, at) => elbAnswers(sample, at, '502')),
  'AWS/ApplicationELB HTTPCode_ELB_503_Count': count((sample, at) => elbAnswers(sample, at, '503')),
  'AWS/ApplicationELB HTTPCode_ELB_504_Count': count((sample, at) => elbAnswers(sample, at, '504')),
  'AWS/ApplicationELB HTTPCode_Target_2XX_Count': count((sample, at) => targetAnswers(sample, at, '2')),
  'AWS/ApplicationELB HTTPCode_Target_3XX_Count': count((sample, at) => targetAnswers(sample, at, '3')),
  'AWS/ApplicationELB HTTPCode_Target_4XX_Count': count((sample, at) => targetAnswers(sample, at, '4')),
  'AWS/ApplicationELB HTTPCode_Target_5XX_Count': count((sample, at) => targetAnswers(sample, at, '5')),
  'AWS/ApplicationELB TargetResponseTime': level(secondsOf),
  'AWS/ApplicationELB HealthyHostCount': level((sample, at) => groupIn(sample, at)?.healthy),
  'AWS/ApplicationELB UnHealthyHostCount': level((sample, at) => groupIn(sample, at)?.unhealthy),
  'AWS/EC2 CPUUtilization': level(cpuOf),
};

/** Undefined for a metric that this world does not have: CloudWatch answers such a question with no data. */
export const meterFor = (namespace: string, name: string, dimensions: Dimensions): Meter | undefined => {
  const key = `${namespace} ${name}`;
  return Object.hasOwn(METERS, key) ? METERS[key]!(dimensions) : undefined;
};
