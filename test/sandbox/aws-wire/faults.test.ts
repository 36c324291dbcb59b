import { AutoScalingClient, DetachInstancesCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../sandbox/aws/operation.ts';
import type { FaultPlan, FaultRule } from '../../../sandbox/aws/wire/faults.ts';
import { createFaultPlan } from '../../../sandbox/aws/wire/faults.ts';
import { answering, failureOf, startToy } from './kit.ts';

const DETACH = { AutoScalingGroupName: 'checkout', InstanceIds: ['i-1'], ShouldDecrementDesiredCapacity: false };

const detachable = async () => {
  const detach = answering({ Activities: [] });
  const toy = await startToy({ autoscaling: { DetachInstances: detach.operation as Operation<never> } });
  const send = (maxAttempts = 1) => new AutoScalingClient(toy.client({ maxAttempts })).send(new DetachInstancesCommand(DETACH));
  return { toy, detach, send };
};

describe('faults on the wire', () => {
  it('a reply that is lost: the call ran once, and looks failed', async () => {
    const { toy, detach, send } = await detachable();
    await using _ = toy;
    toy.faults.add({ service: 'autoscaling', action: 'DetachInstances', times: 1, effect: { kind: 'dropAfter' } });
    const failure = await failureOf(send());
    expect(failure.status).toBeUndefined();
    expect(failure.message).toMatch(/socket hang up|ECONNRESET/);
    expect(detach.inputs).toHaveLength(1);
    expect(toy.wire.calls).toMatchObject([{ outcome: 'OK', unanswered: true }]);
  });

  it('a client that resends after a lost reply does the thing twice', async () => {
    const { toy, detach, send } = await detachable();
    await using _ = toy;
    toy.faults.add({ action: 'DetachInstances', times: 1, effect: { kind: 'dropAfter' } });
    await send(2);
    expect(detach.inputs).toHaveLength(2);
  });

  it('a connection that breaks first: nothing ran', async () => {
    const { toy, detach, send } = await detachable();
    await using _ = toy;
    toy.faults.add({ service: 'autoscaling', times: 1, effect: { kind: 'dropBefore' } });
    expect((await failureOf(send())).status).toBeUndefined();
    expect(detach.inputs).toEqual([]);
    expect(toy.wire.calls).toMatchObject([{ action: 'DetachInstances', outcome: 'Dropped', unanswered: true }]);
  });

  it('a call without an answer ends when its caller gives up, or when the wire closes', async () => {
    const { toy, detach } = await detachable();
    await using _ = toy;
    toy.faults.add({ effect: { kind: 'hang' } });
    const client = new AutoScalingClient({
      ...toy.client(),
      requestHandler: { requestTimeout: 100, throwOnRequestTimeout: true },
    });
    expect((await failureOf(client.send(new DetachInstancesCommand(DETACH)))).name).toBe('TimeoutError');
    const other = new AutoScalingClient(toy.client()).send(new DetachInstancesCommand(DETACH));
    const failure = failureOf(other);
    await expect.poll(() => toy.wire.calls.length).toBe(2);
    await toy.wire.close();
    expect((await failure).status).toBeUndefined();
    expect(detach.inputs).toEqual([]);
  });

  it('throttling is retried by the SDK, until it is over', async () => {
    const { toy, detach, send } = await detachable();
    await using _ = toy;
    toy.faults.add({ action: 'DetachInstances', times: 2, effect: { kind: 'throttle' } });
    const { $metadata } = await send(3);
    expect($metadata.attempts).toBe(3);
    expect(detach.inputs).toHaveLength(1);
    expect(toy.wire.calls.map(({ outcome }) => outcome)).toEqual(['Throttling', 'Throttling', 'OK']);
  });

  it('each service throttles in its own words', async () => {
    const open = answering({}).operation as Operation<never>;
    await using toy = await startToy({ ec2: { DescribeInstances: open }, kms: { DescribeKey: open }, s3: { GetObject: open } });
    toy.faults.add({ effect: { kind: 'throttle' } });
    const failures = await Promise.all([
      failureOf(new EC2Client(toy.client()).send(new DescribeInstancesCommand({}))),
      failureOf(new KMSClient(toy.client()).send(new DescribeKeyCommand({ KeyId: 'k' }))),
      failureOf(new S3Client(toy.client()).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))),
    ]);
    expect(failures.map(({ name, status }) => [name, status])).toEqual([
      ['RequestLimitExceeded', 503],
      ['ThrottlingException', 400],
      ['SlowDown', 503],
    ]);
  });

  it('an error of choice, for the second call only', async () => {
    const { toy, detach, send } = await detachable();
    await using _ = toy;
    toy.faults.add({
      fromCall: 2,
      times: 1,
      effect: { kind: 'error', code: 'ResourceContention', message: 'busy', status: 500 },
    });
    await send();
    expect(await failureOf(send())).toEqual({ name: 'ResourceContentionFault', status: 500, message: 'busy' });
    await send();
    expect(detach.inputs).toHaveLength(2);
  });

  it('a delay holds the call back, and goes with other effects', async () => {
    const { toy, send } = await detachable();
    await using _ = toy;
    toy.faults.add({ effect: { kind: 'delay', ms: 80 } });
    toy.faults.add({ times: 1, effect: { kind: 'throttle' } });
    const before = performance.now();
    expect((await failureOf(send())).name).toBe('Throttling');
    expect(performance.now() - before).toBeGreaterThanOrEqual(75);
  });
});

