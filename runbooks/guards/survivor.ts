/** Guards on going down to one node: who stays, and what would grow the group again. */
import { type GuardResult, note, passed, refuse } from '../../src/runbook/define-fix.ts';
import type { Group, GroupSurroundings, Instance, InstanceLoad, LaunchSource, TargetGroup } from '../../src/runbook/entities.ts';
import { isUnreadable, type Unreadable } from '../../src/runbook/facts.ts';
import { inState, memberOf, notHealthyIn, serves } from '../../src/runbook/membership.ts';
import { counted, listed } from '../../src/runbook/words.ts';
import { groupGuard } from './group.ts';

export type SurvivorFacts = {
  readonly group: Group | undefined;
  readonly surroundings: GroupSurroundings;
  readonly launch: LaunchSource;
  readonly members: readonly Instance[];
  readonly targetGroups: readonly TargetGroup[];
  readonly loads: readonly InstanceLoad[] | Unreadable;
};
type Choose<F, I> = (facts: F, input: I) => string | undefined;

export const moreThanOne = groupGuard('more-than-one', 'There is something to scale down', (group: Group) => {
  const serving = inState(group, 'InService').length;
  return serving > 1
    ? passed
    : refuse(
        `${group.name} has ${counted(serving, 'instance')} InService: there is nothing to park.`,
        'Nothing is needed; look for another fix.',
      );
});

export const survivorServes = <F extends SurvivorFacts, I>(choose: Choose<F, I>) =>
  groupGuard<F, I>('survivor-serves', 'The survivor is healthy in every target group', (group, facts, input): GuardResult => {
    const id = choose(facts, input);
    const member = id === undefined ? undefined : memberOf(group, id);
    if (id === undefined || member === undefined)
      return refuse(`${id ?? 'Nobody'} is not a member of ${group.name}.`, `Choose a survivor that ${group.name} has now.`);
    if (serves(group, facts.targetGroups, id)) return passed;
    const problems = notHealthyIn(group, facts.targetGroups, id);
    const state = member.lifecycleState === 'InService' ? [] : [member.lifecycleState];
    return refuse(
      `${id} would carry everything alone, and it is not healthy: ${[...state, ...problems].join('; ') || 'Auto Scaling calls it unhealthy'}.`,
      'Choose a survivor that is healthy in every target group; if there is none, repair or replace one first.',
    );
  });

export const survivorPreferred = <F extends SurvivorFacts, I>(choose: Choose<F, I>) =>
  groupGuard<F, I>('survivor-preferred', 'The survivor is a good choice', (group, facts, input): GuardResult => {
    const id = choose(facts, input) ?? '';
    const version = memberOf(group, id)?.launchTemplateVersion;
    const doubts = [
      ...(facts.members.find((one) => one.id === id)?.spot
        ? ['is a Spot instance and may be taken with two minutes’ notice']
        : []),
      ...(version !== undefined && facts.launch.version !== undefined && version !== facts.launch.version
        ? [`runs template version ${version}, while the group launches ${facts.launch.version}`]
        : []),
    ];
    return doubts.length === 0 ? passed : note(`${id} ${listed(doubts)}.`);
  });

export const survivorLoad = <F extends SurvivorFacts, I>(choose: Choose<F, I>) =>
  groupGuard<F, I>('survivor-load', 'One instance can carry it', (group, facts, input): GuardResult => {
    const id = choose(facts, input) ?? '';
    const serving = inState(group, 'InService').length;
    if (isUnreadable(facts.loads))
      return note(`How busy ${id} is could not be read; it will carry the load of ${serving} alone.`);
    const known = facts.loads.flatMap(({ cpuPercent }) => cpuPercent ?? []);
    const own = facts.loads.find(({ instanceId }) => instanceId === id)?.cpuPercent;
    return own === undefined
      ? note(`How busy ${id} is, is not known; it will carry the load of ${serving} alone.`)
      : note(
          `${id} is at ${Math.round(own)} % CPU; all together are at ${Math.round(known.reduce((sum, one) => sum + one, 0))} % of one.`,
        );
  });

export const noWarmPool = groupGuard<SurvivorFacts>('no-warm-pool', 'There is no warm pool', (group, { surroundings }) =>
  surroundings.warmPool === undefined
    ? passed
    : refuse(
        `${group.name} has a warm pool (${counted(surroundings.warmPool.size, 'instance')}): what is parked and what is warm would be mixed up.`,
        'Delete the warm pool first, or park by hand.',
      ),
);

export const noForecast = groupGuard<SurvivorFacts>('no-forecast', 'No forecast scales the group', (group, { surroundings }) => {
  const policy = surroundings.policies.find(({ enabled, predictiveMode }) => enabled && predictiveMode === 'ForecastAndScale');
  return policy === undefined
    ? passed
    : refuse(
        `The policy ${policy.name} of ${group.name} scales by forecast: it raises the minimum by itself.`,
        `Set ${policy.name} to forecast only.`,
      );
});

export const notOurs = groupGuard('not-ours', 'What was parked or suspended before', (group: Group) => {
  const parked = inState(group, 'Standby').map(({ id }) => id);
  const shown = [
    ...(parked.length === 0 ? [] : [`${listed(parked.toSorted())} in standby`]),
    ...(group.suspendedProcesses.length === 0 ? [] : [`${listed(group.suspendedProcesses.toSorted())} suspended`]),
  ];
  return shown.length === 0 ? passed : note(`Already so before, and left so by an undo: ${shown.join('; ')}.`);
});

export const standbyCosts = <F extends SurvivorFacts, I>(parked: (facts: F, input: I) => readonly string[]) =>
  groupGuard<F, I>('standby-costs', 'What standby costs', (_group, facts, input): GuardResult => {
    const ids = parked(facts, input);
    const types = facts.members.filter(({ id }) => ids.includes(id)).map(({ instanceType }) => instanceType);
    const each = [...new Set(types)].toSorted().map((type) => `${types.filter((one) => one === type).length} × ${type}`);
    return each.length === 0 ? passed : note(`Standby is billed like service: ${listed(each)}, every hour until they return.`);
  });
