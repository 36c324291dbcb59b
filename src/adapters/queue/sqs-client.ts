import { SQSClient } from '@aws-sdk/client-sqs';

/** Somebody waits for the Slack function's answer: one more try, and no long connection attempts. */
export const createSqs = (options: { readonly region: string }): SQSClient =>
  new SQSClient({ region: options.region, maxAttempts: 2, requestHandler: { connectionTimeout: 500, requestTimeout: 1_000 } });
