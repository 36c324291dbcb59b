import type { Listener, ListenerRule, LoadBalancer, Target, TargetGroup } from '../state/balancer.ts';
import { listenersOf, targetGroupOf } from '../state/find.ts';
import type { WorldState } from '../state/state.ts';
import { attribute, crossesZones, targetAnswer, targetPlace, targetZone } from './health.ts';
import { type Place, placeOf, walkIn, walkInside } from './packet-walk.ts';

/** What a client on the internet gets. `status` 0: no HTTP answer at all, `why` says whether name, certificate or silence. */
export type Reply = { readonly status: number; readonly servedBy?: string; readonly why: string };

/** A client somewhere on the internet (an address for documentation, RFC 5737). */
const CLIENT_IP = '198.51.100.23';

type Node = LoadBalancer['nodes'][number];

const globMatches = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  ).test(text);

export const ruleFor = (listener: Listener, url: URL): ListenerRule | undefined => {
  const order = (rule: ListenerRule): number => (rule.priority === 'default' ? Number.POSITIVE_INFINITY : rule.priority);
  return [...listener.rules]
    .sort((a, b) => order(a) - order(b))
    .find((rule) =>
      rule.conditions.every(({ field, values }) =>
        values.some((value) => globMatches(value, field === 'path-pattern' ? url.pathname : url.hostname)),
      ),
    );
};

/** `…minimum_healthy_targets` by count and percentage: whether so many healthy targets are enough. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-group-health */
export const enoughHealthy = (
  group: TargetGroup,
  action: 'dns_failover' | 'unhealthy_state_routing',
  healthy: number,
  all: number,
): boolean => {
  const count = attribute(group, `target_group_health.${action}.minimum_healthy_targets.count`, '1');
  const percentage = attribute(group, `target_group_health.${action}.minimum_healthy_targets.percentage`, 'off');
  return (
    (count === 'off' || healthy >= Number(count)) &&
    (percentage === 'off' || (all > 0 && (healthy / all) * 100 >= Number(percentage)))
  );
};

const inUse = (target: Target): boolean =>
  target.state === 'healthy' || target.state === 'unhealthy' || target.state === 'initial';

/** The targets a node sends to: the healthy ones, or all of them when too few are healthy (it fails open). */
export const usableTargets = (state: WorldState, balancer: LoadBalancer, node: Node, group: TargetGroup): Target[] => {
  const mine = group.targets.filter(
    (target) => inUse(target) && (crossesZones(balancer, group) || targetZone(state, group, target) === node.zone),
  );
  const healthy = mine.filter((target) => target.state === 'healthy');
  return healthy.length > 0 && enoughHealthy(group, 'unhealthy_state_routing', healthy.length, mine.length) ? healthy : mine;
};

/** The nodes DNS answers with: a zone with too few healthy targets is left out, unless every zone has too few. */
const answeredNodes = (state: WorldState, balancer: LoadBalancer): readonly Node[] => {
  const groups = state.targetGroups.filter((group) =>
    listenersOf(state, balancer.arn).some((listener) =>
      listener.rules.some(
        (rule) => rule.action.type === 'forward' && rule.action.targetGroups.some((one) => one.arn === group.arn),
      ),
    ),
  );
  const zoneIsFine = (node: Node): boolean =>
    groups.every((group) => {
      const seen = group.targets.filter(
        (target) => inUse(target) && (crossesZones(balancer, group) || targetZone(state, group, target) === node.zone),
      );
      const healthy = seen.filter((target) => target.state === 'healthy').length;
      return seen.length === 0 ? crossesZones(balancer, group) : enoughHealthy(group, 'dns_failover', healthy, seen.length);
    });
  const fine = balancer.nodes.filter(zoneIsFine);
  return fine.length > 0 ? fine : balancer.nodes;
};

const certificateFault = (state: WorldState, listener: Listener, host: string): string | undefined => {
  if (listener.protocol !== 'HTTPS') return undefined;
  const certificates = state.certificates.filter((one) => listener.certificateArns.includes(one.arn));
  const fitting = certificates.filter(
    ({ domain }) =>
      domain === host ||
      (domain.startsWith('*.') && host.endsWith(domain.slice(1)) && host.split('.').length === domain.split('.').length),
  );
  if (fitting.length === 0) return `No certificate at the listener is for ${host}.`;
  return fitting.some(({ notAfter }) => notAfter > state.now) ? undefined : `The certificate for ${host} has expired.`;
};

const fromTarget = (state: WorldState, node: Place, group: TargetGroup, target: Target, path: string): Reply => {
  const place = targetPlace(state, group, target);
  if (place === undefined) return { status: 504, why: `${target.id} has no network interface.` };
  const walk = walkInside(state, node, place, target.port);
  if (!walk.arrives) return { status: 504, why: walk.why };
  const answer = targetAnswer(state, group, target, target.port, path);
  if (answer.kind === 'silence') return { status: 504, why: answer.why };
  if (answer.kind === 'refused') return { status: 502, why: answer.why };
  return { status: answer.status, servedBy: target.id, why: answer.why };
};

/** Every reply the load balancer may give from one node, one for each target it may choose. */
const fromNode = (state: WorldState, balancer: LoadBalancer, node: Node, url: URL): readonly Reply[] => {
  const place: Place = { ...placeOf(state, node.interfaceId), publicIp: node.publicIp };
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const walk = walkIn(state, CLIENT_IP, place, port);
  if (!walk.arrives) return [{ status: 0, why: walk.why }];
  const listener = listenersOf(state, balancer.arn).find((one) => one.port === port);
  if (listener === undefined) return [{ status: 0, why: `${balancer.name} has no listener on port ${port}.` }];
  const fault = certificateFault(state, listener, url.hostname);
  if (fault !== undefined) return [{ status: 0, why: fault }];
  const action = ruleFor(listener, url)?.action;
  if (action === undefined) return [{ status: 0, why: `No rule of ${listener.arn} applies.` }];
  if (action.type === 'redirect')
    return [{ status: action.status === 'HTTP_301' ? 301 : 302, why: `Redirected to ${action.protocol}.` }];
  if (action.type === 'fixed-response') return [{ status: Number(action.status), why: 'The listener answers this itself.' }];
  const replies = action.targetGroups
    .filter(({ weight }) => weight > 0)
    .map(({ arn }) => targetGroupOf(state, arn))
    .flatMap((group) =>
      usableTargets(state, balancer, node, group).map((target) => fromTarget(state, place, group, target, url.pathname)),
    );
  return replies.length > 0 ? replies : [{ status: 503, why: 'No target is registered that the load balancer could use.' }];
};

/** Every reply a client may get now, one for each way its request may take. */
export const possibleReplies = (state: WorldState, address: string): readonly Reply[] => {
  const url = new URL(address);
  const alias = state.names.find((one) => one.name === url.hostname)?.aliasOf ?? url.hostname;
  const balancer = state.loadBalancers.find((one) => one.dnsName === alias);
  if (balancer === undefined) return [{ status: 0, why: `${url.hostname} leads to no load balancer.` }];
  return answeredNodes(state, balancer).flatMap((node) => fromNode(state, balancer, node, url));
};

/** One request: the ways are taken in turn. */
export const request = (state: WorldState, address: string): Reply => {
  const replies = possibleReplies(state, address);
  const reply = replies[state.requests % replies.length]!;
  state.requests += 1;
  return reply;
};
