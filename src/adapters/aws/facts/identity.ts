import type { AttachedPolicy, EvaluationResult } from '@aws-sdk/client-iam';
import type { WorkloadIdentity } from '../../../runbook/entities.ts';
import type { Service } from '../../../runbook/service.ts';
import { attempt, unlessMissing, unreadable } from '../read-failure.ts';
import type { FetchFact, Look } from './look.ts';
import { present, unique } from './present.ts';
import {
  getInstanceProfile,
  getPolicy,
  getPolicyVersion,
  getRole,
  getRolePolicy,
  listAttachedRolePolicies,
  listRolePolicies,
  simulatePrincipalPolicy,
} from './reads/iam.ts';

const NOT_THERE = ['NoSuchEntity', 'NoSuchEntityException'];
type Policy = WorkloadIdentity['policies'][number];

/** IAM's documents come percent-encoded. https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html */
const documentOf = (encoded = ''): string => decodeURIComponent(encoded);

const managedPolicy = async (look: Look, { PolicyArn, PolicyName = '' }: AttachedPolicy): Promise<Policy> => {
  const { Policy: policy } = await look.ask(getPolicy, { PolicyArn });
  const { PolicyVersion } = await look.ask(getPolicyVersion, { PolicyArn, VersionId: policy?.DefaultVersionId });
  return { name: PolicyName, kind: 'managed', document: documentOf(PolicyVersion?.Document) };
};
const managedPolicies = async (look: Look, RoleName: string): Promise<readonly Policy[]> => {
  const attached = await look.all(listAttachedRolePolicies, { RoleName });
  return Promise.all(attached.map((policy) => managedPolicy(look, policy)));
};
const inlinePolicies = async (look: Look, RoleName: string): Promise<readonly Policy[]> => {
  const names = await look.all(listRolePolicies, { RoleName });
  return Promise.all(
    names.map(async (name) => {
      const { PolicyDocument } = await look.ask(getRolePolicy, { RoleName, PolicyName: name });
      return { name, kind: 'inline' as const, document: documentOf(PolicyDocument) };
    }),
  );
};

const simulatedOf = (result: EvaluationResult): WorkloadIdentity['simulated'][number] => ({
  action: result.EvalActionName ?? '',
  resource: result.EvalResourceName ?? '*',
  decision: result.EvalDecision ?? '',
  matched: (result.MatchedStatements ?? []).map(({ SourcePolicyId = '' }) => SourcePolicyId),
  ...present({
    allowedByBoundary: result.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary,
    allowedByOrganization: result.OrganizationsDecisionDetail?.AllowedByOrganizations,
  }),
});

/** One call for each resource: a call tries every action on every resource that it names. */
const simulate = async (look: Look, roleArn: string, wanted: Service['iamActions']) => {
  const resources = unique(wanted.map(({ resource }) => resource));
  const results = await Promise.all(
    resources.map((resource) =>
      look.all(simulatePrincipalPolicy, {
        PolicySourceArn: roleArn,
        ActionNames: wanted.filter((one) => one.resource === resource).map(({ action }) => action),
        ResourceArns: [resource],
      }),
    ),
  );
  return results.flat().map(simulatedOf);
};

type OfRole = Pick<WorkloadIdentity, 'policies' | 'simulated' | 'notSeen' | 'missingPermission' | 'boundaryArn'>;
const noRole: OfRole = { policies: [], simulated: [], notSeen: [] };

/** Each part by itself: that one may not be looked at does not hide the others. */
const ofRole = async (look: Look, roleName: string, roleArn: string, { iamActions }: Service): Promise<OfRole> => {
  const [role, managed, inline, simulated] = await Promise.all([
    attempt(look.ask(getRole, { RoleName: roleName })),
    attempt(managedPolicies(look, roleName)),
    attempt(inlinePolicies(look, roleName)),
    attempt(simulate(look, roleArn, iamActions)),
  ]);
  const unseen = [role, managed, inline, simulated].flatMap((part) => ('notSeen' in part ? [part.notSeen] : []));
  return {
    policies: [...('value' in managed ? managed.value : []), ...('value' in inline ? inline.value : [])],
    simulated: 'value' in simulated ? simulated.value : [],
    notSeen: unique(unseen.map(({ because }) => because)),
    ...present({
      missingPermission: unseen.find(({ permission }) => permission !== undefined)?.permission,
      boundaryArn: 'value' in role ? role.value.Role?.PermissionsBoundary?.PermissionsBoundaryArn : undefined,
    }),
  };
};

/** The profile that most of the instances have. */
const commonest = (values: readonly string[]): string | undefined => {
  const count = (value: string) => values.filter((one) => one === value).length;
  return unique(values).toSorted((a, b) => count(b) - count(a))[0];
};

export const identity: FetchFact<'identity'> = async (look, { serviceId }): Promise<WorkloadIdentity> => {
  const service = look.services(serviceId);
  if (service === undefined) throw unreadable(`No service ${serviceId} is described.`);
  const { instances, unborn = [] } = await look.fact('service-map', { serviceId });
  const alive = instances.filter(({ state }) => state === 'running' || state === 'pending');
  const instancesWithoutProfile = alive.filter(({ profileArn }) => profileArn === undefined).map(({ id }) => id);
  const profileArn = commonest(alive.flatMap(({ profileArn: arn }) => (arn === undefined ? [] : [arn])));
  // Without an instance, what the next one would get.
  const awaited = alive.length > 0 ? undefined : unborn.find(({ profile: name }) => name !== undefined)?.profile;
  const InstanceProfileName = profileArn?.split('/').at(-1) ?? awaited;
  if (InstanceProfileName === undefined) return { ...noRole, instancesWithoutProfile };
  const profile = await attempt(unlessMissing(look.ask(getInstanceProfile, { InstanceProfileName }), NOT_THERE));
  if ('notSeen' in profile)
    return {
      ...noRole,
      instancesWithoutProfile,
      notSeen: [profile.notSeen.because],
      ...present({ profileArn, missingPermission: profile.notSeen.permission }),
    };
  const found = profile.value?.InstanceProfile;
  const about = { instancesWithoutProfile, profileArn: profileArn ?? found?.Arn ?? InstanceProfileName };
  const [role] = found?.Roles ?? [];
  if (role?.RoleName === undefined || role.Arn === undefined) return { ...noRole, ...about };
  return { ...(await ofRole(look, role.RoleName, role.Arn, service)), ...about, roleName: role.RoleName };
};
