import { defineCheck, fail, pass, type Suggestion, unknown } from '../../src/runbook/define-check.ts';
import type { GroupScaling, InstanceStatus, ServiceMap, Target, TargetGroup, Traffic } from '../../src/runbook/entities.ts';
import { fact, isUnreadable, maybe } from '../../src/runbook/facts.ts';
import { TREND_NAMES } from '../../src/runbook/trend-names.ts';
import { scaling, traffic } from './examples/scaling.ts';
import { IDS, serviceMap, shopService, targetGroup } from './examples/service-map.ts';
import { zoneWithout } from './path/zones.ts';
import { surroundingsLines, suspendedLine } from './words/activities.ts';
import { suggestionsFor } from './words/suggestions.ts';
import { causeInWords } from './words/target-reasons.ts';
import { balancerLines, groupLines, healthyOf, stateWords, whyInWords } from './words/targets.ts';
import { trendLine, trendNamed } from './words/trends.ts';

type Sick = { readonly group: TargetGroup; readonly target: Target };
/** Users feel it: so many of the answers are errors although the health checks are content. */
const ERROR_SHARE_MAX = 0.05;

/** Does the load balancer have somewhere to send users, and is every instance behind it well? */
export const targetsAreHealthy = defineCheck({
  id: 'targets-are-healthy',
  title: 'Load balancer and instances',
  looksAt: 'Target health with its reason, instance and system status, what the group is doing, listeners and health check.',
  needs: ({ id }) => ({
    map: fact('service-map', { serviceId: id }),
    statuses: maybe(fact('instance-statuses', { serviceId: id })),
    scaling: maybe(fact('scaling', { serviceId: id })),
    traffic: maybe(fact('traffic', { serviceId: id })),
  }),
  evaluate: ({ map, statuses, scaling, traffic }, _service, now) => {
    if (map.loadBalancers.length === 0) return unknown(map.foundBy);
    const impaired = isUnreadable(statuses) ? [] : statuses.filter(isImpaired);
    const evidence = [
      ...map.loadBalancers.flatMap((balancer) => balancerLines(balancer, map)),
      ...map.targetGroups.flatMap(groupLines),
      ...impaired.map(statusLine),
      ...(isUnreadable(statuses) ? [] : statuses.flatMap(eventLines)),
      ...map.groups.flatMap((group) => suspendedLine(group)),
      ...(isUnreadable(scaling) ? [] : scaling.flatMap((one) => activityLines(map, one, now))),
      ...[statuses, scaling, traffic].filter(isUnreadable).map(({ because }) => because),
    ];
    const nowhere = nowhereToSend(map);
    if (nowhere !== undefined) return fail(nowhere, evidence);
    const sick = map.targetGroups.flatMap((group) => group.targets.filter(isSick).map((target) => ({ group, target })));
    if (sick.length > 0) return fail(sickLine(sick), evidence, suggestions(map, sick));
    const [worst] = impaired;
    if (worst !== undefined) return fail(statusLine(worst), evidence, suggestionsFor(map, [worst.instanceId]));
    const trouble = zoneWithout(map) ?? (isUnreadable(traffic) ? undefined : errorsOf(traffic));
    if (trouble !== undefined) return fail(trouble, evidence);
    if (isUnreadable(statuses)) return unknown(statuses.because, evidence, statuses.permission);
    const targets = map.targetGroups.flatMap((group) => group.targets);
    return pass(
      `${healthyOf(targets)} of ${targets.length} targets healthy behind ${map.loadBalancers.map(({ name }) => name).join(', ')}.`,
      evidence,
    );
  },
  examples: [
    { name: 'all healthy', facts: { map: serviceMap(), statuses: [], scaling: scaling(), traffic: traffic() }, verdict: 'pass' },
    {
      name: 'one answers 502 to its health check',
      facts: {
        map: serviceMap({
          targetGroups: [
            targetGroup([
              {
                id: 'i-0a1',
                port: 8080,
                state: 'unhealthy',
                reason: 'Target.ResponseCodeMismatch',
                description: 'Health checks failed with these codes: [502]',
              },
            ]),
          ],
        }),
        statuses: [],
        scaling: scaling(),
        traffic: traffic(),
      },
      verdict: 'fail',
      names: ['i-0a1', 'ResponseCodeMismatch', '502'],
      suggests: ['snapshot-then-terminate'],
    },
    {
      name: 'no target at all',
      facts: {
        map: serviceMap({ targetGroups: [{ ...targetGroup([]), targets: [] }] }),
        statuses: [],
        scaling: scaling(),
        traffic: traffic(),
      },
      verdict: 'fail',
      names: ['shop-web', '503'],
    },
    {
      name: 'the host of an instance is impaired while its targets still count as healthy',
      facts: {
        map: serviceMap(),
        statuses: [{ instanceId: 'i-0a2', state: 'running', system: 'impaired', instance: 'ok', events: [] }],
        scaling: scaling(),
        traffic: traffic(),
      },
      verdict: 'fail',
      names: ['i-0a2', 'system'],
      suggests: ['snapshot-then-terminate'],
    },
    {
      name: 'a new target that is still being checked is no failure',
      facts: {
        map: serviceMap({
          targetGroups: [targetGroup([{ id: 'i-0a9', port: 8080, state: 'initial', reason: 'Elb.RegistrationInProgress' }])],
        }),
        statuses: [],
        scaling: scaling(),
        traffic: traffic(),
      },
      verdict: 'pass',
    },
    {
      name: 'all of them fail alike: it is not the instances',
      facts: {
        map: serviceMap({
          targetGroups: [
            targetGroup(
              IDS.map((id) => ({
                id,
                port: 8080,
                state: 'unhealthy',
                reason: 'Target.ResponseCodeMismatch',
                description: 'Health checks failed with these codes: [404]',
              })),
            ),
          ],
        }),
        statuses: [],
        scaling: scaling(),
        traffic: traffic(),
      },
      verdict: 'fail',
      names: ['shop-web', 'all 3 targets', '/health', '404'],
    },
    {
      name: 'a target that nobody checks is not sick',
      facts: {
        map: serviceMap({
          targetGroups: [targetGroup([{ id: IDS[0], port: 8080, state: 'unavailable', reason: 'Target.HealthCheckDisabled' }])],
        }),
        statuses: [],
        scaling: scaling(),
        traffic: traffic(),
      },
      verdict: 'pass',
    },
    {
      name: 'all that there is is draining',
      facts: {
        map: serviceMap({
          targetGroups: [
            targetGroup(IDS.map((id) => ({ id, port: 8080, state: 'draining', reason: 'Target.DeregistrationInProgress' }))),
          ],
        }),
        statuses: [],
        scaling: scaling(),
        traffic: traffic(),
      },
      verdict: 'fail',
      names: ['shop-web', 'draining'],
    },
    {
      name: 'a zone without a healthy target, and cross-zone is off',
      facts: {
        map: serviceMap({
          targetGroups: [
            {
              ...targetGroup(),
              crossZone: false,
              targets: targetGroup().targets.filter(({ id }) => id !== IDS[1]),
            },
          ],
        }),
        statuses: [],
        scaling: scaling(),
        traffic: traffic(),
      },
      verdict: 'fail',
      names: ['eu-west-3b', 'shop-web'],
    },
    {
      name: 'users get errors that the health check does not see',
      facts: { map: serviceMap(), statuses: [], scaling: scaling(), traffic: traffic({ targetErrors: 400 }) },
      verdict: 'fail',
      names: ['errors from targets: 400/min', '0/min in the hour before'],
    },
    {
      name: 'the status of instances may not be read',
      facts: {
        map: serviceMap(),
        statuses: {
          unreadable: 'denied',
          because: 'The bot may not call ec2:DescribeInstanceStatus.',
          permission: 'ec2:DescribeInstanceStatus',
        },
        scaling: scaling(),
        traffic: traffic(),
      },
      verdict: 'unknown',
      names: ['ec2:DescribeInstanceStatus'],
    },
    {
      name: 'the load balancer was not found',
      facts: {
        map: serviceMap({ loadBalancers: [], foundBy: 'No load balancer is called shop-alb.' }),
        statuses: [],
        scaling: scaling(),
        traffic: traffic(),
      },
      verdict: 'unknown',
    },
    {
      name: 'target health may not be read',
      facts: {
        map: {
          unreadable: 'denied',
          because: 'elasticloadbalancing:DescribeTargetHealth is not allowed.',
          permission: 'elasticloadbalancing:DescribeTargetHealth',
        } as never,
        statuses: [],
        scaling: scaling(),
        traffic: traffic(),
      },
      verdict: 'unknown',
      service: shopService,
    },
  ],
});

