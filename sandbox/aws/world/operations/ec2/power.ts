import type * as Ec2 from '@aws-sdk/client-ec2';
import { type Authorization, AwsError, type Operation, type ServiceOperations } from '../../../operation.ts';
import { RUNNING_AFTER_MS } from '../../limits.ts';
import { gmt, reboot, terminate } from '../../physics/terminate.ts';
import type { Instance } from '../../state/compute.ts';
import { instanceOf } from '../../state/find.ts';
import { schedule, unschedule } from '../../state/queue.ts';
import type { WorldState } from '../../state/state.ts';
import { isNitro } from './instance-types.ts';
import { onInstance, stateShape } from './instances.ts';
import { KINDS, mustExist } from './kinds.ts';

/** GetConsoleOutput answers the last 64 KB. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html */
const CONSOLE_BYTES_MAX = 64 * 1_024;

type IdsInput = { readonly InstanceIds: string[] | undefined };

const onEach =
  (state: WorldState, action: string) =>
  ({ InstanceIds }: IdsInput): readonly Authorization[] => {
    const ids = [...new Set(InstanceIds ?? [])];
    if (ids.length === 0) throw new AwsError('MissingParameter', 'The request must contain the parameter InstanceId');
    mustExist(state, KINDS.instance, ids);
    return ids.map((id) => onInstance(state, `ec2:${action}`, id));
  };

const instancesIn = (state: WorldState, { InstanceIds }: IdsInput): readonly Instance[] =>
  [...new Set(InstanceIds ?? [])].map((id) => instanceOf(state, id));

/** Does something to every instance, and tells what that did to their states. */
const changing = (instances: readonly Instance[], change: (instance: Instance) => void): Ec2.InstanceStateChange[] =>
  instances.map((instance) => {
    const PreviousState = stateShape(instance.state);
    change(instance);
    return { InstanceId: instance.id, PreviousState, CurrentState: stateShape(instance.state) };
  });

/** Before anything is done to any of them: one in the wrong state spoils the whole call. */
const mustAllBe = (
  instances: readonly Instance[],
  allowed: readonly Instance['state'][],
  done: 'stopped' | 'started' | 'rebooted',
): void => {
  const wrong = instances.find(({ state }) => !allowed.includes(state));
  if (wrong !== undefined)
    throw new AwsError('IncorrectInstanceState', `The instance '${wrong.id}' is not in a state from which it can be ${done}.`);
};

/**
 * A protected instance fails the request and saves all that are in its zone; those in other zones are terminated all the same.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html
 */
const terminateInstances = (state: WorldState): Operation<Ec2.TerminateInstancesCommandInput> => ({
  authorize: onEach(state, 'TerminateInstances'),
  run: (input) => {
    const instances = instancesIn(state, input);
    const guarded = instances.filter((one) => one.disableApiTermination && one.state !== 'terminated');
    const saved = new Set(guarded.map(({ zone }) => zone));
    const ending = instances.filter(({ zone }) => !saved.has(zone));
    const TerminatingInstances = changing(ending, (instance) => terminate(state, instance));
    if (guarded[0] !== undefined)
      throw new AwsError(
        'OperationNotPermitted',
        `The instance '${guarded[0].id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
      );
    return { TerminatingInstances };
  },
});

/** Stopping takes no time in this world: nothing here depends on how long a host needs to shut down. */
const stop = (state: WorldState, instance: Instance): void => {
  if (instance.state === 'stopped') return;
  unschedule(state, (event) => event.kind.startsWith('instance.') && 'instanceId' in event && event.instanceId === instance.id);
  instance.state = 'stopped';
  instance.booting = true;
  instance.transitionReason = `User initiated (${gmt(state.now)})`;
  instance.stateReason = {
    Code: 'Client.UserInitiatedShutdown',
    Message: 'Client.UserInitiatedShutdown: User initiated shutdown',
  };
};

/** An instance that starts again does so on another host: what was wrong with the old one is gone. */
const start = (state: WorldState, instance: Instance): void => {
  if (instance.state === 'running' || instance.state === 'pending') return;
  Object.assign(instance, {
    state: 'pending',
    launchedAt: state.now,
    transitionReason: '',
    impaired: false,
    systemStatus: 'initializing',
    instanceStatus: 'initializing',
  });
  delete instance.stateReason;
  schedule(state, RUNNING_AFTER_MS, { kind: 'instance.running', instanceId: instance.id });
};

const stopInstances = (state: WorldState): Operation<Ec2.StopInstancesCommandInput> => ({
  authorize: onEach(state, 'StopInstances'),
  run: (input) => {
    const instances = instancesIn(state, input);
    mustAllBe(instances, ['running', 'pending', 'stopped'], 'stopped');
    return { StoppingInstances: changing(instances, (instance) => stop(state, instance)) };
  },
});

const startInstances = (state: WorldState): Operation<Ec2.StartInstancesCommandInput> => ({
  authorize: onEach(state, 'StartInstances'),
  run: (input) => {
    const instances = instancesIn(state, input);
    mustAllBe(instances, ['stopped', 'running', 'pending'], 'started');
    return { StartingInstances: changing(instances, (instance) => start(state, instance)) };
  },
});

const rebootInstances = (state: WorldState): Operation<Ec2.RebootInstancesCommandInput> => ({
  authorize: onEach(state, 'RebootInstances'),
  run: (input) => {
    const instances = instancesIn(state, input);
    mustAllBe(instances, ['running'], 'rebooted');
    for (const instance of instances) reboot(state, instance);
    return {};
  },
});

const getConsoleOutput = (state: WorldState): Operation<Ec2.GetConsoleOutputCommandInput> => ({
  authorize: ({ InstanceId }) => onEach(state, 'GetConsoleOutput')({ InstanceIds: InstanceId === undefined ? [] : [InstanceId] }),
  run: ({ InstanceId = '', Latest }) => {
    const instance = instanceOf(state, InstanceId);
    if (Latest === true && !isNitro(instance.type))
      throw new AwsError(
        'UnsupportedOperation',
        'This instance type does not support retrieving the latest console logs. The instance must be built on the Nitro System.',
      );
    const bytes = Buffer.from(instance.console, 'utf8').subarray(-CONSOLE_BYTES_MAX);
    return {
      InstanceId,
      Timestamp: new Date(state.now),
      ...(bytes.length > 0 && { Output: bytes.toString('base64') }),
    };
  },
});

export const powerOperations = (state: WorldState): ServiceOperations => ({
  TerminateInstances: terminateInstances(state),
  StopInstances: stopInstances(state),
  StartInstances: startInstances(state),
  RebootInstances: rebootInstances(state),
  GetConsoleOutput: getConsoleOutput(state),
});
