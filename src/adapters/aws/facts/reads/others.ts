import { DescribeCertificateCommand, type DescribeCertificateCommandInput } from '@aws-sdk/client-acm';
import { LookupEventsCommand, type LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import { GetMetricDataCommand, type GetMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import { DescribeKeyCommand, type DescribeKeyCommandInput } from '@aws-sdk/client-kms';
import {
  GetHealthCheckStatusCommand,
  type GetHealthCheckStatusCommandInput,
  GetHostedZoneCommand,
  type GetHostedZoneCommandInput,
  ListHostedZonesCommand,
  type ListHostedZonesCommandInput,
  type ListHostedZonesCommandOutput,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
} from '@aws-sdk/client-route-53';
import type { PagedRead } from '../look.ts';
import { byNextToken, read } from './paging.ts';

export const describeKey = read('kms:DescribeKey', ({ kms }, input: DescribeKeyCommandInput, options) =>
  kms.send(new DescribeKeyCommand(input), options),
);
export const describeCertificate = read('acm:DescribeCertificate', ({ acm }, input: DescribeCertificateCommandInput, options) =>
  acm.send(new DescribeCertificateCommand(input), options),
);
export const getMetricData = byNextToken(
  'cloudwatch:GetMetricData',
  ({ cloudWatch }, input: GetMetricDataCommandInput, options) => cloudWatch.send(new GetMetricDataCommand(input), options),
  ({ MetricDataResults }) => MetricDataResults,
);

export const listHostedZones: PagedRead<
  ListHostedZonesCommandInput,
  ListHostedZonesCommandOutput,
  NonNullable<ListHostedZonesCommandOutput['HostedZones']>[number]
> = {
  action: 'route53:ListHostedZones',
  send: ({ route53 }, input, options) => route53.send(new ListHostedZonesCommand(input), options),
  items: ({ HostedZones }) => HostedZones,
  next: (input, { IsTruncated, NextMarker }) => (IsTruncated && NextMarker ? { ...input, Marker: NextMarker } : undefined),
};
/** From a name on; the wanted ones come first, so that one page will do. */
export const listResourceRecordSets = read(
  'route53:ListResourceRecordSets',
  ({ route53 }, input: ListResourceRecordSetsCommandInput, options) =>
    route53.send(new ListResourceRecordSetsCommand(input), options),
);
export const getHostedZone = read('route53:GetHostedZone', ({ route53 }, input: GetHostedZoneCommandInput, options) =>
  route53.send(new GetHostedZoneCommand(input), options),
);
export const getHealthCheckStatus = read(
  'route53:GetHealthCheckStatus',
  ({ route53 }, input: GetHealthCheckStatusCommandInput, options) =>
    route53.send(new GetHealthCheckStatusCommand(input), options),
);

/** IAM and Route 53 write their trail in another region. */
type TrailInput = LookupEventsCommandInput & { readonly where: 'region' | 'global' };
export const lookupEvents = {
  ...byNextToken(
    'cloudtrail:LookupEvents',
    ({ cloudTrail, globalCloudTrail }, { where, ...input }: TrailInput, options) =>
      (where === 'region' ? cloudTrail : globalCloudTrail).send(new LookupEventsCommand(input), options),
    ({ Events }) => Events,
  ),
  pace: ({ where }: TrailInput) => `cloudtrail ${where}`,
};
