import { defineCheck, fail, pass, unknown } from '../../src/runbook/define-check.ts';
import type { Group, GroupScaling, ServiceMap, Traffic } from '../../src/runbook/entities.ts';
import { fact, isUnreadable, maybe, type Unreadable } from '../../src/runbook/facts.ts';
import { TREND_NAMES } from '../../src/runbook/trend-names.ts';
import { failedLaunch, scaling, traffic } from './examples/scaling.ts';
import { group, IDS, serviceMap } from './examples/service-map.ts';
import { failedLaunches, surroundingsLines, suspendedLine, whyFailed } from './words/activities.ts';
import { trendLine, trendLines, trendNamed } from './words/trends.ts';

/** Average of a group's instances, from which on it has nothing to spare. */
const BUSY_CPU_PERCENT = 80;
/** Response time that is this many times the hour before's, and no longer short, is a shortage. */
const SLOWER_TIMES = 3;
const SLOW_SECONDS = 1;

/** Are there as many instances in service as are wanted, and are they enough for what users ask? */
export const capacityMeetsDemand = defineCheck({
  id: 'capacity-meets-demand',
  title: 'Capacity',
  looksAt: 'Desired against in service, failed launches and why, scaling, CPU, errors and latency against the hour before.',
  needs: ({ id }) => ({
    map: fact('service-map', { serviceId: id }),
    scaling: maybe(fact('scaling', { serviceId: id })),
    traffic: maybe(fact('traffic', { serviceId: id })),
  }),
  evaluate: ({ map, scaling, traffic }, _service, now) => {
    if (map.loadBalancers.length === 0) return unknown(map.foundBy);
    const groups = isUnreadable(scaling) ? [] : scaling;
    const unseen: readonly Unreadable[] = [scaling, traffic].filter(isUnreadable);
    const evidence = [
      ...map.groups.flatMap((one) => groupLines(one, groups, now)),
      ...(isUnreadable(traffic) ? [] : trendLines(traffic)),
      ...unseen.map(({ because }) => because),
    ];
    const [problem] = [
      ...map.groups.flatMap((one) => shortage(one, scalingOf(one, groups), now)),
      ...(isUnreadable(traffic) ? [] : slowness(traffic)),
    ];
    if (problem !== undefined) return fail(problem, evidence);
    if (map.groups.length === 0) return unknown(`No Auto Scaling group stands behind ${namesOf(map)}: look by hand.`, evidence);
    const [missing] = unseen;
    if (missing !== undefined) return unknown(missing.because, evidence, missing.permission);
    return pass(map.groups.map((one) => `${one.name}: ${servingOf(one)}`).join('; '), evidence);
  },
  examples: [
    { name: 'as many as wanted', facts: { map: serviceMap(), scaling: scaling(), traffic: traffic() }, verdict: 'pass' },
    {
      name: 'scaled to zero',
      facts: {
        map: serviceMap({ groups: [{ ...group, desired: 0, minSize: 0, members: [] }] }),
        scaling: scaling(),
        traffic: traffic({ errors: 1200 }),
      },
      verdict: 'fail',
      names: ['shop-web', 'zero'],
    },
    {
      name: 'launches fail, and it says why',
      facts: {
        map: serviceMap({ groups: [{ ...group, members: group.members.slice(1) }] }),
        scaling: scaling({ activities: [failedLaunch] }),
        traffic: traffic(),
      },
      verdict: 'fail',
      names: ['shop-web', '2 of 3', 'ami-0a1'],
    },
    {
      name: 'a launch that failed before one that succeeded is over',
      facts: {
        map: serviceMap(),
        scaling: scaling({
          activities: [
            { ...failedLaunch, id: 'activity-2', status: 'Successful', startedAt: '2026-01-05T13:58:00.000Z' },
            failedLaunch,
          ],
        }),
        traffic: traffic(),
      },
      verdict: 'pass',
    },
    {
      name: 'fewer than wanted, as nothing may be launched',
      facts: {
        map: serviceMap({ groups: [{ ...group, members: group.members.slice(1), suspendedProcesses: ['Launch'] }] }),
        scaling: scaling(),
        traffic: traffic(),
      },
      verdict: 'fail',
      names: ['2 of 3', 'Launch is suspended'],
    },
    {
      name: 'the one that is missing is on its way',
      facts: {
        map: serviceMap({
          groups: [
            {
              ...group,
              members: group.members.map((one) => (one.id === IDS[0] ? { ...one, lifecycleState: 'Pending' } : one)),
            },
          ],
        }),
        scaling: scaling(),
        traffic: traffic(),
      },
      verdict: 'pass',
      names: [IDS[0], 'on its way'],
    },
    {
      name: 'members that count for two are enough for six',
      facts: {
        map: serviceMap({
          groups: [
            {
              ...group,
              desired: 6,
              maxSize: 8,
              weighted: true,
              members: group.members.map((one) => ({ ...one, weightedCapacity: '2' })),
            },
          ],
        }),
        scaling: scaling(),
        traffic: traffic(),
      },
      verdict: 'pass',
      names: ['6 of 6'],
    },
    {
      name: 'busy, at the maximum',
      facts: {
        map: serviceMap({ groups: [{ ...group, maxSize: 3 }] }),
        scaling: scaling({}, 93),
        traffic: traffic(),
      },
      verdict: 'fail',
      names: ['shop-web', '93 %', 'maximum of 3'],
    },
    {
      name: 'slow against the hour before',
      facts: { map: serviceMap(), scaling: scaling(), traffic: traffic({ seconds: 4 }) },
      verdict: 'fail',
      names: ['shop-alb', '4.00 s', '0.05 s in the hour before'],
    },
    {
      name: 'metrics may not be read',
      facts: {
        map: serviceMap(),
        scaling: scaling(),
        traffic: {
          unreadable: 'denied',
          because: 'The bot may not call cloudwatch:GetMetricData.',
          permission: 'cloudwatch:GetMetricData',
        },
      },
      verdict: 'unknown',
      names: ['cloudwatch:GetMetricData'],
    },
    {
      name: 'what cannot be read hides nothing that can',
      facts: {
        map: serviceMap({ groups: [{ ...group, desired: 0, minSize: 0, members: [] }] }),
        scaling: { unreadable: 'throttled', because: 'AWS is throttling autoscaling:DescribeScalingActivities.' },
        traffic: traffic(),
      },
      verdict: 'fail',
      names: ['shop-web'],
    },
  ],
});

