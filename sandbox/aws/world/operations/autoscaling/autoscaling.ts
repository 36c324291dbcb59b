import type { ServiceOperations } from '../../../operation.ts';
import type { WorldState } from '../../state/state.ts';

export const autoscaling = (_state: WorldState): ServiceOperations => ({});
