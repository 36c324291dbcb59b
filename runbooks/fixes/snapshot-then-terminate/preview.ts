import type { FixStep, Plan, RunContext } from '../../../src/runbook/define-fix.ts';
import type { Group, Instance, Volume } from '../../../src/runbook/entities.ts';
import { attachedTargetGroups, byId, isHealthyIn } from '../../../src/runbook/membership.ts';
import { runTags } from '../../../src/runbook/permission.ts';
import { counted, listed } from '../../../src/runbook/words.ts';
import {
  about,
  drainSeconds,
  quickWait,
  replaceDeadlineSeconds,
  replaceSeconds,
  slowWait,
  snapshotSeconds,
  snapshotWait,
} from '../shared/timing.ts';
import { type Before, DIAGNOSTICS_DOCUMENT, documentArn, type Facts, type Input } from './world.ts';

const DIAGNOSTICS_TIMEOUT_SECONDS = 60;
const DRAIN_MARGIN_SECONDS = 120;
const TERMINATE_DEADLINE_SECONDS = 600;

type Scene = {
  readonly facts: Facts;
  readonly group: Group;
  readonly instance: Instance;
  readonly volumes: readonly Volume[];
  readonly run: RunContext;
};
const tagList = (run: RunContext) => Object.entries(runTags(run)).map(([Key, Value]) => ({ Key, Value }));

const tag = ({ instance, run }: Scene): FixStep => {
  const isTagged = { is: 'tagged', instanceId: instance.id, tags: runTags(run) } as const;
  return {
    id: 'tag',
    title: `Tag ${instance.id} with incident and run`,
    phase: 1,
    mode: 'act',
    calls: [{ api: 'ec2:CreateTags', input: { Resources: [instance.id], Tags: tagList(run) }, on: [instance.arn] }],
    landed: isTagged,
    wait: quickWait(isTagged),
    undo: 'nothing',
  };
};

/** Before anything is collected: health replacement may end the sick instance while diagnostics hang. */
const detach = ({ facts, group, instance }: Scene): FixStep => {
  const draining = drainSeconds(attachedTargetGroups(group, facts.targetGroups));
  const where = { groupName: group.name, instanceId: instance.id };
  return {
    id: 'detach',
    title: `Detach ${instance.id} from ${group.name}, same capacity`,
    phase: 1,
    mode: 'act',
    calls: [
      {
        api: 'autoscaling:DetachInstances',
        input: { AutoScalingGroupName: group.name, InstanceIds: [instance.id], ShouldDecrementDesiredCapacity: false },
        on: [group.arn],
      },
    ],
    landed: { is: 'detached', ...where },
    wait: slowWait({ is: 'out-of-group', ...where, desired: group.desired }, draining + DRAIN_MARGIN_SECONDS),
    takes: draining === 0 ? about(10) : `up to ${about(draining).replace('about ', '')} of draining`,
    undo: { title: 'attach again' },
  };
};

const collect = ({ instance }: Scene): FixStep => ({
  id: 'collect',
  title: 'Collect console output and diagnostics',
  phase: 1,
  mode: 'collect',
  calls: [
    {
      api: 'ec2:GetConsoleOutput',
      // Only Nitro hands out what was printed up to now: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html
      input: { InstanceId: instance.id, ...(instance.hypervisor === 'nitro' && { Latest: true }) },
      on: [instance.arn],
    },
    {
      api: 'ssm:SendCommand',
      input: { DocumentName: DIAGNOSTICS_DOCUMENT, InstanceIds: [instance.id], TimeoutSeconds: DIAGNOSTICS_TIMEOUT_SECONDS },
      on: [documentArn(instance), instance.arn],
    },
  ],
  takes: `at most ${DIAGNOSTICS_TIMEOUT_SECONDS} s`,
  undo: 'nothing',
});

const snapshot = ({ instance, volumes, run }: Scene): FixStep => {
  const started = { is: 'snapshots-started', runId: run.runId, volumeIds: volumes.map(({ id }) => id) } as const;
  return {
    id: 'snapshot',
    title: `Snapshot ${listed(volumes.map(({ id }) => id))}`,
    phase: 1,
    mode: 'act',
    calls: [
      {
        api: 'ec2:CreateSnapshots',
        input: {
          InstanceSpecification: { InstanceId: instance.id },
          Description: `${run.incident}: ${instance.id} before its termination`,
          TagSpecifications: [{ ResourceType: 'snapshot', Tags: tagList(run) }],
        },
        on: [instance.arn, ...volumes.map(({ arn }) => arn)],
      },
    ],
    landed: started,
    wait: quickWait(started),
    takes: `kept until ${run.expires}`,
    undo: 'nothing',
  };
};

