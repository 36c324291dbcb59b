import type { FixRun } from './state.ts';

export type Kept = { readonly name: string; readonly where: string };

/** What a run saved, each piece once: snapshots by their volume, console output, diagnostics. What a step found out besides is not evidence. */
export const keptBy = (run: Pick<FixRun, 'steps'>): readonly Kept[] => {
  const all = Object.values(run.steps).flatMap(({ seen }) => Object.entries(seen ?? {}));
  const pieces = all.filter(([name]) => name.startsWith('vol-') || KEPT.has(name));
  return [...new Map(pieces)].map(([name, where]) => ({ name, where }));
};
const KEPT: ReadonlySet<string> = new Set(['console output', 'diagnostics']);
