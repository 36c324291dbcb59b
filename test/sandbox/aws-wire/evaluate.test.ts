import { runUnsafeSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, denialSentence, type LayerName, type PolicyLayers } from '../../../sandbox/aws/identity/evaluate.ts';
import { contextOf } from '../../../sandbox/aws/identity/patterns.ts';
import { CONDITION_OPERATORS, readPolicy } from '../../../sandbox/aws/identity/policy-document.ts';

type Statement = Readonly<Record<string, unknown>>;
type Context = Readonly<Record<string, string | readonly string[]>>;

/** `${key}`, written so that no linter takes it for a forgotten backtick. */
const variable = (key: string): string => `\${${key}}`;

const INSTANCE = 'arn:aws:ec2:eu-west-1:111122223333:instance/i-1';

const layer = (name: string, statements: readonly Statement[], version = '2012-10-17') => [
  { id: name, type: 'none' as const, document: { Version: version, Statement: statements } },
];

const verdict = (
  statements: readonly Statement[],
  { action = 'ec2:TerminateInstances', resource = INSTANCE, context = {} as Context } = {},
) => decide({ identity: layer('own', statements) }, { action, resource, context: contextOf(context) }).effect;

const allow = (over: Statement = {}): Statement => ({ Effect: 'Allow', Action: '*', Resource: '*', ...over });
const deny = (over: Statement = {}): Statement => ({ Effect: 'Deny', Action: '*', Resource: '*', ...over });

describe('actions and resources', () => {
  it.each<[string, Statement, string]>([
    ['the exact action', { Action: 'ec2:TerminateInstances' }, 'allowed'],
    ['actions in any case', { Action: 'EC2:terminateinstances' }, 'allowed'],
    ['a wildcard within the action', { Action: 'ec2:Term*s' }, 'allowed'],
    ['one of several', { Action: ['ec2:StopInstances', 'ec2:?erminateInstances'] }, 'allowed'],
    ['another action', { Action: 'ec2:StopInstances' }, 'implicitDeny'],
    ['another service', { Action: 's3:*' }, 'implicitDeny'],
    ['all but another', { Action: undefined, NotAction: 's3:*' }, 'allowed'],
    ['all but this', { Action: undefined, NotAction: 'ec2:*' }, 'implicitDeny'],
    ['the exact resource', { Resource: INSTANCE }, 'allowed'],
    ['a resource whose dots and plusses are only dots and plusses', { Resource: INSTANCE.replace('-1', '.1') }, 'implicitDeny'],
    ['resources by wildcard', { Resource: 'arn:aws:ec2:*:*:instance/*' }, 'allowed'],
    ['a wildcard does not reach over a colon', { Resource: 'arn:aws:ec2:*:instance/i-1' }, 'implicitDeny'],
    ['an ARN that ends early', { Resource: 'arn:aws:ec2' }, 'allowed'],
    ['resources in their own case', { Resource: INSTANCE.toUpperCase() }, 'implicitDeny'],
    ['all resources but another', { Resource: undefined, NotResource: 'arn:aws:ec2:*:*:volume/*' }, 'allowed'],
    ['all resources but this', { Resource: undefined, NotResource: INSTANCE }, 'implicitDeny'],
  ])('%s', (_what, over, expected) => {
    expect(verdict([allow(over)])).toBe(expected);
  });

  it('an action without resources is covered by * only', () => {
    const asked = { action: 'ec2:DescribeInstances', resource: '*' };
    expect(verdict([allow({ Resource: '*' })], asked)).toBe('allowed');
    expect(verdict([allow({ Resource: 'arn:aws:ec2:*:*:instance/*' })], asked)).toBe('implicitDeny');
  });

  it('a deny wins over any allow, wherever it stands', () => {
    expect(verdict([allow(), deny({ Action: 'ec2:TerminateInstances' })])).toBe('explicitDeny');
    expect(verdict([deny({ Action: 'ec2:StopInstances' }), allow()])).toBe('allowed');
  });
});

