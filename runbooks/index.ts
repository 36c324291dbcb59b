import { type AnyCheck, sealCheck } from '../src/runbook/define-check.ts';
import { type AnyFix, sealFix } from '../src/runbook/define-fix.ts';
import { capacityMeetsDemand } from './checks/capacity-meets-demand.ts';
import { dependenciesAreReachable } from './checks/dependencies-are-reachable.ts';
import { namesAndCertificatesHold } from './checks/names-and-certificates-hold.ts';
import { networkAclsAdmitThePath } from './checks/network-acls-admit-the-path.ts';
import { recentChangesAreKnown } from './checks/recent-changes-are-known.ts';
import { roleMayDoItsWork } from './checks/role-may-do-its-work.ts';
import { routesLeadSomewhere } from './checks/routes-lead-somewhere.ts';
import { securityGroupsAdmitThePath } from './checks/security-groups-admit-the-path.ts';
import { targetsAreHealthy } from './checks/targets-are-healthy.ts';
import { scaleToOne } from './fixes/scale-to-one.ts';
import { snapshotThenTerminate } from './fixes/snapshot-then-terminate.ts';

/** The only lists: sorted by id. What is not in here does not exist for the bot. */
export const checks: readonly AnyCheck[] = [
  sealCheck(capacityMeetsDemand),
  sealCheck(dependenciesAreReachable),
  sealCheck(namesAndCertificatesHold),
  sealCheck(networkAclsAdmitThePath),
  sealCheck(recentChangesAreKnown),
  sealCheck(roleMayDoItsWork),
  sealCheck(routesLeadSomewhere),
  sealCheck(securityGroupsAdmitThePath),
  sealCheck(targetsAreHealthy),
];
export const fixes: readonly AnyFix[] = [sealFix(scaleToOne), sealFix(snapshotThenTerminate)];
