import { AwsError } from '../operation.ts';
import { type PolicyDocument, readPolicy } from './policy-document.ts';
import type { IdentityState, InstanceProfile, ManagedPolicy, Role, User } from './state.ts';
import { noSuchEntity, type Store } from './store.ts';

/**
 * How an account is built, and broken: plain functions, for seeds, faults and the world's own services. Each throws the `AwsError` that
 * IAM would answer. A fault is best undone by restoring a snapshot, or by the opposite function.
 */
export type Mutations = {
  readonly createUser: (name: string, options?: PrincipalOptions) => User;
  /** A given pair is taken as it is; secrets are otherwise random. */
  readonly createAccessKey: (userName: string, pair?: KeyPair) => KeyPair;
  readonly deleteAccessKey: (accessKeyId: string) => void;
  readonly createRole: (name: string, trust: PolicyDocument, options?: RoleOptions) => Role;
  readonly deleteRole: (name: string) => void;
  readonly setTrustPolicy: (roleName: string, trust: PolicyDocument) => void;
  /** `arn` only for policies of AWS itself, such as `arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore`. */
  readonly createPolicy: (
    name: string,
    document: PolicyDocument,
    options?: { readonly arn?: string; readonly path?: string },
  ) => ManagedPolicy;
  /** Adds a version and makes it the default. */
  readonly createPolicyVersion: (policyArn: string, document: PolicyDocument) => string;
  readonly attachRolePolicy: (roleName: string, policyArn: string) => void;
  readonly detachRolePolicy: (roleName: string, policyArn: string) => void;
  readonly putRolePolicy: (roleName: string, policyName: string, document: PolicyDocument) => void;
  readonly deleteRolePolicy: (roleName: string, policyName: string) => void;
  readonly attachUserPolicy: (userName: string, policyArn: string) => void;
  readonly putUserPolicy: (userName: string, policyName: string, document: PolicyDocument) => void;
  /** `undefined` takes the boundary away. */
  readonly setRoleBoundary: (roleName: string, policyArn: string | undefined) => void;
  readonly createInstanceProfile: (
    name: string,
    options?: { readonly roleName?: string; readonly path?: string },
  ) => InstanceProfile;
  readonly addRoleToInstanceProfile: (profileName: string, roleName: string) => void;
  readonly removeRoleFromInstanceProfile: (profileName: string) => void;
  /** Service control policies; `undefined` takes the account out of its organisation. */
  readonly setOrganisationPolicies: (policies: IdentityState['organisation']) => void;
};

