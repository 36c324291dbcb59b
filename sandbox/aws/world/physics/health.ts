import type { LoadBalancer, Target, TargetGroup } from '../state/balancer.ts';
import { instanceOf, loadBalancersOf, targetGroupOf } from '../state/find.ts';
import { schedule, scheduleAt, unschedule } from '../state/queue.ts';
import type { WorldEvent, WorldState } from '../state/state.ts';
import { type Answer, addressAnswer, instanceAnswer, instancePlace, placeAt } from './app.ts';
import { type Place, placeOf, walkInside } from './packet-walk.ts';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html#target-health-reason-codes */
export type Outcome =
  | { readonly passes: true }
  | { readonly passes: false; readonly reason: string; readonly description: string };

const SECOND_MS = 1_000;

export const attribute = (group: TargetGroup, name: string, otherwise: string): string => group.attributes[name] ?? otherwise;

const drainMs = (group: TargetGroup): number =>
  Number(attribute(group, 'deregistration_delay.timeout_seconds', '300')) * SECOND_MS;

/** Cross-zone is always on for application load balancers unless the target group turns it off; off by default for network ones. */
export const crossesZones = (balancer: LoadBalancer, group: TargetGroup): boolean => {
  const setting = attribute(group, 'load_balancing.cross_zone.enabled', 'use_load_balancer_configuration');
  if (setting !== 'use_load_balancer_configuration') return setting === 'true';
  return (balancer.attributes['load_balancing.cross_zone.enabled'] ?? String(balancer.type === 'application')) === 'true';
};

export const targetZone = (state: WorldState, group: TargetGroup, target: Target): string | undefined =>
  group.type === 'instance'
    ? state.instances.find((one) => one.id === target.id)?.zone
    : state.interfaces.find((one) => one.ip === target.id || one.secondaryIps.includes(target.id))?.zone;

export const targetPlace = (state: WorldState, group: TargetGroup, target: Target): Place | undefined =>
  group.type === 'instance' ? instancePlace(state, target.id) : placeAt(state, target.id);

export const targetAnswer = (
  state: WorldState,
  group: TargetGroup,
  target: Target,
  port: number,
  path: string | undefined,
): Answer =>
  group.type === 'instance'
    ? instanceAnswer(state, instanceOf(state, target.id), port, path)
    : addressAnswer(state, target.id, port, path);

/** `200`, `200,302` or `200-299`. */
export const matches = (matcher: string, status: number): boolean =>
  matcher.split(',').some((part) => {
    const [from, to = from] = part.trim().split('-').map(Number);
    return from !== undefined && to !== undefined && status >= from && status <= to;
  });

const fails = (reason: string, description: string): Outcome => ({ passes: false, reason, description });

/** A target the load balancer does not even check, and why. */
export const unusedBecause = (
  state: WorldState,
  group: TargetGroup,
  target: Target,
): { reason: string; description: string } | undefined => {
  const balancers = loadBalancersOf(state, group.arn);
  if (balancers.length === 0)
    return { reason: 'Target.NotInUse', description: 'Target group is not configured to receive traffic from the load balancer' };
  const instance = state.instances.find((one) => one.id === target.id);
  if (group.type === 'instance' && instance?.state !== 'running' && instance?.state !== 'pending')
    return { reason: 'Target.InvalidState', description: `Target is in the ${instance?.state ?? 'terminated'} state` };
  const zone = targetZone(state, group, target);
  if (!balancers.some((balancer) => balancer.nodes.some((node) => node.zone === zone)))
    return {
      reason: 'Target.NotInUse',
      description: 'Target is in an Availability Zone that is not enabled for the load balancer',
    };
  return undefined;
};

/** One health check as the load balancer's nodes make it: each node that sends traffic to the target must get through. */
export const probe = (state: WorldState, group: TargetGroup, target: Target): Outcome => {
  const place = targetPlace(state, group, target);
  if (place === undefined) return fails('Target.Timeout', 'Request timed out');
  const port = group.check.port === 'traffic-port' ? target.port : Number(group.check.port);
  const zone = targetZone(state, group, target);
  for (const balancer of loadBalancersOf(state, group.arn)) {
    const nodes = balancer.nodes.filter((node) => node.zone === zone || crossesZones(balancer, group));
    for (const node of nodes)
      if (!walkInside(state, placeOf(state, node.interfaceId), place, port).arrives)
        return fails('Target.Timeout', 'Request timed out');
  }
  const answer = targetAnswer(state, group, target, port, group.check.protocol === 'TCP' ? undefined : group.check.path);
  if (answer.kind === 'silence') return fails('Target.Timeout', 'Request timed out');
  if (answer.kind === 'refused') return fails('Target.FailedHealthChecks', 'Health checks failed');
  if (group.check.protocol === 'TCP' || matches(group.check.matcher, answer.status)) return { passes: true };
  return fails('Target.ResponseCodeMismatch', `Health checks failed with these codes: [${answer.status}]`);
};

export const findTarget = (group: TargetGroup, id: string, port?: number): Target | undefined =>
  group.targets.find((target) => target.id === id && (port === undefined || target.port === port));

const eventIsFor =
  (group: TargetGroup, target: Target) =>
  (event: WorldEvent): boolean =>
    (event.kind === 'target.check' || event.kind === 'target.drained') &&
    event.targetGroupArn === group.arn &&
    event.targetId === target.id &&
    event.port === target.port;

