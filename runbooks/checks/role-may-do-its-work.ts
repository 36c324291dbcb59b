import { defineCheck, fail, pass, unknown } from '../../src/runbook/define-check.ts';
import type { WorkloadIdentity } from '../../src/runbook/entities.ts';
import { fact } from '../../src/runbook/facts.ts';
import type { Service } from '../../src/runbook/service.ts';
import { CONFIG, identity, policy, READS_CONFIG, tried } from './examples/identity.ts';
import { inShort } from './path/ends.ts';
import { denialsIn } from './words/policies.ts';

type Simulated = WorkloadIdentity['simulated'][number];

/** Do the instances have a role, and may it do what the service file says it must? */
export const roleMayDoItsWork = defineCheck({
  id: 'role-may-do-its-work',
  title: 'IAM roles and policies',
  looksAt: 'Instance profile, role, its policies, denies and boundary; a simulation of the actions that the service file names.',
  needs: ({ id }) => ({ identity: fact('identity', { serviceId: id }) }),
  evaluate: ({ identity }, service) => {
    const evidence = [...identityLines(identity), ...identity.simulated.map(simulatedLine), ...identity.notSeen];
    const [problem, ...more] = problemsOf(identity, service);
    if (problem !== undefined) return fail(`${problem}${more.length > 0 ? ` (and ${more.length} more)` : ''}`, evidence);
    const [unseen] = identity.notSeen;
    if (unseen !== undefined) return unknown(unseen, evidence, identity.missingPermission);
    if (identity.roleName === undefined)
      return pass('The instances have no role, and the service file names nothing that takes one.', evidence);
    if (service.iamActions.length === 0)
      return pass(
        `${identity.roleName}: there, with ${identity.policies.length} policies. The service file names no action to try.`,
        evidence,
      );
    return pass(
      `${identity.roleName}: may do what the service file names (${identity.simulated.map(({ action }) => action).join(', ')}).`,
      evidence,
    );
  },
  examples: [
    {
      name: 'may do what it must',
      facts: { identity: identity() },
      service: READS_CONFIG,
      verdict: 'pass',
      names: ['shop-web', CONFIG],
    },
    {
      name: 'the profile has lost its role',
      facts: {
        identity: { profileArn: identity().profileArn!, instancesWithoutProfile: [], policies: [], simulated: [], notSeen: [] },
      },
      service: READS_CONFIG,
      verdict: 'fail',
      names: ['instance-profile/shop-web', 'no role'],
    },
    {
      name: 'a policy denies, whatever others allow',
      facts: {
        identity: identity({
          policies: [policy('read-config', 'Allow', 's3:GetObject'), policy('emergency-deny', 'Deny', 's3:GetObject')],
          simulated: [tried('explicitDeny', { matched: ['role_shop-web_emergency-deny'] })],
        }),
      },
      service: READS_CONFIG,
      verdict: 'fail',
      names: ['shop-web', 's3:GetObject', CONFIG, 'emergency-deny'],
    },
    {
      name: 'no policy allows',
      facts: { identity: identity({ simulated: [tried('implicitDeny', { matched: [] })] }) },
      service: READS_CONFIG,
      verdict: 'fail',
      names: ['no policy allows'],
    },
    {
      name: 'the boundary is narrower than the policies',
      facts: {
        identity: identity({
          boundaryArn: 'arn:aws:iam::111122223333:policy/narrow',
          simulated: [tried('implicitDeny', { allowedByBoundary: false })],
        }),
      },
      service: READS_CONFIG,
      verdict: 'fail',
      names: ['policy/narrow'],
    },
    {
      name: 'a policy of the organisation is in the way',
      facts: { identity: identity({ simulated: [tried('explicitDeny', { matched: [], allowedByOrganization: false })] }) },
      service: READS_CONFIG,
      verdict: 'fail',
      names: ['organisation'],
    },
    {
      name: 'a role without any policy',
      facts: { identity: identity({ policies: [], simulated: [] }) },
      verdict: 'fail',
      names: ['shop-web', 'no policy'],
    },
    {
      name: 'one instance was launched without a profile',
      facts: { identity: identity({ instancesWithoutProfile: ['i-0a2'] }) },
      service: READS_CONFIG,
      verdict: 'fail',
      names: ['i-0a2'],
    },
    {
      name: 'no role, and none is needed',
      facts: { identity: { instancesWithoutProfile: ['i-0a1', 'i-0a2'], policies: [], simulated: [], notSeen: [] } },
      verdict: 'pass',
    },
    {
      name: 'a denial in a policy that does not touch what is needed is told, and no failure',
      facts: {
        identity: identity({ policies: [policy('guardrail', 'Deny', 'iam:*'), policy('read-config', 'Allow', 's3:GetObject')] }),
      },
      service: READS_CONFIG,
      verdict: 'pass',
      names: ['guardrail denies iam:*'],
    },
    {
      name: 'the bot may not simulate',
      facts: {
        identity: identity({
          simulated: [],
          notSeen: ['The bot may not call iam:SimulatePrincipalPolicy.'],
          missingPermission: 'iam:SimulatePrincipalPolicy',
        }),
      },
      service: READS_CONFIG,
      verdict: 'unknown',
      names: ['iam:SimulatePrincipalPolicy'],
    },
    {
      name: 'policies may not be read, and the simulation says enough to fail',
      facts: {
        identity: identity({
          policies: [],
          notSeen: ['The bot may not call iam:GetRolePolicy.'],
          missingPermission: 'iam:GetRolePolicy',
          simulated: [tried('implicitDeny', { matched: [] })],
        }),
      },
      service: READS_CONFIG,
      verdict: 'fail',
      names: ['s3:GetObject'],
    },
  ],
});

