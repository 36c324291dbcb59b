/** What the numbers of an application load balancer are called: in facts, in verdicts, and for people. */
export const TREND_NAMES = {
  requests: 'requests',
  balancerErrors: 'errors from the load balancer',
  targetErrors: 'errors from targets',
  responseTime: 'response time, average',
  slowestResponseTime: 'response time, p99',
} as const;
