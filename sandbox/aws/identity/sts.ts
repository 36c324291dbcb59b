import type {
  AssumeRoleCommandInput,
  AssumeRoleCommandOutput,
  GetCallerIdentityCommandInput,
  GetCallerIdentityCommandOutput,
} from '@aws-sdk/client-sts';
import {
  type Authorization,
  AwsError,
  type CallContext,
  type Caller,
  type Operation,
  type ServiceOperations,
} from '../operation.ts';
import { type AccessRequest, type Decision, trustStatements } from './evaluate.ts';
import { contextOf } from './patterns.ts';
import { type PolicyDocument, parsePolicyText, readPolicy } from './policy-document.ts';
import type { Role, Session } from './state.ts';
import type { Store } from './store.ts';

/** Limits of AssumeRole: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const DURATION_SECONDS_MIN = 900;
const DURATION_SECONDS_MAX = 43_200;
const DURATION_SECONDS_DEFAULT = 3_600;
/** A role that assumes a role gets an hour at most. */
const CHAINED_SECONDS_MAX = 3_600;
const POLICY_CHARACTERS_MAX = 2_048;
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;
/** Expired sessions are kept so long, so that their holder reads `ExpiredToken`; afterwards the key is unknown. */
const FORGET_AFTER_MS = 24 * 3_600_000;

type Done<T> = Omit<T, '$metadata'>;
type Evaluate = (caller: Caller, authorization: Authorization) => Decision;

const invalid = (message: string): AwsError => new AwsError('ValidationError', message);

const constraint = (value: unknown, at: string, rule: string): AwsError =>
  invalid(`1 validation error detected: Value '${value}' at '${at}' failed to satisfy constraint: Member must ${rule}`);

/** Said aloud rather than ignored: a session without the tags that it was given would be allowed other things. */
const UNSUPPORTED = [
  'PolicyArns',
  'Tags',
  'TransitiveTagKeys',
  'ProvidedContexts',
  'SerialNumber',
  'TokenCode',
  'SourceIdentity',
] as const;

const checkForm = (input: AssumeRoleCommandInput): { readonly roleArn: string; readonly sessionName: string } => {
  const { RoleArn: roleArn = '', RoleSessionName: sessionName = '', DurationSeconds: duration, Policy: policy } = input;
  const unsupported = UNSUPPORTED.find((member) => input[member] !== undefined && [input[member]].flat().length > 0);
  if (unsupported !== undefined) throw invalid(`The simulated account does not know ${unsupported} of AssumeRole.`);
  if (!SESSION_NAME.test(sessionName))
    throw constraint(
      sessionName,
      'roleSessionName',
      'satisfy regular expression pattern: [\\w+=,.@-]* and have length between 2 and 64',
    );
  if (!/^arn:aws:iam::\d{12}:role\/.+/.test(roleArn)) throw invalid(`${roleArn} is invalid`);
  if (duration !== undefined && duration < DURATION_SECONDS_MIN)
    throw constraint(duration, 'durationSeconds', `have value greater than or equal to ${DURATION_SECONDS_MIN}`);
  if (duration !== undefined && duration > DURATION_SECONDS_MAX)
    throw constraint(duration, 'durationSeconds', `have value less than or equal to ${DURATION_SECONDS_MAX}`);
  if (policy !== undefined && policy.length > POLICY_CHARACTERS_MAX)
    throw constraint(policy, 'policy', `have length less than or equal to ${POLICY_CHARACTERS_MAX}`);
  return { roleArn, sessionName };
};

const durationSeconds = (
  { DurationSeconds = DURATION_SECONDS_DEFAULT }: AssumeRoleCommandInput,
  role: Role,
  caller: Caller,
): number => {
  if (caller.roleName !== undefined && DurationSeconds > CHAINED_SECONDS_MAX)
    throw invalid('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining');
  if (DurationSeconds > role.maxSessionSeconds)
    throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  return DurationSeconds;
};

/** How closely a trust policy names this caller: itself, its whole account, or not at all. */
const named = (principals: readonly string[], caller: Caller, principalArn: string): 'itself' | 'account' | 'no' => {
  if (principals.some((each) => each === caller.arn || each === principalArn)) return 'itself';
  const account = ['*', caller.accountId, `arn:aws:iam::${caller.accountId}:root`];
  return principals.some((each) => account.includes(each)) ? 'account' : 'no';
};

/**
 * Who is trusted by its own ARN needs no policy of its own; who is trusted as part of its account needs one too.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
 */