describe('conditions', () => {
  const one = { 'aws:ResourceTag/firebreak': 'allow', 'autoscaling:MinSize': '1', 'aws:CurrentTime': '2026-01-05T14:00:00Z' };
  const keys = { 'aws:TagKeys': ['incident', 'firebreak:run'] };
  it.each<[string, Statement, Context, boolean]>([
    ['StringEquals of a key in another case', { StringEquals: { 'AWS:resourcetag/Firebreak': 'allow' } }, one, true],
    ['StringEquals of one of several values', { StringEquals: { 'aws:ResourceTag/firebreak': ['x', 'allow'] } }, one, true],
    ['StringEquals is exact', { StringEquals: { 'aws:ResourceTag/firebreak': 'all*' } }, one, false],
    ['StringEquals of an absent key', { StringEquals: { 'aws:RequestTag/a': 'x' } }, one, false],
    ['StringEqualsIfExists of an absent key', { StringEqualsIfExists: { 'aws:RequestTag/a': 'x' } }, one, true],
    ['StringEqualsIfExists of a present key', { StringEqualsIfExists: { 'aws:ResourceTag/firebreak': 'x' } }, one, false],
    ['StringNotEquals of an absent key', { StringNotEquals: { 'aws:RequestTag/a': 'x' } }, one, true],
    ['StringNotEquals of none of the values', { StringNotEquals: { 'aws:ResourceTag/firebreak': ['a', 'allow'] } }, one, false],
    ['StringLike with a wildcard', { StringLike: { 'aws:ResourceTag/firebreak': 'al?o*' } }, one, true],
    ['NumericEquals', { NumericEquals: { 'autoscaling:MinSize': 1 } }, one, true],
    ['NumericEquals as numbers', { NumericEquals: { 'autoscaling:MinSize': '1.0' } }, one, true],
    ['NumericLessThan', { NumericLessThan: { 'autoscaling:MinSize': '1' } }, one, false],
    ['NumericLessThanEquals', { NumericLessThanEquals: { 'autoscaling:MinSize': '1' } }, one, true],
    ['NumericGreaterThan of an absent key', { NumericGreaterThan: { 'autoscaling:MaxSize': '0' } }, one, false],
    ['DateLessThan', { DateLessThan: { 'aws:CurrentTime': '2026-01-05T14:00:01Z' } }, one, true],
    ['DateGreaterThan in seconds since the epoch', { DateGreaterThan: { 'aws:CurrentTime': '1767621599' } }, one, true],
    ['Bool', { Bool: { 'aws:SecureTransport': false } }, { 'aws:SecureTransport': 'false' }, true],
    ['Null true wants absence', { Null: { 'autoscaling:MaxSize': 'true' } }, one, true],
    ['Null true of a present key', { Null: { 'autoscaling:MinSize': true } }, one, false],
    ['Null false wants presence', { Null: { 'autoscaling:MinSize': 'false' } }, one, true],
    ['IpAddress', { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '127.0.0.0/8'] } }, { 'aws:SourceIp': '127.0.0.1' }, true],
    ['NotIpAddress', { NotIpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }, { 'aws:SourceIp': '127.0.0.1' }, false],
    [
      'ArnLike',
      { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/fire*' } },
      { 'aws:PrincipalArn': 'arn:aws:iam::1:role/firebreak' },
      true,
    ],
    [
      'ArnEquals takes wildcards too',
      { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } },
      { 'aws:PrincipalArn': 'arn:aws:iam::1:role/x' },
      true,
    ],
    [
      'ArnNotLike',
      { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } },
      { 'aws:PrincipalArn': 'arn:aws:iam::1:role/x' },
      false,
    ],
    [
      'ForAllValues: every one is among them',
      { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['incident', 'firebreak:run', 'expires'] } },
      keys,
      true,
    ],
    ['ForAllValues: one is not', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['incident'] } }, keys, false],
    ['ForAllValues of an absent key', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['incident'] } }, {}, true],
    ['ForAnyValue: one is', { 'ForAnyValue:StringLike': { 'aws:TagKeys': 'fire*' } }, keys, true],
    ['ForAnyValue: none is', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'x' } }, keys, false],
    ['ForAnyValue of an absent key', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'incident' } }, {}, false],
    [
      'ForAnyValue, if it exists, of an absent key',
      { 'ForAnyValue:StringEqualsIfExists': { 'aws:TagKeys': 'incident' } },
      {},
      true,
    ],
    ['several values need a set operator', { StringEquals: { 'aws:TagKeys': 'incident' } }, keys, false],
    [
      'all operators must hold',
      { StringEquals: { 'aws:ResourceTag/firebreak': 'allow' }, NumericEquals: { 'autoscaling:MinSize': 2 } },
      one,
      false,
    ],
  ])('%s', (_what, Condition, context, holds) => {
    expect(verdict([allow({ Condition })], { context })).toBe(holds ? 'allowed' : 'implicitDeny');
    expect(verdict([allow(), deny({ Condition })], { context })).toBe(holds ? 'explicitDeny' : 'allowed');
  });
});

