import type { Guard } from '../../../src/runbook/define-fix.ts';
import {
  codeDeploy,
  groupExists,
  groupStable,
  launchProcesses,
  noDeployment,
  notManaged,
  notWeighted,
  optInGuard,
  otherProcesses,
  upcomingEvents,
} from '../../guards/group.ts';
import {
  canComeBack,
  keysSeen,
  memberInService,
  noTies,
  notCaptured,
  terminationAllowed,
  volumesAfter,
  volumesSavable,
} from '../../guards/instance.ts';
import { atMaximum, launchPossible, recentLaunches, templateVersion, terminationHooks } from '../../guards/launch.ts';
import { failsOpen, minimumHealthy, notLastHealthy, trafficFollowsGroup } from '../../guards/target-groups.ts';
import type { Facts, Input } from './world.ts';

const leaving = (_facts: Facts, { instanceId }: Input): readonly string[] => [instanceId];

export const guards: readonly Guard<Facts, Input>[] = [
  groupExists,
  memberInService,
  // Before the sizes are compared: with weights they are not counted in instances.
  notWeighted,
  groupStable,
  noDeployment,
  notManaged,
  codeDeploy,
  optInGuard(({ instance }) => (instance === undefined ? [] : [instance])),
  trafficFollowsGroup(leaving),
  notLastHealthy(leaving),
  minimumHealthy(leaving),
  failsOpen,
  launchProcesses,
  otherProcesses,
  upcomingEvents,
  launchPossible,
  templateVersion,
  recentLaunches,
  terminationHooks,
  atMaximum,
  noTies,
  terminationAllowed,
  volumesSavable,
  keysSeen,
  volumesAfter,
  notCaptured,
  canComeBack,
];
