import type { Target } from '../../../src/runbook/entities.ts';

/**
 * What each reason of target health means, and its usual cause.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html#target-health-reason-codes
 */
const REASONS: Readonly<Record<string, string>> = {
  'Elb.InitialHealthChecking': 'Still being checked for the first time: wait for a few intervals.',
  'Elb.InternalError': 'AWS itself failed to check: look at the AWS health page.',
  'Elb.RegistrationInProgress': 'Still being registered: wait a moment.',
  'Target.DeregistrationInProgress': 'Draining: it finishes old requests and gets no new ones.',
  'Target.FailedHealthChecks': 'The connection failed or was closed: the application is down, or speaks another protocol.',
  'Target.HealthCheckDisabled': 'Nobody checks it.',
  'Target.InvalidState': 'The instance is stopped or terminated.',
  'Target.IpUnusable': 'The address belongs to a load balancer and cannot be a target.',
  'Target.NotInUse': 'No listener uses its target group, or its zone is not enabled for the load balancer.',
  'Target.NotRegistered': 'It is not registered.',
  'Target.ResponseCodeMismatch':
    'It answered, with another code than the health check expects: a sick application, or a wrong health check path.',
  'Target.Timeout': 'No answer in time: a hanging application, or a security group, network ACL or route in the way.',
};

/** Health checks say the codes that they got instead of the one they expect. */
const codesIn = (description = ''): readonly number[] =>
  [...description.matchAll(/\b[1-5]\d\d\b/g)].map(([code]) => Number(code));

/** A mismatch has two quite different causes, and the code tells them apart. */
const mismatchInWords = ({ description }: Target): string | undefined => {
  const codes = codesIn(description);
  if (codes.length === 0) return undefined;
  if (codes.every((code) => code >= 500)) return 'It answered with an error: the application is sick, or what it depends on is.';
  if (codes.every((code) => code < 500))
    return 'It answered, and not with what the health check expects: a wrong path or host, a redirect, or a login.';
  return undefined;
};

/** A sentence after a space; nothing for a reason that is not known. */
export const causeInWords = (target: Target): string => {
  const { reason } = target;
  const exact = reason === 'Target.ResponseCodeMismatch' ? mismatchInWords(target) : undefined;
  const words = exact ?? (reason === undefined ? undefined : REASONS[reason]);
  return words === undefined ? '' : ` ${words}`;
};
