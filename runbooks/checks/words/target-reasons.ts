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

/** A sentence after a space; nothing for a reason that is not known. */
export const reasonInWords = (reason: string | undefined): string => {
  const words = reason === undefined ? undefined : REASONS[reason];
  return words === undefined ? '' : ` ${words}`;
};
