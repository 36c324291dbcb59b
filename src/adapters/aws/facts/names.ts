import type { HealthCheckObservation, ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { DnsRecord, NameResolution } from '../../../runbook/entities.ts';
import { codeOf } from '../failure.ts';
import { attempt, unreadable } from '../read-failure.ts';
import type { FetchFact, Look } from './look.ts';
import { present } from './present.ts';
import { getHealthCheckStatus, getHostedZone } from './reads/others.ts';
import { plainName, recordsOf, zonesOf } from './route53.ts';

/** Above this share of checkers that succeed Route 53 calls it healthy. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html */
const HEALTHY_SHARE = 0.18;

const healthOf = (observations: readonly HealthCheckObservation[]): string => {
  const good = observations.filter(({ StatusReport }) => StatusReport?.Status?.startsWith('Success')).length;
  return good / Math.max(1, observations.length) > HEALTHY_SHARE ? 'healthy' : 'unhealthy';
};
/** Best effort: `unknown` when it may not be looked at. */
const healthCheckState = async (look: Look, id: string | undefined): Promise<string | undefined> => {
  if (id === undefined) return undefined;
  const answer = await attempt(look.ask(getHealthCheckStatus, { HealthCheckId: id }));
  return 'value' in answer ? healthOf(answer.value.HealthCheckObservations ?? []) : 'unknown';
};

const recordOf = async (look: Look, record: ResourceRecordSet): Promise<DnsRecord> => ({
  name: plainName(record.Name ?? ''),
  type: record.Type ?? '',
  values: (record.ResourceRecords ?? []).map(({ Value = '' }) => Value),
  ...present({
    ttlSeconds: record.TTL,
    aliasTo: record.AliasTarget?.DNSName === undefined ? undefined : plainName(record.AliasTarget.DNSName),
    evaluateTargetHealth: record.AliasTarget?.EvaluateTargetHealth,
    weight: record.Weight,
    setIdentifier: record.SetIdentifier,
    healthCheckId: record.HealthCheckId,
    healthCheckState: await healthCheckState(look, record.HealthCheckId),
  }),
});

/** What DNS answers from where the bot runs; a name without answer is a finding, not a failure to look. */
export const resolved = async (look: Look, host: string, type: 'A' | 'NS') =>
  look.within(
    `DNS for ${host}`,
    look.resolve(host, type).then(
      (values) => ({ values }),
      (error: unknown) => ({ error: `${codeOf(error)} for ${host}` }),
    ),
  );
export const valuesOf = (answer: Awaited<ReturnType<typeof resolved>> | undefined) =>
  answer !== undefined && 'values' in answer ? answer.values.map(plainName).toSorted() : undefined;

/** The zone's side: its records of the name, and the name servers it should be delegated to. */
const zoneSide = async (look: Look, host: string) => {
  const [zone] = await zonesOf(look, host);
  if (zone?.Id === undefined) return { records: [], zoneNameServers: [] };
  const [records, described, delegated] = await Promise.all([
    recordsOf(look, zone.Id, host),
    look.ask(getHostedZone, { Id: zone.Id }),
    resolved(look, plainName(zone.Name ?? ''), 'NS'),
  ]);
  return {
    zoneId: zone.Id.replace('/hostedzone/', ''),
    records: await Promise.all(records.map((record) => recordOf(look, record))),
    zoneNameServers: (described.DelegationSet?.NameServers ?? []).map(plainName).toSorted(),
    ...present({ delegatedNameServers: valuesOf(delegated) }),
  };
};

export const nameResolution: FetchFact<'name-resolution'> = async (look, { serviceId }): Promise<NameResolution> => {
  const service = look.services(serviceId);
  if (service?.url === undefined) throw unreadable(`No URL is given for ${serviceId}, so there is no name to look up.`);
  const host = new URL(service.url).hostname;
  const balancerSide = async () => {
    const [balancer] = (await look.fact('service-map', { serviceId })).loadBalancers;
    return balancer === undefined ? undefined : resolved(look, balancer.dnsName, 'A');
  };
  const [zone, own, balancer] = await Promise.all([zoneSide(look, host), resolved(look, host, 'A'), balancerSide()]);
  return {
    host,
    ...zone,
    ...present({
      resolved: valuesOf(own),
      resolveError: 'error' in own ? own.error : undefined,
      loadBalancerResolved: valuesOf(balancer),
    }),
  };
};
