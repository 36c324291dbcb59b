import type { Clock } from '../../../src/ports.ts';
import type { Identity } from '../identity/identity.ts';
import { look, settleGroups } from './group/look.ts';
import { runScheduledAction } from './group/sizes.ts';
import { EVENTS_MAX } from './limits.ts';
import { endCommand } from './physics/commands.ts';
import { check, drained, noticeStates } from './physics/health.ts';
import { nowListening, nowRunning, nowStatusKnown } from './physics/launch.ts';
import { mirrorProfiles } from './physics/profiles.ts';
import { endSnapshot } from './physics/snapshots.ts';
import { forget, nowTerminated } from './physics/terminate.ts';
import { sampleTraffic, trafficMayChange } from './physics/traffic.ts';
import { groupOf } from './state/find.ts';
import { takeDue } from './state/queue.ts';
import type { WorldEvent, WorldState } from './state/state.ts';

export type Engine = {
  readonly state: WorldState;
  readonly settle: () => void;
  readonly act: <T>(change: (state: WorldState) => T) => T;
};

/** Performs one event; answers whether anything but the event itself has changed. */
const perform = (state: WorldState, event: WorldEvent, quietUntil: number): boolean => {
  switch (event.kind) {
    case 'target.check':
      return check(state, event, quietUntil);
    case 'target.drained':
      drained(state, event);
      return true;
    case 'instance.running':
      nowRunning(state, event.instanceId);
      return true;
    case 'instance.listening':
      nowListening(state, event.instanceId);
      return true;
    case 'instance.statusKnown':
      nowStatusKnown(state, event.instanceId);
      return true;
    case 'instance.terminated':
      nowTerminated(state, event.instanceId);
      return true;
    case 'instance.forgotten':
      forget(state, event.instanceId);
      return true;
    case 'group.look':
      look(state, groupOf(state, event.group));
      return true;
    case 'group.action':
      runScheduledAction(state, groupOf(state, event.group), event.action);
      return true;
    case 'member.released':
      return true;
    case 'snapshot.ends':
      endSnapshot(state, event.snapshotId);
      return false;
    case 'command.ends':
      endCommand(state, event.commandId, event.instanceId);
      return false;
  }
};

/** After something changed: load balancers see instances that are gone, members go on, groups plan to look. */
const notice = (state: WorldState): void => {
  noticeStates(state);
  settleGroups(state);
  trafficMayChange(state);
};

const nextOtherThanCheck = (state: WorldState): number =>
  state.pending.find(({ event }) => event.kind !== 'target.check')?.at ?? Number.POSITIVE_INFINITY;

const settle = (state: WorldState, until: number): void => {
  for (let performed = 0; ; performed += 1) {
    const due = takeDue(state, until);
    if (due === undefined) break;
    if (performed >= EVENTS_MAX) throw new Error(`More than ${EVENTS_MAX} events until ${until}: the world chases its own tail.`);
    if (due.at > state.now) sampleTraffic(state);
    state.now = Math.max(state.now, due.at);
    if (perform(state, due.event, Math.min(until, nextOtherThanCheck(state)))) notice(state);
  }
  if (until > state.now) sampleTraffic(state);
  state.now = Math.max(state.now, until);
};

/** Time, and what it does to a world. Time passes only here, and only up to the clock. */
export const createEngine = (state: WorldState, clock: Clock, identity?: Identity): Engine => {
  const settleNow = (): void => {
    if (identity !== undefined) mirrorProfiles(state, identity);
    settle(state, clock.now());
  };
  return {
    state,
    settle: settleNow,
    act: (change) => {
      settleNow();
      const result = change(state);
      if (identity !== undefined) mirrorProfiles(state, identity);
      notice(state);
      return result;
    },
  };
};
