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
  moreThanOne,
  noForecast,
  notOurs,
  noWarmPool,
  standbyCosts,
  survivorLoad,
  survivorPreferred,
  survivorServes,
} from '../../guards/survivor.ts';
import { failsOpen, minimumHealthy, notLastHealthy, trafficFollowsGroup } from '../../guards/target-groups.ts';
import { type Facts, type Input, parkedOf, survivorOf } from './world.ts';

export const guards: readonly Guard<Facts, Input>[] = [
  groupExists,
  moreThanOne,
  survivorServes(survivorOf),
  // Before the sizes are compared: with weights they are not counted in instances.
  notWeighted,
  groupStable,
  noDeployment,
  notManaged,
  codeDeploy,
  optInGuard((facts, input) => {
    const touched = [...parkedOf(facts, input), survivorOf(facts, input)];
    return facts.members.filter(({ id }) => touched.includes(id));
  }),
  trafficFollowsGroup(parkedOf),
  notLastHealthy(parkedOf),
  minimumHealthy(parkedOf),
  failsOpen,
  launchProcesses,
  otherProcesses,
  noWarmPool,
  noForecast,
  upcomingEvents,
  survivorPreferred(survivorOf),
  survivorLoad(survivorOf),
  notOurs,
  standbyCosts(parkedOf),
];
