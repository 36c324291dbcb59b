import type { Identity } from '../../identity/identity.ts';
import { type Act, leaveTrace, type Reversal, reversible, swap } from './reversible.ts';

const DENIAL = 'emergency-deny';

/** What happens to the roles that applications work with. Without an identity only the world's own copy is changed. */
export const createIdentityChanges = (act: Act, identity: Identity | undefined) => ({
  /** The instance profile stays, and stands for nothing. */
  detachRole: (profileName: string): Reversal =>
    reversible(act, (state) => {
      const profile = state.profiles.find((one) => one.name === profileName);
      const roleName = profile?.roleName;
      if (profile === undefined || roleName === undefined) throw new Error(`Instance profile ${profileName} has no role.`);
      leaveTrace(state, 'iam', 'RemoveRoleFromInstanceProfile', { InstanceProfileName: profileName, RoleName: roleName });
      identity?.removeRoleFromInstanceProfile(profileName);
      delete profile.roleName;
      return () => {
        identity?.addRoleToInstanceProfile(profileName, roleName);
        const now = state.profiles.find((one) => one.name === profileName);
        if (now !== undefined) now.roleName = roleName;
      };
    }),
  /** A policy that denies one action, whatever others allow. */
  deny: (roleName: string, action: string, resource = '*'): Reversal =>
    reversible(act, (state) => {
      leaveTrace(state, 'iam', 'PutRolePolicy', { RoleName: roleName, PolicyName: DENIAL });
      if (identity !== undefined) {
        const Statement = [{ Sid: 'EmergencyDeny', Effect: 'Deny', Action: action, Resource: resource }];
        identity.putRolePolicy(roleName, DENIAL, { Version: '2012-10-17', Statement });
        return () => identity.deleteRolePolicy(roleName, DENIAL);
      }
      const accesses = state.instances.flatMap((one) => one.app.accesses).filter((one) => one.action === action);
      const undo = state.profiles.filter((one) => one.roleName === roleName).map((one) => swap(one, { refused: accesses }));
      return () => {
        for (const put of undo) put();
      };
    }),
});
