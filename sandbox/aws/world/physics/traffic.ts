import type { LoadBalancer, TargetGroup } from '../state/balancer.ts';
import { loadBalancersOf } from '../state/find.ts';
import type { WorldState } from '../state/state.ts';
import type { BalancerTraffic, TargetGroupTraffic, TrafficSample } from '../state/traffic.ts';
import { possibleReplies, type Reply } from './users.ts';

/** Users send this many requests a minute to each name that leads to a load balancer, day and night: nothing to guess in a comparison. */
export const REQUESTS_PER_MINUTE = 1_200;
const HISTORY_MS = 24 * 3_600_000;
const SAMPLES_MAX = 2_000;

export const balancerDimension = ({ arn }: LoadBalancer): string => arn.split(':loadbalancer/')[1] ?? arn;
export const targetGroupDimension = ({ arn }: TargetGroup): string => arn.split(':').at(-1) ?? arn;

type Share = { readonly reply: Reply; readonly perMinute: number };

/** Every way that a user's request may take is taken as often as any other. */
const sharesOf = (state: WorldState, balancer: LoadBalancer): readonly Share[] => {
  const secure = state.listeners.some(
    ({ loadBalancerArn, protocol }) => loadBalancerArn === balancer.arn && protocol === 'HTTPS',
  );
  return state.names
    .filter(({ aliasOf }) => aliasOf === balancer.dnsName)
    .flatMap(({ name }) => {
      const replies = possibleReplies(state, `${secure ? 'https' : 'http'}://${name}/`);
      return replies.map((reply) => ({ reply, perMinute: REQUESTS_PER_MINUTE / replies.length }));
    });
};

const add = (counts: Record<string, number>, key: string, amount: number): void => {
  counts[key] = (counts[key] ?? 0) + amount;
};

/** Status 0 never reached the load balancer: name, certificate or network were in the way. */
const balancerTraffic = (balancer: LoadBalancer, shares: readonly Share[]): BalancerTraffic => {
  const reached = shares.filter(({ reply }) => reply.status > 0);
  const answers: Record<string, number> = {};
  for (const { reply, perMinute } of reached)
    add(answers, `${reply.servedBy === undefined ? 'elb' : 'target'} ${reply.status}`, perMinute);
  return {
    dimension: balancerDimension(balancer),
    requests: reached.reduce((sum, { perMinute }) => sum + perMinute, 0),
    answers,
  };
};

const groupTraffic = (group: TargetGroup, balancer: LoadBalancer, shares: readonly Share[]): TargetGroupTraffic => {
  const answers: Record<string, number> = {};
  for (const { reply, perMinute } of shares)
    if (group.targets.some(({ id }) => id === reply.servedBy)) add(answers, String(reply.status), perMinute);
  const count = (state: string): number => group.targets.filter((target) => target.state === state).length;
  return {
    dimension: targetGroupDimension(group),
    balancer: balancerDimension(balancer),
    healthy: count('healthy'),
    unhealthy: count('unhealthy'),
    answers,
  };
};

const takeSample = (state: WorldState): TrafficSample => {
  const shares = new Map(state.loadBalancers.map((balancer) => [balancer.arn, sharesOf(state, balancer)] as const));
  const served: Record<string, number> = {};
  for (const { reply, perMinute } of [...shares.values()].flat())
    if (reply.servedBy !== undefined) add(served, reply.servedBy, perMinute);
  return {
    at: state.now,
    balancers: state.loadBalancers.map((balancer) => balancerTraffic(balancer, shares.get(balancer.arn)!)),
    targetGroups: state.targetGroups.flatMap((group) =>
      loadBalancersOf(state, group.arn).map((balancer) => groupTraffic(group, balancer, shares.get(balancer.arn)!)),
    ),
    served,
    hanging: state.instances.filter(({ state: now, app }) => now === 'running' && app.state === 'hangs').map(({ id }) => id),
  };
};

const isSame = ({ at: _, ...a }: TrafficSample, { at: __, ...b }: TrafficSample): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** Something changed: what users get may be another thing from now on. */
export const trafficMayChange = (state: WorldState): void => {
  state.traffic ??= { stale: true, samples: [] };
  state.traffic.stale = true;
};

/** To be called before time goes on: keeps how it goes from the last change on. Costs nothing when nothing has changed. */
export const sampleTraffic = (state: WorldState): void => {
  state.traffic ??= { stale: true, samples: [] };
  const { traffic } = state;
  if (!traffic.stale) return;
  traffic.stale = false;
  const sample = takeSample(state);
  const last = traffic.samples.at(-1);
  if (last !== undefined && isSame(last, sample)) return;
  traffic.samples.push(sample);
  // The sample before the beginning of the history says how it went at its beginning.
  const kept = traffic.samples.findLastIndex(({ at }) => at <= state.now - HISTORY_MS);
  traffic.samples = traffic.samples.slice(Math.max(0, kept, traffic.samples.length - SAMPLES_MAX));
};