const replace = ({ facts, group }: Scene): FixStep => {
  const targetGroups = attachedTargetGroups(group, facts.targetGroups);
  return {
    id: 'replace',
    title: 'Wait until the replacement serves',
    phase: 1,
    mode: 'wait',
    calls: [],
    wait: slowWait(replacedIn(group), replaceDeadlineSeconds(group, facts.surroundings, targetGroups)),
    takes: about(replaceSeconds(targetGroups)),
    servesUsers: true,
    undo: 'nothing',
  };
};
const replacedIn = (group: Group) =>
  ({ is: 'replaced', groupName: group.name, membersBefore: byId(group.members).map(({ id }) => id), needed: 1 }) as const;

const complete = ({ volumes, run }: Scene): FixStep => ({
  id: 'complete',
  title: volumes.length === 1 ? 'Wait until the snapshot is complete' : `Wait until all ${volumes.length} snapshots are complete`,
  phase: 1,
  mode: 'wait',
  calls: [],
  wait: snapshotWait({ is: 'snapshots-completed', runId: run.runId, volumeIds: volumes.map(({ id }) => id) }),
  takes: about(snapshotSeconds(volumes)),
  undo: 'nothing',
});

const terminate = ({ group, instance, volumes, run }: Scene): FixStep => {
  const gone = { is: 'terminated', instanceId: instance.id } as const;
  return {
    id: 'terminate',
    title: `Terminate ${instance.id}`,
    phase: 2,
    mode: 'act',
    calls: [{ api: 'ec2:TerminateInstances', input: { InstanceIds: [instance.id] }, on: [instance.arn] }],
    landed: gone,
    requires: [{ is: 'snapshots-completed', runId: run.runId, volumeIds: volumes.map(({ id }) => id) }, replacedIn(group)],
    wait: slowWait(gone, TERMINATE_DEADLINE_SECONDS),
    undo: 'irreversible',
  };
};

const beforeIn = ({ facts, group, instance, volumes }: Scene): Before => ({
  minSize: group.minSize,
  maxSize: group.maxSize,
  desired: group.desired,
  memberIds: byId(group.members).map(({ id }) => id),
  volumes: volumes.map(({ id, sizeGiB, deleteOnTermination }) => ({ id, sizeGiB, deleteOnTermination })),
  interfacesKept: byId(instance.interfaces)
    .filter(({ deleteOnTermination }) => deleteOnTermination === false)
    .map(({ id }) => id),
  sickIn: attachedTargetGroups(group, facts.targetGroups)
    .filter((targetGroup) => !isHealthyIn(targetGroup, instance.id))
    .map(({ name }) => name)
    .toSorted(),
});

const promiseIn = ({ facts, group, instance, volumes, run }: Scene): Plan['promise'] => {
  const gib = volumes.reduce((sum, { sizeGiB }) => sum + sizeGiB, 0);
  return {
    users: `served by a replacement in ${about(replaceSeconds(attachedTargetGroups(group, facts.targetGroups)))}`,
    data: `${counted(volumes.length, 'volume')} snapshotted (${gib} GiB), kept until ${run.expires}`,
    undo: instance.imageMissing ? `not possible: its image ${instance.imageId} is gone` : `until ${instance.id} is terminated`,
  };
};

/** Only to be called when the guards let it pass. */
export const preview = (facts: Facts, input: Input, run: RunContext): Plan => {
  const { group, instance } = facts;
  if (group === undefined || instance === undefined) throw new Error('A plan is made of a group and an instance that exist.');
  const scene: Scene = { facts, group, instance, volumes: byId(facts.volumes), run };
  return {
    kind: 'fix',
    fixId: 'snapshot-then-terminate',
    title: 'Snapshot and terminate',
    run,
    input,
    target: instance.id,
    locks: [instance.id, group.name],
    headline: `Snapshot and terminate ${instance.id} (${group.name}, ${instance.zone})`,
    promise: promiseIn(scene),
    steps: [tag, detach, collect, snapshot, replace, complete, terminate].map((step) => step(scene)),
    choices: [],
    irreversible: true,
    impact: { terminates: 1, removes: 1, groupName: group.name, groupSize: group.desired },
    before: beforeIn(scene),
  };
};
