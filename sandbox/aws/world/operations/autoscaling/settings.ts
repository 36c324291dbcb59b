import type * as Sdk from '@aws-sdk/client-auto-scaling';
import { AwsError, type ServiceOperations } from '../../../operation.ts';
import { resumeProcesses, suspendProcesses } from '../../group/processes.ts';
import { resize, setDesired } from '../../group/sizes.ts';
import { INSTANCES_PER_PROTECTION_MAX } from '../../limits.ts';
import { versionOf } from '../../physics/launch.ts';
import { memberOf } from '../../state/find.ts';
import { type Group, PROCESSES, type Process } from '../../state/group.ts';
import type { WorldState } from '../../state/state.ts';
import { type Answers, groupToChange, invalid, onGroup } from './requests.ts';

const SECOND_MS = 1_000;

/** None named means all of them: of suspending as of resuming. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SuspendProcesses.html */
const processesOf = (names: readonly string[] | undefined): readonly Process[] => {
  if (names === undefined || names.length === 0) return PROCESSES;
  return names.map((name) => {
    const known = PROCESSES.find((process) => process === name);
    if (known === undefined)
      throw invalid(`Invalid scaling process: ${name}. Valid scaling processes are: ${PROCESSES.join(', ')}`);
    return known;
  });
};

const suspendOperation = (state: WorldState): Answers<Sdk.SuspendProcessesCommandInput, Sdk.SuspendProcessesCommandOutput> => ({
  authorize: ({ AutoScalingGroupName }) => onGroup(state, 'SuspendProcesses', AutoScalingGroupName),
  run: ({ AutoScalingGroupName, ScalingProcesses }) => {
    const names = processesOf(ScalingProcesses);
    suspendProcesses(state, groupToChange(state, AutoScalingGroupName), names);
    return {};
  },
});

const resumeOperation = (state: WorldState): Answers<Sdk.ResumeProcessesCommandInput, Sdk.ResumeProcessesCommandOutput> => ({
  authorize: ({ AutoScalingGroupName }) => onGroup(state, 'ResumeProcesses', AutoScalingGroupName),
  run: ({ AutoScalingGroupName, ScalingProcesses }) => {
    const names = processesOf(ScalingProcesses);
    resumeProcesses(groupToChange(state, AutoScalingGroupName), names);
    return {};
  },
});

const setProtection = (
  state: WorldState,
): Answers<Sdk.SetInstanceProtectionCommandInput, Sdk.SetInstanceProtectionCommandOutput> => ({
  authorize: ({ AutoScalingGroupName }) => onGroup(state, 'SetInstanceProtection', AutoScalingGroupName),
  run: ({ AutoScalingGroupName, InstanceIds = [], ProtectedFromScaleIn }) => {
    if (ProtectedFromScaleIn === undefined)
      throw invalid(
        "1 validation error detected: Value null at 'protectedFromScaleIn' failed to satisfy constraint: Member must not be null",
      );
    if (InstanceIds.length > INSTANCES_PER_PROTECTION_MAX)
      throw invalid(`The number of instances must not exceed ${INSTANCES_PER_PROTECTION_MAX}.`);
    const group = groupToChange(state, AutoScalingGroupName);
    const members = InstanceIds.map((id) => {
      const member = memberOf(group, id);
      if (member === undefined) throw invalid(`The instance ${id} is not part of Auto Scaling group ${group.name}.`);
      if (member.state !== 'InService') throw invalid(`The instance ${id} is not in InService.`);
      return member;
    });
    for (const member of members) member.protectedFromScaleIn = ProtectedFromScaleIn;
    return {};
  },
});

const newTemplate = (state: WorldState, wanted: Sdk.LaunchTemplateSpecification): Group['launchTemplate'] => {
  const { LaunchTemplateId: id, LaunchTemplateName: name, Version: version = '$Default' } = wanted;
  const template = state.launchTemplates.find((one) => (id === undefined ? one.name === name : one.id === id));
  if (template === undefined || versionOf(template, version) === undefined)
    throw invalid(
      'You must use a valid fully-formed launch template. The specified launch template, or its version, does not exist.',
    );
  return { id: template.id, name: template.name, version };
};

const newSubnets = (state: WorldState, identifier: string): string[] => {
  const ids = identifier.split(',').map((id) => id.trim());
  const missing = ids.find((id) => !state.subnets.some((one) => one.SubnetId === id));
  if (missing !== undefined) throw invalid(`The subnet ID '${missing}' does not exist`);
  return ids;
};

