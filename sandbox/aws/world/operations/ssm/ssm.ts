import type { ServiceOperations } from '../../../operation.ts';
import type { WorldState } from '../../state/state.ts';
import { commandOperations } from './commands.ts';
import { inventoryOperations } from './inventory.ts';

export const ssm = (state: WorldState): ServiceOperations => ({
  ...commandOperations(state),
  ...inventoryOperations(state),
});
