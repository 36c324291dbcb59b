import type { LoadBalancer, ServiceMap, Target, TargetGroup } from '../../../src/runbook/entities.ts';

/** Without cross-zone a node sends only to its own zone. https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html#availability-zones */
export const zoneWithout = (map: ServiceMap): string | undefined => {
  const zoneOf = ({ id, zone }: Target): string | undefined => map.instances.find((one) => one.id === id)?.zone ?? zone;
  const lonely = (balancer: LoadBalancer, group: TargetGroup): string | undefined =>
    balancer.subnets.find(({ zone }) => !group.targets.some((target) => target.state === 'healthy' && zoneOf(target) === zone))
      ?.zone;
  for (const group of map.targetGroups.filter(({ crossZone }) => !crossZone))
    for (const balancer of map.loadBalancers.filter(({ arn }) => group.loadBalancerArns.includes(arn))) {
      const zone = lonely(balancer, group);
      if (zone !== undefined)
        return `${group.name}: no healthy target in ${zone}, where ${balancer.name} has a node; cross-zone is off.`;
    }
  return undefined;
};
