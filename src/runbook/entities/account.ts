/** What is around the machines: identity, names, certificates, traffic, and who changed what. */

export type WorkloadIdentity = {
  readonly profileArn?: string;
  readonly instancesWithoutProfile: readonly string[];
  readonly roleName?: string;
  readonly policies: readonly { readonly name: string; readonly kind: 'managed' | 'inline'; readonly document: string }[];
  readonly boundaryArn?: string;
  readonly simulated: readonly {
    readonly action: string;
    readonly resource: string;
    /** `allowed`, `explicitDeny`, `implicitDeny`. */
    readonly decision: string;
    readonly matched: readonly string[];
    readonly allowedByBoundary?: boolean;
    readonly allowedByOrganization?: boolean;
  }[];
  /** Sentences: what could not be looked at, and which permission it takes. */
  readonly notSeen: readonly string[];
  /** The first permission that was missing. */
  readonly missingPermission?: string;
};
export type DnsRecord = {
  readonly name: string;
  readonly type: string;
  readonly ttlSeconds?: number;
  readonly values: readonly string[];
  readonly aliasTo?: string;
  readonly evaluateTargetHealth?: boolean;
  readonly weight?: number;
  readonly setIdentifier?: string;
  readonly healthCheckId?: string;
  readonly healthCheckState?: string;
};
export type NameResolution = {
  readonly host: string;
  readonly zoneId?: string;
  readonly records: readonly DnsRecord[];
  /** Addresses or names it resolves to from where the bot runs; absent with `resolveError`. */
  readonly resolved?: readonly string[];
  readonly loadBalancerResolved?: readonly string[];
  readonly resolveError?: string;
  readonly zoneNameServers: readonly string[];
  readonly delegatedNameServers?: readonly string[];
};
export type Certificate = {
  readonly arn: string;
  readonly listenerArn: string;
  readonly names: readonly string[];
  readonly status: string;
  readonly notAfter?: string;
};
/** One number now against the hour before. */
export type Trend = { readonly name: string; readonly unit: string; readonly now?: number; readonly hourBefore?: number };
export type Traffic = { readonly loadBalancerName: string; readonly trends: readonly Trend[] };
export type Change = {
  readonly at: string;
  readonly by: string;
  readonly action: string;
  readonly resources: readonly string[];
  readonly readOnly: boolean;
  /** An AWS service did it on its own: what it did follows from something else. */
  readonly byAws?: true;
  readonly error?: string;
  /** What was asked for, shortened and without secrets: `ruleNumber=50, ruleAction=deny`. */
  readonly detail?: string;
};
export type Changes = { readonly since: string; readonly changes: readonly Change[]; readonly complete: boolean };