const namesOf = ({ loadBalancers }: ServiceMap): string => loadBalancers.map(({ name }) => name).join(', ');
const scalingOf = ({ name }: Group, groups: readonly GroupScaling[]): GroupScaling | undefined =>
  groups.find(({ groupName }) => groupName === name);

/** With weights a member counts for more than one, and so does what is desired. */
const unitsIn = ({ members }: Group, isCounted: (lifecycleState: string) => boolean): number =>
  members
    .filter(({ lifecycleState }) => isCounted(lifecycleState))
    .reduce((sum, { weightedCapacity = '1' }) => sum + Number(weightedCapacity), 0);
const isInService = (lifecycleState: string): boolean => lifecycleState === 'InService';
const isComing = (lifecycleState: string): boolean => lifecycleState.startsWith('Pending');
const servingOf = (group: Group): string => {
  const coming = group.members.filter(({ lifecycleState }) => isComing(lifecycleState)).map(({ id }) => id);
  return `${unitsIn(group, isInService)} of ${group.desired} in service${coming.length > 0 ? `, ${coming.join(', ')} on its way` : ''}`;
};

const cpuOf = (scaling: GroupScaling | undefined): number | undefined => {
  const known = (scaling?.load ?? []).flatMap(({ cpuPercent }) => cpuPercent ?? []);
  return known.length === 0 ? undefined : known.reduce((sum, one) => sum + one, 0) / known.length;
};

/** The first of the group's shortages that holds, most certain first. */
const shortage = (group: Group, scaling: GroupScaling | undefined, now: string): readonly string[] => {
  const { name, desired, minSize, maxSize, suspendedProcesses } = group;
  const isShort = unitsIn(group, isInService) < desired;
  const [failed] = scaling === undefined ? [] : failedLaunches(scaling.surroundings, now);
  if (desired === 0) return [`${name}: scaled to zero (minimum ${minSize}, desired 0): nothing serves.`];
  if (isShort && failed !== undefined) return [`${name}: ${servingOf(group)}, and launches fail: ${whyFailed(failed)}`];
  if (isShort && suspendedProcesses.includes('Launch')) return [`${name}: ${servingOf(group)}, and Launch is suspended.`];
  if (unitsIn(group, isInService) + unitsIn(group, isComing) < desired)
    return [`${name}: ${servingOf(group)}, and no launch is under way.`];
  const cpu = cpuOf(scaling);
  if (cpu === undefined || cpu < BUSY_CPU_PERCENT) return [];
  return [`${name}: CPU is at ${Math.round(cpu)} % on average, ${whyNotMore(desired >= maxSize, group, scaling)}.`];
};
const whyNotMore = (atMaximum: boolean, { maxSize, suspendedProcesses }: Group, scaling: GroupScaling | undefined): string => {
  if (atMaximum) return `at its maximum of ${maxSize}`;
  if (suspendedProcesses.includes('AlarmNotification')) return 'and alarms are suspended, so that it does not scale';
  const scales = scaling?.surroundings.policies.some(({ enabled }) => enabled) ?? false;
  return scales ? 'more should be launched by its policy' : 'and no policy scales it';
};

const slowness = (traffic: Traffic): readonly string[] => {
  const trend = trendNamed(traffic, TREND_NAMES.responseTime);
  const { now, hourBefore } = trend ?? {};
  if (trend === undefined || now === undefined || hourBefore === undefined) return [];
  if (now < SLOW_SECONDS || now < hourBefore * SLOWER_TIMES) return [];
  return [`${traffic.loadBalancerName}: ${trendLine(trend)}.`];
};

const groupLines = (group: Group, groups: readonly GroupScaling[], now: string): readonly string[] => {
  const scaling = scalingOf(group, groups);
  const cpu = cpuOf(scaling);
  const busy = cpu === undefined ? '' : `, CPU ${Math.round(cpu)} % on average`;
  return [
    `${group.name}: ${servingOf(group)} (minimum ${group.minSize}, maximum ${group.maxSize})${busy}`,
    ...suspendedLine(group),
    ...(scaling === undefined ? [] : surroundingsLines(group, scaling.surroundings, now)),
  ];
};
