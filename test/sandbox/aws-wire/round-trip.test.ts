import { Readable } from 'node:stream';
import { ACMClient, DescribeCertificateCommand } from '@aws-sdk/client-acm';
import {
  AutoScalingClient,
  CreateOrUpdateTagsCommand,
  DescribeAutoScalingGroupsCommand,
  EnterStandbyCommand,
} from '@aws-sdk/client-auto-scaling';
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateSnapshotsCommand,
  CreateTagsCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  GetConsoleOutputCommand,
} from '@aws-sdk/client-ec2';
import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { ChangeResourceRecordSetsCommand, ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../sandbox/aws/operation.ts';
import { answering, startToy, type Toy } from './kit.ts';

/** Text that breaks careless envelopes: markup, quotes, ampersands, line ends, spaces at the ends, and characters beyond ASCII and the BMP. */
const AWKWARD = `  <b>"Käse" & 'Brot'</b>\r\n\ttab; 100% + plus = 日本語 🔥 ]]>  `;
const AT = new Date('2026-01-05T14:03:07.000Z');
const AT_MS = new Date('2026-01-05T14:03:07.250Z');

type Send = (toy: Toy) => Promise<{ readonly $metadata: { readonly httpStatusCode?: number; readonly requestId?: string } }>;
type Case = {
  readonly service: string;
  readonly action: string;
  readonly send: (input: never) => Send;
  readonly input: unknown;
  readonly output: unknown;
};

const cases: readonly Case[] = [
  {
    service: 'ec2',
    action: 'DescribeInstances',
    send: (input) => (toy) => new EC2Client(toy.client()).send(new DescribeInstancesCommand(input)),
    input: {
      Filters: [
        { Name: 'tag:service', Values: ['checkout', AWKWARD] },
        { Name: 'instance-state-name', Values: Array.from({ length: 12 }, (_, index) => `state-${index}`) },
      ],
      InstanceIds: ['i-1', 'i-2'],
      MaxResults: 50,
    },
    output: {
      NextToken: 'more',
      Reservations: [
        {
          ReservationId: 'r-1',
          OwnerId: '111122223333',
          Instances: [
            {
              InstanceId: 'i-1',
              State: { Code: 16, Name: 'running' },
              LaunchTime: AT,
              EbsOptimized: false,
              SourceDestCheck: true,
              Tags: [
                { Key: 'Name', Value: AWKWARD },
                { Key: 'empty', Value: '' },
              ],
              SecurityGroups: [{ GroupId: 'sg-1', GroupName: 'web' }],
              BlockDeviceMappings: [
                { DeviceName: '/dev/xvda', Ebs: { VolumeId: 'vol-1', AttachTime: AT_MS, DeleteOnTermination: true } },
              ],
              NetworkInterfaces: [],
            },
          ],
        },
        { ReservationId: 'r-2', Instances: [] },
      ],
    },
  },
  {
    service: 'ec2',
    action: 'DescribeSnapshots',
    send: (input) => (toy) => new EC2Client(toy.client()).send(new DescribeSnapshotsCommand(input)),
    input: { OwnerIds: ['self'] },
    output: { Snapshots: [] },
  },
  {
    service: 'ec2',
    action: 'CreateSnapshots',
    send: (input) => (toy) => new EC2Client(toy.client()).send(new CreateSnapshotsCommand(input)),
    input: {
      InstanceSpecification: { InstanceId: 'i-1', ExcludeBootVolume: false, ExcludeDataVolumeIds: ['vol-9'] },
      Description: AWKWARD,
      TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'firebreak:run', Value: 'run-1' }] }],
    },
    output: {
      Snapshots: [{ SnapshotId: 'snap-1', VolumeId: 'vol-1', State: 'pending', StartTime: AT, VolumeSize: 8, Encrypted: true }],
    },
  },
  {
    service: 'ec2',
    action: 'CreateTags',
    send: (input) => (toy) => new EC2Client(toy.client()).send(new CreateTagsCommand(input)),
    input: { Resources: ['i-1', 'vol-1'], Tags: [{ Key: 'incident', Value: '42' }] },
    output: {},
  },
  {
    service: 'ec2',
    action: 'GetConsoleOutput',
    send: (input) => (toy) => new EC2Client(toy.client()).send(new GetConsoleOutputCommand(input)),
    input: { InstanceId: 'i-1', Latest: true },
    output: { InstanceId: 'i-1', Output: Buffer.from('\u001b[31mpanic\u001b[0m').toString('base64'), Timestamp: AT },
  },
  {
    service: 'autoscaling',
    action: 'DescribeAutoScalingGroups',
    send: (input) => (toy) => new AutoScalingClient(toy.client()).send(new DescribeAutoScalingGroupsCommand(input)),
    input: {
      AutoScalingGroupNames: ['checkout', 'other'],
      Filters: [{ Name: 'tag-key', Values: ['firebreak'] }],
      MaxRecords: 10,
    },
    output: {
      AutoScalingGroups: [
        {
          AutoScalingGroupName: 'checkout',
          MinSize: 1,
          MaxSize: 4,
          DesiredCapacity: 0,
          DefaultCooldown: 300,
          AvailabilityZones: ['eu-west-1a', 'eu-west-1b'],
          HealthCheckType: 'ELB',
          CreatedTime: AT,
          NewInstancesProtectedFromScaleIn: false,
          Instances: [
            {
              InstanceId: 'i-1',
              AvailabilityZone: 'eu-west-1a',
              LifecycleState: 'InService',
              HealthStatus: 'Healthy',
              ProtectedFromScaleIn: true,
            },
          ],
          SuspendedProcesses: [],
          Tags: [{ Key: 'note', Value: AWKWARD, PropagateAtLaunch: true }],
        },
      ],
    },
  },
  {
    service: 'autoscaling',
    action: 'EnterStandby',
    send: (input) => (toy) => new AutoScalingClient(toy.client()).send(new EnterStandbyCommand(input)),
    input: { AutoScalingGroupName: 'checkout', InstanceIds: ['i-1'], ShouldDecrementDesiredCapacity: true },
    output: {
      Activities: [
        {
          ActivityId: 'a-1',
          AutoScalingGroupName: 'checkout',
          Cause: AWKWARD,
          StartTime: AT,
          StatusCode: 'InProgress',
          Progress: 50,
        },
      ],
    },
  },
  {
    service: 'autoscaling',
    action: 'CreateOrUpdateTags',
    send: (input) => (toy) => new AutoScalingClient(toy.client()).send(new CreateOrUpdateTagsCommand(input)),
    input: {
      Tags: [{ ResourceId: 'checkout', ResourceType: 'auto-scaling-group', Key: 'k', Value: '', PropagateAtLaunch: false }],
    },
    output: {},
  },
  {
    service: 'elasticloadbalancing',
    action: 'DescribeTargetHealth',
    send: (input) => (toy) => new ElasticLoadBalancingV2Client(toy.client()).send(new DescribeTargetHealthCommand(input)),
    input: {
      TargetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/0123',
      Targets: [{ Id: 'i-1', Port: 8080 }],
    },
    output: {
      TargetHealthDescriptions: [
        {
          Target: { Id: 'i-1', Port: 8080, AvailabilityZone: 'eu-west-1a' },
          HealthCheckPort: '8080',
          TargetHealth: {
            State: 'unhealthy',
            Reason: 'Target.ResponseCodeMismatch',
            Description: 'Health checks failed with these codes: [502]',
          },
        },
      ],
    },
  },
  {
    service: 'ssm',
    action: 'SendCommand',
    send: (input) => (toy) => new SSMClient(toy.client()).send(new SendCommandCommand(input)),
    input: {
      DocumentName: 'Firebreak-Diagnostics',
      InstanceIds: ['i-1'],
      Parameters: { lines: ['200', AWKWARD] },
      TimeoutSeconds: 60,
    },
    output: {
      Command: {
        CommandId: 'c-1',
        RequestedDateTime: AT_MS,
        Status: 'Pending',
        Parameters: { lines: [AWKWARD], none: [] },
        InstanceIds: [],
      },
    },
  },
  {
    service: 'cloudtrail',
    action: 'LookupEvents',
    send: (input) => (toy) => new CloudTrailClient(toy.client()).send(new LookupEventsCommand(input)),
    input: {
      LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: 'checkout' }],
      StartTime: AT,
      EndTime: AT_MS,
      MaxResults: 5,
    },
    output: {
      Events: [{ EventId: 'e-1', EventTime: AT, Username: AWKWARD, CloudTrailEvent: '{"a":1}', Resources: [] }],
      NextToken: 'n',
    },
  },
  {
    service: 'monitoring',
    action: 'GetMetricData',
    send: (input) => (toy) => new CloudWatchClient(toy.client()).send(new GetMetricDataCommand(input)),
    input: {
      StartTime: AT,
      EndTime: AT_MS,
      MetricDataQueries: [
        {
          Id: 'm1',
          MetricStat: {
            Metric: {
              Namespace: 'AWS/ApplicationELB',
              MetricName: 'HTTPCode_ELB_5XX_Count',
              Dimensions: [{ Name: 'LoadBalancer', Value: 'app/web' }],
            },
            Period: 60,
            Stat: 'Sum',
          },
        },
      ],
    },
    output: {
      MetricDataResults: [{ Id: 'm1', Timestamps: [AT, AT_MS], Values: [0, 12.5], StatusCode: 'Complete' }],
      Messages: [],
    },
  },
  {
    service: 'kms',
    action: 'DescribeKey',
    send: (input) => (toy) => new KMSClient(toy.client()).send(new DescribeKeyCommand(input)),
    input: { KeyId: 'alias/ebs' },
    output: { KeyMetadata: { KeyId: 'k-1', Enabled: false, KeyState: 'PendingDeletion', DeletionDate: AT, MultiRegion: false } },
  },
  {
    service: 'acm',
    action: 'DescribeCertificate',
    send: (input) => (toy) => new ACMClient(toy.client()).send(new DescribeCertificateCommand(input)),
    input: { CertificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/c-1' },
    output: {
      Certificate: {
        DomainName: 'shop.example',
        SubjectAlternativeNames: ['bücher.example'],
        NotAfter: AT,
        Status: 'EXPIRED',
        InUseBy: [],
      },
    },
  },
  {
    service: 'route53',
    action: 'ListResourceRecordSets',
    send: (input) => (toy) => new Route53Client(toy.client()).send(new ListResourceRecordSetsCommand(input)),
    input: { HostedZoneId: 'Z1', StartRecordName: 'shop & co.example', StartRecordType: 'A', MaxItems: 10 },
    output: {
      ResourceRecordSets: [
        {
          Name: 'shop.example.',
          Type: 'A',
          AliasTarget: { HostedZoneId: 'Z2', DNSName: 'web.elb.amazonaws.com.', EvaluateTargetHealth: true },
        },
        { Name: 'txt.example.', Type: 'TXT', TTL: 300, ResourceRecords: [{ Value: '"<a> & b"' }] },
      ],
      IsTruncated: false,
      MaxItems: 10,
    },
  },
  {
    service: 'route53',
    action: 'ChangeResourceRecordSets',
    send: (input) => (toy) => new Route53Client(toy.client()).send(new ChangeResourceRecordSetsCommand(input)),
    input: {
      HostedZoneId: 'Z1',
      ChangeBatch: {
        Comment: AWKWARD.trim().replace('\r', ''),
        Changes: [
          {
            Action: 'UPSERT',
            ResourceRecordSet: { Name: 'a.example', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }] },
          },
        ],
      },
    },
    output: { ChangeInfo: { Id: '/change/C1', Status: 'PENDING', SubmittedAt: AT } },
  },
  {
    service: 's3',
    action: 'ListObjectsV2',
    send: (input) => (toy) => new S3Client(toy.client()).send(new ListObjectsV2Command(input)),
    input: { Bucket: 'evidence', Prefix: 'inc-42/ä &?', MaxKeys: 7 },
    output: {
      Name: 'evidence',
      KeyCount: 1,
      IsTruncated: false,
      Contents: [{ Key: 'inc-42/<console>.txt', Size: 12, LastModified: AT, ETag: '"abc"' }],
    },
  },
  {
    service: 's3',
    action: 'HeadObject',
    send: (input) => (toy) => new S3Client(toy.client()).send(new HeadObjectCommand(input)),
    input: { Bucket: 'evidence', Key: 'a/b' },
    output: { ContentLength: 1234, ETag: '"abc"', LastModified: AT, Metadata: { incident: '42' } },
  },
];

