/** Guards on where traffic comes from: what must follow the group, and how many healthy targets must stay. */
import { acknowledge, type Guard, passed, refuse } from '../../src/runbook/define-fix.ts';
import type { Group, Instance, Target, TargetGroup } from '../../src/runbook/entities.ts';
import { attachedTargetGroups, isHealthyIn, memberOf } from '../../src/runbook/membership.ts';
import { counted, listed } from '../../src/runbook/words.ts';
import { groupGuard } from './group.ts';

type TrafficFacts = { readonly group: Group | undefined; readonly targetGroups: readonly TargetGroup[] };
/** Who is taken out. */
type Leaving<F, I> = (facts: F, input: I) => readonly string[];

/** Only target groups that are attached to the group follow it; an address in another one would go on getting requests. */
export const trafficFollowsGroup = <F extends TrafficFacts & { readonly members: readonly Instance[] }, I>(
  leaving: Leaving<F, I>,
): Guard<F, I> =>
  groupGuard('traffic-follows', 'All traffic comes through the group’s target groups', (group, facts, input) => {
    const [source] = group.otherTrafficSources;
    if (source !== undefined)
      return refuse(
        `${group.name} also gets traffic from ${source}, which Firebreak does not handle.`,
        'Do it by hand, or move that traffic to a target group of the group.',
      );
    const unseen = group.targetGroupArns.filter((arn) => !facts.targetGroups.some((one) => one.arn === arn));
    if (unseen.length > 0)
      return refuse(
        `${listed(unseen)} is attached to ${group.name}, but could not be seen.`,
        'Detach it from the group if it was deleted; else try again.',
      );
    const ids = leaving(facts, input);
    const names = new Set([...ids, ...facts.members.filter(({ id }) => ids.includes(id)).flatMap(({ addresses }) => addresses)]);
    for (const { name, arn, targetType, targets } of facts.targetGroups) {
      const own = targets.find(({ id }) => names.has(id));
      if (targetType !== 'instance' && (own !== undefined || group.targetGroupArns.includes(arn)))
        return refuse(
          `${own?.id ?? group.name} is a target of ${name}, whose targets are of type ${targetType}: it does not follow the group.`,
          `Take ${own?.id ?? group.name} out of ${name} by hand first.`,
        );
      if (own !== undefined && !group.targetGroupArns.includes(arn))
        return refuse(
          `${own.id} is registered in ${name}, which is not attached to ${group.name}: it would go on getting requests from there.`,
          `Attach ${name} to the group, or deregister ${own.id} from it first.`,
        );
    }
    return passed;
  });

type Scope = { readonly where: string; readonly targets: readonly Target[] };
/** With cross-zone on, every node counts all targets; without it each zone counts its own. https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health.html */
const scopesOf = (group: Group, { name, crossZone, targets }: TargetGroup): readonly Scope[] => {
  if (crossZone) return [{ where: name, targets }];
  const zoneOf = ({ id, zone }: Target) => zone ?? memberOf(group, id)?.zone ?? 'an unknown zone';
  const zones = [...new Set(targets.map(zoneOf))].toSorted();
  return zones.map((zone) => ({ where: `${name} in ${zone}`, targets: targets.filter((target) => zoneOf(target) === zone) }));
};

type Threshold = { readonly attribute: string; readonly healthyNeeded: (registered: number) => number };
const DEFAULT_ATTRIBUTE = 'target_group_health.dns_failover.minimum_healthy_targets.count';
/** Counts default to 1 and percentages to `off`, which is no number. */
const thresholdsOf = ({ minimumHealthy }: TargetGroup): readonly Threshold[] =>
  Object.entries({ [DEFAULT_ATTRIBUTE]: '1', ...minimumHealthy }).flatMap(([attribute, value]) => {
    const amount = Number(value);
    if (!Number.isFinite(amount)) return [];
    if (attribute.endsWith('.percentage'))
      return [{ attribute, healthyNeeded: (registered: number) => Math.ceil((registered * amount) / 100) }];
    return attribute.endsWith('.count') ? [{ attribute, healthyNeeded: () => amount }] : [];
  });

const healthy = (targets: readonly Target[]): readonly Target[] => targets.filter(({ state }) => state === 'healthy');

/** Refuses only what makes it worse: taking out a target that is not healthy lowers no count. */
export const minimumHealthy = <F extends TrafficFacts, I>(leaving: Leaving<F, I>): Guard<F, I> =>
  groupGuard('minimum-healthy', 'Enough healthy targets stay, per target group and zone', (group, facts, input) => {
    const ids = leaving(facts, input);
    for (const targetGroup of attachedTargetGroups(group, facts.targetGroups))
      for (const { where, targets } of scopesOf(group, targetGroup)) {
        const staying = targets.filter(({ id, state }) => !ids.includes(id) && state !== 'draining');
        const left = healthy(staying).length;
        if (left === healthy(targets).length) continue;
        const breached = thresholdsOf(targetGroup).find(({ healthyNeeded }) => left < healthyNeeded(staying.length));
        if (breached !== undefined)
          return refuse(
            `${counted(left, 'healthy target')} would stay in ${where}; ${breached.attribute} asks for ${Math.max(1, breached.healthyNeeded(staying.length))}.`,
            `Scale out first${where === targetGroup.name ? '' : ' in that zone, or switch cross-zone load balancing on'}, or lower ${breached.attribute} on purpose.`,
          );
      }
    return passed;
  });

export const notLastHealthy = <F extends TrafficFacts, I>(leaving: Leaving<F, I>): Guard<F, I> =>
  groupGuard('not-last-healthy', 'The last healthy target is never touched', (group, facts, input) => {
    const ids = leaving(facts, input);
    const emptied = attachedTargetGroups(group, facts.targetGroups).find(({ targets }) => {
      const now = healthy(targets);
      return now.length > 0 && now.every(({ id }) => ids.includes(id));
    });
    if (emptied === undefined) return passed;
    const last = ids.filter((id) => isHealthyIn(emptied, id));
    return refuse(
      last.length === 1
        ? `${last[0]} is the last healthy target of ${emptied.name}.`
        : `${listed(last)} are the last healthy targets of ${emptied.name}.`,
      'Scale out by one first and wait until the new instance is healthy, or show the maintenance page.',
    );
  });

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health.html */
export const failsOpen: Guard<TrafficFacts, unknown> = groupGuard(
  'fails-open',
  'The load balancer knows a healthy target',
  (group, { targetGroups }) => {
    const open = attachedTargetGroups(group, targetGroups).find(
      ({ targets }) => targets.length > 0 && healthy(targets).length === 0,
    );
    return open === undefined
      ? passed
      : acknowledge(
          `No target of ${open.name} is healthy, so the load balancer fails open and sends requests to all of them: an instance that is called unhealthy may be serving users.`,
        );
  },
);
