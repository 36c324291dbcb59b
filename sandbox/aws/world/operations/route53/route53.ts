import type * as Route53 from '@aws-sdk/client-route-53';
import { AwsError, type Operation, type ServiceOperations } from '../../../operation.ts';
import { possibleReplies } from '../../physics/users.ts';
import type { DnsHealthCheck, HostedZone } from '../../state/services.ts';
import type { WorldState } from '../../state/state.ts';
import { on, onAnything } from '../authorize.ts';
import { aliasesIn, compareNames, zonesOf } from './zones.ts';

/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZones.html, API_ListResourceRecordSets.html */
const ZONES_PER_PAGE_MAX = 100;
const RECORDS_PER_PAGE_MAX = 300;

const zoneArn = (id: string): string => `arn:aws:route53:::hostedzone/${id}`;
const checkArn = (id: string): string => `arn:aws:route53:::healthcheck/${id}`;
/** Ids come with and without their path. */
const bare = (id: string | undefined): string => id?.split('/').at(-1) ?? '';
/** Names are written with the dot at their end, and `*` as its octal code. */
const written = (name: string): string => `${name.replace(/\.$/, '').replace('*', '\\052')}.`;

const mustHaveZone = (state: WorldState, id: string | undefined): HostedZone => {
  const found = zonesOf(state).find((zone) => zone.id === bare(id));
  if (found === undefined) throw new AwsError('NoSuchHostedZone', `No hosted zone found with ID: ${bare(id)}`, 404);
  return found;
};

const APEX_TTL_SECONDS = { NS: 172_800, SOA: 900 } as const;
/** Load balancers have their zones by region; this stands in for one that is gone. */
const UNKNOWN_ALIAS_ZONE = 'Z00000000000000000000';

const recordsOf = (state: WorldState, zone: HostedZone): readonly Route53.ResourceRecordSet[] => {
  const [first = ''] = zone.nameServers;
  const values = (texts: readonly string[]) => texts.map((Value) => ({ Value }));
  const apex: Route53.ResourceRecordSet[] = [
    { Name: written(zone.name), Type: 'NS', TTL: APEX_TTL_SECONDS.NS, ResourceRecords: values(zone.nameServers.map(written)) },
    {
      Name: written(zone.name),
      Type: 'SOA',
      TTL: APEX_TTL_SECONDS.SOA,
      ResourceRecords: values([`${written(first)} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`]),
    },
  ];
  const aliases = aliasesIn(state, zone).map(({ name, aliasOf }): Route53.ResourceRecordSet => {
    const check = state.healthChecks?.find(({ host }) => host === name);
    return {
      Name: written(name),
      Type: 'A',
      AliasTarget: {
        DNSName: written(aliasOf),
        HostedZoneId: state.loadBalancers.find(({ dnsName }) => dnsName === aliasOf)?.hostedZoneId ?? UNKNOWN_ALIAS_ZONE,
        EvaluateTargetHealth: true,
      },
      ...(check && { HealthCheckId: check.id }),
    };
  });
  const plain = zone.records.map(({ name, type, ttlSeconds, values: texts }) => ({
    Name: written(name),
    Type: type,
    TTL: ttlSeconds,
    ResourceRecords: values(texts),
  }));
  return [...apex, ...aliases, ...plain].sort(
    (a, b) => compareNames(a.Name!, b.Name!) || (a.Type! < b.Type! ? -1 : a.Type! > b.Type! ? 1 : 0),
  );
};

const zoneShape = (state: WorldState, zone: HostedZone): Route53.HostedZone => ({
  Id: `/hostedzone/${zone.id}`,
  Name: written(zone.name),
  CallerReference: zone.id,
  Config: { PrivateZone: zone.private },
  ResourceRecordSetCount: recordsOf(state, zone).length,
});

const sizeOf = (asked: number | undefined, max: number): number => {
  if (asked !== undefined && asked < 1) throw new AwsError('InvalidInput', 'The value of maxItems must be at least 1.');
  return Math.min(asked ?? max, max);
};

/** The next page begins at a name and type, not at a token: a list may change in between. */
const listZones = (state: WorldState): Operation<Route53.ListHostedZonesCommandInput> => ({
  authorize: () => onAnything('route53:ListHostedZones'),
  run: ({ Marker, MaxItems }) => {
    const zones = zonesOf(state);
    const size = sizeOf(MaxItems, ZONES_PER_PAGE_MAX);
    const from = Marker === undefined ? 0 : zones.findIndex((zone) => zone.id === bare(Marker));
    if (from < 0) throw new AwsError('InvalidInput', `The marker ${Marker} is not a hosted zone.`);
    const next = zones[from + size];
    return {
      HostedZones: zones.slice(from, from + size).map((zone) => zoneShape(state, zone)),
      Marker: Marker ?? '',
      MaxItems: size,
      IsTruncated: next !== undefined,
      ...(next && { NextMarker: next.id }),
    };
  },
});