describe('a fault plan counts', () => {
  const throttle = { kind: 'throttle' } as const;
  const cases: readonly (readonly [string, FaultRule, readonly number[]])[] = [
    ['every call by default', { effect: throttle }, [1, 2, 3, 4]],
    ['the first two', { times: 2, effect: throttle }, [1, 2]],
    ['from the third on', { fromCall: 3, effect: throttle }, [3, 4]],
    ['only the second', { fromCall: 2, times: 1, effect: throttle }, [2]],
    ['none of another service', { service: 'kms', effect: throttle }, []],
    ['none of another action', { action: 'DescribeImages', effect: throttle }, []],
  ];
  it.each(cases)('%s', (_name, rule, hit) => {
    const plan = createFaultPlan([rule]);
    expect([1, 2, 3, 4].filter((_call) => plan.meet('ec2', 'DescribeInstances').length > 0)).toEqual(hit);
  });

  it('a rule that is withdrawn hits no more, and leaves the others', () => {
    const plan = createFaultPlan();
    const withdraw = plan.add({ effect: throttle });
    plan.add({ effect: { kind: 'delay', ms: 1 } });
    withdraw();
    expect(plan.meet('ec2', 'DescribeInstances')).toEqual([{ kind: 'delay', ms: 1 }]);
    plan.clear();
    expect(plan.rules()).toEqual([]);
  });
});

describe('the world is single-threaded', () => {
  /** Every call passes the fault plan on its way in: that tells when all of them have arrived, while the first is still at work. */
  it('operations run one after the other, authorization included', async () => {
    const ids = ['i-0', 'i-1', 'i-2', 'i-3'];
    const { promise: allArrived, resolve: arrived } = Promise.withResolvers<void>();
    let arrivals = 0;
    const plan = createFaultPlan();
    const counting: FaultPlan = {
      ...plan,
      meet: (...call) => {
        if (++arrivals === ids.length) arrived();
        return plan.meet(...call);
      },
    };
    const trace: string[] = [];
    const slow: Operation<{ readonly InstanceIds: readonly string[] }> = {
      authorize: ({ InstanceIds }) => {
        trace.push(`authorize ${InstanceIds[0]}`);
        return [];
      },
      run: async ({ InstanceIds }) => {
        trace.push(`begin ${InstanceIds[0]}`);
        await allArrived;
        await new Promise((resolve) => setImmediate(resolve));
        trace.push(`end ${InstanceIds[0]}`);
        return {};
      },
    };
    await using toy = await startToy({ ec2: { DescribeInstances: slow as Operation<never> } }, counting);
    const client = new EC2Client(toy.client());
    await Promise.all(ids.map((id) => client.send(new DescribeInstancesCommand({ InstanceIds: [id] }))));
    const order = trace.filter((line) => line.startsWith('end')).map((line) => line.slice('end '.length));
    expect(order.toSorted()).toEqual(ids);
    expect(trace).toEqual(order.flatMap((id) => [`authorize ${id}`, `begin ${id}`, `end ${id}`]));
  });
});
