/** What is hoped for and how long is waited, both from the facts. Seconds throughout. */
import type { Wait } from '../../../src/runbook/condition.ts';
import type { Group, GroupSurroundings, TargetGroup, Volume } from '../../../src/runbook/entities.ts';

const BOOT_SECONDS = 60;
/** A slow image, a Windows host, a retried launch. */
const BOOT_SECONDS_MAX = 600;
const SNAPSHOT_BASE_SECONDS = 60;
const SNAPSHOT_SECONDS_PER_GIB = 6;
/** A first snapshot of a large volume takes hours: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-create-snapshot.html */
const SNAPSHOT_DEADLINE_SECONDS = 12 * 3600;
const SETTLE_SECONDS = 120;

const highest = (values: readonly number[]): number => Math.max(0, ...values);

/** Until a fresh target counts as healthy. */
export const healthSeconds = (targetGroups: readonly TargetGroup[]): number =>
  highest(targetGroups.map(({ healthCheck }) => healthCheck.intervalSeconds * healthCheck.healthyThreshold));
export const drainSeconds = (targetGroups: readonly TargetGroup[]): number =>
  highest(targetGroups.map(({ deregistrationDelaySeconds }) => deregistrationDelaySeconds));
export const replaceSeconds = (targetGroups: readonly TargetGroup[]): number => BOOT_SECONDS + healthSeconds(targetGroups);
/** Launch hooks, grace, warm-up and health checks one after another, each at its longest. */
export const replaceDeadlineSeconds = (
  group: Group,
  { hooks }: GroupSurroundings,
  targetGroups: readonly TargetGroup[],
): number =>
  BOOT_SECONDS_MAX +
  hooks
    .filter(({ transition }) => transition.endsWith('EC2_INSTANCE_LAUNCHING'))
    .reduce((sum, { timeoutSeconds }) => sum + timeoutSeconds, 0) +
  group.healthCheckGraceSeconds +
  (group.defaultWarmupSeconds ?? 0) +
  2 * healthSeconds(targetGroups);
export const snapshotSeconds = (volumes: readonly Volume[]): number =>
  SNAPSHOT_BASE_SECONDS + SNAPSHOT_SECONDS_PER_GIB * highest(volumes.map(({ sizeGiB }) => sizeGiB));

export const quickWait = (until: Wait['until'], deadlineSeconds = SETTLE_SECONDS): Wait => ({
  until,
  pollSeconds: 3,
  pollSecondsMax: 10,
  deadlineSeconds,
});
export const slowWait = (until: Wait['until'], deadlineSeconds: number): Wait => ({
  until,
  pollSeconds: 5,
  pollSecondsMax: 15,
  deadlineSeconds,
});
export const snapshotWait = (until: Wait['until']): Wait => ({
  until,
  pollSeconds: 15,
  pollSecondsMax: 60,
  deadlineSeconds: SNAPSHOT_DEADLINE_SECONDS,
});

/** `about 90 s`, `about 4 min`, `about 3 h` */
export const about = (seconds: number): string => {
  if (seconds <= 120) return `about ${Math.max(10, Math.ceil(seconds / 10) * 10)} s`;
  return seconds <= 7200 ? `about ${Math.round(seconds / 60)} min` : `about ${Math.round(seconds / 3600)} h`;
};
