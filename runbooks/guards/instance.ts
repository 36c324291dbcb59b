/** Guards on the one instance that is taken out and ended. */
import { acknowledge, type Guard, note, passed, refuse } from '../../src/runbook/define-fix.ts';
import type { Group, Instance, Ties, Volume } from '../../src/runbook/entities.ts';
import { byId, isGone, memberOf } from '../../src/runbook/membership.ts';
import { SNAPSHOT_VOLUMES_MAX } from '../../src/runbook/permission.ts';
import { counted, listed } from '../../src/runbook/words.ts';
import { groupGuard } from './group.ts';

type InstanceFacts = {
  readonly group: Group | undefined;
  readonly instance: Instance | undefined;
  readonly volumes: readonly Volume[];
  readonly ties: Ties;
};
type OneInstance = { readonly instanceId: string };
type InstanceGuard = Guard<InstanceFacts, OneInstance>;

export const memberInService: InstanceGuard = groupGuard(
  'in-service',
  'The instance is InService in the group',
  (group, { instance }, { instanceId }) => {
    const member = memberOf(group, instanceId);
    if (member?.lifecycleState.startsWith('Terminating') || (isGone(instance) && member !== undefined))
      return refuse(
        `The group is already replacing ${instanceId} (${member?.lifecycleState}): health replacement got there first, and nothing of it was saved.`,
        'Wait for the replacement. To keep the evidence of the next one, suspend ReplaceUnhealthy before it turns unhealthy.',
      );
    if (member === undefined || isGone(instance))
      return refuse(`${instanceId} is not a member of ${group.name}.`, `Choose an instance that ${group.name} has now.`);
    if (member.lifecycleState !== 'InService')
      return refuse(
        `${instanceId} is ${member.lifecycleState} in ${group.name}; only an instance that is InService can be detached.`,
        member.lifecycleState === 'Standby'
          ? `Return ${instanceId} from standby first.`
          : `Wait until ${instanceId} is InService.`,
      );
    if (instance?.state !== 'running')
      return refuse(`${instanceId} is ${instance?.state}, not running.`, 'Let the group replace it by itself.');
    return member.healthStatus === 'Unhealthy'
      ? note(`Auto Scaling calls ${instanceId} unhealthy: its own replacement may begin any moment.`)
      : passed;
  },
);

/** What else leads to the instance would be cut, or would go on leading there. */
export const noTies: InstanceGuard = {
  id: 'no-ties',
  title: 'Nothing else points at the instance',
  look: ({ instance, ties }, { instanceId }) => {
    const [elasticIp] = ties.elasticIps;
    if (elasticIp !== undefined)
      return refuse(
        `${instanceId} holds the elastic IP ${elasticIp}: whoever uses that address would lose it.`,
        `Move ${elasticIp} to another instance first.`,
      );
    const [route] = ties.routes;
    if (route !== undefined)
      return refuse(
        `The route to ${route.destination} in ${route.routeTableId} leads to ${instanceId}: that traffic would stop.`,
        'Point the route elsewhere first.',
      );
    const secondary = byId((instance?.interfaces ?? []).filter(({ deviceIndex }) => deviceIndex > 0))[0];
    return secondary === undefined
      ? passed
      : refuse(
          `${instanceId} has a second network interface ${secondary.id}, which a replacement would not have.`,
          `Detach ${secondary.id} first, if it is not needed.`,
        );
  },
};

/** Read before detaching: it would stop only the last step, when the instance is out of the group already. */
export const terminationAllowed: InstanceGuard = {
  id: 'termination-allowed',
  title: 'Termination protection is off',
  look: ({ instance }, { instanceId }) => {
    if (instance === undefined || instance.apiTerminationDisabled === false) return passed;
    return instance.apiTerminationDisabled === true
      ? refuse(
          `${instanceId} is protected from termination (DisableApiTermination), so the last step would fail.`,
          `Whoever protected ${instanceId} takes the protection off; or park it with scale-to-one instead.`,
        )
      : refuse(
          `Whether ${instanceId} is protected from termination could not be read.`,
          'Give the read role ec2:DescribeInstanceAttribute.',
        );
  },
};

export const volumesSavable: InstanceGuard = {
  id: 'volumes-savable',
  title: 'Every volume can be snapshotted',
  look: ({ volumes }, { instanceId }) => {
    if (volumes.length === 0)
      return refuse(`${instanceId} has no EBS volume: nothing of it can be saved.`, 'Save what is needed by hand first.');
    if (volumes.length > SNAPSHOT_VOLUMES_MAX)
      return refuse(
        `${instanceId} has ${volumes.length} volumes; up to ${SNAPSHOT_VOLUMES_MAX} can be named in one permission.`,
        'Snapshot and terminate it by hand.',
      );
    const shared = byId(volumes).find(({ multiAttach, attachments }) => multiAttach || attachments > 1);
    if (shared !== undefined)
      return refuse(
        `${shared.id} (${shared.device}) can be attached to several instances at once: others may write to it while it is snapshotted.`,
        `Detach ${shared.id} from ${instanceId} first.`,
      );
    const locked = byId(volumes).find(({ kmsKeyState }) => ![undefined, 'Enabled', 'unknown'].includes(kmsKeyState));
    return locked === undefined
      ? passed
      : refuse(
          `The key of ${locked.id} is ${locked.kmsKeyState}${locked.kmsKeyId === undefined ? '' : ` (${locked.kmsKeyId})`}: a snapshot of it would fail, or could never be read.`,
          'Enable the key, or cancel its deletion.',
        );
  },
};

export const keysSeen: InstanceGuard = {
  id: 'keys-seen',
  title: 'The volumes’ keys are usable',
  look: ({ volumes }) => {
    const unseen = byId(volumes.filter(({ kmsKeyState }) => kmsKeyState === 'unknown')).map(({ id }) => id);
    return unseen.length === 0
      ? passed
      : acknowledge(
          `Whether the keys of ${listed(unseen)} are usable could not be read (kms:DescribeKey): if they are not, the snapshots fail and the instance is kept.`,
        );
  },
};

export const volumesAfter: InstanceGuard = {
  id: 'volumes-after',
  title: 'What becomes of the volumes',
  look: ({ volumes }, { instanceId }) => {
    const kept = byId(volumes.filter(({ deleteOnTermination }) => !deleteOnTermination));
    return kept.length === 0
      ? note(
          `Terminating ${instanceId} deletes ${volumes.length === 1 ? 'its volume' : `all ${counted(volumes.length, 'volume')}`}; the snapshots stay.`,
        )
      : note(
          `${listed(kept.map(({ id, sizeGiB }) => `${id} (${sizeGiB} GiB)`))} ${kept.length === 1 ? `outlives ${instanceId} and goes` : `outlive ${instanceId} and go`} on costing.`,
        );
  },
};

export const notCaptured: InstanceGuard = {
  id: 'not-captured',
  title: 'What snapshots do not capture',
  look: ({ instance }, { instanceId }) =>
    instance?.instanceStore
      ? acknowledge(
          `${instanceId} has instance store, which is lost. What it mounts over the network (EFS) is not captured either.`,
        )
      : note('Memory, and what is mounted over the network (EFS), are not captured.'),
};

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachInstances.html: the image must still exist. */
export const canComeBack: InstanceGuard = {
  id: 'can-come-back',
  title: 'Undo can attach the instance again',
  look: ({ instance }, { instanceId }) =>
    instance?.imageMissing
      ? acknowledge(
          `The image ${instance.imageId} of ${instanceId} is gone, so it can never be attached again: detaching cannot be undone.`,
        )
      : passed,
};
