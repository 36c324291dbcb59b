/** What the world remembers of its traffic: how it went from each moment at which something changed until the next. */

export type BalancerTraffic = {
  /** As CloudWatch names it: `app/shop-alb/0123456789abcdef`. */
  dimension: string;
  /** Requests a minute that reach the load balancer, and of them the answers by kind: `elb 502`, `target 200`. */
  requests: number;
  answers: Record<string, number>;
};

export type TargetGroupTraffic = {
  /** `targetgroup/shop-web/0123456789abcdef` */
  dimension: string;
  balancer: string;
  healthy: number;
  unhealthy: number;
  /** Requests a minute that its targets answered, by status. */
  answers: Record<string, number>;
};

export type TrafficSample = {
  at: number;
  balancers: BalancerTraffic[];
  targetGroups: TargetGroupTraffic[];
  /** Requests a minute by instance; absent: none. */
  served: Record<string, number>;
  /** Instances whose application holds every worker. */
  hanging: string[];
};

/** `stale`: something has changed since the last sample. */
export type Traffic = { stale: boolean; samples: TrafficSample[] };
