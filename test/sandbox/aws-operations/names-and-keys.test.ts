import {
  ACMClient,
  DescribeCertificateCommand,
  ListCertificatesCommand,
  type ListCertificatesCommandInput,
} from '@aws-sdk/client-acm';
import { DescribeVolumesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  GetHealthCheckCommand,
  GetHealthCheckStatusCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  Route53Client,
} from '@aws-sdk/client-route-53';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HostedZone } from '../../../sandbox/aws/world/state/services.ts';
import { ACCOUNT, BALANCER, CERTIFICATES, type Desk, failureOf, id, openDesk, REGION } from './kit.ts';

const DAY_MS = 86_400_000;

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk[Symbol.asyncDispose]());

const noneOf = [{ Effect: 'Allow', Action: 'ec2:*', Resource: '*' }];

const zone = (name: string, over: Partial<HostedZone> = {}): HostedZone => ({
  id: `Z${name.replaceAll('.', '').toUpperCase()}`,
  name,
  private: false,
  nameServers: ['ns-1.awsdns-01.com', 'ns-2.awsdns-02.net'],
  records: [],
  ...over,
});

describe('Route 53', () => {
  const route53 = (statements?: readonly unknown[]) => new Route53Client(desk.client(statements));
  const TRAP = { name: 'www.example.com', type: 'CNAME' as const, ttlSeconds: 60, values: ['shop.example.com'] };

  it('derives the zone that a name lies in, the same each time', async () => {
    const first = await route53().send(new ListHostedZonesCommand({}));
    const second = await route53().send(new ListHostedZonesCommand({}));
    expect(first.HostedZones).toEqual([expect.objectContaining({ Name: 'example.com.', ResourceRecordSetCount: 3 })]);
    expect(first.HostedZones?.[0]?.Id).toMatch(/^\/hostedzone\/Z0[0-9A-F]{18}$/);
    expect(second.HostedZones).toEqual(first.HostedZones);
  });

  it('tells the name servers that a registrar must delegate to', async () => {
    const { HostedZones } = await route53().send(new ListHostedZonesCommand({}));
    const found = await route53().send(new GetHostedZoneCommand({ Id: HostedZones![0]!.Id! }));
    expect(found.DelegationSet?.NameServers).toHaveLength(4);
    const unknown = await failureOf(route53().send(new GetHostedZoneCommand({ Id: 'ZNOBODY' })));
    expect(unknown).toMatchObject({ name: 'NoSuchHostedZone', message: 'No hosted zone found with ID: ZNOBODY' });
  });

  it('lists zones by name, in the order of their labels from the right, in pages', async () => {
    desk.state.zones = ['example.org', 'internal.example.com', 'example.com'].map((name) => zone(name));
    const names: unknown[] = [];
    let DNSName: string | undefined;
    do {
      const page = await route53().send(new ListHostedZonesByNameCommand({ MaxItems: 1, ...(DNSName && { DNSName }) }));
      names.push(...page.HostedZones!.map(({ Name }) => Name));
      DNSName = page.IsTruncated ? page.NextDNSName : undefined;
    } while (DNSName !== undefined);
    expect(names).toEqual(['example.com.', 'internal.example.com.', 'example.org.']);
    const page = await route53().send(new ListHostedZonesCommand({ MaxItems: 2 }));
    const rest = await route53().send(new ListHostedZonesCommand({ Marker: page.NextMarker }));
    expect([page.IsTruncated, rest.IsTruncated, rest.HostedZones?.[0]?.Name]).toEqual([true, false, 'example.org.']);
  });

  it('lists records from a name on, with aliases to load balancers, in pages', async () => {
    desk.state.zones = [zone('example.com', { records: [TRAP] })];
    const HostedZoneId = 'ZEXAMPLECOM';
    const seen: unknown[] = [];
    let next: { StartRecordName?: string; StartRecordType?: 'A' } | undefined = {};
    while (next !== undefined) {
      const page: Awaited<ReturnType<typeof read>> = await read({ HostedZoneId, MaxItems: 2, ...next });
      seen.push(page.ResourceRecordSets!.map(({ Name, Type }) => `${Name} ${Type}`));
      next = page.IsTruncated
        ? { StartRecordName: page.NextRecordName!, StartRecordType: page.NextRecordType as 'A' }
        : undefined;
    }
    expect(seen).toEqual([
      ['example.com. NS', 'example.com. SOA'],
      ['shop.example.com. A', 'www.example.com. CNAME'],
    ]);
    const { ResourceRecordSets } = await read({ HostedZoneId, StartRecordName: 'shop.example.com', MaxItems: 1 });
    expect(ResourceRecordSets).toEqual([
      {
        Name: 'shop.example.com.',
        Type: 'A',
        AliasTarget: {
          DNSName: `web-1.${REGION}.elb.amazonaws.com.`,
          HostedZoneId: 'Z3Q77PNBQS71R4',
          EvaluateTargetHealth: true,
        },
      },
    ]);
  });
  const read = (input: ListResourceRecordSetsCommandInput) => route53().send(new ListResourceRecordSetsCommand(input));

  it('gives a name to the closest zone only', async () => {
    desk.state.zones = [zone('example.com'), zone('shop.example.com')];
    const count = async (HostedZoneId: string) => (await read({ HostedZoneId })).ResourceRecordSets!.length;
    expect([await count('ZEXAMPLECOM'), await count('ZSHOPEXAMPLECOM')]).toEqual([2, 3]);
  });

  it('checks health from outside as users would', async () => {
    desk.state.securityGroups[0]!.rules.push({
      id: id('sgr', '9'),
      egress: false,
      protocol: 'tcp',
      from: 443,
      to: 443,
      cidr: '0.0.0.0/0',
    });
    desk.state.healthChecks = [{ id: 'check-1', host: 'shop.example.com', protocol: 'HTTPS', port: 443, path: '/' }];
    desk.clock.advance(60_000);
    const status = async () => {
      const { HealthCheckObservations } = await route53().send(new GetHealthCheckStatusCommand({ HealthCheckId: 'check-1' }));
      return HealthCheckObservations!.map(({ StatusReport }) => StatusReport?.Status);
    };
    expect(await status()).toEqual(Array.from({ length: 3 }, () => 'Success: HTTP Status Code 200, OK'));
    desk.world.act(({ instances }) => {
      for (const { app } of instances) app.status = 503;
    });
    expect((await status())[0]).toBe('Failure: HTTP Status Code 503.');
    desk.world.act(({ names }) => names.splice(0));
    expect((await status())[0]).toMatch(/^Failure: Resolved IP/);
    const { HealthCheck } = await route53().send(new GetHealthCheckCommand({ HealthCheckId: 'check-1' }));
    expect(HealthCheck?.HealthCheckConfig).toMatchObject({ Type: 'HTTPS', FullyQualifiedDomainName: 'shop.example.com' });
    const unknown = route53().send(new GetHealthCheckStatusCommand({ HealthCheckId: 'nobody' }));
    expect((await failureOf(unknown)).name).toBe('NoSuchHealthCheck');
  });

  it('is denied to who may not', async () => {
    const denied = await failureOf(route53(noneOf).send(new ListHostedZonesCommand({})));
    expect(denied.name).toBe('AccessDenied');
    expect(denied.message).toContain('route53:ListHostedZones');
  });
});

