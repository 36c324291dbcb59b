import {
  GetInstanceProfileCommand,
  type GetInstanceProfileCommandInput,
  GetPolicyCommand,
  type GetPolicyCommandInput,
  GetPolicyVersionCommand,
  type GetPolicyVersionCommandInput,
  GetRoleCommand,
  type GetRoleCommandInput,
  GetRolePolicyCommand,
  type GetRolePolicyCommandInput,
  ListAttachedRolePoliciesCommand,
  type ListAttachedRolePoliciesCommandInput,
  ListRolePoliciesCommand,
  type ListRolePoliciesCommandInput,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyCommandInput,
} from '@aws-sdk/client-iam';
import { byMarker, read } from './paging.ts';

export const getInstanceProfile = read('iam:GetInstanceProfile', ({ iam }, input: GetInstanceProfileCommandInput, options) =>
  iam.send(new GetInstanceProfileCommand(input), options),
);
export const getRole = read('iam:GetRole', ({ iam }, input: GetRoleCommandInput, options) =>
  iam.send(new GetRoleCommand(input), options),
);
export const listAttachedRolePolicies = byMarker(
  'iam:ListAttachedRolePolicies',
  ({ iam }, input: ListAttachedRolePoliciesCommandInput, options) =>
    iam.send(new ListAttachedRolePoliciesCommand(input), options),
  ({ AttachedPolicies }) => AttachedPolicies,
);
export const listRolePolicies = byMarker(
  'iam:ListRolePolicies',
  ({ iam }, input: ListRolePoliciesCommandInput, options) => iam.send(new ListRolePoliciesCommand(input), options),
  ({ PolicyNames }) => PolicyNames,
);
export const getRolePolicy = read('iam:GetRolePolicy', ({ iam }, input: GetRolePolicyCommandInput, options) =>
  iam.send(new GetRolePolicyCommand(input), options),
);
export const getPolicy = read('iam:GetPolicy', ({ iam }, input: GetPolicyCommandInput, options) =>
  iam.send(new GetPolicyCommand(input), options),
);
export const getPolicyVersion = read('iam:GetPolicyVersion', ({ iam }, input: GetPolicyVersionCommandInput, options) =>
  iam.send(new GetPolicyVersionCommand(input), options),
);
export const simulatePrincipalPolicy = byMarker(
  'iam:SimulatePrincipalPolicy',
  ({ iam }, input: SimulatePrincipalPolicyCommandInput, options) => iam.send(new SimulatePrincipalPolicyCommand(input), options),
  ({ EvaluationResults }) => EvaluationResults,
);
