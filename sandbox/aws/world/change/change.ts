import type { Identity } from '../../identity/identity.ts';
import { createBalancerChanges } from './balancers.ts';
import { createGroupChanges } from './groups.ts';
import { createHostChanges } from './hosts.ts';
import { createIdentityChanges } from './identities.ts';
import { createNetworkChanges } from './network.ts';
import type { Act } from './reversible.ts';
import { createStorageChanges } from './storage.ts';

/** Everything that can happen to a world besides API calls: what breaks by itself, and what other people do. */
export const createChange = (act: Act, identity: Identity | undefined) => ({
  hosts: createHostChanges(act),
  network: createNetworkChanges(act),
  balancers: createBalancerChanges(act),
  groups: createGroupChanges(act),
  storage: createStorageChanges(act),
  identities: createIdentityChanges(act, identity),
});

export type Change = ReturnType<typeof createChange>;
