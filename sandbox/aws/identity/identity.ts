import type { Authorization, Caller, ServiceOperations } from '../operation.ts';
import { type Decision, decide, type PolicyLayers } from './evaluate.ts';
import { createIamReads } from './iam.ts';
import { layersOf } from './layers.ts';
import { createMutations, type Mutations } from './mutations.ts';
import { contextOf } from './patterns.ts';
import type { IdentityState } from './state.ts';
import { createStore, type IdentityOptions } from './store.ts';
import { createSts } from './sts.ts';

/** What the wire must know of an access key to believe a signature. */
export type Credential = {
  readonly secret: string;
  /** Temporary credentials are worth nothing without their token. */
  readonly token?: string;
  /** World time, milliseconds. */
  readonly expiresAt?: number;
  readonly caller: Caller;
};

export type Identity = Mutations & {
  /** Plain JSON; unaffected by what happens later. */
  readonly snapshot: () => IdentityState;
  readonly restore: (state: IdentityState) => void;
  /** The present, not copied: for a look, never to be kept or changed. */
  readonly read: () => IdentityState;
  readonly credential: (accessKeyId: string) => Credential | undefined;
  /** What IAM says to one authorization of this caller. `extra` are keys of the request; the authorization's own keys win. */
  readonly evaluate: (
    caller: Caller,
    authorization: Authorization,
    extra?: Readonly<Record<string, string | readonly string[]>>,
  ) => Decision;
  readonly layersOf: (principalArn: string) => PolicyLayers;
  /** `sts` and `iam`: merge them into the account. */
  readonly operations: { readonly sts: ServiceOperations; readonly iam: ServiceOperations };
};

const credentialOf = (state: IdentityState, accessKeyId: string): Credential | undefined => {
  const { accountId } = state;
  const key = state.accessKeys[accessKeyId];
  if (key !== undefined) {
    const user = state.users[key.userName];
    return user && { secret: key.secret, caller: { accountId, arn: user.arn, accessKeyId } };
  }
  const session = state.sessions[accessKeyId];
  if (session === undefined) return undefined;
  const { roleName, sessionName, policyText, secret, token, expiresAt } = session;
  const arn = `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`;
  const caller: Caller = { accountId, arn, accessKeyId, roleName, sessionName };
  return {
    secret,
    token,
    expiresAt,
    caller: policyText === undefined ? caller : { ...caller, sessionPolicy: policyText },
  };
};

/** The layers of a caller: those of the user or role behind it, cut down by its session policy. */
const callerLayers = (state: IdentityState, caller: Caller): PolicyLayers => {
  if (caller.roleName === undefined) return layersOf(state, caller.arn);
  const session = state.sessions[caller.accessKeyId];
  const role = state.roles[caller.roleName];
  if (role === undefined || role.id !== session?.roleId) return { identity: [] };
  const layers = layersOf(state, role.arn);
  const { policy } = session;
  return policy === undefined ? layers : { ...layers, session: [{ id: 'SessionPolicy', type: 'none', document: policy }] };
};

/** Global condition keys: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
const principalKeys = (state: IdentityState, caller: Caller): Readonly<Record<string, string>> => {
  const role = caller.roleName === undefined ? undefined : state.roles[caller.roleName];
  const user = role === undefined ? Object.values(state.users).find(({ arn }) => arn === caller.arn) : undefined;
  return {
    'aws:PrincipalAccount': caller.accountId,
    'aws:PrincipalArn': role?.arn ?? caller.arn,
    'aws:PrincipalType': caller.roleName === undefined ? 'User' : 'AssumedRole',
    'aws:userid': role ? `${role.id}:${caller.sessionName}` : (user?.id ?? caller.accountId),
    ...(user && { 'aws:username': user.name }),
  };
};

/** The account's users, roles, policies and sessions, with STS and the part of IAM that the bot reads. */
export const createIdentity = (options: IdentityOptions): Identity => {
  const store = createStore(options);
  const evaluate: Identity['evaluate'] = (caller, { action, resource, context }, extra = {}) => {
    const state = store.read();
    const layers = callerLayers(state, caller);
    return decide(layers, { action, resource, context: contextOf(principalKeys(state, caller), extra, context) });
  };
  return {
    ...createMutations(store),
    snapshot: () => structuredClone(store.read()),
    restore: store.replace,
    read: store.read,
    credential: (accessKeyId) => credentialOf(store.read(), accessKeyId),
    evaluate,
    layersOf: (principalArn) => layersOf(store.read(), principalArn),
    operations: { sts: createSts(store, evaluate), iam: createIamReads(store) },
  };
};
