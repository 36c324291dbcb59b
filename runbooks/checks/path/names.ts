import type { DnsRecord, NameResolution, ServiceMap } from '../../../src/runbook/entities.ts';

/** What DNS tells of the way to the load balancer. */
export type NameFindings = {
  readonly problems: readonly string[];
  /** Why the names leave it open, when they do. */
  readonly open: readonly string[];
  readonly evidence: readonly string[];
};

const LEADING = new Set(['A', 'AAAA', 'CNAME']);
/** The resolver's words for "there is no such name"; others say that nobody was asked. https://nodejs.org/api/dns.html#error-codes */
const NO_NAME = /^(ENOTFOUND|ENODATA)\b/;
/** Every load balancer's own name. https://docs.aws.amazon.com/general/latest/gr/elb.html */
const OF_A_BALANCER = /\.elb\.(?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?$/;

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^dualstack\./, '');
const shares = (a: readonly string[], b: readonly string[]): boolean => a.some((one) => b.includes(one));

type Leads = 'here' | 'elsewhere' | 'unknown';
const leadsOf = (record: DnsRecord, map: ServiceMap, balancerAddresses: readonly string[] | undefined): Leads => {
  const ours = map.loadBalancers.map(({ dnsName }) => plain(dnsName));
  const targets = record.aliasTo !== undefined ? [record.aliasTo] : record.type === 'CNAME' ? record.values : [];
  if (targets.some((target) => ours.includes(plain(target)))) return 'here';
  if (targets.some((target) => OF_A_BALANCER.test(plain(target)))) return 'elsewhere';
  // A content delivery network or another name: it may lead on to the load balancer.
  if (targets.length > 0 || record.type === 'AAAA' || balancerAddresses === undefined) return 'unknown';
  return shares(record.values, balancerAddresses) ? 'here' : 'elsewhere';
};

const targetOf = ({ aliasTo, values }: DnsRecord): string => aliasTo ?? values.join(', ');
const recordLine = (zoneId: string | undefined, record: DnsRecord): string => {
  const { name, type, ttlSeconds, weight, setIdentifier, evaluateTargetHealth, healthCheckId, healthCheckState } = record;
  return [
    `${zoneId ?? ''} ${name} ${type} → ${targetOf(record)}`.trim(),
    ...(ttlSeconds === undefined ? [] : [`TTL ${ttlSeconds} s`]),
    ...(weight === undefined ? [] : [`weight ${weight}${setIdentifier === undefined ? '' : ` (${setIdentifier})`}`]),
    ...(evaluateTargetHealth ? ['follows target health'] : []),
    ...(healthCheckId === undefined ? [] : [`health check ${healthCheckId} is ${healthCheckState ?? 'unknown'}`]),
  ].join(', ');
};

const recordProblems = (names: NameResolution, map: ServiceMap): readonly string[] => {
  const leading = names.records.filter(({ type }) => LEADING.has(type));
  if (names.zoneId === undefined || leading.length === 0) return [];
  const balancer = map.loadBalancers.map(({ dnsName }) => dnsName).join(', ');
  const judged = leading.map((record) => ({ record, leads: leadsOf(record, map, names.loadBalancerResolved) }));
  // Weight 0 is answered to nobody, unless all are 0. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-weighted.html
  const weighing = judged.filter(({ record }) => record.weight !== 0);
  const answered = weighing.length > 0 ? weighing : judged;
  const wrong = answered.filter(({ leads }) => leads === 'elsewhere').map(({ record }) => record);
  const silenced = judged.some(({ leads }) => leads === 'here') && !answered.some(({ leads }) => leads === 'here');
  const unwell = leading.filter(({ healthCheckState }) => healthCheckState === 'unhealthy');
  return [
    ...wrong.map((record) => `${record.name} ${record.type}: leads to ${targetOf(record)}, not to ${balancer}.`),
    ...(silenced ? [`${names.host}: the record that leads to ${balancer} has weight 0.`] : []),
    ...unwell.map(
      ({ name, healthCheckId }) => `${name}: its health check ${healthCheckId} is unhealthy, so Route 53 answers without it.`,
    ),
  ];
};

const delegationProblem = ({ zoneId, host, zoneNameServers, delegatedNameServers }: NameResolution): readonly string[] => {
  if (zoneNameServers.length === 0 || delegatedNameServers === undefined || delegatedNameServers.length === 0) return [];
  if (shares(zoneNameServers, delegatedNameServers)) return [];
  return [`${zoneId}: nobody asks this zone for ${host}: the domain is delegated to ${delegatedNameServers.join(', ')}.`];
};

const resolutionFindings = (names: NameResolution, recordsLeadHere: boolean): Pick<NameFindings, 'problems' | 'open'> => {
  const { host, resolveError, resolved = [], loadBalancerResolved = [] } = names;
  if (resolveError !== undefined && NO_NAME.test(resolveError))
    return { problems: [`${host}: does not resolve from where the bot runs (${resolveError.split(' ')[0]}).`], open: [] };
  if (resolveError !== undefined)
    return { problems: [], open: [`${host}: could not be resolved from where the bot runs: ${resolveError}.`] };
  // An answer holds only some of many addresses: two answers without a common one are no proof when the zone says where it leads.
  if (recordsLeadHere || resolved.length === 0 || shares(resolved, loadBalancerResolved)) return { problems: [], open: [] };
  return {
    problems: [],
    open: [
      `${host}: resolves to ${resolved.join(', ')}, the load balancer to ${loadBalancerResolved.join(', ') || 'nothing'}: a network before it, or a stale record.`,
    ],
  };
};

export const nameFindings = (names: NameResolution, map: ServiceMap): NameFindings => {
  const records = recordProblems(names, map);
  const leadHere = names.records.some((record) => leadsOf(record, map, names.loadBalancerResolved) === 'here');
  const resolution = resolutionFindings(names, leadHere && records.length === 0);
  return {
    problems: [...records, ...delegationProblem(names), ...resolution.problems],
    open: resolution.open,
    evidence: [
      ...names.records.map((record) => recordLine(names.zoneId, record)),
      ...(names.zoneId === undefined ? [`${names.host}: no zone in this account`] : []),
      `${names.host} → ${names.resolved?.join(', ') ?? names.resolveError ?? 'nothing'} (from where the bot runs)`,
      ...(names.loadBalancerResolved === undefined ? [] : [`load balancer → ${names.loadBalancerResolved.join(', ')}`]),
      ...(names.delegatedNameServers === undefined ? [] : [`delegated to ${names.delegatedNameServers.join(', ')}`]),
    ],
  };
};
