import { CloudTrailClient, LookupEventsCommand, type LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateTagsCommand, DescribeInstancesCommand, EC2Client, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordDeed } from '../../../sandbox/aws/world/trail.ts';
import { BALANCER, type Desk, failureOf, id, openDesk, REGION, WEB_TARGETS } from './kit.ts';

const MINUTE_MS = 60_000;
const [A, C] = [id('i', 'a'), id('i', 'c')];

let desk: Desk;
beforeEach(async () => {
  // The load balancer is open to users, so that there is traffic.
  desk = await openDesk(({ securityGroups }) => {
    securityGroups[0]!.rules.push({ id: id('sgr', '9'), egress: false, protocol: 'tcp', from: 443, to: 443, cidr: '0.0.0.0/0' });
  });
});
afterEach(() => desk[Symbol.asyncDispose]());

describe('CloudTrail', () => {
  const lookUp = async (input: LookupEventsCommandInput = {}, region = REGION) => {
    const client = new CloudTrailClient({ ...desk.client(), region });
    const { Events = [], NextToken } = await client.send(new LookupEventsCommand(input));
    return { events: Events, names: Events.map(({ EventName }) => EventName), NextToken };
  };
  const tag = (Resources: string[]) =>
    new EC2Client(desk.client()).send(new CreateTagsCommand({ Resources, Tags: [{ Key: 'k', Value: 'v' }] }));

  it('tells minutes later who did what to which resource, newest first', async () => {
    await tag([A]);
    desk.clock.advance(MINUTE_MS);
    const terminated = new EC2Client(desk.client()).send(new TerminateInstancesCommand({ InstanceIds: [C] }));
    await failureOf(terminated);
    await new EC2Client(desk.client()).send(new DescribeInstancesCommand({}));
    expect((await lookUp()).names).toEqual([]);
    desk.clock.advance(4 * MINUTE_MS);
    const { events, names } = await lookUp();
    expect(names).toEqual(['TerminateInstances', 'CreateTags']);
    expect(events[1]).toMatchObject({
      EventSource: 'ec2.amazonaws.com',
      ReadOnly: 'false',
      Username: 'user-1',
      Resources: [{ ResourceType: 'AWS::EC2::Instance', ResourceName: A }],
    });
    expect(JSON.parse(events[0]!.CloudTrailEvent!)).toMatchObject({
      eventName: 'TerminateInstances',
      awsRegion: REGION,
      errorCode: 'OperationNotPermitted',
      requestParameters: { instanceIds: [C] },
      userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/user-2' },
    });
  });

  it('tells of a change by its own minutes only', async () => {
    await tag([A]);
    desk.clock.advance(3 * MINUTE_MS - 1);
    expect((await lookUp()).names).toEqual([]);
    desk.clock.advance(1);
    expect((await lookUp()).names).toEqual(['CreateTags']);
  });

  it.each([
    ['EventName', 'CreateTags', 2],
    ['EventName', 'Other', 0],
    ['ResourceName', A, 1],
    ['ResourceType', 'AWS::EC2::Volume', 1],
    ['Username', 'user-1', 1],
    ['EventSource', 'ec2.amazonaws.com', 2],
    ['ReadOnly', 'true', 0],
  ] as const)('finds by %s %s %i events', async (AttributeKey, AttributeValue, count) => {
    await tag([A]);
    await tag([id('vol', 'a1')]);
    desk.clock.advance(5 * MINUTE_MS);
    expect((await lookUp({ LookupAttributes: [{ AttributeKey, AttributeValue }] })).events).toHaveLength(count);
  });

  it('pages, and looks into a time range', async () => {
    const start = desk.clock.now();
    for (let index = 0; index < 5; index += 1) {
      await tag([A]);
      desk.clock.advance(MINUTE_MS);
    }
    desk.clock.advance(5 * MINUTE_MS);
    const sizes: number[] = [];
    let NextToken: string | undefined;
    do {
      const page = await lookUp({ MaxResults: 2, NextToken });
      sizes.push(page.events.length);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(sizes).toEqual([2, 2, 1]);
    const inside = await lookUp({ StartTime: new Date(start + MINUTE_MS), EndTime: new Date(start + 2 * MINUTE_MS) });
    expect(inside.events).toHaveLength(2);
  });

  it.each([
    [{ MaxResults: 51 }, 'InvalidMaxResultsException'],
    [{ NextToken: 'mine' }, 'InvalidNextTokenException'],
    [{ StartTime: new Date(2), EndTime: new Date(1) }, 'InvalidTimeRangeException'],
    [
      {
        LookupAttributes: [
          { AttributeKey: 'EventName', AttributeValue: 'a' },
          { AttributeKey: 'Username', AttributeValue: 'b' },
        ],
      },
      'InvalidLookupAttributesException',
    ],
  ] as const)('refuses %j with %s', async (input, name) => {
    expect((await failureOf(lookUp(input as LookupEventsCommandInput))).name).toBe(name);
  });

  it('keeps what global services did where they live, and leaves out what happens to objects', async () => {
    recordDeed(desk.state, { service: 'iam', name: 'DeleteRolePolicy', callerArn: 'arn:aws:iam::1:user/eve', parameters: {} });
    const s3 = new S3Client({ ...desk.client(), forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'evidence' }));
    await s3.send(new PutObjectCommand({ Bucket: 'evidence', Key: 'k', Body: 'v' }));
    desk.clock.advance(5 * MINUTE_MS);
    expect((await lookUp({}, 'us-east-1')).names).toEqual(['DeleteRolePolicy']);
    expect((await lookUp()).names).toEqual([]);
  });

  it('is denied to who may not', async () => {
    const stranger = new CloudTrailClient(desk.client([{ Effect: 'Allow', Action: 'ec2:*', Resource: '*' }]));
    expect((await failureOf(stranger.send(new LookupEventsCommand({})))).name).toBe('AccessDeniedException');
  });
});

