/**
 * Everything the bot can do to an account: a closed union. A call is plain data: what is shown is what is sent, and
 * the session policy of its step is derived from it (`permission.ts`). To widen it takes three files on purpose.
 */
import type {
  AttachInstancesQuery,
  DetachInstancesQuery,
  EnterStandbyQuery,
  ExitStandbyQuery,
  ScalingProcessQuery,
  SetInstanceProtectionQuery,
  TerminateInstanceInAutoScalingGroupType,
  UpdateAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling';
import type {
  CreateSnapshotsRequest,
  CreateTagsRequest,
  GetConsoleOutputRequest,
  TerminateInstancesRequest,
} from '@aws-sdk/client-ec2';
import type { SendCommandRequest } from '@aws-sdk/client-ssm';

type Call<Api extends string, Input> = {
  readonly api: Api;
  readonly input: Input;
  /** Full ARNs of what the call acts on: the group, the instance, the volumes, the document. Its permission names these and no others. */
  readonly on: readonly string[];
};

export type AwsCall =
  | Call<'ec2:CreateTags', CreateTagsRequest>
  | Call<'ec2:GetConsoleOutput', GetConsoleOutputRequest>
  | Call<'ec2:CreateSnapshots', CreateSnapshotsRequest>
  | Call<'ec2:TerminateInstances', TerminateInstancesRequest>
  | Call<'ssm:SendCommand', SendCommandRequest>
  | Call<'autoscaling:DetachInstances', DetachInstancesQuery>
  | Call<'autoscaling:AttachInstances', AttachInstancesQuery>
  | Call<'autoscaling:TerminateInstanceInAutoScalingGroup', TerminateInstanceInAutoScalingGroupType>
  | Call<'autoscaling:EnterStandby', EnterStandbyQuery>
  | Call<'autoscaling:ExitStandby', ExitStandbyQuery>
  | Call<'autoscaling:SuspendProcesses', ScalingProcessQuery>
  | Call<'autoscaling:ResumeProcesses', ScalingProcessQuery>
  | Call<'autoscaling:SetInstanceProtection', SetInstanceProtectionQuery>
  | Call<'autoscaling:UpdateAutoScalingGroup', UpdateAutoScalingGroupType>;
export type AwsApi = AwsCall['api'];
export type CallOf<Api extends AwsApi> = Extract<AwsCall, { readonly api: Api }>;