const mayAssume = (role: Role, caller: Caller, principalArn: string, request: AccessRequest, identity: Decision): boolean => {
  const spoken = trustStatements(role.trust, request).map(({ effect, principals }) => ({
    effect,
    closeness: named(principals, caller, principalArn),
  }));
  if (identity.effect === 'explicitDeny') return false;
  if (spoken.some(({ effect, closeness }) => effect === 'Deny' && closeness !== 'no')) return false;
  if (identity.effect === 'allowed' && spoken.some(({ closeness }) => closeness !== 'no')) return true;
  // A boundary or a session policy that is silent still denies: only the identity policy can be dispensed with.
  return identity.silent.every((layer) => layer === 'identity') && spoken.some(({ closeness }) => closeness === 'itself');
};

const createAssumeRole = (store: Store, evaluate: Evaluate): Operation<AssumeRoleCommandInput, Done<AssumeRoleCommandOutput>> => {
  /** Whether the role is missing or does not trust is not told apart, as in AWS: names cannot be guessed by asking. */
  const allowedRole = (input: AssumeRoleCommandInput, { caller, now }: CallContext): Role => {
    const { roleArn, sessionName } = checkForm(input);
    const { roles } = store.read();
    const role = Object.values(roles).find(({ arn }) => arn === roleArn);
    const principalArn = (caller.roleName === undefined ? undefined : roles[caller.roleName]?.arn) ?? caller.arn;
    const action = 'sts:AssumeRole';
    const keys = {
      'sts:RoleSessionName': sessionName,
      ...(input.ExternalId !== undefined && { 'sts:ExternalId': input.ExternalId }),
    };
    const context = contextOf(keys, {
      'aws:PrincipalArn': principalArn,
      'aws:PrincipalAccount': caller.accountId,
      'aws:CurrentTime': new Date(now).toISOString(),
    });
    const identity = evaluate(caller, { action, resource: roleArn, context: keys });
    if (role === undefined || !mayAssume(role, caller, principalArn, { action, resource: roleArn, context }, identity))
      throw new AwsError(
        'AccessDenied',
        `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${roleArn}`,
        403,
      );
    return role;
  };
  return {
    authorize: (input, context) => {
      allowedRole(input, context);
      return [];
    },
    run: (input, context) => {
      const role = allowedRole(input, context);
      const { sessionName } = checkForm(input);
      const expiresAt = context.now + durationSeconds(input, role, context.caller) * 1000;
      const policy = input.Policy === undefined ? undefined : sessionPolicy(input.Policy);
      const accessKeyId = store.nextId('ASIA');
      const session: Session = {
        roleName: role.name,
        roleId: role.id,
        sessionName,
        secret: store.newSecret(),
        token: store.newSecret(),
        expiresAt,
        ...(policy && { policy, policyText: input.Policy! }),
      };
      store.write((state) => {
        const kept = Object.entries(state.sessions).filter(([, each]) => each.expiresAt + FORGET_AFTER_MS > context.now);
        return { ...state, sessions: { ...Object.fromEntries(kept), [accessKeyId]: session } };
      });
      return {
        Credentials: {
          AccessKeyId: accessKeyId,
          SecretAccessKey: session.secret,
          SessionToken: session.token,
          Expiration: new Date(expiresAt),
        },
        AssumedRoleUser: {
          AssumedRoleId: `${role.id}:${sessionName}`,
          Arn: `arn:aws:sts::${context.caller.accountId}:assumed-role/${role.name}/${sessionName}`,
        },
        // How AWS packs is not published: the share of the plain limit is told instead, which is never too optimistic for short policies.
        ...(input.Policy !== undefined && { PackedPolicySize: Math.ceil((100 * input.Policy.length) / POLICY_CHARACTERS_MAX) }),
      };
    },
  };
};

const sessionPolicy = (text: string): PolicyDocument => {
  const document = parsePolicyText(text);
  readPolicy(document, 'permissions');
  return document;
};

const createGetCallerIdentity = (
  store: Store,
): Operation<GetCallerIdentityCommandInput, Done<GetCallerIdentityCommandOutput>> => ({
  authorize: () => [],
  run: (_input, { caller }) => {
    const { roles, users } = store.read();
    const role = caller.roleName === undefined ? undefined : roles[caller.roleName];
    const user = Object.values(users).find(({ arn }) => arn === caller.arn);
    return {
      Account: caller.accountId,
      Arn: caller.arn,
      UserId: role ? `${role.id}:${caller.sessionName}` : (user?.id ?? caller.accountId),
    };
  },
});

export const createSts = (store: Store, evaluate: Evaluate): ServiceOperations => ({
  AssumeRole: createAssumeRole(store, evaluate),
  GetCallerIdentity: createGetCallerIdentity(store),
});
