import { LambdaClient } from '@aws-sdk/client-lambda';

const ATTEMPTS_MAX = 4;

/** Runs are started and answered by it. Both are safe to be sent again: a run has its name, an answer its callback. */
export const createLambdaClient = (options: { readonly region: string }): LambdaClient =>
  new LambdaClient({
    region: options.region,
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
