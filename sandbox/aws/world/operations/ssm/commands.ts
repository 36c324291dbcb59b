import type * as Sdk from '@aws-sdk/client-ssm';
import { type Authorization, AwsError, type Operation, type ServiceOperations } from '../../../operation.ts';
import {
  COMMAND_OUTPUT_CHARACTERS_MAX,
  COMMAND_TIMEOUT_SECONDS,
  COMMAND_VISIBLE_AFTER_MS,
  INSTANCES_PER_COMMAND_MAX,
} from '../../limits.ts';
import { sendCommand } from '../../physics/commands.ts';
import type { Command, Document, Instance } from '../../state/compute.ts';
import { tagsOf } from '../../state/find.ts';
import { uuid } from '../../state/ids.ts';
import type { WorldState } from '../../state/state.ts';
import { ec2Arn, on, onAnything, tagKeys } from '../authorize.ts';

const SECOND_MS = 1_000;

/** Amazon's own documents belong to no account. */
export const documentArn = (state: WorldState, name: string): string => {
  const owner = state.documents.find((one) => one.name === name)?.owner;
  const account = owner === 'Amazon' || (owner === undefined && name.startsWith('AWS-')) ? '' : state.accountId;
  return `arn:aws:ssm:${state.region}:${account}:document/${name}`;
};

export const documentNamed = (state: WorldState, name: string | undefined): Document => {
  const found = state.documents.find((one) => one.name === name);
  if (found === undefined) throw new AwsError('InvalidDocument', `Document with name ${name} does not exist.`);
  return found;
};

/** The document, and each instance with its tags. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html */
const authorizeSend = (
  state: WorldState,
  { DocumentName = '', InstanceIds = [] }: Sdk.SendCommandCommandInput,
): readonly Authorization[] => [
  on('ssm:SendCommand', documentArn(state, DocumentName)),
  ...InstanceIds.map((id) => {
    const tags = tagsOf(state, id);
    const older = Object.fromEntries(Object.entries(tags).map(([key, value]) => [`ssm:resourceTag/${key}`, value]));
    return on('ssm:SendCommand', ec2Arn(state, 'instance', id), tagKeys('ssm', tags), older);
  }),
];

const validated = (state: WorldState, input: Sdk.SendCommandCommandInput): readonly Instance[] => {
  const { InstanceIds: ids = [], Targets, TimeoutSeconds: seconds = COMMAND_TIMEOUT_SECONDS.usual } = input;
  if (Targets !== undefined)
    throw new AwsError('UnsupportedParameterCombination', 'Only InstanceIds are supported here, not Targets.');
  if (ids.length === 0 || ids.length > INSTANCES_PER_COMMAND_MAX)
    throw new AwsError('ValidationException', `The number of instances must be between 1 and ${INSTANCES_PER_COMMAND_MAX}.`);
  if (seconds < COMMAND_TIMEOUT_SECONDS.min || seconds > COMMAND_TIMEOUT_SECONDS.max)
    throw new AwsError(
      'ValidationException',
      `TimeoutSeconds must be between ${COMMAND_TIMEOUT_SECONDS.min} and ${COMMAND_TIMEOUT_SECONDS.max}.`,
    );
  documentNamed(state, input.DocumentName);
  const found = ids.map((id) =>
    state.instances.find((one) => one.id === id && one.state === 'running' && one.agent !== 'offline'),
  );
  const bad = ids.filter((_, index) => found[index] === undefined);
  if (bad.length > 0)
    throw new AwsError(
      'InvalidInstanceId',
      `Instances [[${bad.join(', ')}]] not in a valid state for account ${state.accountId}`,
    );
  return found as readonly Instance[];
};

const send = (state: WorldState): Operation<Sdk.SendCommandCommandInput, Omit<Sdk.SendCommandCommandOutput, '$metadata'>> => ({
  authorize: (input) => authorizeSend(state, input),
  run: (input) => {
    const instances = validated(state, input);
    const {
      DocumentName: document = '',
      Comment: comment = '',
      TimeoutSeconds: timeoutSeconds = COMMAND_TIMEOUT_SECONDS.usual,
    } = input;
    const id = uuid(state);
    for (const instance of instances) sendCommand(state, instance, { document, comment, timeoutSeconds, id });
    return {
      Command: {
        CommandId: id,
        DocumentName: document,
        DocumentVersion: '$DEFAULT',
        Comment: comment,
        InstanceIds: instances.map((one) => one.id),
        Targets: [],
        Parameters: input.Parameters ?? {},
        RequestedDateTime: new Date(state.now),
        ExpiresAfter: new Date(state.now + timeoutSeconds * SECOND_MS),
        Status: 'Pending',
        StatusDetails: 'Pending',
        TargetCount: instances.length,
        CompletedCount: 0,
        ErrorCount: 0,
      },
    };
  },
});

/** How a status is told in short; its details are the state's own words. */
const SHORT: Readonly<Record<Command['status'], Sdk.CommandInvocationStatus>> = {
  InProgress: 'InProgress',
  Success: 'Success',
  DeliveryTimedOut: 'TimedOut',
  ExecutionTimedOut: 'TimedOut',
  Undeliverable: 'Failed',
};

const elapsed = (command: Command, endsAt: number): string => `PT${((endsAt - command.requestedAt) / SECOND_MS).toFixed(3)}S`;

const timesOf = (
  command: Command,
): Pick<Sdk.GetCommandInvocationResult, 'ExecutionStartDateTime' | 'ExecutionEndDateTime' | 'ExecutionElapsedTime'> => {
  const { requestedAt, endsAt } = command;
  return {
    ExecutionStartDateTime: new Date(requestedAt).toISOString(),
    ExecutionEndDateTime: endsAt === undefined ? '' : new Date(endsAt).toISOString(),
    ExecutionElapsedTime: endsAt === undefined ? '' : elapsed(command, endsAt),
  };
};

/** In its first moment a command is not known yet. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCommandInvocation.html */
const invocation = (
  state: WorldState,
): Operation<Sdk.GetCommandInvocationCommandInput, Omit<Sdk.GetCommandInvocationCommandOutput, '$metadata'>> => ({
  authorize: () => onAnything('ssm:GetCommandInvocation'),
  run: ({ CommandId, InstanceId }) => {
    const command = state.commands.find((one) => one.id === CommandId && one.instanceId === InstanceId);
    if (command === undefined || state.now < command.requestedAt + COMMAND_VISIBLE_AFTER_MS)
      throw new AwsError(
        'InvocationDoesNotExist',
        'The command ID and managed node ID you specified did not match any invocations.',
      );
    return {
      CommandId: command.id,
      InstanceId: command.instanceId,
      Comment: command.comment,
      DocumentName: command.document,
      DocumentVersion: '$DEFAULT',
      PluginName: 'aws:runShellScript',
      ResponseCode: command.status === 'Success' ? 0 : -1,
      ...timesOf(command),
      Status: SHORT[command.status],
      StatusDetails: command.status,
      StandardOutputContent: command.output.slice(0, COMMAND_OUTPUT_CHARACTERS_MAX),
      StandardErrorContent: '',
    };
  },
});

export const commandOperations = (state: WorldState): ServiceOperations => ({
  SendCommand: send(state),
  GetCommandInvocation: invocation(state),
});
