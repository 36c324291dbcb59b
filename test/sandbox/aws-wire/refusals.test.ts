import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DetachInstancesCommand,
  EnterStandbyCommand,
} from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeInstancesCommand, DescribeVpcsCommand, EC2Client, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { type Account, AwsError, type Operation } from '../../../sandbox/aws/operation.ts';
import { answering, type ClientConfig, failureOf, startToy } from './kit.ts';

const refusing = (code: string, status: number): Operation<never> => ({
  authorize: () => [],
  run: () => {
    throw new AwsError(code, `Why <${code}> & "how"`, status);
  },
});

const open: Operation<never> = { authorize: () => [], run: () => ({}) };

describe('an operation that refuses is heard in the words of its own API', () => {
  type Refusal = readonly [
    service: string,
    action: string,
    code: string,
    status: number,
    send: (config: ClientConfig) => Promise<unknown>,
    name: string,
  ];
  const refusals: readonly Refusal[] = [
    [
      'ec2',
      'DescribeInstances',
      'InvalidInstanceID.NotFound',
      400,
      (c) => new EC2Client(c).send(new DescribeInstancesCommand({})),
      'InvalidInstanceID.NotFound',
    ],
    [
      'autoscaling',
      'EnterStandby',
      'ValidationError',
      400,
      (c) =>
        new AutoScalingClient(c).send(
          new EnterStandbyCommand({ AutoScalingGroupName: 'g', ShouldDecrementDesiredCapacity: true }),
        ),
      'ValidationError',
    ],
    // Query services send the short code; the SDK knows the class by it.
    [
      'autoscaling',
      'DetachInstances',
      'ResourceContention',
      500,
      (c) =>
        new AutoScalingClient(c).send(
          new DetachInstancesCommand({ AutoScalingGroupName: 'g', ShouldDecrementDesiredCapacity: true }),
        ),
      'ResourceContentionFault',
    ],
    [
      'ssm',
      'SendCommand',
      'InvalidInstanceId',
      400,
      (c) => new SSMClient(c).send(new SendCommandCommand({ DocumentName: 'd' })),
      'InvalidInstanceId',
    ],
    [
      'kms',
      'DescribeKey',
      'NotFoundException',
      400,
      (c) => new KMSClient(c).send(new DescribeKeyCommand({ KeyId: 'k' })),
      'NotFoundException',
    ],
    [
      'monitoring',
      'GetMetricData',
      'InvalidNextToken',
      400,
      (c) =>
        new CloudWatchClient(c).send(
          new GetMetricDataCommand({ StartTime: new Date(0), EndTime: new Date(1), MetricDataQueries: [] }),
        ),
      'InvalidNextToken',
    ],
    [
      'route53',
      'ListResourceRecordSets',
      'NoSuchHostedZone',
      404,
      (c) => new Route53Client(c).send(new ListResourceRecordSetsCommand({ HostedZoneId: 'Z' })),
      'NoSuchHostedZone',
    ],
    [
      's3',
      'GetObject',
      'NoSuchKey',
      404,
      (c) => new S3Client(c).send(new GetObjectCommand({ Bucket: 'evidence', Key: 'k' })),
      'NoSuchKey',
    ],
  ];

  it.each(refusals)('%s %s: %s (%i)', async (service, action, code, status, send, name) => {
    await using toy = await startToy({ [service]: { [action]: refusing(code, status) } });
    expect(await failureOf(send(toy.client()))).toEqual({ name, status, message: `Why <${code}> & "how"` });
    expect(toy.wire.calls).toMatchObject([
      { service, action, outcome: code, callerArn: 'arn:aws:iam::111122223333:user/root-like' },
    ]);
  });

  it('and a HEAD has no body to say it in', async () => {
    await using toy = await startToy({ s3: { HeadObject: refusing('NoSuchKey', 404) } });
    const head = new S3Client(toy.client()).send(new HeadObjectCommand({ Bucket: 'evidence', Key: 'k' }));
    expect(await failureOf(head)).toMatchObject({ name: 'NotFound', status: 404 });
  });
});

