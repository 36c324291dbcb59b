import { z } from 'zod';
import { AwsError } from '../operation.ts';

/**
 * Reads IAM policy documents, once, where they enter: whatever is stored afterwards can be evaluated.
 * Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */

export const CONDITION_OPERATORS = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
  'NumericEquals',
  'NumericNotEquals',
  'NumericLessThan',
  'NumericLessThanEquals',
  'NumericGreaterThan',
  'NumericGreaterThanEquals',
  'DateEquals',
  'DateNotEquals',
  'DateLessThan',
  'DateLessThanEquals',
  'DateGreaterThan',
  'DateGreaterThanEquals',
  'Bool',
  'BinaryEquals',
  'IpAddress',
  'NotIpAddress',
  'ArnEquals',
  'ArnLike',
  'ArnNotEquals',
  'ArnNotLike',
  'Null',
] as const;
export type ConditionOperator = (typeof CONDITION_OPERATORS)[number];

export type SetOperator = 'ForAllValues' | 'ForAnyValue';
export type ConditionTest = {
  readonly operator: ConditionOperator;
  readonly set: SetOperator | undefined;
  readonly ifExists: boolean;
  readonly key: string;
  readonly values: readonly string[];
};

export type Statement = {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: { readonly not: boolean; readonly patterns: readonly string[] };
  /** Absent in trust policies: the role itself is the resource. */
  readonly resources: { readonly not: boolean; readonly patterns: readonly string[] } | undefined;
  /** Present in trust policies only: `AWS` ARNs or account ids, `Service` names, `*` for anyone. */
  readonly principals: readonly string[] | undefined;
  readonly conditions: readonly ConditionTest[];
};

export type Policy = {
  /** Policy variables such as `${aws:username}` mean something only in version 2012-10-17. */
  readonly variables: boolean;
  readonly statements: readonly Statement[];
};

/** The JSON that people write and IAM keeps. */
export type PolicyDocument = { readonly [member: string]: unknown };

const many = <T extends z.ZodType>(one: T) => z.union([one.transform((value) => [value]), z.array(one).min(1)]);
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const conditionValues = z.union([scalar.transform((value) => [value]), z.array(scalar)]);
const principal = z.union([
  z.literal('*').transform(() => ['*']),
  z
    .strictObject({
      AWS: many(z.string()).optional(),
      Service: many(z.string()).optional(),
      Federated: many(z.string()).optional(),
    })
    .transform(({ AWS = [], Service = [], Federated = [] }) => [...AWS, ...Service, ...Federated]),
]);

const operatorForm = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/i;
const operatorsByName = new Map<string, ConditionOperator>(CONDITION_OPERATORS.map((name) => [name.toLowerCase(), name]));

const readConditions = (
  block: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
  context: z.RefinementCtx,
): readonly ConditionTest[] =>
  Object.entries(block).flatMap(([written, keys]) => {
    const [, set, name = '', ifExists] = operatorForm.exec(written) ?? [];
    const operator = operatorsByName.get(name.toLowerCase());
    if (operator === undefined) {
      context.addIssue({ code: 'custom', message: `invalid condition operator ${written}` });
      return [];
    }
    return Object.entries(keys).map(([key, values]) => ({
      operator,
      set:
        set === undefined
          ? undefined
          : set.toLowerCase() === 'forallvalues'
            ? ('ForAllValues' as const)
            : ('ForAnyValue' as const),
      ifExists: ifExists !== undefined,
      key: key.toLowerCase(),
      values,
    }));
  });

const statement = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Action: many(z.string()).optional(),
    NotAction: many(z.string()).optional(),
    Resource: many(z.string()).optional(),
    NotResource: many(z.string()).optional(),
    Principal: principal.optional(),
    Condition: z.record(z.string(), z.record(z.string(), conditionValues)).optional(),
  })
  .transform((raw, context): Statement => {
    if ((raw.Action === undefined) === (raw.NotAction === undefined))
      context.addIssue({ code: 'custom', message: 'a statement has either Action or NotAction' });
    if (raw.Resource !== undefined && raw.NotResource !== undefined)
      context.addIssue({ code: 'custom', message: 'a statement has either Resource or NotResource' });
    const resources = raw.Resource ?? raw.NotResource;
    return {
      sid: raw.Sid,
      effect: raw.Effect,
      actions: { not: raw.Action === undefined, patterns: raw.Action ?? raw.NotAction ?? [] },
      resources: resources === undefined ? undefined : { not: raw.Resource === undefined, patterns: resources },
      principals: raw.Principal,
      conditions: readConditions(raw.Condition ?? {}, context),
    };
  });

const policy = z
  .strictObject({
    Version: z.enum(['2012-10-17', '2008-10-17']).optional(),
    Id: z.string().optional(),
    Statement: many(statement),
  })
  .transform((raw): Policy => ({ variables: raw.Version === '2012-10-17', statements: raw.Statement }));

/** What a document is for: identity policies, boundaries, session and organisation policies name resources; trust policies name principals. */
export type PolicyKind = 'permissions' | 'trust';

const misfit = (kind: PolicyKind, { resources, principals }: Statement): string | undefined => {
  if (kind === 'permissions' && resources === undefined) return 'Policy statement must contain resources.';
  if (kind === 'permissions' && principals !== undefined) return 'Policy document should not specify a principal.';
  if (kind === 'trust' && principals === undefined) return 'AssumeRole policy must contain principals.';
  if (kind === 'trust' && resources !== undefined) return 'AssumeRole policy may not contain resources.';
  return undefined;
};

/** Documents are replaced, never changed, so what was read of one stays true as long as the document lives. */
const read = new WeakMap<PolicyDocument, Policy>();

/** Throws `MalformedPolicyDocument` (400), as IAM and STS do, for anything that could not be evaluated later. */
export const readPolicy = (document: PolicyDocument, kind: PolicyKind): Policy => {
  const known = read.get(document);
  if (known !== undefined) return known;
  const parsed = policy.safeParse(document);
  if (!parsed.success) throw new AwsError('MalformedPolicyDocument', `Syntax errors in policy: ${z.prettifyError(parsed.error)}`);
  const wrong = parsed.data.statements.map((each) => misfit(kind, each)).find((reason) => reason !== undefined);
  if (wrong !== undefined) throw new AwsError('MalformedPolicyDocument', wrong);
  read.set(document, parsed.data);
  return parsed.data;
};

/** Throws `MalformedPolicyDocument` (400) when the text is no JSON object. */
export const parsePolicyText = (text: string): PolicyDocument => {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch (cause) {
    throw Object.assign(new AwsError('MalformedPolicyDocument', 'This policy contains invalid Json'), { cause });
  }
};