const listZonesByName = (state: WorldState): Operation<Route53.ListHostedZonesByNameCommandInput> => ({
  authorize: () => onAnything('route53:ListHostedZonesByName'),
  run: ({ DNSName, HostedZoneId, MaxItems }) => {
    const size = sizeOf(MaxItems, ZONES_PER_PAGE_MAX);
    const zones = zonesOf(state).filter((zone) => DNSName === undefined || compareNames(zone.name, DNSName) >= 0);
    const next = zones[size];
    return {
      HostedZones: zones.slice(0, size).map((zone) => zoneShape(state, zone)),
      ...(DNSName !== undefined && { DNSName }),
      ...(HostedZoneId !== undefined && { HostedZoneId }),
      MaxItems: size,
      IsTruncated: next !== undefined,
      ...(next && { NextDNSName: written(next.name), NextHostedZoneId: next.id }),
    };
  },
});

const getZone = (state: WorldState): Operation<Route53.GetHostedZoneCommandInput> => ({
  authorize: ({ Id }) => [on('route53:GetHostedZone', zoneArn(bare(Id)))],
  run: ({ Id }) => {
    const zone = mustHaveZone(state, Id);
    return {
      HostedZone: zoneShape(state, zone),
      ...(zone.private
        ? { VPCs: state.vpcs.map(({ VpcId }) => ({ VPCId: VpcId, VPCRegion: state.region })) }
        : { DelegationSet: { NameServers: [...zone.nameServers] } }),
    };
  },
});

const listRecords = (state: WorldState): Operation<Route53.ListResourceRecordSetsCommandInput> => ({
  authorize: ({ HostedZoneId }) => [on('route53:ListResourceRecordSets', zoneArn(bare(HostedZoneId)))],
  run: ({ HostedZoneId, StartRecordName, StartRecordType, MaxItems }) => {
    const zone = mustHaveZone(state, HostedZoneId);
    if (StartRecordType !== undefined && StartRecordName === undefined)
      throw new AwsError('InvalidInput', 'A record type to start with needs a name to start with.');
    const isReached = ({ Name = '', Type = 'A' }: Route53.ResourceRecordSet): boolean => {
      const order = StartRecordName === undefined ? 1 : compareNames(Name, written(StartRecordName));
      return order > 0 || (order === 0 && (StartRecordType === undefined || Type >= StartRecordType));
    };
    const size = sizeOf(MaxItems, RECORDS_PER_PAGE_MAX);
    const records = recordsOf(state, zone).filter(isReached);
    const next = records[size];
    return {
      ResourceRecordSets: records.slice(0, size),
      MaxItems: size,
      IsTruncated: next !== undefined,
      ...(next && { NextRecordName: next.Name, NextRecordType: next.Type }),
    };
  },
});

const mustHaveCheck = (state: WorldState, id: string | undefined): DnsHealthCheck => {
  const found = state.healthChecks?.find((check) => check.id === id);
  if (found === undefined) throw new AwsError('NoSuchHealthCheck', `A health check with id ${id} does not exist.`, 404);
  return found;
};

const getCheck = (state: WorldState): Operation<Route53.GetHealthCheckCommandInput> => ({
  authorize: ({ HealthCheckId = '' }) => [on('route53:GetHealthCheck', checkArn(HealthCheckId))],
  run: ({ HealthCheckId }) => {
    const { id, host, port, path, protocol } = mustHaveCheck(state, HealthCheckId);
    return {
      HealthCheck: {
        Id: id,
        CallerReference: id,
        HealthCheckVersion: 1,
        HealthCheckConfig: {
          Type: protocol,
          FullyQualifiedDomainName: host,
          Port: port,
          ResourcePath: path,
          RequestInterval: 30,
          FailureThreshold: 3,
        },
      },
    };
  },
});

const CHECKERS = ['eu-west-1', 'us-east-1', 'ap-southeast-1'] as const;

/** What the checkers see is what users get. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html */
const statusOf = (state: WorldState, { host, port, path, protocol }: DnsHealthCheck): string => {
  const replies = possibleReplies(state, `${protocol.toLowerCase()}://${host}:${port}${path}`);
  const good = replies.find(({ status }) => status >= 200 && status < 400);
  if (good !== undefined) return `Success: HTTP Status Code ${good.status}, OK`;
  const [bad] = replies;
  return bad === undefined || bad.status === 0
    ? 'Failure: Resolved IP: connection timed out. The endpoint or the internet connection is down.'
    : `Failure: HTTP Status Code ${bad.status}.`;
};

const getStatus = (state: WorldState): Operation<Route53.GetHealthCheckStatusCommandInput> => ({
  authorize: ({ HealthCheckId = '' }) => [on('route53:GetHealthCheckStatus', checkArn(HealthCheckId))],
  run: ({ HealthCheckId }) => {
    const Status = statusOf(state, mustHaveCheck(state, HealthCheckId));
    return {
      HealthCheckObservations: CHECKERS.map((Region, index) => ({
        Region,
        IPAddress: `192.0.2.${index + 1}`,
        StatusReport: { Status, CheckedTime: new Date(state.now) },
      })),
    };
  },
});

/** Reads only: where names lead is changed by `WorldState.names`. */
export const route53 = (state: WorldState): ServiceOperations => ({
  ListHostedZones: listZones(state),
  ListHostedZonesByName: listZonesByName(state),
  GetHostedZone: getZone(state),
  ListResourceRecordSets: listRecords(state),
  GetHealthCheck: getCheck(state),
  GetHealthCheckStatus: getStatus(state),
});