describe('what is not simulated says so, and is recorded', () => {
  it('an action that the account does not have', async () => {
    await using toy = await startToy({ ec2: {} });
    const call = new EC2Client(toy.client()).send(new DescribeVpcsCommand({}));
    expect(await failureOf(call)).toMatchObject({
      name: 'InvalidAction',
      status: 400,
      message: expect.stringContaining('DescribeVpcs'),
    });
    expect(toy.wire.calls).toMatchObject([{ service: 'ec2', action: 'DescribeVpcs', outcome: 'InvalidAction' }]);
  });

  it('in the other protocols too', async () => {
    await using toy = await startToy({});
    const calls = [
      new KMSClient(toy.client()).send(new DescribeKeyCommand({ KeyId: 'k' })),
      new Route53Client(toy.client()).send(new ListResourceRecordSetsCommand({ HostedZoneId: 'Z' })),
      new AutoScalingClient(toy.client()).send(new DescribeAutoScalingGroupsCommand({})),
    ];
    const failures = await Promise.all(calls.map(failureOf));
    expect(failures.map(({ name }) => name)).toEqual(['InvalidAction', 'InvalidAction', 'InvalidAction']);
  });

  it('a service without a client stops the wire from starting', async () => {
    await expect(startToy({ frobnicator: {} })).rejects.toThrow('frobnicator');
  });

  it('a defect of the world is a server error, with its cause on record', async () => {
    const broken: Operation<never> = {
      authorize: () => [],
      run: () => {
        throw new TypeError('world is flat');
      },
    };
    await using toy = await startToy({ ec2: { DescribeInstances: broken } });
    const failure = await failureOf(new EC2Client(toy.client()).send(new DescribeInstancesCommand({})));
    expect(failure).toMatchObject({ name: 'InternalFailure', status: 500, message: expect.stringContaining('world is flat') });
    expect(toy.wire.calls[0]?.defect).toBeInstanceOf(TypeError);
  });
});

describe('who is not who it says is turned away', () => {
  const account: Account = {
    ec2: { DescribeInstances: open },
    autoscaling: { DescribeAutoScalingGroups: open },
    kms: { DescribeKey: open },
    s3: { HeadObject: open, GetObject: open },
  };
  const asks: Readonly<Record<string, (config: ClientConfig) => Promise<unknown>>> = {
    ec2: (config) => new EC2Client(config).send(new DescribeInstancesCommand({})),
    autoscaling: (config) => new AutoScalingClient(config).send(new DescribeAutoScalingGroupsCommand({})),
    kms: (config) => new KMSClient(config).send(new DescribeKeyCommand({ KeyId: 'k' })),
    s3: (config) => new S3Client(config).send(new GetObjectCommand({ Bucket: 'evidence', Key: 'ä ö/+' })),
  };
  const unknown = { accessKeyId: 'AKIANOBODY0000000000', secretAccessKey: 'x' };

  it.each([
    ['ec2', 'AuthFailure', 401],
    ['autoscaling', 'InvalidClientTokenId', 403],
    ['kms', 'UnrecognizedClientException', 400],
    ['s3', 'InvalidAccessKeyId', 403],
  ])('%s calls an unknown key %s (%i)', async (service, name, status) => {
    await using toy = await startToy(account);
    expect(await failureOf(asks[service]!(toy.client({ credentials: unknown })))).toMatchObject({ name, status });
    expect(toy.wire.calls).toMatchObject([{ service, outcome: name }]);
    expect(toy.wire.calls[0]).not.toHaveProperty('callerArn');
  });

  it.each([
    ['ec2', 'AuthFailure'],
    ['autoscaling', 'SignatureDoesNotMatch'],
    ['kms', 'InvalidSignatureException'],
    ['s3', 'SignatureDoesNotMatch'],
  ])('%s calls a wrong secret %s', async (service, name) => {
    await using toy = await startToy(account);
    const { credentials } = toy.client();
    const forged = { ...credentials, secretAccessKey: `${credentials.secretAccessKey}x` };
    expect((await failureOf(asks[service]!(toy.client({ credentials: forged })))).name).toBe(name);
    await asks[service]!(toy.client());
    expect(toy.wire.calls.map(({ outcome }) => outcome)).toEqual([name, 'OK']);
  });

  it('a body that was changed after signing does not verify', async () => {
    const terminate = answering({});
    await using toy = await startToy({ ec2: { TerminateInstances: terminate.operation as Operation<never> } });
    const client = new EC2Client(toy.client());
    client.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { body: string };
        request.body = request.body.replace('i-1', 'i-2');
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    const tampered = client.send(new TerminateInstancesCommand({ InstanceIds: ['i-1'] }));
    expect((await failureOf(tampered)).name).toBe('AuthFailure');
    expect(terminate.inputs).toEqual([]);
  });

  it('an unsigned request gets no further than the door', async () => {
    await using toy = await startToy(account);
    const reply = await fetch(`${toy.url}/`, { method: 'POST', body: 'Action=DescribeInstances' });
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
  });
});