describe('policy variables', () => {
  const context = { 'aws:username': 'ada*', 'aws:TagKeys': ['a', 'b'] };
  it.each<[string, string, string, boolean]>([
    ['stand for the context', `arn:aws:s3:::home/${variable('aws:username')}/*`, 'arn:aws:s3:::home/ada*/notes', true],
    ['whose wildcards are plain characters', `arn:aws:s3:::home/${variable('aws:username')}`, 'arn:aws:s3:::home/adam', false],
    ['absent: nothing matches', `arn:aws:s3:::home/${variable('aws:PrincipalTag/team')}`, 'arn:aws:s3:::home/', false],
    ['absent, with a default', `arn:aws:s3:::home/${variable("aws:PrincipalTag/team, 'none'")}`, 'arn:aws:s3:::home/none', true],
    ['of several values: nothing matches', `arn:aws:s3:::home/${variable('aws:TagKeys')}`, 'arn:aws:s3:::home/a', false],
    [`and ${variable('*')} is an asterisk`, `arn:aws:s3:::home/${variable('*')}`, 'arn:aws:s3:::home/x', false],
  ])('%s', (_what, Resource, resource, matches) => {
    expect(verdict([allow({ Resource })], { action: 's3:GetObject', resource, context })).toBe(
      matches ? 'allowed' : 'implicitDeny',
    );
  });

  it('mean nothing in policies of the old version', () => {
    const identity = layer('old', [allow({ Resource: `arn:aws:s3:::home/${variable('aws:username')}` })], '2008-10-17');
    const asked = { action: 's3:GetObject', context: contextOf(context) };
    expect(decide({ identity }, { ...asked, resource: 'arn:aws:s3:::home/ada*' }).effect).toBe('implicitDeny');
    expect(decide({ identity }, { ...asked, resource: `arn:aws:s3:::home/${variable('aws:username')}` }).effect).toBe('allowed');
  });
});

describe('layers limit each other', () => {
  const all = layer('all', [allow()]);
  const nothing = layer('nothing', [allow({ Action: 'sqs:*' })]);
  const forbidding = layer('forbidding', [allow(), deny({ Action: 'ec2:Terminate*' })]);
  const user = 'arn:aws:iam::111122223333:user/ada';
  const asked = { action: 'ec2:TerminateInstances', resource: INSTANCE, context: contextOf({}) };
  it.each<[string, PolicyLayers, string | undefined]>([
    ['all allow', { identity: all, boundary: all, session: all, organisation: all }, undefined],
    [
      'the identity is silent',
      { identity: nothing, session: all },
      'because no identity-based policy allows the ec2:TerminateInstances action',
    ],
    [
      'the boundary is silent',
      { identity: all, boundary: nothing },
      'because no permissions boundary allows the ec2:TerminateInstances action',
    ],
    [
      'the session is silent',
      { identity: all, session: nothing },
      'because no session policy allows the ec2:TerminateInstances action',
    ],
    [
      'the organisation is silent',
      { identity: all, organisation: nothing },
      'because no service control policy allows the ec2:TerminateInstances action',
    ],
    [
      'a layer of nothing at all is silent',
      { identity: all, boundary: [] },
      'because no permissions boundary allows the ec2:TerminateInstances action',
    ],
    ['the identity forbids', { identity: forbidding, session: all }, 'with an explicit deny in an identity-based policy'],
    ['the boundary forbids', { identity: all, boundary: forbidding }, 'with an explicit deny in a permissions boundary'],
    ['the session forbids', { identity: all, session: forbidding }, 'with an explicit deny in a session policy'],
    [
      'the organisation forbids',
      { identity: all, organisation: forbidding },
      'with an explicit deny in a service control policy',
    ],
    [
      'a session policy grants nothing of its own',
      { identity: nothing, session: all },
      'because no identity-based policy allows the ec2:TerminateInstances action',
    ],
  ])('%s', (_what, layers, reason) => {
    const decision = decide(layers, asked);
    expect(decision.effect === 'allowed').toBe(reason === undefined);
    if (reason !== undefined)
      expect(denialSentence(user, asked, decision)).toBe(
        `User: ${user} is not authorized to perform: ec2:TerminateInstances on resource: ${INSTANCE} ${reason}`,
      );
  });
});

