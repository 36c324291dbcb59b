import type { Traffic, Trend } from '../../../src/runbook/entities.ts';

const shown = (value: number | undefined, unit: string): string => {
  if (value === undefined) return 'no data';
  const digits = unit === 's' ? value.toFixed(2) : String(Math.round(value * 10) / 10);
  return unit.startsWith('/') ? `${digits}${unit}` : `${digits} ${unit}`;
};

export const trendNamed = ({ trends }: Traffic, name: string): Trend | undefined => trends.find((trend) => trend.name === name);

/** `requests: 1190/min, 1200/min in the hour before`. */
export const trendLine = ({ name, unit, now, hourBefore }: Trend): string =>
  `${name}: ${shown(now, unit)}, ${shown(hourBefore, unit)} in the hour before`;
export const trendLines = ({ loadBalancerName, trends }: Traffic): readonly string[] =>
  trends.map((trend) => `${loadBalancerName}: ${trendLine(trend)}`);
