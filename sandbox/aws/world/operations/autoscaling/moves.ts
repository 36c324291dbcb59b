import type * as Sdk from '@aws-sdk/client-auto-scaling';
import type { ServiceOperations } from '../../../operation.ts';
import { attach, detach, enterStandby, exitStandby, terminateMember } from '../../group/moves.ts';
import { groupWith } from '../../state/find.ts';
import type { WorldState } from '../../state/state.ts';
import { type Answers, groupNameWith, groupToChange, invalid, onGroup } from './requests.ts';
import { activityShape } from './shapes.ts';

const decrementOf = (value: boolean | undefined): boolean => {
  if (value === undefined)
    throw invalid(
      "1 validation error detected: Value null at 'shouldDecrementDesiredCapacity' failed to satisfy constraint: Member must not be null",
    );
  return value;
};

const detachInstances = (state: WorldState): Answers<Sdk.DetachInstancesCommandInput, Sdk.DetachInstancesCommandOutput> => ({
  authorize: ({ AutoScalingGroupName }) => onGroup(state, 'DetachInstances', AutoScalingGroupName),
  run: (input) => {
    const decrement = decrementOf(input.ShouldDecrementDesiredCapacity);
    const group = groupToChange(state, input.AutoScalingGroupName);
    return { Activities: detach(state, group, input.InstanceIds ?? [], decrement).map((one) => activityShape(group, one)) };
  },
});

const attachInstances = (state: WorldState): Answers<Sdk.AttachInstancesCommandInput, Sdk.AttachInstancesCommandOutput> => ({
  authorize: ({ AutoScalingGroupName }) => onGroup(state, 'AttachInstances', AutoScalingGroupName),
  run: (input) => {
    attach(state, groupToChange(state, input.AutoScalingGroupName), input.InstanceIds ?? []);
    return {};
  },
});

const enter = (state: WorldState): Answers<Sdk.EnterStandbyCommandInput, Sdk.EnterStandbyCommandOutput> => ({
  authorize: ({ AutoScalingGroupName }) => onGroup(state, 'EnterStandby', AutoScalingGroupName),
  run: (input) => {
    const decrement = decrementOf(input.ShouldDecrementDesiredCapacity);
    const group = groupToChange(state, input.AutoScalingGroupName);
    return { Activities: enterStandby(state, group, input.InstanceIds ?? [], decrement).map((one) => activityShape(group, one)) };
  },
});

const exit = (state: WorldState): Answers<Sdk.ExitStandbyCommandInput, Sdk.ExitStandbyCommandOutput> => ({
  authorize: ({ AutoScalingGroupName }) => onGroup(state, 'ExitStandby', AutoScalingGroupName),
  run: (input) => {
    const group = groupToChange(state, input.AutoScalingGroupName);
    return { Activities: exitStandby(state, group, input.InstanceIds ?? []).map((one) => activityShape(group, one)) };
  },
});

const terminate = (
  state: WorldState,
): Answers<Sdk.TerminateInstanceInAutoScalingGroupCommandInput, Sdk.TerminateInstanceInAutoScalingGroupCommandOutput> => ({
  authorize: ({ InstanceId }) => onGroup(state, 'TerminateInstanceInAutoScalingGroup', groupNameWith(state, InstanceId)),
  run: ({ InstanceId = '', ShouldDecrementDesiredCapacity }) => {
    const decrement = decrementOf(ShouldDecrementDesiredCapacity);
    const owner = groupWith(state, InstanceId);
    if (owner !== undefined) groupToChange(state, owner.name);
    const { group, activity } = terminateMember(state, InstanceId, decrement);
    return { Activity: activityShape(group, activity) };
  },
});

export const moveOperations = (state: WorldState): ServiceOperations => ({
  DetachInstances: detachInstances(state),
  AttachInstances: attachInstances(state),
  EnterStandby: enter(state),
  ExitStandby: exit(state),
  TerminateInstanceInAutoScalingGroup: terminate(state),
});
