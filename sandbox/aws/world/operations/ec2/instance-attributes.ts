import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Operation, type ServiceOperations } from '../../../operation.ts';
import type { Instance } from '../../state/compute.ts';
import { instanceOf, interfacesOf } from '../../state/find.ts';
import type { WorldState } from '../../state/state.ts';
import { blockDevices, groupIdentifiers, onInstance } from './instances.ts';
import { KINDS, mustExist } from './kinds.ts';

type Attribute = (state: WorldState, instance: Instance) => Ec2.InstanceAttribute;

/** Only the attribute asked for is answered. User data is not kept in this world: it is always empty. */
const ATTRIBUTES: Readonly<Record<string, Attribute>> = {
  blockDeviceMapping: (state, { id }) => ({ BlockDeviceMappings: blockDevices(state, id) }),
  disableApiStop: () => ({ DisableApiStop: { Value: false } }),
  disableApiTermination: (_, { disableApiTermination }) => ({ DisableApiTermination: { Value: disableApiTermination } }),
  ebsOptimized: () => ({ EbsOptimized: { Value: false } }),
  groupSet: (state, { id }) => ({ Groups: groupIdentifiers(state, interfacesOf(state, id)[0]?.groupIds ?? []) }),
  instanceInitiatedShutdownBehavior: () => ({ InstanceInitiatedShutdownBehavior: { Value: 'stop' } }),
  instanceType: (_, { type }) => ({ InstanceType: { Value: type } }),
  rootDeviceName: (state, { imageId }) => ({
    RootDeviceName: { Value: state.images.find((one) => one.id === imageId)?.rootDevice ?? '/dev/xvda' },
  }),
  sourceDestCheck: () => ({ SourceDestCheck: { Value: true } }),
  userData: () => ({ UserData: {} }),
};

const describeAttribute = (state: WorldState): Operation<Ec2.DescribeInstanceAttributeCommandInput> => ({
  authorize: ({ InstanceId = '' }) => {
    mustExist(state, KINDS.instance, [InstanceId]);
    return [onInstance(state, 'ec2:DescribeInstanceAttribute', InstanceId)];
  },
  run: ({ InstanceId = '', Attribute = '' as Ec2.InstanceAttributeName }) => {
    const read = Object.hasOwn(ATTRIBUTES, Attribute) ? ATTRIBUTES[Attribute] : undefined;
    if (read === undefined)
      throw new AwsError('InvalidParameterValue', `Value (${Attribute}) for parameter attribute is invalid. Unknown attribute.`);
    return { InstanceId, ...read(state, instanceOf(state, InstanceId)) };
  },
});

/** The protections only: what responders and those who disturb them change. */
const modifyAttribute = (state: WorldState): Operation<Ec2.ModifyInstanceAttributeCommandInput> => ({
  authorize: ({ InstanceId = '' }) => {
    mustExist(state, KINDS.instance, [InstanceId]);
    return [onInstance(state, 'ec2:ModifyInstanceAttribute', InstanceId)];
  },
  run: ({ InstanceId = '', DisableApiTermination, Attribute, Value }) => {
    const value = DisableApiTermination?.Value ?? (Attribute === 'disableApiTermination' ? Value === 'true' : undefined);
    if (value === undefined)
      throw new AwsError('UnsupportedOperation', 'This simulated account modifies disableApiTermination only.');
    instanceOf(state, InstanceId).disableApiTermination = value;
    return {};
  },
});

export const attributeOperations = (state: WorldState): ServiceOperations => ({
  DescribeInstanceAttribute: describeAttribute(state),
  ModifyInstanceAttribute: modifyAttribute(state),
});