describe('ACM', () => {
  const acm = (statements?: readonly unknown[]) => new ACMClient(desk.client(statements));

  it('tells until when a certificate holds and who shows it', async () => {
    const { Certificate } = await acm().send(new DescribeCertificateCommand({ CertificateArn: CERTIFICATES[0]! }));
    expect(Certificate).toMatchObject({
      DomainName: 'shop.example.com',
      SubjectAlternativeNames: ['shop.example.com'],
      Status: 'ISSUED',
      InUseBy: [BALANCER],
    });
    expect(Certificate?.NotAfter?.getTime()).toBe(desk.state.certificates[0]!.notAfter);
  });

  it('lets certificates expire, and lists them by status and in pages', async () => {
    const list = async (input: ListCertificatesCommandInput) => {
      const { CertificateSummaryList = [], NextToken } = await acm().send(new ListCertificatesCommand(input));
      return { names: CertificateSummaryList.map(({ DomainName }) => DomainName), NextToken };
    };
    const first = await list({ MaxItems: 1 });
    const second = await list({ MaxItems: 1, NextToken: first.NextToken });
    expect([first.names, second.names, second.NextToken]).toEqual([['shop.example.com'], ['*.example.com'], undefined]);
    desk.state.certificates[0]!.notAfter = desk.clock.now() + DAY_MS;
    desk.clock.advance(2 * DAY_MS);
    expect((await list({ CertificateStatuses: ['EXPIRED'] })).names).toEqual(['shop.example.com']);
    expect((await failureOf(list({ NextToken: 'mine' }))).name).toBe('ValidationException');
  });

  it('does not know others, and is denied to who may not', async () => {
    const CertificateArn = `${CERTIFICATES[0]}9`;
    expect((await failureOf(acm().send(new DescribeCertificateCommand({ CertificateArn })))).name).toBe(
      'ResourceNotFoundException',
    );
    expect((await failureOf(acm(noneOf).send(new ListCertificatesCommand({})))).name).toBe('AccessDeniedException');
  });
});

