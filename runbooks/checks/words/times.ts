const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `4 min`, `3 h`, `2 days`: so long is it from one moment to the other. */
export const spanInWords = (fromIso: string, toIso: string): string => {
  const ms = Math.abs(Date.parse(toIso) - Date.parse(fromIso));
  if (ms < 2 * MINUTE_MS) return `${Math.round(ms / SECOND_MS)} s`;
  if (ms < 2 * HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  if (ms < 2 * DAY_MS) return `${Math.round(ms / HOUR_MS)} h`;
  return `${Math.round(ms / DAY_MS)} days`;
};
export const daysUntil = (iso: string, now: string): number => (Date.parse(iso) - Date.parse(now)) / DAY_MS;
export const minutesSince = (iso: string, now: string): number => (Date.parse(now) - Date.parse(iso)) / MINUTE_MS;
/** `13:55` in UTC, as CloudTrail and the group's activity have it. */
export const clockTime = (iso: string): string => `${iso.slice(11, 16)} UTC`;