/** Everything is validated before anything is changed. */
const settingsIn = (state: WorldState, input: Sdk.UpdateAutoScalingGroupCommandInput): Partial<Group> => {
  const { HealthCheckType: type } = input;
  if (type !== undefined && type !== 'EC2' && type !== 'ELB') throw invalid(`Invalid health check type: ${type}`);
  return {
    ...(type !== undefined && { healthCheckType: type }),
    ...(input.HealthCheckGracePeriod !== undefined && { graceSeconds: input.HealthCheckGracePeriod }),
    ...(input.DefaultCooldown !== undefined && { cooldownSeconds: input.DefaultCooldown }),
    ...(input.DefaultInstanceWarmup !== undefined && { warmupSeconds: input.DefaultInstanceWarmup }),
    ...(input.NewInstancesProtectedFromScaleIn !== undefined && {
      newInstancesProtected: input.NewInstancesProtectedFromScaleIn,
    }),
    ...(input.MaxInstanceLifetime !== undefined && { maxLifetimeSeconds: input.MaxInstanceLifetime }),
    ...(input.CapacityRebalance !== undefined && { capacityRebalance: input.CapacityRebalance }),
    ...(input.LaunchTemplate !== undefined && { launchTemplate: newTemplate(state, input.LaunchTemplate) }),
    ...(input.VPCZoneIdentifier !== undefined && { subnetIds: newSubnets(state, input.VPCZoneIdentifier) }),
  };
};

/** The sizes are condition keys only when the request brings them; there is none for the desired capacity. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2autoscaling.html */
const sizeKeys = ({ MinSize, MaxSize }: Sdk.UpdateAutoScalingGroupCommandInput): Readonly<Record<string, string>> => ({
  ...(MinSize !== undefined && { 'autoscaling:MinSize': String(MinSize) }),
  ...(MaxSize !== undefined && { 'autoscaling:MaxSize': String(MaxSize) }),
});

const update = (state: WorldState): Answers<Sdk.UpdateAutoScalingGroupCommandInput, Sdk.UpdateAutoScalingGroupCommandOutput> => ({
  authorize: (input) => onGroup(state, 'UpdateAutoScalingGroup', input.AutoScalingGroupName, sizeKeys(input)),
  run: (input) => {
    const group = groupToChange(state, input.AutoScalingGroupName);
    const settings = settingsIn(state, input);
    resize(state, group, { min: input.MinSize, max: input.MaxSize, desired: input.DesiredCapacity });
    Object.assign(group, settings);
    return {};
  },
});

/** With HonorCooldown a group that moved lately refuses. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetDesiredCapacity.html */
const coolingDown = (state: WorldState, group: Group): boolean =>
  group.activities.some(
    ({ endedAt, status }) =>
      endedAt === undefined || (status === 'Successful' && state.now < endedAt + group.cooldownSeconds * SECOND_MS),
  );

const setDesiredCapacity = (
  state: WorldState,
): Answers<Sdk.SetDesiredCapacityCommandInput, Sdk.SetDesiredCapacityCommandOutput> => ({
  authorize: ({ AutoScalingGroupName }) => onGroup(state, 'SetDesiredCapacity', AutoScalingGroupName),
  run: ({ AutoScalingGroupName, DesiredCapacity, HonorCooldown }) => {
    if (DesiredCapacity === undefined || DesiredCapacity < 0)
      throw invalid(
        "1 validation error detected: Value at 'desiredCapacity' failed to satisfy constraint: Member must have value greater than or equal to 0",
      );
    const group = groupToChange(state, AutoScalingGroupName);
    if (HonorCooldown && coolingDown(state, group))
      throw new AwsError(
        'ScalingActivityInProgress',
        `Scaling activity ${group.activities[0]?.id} is in progress and blocks this action`,
      );
    setDesired(state, group, DesiredCapacity);
    return {};
  },
});

export const settingOperations = (state: WorldState): ServiceOperations => ({
  SuspendProcesses: suspendOperation(state),
  ResumeProcesses: resumeOperation(state),
  SetInstanceProtection: setProtection(state),
  UpdateAutoScalingGroup: update(state),
  SetDesiredCapacity: setDesiredCapacity(state),
});
