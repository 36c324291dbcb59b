/** Guards on the group as a whole, shared by the fixes that take something out of one. */
import { acknowledge, type Guard, type GuardResult, note, passed, refuse } from '../../src/runbook/define-fix.ts';
import type { Group, GroupSurroundings, Instance, Tags, TargetGroup } from '../../src/runbook/entities.ts';
import { inState, runningActivities } from '../../src/runbook/membership.ts';
import { OPT_IN } from '../../src/runbook/permission.ts';
import { counted, listed } from '../../src/runbook/words.ts';

export type GroupFacts = {
  readonly group: Group | undefined;
  readonly surroundings: GroupSurroundings;
  readonly targetGroups: readonly TargetGroup[];
  /** Members as EC2 sees them. */
  readonly members: readonly Instance[];
};

/** A guard that needs the group; that there is one is `group-exists`'s part. */
export const groupGuard = <F extends { readonly group: Group | undefined }, I = unknown>(
  id: string,
  title: string,
  look: (group: Group, facts: F, input: I) => GuardResult,
): Guard<F, I> => ({
  id,
  title,
  look: (facts, input) => (facts.group === undefined ? passed : look(facts.group, facts, input)),
});

export const groupExists: Guard<{ readonly group: Group | undefined }, { readonly groupName: string }> = {
  id: 'group-exists',
  title: 'The Auto Scaling group exists',
  look: ({ group }, { groupName }) =>
    group === undefined
      ? refuse(`There is no Auto Scaling group ${groupName} here.`, 'Choose the group anew; it may have been renamed or deleted.')
      : passed,
};

/** What CodeDeploy suspends while it deploys: https://docs.aws.amazon.com/codedeploy/latest/userguide/integrations-aws-auto-scaling.html */
const CODE_DEPLOY_SUSPENDS = ['AlarmNotification', 'AZRebalance', 'ReplaceUnhealthy', 'ScheduledActions'];
const codeDeployHooks = ({ hooks }: GroupSurroundings) => hooks.filter(({ name }) => name.startsWith('CodeDeploy'));

export const noDeployment = groupGuard<Pick<GroupFacts, 'group' | 'surroundings'>>(
  'no-deployment',
  'No instance refresh or deployment is running',
  (group, { surroundings }) => {
    const [refresh] = surroundings.activeRefreshes;
    if (refresh !== undefined)
      return refuse(
        `An instance refresh of ${group.name} is ${refresh.status}: it replaces the instances by itself.`,
        'Cancel the instance refresh, or wait until it is over.',
      );
    const suspendedByDeployment = CODE_DEPLOY_SUSPENDS.every((process) => group.suspendedProcesses.includes(process));
    return codeDeployHooks(surroundings).length > 0 && suspendedByDeployment
      ? refuse(
          `A CodeDeploy deployment seems to run in ${group.name}: its hook is there, and it has suspended ${listed(CODE_DEPLOY_SUSPENDS)}.`,
          'Wait until the deployment is over, or stop it.',
        )
      : passed;
  },
);

export const groupStable = groupGuard<GroupFacts>('group-stable', 'The group is at rest', (group, { surroundings }) => {
  const moving = group.members.filter(({ lifecycleState }) => !['InService', 'Standby'].includes(lifecycleState));
  if (moving.length > 0)
    return refuse(
      `${group.name} is changing: ${listed(moving.map(({ id, lifecycleState }) => `${id} is ${lifecycleState}`))}.`,
      'Wait a minute until every member is InService, then try again.',
    );
  const serving = inState(group, 'InService').length;
  if (serving !== group.desired)
    return refuse(
      `${group.name} has ${serving} of ${counted(group.desired, 'instance')} that it should have: it is launching or failing to.`,
      'Wait until the group is at its size; its latest activities say what keeps it.',
    );
  const [activity] = runningActivities(surroundings.activities);
  return activity === undefined
    ? passed
    : refuse(`${group.name} is busy: ${activity.description} (${activity.status}).`, 'Wait until the activity is over.');
});

