import { AutoScalingClient, EnterStandbyCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand, EC2Client, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import {
  GetInstanceProfileCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListInstanceProfilesForRoleCommand,
  ListRolePoliciesCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { AssumeRoleCommand, type AssumeRoleCommandInput, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import type { Authorization, Operation } from '../../../sandbox/aws/operation.ts';
import { ACCOUNT, answering, failureOf, type Keys, startToy, type Toy } from './kit.ts';

const ROLE = `arn:aws:iam::${ACCOUNT}:role/firebreak-fix`;
const POLICY = `arn:aws:iam::${ACCOUNT}:policy/fix`;
const INSTANCE = `arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/`;
const trusting = (principal: string, over: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole', ...over }],
});
const policy = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement });
const allow = (Action: string | readonly string[], Resource: string | readonly string[] = '*', over: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...over,
});

/** Terminating asks for every instance by its ARN, with its tag: `i-open…` is tagged for the bot, others are not. */
const terminate = () =>
  answering<{ readonly InstanceIds: readonly string[] }>({ TerminatingInstances: [] }, ({ InstanceIds }) =>
    InstanceIds.map(
      (id): Authorization => ({
        action: 'ec2:TerminateInstances',
        resource: `${INSTANCE}${id}`,
        context: id.startsWith('i-open') ? { 'ec2:ResourceTag/firebreak': 'allow' } : {},
      }),
    ),
  );

const guarded = async () => {
  const ended = terminate();
  const describe = answering({ Reservations: [] }, () => [{ action: 'ec2:DescribeInstances', resource: '*', context: {} }]);
  const standby = answering({}, () => [
    {
      action: 'autoscaling:EnterStandby',
      resource: `arn:aws:autoscaling:eu-west-1:${ACCOUNT}:autoScalingGroup:1:autoScalingGroupName/g`,
      context: {},
    },
  ]);
  const key = answering({}, () => [
    { action: 'kms:DescribeKey', resource: `arn:aws:kms:eu-west-1:${ACCOUNT}:key/k`, context: {} },
  ]);
  const toy = await startToy({
    ec2: { TerminateInstances: ended.operation as Operation<never>, DescribeInstances: describe.operation as Operation<never> },
    autoscaling: { EnterStandby: standby.operation as Operation<never> },
    kms: { DescribeKey: key.operation as Operation<never> },
  });
  const kill = (credentials: Keys, InstanceIds: string[], DryRun?: boolean) =>
    new EC2Client(toy.client({ credentials })).send(new TerminateInstancesCommand({ InstanceIds, DryRun }));
  return { toy, ended, kill };
};

const bot = (toy: Toy, ...statements: readonly object[]): Keys => toy.keysOf('bot', statements);

const fixRole = (toy: Toy, trust: object = trusting(`arn:aws:iam::${ACCOUNT}:user/bot`), over: object = {}): void => {
  toy.identity.createRole('firebreak-fix', trust as Readonly<Record<string, unknown>>, over);
  toy.identity.createPolicy('fix', policy(allow(['ec2:*', 'autoscaling:*', 'sts:AssumeRole'])));
  toy.identity.attachRolePolicy('firebreak-fix', POLICY);
};

const assume = async (
  toy: Toy,
  credentials: Keys,
  over: Partial<AssumeRoleCommandInput> = {},
): Promise<Keys & { readonly expires: number }> => {
  const { Credentials } = await new STSClient(toy.client({ credentials })).send(
    new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'inc-0042-U1', ...over }),
  );
  return {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
    expires: Credentials!.Expiration!.getTime(),
  };
};

