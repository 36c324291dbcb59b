import type {
  ContextEntry,
  EvaluationResult,
  SimulatePrincipalPolicyCommandInput,
  SimulatePrincipalPolicyCommandOutput,
} from '@aws-sdk/client-iam';
import { AwsError, type Operation } from '../operation.ts';
import { type Decision, decide, type PolicyLayers, type PolicySource } from './evaluate.ts';
import { layersOf } from './layers.ts';
import { contextOf } from './patterns.ts';
import { parsePolicyText, readPolicy } from './policy-document.ts';
import type { IdentityState } from './state.ts';
import { noSuchEntity } from './store.ts';

/**
 * SimulatePrincipalPolicy, by the evaluator that also guards the account: what it answers is what would happen.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */

type Input = SimulatePrincipalPolicyCommandInput;

const inputSources = (texts: readonly string[] | undefined, name: string): readonly PolicySource[] =>
  (texts ?? []).map((text, index) => {
    const document = parsePolicyText(text);
    readPolicy(document, 'permissions');
    return { id: `${name}.${index + 1}`, type: 'none', document };
  });

/** Policies in the request are added to the principal's; a boundary in the request stands in for the principal's. */
const layersFor = (state: IdentityState, input: Input): PolicyLayers => {
  const layers = layersOf(state, input.PolicySourceArn ?? '');
  const boundary = inputSources(input.PermissionsBoundaryPolicyInputList, 'PermissionsBoundaryPolicyInputList');
  return {
    ...layers,
    identity: [...layers.identity, ...inputSources(input.PolicyInputList, 'PolicyInputList')],
    ...(boundary.length > 0 && { boundary }),
  };
};

const contextValue = ({ ContextKeyType: type, ContextKeyValues: values = [] }: ContextEntry): string | readonly string[] =>
  type?.endsWith('List') || values.length !== 1 ? values : values[0]!;

const resultFor = (action: string, resource: string, layers: PolicyLayers, decision: Decision): EvaluationResult => ({
  EvalActionName: action,
  EvalResourceName: resource,
  EvalDecision: decision.effect,
  // The statements that decided: the denies, if there are any.
  MatchedStatements: decision.matched
    .filter(({ layer, effect }) => layer !== 'organisation' && (effect === 'Deny') === (decision.effect === 'explicitDeny'))
    .map(({ source }) => ({ SourcePolicyId: source.id, SourcePolicyType: source.type })),
  MissingContextValues: [...decision.missingKeys],
  ...(layers.organisation && {
    OrganizationsDecisionDetail: {
      AllowedByOrganizations: decision.layer !== 'organisation' && allows(decision, 'organisation'),
    },
  }),
  ...(layers.boundary && { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: allows(decision, 'boundary') } }),
});

const allows = ({ matched }: Decision, layer: 'organisation' | 'boundary'): boolean => {
  const spoken = matched.filter((each) => each.layer === layer);
  return spoken.length > 0 && spoken.every(({ effect }) => effect === 'Allow');
};

export const createSimulatePrincipalPolicy = (
  isKnown: (arn: string) => boolean,
  read: () => IdentityState,
): Operation<Input, Omit<SimulatePrincipalPolicyCommandOutput, '$metadata'>> => ({
  authorize: ({ PolicySourceArn: resource = '*' }) => [{ action: 'iam:SimulatePrincipalPolicy', resource, context: {} }],
  run: (input) => {
    const { PolicySourceArn: arn = '', ActionNames: actions = [], ResourceArns: resources = ['*'] } = input;
    if (!isKnown(arn)) throw noSuchEntity(`The entity ${arn}`);
    const malformed = actions.find((action) => !/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action));
    if (malformed !== undefined) throw new AwsError('InvalidInput', `Invalid Entity Action: ${malformed}`);
    const layers = layersFor(read(), input);
    const context = contextOf(
      Object.fromEntries((input.ContextEntries ?? []).map((entry) => [entry.ContextKeyName ?? '', contextValue(entry)])),
    );
    const results = actions.flatMap((action) =>
      resources.map((resource) => resultFor(action, resource, layers, decide(layers, { action, resource, context }))),
    );
    return { EvaluationResults: results, IsTruncated: false };
  },
});
