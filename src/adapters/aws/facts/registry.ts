import { certificates } from './certificates.ts';
import { changes } from './changes.ts';
import { dependencies } from './dependencies.ts';
import { group } from './group.ts';
import { groupSurroundings } from './group-surroundings.ts';
import { identity } from './identity.ts';
import { instance, instanceStatuses, instancesOfGroup } from './instance.ts';
import { launchSource } from './launch-source.ts';
import { loadOfGroup } from './load.ts';
import type { FactFetchers } from './look.ts';
import { nameResolution } from './names.ts';
import { network } from './network.ts';
import { scaling } from './scaling.ts';
import { serviceMap } from './service-map.ts';
import { snapshotsOfRun, volumesOf } from './storage.ts';
import { targetGroupsAround } from './target-groups.ts';
import { tiesOf } from './ties.ts';
import { traffic } from './traffic.ts';

/** Who fetches which fact. */
export const FETCHERS: FactFetchers = {
  certificates,
  changes,
  dependencies,
  group,
  'group-surroundings': groupSurroundings,
  identity,
  instance,
  'instance-statuses': instanceStatuses,
  'instances-of-group': instancesOfGroup,
  'launch-source': launchSource,
  'load-of-group': loadOfGroup,
  'name-resolution': nameResolution,
  network,
  scaling,
  'service-map': serviceMap,
  'snapshots-of-run': snapshotsOfRun,
  'target-groups-around': targetGroupsAround,
  'ties-of': tiesOf,
  traffic,
  'volumes-of': volumesOf,
};