const become = (target: Target, state: Target['state'], why?: { reason: string; description: string }): void => {
  target.state = state;
  target.against = 0;
  delete target.reason;
  delete target.description;
  if (why !== undefined) Object.assign(target, { reason: why.reason, description: why.description });
};

/** Registers a target, or registers a draining one again. */
export const register = (state: WorldState, group: TargetGroup, id: string, port = group.port): void => {
  const known = findTarget(group, id, port);
  if (known !== undefined && known.state !== 'draining') return;
  if (known !== undefined) remove(state, group, known);
  const target: Target = { id, port, registeredAt: state.now, state: 'initial', against: 0 };
  become(target, 'initial', { reason: 'Elb.RegistrationInProgress', description: 'Target registration is in progress' });
  group.targets.push(target);
  schedule(state, group.check.intervalSeconds * SECOND_MS, {
    kind: 'target.check',
    targetGroupArn: group.arn,
    targetId: id,
    port,
  });
};

const remove = (state: WorldState, group: TargetGroup, target: Target): void => {
  group.targets = group.targets.filter((one) => one !== target);
  unschedule(state, eventIsFor(group, target));
};

/** Takes a target out: in-flight requests have the deregistration delay to finish; one that takes no traffic leaves at once. */
export const deregister = (state: WorldState, group: TargetGroup, id: string, port?: number): void => {
  for (const target of group.targets.filter((one) => one.id === id && (port === undefined || one.port === port))) {
    if (target.state === 'draining') continue;
    unschedule(state, eventIsFor(group, target));
    if (target.state === 'unused' || drainMs(group) === 0) {
      remove(state, group, target);
      continue;
    }
    become(target, 'draining', {
      reason: 'Target.DeregistrationInProgress',
      description: 'Target deregistration is in progress',
    });
    schedule(state, drainMs(group), { kind: 'target.drained', targetGroupArn: group.arn, targetId: id, port: target.port });
  }
};

export const drained = (state: WorldState, event: Extract<WorldEvent, { kind: 'target.drained' }>): void => {
  const group = targetGroupOf(state, event.targetGroupArn);
  const target = findTarget(group, event.targetId, event.port);
  if (target?.state === 'draining') remove(state, group, target);
};

export const isDraining = (state: WorldState, instanceId: string, targetGroupArns: readonly string[]): boolean =>
  targetGroupArns.some((arn) =>
    targetGroupOf(state, arn).targets.some((target) => target.id === instanceId && target.state === 'draining'),
  );

/** A new target needs one success; later changes need the thresholds in a row. Answers whether its state changed. */
const apply = (group: TargetGroup, target: Target, outcome: Outcome): boolean => {
  if (outcome.passes) {
    if (target.state === 'healthy') target.against = 0;
    else target.against += 1;
    if (target.state === 'healthy' || (target.state !== 'initial' && target.against < group.check.healthyCount)) return false;
    become(target, 'healthy');
    return true;
  }
  if (target.state === 'unhealthy') {
    target.against = 0;
    Object.assign(target, { reason: outcome.reason, description: outcome.description });
    return false;
  }
  target.against += 1;
  if (target.against < group.check.unhealthyCount) {
    if (target.state === 'initial') target.reason = 'Elb.InitialHealthChecking';
    if (target.state === 'initial') target.description = 'Initial health checks in progress';
    return false;
  }
  become(target, 'unhealthy', outcome);
  return true;
};

/**
 * Performs one due check and plans the next. While nothing else can happen before `quietUntil` and the outcome agrees with
 * the state, the checks in between would only repeat it: they are skipped, which makes a day of quiet cost nothing.
 * Answers whether the target's state changed.
 */
export const check = (state: WorldState, event: Extract<WorldEvent, { kind: 'target.check' }>, quietUntil: number): boolean => {
  const group = targetGroupOf(state, event.targetGroupArn);
  const target = findTarget(group, event.targetId, event.port);
  if (target === undefined || target.state === 'draining') return false;
  const intervalMs = group.check.intervalSeconds * SECOND_MS;
  const unused = unusedBecause(state, group, target);
  let changed = false;
  let steady = true;
  if (unused !== undefined) {
    changed = target.state !== 'unused' || target.reason !== unused.reason;
    become(target, 'unused', unused);
  } else {
    if (target.state === 'unused')
      become(target, 'initial', { reason: 'Elb.InitialHealthChecking', description: 'Initial health checks in progress' });
    const outcome = probe(state, group, target);
    changed = apply(group, target, outcome);
    steady = outcome.passes ? target.state === 'healthy' : target.state === 'unhealthy';
  }
  const quiet = steady && !changed ? Math.max(0, Math.floor((quietUntil - state.now) / intervalMs)) : 0;
  scheduleAt(state, state.now + Math.max(1, quiet) * intervalMs, event);
  return changed;
};

/** Terminated instances are noticed by the load balancer without waiting for a check. */
export const noticeStates = (state: WorldState): void => {
  for (const group of state.targetGroups)
    for (const target of group.targets) {
      if (target.state === 'draining' || target.state === 'unused') continue;
      const unused = unusedBecause(state, group, target);
      if (unused !== undefined) become(target, 'unused', unused);
    }
};
