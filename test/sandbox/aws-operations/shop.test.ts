import { ACMClient, DescribeCertificateCommand } from '@aws-sdk/client-acm';
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeInstancesCommand, EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ListHostedZonesCommand, ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import { createIdentity } from '../../../sandbox/aws/identity/identity.ts';
import type { CallContext, Operation } from '../../../sandbox/aws/operation.ts';
import { createFaultPlan } from '../../../sandbox/aws/wire/faults.ts';
import { createWire } from '../../../sandbox/aws/wire/wire.ts';
import { createShopWorld, type ShopOptions } from '../../../sandbox/aws/world/fixtures/shop.ts';
import { createManualClock } from '../../../src/adapters/clock.ts';
import { ACCOUNT, REGION } from './kit.ts';

const MINUTE_MS = 60_000;

/** The shop before a wire, and what clients are configured with. */
const openShop = async (options: Omit<ShopOptions, 'clock' | 'identity'> = {}) => {
  const clock = createManualClock();
  const identity = createIdentity({ accountId: ACCOUNT, clock });
  const world = createShopWorld({ clock, identity, ...options });
  const wire = createWire({ account: world.operations, identity, clock, faults: createFaultPlan() });
  const { url } = await wire.listen();
  identity.createUser('operator');
  const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
  identity.putUserPolicy('operator', 'all', { Version: '2012-10-17', Statement });
  const client = { endpoint: url, region: REGION, credentials: identity.createAccessKey('operator'), maxAttempts: 1 };
  return { clock, world, client, [Symbol.asyncDispose]: () => wire.close() };
};

describe('the shop, through the API', () => {
  const { operations } = createShopWorld({ clock: createManualClock() });
  const OTHERS = ['autoscaling', 'ssm'];
  const lists = Object.entries(operations)
    .filter(([service]) => !OTHERS.includes(service))
    .flatMap(([service, all]) =>
      Object.keys(all)
        .filter((action) => /^(Describe|List)/.test(action))
        .map((action) => [service, action] as const),
    );
  /** They need to be told what of. */
  const PARTICULAR =
    /Attribute|TargetHealth|^DescribeListeners$|ListenerCertificates|^DescribeRules$|^DescribeKey$|ResourceRecordSets|DescribeCertificate|LaunchTemplateVersions|ListObjects|^DescribeTags$/;

  it.each(lists.filter(([, action]) => !PARTICULAR.test(action)))(
    '%s %s lists without being asked for anything',
    async (service, action) => {
      const operation = operations[service]![action] as Operation<object, object>;
      const context = { region: REGION } as CallContext;
      expect(operation.authorize({}, context)).toEqual([expect.objectContaining({ resource: '*' })]);
      const output = await operation.run({}, context);
      expect(Object.values(output).some(Array.isArray)).toBe(true);
    },
  );

  it('is found from its name down to its instances', async () => {
    await using shop = await openShop();
    const route53 = new Route53Client(shop.client);
    const { HostedZones } = await route53.send(new ListHostedZonesCommand({}));
    const { ResourceRecordSets } = await route53.send(
      new ListResourceRecordSetsCommand({
        HostedZoneId: HostedZones![0]!.Id!,
        StartRecordName: shop.world.shop.host,
        MaxItems: 1,
      }),
    );
    const balancer = shop.world.state.loadBalancers[0]!;
    expect(ResourceRecordSets?.[0]?.AliasTarget?.DNSName).toBe(`${balancer.dnsName}.`);
    const { TargetHealthDescriptions } = await new ElasticLoadBalancingV2Client(shop.client).send(
      new DescribeTargetHealthCommand({ TargetGroupArn: shop.world.shop.targetGroupArn }),
    );
    expect(TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth?.State)).toEqual(['healthy', 'healthy', 'healthy']);
    const { Reservations } = await new EC2Client(shop.client).send(
      new DescribeInstancesCommand({ InstanceIds: TargetHealthDescriptions!.map(({ Target }) => Target!.Id!) }),
    );
    expect(Reservations).toHaveLength(3);
    const CertificateArn = shop.world.state.certificates[0]!.arn;
    const { Certificate } = await new ACMClient(shop.client).send(new DescribeCertificateCommand({ CertificateArn }));
    expect(Certificate).toMatchObject({ Status: 'ISSUED', InUseBy: [balancer.arn] });
  });

  it('shows its last deployment in the trail', async () => {
    await using shop = await openShop();
    const { Events } = await new CloudTrailClient(shop.client).send(
      new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'StartInstanceRefresh' }] }),
    );
    expect(Events).toEqual([
      expect.objectContaining({
        Username: 'pipeline',
        Resources: [{ ResourceType: 'AWS::AutoScaling::AutoScalingGroup', ResourceName: 'shop-web' }],
      }),
    ]);
  });

  /** What each trouble has done to the numbers since it began a minute ago; an hour ago all was well. */
  it.each([
    ['oneServes502', { HTTPCode_Target_5XX_Count: 'some', HTTPCode_ELB_5XX_Count: 'none', RequestCount: 'some' }],
    ['processDown', { HTTPCode_Target_5XX_Count: 'none', HTTPCode_ELB_502_Count: 'some', RequestCount: 'some' }],
    ['ephemeralClosed', { HTTPCode_Target_5XX_Count: 'none', HTTPCode_ELB_504_Count: 'some', RequestCount: 'some' }],
    ['certificateExpired', { HTTPCode_ELB_5XX_Count: 'none', RequestCount: 'none' }],
  ] as const)('%s shows in the metrics as %j', async (trouble, expected) => {
    await using shop = await openShop({ trouble, troubleAgeMs: MINUTE_MS });
    const now = shop.clock.now();
    const LoadBalancer = shop.world.shop.loadBalancerArn.split(':loadbalancer/')[1]!;
    const client = new CloudWatchClient(shop.client);
    const metric = (MetricName: string) => ({
      Namespace: 'AWS/ApplicationELB',
      MetricName,
      Dimensions: [{ Name: 'LoadBalancer', Value: LoadBalancer }],
    });
    const sumOf = async (name: string, from: number, until: number): Promise<number> => {
      const MetricDataQueries = [{ Id: 'm1', MetricStat: { Metric: metric(name), Period: 1, Stat: 'Sum' } }];
      const input = { StartTime: new Date(from), EndTime: new Date(until), MetricDataQueries };
      const { MetricDataResults } = await client.send(new GetMetricDataCommand(input));
      return MetricDataResults![0]!.Values!.reduce((sum, value) => sum + value, 0);
    };
    for (const [name, amount] of Object.entries(expected)) {
      expect([name, (await sumOf(name, now - MINUTE_MS, now)) > 0 ? 'some' : 'none']).toEqual([name, amount]);
      const before = await sumOf(name, now - 60 * MINUTE_MS, now - 50 * MINUTE_MS);
      expect([name, before]).toEqual([name, name === 'RequestCount' ? 12_000 : 0]);
    }
  });

  it('pages through hundreds of instances', async () => {
    await using shop = await openShop({ scale: true });
    const ids = new Set<string>();
    let pages = 0;
    for await (const { Reservations = [] } of paginateDescribeInstances(
      { client: new EC2Client(shop.client) },
      { MaxResults: 50 },
    )) {
      pages += 1;
      for (const { Instances = [] } of Reservations) for (const { InstanceId = '' } of Instances) ids.add(InstanceId);
    }
    expect(ids.size).toBe(shop.world.state.instances.length);
    expect(pages).toBe(Math.ceil(ids.size / 50));
  });
});