describe('what cannot be evaluated is refused where it enters', () => {
  it.each<[string, unknown]>([
    ['no statement', { Version: '2012-10-17' }],
    ['an unknown version', { Version: '2024-01-01', Statement: [allow()] }],
    ['an unknown operator', { Statement: [allow({ Condition: { StringSimilar: { a: 'b' } } })] }],
    ['an unknown member', { Statement: [allow({ Resources: '*' })] }],
    ['Action and NotAction', { Statement: [allow({ NotAction: 's3:*' })] }],
    ['no resource', { Statement: [{ Effect: 'Allow', Action: '*' }] }],
    ['a principal', { Statement: [allow({ Principal: '*' })] }],
    ['an effect that is neither', { Statement: [allow({ Effect: 'allow' })] }],
  ])('%s', (_what, document) => {
    expect(() => readPolicy(document as Readonly<Record<string, unknown>>, 'permissions')).toThrow(
      expect.objectContaining({ code: 'MalformedPolicyDocument' }),
    );
  });
});

/**
 * The oracle is iam-simulate, an independent evaluator. Requests and policies are drawn from few words, so that they meet often. Left out
 * is what IAM leaves undefined: values that are not of the operator's type, and keys of several values without a set operator.
 */
describe('agrees with an independent evaluator', () => {
  const RUNS = 3_000;
  const account = '111122223333';
  const actions = ['ec2:TerminateInstances', 'ec2:CreateTags', 's3:GetObject', 'autoscaling:EnterStandby'];
  const resources = [INSTANCE, 'arn:aws:ec2:eu-west-1:111122223333:volume/vol-1', 'arn:aws:s3:::evidence/inc-42/a.txt'];
  const actionPattern = fc.constantFrom(
    '*',
    'ec2:*',
    'ec2:Te*',
    'EC2:createtags',
    's3:Get?bject',
    'autoscaling:Enter*',
    ...actions,
  );
  const resourcePattern = fc.constantFrom(
    '*',
    'arn:aws:ec2:*:*:instance/*',
    'arn:aws:ec2:eu-west-?:111122223333:*',
    'arn:aws:s3:::evidence/*/a.txt',
    ...resources,
  );
  const HOME = `arn:aws:s3:::${variable('aws:username')}/inc-42/*`;
  const words = ['allow', 'evidence', 'incident', 'run'];
  const typed = (operator: string): readonly [readonly string[], readonly string[]] => {
    if (operator.startsWith('String'))
      return [
        ['aws:username', 'aws:ResourceTag/firebreak'],
        [...words, 'ALLOW', 'al*', '?un', ...(operator.includes('Not') ? [] : [variable('aws:username')])],
      ];
    if (operator.startsWith('Numeric'))
      return [
        ['autoscaling:MinSize', 's3:max-keys'],
        ['0', '1', '2', '10'],
      ];
    if (operator.startsWith('Date'))
      return [['aws:CurrentTime'], ['2026-01-05T14:00:00Z', '2026-01-06T00:00:00Z', '2025-12-31T23:59:59Z']];
    if (operator.startsWith('Arn'))
      return [['aws:PrincipalArn'], ['arn:aws:iam::*:role/*', 'arn:aws:iam::111122223333:role/fix', 'arn:aws:iam::*:user/?da']];
    if (operator.includes('Ip')) return [['aws:SourceIp'], ['10.0.0.0/8', '127.0.0.1/32', '192.0.2.0/24']];
    return [
      ['aws:SecureTransport', 'aws:ViaAWSService'],
      ['true', 'false'],
    ];
  };
  const simple = CONDITION_OPERATORS.filter((name) => name !== 'BinaryEquals');
  const condition = fc
    .record({
      operator: fc.constantFrom(...simple),
      ifExists: fc.boolean(),
      set: fc.constantFrom('', '', 'ForAllValues:', 'ForAnyValue:'),
    })
    .chain(({ operator, ifExists, set }) => {
      const several = set !== '' && operator.startsWith('String');
      const [keys, values] = several ? [['aws:TagKeys'], [...words, 'al*']] : typed(operator);
      const name = operator === 'Null' ? 'Null' : `${several ? set : ''}${operator}${ifExists && !several ? 'IfExists' : ''}`;
      return fc
        .record({
          key: fc.constantFrom(...keys),
          values: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 }),
        })
        .map((test) => ({ [name]: { [test.key]: operator === 'Null' ? test.values.slice(0, 1) : test.values } }));
    });
  /** What an unfilled variable means under a negation is not written down: it is drawn for Resource and positive operators only. */
  const withVariable = fc.oneof({ weight: 6, arbitrary: resourcePattern }, { weight: 1, arbitrary: fc.constant(HOME) });
  const some = <T>(pattern: fc.Arbitrary<T>) => fc.array(pattern, { minLength: 1, maxLength: 2 });
  const statement = fc
    .record({
      Effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
      action: fc.tuple(fc.constantFrom('Action', 'Action', 'Action', 'NotAction'), some(actionPattern)),
      resource: fc.oneof(
        { weight: 3, arbitrary: fc.tuple(fc.constant('Resource'), some(withVariable)) },
        { weight: 1, arbitrary: fc.tuple(fc.constant('NotResource'), some(resourcePattern)) },
      ),
      Condition: fc.option(condition, { nil: undefined, freq: 2 }),
    })
    .map(({ Effect, action, resource, Condition }) => ({
      Effect,
      [action[0]]: action[1],
      [resource[0]]: resource[1],
      ...(Condition && { Condition }),
    }));
  const document = fc.array(statement, { minLength: 1, maxLength: 3 }).map((Statement) => ({ Version: '2012-10-17', Statement }));
  const maybe = fc.option(document, { nil: undefined, freq: 2 });
  const context = fc.record(
    {
      'aws:username': fc.constantFrom(...words),
      'aws:ResourceTag/firebreak': fc.constantFrom(...words),
      'autoscaling:MinSize': fc.constantFrom('0', '1', '3'),
      's3:max-keys': fc.constantFrom('1', '10'),
      'aws:CurrentTime': fc.constantFrom('2026-01-05T14:00:00Z', '2026-01-05T14:00:01Z'),
      'aws:PrincipalArn': fc.constantFrom('arn:aws:iam::111122223333:role/fix', 'arn:aws:iam::111122223333:user/ada'),
      'aws:SourceIp': fc.constantFrom('10.1.2.3', '127.0.0.1'),
      'aws:SecureTransport': fc.constantFrom('true', 'false'),
      'aws:TagKeys': fc.uniqueArray(fc.constantFrom(...words), { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: [] },
  );

  const ask = fc.record({
    identity: document,
    boundary: maybe,
    session: maybe,
    action: fc.constantFrom(...actions),
    resource: fc.constantFrom(...resources),
    context,
  });

  type Ask = typeof ask extends fc.Arbitrary<infer T> ? T : never;

  const ours = ({ identity, boundary, session, action, resource, context }: Ask) => {
    const source = (name: LayerName, held: { readonly [member: string]: unknown } | undefined) =>
      held === undefined ? {} : { [name]: [{ id: name, type: 'none' as const, document: held }] };
    const layers = {
      ...source('identity', identity),
      ...source('boundary', boundary),
      ...source('session', session),
    } as unknown as PolicyLayers;
    return decide(layers, { action, resource, context: contextOf(context) }).effect;
  };

  const one = (identity: Statement, boundary: Statement | undefined, { action, resource, context }: Ask): string => {
    const simulation: Simulation = {
      request: {
        principal: 'arn:aws:iam::111122223333:role/fix',
        action,
        resource: { resource, accountId: account },
        contextVariables: context as Record<string, string | string[]>,
      },
      identityPolicies: [{ name: 'identity', policy: identity }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(boundary && { permissionBoundaryPolicies: [{ name: 'boundary', policy: boundary }] }),
    };
    return runUnsafeSimulation(simulation, {});
  };

  /** The oracle's quick form takes no session policy: it is asked about the session by itself, and both verdicts are put together. */
  const theirs = (asked: Ask): string => {
    const verdicts = [
      one(asked.identity, asked.boundary, asked),
      ...(asked.session ? [one(asked.session, undefined, asked)] : []),
    ];
    if (verdicts.includes('ExplicitlyDenied')) return 'explicitDeny';
    return verdicts.every((each) => each === 'Allowed') ? 'allowed' : 'implicitDeny';
  };

  it('over many policies', () => {
    const seen: Record<string, number> = { allowed: 0, explicitDeny: 0, implicitDeny: 0 };
    fc.assert(
      fc.property(ask, (asked) => {
        const verdict = ours(asked);
        seen[verdict]!++;
        expect(verdict).toBe(theirs(asked));
      }),
      { numRuns: RUNS },
    );
    // Policies that always say no would agree about anything.
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(RUNS / 50);
  });
});