describe('IAM stands before every operation', () => {
  it('every one of several authorizations must be allowed, else nothing runs', async () => {
    const { toy, ended, kill } = await guarded();
    await using _ = toy;
    const keys = bot(
      toy,
      allow('ec2:TerminateInstances', `${INSTANCE}*`, { Condition: { StringEquals: { 'ec2:ResourceTag/firebreak': 'allow' } } }),
    );
    await kill(keys, ['i-open1', 'i-open2']);
    expect(await failureOf(kill(keys, ['i-open1', 'i-closed']))).toEqual({
      name: 'UnauthorizedOperation',
      status: 403,
      message: `You are not authorized to perform this operation. User: arn:aws:iam::${ACCOUNT}:user/bot is not authorized to perform: ec2:TerminateInstances on resource: ${INSTANCE}i-closed because no identity-based policy allows the ec2:TerminateInstances action`,
    });
    expect(ended.inputs).toHaveLength(1);
    expect(toy.wire.calls.map(({ outcome, callerArn }) => [outcome, callerArn])).toEqual([
      ['OK', `arn:aws:iam::${ACCOUNT}:user/bot`],
      ['UnauthorizedOperation', `arn:aws:iam::${ACCOUNT}:user/bot`],
    ]);
  });

  it('a dry run asks IAM, and does nothing', async () => {
    const { toy, ended, kill } = await guarded();
    await using _ = toy;
    const keys = bot(toy, allow('ec2:TerminateInstances', `${INSTANCE}i-open1`));
    expect(await failureOf(kill(keys, ['i-open1'], true))).toMatchObject({ name: 'DryRunOperation', status: 412 });
    expect(await failureOf(kill(keys, ['i-open2'], true))).toMatchObject({ name: 'UnauthorizedOperation', status: 403 });
    expect(ended.inputs).toEqual([]);
  });

  it('each protocol denies in its own words', async () => {
    const { toy } = await guarded();
    await using _ = toy;
    const credentials = bot(toy, allow('s3:*'));
    const standby = new AutoScalingClient(toy.client({ credentials })).send(
      new EnterStandbyCommand({ AutoScalingGroupName: 'g', ShouldDecrementDesiredCapacity: true }),
    );
    expect(await failureOf(standby)).toMatchObject({ name: 'AccessDenied', status: 403 });
    const key = new KMSClient(toy.client({ credentials })).send(new DescribeKeyCommand({ KeyId: 'k' }));
    expect(await failureOf(key)).toMatchObject({
      name: 'AccessDeniedException',
      status: 400,
      message: expect.stringContaining('kms:DescribeKey'),
    });
  });

  it('knows the region, the principal and world time', async () => {
    const { toy, kill } = await guarded();
    await using _ = toy;
    const until = new Date(toy.clock.now() + 60_000).toISOString();
    const keys = bot(
      toy,
      allow('ec2:*', '*', {
        Condition: {
          StringEquals: { 'aws:RequestedRegion': 'eu-west-1', 'aws:username': 'bot' },
          ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/bot' },
          DateLessThan: { 'aws:CurrentTime': until },
        },
      }),
    );
    await kill(keys, ['i-1']);
    toy.clock.advance(60_000);
    expect((await failureOf(kill(keys, ['i-1']))).name).toBe('UnauthorizedOperation');
  });
});

