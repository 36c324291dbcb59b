/** The seam between the wire (parsing, signing, IAM, faults) and the world (what the simulated account is and does). */

/** Who calls, as STS knows it. Long-lived keys are an IAM user; the rest are assumed-role sessions. */
export type Caller = {
  readonly accountId: string;
  /** `arn:aws:iam::111122223333:user/bot` or `arn:aws:sts::111122223333:assumed-role/firebreak-fix/inc-0042-U1` */
  readonly arn: string;
  readonly accessKeyId: string;
  readonly roleName?: string;
  readonly sessionName?: string;
  /** The inline session policy given to AssumeRole, as JSON text. It intersects with the role's policies. */
  readonly sessionPolicy?: string;
};

export type CallContext = {
  readonly caller: Caller;
  readonly region: string;
  readonly requestId: string;
  /** World time, milliseconds since the epoch: runs faster than the wall clock when the world is sped up. */
  readonly now: number;
};

/** One (action, resource, context) that IAM must allow; a call may need several, and one deny denies the call. */
export type Authorization = {
  /** `ec2:TerminateInstances` */
  readonly action: string;
  /** A full ARN, or `*` for actions that have no resource level. */
  readonly resource: string;
  /** Condition keys, e.g. `aws:ResourceTag/firebreak`, `aws:RequestTag/firebreak:run`, `autoscaling:MinSize`. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
};

/** Thrown by an operation; the wire turns it into the protocol's error envelope. `code` is the API's own word. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
  }
}

/**
 * One API operation. `input` and the answer have the shapes of the SDK's `XCommandInput` and `XCommandOutput`
 * (members in the SDK's names, `Date` for timestamps): the wire knows the rest from the SDK's own schemas.
 */
export type Operation<I = never, O = unknown> = {
  readonly authorize: (input: I, context: CallContext) => readonly Authorization[];
  readonly run: (input: I, context: CallContext) => O | Promise<O>;
};

/** Operations by name (`DescribeInstances`), for one service. The key is the SigV4 signing name: ec2, autoscaling, elasticloadbalancing, ssm, iam, sts, s3, route53, cloudtrail, monitoring, kms, acm. */
export type ServiceOperations = Readonly<Record<string, Operation<never>>>;
export type Account = Readonly<Record<string, ServiceOperations>>;
