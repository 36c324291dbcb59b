/** Moments as people read them. Times are 24-hour: at night "02:10" has one meaning. */
const LOCALE = 'en-GB';

/** `timeZone` undefined means the browser's own. */
export type Zone = string | undefined;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making one takes a hundred times as long as using it. */
const formatter = (options: Intl.DateTimeFormatOptions, timeZone: Zone): Intl.DateTimeFormat => {
  const key = `${JSON.stringify(options)} ${timeZone ?? ''}`;
  const made = formatters.get(key) ?? new Intl.DateTimeFormat(LOCALE, timeZone ? { ...options, timeZone } : options);
  formatters.set(key, made);
  return made;
};

const write = (seconds: number, options: Intl.DateTimeFormatOptions, zone: Zone): string =>
  formatter(options, zone).format(new Date(seconds * 1000));

/** A Slack timestamp (`1732450000.000100`) is also the message's id; its first part is seconds since 1970. */
export const secondsOf = (ts: string): number => Number.parseFloat(ts);

export const clockTime = (seconds: number, zone?: Zone): string => write(seconds, { hour: '2-digit', minute: '2-digit' }, zone);

export const dayKey = (seconds: number, zone?: Zone): string =>
  write(seconds, { year: 'numeric', month: '2-digit', day: '2-digit' }, zone);

export function dayName(seconds: number, nowSeconds: number, zone?: Zone): string {
  return near(seconds, nowSeconds, zone) ?? write(seconds, { weekday: 'long', day: 'numeric', month: 'long' }, zone);
}

export const fullMoment = (seconds: number, zone?: Zone): string =>
  write(seconds, { dateStyle: 'full', timeStyle: 'medium' }, zone);

function near(seconds: number, nowSeconds: number, zone: Zone): string | undefined {
  const DAY_SECONDS = 86_400;
  const key = dayKey(seconds, zone);
  if (key === dayKey(nowSeconds, zone)) return 'Today';
  if (key === dayKey(nowSeconds - DAY_SECONDS, zone)) return 'Yesterday';
  if (key === dayKey(nowSeconds + DAY_SECONDS, zone)) return 'Tomorrow';
  return undefined;
}

function ago(seconds: number, nowSeconds: number): string {
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  const delta = Math.round(seconds - nowSeconds);
  const size = Math.abs(delta);
  if (size < 60) return format.format(delta, 'second');
  if (size < 3600) return format.format(Math.trunc(delta / 60), 'minute');
  if (size < 86_400) return format.format(Math.trunc(delta / 3600), 'hour');
  return format.format(Math.trunc(delta / 86_400), 'day');
}

/**
 * The text of `<!date^seconds^pattern|fallback>`.
 * https://docs.slack.dev/messaging/formatting-message-text/#date-formatting
 */
export function formatSlackDate(seconds: number, pattern: string, nowSeconds: number, zone?: Zone): string {
  const long: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' };
  const short: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };
  const plain: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'long', year: 'numeric' };
  // Within a sentence Slack writes the near days small, at its start with a capital.
  const pretty = (options: Intl.DateTimeFormatOptions, offset: number): string => {
    const name = near(seconds, nowSeconds, zone);
    if (!name) return write(seconds, options, zone);
    return offset === 0 ? name : name.toLowerCase();
  };
  const tokens: Readonly<Record<string, (offset: number) => string>> = {
    date_num: () => write(seconds, { year: 'numeric', month: '2-digit', day: '2-digit' }, zone).split('/').reverse().join('-'),
    date: () => write(seconds, plain, zone),
    date_short: () => write(seconds, short, zone),
    date_long: () => write(seconds, long, zone),
    date_pretty: (offset) => pretty(plain, offset),
    date_short_pretty: (offset) => pretty(short, offset),
    date_long_pretty: (offset) => pretty(long, offset),
    time: () => clockTime(seconds, zone),
    time_secs: () => write(seconds, { hour: '2-digit', minute: '2-digit', second: '2-digit' }, zone),
    ago: () => ago(seconds, nowSeconds),
  };
  return pattern.replace(/\{(\w+)\}/g, (whole, name: string, offset: number) => tokens[name]?.(offset) ?? whole);
}
