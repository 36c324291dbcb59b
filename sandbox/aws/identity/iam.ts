import type * as Iam from '@aws-sdk/client-iam';
import { type Authorization, AwsError, type Operation, type ServiceOperations } from '../operation.ts';
import { principalByArn } from './layers.ts';
import { policyOf, profileOf, roleOf } from './mutations.ts';
import type { PolicyDocument } from './policy-document.ts';
import { createSimulatePrincipalPolicy } from './simulate.ts';
import type { IdentityState, InstanceProfile, ManagedPolicy, Role } from './state.ts';
import { noSuchEntity, type Store } from './store.ts';

/** The part of IAM that the checks read. Lists are short here, so all of them come in one page. */

type Read<I, O> = Operation<I, Omit<O, '$metadata'>>;

const on = (action: string, resource: string): readonly Authorization[] => [{ action: `iam:${action}`, resource, context: {} }];

/** Documents travel URL-encoded: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyVersion.html */
const encodeDocument = (document: PolicyDocument): string =>
  encodeURIComponent(JSON.stringify(document)).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const roleShape = (role: Role): Iam.Role => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: new Date(role.createdAt),
  AssumeRolePolicyDocument: encodeDocument(role.trust),
  MaxSessionDuration: role.maxSessionSeconds,
  ...(role.description !== undefined && { Description: role.description }),
  ...(role.boundaryArn !== undefined && {
    PermissionsBoundary: { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: role.boundaryArn },
  }),
});

const profileShape = (state: IdentityState, profile: InstanceProfile): Iam.InstanceProfile => {
  const role = profile.roleName === undefined ? undefined : state.roles[profile.roleName];
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: profile.arn,
    CreateDate: new Date(profile.createdAt),
    Roles: role === undefined ? [] : [roleShape(role)],
  };
};

const policyShape = (state: IdentityState, policy: ManagedPolicy): Iam.Policy => {
  const principals = [...Object.values(state.roles), ...Object.values(state.users)];
  const latest = policy.versions[policy.defaultVersion]!;
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: principals.filter(({ attached }) => attached.includes(policy.arn)).length,
    PermissionsBoundaryUsageCount: principals.filter(({ boundaryArn }) => boundaryArn === policy.arn).length,
    IsAttachable: true,
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(latest.createdAt),
  };
};

const required = (value: string | undefined, member: string): string => {
  if (value === undefined || value === '')
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    );
  return value;
};

type NameInput = { readonly RoleName: string | undefined };

const roleReads = (store: Store) => {
  const named = (input: NameInput): Role => roleOf(store.read(), required(input.RoleName, 'roleName'));
  const arnOf = ({ RoleName = '' }: NameInput): string =>
    store.read().roles[RoleName]?.arn ?? `arn:aws:iam::${store.read().accountId}:role/${RoleName}`;
  const getRole: Read<Iam.GetRoleCommandInput, Iam.GetRoleCommandOutput> = {
    authorize: (input) => on('GetRole', arnOf(input)),
    run: (input) => ({ Role: roleShape(named(input)) }),
  };
  const listAttached: Read<Iam.ListAttachedRolePoliciesCommandInput, Iam.ListAttachedRolePoliciesCommandOutput> = {
    authorize: (input) => on('ListAttachedRolePolicies', arnOf(input)),
    run: (input) => ({
      AttachedPolicies: named(input).attached.map((arn) => ({
        PolicyArn: arn,
        PolicyName: store.read().policies[arn]?.name ?? arn,
      })),
      IsTruncated: false,
    }),
  };
  const listInline: Read<Iam.ListRolePoliciesCommandInput, Iam.ListRolePoliciesCommandOutput> = {
    authorize: (input) => on('ListRolePolicies', arnOf(input)),
    run: (input) => ({ PolicyNames: Object.keys(named(input).inline), IsTruncated: false }),
  };
  const getInline: Read<Iam.GetRolePolicyCommandInput, Iam.GetRolePolicyCommandOutput> = {
    authorize: (input) => on('GetRolePolicy', arnOf(input)),
    run: (input) => {
      const name = required(input.PolicyName, 'policyName');
      const role = named(input);
      const document = role.inline[name];
      if (document === undefined) throw noSuchEntity(`The role policy with name ${name}`);
      return { RoleName: role.name, PolicyName: name, PolicyDocument: encodeDocument(document) };
    },
  };
  const listProfiles: Read<Iam.ListInstanceProfilesForRoleCommandInput, Iam.ListInstanceProfilesForRoleCommandOutput> = {
    authorize: (input) => on('ListInstanceProfilesForRole', arnOf(input)),
    run: (input) => {
      const state = store.read();
      const { name } = named(input);
      const holding = Object.values(state.instanceProfiles).filter(({ roleName }) => roleName === name);
      return { InstanceProfiles: holding.map((profile) => profileShape(state, profile)), IsTruncated: false };
    },
  };
  return {
    GetRole: getRole,
    ListAttachedRolePolicies: listAttached,
    ListRolePolicies: listInline,
    GetRolePolicy: getInline,
    ListInstanceProfilesForRole: listProfiles,
  };
};

const policyReads = (store: Store) => {
  const getPolicy: Read<Iam.GetPolicyCommandInput, Iam.GetPolicyCommandOutput> = {
    authorize: ({ PolicyArn = '*' }) => on('GetPolicy', PolicyArn),
    run: ({ PolicyArn }) => ({ Policy: policyShape(store.read(), policyOf(store.read(), required(PolicyArn, 'policyArn'))) }),
  };
  const getVersion: Read<Iam.GetPolicyVersionCommandInput, Iam.GetPolicyVersionCommandOutput> = {
    authorize: ({ PolicyArn = '*' }) => on('GetPolicyVersion', PolicyArn),
    run: ({ PolicyArn, VersionId }) => {
      const policy = policyOf(store.read(), required(PolicyArn, 'policyArn'));
      const id = required(VersionId, 'versionId');
      const version = policy.versions[id];
      if (version === undefined) throw new AwsError('NoSuchEntity', `Policy ${policy.arn} version ${id} does not exist.`, 404);
      return {
        PolicyVersion: {
          Document: encodeDocument(version.document),
          VersionId: id,
          IsDefaultVersion: id === policy.defaultVersion,
          CreateDate: new Date(version.createdAt),
        },
      };
    },
  };
  return { GetPolicy: getPolicy, GetPolicyVersion: getVersion };
};

const profileReads = (store: Store) => {
  const getProfile: Read<Iam.GetInstanceProfileCommandInput, Iam.GetInstanceProfileCommandOutput> = {
    authorize: ({ InstanceProfileName: name = '' }) => {
      const { instanceProfiles, accountId } = store.read();
      return on('GetInstanceProfile', instanceProfiles[name]?.arn ?? `arn:aws:iam::${accountId}:instance-profile/${name}`);
    },
    run: ({ InstanceProfileName }) => ({
      InstanceProfile: profileShape(store.read(), profileOf(store.read(), required(InstanceProfileName, 'instanceProfileName'))),
    }),
  };
  return { GetInstanceProfile: getProfile };
};

export const createIamReads = (store: Store): ServiceOperations => ({
  ...roleReads(store),
  ...policyReads(store),
  ...profileReads(store),
  SimulatePrincipalPolicy: createSimulatePrincipalPolicy((arn) => principalByArn(store.read(), arn) !== undefined, store.read),
});
