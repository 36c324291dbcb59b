import {
  type Activity,
  AttachInstancesCommand,
  DetachInstancesCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  ResumeProcessesCommand,
  SetInstanceProtectionCommand,
  SuspendProcessesCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateSnapshotsCommand,
  CreateTagsCommand,
  GetConsoleOutputCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { SendCommandCommand } from '@aws-sdk/client-ssm';
import type { AwsCall } from '../../../runbook/aws-call.ts';
import type { CallClients } from '../clients.ts';

type Answer = Readonly<Record<string, string>>;

/** Several values in one text, as plans and the log keep them. */
const SEPARATOR = ',';
const listed = (values: readonly (string | undefined)[]): string => values.filter((value) => value !== undefined).join(SEPARATOR);

const activityIds = ({ Activities = [] }: { readonly Activities?: readonly Activity[] | undefined }): Answer => ({
  activityIds: listed(Activities.map(({ ActivityId }) => ActivityId)),
});

/** Sends a call's input as it is. The answer holds what is worth keeping of AWS's. Rejects as the SDK does. */
export const send = async ({ ec2, autoscaling, ssm }: CallClients, call: AwsCall): Promise<Answer> => {
  switch (call.api) {
    case 'ec2:CreateTags':
      await ec2.send(new CreateTagsCommand(call.input));
      return {};
    case 'ec2:GetConsoleOutput': {
      const { Timestamp } = await ec2.send(new GetConsoleOutputCommand(call.input));
      return Timestamp === undefined ? {} : { at: Timestamp.toISOString() };
    }
    case 'ec2:CreateSnapshots': {
      const { Snapshots = [] } = await ec2.send(new CreateSnapshotsCommand(call.input));
      return {
        snapshotIds: listed(Snapshots.map(({ SnapshotId }) => SnapshotId)),
        volumeIds: listed(Snapshots.map(({ VolumeId }) => VolumeId)),
      };
    }
    case 'ec2:TerminateInstances': {
      const { TerminatingInstances = [] } = await ec2.send(new TerminateInstancesCommand(call.input));
      return {
        states: listed(TerminatingInstances.map(({ InstanceId, CurrentState }) => `${InstanceId}=${CurrentState?.Name}`)),
      };
    }
    case 'ssm:SendCommand': {
      const { Command } = await ssm.send(new SendCommandCommand(call.input));
      return { commandId: Command?.CommandId ?? '' };
    }
    case 'autoscaling:DetachInstances':
      return activityIds(await autoscaling.send(new DetachInstancesCommand(call.input)));
    case 'autoscaling:AttachInstances':
      await autoscaling.send(new AttachInstancesCommand(call.input));
      return {};
    case 'autoscaling:TerminateInstanceInAutoScalingGroup': {
      const { Activity } = await autoscaling.send(new TerminateInstanceInAutoScalingGroupCommand(call.input));
      return { activityIds: Activity?.ActivityId ?? '' };
    }
    case 'autoscaling:EnterStandby':
      return activityIds(await autoscaling.send(new EnterStandbyCommand(call.input)));
    case 'autoscaling:ExitStandby':
      return activityIds(await autoscaling.send(new ExitStandbyCommand(call.input)));
    case 'autoscaling:SuspendProcesses':
      await autoscaling.send(new SuspendProcessesCommand(call.input));
      return {};
    case 'autoscaling:ResumeProcesses':
      await autoscaling.send(new ResumeProcessesCommand(call.input));
      return {};
    case 'autoscaling:SetInstanceProtection':
      await autoscaling.send(new SetInstanceProtectionCommand(call.input));
      return {};
    case 'autoscaling:UpdateAutoScalingGroup':
      await autoscaling.send(new UpdateAutoScalingGroupCommand(call.input));
      return {};
    default:
      throw new Error(`Nothing sends ${(call satisfies never as AwsCall).api}.`);
  }
};
