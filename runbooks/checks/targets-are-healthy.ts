import { defineCheck, fail, pass, type Suggestion, unknown } from '../../src/runbook/define-check.ts';
import type { InstanceStatus, ServiceMap, Target, TargetGroup } from '../../src/runbook/entities.ts';
import { fact, isUnreadable, maybe } from '../../src/runbook/facts.ts';
import { serviceMap, shopService, targetGroup } from './examples/service-map.ts';
import { reasonInWords } from './words/target-reasons.ts';

type Sick = { readonly group: TargetGroup; readonly target: Target };

/** Does the load balancer have somewhere to send users, and is every instance behind it well? */
export const targetsAreHealthy = defineCheck({
  id: 'targets-are-healthy',
  title: 'Load balancer and instances',
  looksAt: 'Target health with its reason, instance and system status, what the group is doing, listeners and health check.',
  needs: ({ id }) => ({
    map: fact('service-map', { serviceId: id }),
    statuses: maybe(fact('instance-statuses', { serviceId: id })),
  }),
  evaluate: ({ map, statuses }) => {
    if (map.loadBalancers.length === 0) return unknown(map.foundBy);
    const impaired = isUnreadable(statuses) ? [] : statuses.filter(isImpaired);
    const evidence = [
      ...map.targetGroups.flatMap(groupLines),
      ...impaired.map(statusLine),
      ...(isUnreadable(statuses) ? [statuses.because] : []),
    ];
    const empty = map.targetGroups.find(({ targets }) => targets.length === 0);
    if (map.targetGroups.length === 0)
      return fail(`${map.loadBalancers[0]?.name}: no listener forwards to a target group.`, evidence);
    if (empty !== undefined) return fail(`${empty.name} has no targets: the load balancer answers 503.`, evidence);
    const sick = map.targetGroups.flatMap((group) => group.targets.filter(isSick).map((target) => ({ group, target })));
    const [first] = sick;
    if (first !== undefined) return fail(sickLine(sick), evidence, suggestions(map, sick));
    const [worst] = impaired;
    if (worst !== undefined) return fail(statusLine(worst), evidence, suggestionsFor(map, [worst.instanceId]));
    const targets = map.targetGroups.flatMap((group) => group.targets);
    const well = targets.filter(({ state }) => state === 'healthy').length;
    return pass(
      `${well} of ${targets.length} targets healthy behind ${map.loadBalancers.map(({ name }) => name).join(', ')}.`,
      evidence,
    );
  },
  examples: [
    { name: 'all healthy', facts: { map: serviceMap(), statuses: [] }, verdict: 'pass' },
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
      },
      verdict: 'fail',
      names: ['i-0a1', 'ResponseCodeMismatch', '502'],
      suggests: ['snapshot-then-terminate'],
    },
    {
      name: 'no target at all',
      facts: { map: serviceMap({ targetGroups: [{ ...targetGroup([]), targets: [] }] }), statuses: [] },
      verdict: 'fail',
      names: ['shop-web', '503'],
    },
    {
      name: 'the host of an instance is impaired while its targets still count as healthy',
      facts: {
        map: serviceMap(),
        statuses: [{ instanceId: 'i-0a2', state: 'running', system: 'impaired', instance: 'ok', events: [] }],
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
      },
      verdict: 'pass',
    },
    {
      name: 'the load balancer was not found',
      facts: { map: serviceMap({ loadBalancers: [], foundBy: 'No load balancer is called shop-alb.' }), statuses: [] },
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
      },
      verdict: 'unknown',
      service: shopService,
    },
  ],
});

const isSick = ({ state }: Target): boolean => state === 'unhealthy' || state === 'unavailable' || state === 'unused';
const isImpaired = ({ system, instance }: InstanceStatus): boolean => system === 'impaired' || instance === 'impaired';

const sickLine = (sick: readonly Sick[]): string => {
  const [first] = sick;
  if (first === undefined) return '';
  const all = first.group.targets.length;
  const well = first.group.targets.filter(({ state }) => state === 'healthy').length;
  const more = sick.length > 1 ? ` and ${sick.length - 1} more` : '';
  return `${first.target.id}${more}: ${targetWords(first.target)} ${well} of ${all} targets healthy.`;
};
const targetWords = ({ state, reason, description }: Target): string =>
  `${state}${reason === undefined ? '' : ` (${reason})`}${description === undefined ? '' : `: ${description}`}.`;

const groupLines = (group: TargetGroup): readonly string[] => {
  const { protocol = 'TCP', port, path, matcher } = group.healthCheck;
  return [
    `${group.name}: port ${group.port}, health check ${protocol} ${port === 'traffic-port' ? group.port : port}${path ?? ''}${matcher === undefined ? '' : ` expects ${matcher}`}`,
    ...group.targets.map((target) => `${target.id}:${target.port} ${targetWords(target)}${reasonInWords(target.reason)}`),
  ];
};
const statusLine = ({ instanceId, system, instance }: InstanceStatus): string =>
  `${instanceId}: ${system === 'impaired' ? 'system status impaired (the host or its network)' : `instance status ${instance} (its own system)`}.`;

const suggestions = (map: ServiceMap, sick: readonly Sick[]): readonly Suggestion[] =>
  suggestionsFor(map, [...new Set(sick.map(({ target }) => target.id))]);

/** One sick instance is replaced; when few are well, one that is well serves alone while the others are looked at. */
const suggestionsFor = (map: ServiceMap, sickIds: readonly string[]): readonly Suggestion[] =>
  map.groups.flatMap((group) => {
    const members = group.members.filter(({ id }) => sickIds.includes(id));
    const well = group.members.find(({ id, lifecycleState }) => lifecycleState === 'InService' && !sickIds.includes(id));
    if (members.length === 0) return [];
    return [
      ...members.slice(0, 3).map(({ id }) => ({
        fixId: 'snapshot-then-terminate',
        input: { instanceId: id, groupName: group.name },
        why: `${id} is sick, its group can replace it`,
      })),
      // Parking the others is for when most are sick: one sick instance is less than half a group.
      ...(well === undefined || members.length * 2 < group.members.length
        ? []
        : [
            {
              fixId: 'scale-to-one',
              input: { groupName: group.name, survivorId: well.id },
              why: `${well.id} is healthy and can serve alone`,
            },
          ]),
    ];
  });
