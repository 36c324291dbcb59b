import type { HostedZone, ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { Look } from './look.ts';
import { listHostedZones, listResourceRecordSets } from './reads/others.ts';

/** Route 53 writes names with their final dot, and the `*` of a wildcard as an octal escape. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html */
export const plainName = (name: string): string => name.toLowerCase().replace(/\.$/, '').replace('\\052', '*');

/** The public zones whose domain the host is in, the closest first. */
export const zonesOf = async (look: Look, host: string): Promise<readonly HostedZone[]> => {
  const name = plainName(host);
  const zones = await look.all(listHostedZones, {});
  return zones
    .filter(({ Name = '' }) => name === plainName(Name) || name.endsWith(`.${plainName(Name)}`))
    .toSorted(
      (a, b) =>
        Number(a.Config?.PrivateZone ?? false) - Number(b.Config?.PrivateZone ?? false) ||
        (b.Name?.length ?? 0) - (a.Name?.length ?? 0),
    );
};

/** Records of exactly this name. They come first when the list starts there. */
export const recordsOf = async (look: Look, zoneId: string, host: string): Promise<readonly ResourceRecordSet[]> => {
  const { ResourceRecordSets = [] } = await look.ask(listResourceRecordSets, {
    HostedZoneId: zoneId,
    StartRecordName: `${plainName(host)}.`,
  });
  return ResourceRecordSets.filter(({ Name = '' }) => plainName(Name) === plainName(host));
};

/** Load balancers are also known under this prefix, in both kinds of address. */
export const loadBalancerName = (dnsName: string): string => plainName(dnsName).replace(/^dualstack\./, '');
