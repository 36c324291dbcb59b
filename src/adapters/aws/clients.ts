import { ACMClient } from '@aws-sdk/client-acm';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { Route53Client } from '@aws-sdk/client-route-53';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { isExpired } from './failure.ts';
import { readFailure } from './read-failure.ts';

/**
 * The one place where SDK clients are made. Endpoints are overridden in the SDK's own way, `AWS_ENDPOINT_URL` and
 * `AWS_ENDPOINT_URL_<SERVICE>`, which the clients read by themselves.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */

/** Attempts of a read, the first included; the SDK waits between them. */
const READ_ATTEMPTS_MAX = 4;
/** A mutation is sent once: an answer that was lost is reconciled by reading. */
const CALL_ATTEMPTS = 1;
export const REQUEST_TIMEOUT_MS = 10_000;
/** Of a mutation: an answer that is given up too early has to be reconciled. */
export const CALL_TIMEOUT_MS = 30_000;
const CONNECTION_TIMEOUT_MS = 3_000;
/**
 * Wall minutes after which the read role is assumed anew. Fixed, and far below the hour that a chained session may last:
 * the expiration that STS tells is on the account's clock, which a sandbox runs faster than ours.
 */
export const READ_SESSION_MINUTES = 15;
const MINUTE_MS = 60_000;
/** Where IAM and Route 53 write their trail. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html */
const GLOBAL_REGION = 'us-east-1';

export type AwsCredentials = NonNullable<EC2ClientConfig['credentials']>;
export type AwsSettings = {
  readonly region: string;
  /** Absent: the SDK's default chain. */
  readonly credentials?: AwsCredentials;
  /** Absent: what `AWS_ENDPOINT_URL…` says, else AWS. */
  readonly endpoint?: string;
  readonly maxAttempts?: number;
  readonly requestTimeoutMs?: number;
  readonly connectionTimeoutMs?: number;
};

const configOf = (settings: AwsSettings) => {
  const { region, credentials, endpoint, maxAttempts = READ_ATTEMPTS_MAX } = settings;
  return {
    region,
    ...(credentials && { credentials }),
    ...(endpoint !== undefined && { endpoint }),
    maxAttempts,
    retryMode: 'standard',
    requestHandler: {
      requestTimeout: settings.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
      connectionTimeout: settings.connectionTimeoutMs ?? CONNECTION_TIMEOUT_MS,
      // Else the SDK only warns, and a call without an answer lasts for ever.
      throwOnRequestTimeout: true,
    },
  };
};

export const createSts = (settings: AwsSettings): STSClient => new STSClient(configOf(settings));

/** With `pathStyle` the bucket is part of the path: what endpoints other than AWS's own need. */
export const createS3 = (settings: AwsSettings & { readonly pathStyle?: boolean }): S3Client =>
  new S3Client({ ...configOf(settings), forcePathStyle: settings.pathStyle ?? false });

/** What facts are read with. */
export const createReadClients = (settings: AwsSettings) => {
  const config = configOf(settings);
  const autoscaling = new AutoScalingClient(config);
  // One pool of connections for all of them.
  const shared = { ...config, requestHandler: autoscaling.config.requestHandler };
  return {
    autoscaling,
    ec2: new EC2Client(shared),
    elb: new ElasticLoadBalancingV2Client(shared),
    ssm: new SSMClient(shared),
    iam: new IAMClient(shared),
    kms: new KMSClient(shared),
    acm: new ACMClient(shared),
    cloudTrail: new CloudTrailClient(shared),
    globalCloudTrail: new CloudTrailClient({ ...shared, region: GLOBAL_REGION }),
    cloudWatch: new CloudWatchClient(shared),
    route53: new Route53Client(shared),
    sts: new STSClient(shared),
  };
};
export type ReadClients = ReturnType<typeof createReadClients>;

/** What one call is made with: never retried by the SDK. */
export const createCallClients = (settings: AwsSettings) => {
  const config = configOf({ requestTimeoutMs: CALL_TIMEOUT_MS, ...settings, maxAttempts: CALL_ATTEMPTS });
  return { autoscaling: new AutoScalingClient(config), ec2: new EC2Client(config), ssm: new SSMClient(config) };
};
export type CallClients = ReturnType<typeof createCallClients>;

/** Assumes a role. Rejects as STS does. The session's expiration is left out: see `READ_SESSION_MINUTES`. */
export const assumeRole = async (
  sts: STSClient,
  request: { readonly roleArn: string; readonly sessionName: string; readonly policy?: string },
): Promise<{ readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken: string }> => {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: request.roleArn,
      RoleSessionName: request.sessionName,
      ...(request.policy !== undefined && { Policy: request.policy }),
    }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined)
    throw new Error(`sts:AssumeRole of ${request.roleArn} answered without credentials.`);
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
};

export type ReadAccess = {
  /** Clients whose session is young enough. Rejects with a `ReadFailure` when the role cannot be assumed. */
  readonly clients: () => Promise<ReadClients>;
  /** Runs with them; once more, with a new session, when AWS says that theirs is over. */
  readonly use: <T>(work: (clients: ReadClients) => Promise<T>) => Promise<T>;
};

/** Reads run under a role of their own when there is one, else as whoever runs the bot. */
export const createReadAccess = (options: {
  readonly settings: AwsSettings;
  readonly role?: { readonly arn: string; readonly sessionName: string };
  /** Wall milliseconds, from anywhere. */
  readonly wallNow?: () => number;
}): ReadAccess => {
  const { settings, role, wallNow = () => performance.now() } = options;
  const sts = createSts(settings);
  let current: { readonly madeAt: number; readonly clients: Promise<ReadClients> } | undefined;

  const make = async (): Promise<ReadClients> => {
    if (role === undefined) return createReadClients(settings);
    const credentials = await assumeRole(sts, { roleArn: role.arn, sessionName: role.sessionName }).catch((error: unknown) => {
      throw readFailure('sts:AssumeRole', error);
    });
    return createReadClients({ ...settings, credentials });
  };
  const clients = (): Promise<ReadClients> => {
    if (current !== undefined && wallNow() - current.madeAt < READ_SESSION_MINUTES * MINUTE_MS) return current.clients;
    const made = { madeAt: wallNow(), clients: make() };
    current = made;
    made.clients.catch(() => {
      if (current === made) current = undefined;
    });
    return made.clients;
  };
  return {
    clients,
    use: async (work) => {
      const session = clients();
      const first = await session;
      try {
        return await work(first);
      } catch (error) {
        if (!isExpired(error)) throw error;
        if (current?.clients === session) current = undefined;
        return work(await clients());
      }
    },
  };
};
