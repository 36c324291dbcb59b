import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Slack gives three seconds in all: a connection or an answer that takes longer than this is given up and tried again. */
const CONNECT_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 2_500;
/** Throttling, 5xx and timeouts are tried again this often, with the SDK's own backoff. */
const ATTEMPTS_MAX = 5;

export type DocumentClientOptions = {
  readonly region: string;
  /** Left out, the SDK follows `AWS_ENDPOINT_URL_DYNAMODB` and `AWS_ENDPOINT_URL`. */
  readonly endpoint?: string;
  /** Left out, the SDK's own chain finds them. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
};

/**
 * A DynamoDB client that speaks plain values. A write whose answer was lost is sent again by the SDK, so every write
 * through it has to be conditional or idempotent.
 */
export const createDocumentClient = ({ region, endpoint, credentials }: DocumentClientOptions): DynamoDBDocumentClient => {
  const client = new DynamoDBClient({
    region,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
};