/** That nobody checks a target, as with most functions, says nothing about it. */
const isSick = ({ state, reason }: Target): boolean =>
  state.startsWith('unhealthy') || state === 'unused' || (state === 'unavailable' && reason !== 'Target.HealthCheckDisabled');
const isImpaired = ({ system, instance }: InstanceStatus): boolean => system === 'impaired' || instance === 'impaired';

/** A load balancer that is not there for anybody, or has nobody to send users to. */
const nowhereToSend = ({ loadBalancers, listeners, targetGroups }: ServiceMap): string | undefined => {
  const down = loadBalancers.find(({ state }) => state !== 'active' && state !== 'active_impaired' && state !== '');
  if (down !== undefined) return `${down.name}: the load balancer is ${down.state}.`;
  const deaf = loadBalancers.find(({ arn }) => !listeners.some(({ loadBalancerArn }) => loadBalancerArn === arn));
  if (deaf !== undefined) return `${deaf.name}: the load balancer has no listener.`;
  if (targetGroups.length === 0) return `${loadBalancers[0]?.name}: no listener forwards to a target group.`;
  const empty = targetGroups.find(({ targets }) => targets.length === 0);
  if (empty !== undefined) return `${empty.name} has no targets: the load balancer answers 503.`;
  const leaving = targetGroups.find(({ targets }) => targets.every(({ state }) => state === 'draining'));
  return leaving && `${leaving.name}: all ${leaving.targets.length} targets are draining: the load balancer answers 503.`;
};

