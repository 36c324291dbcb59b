import type { ServiceOperations } from '../../../operation.ts';
import type { WorldState } from '../../state/state.ts';
import { imageOperations } from './images.ts';
import { attributeOperations } from './instance-attributes.ts';
import { instanceOperations } from './instances.ts';
import { networkOperations } from './network.ts';
import { networkChangeOperations } from './network-changes.ts';
import { powerOperations } from './power.ts';
import { securityGroupOperations } from './security-groups.ts';
import { storageOperations } from './storage.ts';
import { tagOperations } from './tags.ts';

export const ec2 = (state: WorldState): ServiceOperations => ({
  ...attributeOperations(state),
  ...imageOperations(state),
  ...instanceOperations(state),
  ...networkOperations(state),
  ...networkChangeOperations(state),
  ...powerOperations(state),
  ...securityGroupOperations(state),
  ...storageOperations(state),
  ...tagOperations(state),
});
