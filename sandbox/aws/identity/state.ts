import type { PolicyDocument } from './policy-document.ts';

/** Everything the account knows of who may do what: plain JSON, so that a world can be saved and a fault can be undone. */

/** Names are compared as written here; IAM itself ignores their case. */
type InlinePolicies = Readonly<Record<string, PolicyDocument>>;

type Principal = {
  readonly name: string;
  readonly arn: string;
  /** `AROA…` for roles, `AIDA…` for users. */
  readonly id: string;
  readonly path: string;
  readonly createdAt: number;
  readonly inline: InlinePolicies;
  /** ARNs of managed policies, in the order in which they were attached. */
  readonly attached: readonly string[];
  readonly boundaryArn?: string;
};

export type User = Principal;

export type Role = Principal & {
  readonly description?: string;
  readonly trust: PolicyDocument;
  readonly maxSessionSeconds: number;
};

export type InstanceProfile = {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  readonly path: string;
  readonly createdAt: number;
  /** At most one; a profile may well stand there without any. */
  readonly roleName?: string;
};

export type ManagedPolicy = {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  readonly path: string;
  readonly createdAt: number;
  readonly defaultVersion: string;
  readonly versions: Readonly<Record<string, { readonly document: PolicyDocument; readonly createdAt: number }>>;
};

export type AccessKey = { readonly userName: string; readonly secret: string };

export type Session = {
  readonly roleName: string;
  /** A role that is deleted and made again under its name is another role: old sessions are worth nothing then. */
  readonly roleId: string;
  readonly sessionName: string;
  readonly secret: string;
  readonly token: string;
  readonly expiresAt: number;
  /** As written by the caller. */
  readonly policyText?: string;
  readonly policy?: PolicyDocument;
};

export type IdentityState = {
  readonly accountId: string;
  /** Where the next id and access key id come from. */
  readonly sequence: number;
  readonly users: Readonly<Record<string, User>>;
  readonly roles: Readonly<Record<string, Role>>;
  readonly instanceProfiles: Readonly<Record<string, InstanceProfile>>;
  /** By ARN. */
  readonly policies: Readonly<Record<string, ManagedPolicy>>;
  /** By access key id. */
  readonly accessKeys: Readonly<Record<string, AccessKey>>;
  /** By access key id. */
  readonly sessions: Readonly<Record<string, Session>>;
  /** Service control policies of the organisation; absent: the account is in none. */
  readonly organisation?: readonly { readonly name: string; readonly document: PolicyDocument }[];
};

export const emptyIdentity = (accountId: string): IdentityState => ({
  accountId,
  sequence: 1,
  users: {},
  roles: {},
  instanceProfiles: {},
  policies: {},
  accessKeys: {},
  sessions: {},
});