describe('KMS', () => {
  const kms = (statements?: readonly unknown[]) => new KMSClient(desk.client(statements));
  const arn = `arn:aws:kms:${REGION}:${ACCOUNT}:key/11111111-2222-4333-8444-555555555555`;
  const keyId = arn.split('/')[1]!;

  it.each([
    ['its id', keyId],
    ['its ARN', arn],
  ])('knows the key of a volume by %s', async (_, KeyId) => {
    desk.state.volumes[0]!.kmsKeyId = arn;
    const { KeyMetadata } = await kms().send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata).toMatchObject({ KeyId: keyId, Arn: arn, KeyState: 'Enabled', Enabled: true });
  });

  it('knows the key of what is encrypted without naming one', async () => {
    const { Volumes } = await new EC2Client(desk.client()).send(new DescribeVolumesCommand({}));
    const { KeyMetadata } = await kms().send(new DescribeKeyCommand({ KeyId: Volumes![0]!.KmsKeyId! }));
    expect(KeyMetadata).toMatchObject({ KeyManager: 'AWS', KeyState: 'Enabled' });
  });

  it('tells of a key that is to be deleted', async () => {
    desk.state.volumes[0]!.kmsKeyId = arn;
    desk.state.keys = [{ id: keyId, arn, state: 'PendingDeletion', description: 'data', createdAt: 0, manager: 'CUSTOMER' }];
    const { KeyMetadata } = await kms().send(new DescribeKeyCommand({ KeyId: arn }));
    expect(KeyMetadata).toMatchObject({ KeyState: 'PendingDeletion', Enabled: false, Description: 'data' });
  });

  it('does not know others, and is denied to who may not', async () => {
    expect(await failureOf(kms().send(new DescribeKeyCommand({ KeyId: arn })))).toEqual({
      name: 'NotFoundException',
      message: `Key '${arn}' does not exist`,
    });
    const denied = await failureOf(kms(noneOf).send(new DescribeKeyCommand({ KeyId: arn })));
    expect(denied.name).toBe('AccessDeniedException');
    expect(denied.message).toContain(arn);
  });
});

