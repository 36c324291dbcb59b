import type { ServiceOperations } from '../../operation.ts';
import type { WorldState } from '../state/state.ts';
import { acm } from './acm/acm.ts';
import { autoscaling } from './autoscaling/autoscaling.ts';
import { cloudtrail } from './cloudtrail/cloudtrail.ts';
import { ec2 } from './ec2/ec2.ts';
import { elasticloadbalancing } from './elasticloadbalancing/elasticloadbalancing.ts';
import { kms } from './kms/kms.ts';
import { monitoring } from './monitoring/monitoring.ts';
import { route53 } from './route53/route53.ts';
import { s3 } from './s3/s3.ts';
import { ssm } from './ssm/ssm.ts';

/**
 * What the account can do, by SigV4 signing name. Each service is made of the live state: its operations read and change that
 * one object; the world performs what is due before each of them and lets groups and load balancers notice afterwards.
 */
export const SERVICES: Readonly<Record<string, (state: WorldState) => ServiceOperations>> = {
  acm,
  autoscaling,
  cloudtrail,
  ec2,
  elasticloadbalancing,
  kms,
  monitoring,
  route53,
  s3,
  ssm,
};
