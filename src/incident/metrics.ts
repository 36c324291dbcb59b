import type { Milestones } from './state.ts';

/** Each number with its definition: derived from the raw milestones, never stored. */
const METRICS = [
  {
    id: 'time-to-detect',
    title: 'Time to detect',
    means: 'from when it started to when somebody or something noticed',
    from: 'started',
    to: 'detected',
  },
  {
    id: 'time-to-acknowledge',
    title: 'Time to acknowledge',
    means: 'from the declaration to the first role taken',
    from: 'declared',
    to: 'acknowledged',
  },
  {
    id: 'time-to-first-fix',
    title: 'Time to first fix',
    means: 'from the declaration to the first fix that acted',
    from: 'declared',
    to: 'firstFix',
  },
  {
    id: 'time-to-mitigate',
    title: 'Time to mitigate',
    means: 'from when it started to when users were served again',
    from: 'started',
    to: 'mitigated',
  },
  {
    id: 'time-to-resolve',
    title: 'Time to resolve',
    means: 'from when it started to when it was resolved',
    from: 'started',
    to: 'resolved',
  },
] as const satisfies readonly {
  readonly id: string;
  readonly title: string;
  readonly means: string;
  readonly from: keyof Milestones;
  readonly to: keyof Milestones;
}[];

export type Metric = {
  readonly id: (typeof METRICS)[number]['id'];
  readonly title: string;
  readonly means: string;
  readonly seconds: number;
};

/** Only what both ends are known of, and in order: a reopened incident has lost its later ends. */
export const metricsOf = (milestones: Milestones): readonly Metric[] =>
  METRICS.flatMap(({ id, title, means, from, to }) => {
    const [start, end] = [milestones[from], milestones[to]];
    if (start === undefined || end === undefined) return [];
    const seconds = Math.round((Date.parse(end) - Date.parse(start)) / 1_000);
    return seconds < 0 ? [] : [{ id, title, means, seconds }];
  });

/** `2 min 4 s`, `1 h 5 min`, `3 d 2 h`: two units at most. */
export const inWords = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor((whole % 86_400) / 3_600), 'h'],
    [Math.floor((whole % 3_600) / 60), 'min'],
    [whole % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
};
