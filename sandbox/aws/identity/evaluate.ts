import { type ConditionCheck, compileCondition } from './conditions.ts';
import { type ConditionContext, compilePattern, compileResource, type Matcher } from './patterns.ts';
import { type Policy, type PolicyDocument, readPolicy, type Statement } from './policy-document.ts';

/**
 * IAM's verdict within one account: organisation policies ∩ identity policies ∩ boundary ∩ session policy; an explicit deny
 * anywhere wins. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */

export type PolicySource = {
  /** What SimulatePrincipalPolicy calls it: `role_checkout-web_read-config`, or the name of a managed policy. */
  readonly id: string;
  readonly type: 'user' | 'role' | 'aws-managed' | 'user-managed' | 'none';
  readonly document: PolicyDocument;
};

export type LayerName = 'organisation' | 'identity' | 'boundary' | 'session';
/** A layer that is absent limits nothing; a layer that is there, even empty, allows only what it says. */
export type PolicyLayers = Readonly<Partial<Record<LayerName, readonly PolicySource[]>>> & {
  readonly identity: readonly PolicySource[];
};

export type AccessRequest = { readonly action: string; readonly resource: string; readonly context: ConditionContext };

export type MatchedStatement = {
  readonly layer: LayerName;
  readonly source: PolicySource;
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
};

export type Decision = {
  readonly effect: 'allowed' | 'explicitDeny' | 'implicitDeny';
  /** The layer that said no: where the deny stands, or which layer has no allow. Absent when allowed. */
  readonly layer?: LayerName;
  /** Every layer without an allow. */
  readonly silent: readonly LayerName[];
  readonly matched: readonly MatchedStatement[];
  /** Condition keys that statements for this action and resource ask for and the request does not bring. */
  readonly missingKeys: readonly string[];
};

type CompiledStatement = {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly concerns: (request: AccessRequest) => boolean;
  readonly conditions: readonly { readonly key: string; readonly check: ConditionCheck }[];
};

const compileResources = (resources: Statement['resources'], variables: boolean): ((request: AccessRequest) => boolean) => {
  // Trust policies have none: the role itself is the resource.
  if (resources === undefined) return () => true;
  const matchers: readonly Matcher[] = resources.patterns.map((pattern) => compileResource(pattern, variables));
  return ({ resource, context }) => matchers.some((matches) => matches(resource, context)) !== resources.not;
};

const compileStatement = (statement: Statement, { variables }: Policy): CompiledStatement => {
  const actions = statement.actions.patterns.map((pattern) =>
    compilePattern(pattern, { wildcards: true, ignoreCase: true, variables: false }),
  );
  const concernsResource = compileResources(statement.resources, variables);
  return {
    sid: statement.sid,
    effect: statement.effect,
    concerns: (request) =>
      actions.some((matches) => matches(request.action, request.context)) !== statement.actions.not && concernsResource(request),
    conditions: statement.conditions.map((test) => ({ key: test.key, check: compileCondition(test, variables) })),
  };
};

const compiled = new WeakMap<Policy, readonly CompiledStatement[]>();

const compile = (policy: Policy): readonly CompiledStatement[] => {
  const known = compiled.get(policy);
  if (known !== undefined) return known;
  const statements = policy.statements.map((statement) => compileStatement(statement, policy));
  compiled.set(policy, statements);
  return statements;
};

/** In the order in which a denial is explained. */
const LAYERS: readonly LayerName[] = ['organisation', 'identity', 'boundary', 'session'];

export const decide = (layers: PolicyLayers, request: AccessRequest): Decision => {
  const matched: MatchedStatement[] = [];
  const missingKeys = new Set<string>();
  for (const layer of LAYERS)
    for (const source of layers[layer] ?? [])
      for (const statement of compile(readPolicy(source.document, 'permissions'))) {
        if (!statement.concerns(request)) continue;
        for (const { key } of statement.conditions) if (!request.context.has(key)) missingKeys.add(key);
        if (statement.conditions.every(({ check }) => check(request.context)))
          matched.push({ layer, source, sid: statement.sid, effect: statement.effect });
      }
  const silent = LAYERS.filter(
    (layer) => layers[layer] !== undefined && !matched.some((each) => each.layer === layer && each.effect === 'Allow'),
  );
  const rest = { silent, matched, missingKeys: [...missingKeys] };
  const denied = matched.find(({ effect }) => effect === 'Deny');
  if (denied !== undefined) return { effect: 'explicitDeny', layer: denied.layer, ...rest };
  const [layer] = silent;
  return layer === undefined ? { effect: 'allowed', ...rest } : { effect: 'implicitDeny', layer, ...rest };
};

/** One statement of a trust policy, asked whether it speaks of this action under these conditions (its principals are the caller's business). */
export const trustStatements = (
  document: PolicyDocument,
  request: AccessRequest,
): readonly { readonly effect: 'Allow' | 'Deny'; readonly principals: readonly string[] }[] => {
  const policy = readPolicy(document, 'trust');
  return compile(policy).flatMap((statement, index) =>
    statement.concerns(request) && statement.conditions.every(({ check }) => check(request.context))
      ? [{ effect: statement.effect, principals: policy.statements[index]!.principals ?? [] }]
      : [],
  );
};

const LAYER_WORDS: Readonly<Record<LayerName, { readonly article: string; readonly name: string }>> = {
  organisation: { article: 'a', name: 'service control policy' },
  identity: { article: 'an', name: 'identity-based policy' },
  boundary: { article: 'a', name: 'permissions boundary' },
  session: { article: 'a', name: 'session policy' },
};

/** AWS's own sentence: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
export const denialSentence = (
  callerArn: string,
  { action, resource }: Pick<AccessRequest, 'action' | 'resource'>,
  decision: Pick<Decision, 'effect' | 'layer'>,
): string => {
  const { article, name } = LAYER_WORDS[decision.layer ?? 'identity'];
  const reason =
    decision.effect === 'explicitDeny'
      ? `with an explicit deny in ${article} ${name}`
      : `because no ${name} allows the ${action} action`;
  return `User: ${callerArn} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
};
