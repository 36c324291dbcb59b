import { decide } from '../../identity/evaluate.ts';
import type { Identity } from '../../identity/identity.ts';
import { contextOf } from '../../identity/patterns.ts';
import type { AppAccess } from '../state/compute.ts';
import type { WorldState } from '../state/state.ts';

/** What applications of the instances with this profile want to do. */
const wanted = (state: WorldState, profileName: string): readonly AppAccess[] => {
  const all = state.instances.filter((one) => one.profileName === profileName).flatMap((one) => one.app.accesses);
  return all.filter(
    ({ action, resource }, index) => all.findIndex((one) => one.action === action && one.resource === resource) === index,
  );
};

/**
 * Takes over from the account's identity which role stands behind each instance profile, and what that role is refused of what
 * the applications need. Kept in the world's state, so that physics needs no identity at hand.
 */
export const mirrorProfiles = (state: WorldState, identity: Identity): void => {
  const { instanceProfiles, roles } = identity.read();
  state.profiles = Object.values(instanceProfiles).map(({ name, id, roleName }) => {
    const role = roleName === undefined ? undefined : roles[roleName];
    if (role === undefined) return { name, id, refused: [] };
    const layers = identity.layersOf(role.arn);
    const context = contextOf({
      'aws:PrincipalArn': role.arn,
      'aws:PrincipalAccount': state.accountId,
      'aws:RequestedRegion': state.region,
    });
    const refused = wanted(state, name).filter(
      ({ action, resource }) => decide(layers, { action, resource, context }).effect !== 'allowed',
    );
    return { name, id, roleName: role.name, refused };
  });
};
