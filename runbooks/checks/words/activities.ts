import type { Activity, Group, GroupSurroundings } from '../../../src/runbook/entities.ts';
import { onOneLine } from './lines.ts';
import { minutesSince, spanInWords } from './times.ts';

/** Older failures are no news. */
const RECENT_MINUTES = 60;
const SHOWN_MAX = 5;

const isLaunch = ({ description }: Activity): boolean => description.startsWith('Launching');

/** Launches that failed lately and after which none has succeeded, newest first. */
export const failedLaunches = ({ activities }: GroupSurroundings, now: string): readonly Activity[] => {
  const launches = activities.filter(isLaunch);
  const succeeded = launches.findIndex(({ status }) => status === 'Successful');
  return (succeeded < 0 ? launches : launches.slice(0, succeeded)).filter(
    ({ status, startedAt }) => status === 'Failed' && minutesSince(startedAt, now) <= RECENT_MINUTES,
  );
};
export const whyFailed = ({ message, description }: Activity): string => onOneLine(message ?? description);

const activityLine = (group: string, activity: Activity, now: string): string =>
  `${group}: ${spanInWords(activity.startedAt, now)} ago ${activity.status}: ${onOneLine(`${activity.description} ${activity.message ?? ''}`)}`;

/** What the group did lately, what is planned for it, and what it may not do. */
export const surroundingsLines = (
  group: Group,
  { activities, policies, scheduledActions, activeRefreshes }: GroupSurroundings,
  now: string,
): readonly string[] => [
  ...activities.slice(0, SHOWN_MAX).map((activity) => activityLine(group.name, activity, now)),
  ...policies.map(({ name, type, enabled }) => `${group.name}: policy ${name} (${type})${enabled ? '' : ', disabled'}`),
  ...scheduledActions.map(({ name, at, recurrence, desired }) => {
    const to = desired === undefined ? '' : ` to ${desired}`;
    return `${group.name}: scheduled action ${name}${to}, ${recurrence ?? at ?? 'no time'}`;
  }),
  ...activeRefreshes.map(({ id, status }) => `${group.name}: instance refresh ${id} is ${status}`),
];
export const suspendedLine = ({ name, suspendedProcesses, suspensionReasons = {} }: Group): readonly string[] =>
  suspendedProcesses.map(
    (process) => `${name}: ${process} is suspended${suspensionReasons[process] ? ` (${suspensionReasons[process]})` : ''}`,
  );
