import { SQSClient } from '@aws-sdk/client-sqs';

/** Somebody waits for the Slack function's answer: one more try, and no long connection attempts. */
export const createSqs = (options: { readonly region: string }): SQSClient =>
  new SQSClient({
    region: options.region,
    maxAttempts: 2,
    // Without the last one the SDK only warns of a late answer, and waits on.
    requestHandler: { connectionTimeout: 500, requestTimeout: 1_000, throwOnRequestTimeout: true },
  });
