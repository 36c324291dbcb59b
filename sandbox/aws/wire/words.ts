import { AwsError } from '../operation.ts';
import type { ProtocolName } from './schemas.ts';

/**
 * What each family of services calls the same refusal. Clients tell by these words whether to retry, so they must be the service's own.
 * EC2: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 * Query: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/CommonErrors.html
 * JSON: https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html
 * S3: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
type Refusal = 'unsigned' | 'unknownKey' | 'badToken' | 'badSignature' | 'expired' | 'denied' | 'throttled';
type Family = 'ec2' | 'query' | 'json' | 's3';

const familyOf = (service: string, protocol: ProtocolName): Family => {
  if (service === 'ec2' || service === 's3') return service;
  return protocol === 'awsJson1_0' || protocol === 'awsJson1_1' ? 'json' : 'query';
};

const WORDS: Readonly<Record<Family, Readonly<Record<Refusal, readonly [code: string, status: number]>>>> = {
  ec2: {
    unsigned: ['MissingAuthenticationToken', 403],
    unknownKey: ['AuthFailure', 401],
    badToken: ['AuthFailure', 401],
    badSignature: ['AuthFailure', 401],
    expired: ['RequestExpired', 400],
    denied: ['UnauthorizedOperation', 403],
    throttled: ['RequestLimitExceeded', 503],
  },
  query: {
    unsigned: ['MissingAuthenticationToken', 403],
    unknownKey: ['InvalidClientTokenId', 403],
    badToken: ['InvalidClientTokenId', 403],
    badSignature: ['SignatureDoesNotMatch', 403],
    expired: ['ExpiredToken', 403],
    denied: ['AccessDenied', 403],
    throttled: ['Throttling', 400],
  },
  json: {
    unsigned: ['MissingAuthenticationTokenException', 400],
    unknownKey: ['UnrecognizedClientException', 400],
    badToken: ['UnrecognizedClientException', 400],
    badSignature: ['InvalidSignatureException', 400],
    expired: ['ExpiredTokenException', 400],
    denied: ['AccessDeniedException', 400],
    throttled: ['ThrottlingException', 400],
  },
  s3: {
    unsigned: ['AccessDenied', 403],
    unknownKey: ['InvalidAccessKeyId', 403],
    badToken: ['InvalidToken', 400],
    badSignature: ['SignatureDoesNotMatch', 403],
    expired: ['ExpiredToken', 400],
    denied: ['AccessDenied', 403],
    throttled: ['SlowDown', 503],
  },
};

const SENTENCES: Readonly<Record<Refusal, string>> = {
  unsigned: 'The request must contain a valid (registered) AWS access key ID and a Signature Version 4 authorization header.',
  unknownKey: 'The AWS access key ID in the request is not known to this simulated account.',
  badToken: 'The security token included in the request is missing or invalid.',
  badSignature: 'The request signature does not match the one calculated from the secret of this access key.',
  expired: 'The security token included in the request is expired.',
  denied: 'Access denied.',
  throttled: 'Rate exceeded.',
};

export const refuse = (service: string, protocol: ProtocolName, refusal: Refusal, message = SENTENCES[refusal]): AwsError => {
  const family = familyOf(service, protocol);
  const [code, status] = WORDS[family][refusal];
  const lead = family === 'ec2' && refusal === 'denied' ? 'You are not authorized to perform this operation. ' : '';
  return new AwsError(code, `${lead}${message}`, status);
};