const sickLine = ([first, ...more]: readonly Sick[]): string => {
  if (first === undefined) return '';
  const { group, target } = first;
  const { targets, healthCheck } = group;
  const alike = targets.every(({ state, reason }) => state === target.state && reason === target.reason);
  if (alike && targets.length > 1) {
    const { protocol = 'TCP', port, path = '' } = healthCheck;
    const asked = `${protocol} ${path} on port ${port === 'traffic-port' ? target.port : port}`.replace('  ', ' ');
    return `${group.name}: all ${targets.length} targets are ${stateWords(target)}, checked by ${asked}.${causeInWords(target)}`;
  }
  const count = `${healthyOf(targets)} of ${targets.length} targets healthy`;
  return `${target.id}${more.length > 0 ? ` and ${more.length} more` : ''}: ${target.state}, ${count}. ${whyInWords(target)}`;
};

const errorsOf = (traffic: Traffic): string | undefined => {
  const requests = trendNamed(traffic, TREND_NAMES.requests)?.now ?? 0;
  const trends = [TREND_NAMES.targetErrors, TREND_NAMES.balancerErrors].flatMap((name) => trendNamed(traffic, name) ?? []);
  const most = trends.find(({ now = 0 }) => requests > 0 && now / requests >= ERROR_SHARE_MAX);
  return most && `${traffic.loadBalancerName}: ${trendLine(most)}, of ${Math.round(requests)} requests/min.`;
};

const eventLines = ({ instanceId, events }: InstanceStatus): readonly string[] =>
  events.map(
    ({ code, notBefore }) => `${instanceId}: ${code} is scheduled${notBefore === undefined ? '' : ` from ${notBefore}`}`,
  );
const activityLines = (map: ServiceMap, { groupName, surroundings }: GroupScaling, now: string): readonly string[] =>
  map.groups.filter(({ name }) => name === groupName).flatMap((group) => surroundingsLines(group, surroundings, now));
const statusLine = ({ instanceId, system, instance }: InstanceStatus): string =>
  `${instanceId}: ${system === 'impaired' ? 'system status impaired (the host or its network)' : `instance status ${instance} (its own system)`}.`;

const suggestions = (map: ServiceMap, sick: readonly Sick[]): readonly Suggestion[] =>
  suggestionsFor(map, [...new Set(sick.map(({ target }) => target.id))]);