describe('a session', () => {
  it('acts as its role, under its name', async () => {
    const { toy, kill } = await guarded();
    await using _ = toy;
    fixRole(toy);
    const session = await assume(toy, bot(toy, allow('s3:*')));
    await kill(session, ['i-1']);
    const who = await new STSClient(toy.client({ credentials: session })).send(new GetCallerIdentityCommand({}));
    expect(who).toMatchObject({ Account: ACCOUNT, Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/firebreak-fix/inc-0042-U1` });
    expect(toy.wire.calls.find(({ action }) => action === 'TerminateInstances')).toMatchObject({
      callerArn: who.Arn,
      sessionName: 'inc-0042-U1',
      outcome: 'OK',
    });
  });

  it('with a policy of its own may do what both allow, and no more', async () => {
    const { toy, kill } = await guarded();
    await using _ = toy;
    fixRole(toy);
    const Policy = JSON.stringify(policy(allow('ec2:TerminateInstances', `${INSTANCE}i-1`), allow('kms:DescribeKey')));
    const session = await assume(toy, bot(toy, allow('s3:*')), { Policy });
    await kill(session, ['i-1']);
    expect((await failureOf(kill(session, ['i-2']))).message).toContain(
      'because no session policy allows the ec2:TerminateInstances action',
    );
    const key = new KMSClient(toy.client({ credentials: session })).send(new DescribeKeyCommand({ KeyId: 'k' }));
    expect((await failureOf(key)).message).toContain('because no identity-based policy allows the kms:DescribeKey action');
  });

  it('ends in world time', async () => {
    const { toy, kill } = await guarded();
    await using _ = toy;
    fixRole(toy);
    const start = toy.clock.now();
    const session = await assume(toy, bot(toy, allow('s3:*')), { DurationSeconds: 900 });
    expect(session.expires).toBe(start + 900_000);
    toy.clock.advance(899_999);
    await kill(session, ['i-1']);
    toy.clock.advance(1);
    expect((await failureOf(kill(session, ['i-1']))).name).toBe('RequestExpired');
    const sts = new STSClient(toy.client({ credentials: session })).send(new GetCallerIdentityCommand({}));
    expect(await failureOf(sts)).toMatchObject({ name: expect.stringMatching(/^ExpiredToken/), status: 403 });
    const key = new KMSClient(toy.client({ credentials: session })).send(new DescribeKeyCommand({ KeyId: 'k' }));
    expect(await failureOf(key)).toMatchObject({ name: 'ExpiredTokenException', status: 400 });
  });

  it('needs its token', async () => {
    const { toy, kill } = await guarded();
    await using _ = toy;
    fixRole(toy);
    const { sessionToken, ...bare } = await assume(toy, bot(toy, allow('s3:*')));
    expect((await failureOf(kill(bare, ['i-1']))).name).toBe('AuthFailure');
    expect((await failureOf(kill({ ...bare, sessionToken: `${sessionToken}x` }, ['i-1']))).name).toBe('AuthFailure');
  });

  it('is worth nothing when its role is deleted, even if one of the same name follows', async () => {
    const { toy, kill } = await guarded();
    await using _ = toy;
    fixRole(toy);
    const session = await assume(toy, bot(toy, allow('s3:*')));
    toy.identity.deleteRole('firebreak-fix');
    toy.identity.createRole('firebreak-fix', trusting('*'));
    toy.identity.attachRolePolicy('firebreak-fix', POLICY);
    expect((await failureOf(kill(session, ['i-1']))).name).toBe('UnauthorizedOperation');
  });
});

describe('who may assume a role', () => {
  const user = `arn:aws:iam::${ACCOUNT}:user/bot`;
  const root = `arn:aws:iam::${ACCOUNT}:root`;
  const may = allow('sts:AssumeRole', ROLE);
  const noMatter = allow('s3:*');
  it.each<[string, object, object, boolean]>([
    ['trusted by its ARN: needs no policy of its own', trusting(user), noMatter, true],
    ['trusted with its account, and allowed by its policy', trusting(root), may, true],
    ['trusted with its account, but not allowed by its policy', trusting(root), noMatter, false],
    ['the account may be written as its number', trusting(ACCOUNT), may, true],
    ['another is trusted', trusting(`arn:aws:iam::${ACCOUNT}:user/eve`), may, false],
    [
      'only a service is trusted',
      policy({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }),
      may,
      false,
    ],
    ['its own policy forbids it', trusting(user), { Effect: 'Deny', Action: 'sts:*', Resource: '*' }, false],
    [
      'the trust is for other session names',
      trusting(user, { Condition: { StringLike: { 'sts:RoleSessionName': 'gameday-*' } } }),
      may,
      false,
    ],
    [
      'the trust is for such session names',
      trusting(user, { Condition: { StringLike: { 'sts:RoleSessionName': 'inc-*' } } }),
      may,
      true,
    ],
    ['the trust wants an external id', trusting(user, { Condition: { StringEquals: { 'sts:ExternalId': 'x' } } }), may, false],
  ])('%s', async (_what, trust, statement, allowed) => {
    const { toy } = await guarded();
    await using _ = toy;
    fixRole(toy, trust);
    const attempt = assume(toy, bot(toy, statement));
    if (allowed) expect((await attempt).sessionToken).toBeTruthy();
    else
      expect(await failureOf(attempt)).toEqual({
        name: 'AccessDenied',
        status: 403,
        message: `User: ${user} is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`,
      });
  });

  it('a role that is not there is not told apart from one that does not trust', async () => {
    const { toy } = await guarded();
    await using _ = toy;
    expect((await failureOf(assume(toy, bot(toy, may)))).name).toBe('AccessDenied');
  });

  it('a session policy that is silent on it keeps a session from assuming another role, trusted or not', async () => {
    const { toy } = await guarded();
    await using _ = toy;
    fixRole(toy);
    toy.identity.createRole('second', trusting(ROLE));
    const keys = bot(toy, may);
    const second = { RoleArn: `arn:aws:iam::${ACCOUNT}:role/second` };
    const cut = await assume(toy, keys, { Policy: JSON.stringify(policy(allow('ec2:*'))) });
    expect((await failureOf(assume(toy, cut, second))).name).toBe('AccessDenied');
    expect((await assume(toy, await assume(toy, keys), second)).sessionToken).toBeTruthy();
  });
});

describe('AssumeRole keeps its limits', () => {
  const long = (characters: number): string => {
    const text = JSON.stringify(policy(allow('ec2:*')));
    return text + ' '.repeat(characters - text.length);
  };
  it.each<[string, Partial<AssumeRoleCommandInput>, string | undefined]>([
    ['a session policy of 2,048 characters', { Policy: long(2_048) }, undefined],
    ['one character more', { Policy: long(2_049) }, 'ValidationError'],
    ['a session policy that is no JSON', { Policy: '{' }, 'MalformedPolicyDocumentException'],
    ['a session policy that names a principal', { Policy: JSON.stringify(trusting('*')) }, 'MalformedPolicyDocumentException'],
    ['a name of 2', { RoleSessionName: 'ab' }, undefined],
    ['a name of 1', { RoleSessionName: 'a' }, 'ValidationError'],
    ['a name of 64', { RoleSessionName: 'a'.repeat(64) }, undefined],
    ['a name of 65', { RoleSessionName: 'a'.repeat(65) }, 'ValidationError'],
    ['a name with a space', { RoleSessionName: 'inc 42' }, 'ValidationError'],
    ['a name with all that is allowed', { RoleSessionName: 'aZ0_+=,.@-' }, undefined],
    ['15 minutes', { DurationSeconds: 900 }, undefined],
    ['less', { DurationSeconds: 899 }, 'ValidationError'],
    ['what the role allows', { DurationSeconds: 7_200 }, undefined],
    ['more than the role allows', { DurationSeconds: 7_201 }, 'ValidationError'],
    ['more than any role allows', { DurationSeconds: 43_201 }, 'ValidationError'],
    ['tags, which the simulated account does not know', { Tags: [{ Key: 'a', Value: 'b' }] }, 'ValidationError'],
  ])('%s', async (_what, over, refusal) => {
    const { toy } = await guarded();
    await using _ = toy;
    fixRole(toy, undefined, { maxSessionSeconds: 7_200 });
    const attempt = assume(toy, bot(toy, allow('s3:*')), over);
    if (refusal === undefined) expect((await attempt).accessKeyId).toMatch(/^ASIA[A-Z0-9]{16}$/);
    else expect(await failureOf(attempt)).toMatchObject({ name: refusal, status: 400 });
  });

  it('a chained session lasts an hour at most', async () => {
    const { toy } = await guarded();
    await using _ = toy;
    fixRole(toy, trusting(`arn:aws:iam::${ACCOUNT}:root`), { maxSessionSeconds: 43_200 });
    const first = await assume(toy, bot(toy, allow('sts:AssumeRole')), { DurationSeconds: 43_200 });
    expect(await failureOf(assume(toy, first, { DurationSeconds: 3_601 }))).toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining('chaining'),
    });
    expect((await assume(toy, first, { DurationSeconds: 3_600 })).expires).toBe(toy.clock.now() + 3_600_000);
  });
});

describe('what the checks read of IAM', () => {
  const document = policy(allow('s3:GetObject', 'arn:aws:s3:::config/*', { Sid: 'ReadConfig' }));
  const decoded = (text: string | undefined): unknown => JSON.parse(decodeURIComponent(text!));
  const built = async () => {
    const toy = await startToy({});
    const { identity } = toy;
    identity.createRole(
      'web',
      policy({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }),
      { description: 'shop <web> & more' },
    );
    identity.createPolicy('boundary', policy(allow('s3:*')));
    identity.createPolicy('AmazonSSMManagedInstanceCore', policy(allow('ssm:UpdateInstanceInformation')), {
      arn: 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore',
    });
    identity.attachRolePolicy('web', 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore');
    identity.putRolePolicy('web', 'read-config', document);
    identity.setRoleBoundary('web', `arn:aws:iam::${ACCOUNT}:policy/boundary`);
    identity.createInstanceProfile('web', { roleName: 'web' });
    return { toy, identity, iam: new IAMClient(toy.client()) };
  };

  it('roles, policies and profiles', async () => {
    const { toy, iam } = await built();
    await using _ = toy;
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'web' }));
    expect(Role).toMatchObject({
      Arn: `arn:aws:iam::${ACCOUNT}:role/web`,
      Description: 'shop <web> & more',
      CreateDate: new Date(toy.clock.now()),
      PermissionsBoundary: { PermissionsBoundaryArn: `arn:aws:iam::${ACCOUNT}:policy/boundary` },
    });
    expect(decoded(Role!.AssumeRolePolicyDocument)).toMatchObject({
      Statement: [{ Principal: { Service: 'ec2.amazonaws.com' } }],
    });
    expect(await iam.send(new ListRolePoliciesCommand({ RoleName: 'web' }))).toMatchObject({
      PolicyNames: ['read-config'],
      IsTruncated: false,
    });
    const inline = await iam.send(new GetRolePolicyCommand({ RoleName: 'web', PolicyName: 'read-config' }));
    expect(decoded(inline.PolicyDocument)).toEqual(document);
    const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'web' }));
    expect(AttachedPolicies.map(({ PolicyName }) => PolicyName)).toEqual(['AmazonSSMManagedInstanceCore']);
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: AttachedPolicies[0]!.PolicyArn }));
    expect(Policy).toMatchObject({ DefaultVersionId: 'v1', AttachmentCount: 1 });
    const version = await iam.send(new GetPolicyVersionCommand({ PolicyArn: Policy!.Arn, VersionId: 'v1' }));
    expect(decoded(version.PolicyVersion!.Document)).toEqual(policy(allow('ssm:UpdateInstanceInformation')));
    const { InstanceProfiles = [] } = await iam.send(new ListInstanceProfilesForRoleCommand({ RoleName: 'web' }));
    expect(
      InstanceProfiles.map(({ InstanceProfileName, Roles }) => [InstanceProfileName, Roles?.map(({ RoleName }) => RoleName)]),
    ).toEqual([['web', ['web']]]);
  });

  it('a profile may stand there without a role', async () => {
    const { toy, identity, iam } = await built();
    await using _ = toy;
    identity.removeRoleFromInstanceProfile('web');
    expect((await iam.send(new GetInstanceProfileCommand({ InstanceProfileName: 'web' }))).InstanceProfile?.Roles).toEqual([]);
    expect((await iam.send(new ListInstanceProfilesForRoleCommand({ RoleName: 'web' }))).InstanceProfiles).toEqual([]);
  });

  it.each([
    ['a role', new GetRoleCommand({ RoleName: 'gone' })],
    ['an inline policy', new GetRolePolicyCommand({ RoleName: 'web', PolicyName: 'gone' })],
    ['a policy', new GetPolicyCommand({ PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/gone-for-good` })],
    ['a version', new GetPolicyVersionCommand({ PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/boundary`, VersionId: 'v9' })],
    ['a profile', new GetInstanceProfileCommand({ InstanceProfileName: 'gone' })],
  ])('%s that is not there is NoSuchEntity', async (_what, command) => {
    const { toy, iam } = await built();
    await using _ = toy;
    expect(await failureOf(iam.send(command as GetRoleCommand))).toMatchObject({ name: 'NoSuchEntityException', status: 404 });
  });

  it('simulates as it enforces: allow, silence, deny and boundary, statement by statement', async () => {
    const { toy, identity, iam } = await built();
    await using _ = toy;
    identity.putRolePolicy('web', 'no-deletes', policy({ Effect: 'Deny', Action: 's3:Delete*', Resource: '*' }));
    identity.putRolePolicy(
      'web',
      'tagged',
      policy(allow('s3:PutObject', '*', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'shop' } } })),
    );
    const { EvaluationResults = [] } = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: `arn:aws:iam::${ACCOUNT}:role/web`,
        ActionNames: ['s3:GetObject', 's3:DeleteObject', 's3:PutObject', 'ssm:UpdateInstanceInformation'],
        ResourceArns: ['arn:aws:s3:::config/app.json'],
      }),
    );
    const told = EvaluationResults.map((each) => [
      each.EvalActionName,
      each.EvalDecision,
      each.MatchedStatements?.map(({ SourcePolicyId }) => SourcePolicyId),
      each.MissingContextValues,
      each.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary,
    ]);
    expect(told).toEqual([
      ['s3:GetObject', 'allowed', ['role_web_read-config', 'boundary'], [], true],
      ['s3:DeleteObject', 'explicitDeny', ['role_web_no-deletes'], [], true],
      ['s3:PutObject', 'implicitDeny', ['boundary'], ['aws:principaltag/team'], true],
      ['ssm:UpdateInstanceInformation', 'implicitDeny', ['AmazonSSMManagedInstanceCore'], [], false],
    ]);
    const asked = { PolicySourceArn: `arn:aws:iam::${ACCOUNT}:role/web`, ActionNames: ['s3:PutObject'] };
    const withTag = await iam.send(
      new SimulatePrincipalPolicyCommand({
        ...asked,
        ContextEntries: [{ ContextKeyName: 'aws:PrincipalTag/team', ContextKeyType: 'string', ContextKeyValues: ['shop'] }],
      }),
    );
    expect(withTag.EvaluationResults?.[0]?.EvalDecision).toBe('allowed');
  });
});

describe('the state is plain JSON', () => {
  it('a snapshot brings back all that was, sessions included, and is untouched by what comes after', async () => {
    const { toy, kill } = await guarded();
    await using _ = toy;
    fixRole(toy);
    const session = await assume(toy, bot(toy, allow('s3:*')));
    const before = toy.identity.snapshot();
    expect(JSON.parse(JSON.stringify(before))).toEqual(before);
    toy.identity.detachRolePolicy('firebreak-fix', POLICY);
    expect((await failureOf(kill(session, ['i-1']))).name).toBe('UnauthorizedOperation');
    toy.identity.restore(JSON.parse(JSON.stringify(before)));
    await kill(session, ['i-1']);
    expect(toy.identity.snapshot()).toEqual(before);
  });

  it('an organisation policy overrides what the account allows, and says so', async () => {
    const { toy } = await guarded();
    await using _ = toy;
    toy.identity.setOrganisationPolicies([
      { name: 'FullAWSAccess', document: policy(allow('*')) },
      { name: 'no-ec2', document: policy({ Effect: 'Deny', Action: 'ec2:*', Resource: '*' }) },
    ]);
    const ask = () => new EC2Client(toy.client()).send(new DescribeInstancesCommand({}));
    expect((await failureOf(ask())).message).toContain('with an explicit deny in a service control policy');
    toy.identity.setOrganisationPolicies(undefined);
    await ask();
  });
});
