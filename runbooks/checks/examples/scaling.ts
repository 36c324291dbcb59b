import type { Activity, GroupScaling, Traffic } from '../../../src/runbook/entities.ts';
import { TREND_NAMES } from '../../../src/runbook/trend-names.ts';
import { IDS } from './service-map.ts';

/** A group that nothing happens to, and how busy its three instances are. */
export const scaling = (changed: Partial<GroupScaling['surroundings']> = {}, cpuPercent = 24): readonly GroupScaling[] => [
  {
    groupName: 'shop-web',
    surroundings: {
      hooks: [],
      policies: [{ name: 'shop-web-cpu', type: 'TargetTrackingScaling', enabled: true }],
      scheduledActions: [],
      activeRefreshes: [],
      activities: [],
      ...changed,
    },
    load: IDS.map((instanceId) => ({ instanceId, cpuPercent })),
  },
];

export const failedLaunch: Activity = {
  id: 'activity-1',
  status: 'Failed',
  description: 'Launching a new EC2 instance.  Status Reason: The image id ami-0a1 does not exist.',
  cause: 'At 2026-01-05T13:55:00Z an instance was started in response to a difference between desired and actual capacity.',
  message: "The image id '[ami-0a1]' does not exist. Launching EC2 instance failed.",
  startedAt: '2026-01-05T13:55:00.000Z',
  endedAt: '2026-01-05T13:55:01.000Z',
};

type Numbers = {
  readonly requests?: number;
  readonly errors?: number;
  readonly targetErrors?: number;
  readonly seconds?: number;
};
/** The last minutes as given, against an hour of 1200 requests a minute without errors. */
export const traffic = ({ requests = 1200, errors = 0, targetErrors = 0, seconds = 0.05 }: Numbers = {}): Traffic => ({
  loadBalancerName: 'shop-alb',
  trends: [
    { name: TREND_NAMES.requests, unit: '/min', now: requests, hourBefore: 1200 },
    { name: TREND_NAMES.balancerErrors, unit: '/min', now: errors, hourBefore: 0 },
    { name: TREND_NAMES.targetErrors, unit: '/min', now: targetErrors, hourBefore: 0 },
    { name: TREND_NAMES.responseTime, unit: 's', now: seconds, hourBefore: 0.05 },
    { name: TREND_NAMES.slowestResponseTime, unit: 's', now: seconds * 2, hourBefore: 0.1 },
  ],
});