/** Idempotency tokens are the SDK's own addition. */
const withoutTokens = (input: unknown): unknown => {
  const { ClientToken: _token, ...rest } = input as Readonly<Record<string, unknown>>;
  return rest;
};

describe('every member that goes in or comes out is what it was', () => {
  it.each(cases)('$service $action', async ({ service, action, send, input, output }) => {
    const { inputs, operation } = answering(output);
    await using toy = await startToy({ [service]: { [action]: operation as Operation<never> } });
    const { $metadata, ...got } = await send(input as never)(toy);
    expect(inputs.map(withoutTokens)).toEqual([input]);
    expect(got).toEqual(output);
    expect($metadata.httpStatusCode).toBe(200);
    expect(toy.wire.calls).toMatchObject([
      { service, action, outcome: 'OK', region: 'eu-west-1', requestId: $metadata.requestId },
    ]);
  });
});

describe('bodies of S3', () => {
  const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 251));
  const bodies: readonly (readonly [string, () => string | Uint8Array | Readable, Buffer])[] = [
    ['text', () => AWKWARD, Buffer.from(AWKWARD)],
    ['bytes', () => bytes, bytes],
    ['nothing', () => '', Buffer.alloc(0)],
    [
      'a stream of known length, which travels in chunks',
      () => Readable.from([bytes.subarray(0, 40_000), bytes.subarray(40_000)]),
      bytes,
    ],
  ];

  it.each(bodies)('%s', async (_what, body, expected) => {
    const put = answering<{ readonly Body: Uint8Array }>({ ETag: '"e"' });
    await using toy = await startToy({ s3: { PutObject: put.operation as Operation<never> } });
    const client = new S3Client(toy.client());
    const input = { Bucket: 'evidence', Key: 'inc 42/ä+b?.txt', Metadata: { incident: '42' }, ContentLength: expected.length };
    const answer = await client.send(new PutObjectCommand({ ...input, Body: body() as never }));
    expect(answer.ETag).toBe('"e"');
    expect(put.inputs).toHaveLength(1);
    expect(put.inputs[0]).toMatchObject({ Bucket: input.Bucket, Key: input.Key, Metadata: input.Metadata });
    expect(Buffer.from(put.inputs[0]!.Body).equals(expected)).toBe(true);
  });

  it('come back as they were', async () => {
    const get = answering({
      Body: bytes,
      ContentType: 'application/octet-stream',
      ContentLength: bytes.length,
      ETag: '"e"',
      Metadata: { who: 'ada' },
    });
    await using toy = await startToy({ s3: { GetObject: get.operation as Operation<never> } });
    const answer = await new S3Client(toy.client()).send(
      new GetObjectCommand({ Bucket: 'evidence', Key: 'k', Range: 'bytes=0-' }),
    );
    expect(get.inputs).toEqual([expect.objectContaining({ Bucket: 'evidence', Key: 'k', Range: 'bytes=0-' })]);
    expect(answer).toMatchObject({
      ContentType: 'application/octet-stream',
      ContentLength: bytes.length,
      Metadata: { who: 'ada' },
    });
    expect(Buffer.from(await answer.Body!.transformToByteArray()).equals(bytes)).toBe(true);
  });
});
