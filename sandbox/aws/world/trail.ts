import { AwsError, type CallContext, type Operation, type ServiceOperations } from '../operation.ts';
import type { Engine } from './engine.ts';
import { TRAIL_EVENTS_MAX } from './limits.ts';
import { uuid } from './state/ids.ts';
import type { TrailEvent, WorldState } from './state/state.ts';

const READS = /^(Describe|Get|List|Lookup|Search|Simulate|Test)/;

const RESOURCE_TYPES: readonly (readonly [RegExp, string])[] = [
  [/^i-[0-9a-f]+$/, 'AWS::EC2::Instance'],
  [/^vol-[0-9a-f]+$/, 'AWS::EC2::Volume'],
  [/^snap-[0-9a-f]+$/, 'AWS::EC2::Snapshot'],
  [/^sg-[0-9a-f]+$/, 'AWS::EC2::SecurityGroup'],
  [/^acl-[0-9a-f]+$/, 'AWS::EC2::NetworkAcl'],
  [/^rtb-[0-9a-f]+$/, 'AWS::EC2::RouteTable'],
  [/^ami-[0-9a-f]+$/, 'AWS::EC2::Ami'],
  [/^arn:aws:elasticloadbalancing:.*:targetgroup\//, 'AWS::ElasticLoadBalancingV2::TargetGroup'],
  [/^arn:aws:elasticloadbalancing:.*:loadbalancer\//, 'AWS::ElasticLoadBalancingV2::LoadBalancer'],
  [/^arn:aws:elasticloadbalancing:.*:listener\//, 'AWS::ElasticLoadBalancingV2::Listener'],
];

/** The resources a request names: ids and ARNs anywhere in it, and its group. */
const resourcesIn = (parameters: unknown, key = ''): TrailEvent['resources'] => {
  if (typeof parameters === 'string') {
    if (key === 'AutoScalingGroupName') return [{ type: 'AWS::AutoScaling::AutoScalingGroup', name: parameters }];
    const type = RESOURCE_TYPES.find(([pattern]) => pattern.test(parameters))?.[1];
    return type === undefined ? [] : [{ type, name: parameters }];
  }
  if (Array.isArray(parameters)) return parameters.flatMap((one) => resourcesIn(one, key));
  if (typeof parameters !== 'object' || parameters === null) return [];
  return Object.entries(parameters).flatMap(([name, value]) => resourcesIn(value, name));
};

export type Deed = {
  readonly service: string;
  readonly name: string;
  readonly callerArn: string;
  readonly accessKeyId?: string;
  readonly parameters: unknown;
  readonly error?: AwsError;
};

/** Keeps one deed as CloudTrail would. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
export const recordDeed = (state: WorldState, deed: Deed): void => {
  const { service, name, callerArn, accessKeyId, parameters, error } = deed;
  state.trail.push({
    id: uuid(state),
    at: state.now,
    source: `${service}.amazonaws.com`,
    name,
    callerArn,
    ...(accessKeyId !== undefined && { accessKeyId }),
    userName: callerArn.split('/').at(-1) ?? callerArn,
    resources: resourcesIn(parameters),
    parameters,
    ...(error && { errorCode: error.code, errorMessage: error.message }),
  });
  if (state.trail.length > TRAIL_EVENTS_MAX) state.trail.splice(0, state.trail.length - TRAIL_EVENTS_MAX);
};

/** Everything due happens before an operation, everyone notices after it, and the trail remembers what was more than a look. */
export const observed = (service: string, operations: ServiceOperations, engine: Engine): ServiceOperations => {
  const wrap = (name: string, { authorize, run }: Operation<unknown>): Operation<unknown> => {
    const keep = (input: unknown, { caller }: CallContext, error?: AwsError): void =>
      recordDeed(engine.state, {
        service,
        name,
        callerArn: caller.arn,
        accessKeyId: caller.accessKeyId,
        parameters: input,
        ...(error && { error }),
      });
    const attempt = (input: unknown, context: CallContext): unknown => {
      try {
        const output = engine.act(() => run(input, context));
        keep(input, context);
        return output;
      } catch (error) {
        if (error instanceof AwsError) keep(input, context, error);
        throw error;
      }
    };
    return {
      authorize: (input, context) => {
        engine.settle();
        return authorize(input, context);
      },
      // What happens to objects is no management event: the event history does not have it.
      run:
        READS.test(name) || service === 's3'
          ? (input, context) => {
              engine.settle();
              return run(input, context);
            }
          : attempt,
    };
  };
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [name, wrap(name, operation as Operation<unknown>)]),
  ) as ServiceOperations;
};