describe('S3', () => {
  const Bucket = 'evidence';
  const s3 = (statements?: readonly unknown[]) => new S3Client({ ...desk.client(statements), forcePathStyle: true });
  const put = (Key: string, Body: string, over: object = {}, by = s3()) =>
    by.send(new PutObjectCommand({ Bucket, Key, Body, ServerSideEncryption: 'aws:kms', ContentType: 'text/plain', ...over }));

  beforeEach(async () => {
    await s3().send(new CreateBucketCommand({ Bucket }));
  });

  it('keeps what it was given, encrypted as asked', async () => {
    const text = 'console of i-1: Käse\n';
    const stored = await put('incidents/1/console.txt', text, { SSEKMSKeyId: 'key-1', Metadata: { run: 'run-1' } });
    expect(stored).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'key-1' });
    const found = await s3().send(new GetObjectCommand({ Bucket, Key: 'incidents/1/console.txt' }));
    expect(await found.Body?.transformToString()).toBe(text);
    expect(found).toMatchObject({ ContentType: 'text/plain', ServerSideEncryption: 'aws:kms', Metadata: { run: 'run-1' } });
    const head = await s3().send(new HeadObjectCommand({ Bucket, Key: 'incidents/1/console.txt' }));
    expect(head).toMatchObject({ ContentLength: Buffer.byteLength(text), ETag: stored.ETag });
    expect(JSON.parse(desk.world.snapshot()).buckets[0].objects).toHaveProperty(['incidents/1/console.txt']);
  });

  it('encrypts by itself, and by the account own key when none is named', async () => {
    expect(await put('a', '1', { ServerSideEncryption: undefined })).toMatchObject({ ServerSideEncryption: 'AES256' });
    const { SSEKMSKeyId } = await put('b', '1');
    const kms = new KMSClient(desk.client());
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/s3' }));
    expect(KeyMetadata).toMatchObject({ Arn: SSEKMSKeyId, KeyManager: 'AWS' });
  });

  it('lets nobody write over what is there, when asked', async () => {
    await put('a', 'first', { IfNoneMatch: '*' });
    expect((await failureOf(put('a', 'second', { IfNoneMatch: '*' }))).name).toBe('PreconditionFailed');
    const found = await s3().send(new GetObjectCommand({ Bucket, Key: 'a' }));
    expect(await found.Body?.transformToString()).toBe('first');
    await put('a', 'third');
    const replaced = await s3().send(new GetObjectCommand({ Bucket, Key: 'a' }));
    expect(await replaced.Body?.transformToString()).toBe('third');
  });

  it('lists keys in pages', async () => {
    for (const key of ['c', 'a', 'b', 'other/d']) await put(key, key);
    const first = await s3().send(new ListObjectsV2Command({ Bucket, MaxKeys: 3 }));
    const second = await s3().send(new ListObjectsV2Command({ Bucket, ContinuationToken: first.NextContinuationToken }));
    expect(first.Contents?.map(({ Key }) => Key)).toEqual(['a', 'b', 'c']);
    expect(second.Contents?.map(({ Key }) => Key)).toEqual(['other/d']);
    const { KeyCount } = await s3().send(new ListObjectsV2Command({ Bucket, Prefix: 'other/' }));
    expect(KeyCount).toBe(1);
  });

  it('knows no other bucket and no other key', async () => {
    expect((await failureOf(put('a', '1', { Bucket: 'elsewhere' }))).name).toBe('NoSuchBucket');
    expect((await failureOf(s3().send(new GetObjectCommand({ Bucket, Key: 'nothing' })))).name).toBe('NoSuchKey');
  });

  it('can be opened for encrypted writing only', async () => {
    const writer = s3([
      {
        Effect: 'Allow',
        Action: 's3:PutObject',
        Resource: 'arn:aws:s3:::evidence/incidents/*',
        Condition: { StringEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } },
      },
    ]);
    await put('incidents/1', 'x', {}, writer);
    expect((await failureOf(put('incidents/2', 'x', { ServerSideEncryption: 'AES256' }, writer))).name).toBe('AccessDenied');
    expect((await failureOf(put('elsewhere', 'x', {}, writer))).name).toBe('AccessDenied');
    expect((await failureOf(writer.send(new GetObjectCommand({ Bucket, Key: 'incidents/1' })))).name).toBe('AccessDenied');
  });
});
