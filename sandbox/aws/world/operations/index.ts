import type { ServiceOperations } from '../../operation.ts';
import type { WorldState } from '../state/state.ts';
import { autoscaling } from './autoscaling/autoscaling.ts';
import { ec2 } from './ec2/ec2.ts';
import { elasticloadbalancing } from './elasticloadbalancing/elasticloadbalancing.ts';
import { ssm } from './ssm/ssm.ts';

/**
 * What the account can do, by SigV4 signing name. Each service is made of the live state: its operations read and change that
 * one object; the world performs what is due before each of them and lets groups and load balancers notice afterwards.
 */
export const SERVICES: Readonly<Record<string, (state: WorldState) => ServiceOperations>> = {
  autoscaling,
  ec2,
  elasticloadbalancing,
  ssm,
};