const problemsOf = (identity: WorkloadIdentity, { iamActions }: Service): readonly string[] => {
  const { profileArn, roleName, instancesWithoutProfile: bare, notSeen, policies, simulated } = identity;
  // Nobody has a profile: that is how it was built, unless there is work that takes one.
  const bareMatters = bare.length > 0 && (profileArn !== undefined || iamActions.length > 0);
  const seen = notSeen.length === 0;
  return [
    ...(bareMatters ? [`${inShort(bare)}: no instance profile, so no credentials.`] : []),
    ...(profileArn !== undefined && roleName === undefined && seen
      ? [`${profileArn}: the instance profile has no role, so no credentials.`]
      : []),
    ...(roleName !== undefined && policies.length === 0 && seen
      ? [`${roleName}: the role has no policy: it may do nothing.`]
      : []),
    ...simulated
      .filter(({ decision }) => decision !== 'allowed')
      .map((one) => `${roleName}: may not ${one.action} on ${one.resource}: ${whyNot(one, identity)}.`),
  ];
};

const whyNot = (
  { decision, matched, allowedByBoundary, allowedByOrganization }: Simulated,
  { boundaryArn }: WorkloadIdentity,
): string => {
  if (allowedByOrganization === false) return 'a policy of the organisation does not allow it';
  if (allowedByBoundary === false) return `its boundary ${boundaryArn ?? ''} does not allow it`.replace('  ', ' ');
  if (decision === 'explicitDeny') return `denied by ${matched.join(', ') || 'a policy'}, which overrides every allow`;
  return 'no policy allows it';
};

const simulatedLine = ({ action, resource, decision, matched }: Simulated): string =>
  `${action} on ${resource}: ${decision}${matched.length > 0 ? ` by ${matched.join(', ')}` : ''}`;

const identityLines = ({ profileArn, roleName, policies, boundaryArn }: WorkloadIdentity): readonly string[] => [
  ...(profileArn === undefined ? [] : [`${profileArn} → role ${roleName ?? 'none seen'}`]),
  ...(boundaryArn === undefined ? [] : [`${roleName}: boundary ${boundaryArn}`]),
  ...policies.flatMap((one) => {
    const denied = denialsIn(one.document);
    return [`${roleName}: ${one.kind} policy ${one.name}`, ...denied.map((what) => `${one.name} denies ${what}`)];
  }),
];
