import type { PolicyLayers, PolicySource } from './evaluate.ts';
import type { IdentityState, Role, User } from './state.ts';

export const principalByArn = (
  state: IdentityState,
  arn: string,
): { readonly kind: 'user' | 'role'; readonly principal: User | Role } | undefined => {
  const named = (principals: Readonly<Record<string, User | Role>>) => Object.values(principals).find((each) => each.arn === arn);
  const role = named(state.roles);
  if (role !== undefined) return { kind: 'role', principal: role };
  const user = named(state.users);
  return user && { kind: 'user', principal: user };
};

/** Undefined for a policy that is gone: an attachment to nothing allows nothing. */
const managedSource = (state: IdentityState, arn: string): PolicySource | undefined => {
  const policy = state.policies[arn];
  const document = policy?.versions[policy.defaultVersion]?.document;
  if (policy === undefined || document === undefined) return undefined;
  return { id: policy.name, type: arn.startsWith('arn:aws:iam::aws:') ? 'aws-managed' : 'user-managed', document };
};

const present = <T>(value: T | undefined): value is T => value !== undefined;

/** All that limits a user or role, by its ARN; an unknown one has no policy at all. */
export const layersOf = (state: IdentityState, arn: string): PolicyLayers => {
  const found = principalByArn(state, arn);
  const organisation = state.organisation?.map(({ name, document }) => ({ id: name, type: 'none' as const, document }));
  if (found === undefined) return { identity: [], ...(organisation && { organisation }) };
  const { kind, principal } = found;
  const inline = Object.entries(principal.inline).map(([name, document]) => ({
    id: `${kind}_${principal.name}_${name}`,
    type: kind,
    document,
  }));
  const identity = [...inline, ...principal.attached.map((policyArn) => managedSource(state, policyArn)).filter(present)];
  return {
    identity,
    ...(organisation && { organisation }),
    ...(principal.boundaryArn !== undefined && {
      boundary: [managedSource(state, principal.boundaryArn)].filter(present),
    }),
  };
};