describe('CloudWatch', () => {
  const LoadBalancer = BALANCER.split(':loadbalancer/')[1]!;
  const TargetGroup = WEB_TARGETS.split(':').at(-1)!;
  const read = async (
    MetricName: string,
    Stat: string,
    dimensions: Record<string, string>,
    { minutes = 10, period = 60, namespace = 'AWS/ApplicationELB' } = {},
  ) => {
    const now = desk.clock.now();
    const { MetricDataResults } = await new CloudWatchClient(desk.client()).send(
      new GetMetricDataCommand({
        StartTime: new Date(now - minutes * MINUTE_MS),
        EndTime: new Date(now),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: [
          {
            Id: 'm1',
            MetricStat: {
              Metric: {
                Namespace: namespace,
                MetricName,
                Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
              },
              Period: period,
              Stat,
            },
          },
        ],
      }),
    );
    return MetricDataResults![0]!.Values!.map((value) => Math.round(value * 1_000) / 1_000);
  };

  /** A world whose minutes begin with the clock's, with both targets healthy for ten minutes. */
  const warmUp = () => {
    desk.clock.advance(MINUTE_MS - (desk.clock.now() % MINUTE_MS));
    desk.clock.advance(10 * MINUTE_MS);
    desk.world.settle();
  };

  it('counts requests and no errors while all is well', async () => {
    warmUp();
    expect(await read('RequestCount', 'Sum', { LoadBalancer }, { minutes: 3 })).toEqual([1_200, 1_200, 1_200]);
    expect(await read('RequestCount', 'Sum', { LoadBalancer }, { minutes: 10, period: 300 })).toEqual([6_000, 6_000]);
    expect(await read('HTTPCode_Target_5XX_Count', 'Sum', { LoadBalancer })).toEqual([]);
    expect(await read('HTTPCode_Target_2XX_Count', 'Sum', { LoadBalancer, TargetGroup }, { minutes: 1 })).toEqual([1_200]);
  });

  it('sees errors from the minute they begin, in the share of the targets that make them', async () => {
    warmUp();
    desk.clock.advance(MINUTE_MS / 2);
    desk.world.act(({ instances }) => {
      instances[0]!.app.status = 500;
    });
    desk.clock.advance(MINUTE_MS * 1.5);
    expect(await read('HTTPCode_Target_5XX_Count', 'Sum', { LoadBalancer }, { minutes: 3 })).toEqual([300, 600]);
    expect(await read('HTTPCode_ELB_5XX_Count', 'Sum', { LoadBalancer }, { minutes: 3 })).toEqual([]);
  });

  it('tells the load balancer own errors from those of its targets, and counts the healthy', async () => {
    warmUp();
    desk.world.act(({ instances }) => {
      for (const { app } of instances) app.state = 'down';
    });
    desk.clock.advance(2 * MINUTE_MS);
    expect(await read('HTTPCode_ELB_5XX_Count', 'Sum', { LoadBalancer }, { minutes: 2 })).toEqual([1_200, 1_200]);
    expect(await read('HTTPCode_ELB_502_Count', 'Sum', { LoadBalancer }, { minutes: 1 })).toEqual([1_200]);
    expect(await read('HealthyHostCount', 'Minimum', { LoadBalancer, TargetGroup }, { minutes: 3 })).toEqual([2, 0, 0]);
    expect(await read('UnHealthyHostCount', 'Maximum', { LoadBalancer, TargetGroup }, { minutes: 1 })).toEqual([2]);
    expect(await read('TargetResponseTime', 'Average', { LoadBalancer }, { minutes: 3 })).toEqual([0.045]);
  });

  it('has fewer requests when users no longer get there', async () => {
    warmUp();
    desk.world.act(({ names }) => names.splice(0));
    desk.clock.advance(2 * MINUTE_MS);
    expect(await read('RequestCount', 'Sum', { LoadBalancer }, { minutes: 3 })).toEqual([1_200]);
  });

  it('measures how busy an instance is, from its launch on', async () => {
    warmUp();
    const cpu = (InstanceId: string) => read('CPUUtilization', 'Average', { InstanceId }, { minutes: 2, namespace: 'AWS/EC2' });
    expect(await cpu(A)).toEqual([34, 34]);
    desk.world.act(({ instances }) => {
      instances[0]!.app.state = 'hangs';
    });
    desk.clock.advance(2 * MINUTE_MS);
    expect(await cpu(A)).toEqual([97, 97]);
    expect(await cpu(id('i', 'dead'))).toEqual([]);
  });

  it('gives no data of what it does not know', async () => {
    warmUp();
    expect(await read('RequestCount', 'Sum', { LoadBalancer: 'app/other/0' })).toEqual([]);
    expect(await read('Colour', 'Sum', { LoadBalancer })).toEqual([]);
  });

  // The service says ValidationError, its client calls that by the name of its class.
  it.each([
    [{ MetricDataQueries: [] }, 'ValidationException'],
    [{ MetricDataQueries: [{ Id: 'e1', Expression: 'm1 + m2' }] }, 'ValidationException'],
    [{ StartTime: new Date(5), EndTime: new Date(5) }, 'ValidationException'],
  ])('refuses %j with %s', async (over, name) => {
    const query = { Id: 'm1', MetricStat: { Metric: { Namespace: 'a', MetricName: 'b' }, Period: 60, Stat: 'Sum' } };
    const input = { StartTime: new Date(1), EndTime: new Date(2), MetricDataQueries: [query], ...over };
    const call = new CloudWatchClient(desk.client()).send(new GetMetricDataCommand(input));
    expect((await failureOf(call)).name).toBe(name);
  });

  it('is denied to who may not', async () => {
    const stranger = new CloudWatchClient(desk.client([{ Effect: 'Allow', Action: 'ec2:*', Resource: '*' }]));
    const call = stranger.send(
      new GetMetricDataCommand({ StartTime: new Date(1), EndTime: new Date(2), MetricDataQueries: [{ Id: 'm1' }] }),
    );
    expect((await failureOf(call)).message).toContain('cloudwatch:GetMetricData');
  });
});
