/** Guards on what the group would launch as a replacement. */
import { acknowledge, type Guard, note, passed, refuse } from '../../src/runbook/define-fix.ts';
import type { Group, GroupSurroundings, Instance, LaunchSource } from '../../src/runbook/entities.ts';
import { memberOf } from '../../src/runbook/membership.ts';
import { counted, listed } from '../../src/runbook/words.ts';
import { groupGuard } from './group.ts';

type LaunchFacts = {
  readonly group: Group | undefined;
  readonly surroundings: GroupSurroundings;
  readonly launch: LaunchSource;
  readonly instance: Instance | undefined;
};
type OneInstance = { readonly instanceId: string };

export const launchPossible: Guard<LaunchFacts, unknown> = groupGuard(
  'launch-possible',
  'A replacement can be launched',
  (group, { launch: { missing, freeAddresses } }) => {
    const full = freeAddresses.filter(({ free }) => free < 1);
    // A subnet that is full stands in the way only when all are: the group tries another zone.
    const inTheWay = missing.filter((sentence) => !full.some(({ subnetId }) => sentence.includes(subnetId)));
    if (inTheWay.length > 0)
      return refuse(
        `${group.name} could not launch a replacement. ${inTheWay.join(' ')}`,
        'Repair the launch template or the subnets first.',
      );
    return freeAddresses.length > 0 && full.length === freeAddresses.length
      ? refuse(
          `No subnet of ${group.name} has a free address (${listed(freeAddresses.map(({ subnetId }) => subnetId))}).`,
          'Free addresses, or give the group another subnet.',
        )
      : passed;
  },
);

/** The replacement may bring the very bug that is being fought, or its cure: people must see which. */
export const templateVersion: Guard<LaunchFacts, OneInstance> = groupGuard(
  'template-version',
  'What a replacement would run',
  (group, { launch, instance }, { instanceId }) => {
    const running = memberOf(group, instanceId)?.launchTemplateVersion;
    const configured = group.templateVersion?.startsWith('$') ? ` (${group.templateVersion})` : '';
    if (running !== undefined && launch.version !== undefined && running !== launch.version)
      return note(`The group launches template version ${launch.version}${configured}; ${instanceId} runs version ${running}.`);
    if (instance?.imageId !== undefined && launch.imageId !== undefined && instance.imageId !== launch.imageId)
      return note(`The group launches image ${launch.imageId}; ${instanceId} runs ${instance.imageId}.`);
    return launch.version === undefined
      ? passed
      : note(`A replacement runs the same template version ${launch.version}${configured}: it may carry the same fault.`);
  },
);

export const recentLaunches: Guard<LaunchFacts, unknown> = groupGuard(
  'recent-launches',
  'Recent launches succeeded',
  (group, { surroundings }) => {
    const failed = surroundings.activities.filter(
      ({ status, description }) => status === 'Failed' && description.startsWith('Launching'),
    );
    const [last] = failed;
    return last === undefined
      ? passed
      : note(
          `${counted(failed.length, 'recent launch').replace(/launchs$/, 'launches')} of ${group.name} failed, the last at ${last.startedAt}: ${last.message ?? last.description}`,
        );
  },
);

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html: hooks do not run on detach, attach or standby. */
export const terminationHooks: Guard<LaunchFacts, OneInstance> = groupGuard(
  'termination-hooks',
  'No termination hook is skipped',
  (_group, { surroundings }, { instanceId }) => {
    const hooks = surroundings.hooks.filter(({ transition }) => transition.endsWith('EC2_INSTANCE_TERMINATING'));
    return hooks.length === 0
      ? passed
      : acknowledge(
          `Detaching skips the termination hook${hooks.length === 1 ? '' : 's'} ${listed(hooks.map(({ name }) => name))}: what they do (logs, deregistration, licences) is not done for ${instanceId}.`,
        );
  },
);

export const atMaximum = groupGuard('at-maximum', 'Undo has room in the group', (group: Group) =>
  group.desired >= group.maxSize
    ? note(
        `Desired is at the maximum (${group.maxSize}): an undo raises the maximum of ${group.name} to ${group.maxSize + 1} and restores it afterwards.`,
      )
    : passed,
);