export type KeyPair = { readonly accessKeyId: string; readonly secretAccessKey: string };
export type PrincipalOptions = { readonly path?: string };
export type RoleOptions = PrincipalOptions & {
  readonly description?: string;
  /** Seconds, 3,600 to 43,200: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
  readonly maxSessionSeconds?: number;
};

const MAX_SESSION_SECONDS_DEFAULT = 3_600;

const without = <T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).filter(([each]) => each !== key));

const exists = (what: string): AwsError => new AwsError('EntityAlreadyExists', `${what} already exists.`, 409);

export const roleOf = (state: IdentityState, name: string): Role => {
  const role = state.roles[name];
  if (role === undefined) throw noSuchEntity(`The role with name ${name}`);
  return role;
};

export const policyOf = (state: IdentityState, arn: string): ManagedPolicy => {
  const policy = state.policies[arn];
  if (policy === undefined) throw new AwsError('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`, 404);
  return policy;
};

export const profileOf = (state: IdentityState, name: string): InstanceProfile => {
  const profile = state.instanceProfiles[name];
  if (profile === undefined) throw noSuchEntity(`Instance Profile ${name}`);
  return profile;
};

const principalParts = (store: Store, kind: 'user' | 'role', name: string, path: string) => ({
  name,
  arn: `arn:aws:iam::${store.read().accountId}:${kind}${path}${name}`,
  id: store.nextId(kind === 'role' ? 'AROA' : 'AIDA'),
  path,
  createdAt: store.now(),
  inline: {},
  attached: [],
});

const userMutations = (
  store: Store,
): Pick<Mutations, 'createUser' | 'createAccessKey' | 'deleteAccessKey' | 'attachUserPolicy' | 'putUserPolicy'> => {
  const change = (name: string, edit: (user: User) => User): void =>
    store.write((state) => {
      const user = state.users[name];
      if (user === undefined) throw noSuchEntity(`The user with name ${name}`);
      return { ...state, users: { ...state.users, [name]: edit(user) } };
    });
  return {
    createUser: (name, { path = '/' } = {}) => {
      if (store.read().users[name] !== undefined) throw exists(`User with name ${name}`);
      const user: User = principalParts(store, 'user', name, path);
      store.write((state) => ({ ...state, users: { ...state.users, [name]: user } }));
      return user;
    },
    createAccessKey: (userName, pair) => {
      change(userName, (user) => user);
      const { accessKeyId, secretAccessKey } = pair ?? { accessKeyId: store.nextId('AKIA'), secretAccessKey: store.newSecret() };
      store.write((state) => ({
        ...state,
        accessKeys: { ...state.accessKeys, [accessKeyId]: { userName, secret: secretAccessKey } },
      }));
      return { accessKeyId, secretAccessKey };
    },
    deleteAccessKey: (accessKeyId) => store.write((state) => ({ ...state, accessKeys: without(state.accessKeys, accessKeyId) })),
    attachUserPolicy: (name, policyArn) => {
      policyOf(store.read(), policyArn);
      change(name, (user) => ({ ...user, attached: [...new Set([...user.attached, policyArn])] }));
    },
    putUserPolicy: (name, policyName, document) => {
      readPolicy(document, 'permissions');
      change(name, (user) => ({ ...user, inline: { ...user.inline, [policyName]: document } }));
    },
  };
};

type RoleMutation =
  | 'createRole'
  | 'deleteRole'
  | 'setTrustPolicy'
  | 'attachRolePolicy'
  | 'detachRolePolicy'
  | 'putRolePolicy'
  | 'deleteRolePolicy'
  | 'setRoleBoundary';

const roleMutations = (store: Store): Pick<Mutations, RoleMutation> => {
  const change = (name: string, edit: (role: Role) => Role): void =>
    store.write((state) => ({ ...state, roles: { ...state.roles, [name]: edit(roleOf(state, name)) } }));
  return {
    createRole: (name, trust, { path = '/', description, maxSessionSeconds = MAX_SESSION_SECONDS_DEFAULT } = {}) => {
      if (store.read().roles[name] !== undefined) throw exists(`Role with name ${name}`);
      readPolicy(trust, 'trust');
      const parts = principalParts(store, 'role', name, path);
      const role: Role = { ...parts, trust, maxSessionSeconds, ...(description !== undefined && { description }) };
      store.write((state) => ({ ...state, roles: { ...state.roles, [name]: role } }));
      return role;
    },
    deleteRole: (name) => {
      roleOf(store.read(), name);
      const holder = Object.values(store.read().instanceProfiles).find(({ roleName }) => roleName === name);
      if (holder !== undefined)
        throw new AwsError('DeleteConflict', 'Cannot delete entity, must remove roles from instance profile first.', 409);
      store.write((state) => ({ ...state, roles: without(state.roles, name) }));
    },
    setTrustPolicy: (name, trust) => {
      readPolicy(trust, 'trust');
      change(name, (role) => ({ ...role, trust }));
    },
    attachRolePolicy: (name, policyArn) => {
      policyOf(store.read(), policyArn);
      change(name, (role) => ({ ...role, attached: [...new Set([...role.attached, policyArn])] }));
    },
    detachRolePolicy: (name, policyArn) =>
      change(name, (role) => {
        if (!role.attached.includes(policyArn)) throw new AwsError('NoSuchEntity', `Policy ${policyArn} was not found.`, 404);
        return { ...role, attached: role.attached.filter((each) => each !== policyArn) };
      }),
    putRolePolicy: (name, policyName, document) => {
      readPolicy(document, 'permissions');
      change(name, (role) => ({ ...role, inline: { ...role.inline, [policyName]: document } }));
    },
    deleteRolePolicy: (name, policyName) =>
      change(name, (role) => {
        if (role.inline[policyName] === undefined) throw noSuchEntity(`The role policy with name ${policyName}`);
        return { ...role, inline: without(role.inline, policyName) };
      }),
    setRoleBoundary: (name, policyArn) => {
      if (policyArn !== undefined) policyOf(store.read(), policyArn);
      change(name, ({ boundaryArn: _before, ...role }) => (policyArn === undefined ? role : { ...role, boundaryArn: policyArn }));
    },
  };
};

const policyMutations = (store: Store): Pick<Mutations, 'createPolicy' | 'createPolicyVersion' | 'setOrganisationPolicies'> => ({
  createPolicy: (name, document, { path = '/', arn = `arn:aws:iam::${store.read().accountId}:policy${path}${name}` } = {}) => {
    if (store.read().policies[arn] !== undefined) throw exists(`A policy called ${name}`);
    readPolicy(document, 'permissions');
    const createdAt = store.now();
    const versions = { v1: { document, createdAt } };
    const policy: ManagedPolicy = { name, arn, id: store.nextId('ANPA'), path, createdAt, defaultVersion: 'v1', versions };
    store.write((state) => ({ ...state, policies: { ...state.policies, [arn]: policy } }));
    return policy;
  },
  createPolicyVersion: (arn, document) => {
    readPolicy(document, 'permissions');
    const policy = policyOf(store.read(), arn);
    const version = `v${Object.keys(policy.versions).length + 1}`;
    const versions = { ...policy.versions, [version]: { document, createdAt: store.now() } };
    store.write((state) => ({
      ...state,
      policies: { ...state.policies, [arn]: { ...policy, versions, defaultVersion: version } },
    }));
    return version;
  },
  setOrganisationPolicies: (policies) => {
    for (const { document } of policies ?? []) readPolicy(document, 'permissions');
    store.write(({ organisation: _before, ...state }) => (policies === undefined ? state : { ...state, organisation: policies }));
  },
});

type ProfileMutation = 'createInstanceProfile' | 'addRoleToInstanceProfile' | 'removeRoleFromInstanceProfile';

const profileMutations = (store: Store): Pick<Mutations, ProfileMutation> => {
  const put = (profile: InstanceProfile): void =>
    store.write((state) => ({ ...state, instanceProfiles: { ...state.instanceProfiles, [profile.name]: profile } }));
  return {
    createInstanceProfile: (name, { roleName, path = '/' } = {}) => {
      const { accountId, instanceProfiles } = store.read();
      if (instanceProfiles[name] !== undefined) throw exists(`Instance Profile ${name}`);
      const arn = `arn:aws:iam::${accountId}:instance-profile${path}${name}`;
      const bare = { name, arn, id: store.nextId('AIPA'), path, createdAt: store.now() };
      const profile = roleName === undefined ? bare : { ...bare, roleName: roleOf(store.read(), roleName).name };
      put(profile);
      return profile;
    },
    addRoleToInstanceProfile: (profileName, roleName) => {
      const profile = profileOf(store.read(), profileName);
      roleOf(store.read(), roleName);
      if (profile.roleName !== undefined)
        throw new AwsError('LimitExceeded', 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1', 409);
      put({ ...profile, roleName });
    },
    removeRoleFromInstanceProfile: (profileName) => {
      const { roleName: _before, ...profile } = profileOf(store.read(), profileName);
      put(profile);
    },
  };
};

export const createMutations = (store: Store): Mutations => ({
  ...userMutations(store),
  ...roleMutations(store),
  ...policyMutations(store),
  ...profileMutations(store),
});
