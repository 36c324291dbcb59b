export type LoadBalancer = {
  arn: string;
  name: string;
  dnsName: string;
  hostedZoneId: string;
  type: 'application' | 'network';
  scheme: 'internet-facing' | 'internal';
  vpcId: string;
  createdAt: number;
  /** One node a zone. */
  nodes: { zone: string; subnetId: string; interfaceId: string; publicIp: string }[];
  securityGroupIds: string[];
  attributes: Record<string, string>;
};

export type RuleAction =
  | { type: 'forward'; targetGroups: { arn: string; weight: number }[] }
  | { type: 'redirect'; protocol: string; port: string; status: 'HTTP_301' | 'HTTP_302' }
  | { type: 'fixed-response'; status: string };

export type ListenerRule = {
  arn: string;
  priority: number | 'default';
  conditions: { field: 'path-pattern' | 'host-header'; values: string[] }[];
  action: RuleAction;
};

export type Listener = {
  arn: string;
  loadBalancerArn: string;
  port: number;
  protocol: 'HTTP' | 'HTTPS' | 'TCP';
  certificateArns: string[];
  sslPolicy?: string;
  rules: ListenerRule[];
};

export type TargetState = 'initial' | 'healthy' | 'unhealthy' | 'unused' | 'draining';

export type Target = {
  /** An instance id, or an address in an `ip` target group. */
  id: string;
  port: number;
  registeredAt: number;
  state: TargetState;
  reason?: string;
  description?: string;
  /** Consecutive checks with the outcome opposite to its state. */
  against: number;
};

export type TargetGroup = {
  arn: string;
  name: string;
  protocol: 'HTTP' | 'TCP';
  port: number;
  vpcId: string;
  type: 'instance' | 'ip';
  check: {
    enabled: boolean;
    protocol: 'HTTP' | 'TCP';
    /** `traffic-port` or a number as text. */
    port: string;
    path: string;
    intervalSeconds: number;
    timeoutSeconds: number;
    healthyCount: number;
    unhealthyCount: number;
    /** `200`, `200,302` or `200-299`. */
    matcher: string;
  };
  attributes: Record<string, string>;
  targets: Target[];
};

/** A name that answers with a load balancer's addresses (a Route 53 alias). */
export type DnsName = { name: string; aliasOf: string };

export type Certificate = { arn: string; domain: string; notAfter: number };