const MANAGED_BY: readonly (readonly [manager: string, tag: RegExp])[] = [
  ['Karpenter', /^karpenter\.(sh|k8s\.aws)\//],
  ['EKS or another Kubernetes', /^(eks:|aws:eks:|kubernetes\.io\/cluster\/|k8s\.io\/)/],
  ['ECS', /^(AmazonECSManaged$|aws:ecs:)/],
  ['Elastic Beanstalk', /^(elasticbeanstalk:|aws:elasticbeanstalk:)/],
];
const managerByTags = (tags: Tags): string | undefined =>
  MANAGED_BY.find(([, tag]) => Object.keys(tags).some((key) => tag.test(key)))?.[0];

export const notManaged = groupGuard<GroupFacts>('not-managed', 'No other service manages the group', (group, { members }) => {
  const owners = [group, ...members].flatMap((one) => one.operator ?? managerByTags(one.tags) ?? []);
  return owners[0] === undefined
    ? passed
    : refuse(
        `${group.name} is managed by ${owners[0]}, which would work against this.`,
        `Use ${owners[0]}'s own means: cordon and drain there, or let it replace the instance.`,
      );
});

export const codeDeploy = groupGuard<GroupFacts>('code-deploy', 'CodeDeploy does not ride along', (group, { surroundings }) => {
  const [hook] = codeDeployHooks(surroundings);
  return hook === undefined
    ? passed
    : acknowledge(
        `CodeDeploy deploys to new instances of ${group.name} (hook ${hook.name}): a replacement gets the last successful revision, and a deployment that starts meanwhile fails or interferes.`,
      );
});

export const notWeighted = groupGuard('not-weighted', 'Every instance counts as one', (group: Group) =>
  group.weighted || group.members.some(({ weightedCapacity }) => weightedCapacity !== undefined && weightedCapacity !== '1')
    ? refuse(
        `${group.name} uses weighted capacity: one instance is not one unit of desired capacity, so sizes cannot be kept exactly.`,
        'Do it by hand, or take the weights out of the group.',
      )
    : passed,
);

/** Tags of the group and of every instance that is touched. */
export const optInGuard = <F extends { readonly group: Group | undefined }, I>(
  instancesOf: (facts: F, input: I) => readonly Instance[],
): Guard<F, I> =>
  groupGuard('opted-in', `Group and instances are tagged ${OPT_IN.key}=${OPT_IN.value}`, (group, facts, input) => {
    const without = [{ id: group.name, tags: group.tags }, ...instancesOf(facts, input)]
      .filter(({ tags }) => tags[OPT_IN.key] !== OPT_IN.value)
      .map(({ id }) => id);
    return without.length === 0
      ? passed
      : refuse(
          `${listed(without)} ${without.length === 1 ? 'is' : 'are'} not tagged ${OPT_IN.key}=${OPT_IN.value}, so Firebreak may not touch ${without.length === 1 ? 'it' : 'them'}.`,
          `Whoever owns ${group.name} sets the tag ${OPT_IN.key}=${OPT_IN.value} on the group (and on its instances); the bot cannot.`,
        );
  });

export const launchProcesses = groupGuard('launch-processes', 'The group can launch and register', (group: Group) => {
  const off = ['Launch', 'AddToLoadBalancer'].filter((process) => group.suspendedProcesses.includes(process));
  return off.length === 0
    ? passed
    : refuse(
        `${listed(off)} ${off.length === 1 ? 'is' : 'are'} suspended in ${group.name}: an instance that comes in meanwhile is not launched, or never registered with the load balancer.`,
        `Resume ${listed(off)} first.`,
      );
});

export const otherProcesses = groupGuard('other-processes', 'The group can heal and shrink', (group: Group) => {
  const off = ['Terminate', 'ReplaceUnhealthy'].filter((process) => group.suspendedProcesses.includes(process));
  return off.length === 0
    ? passed
    : note(
        `${listed(off)} ${off.length === 1 ? 'is' : 'are'} suspended in ${group.name}: it does not replace a dead instance by itself.`,
      );
});

export const upcomingEvents = groupGuard<GroupFacts>('upcoming-events', 'What is coming by itself', (group, { members }) => {
  const events = members.flatMap(({ id, scheduledEvents }) =>
    scheduledEvents.map(
      ({ code, notBefore }) => `${id}: scheduled ${code}${notBefore === undefined ? '' : ` from ${notBefore}`}`,
    ),
  );
  const spot = members.filter((one) => one.spot).length;
  const shown = [
    ...events.toSorted(),
    ...(group.capacityRebalance && spot > 0 ? [`Spot: ${counted(spot, 'instance')} may be replaced at any time`] : []),
    ...(group.maxInstanceLifetimeSeconds === undefined
      ? []
      : [`instances are replaced after ${Math.round(group.maxInstanceLifetimeSeconds / 86_400)} days`]),
  ];
  return shown.length === 0 ? passed : note(`${shown.join('; ')}.`);
});
