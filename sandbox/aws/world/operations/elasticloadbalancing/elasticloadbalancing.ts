import type { ServiceOperations } from '../../../operation.ts';
import type { WorldState } from '../../state/state.ts';
import { loadBalancerOperations } from './load-balancers.ts';
import { targetGroupOperations } from './target-groups.ts';

/** Load balancing, version 2: application and network load balancers. */
export const elasticloadbalancing = (state: WorldState): ServiceOperations => ({
  ...loadBalancerOperations(state),
  ...targetGroupOperations(state),
});
