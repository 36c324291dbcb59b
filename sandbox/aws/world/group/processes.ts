import type { Group, Process } from '../state/group.ts';
import type { WorldState } from '../state/state.ts';
import { stamp } from './activities.ts';

/** A process that is suspended already keeps its reason. */
export const suspendProcesses = (state: WorldState, group: Group, names: readonly Process[]): void => {
  const reason = `User suspended at ${stamp(state)}`;
  for (const name of names) if (!group.suspended.some((one) => one.name === name)) group.suspended.push({ name, reason });
};

export const resumeProcesses = (group: Group, names: readonly Process[]): void => {
  group.suspended = group.suspended.filter(({ name }) => !names.includes(name));
};
