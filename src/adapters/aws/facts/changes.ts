import type { Event } from '@aws-sdk/client-cloudtrail';
import type { Change, Changes, Network, ServiceMap } from '../../../runbook/entities.ts';
import { redact } from '../../../runbook/redact.ts';
import { attempt, unreadable } from '../read-failure.ts';
import type { FetchFact, Look } from './look.ts';
import { present, unique } from './present.ts';
import { describeLaunchTemplateVersions } from './reads/ec2.ts';
import { getInstanceProfile } from './reads/iam.ts';
import { lookupEvents } from './reads/others.ts';

const HOUR_MS = 3_600_000;
/** Characters of what was asked for that are told of one change. */
const DETAIL_CHARACTERS_MAX = 160;
const GLOBAL_REGION = 'us-east-1';
const EVENTS_PER_PAGE = 50;
/** Pages of one region's trail: newest first, so what is cut off is the oldest. */
const PAGES_MAX = 20;
/** The trail is minutes late and the template is not; an entry of both within this time is one change. */
const SAME_CHANGE_MS = 10_000;

/** Whatever of the service a person could have touched, by the names that an event has for it. */
const namesIn = (map: ServiceMap, network: Network | undefined): readonly string[] => [
  ...map.loadBalancers.flatMap(({ arn, name, dnsName, securityGroupIds, subnets }) => [
    arn,
    name,
    dnsName,
    ...securityGroupIds,
    ...subnets.map(({ subnetId }) => subnetId),
  ]),
  ...map.listeners.flatMap(({ arn, certificateArns }) => [arn, ...certificateArns]),
  ...map.targetGroups.flatMap(({ arn, name }) => [arn, name]),
  ...map.groups.flatMap(({ name, templateId = '' }) => [name, templateId]),
  ...map.instances.flatMap(({ id, subnetId = '', imageId = '', profileArn = '', securityGroupIds }) => [
    id,
    subnetId,
    imageId,
    profileNameOf(profileArn),
    ...securityGroupIds,
  ]),
  ...(network?.acls ?? []).map(({ id }) => id),
  ...(network?.routeTables ?? []).map(({ id }) => id),
  ...(network?.endpoints ?? []).map(({ id }) => id),
];
const profileNameOf = (arn: string): string => arn.split('/').at(-1) ?? '';

/** Instances that are gone, and so on no map: who ended them is what one wants to know. */
const departed = async (look: Look, { groups }: ServiceMap): Promise<readonly string[]> => {
  const found = await Promise.all(groups.map(({ name }) => attempt(look.fact('group-surroundings', { name }))));
  const told = found.flatMap((one) => ('value' in one ? one.value.activities : []));
  return told.flatMap(({ description, cause }) => `${description} ${cause}`.match(/\bi-[0-9a-f]+\b/g) ?? []);
};

/** The names of the instances' roles: a policy is changed by these. Without them the rest is still worth telling. */
const roleNames = async (look: Look, { instances }: ServiceMap): Promise<readonly string[]> => {
  const profiles = unique(instances.flatMap(({ profileArn }) => (profileArn === undefined ? [] : [profileNameOf(profileArn)])));
  const found = await Promise.all(
    profiles.map((InstanceProfileName) => attempt(look.ask(getInstanceProfile, { InstanceProfileName }))),
  );
  return found.flatMap((one) =>
    'value' in one ? (one.value.InstanceProfile?.Roles ?? []).map(({ RoleName = '' }) => RoleName) : [],
  );
};

/** Finds any of the names as a whole word: `shop-web` is not in `shop-web-2`. */
const anyOf = (names: readonly string[]): RegExp => {
  const words = unique(names.filter((name) => name !== '')).map((name) => name.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return new RegExp(`(?<![\\w-])(?:${words.join('|')})(?![\\w-])`);
};

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
type Caller = { readonly type?: unknown; readonly sessionContext?: { readonly sessionIssuer?: { readonly arn?: unknown } } };
type TrailRecord = { readonly errorCode?: unknown; readonly requestParameters?: unknown; readonly userIdentity?: Caller };
const recordOf = (text: string): TrailRecord => {
  try {
    return (JSON.parse(text) as TrailRecord | null) ?? {};
  } catch {
    return {};
  }
};

/** A service by itself, or with the role that is its own. What it does for somebody bears that somebody's role. */
const isAws = ({ type, sessionContext }: Caller = {}): boolean =>
  type === 'AWSService' || String(sessionContext?.sessionIssuer?.arn ?? '').includes(':role/aws-service-role/');

/** Every plain value in what was asked for, by the name it stands under: `ruleAction=deny`. */
const plainValues = (value: unknown, name = ''): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap((one) => plainValues(one, name));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, one]) => plainValues(one, key === 'value' && name !== '' ? name : key));
  return ['string', 'number', 'boolean'].includes(typeof value) && name !== '' ? [`${name}=${String(value)}`] : [];
};
/** Short enough for a line, without what is said elsewhere on it, and without secrets. */
const detailOf = (parameters: unknown, resources: readonly string[]): string | undefined => {
  const said = plainValues(parameters).filter((part) => !resources.some((name) => part.endsWith(`=${name}`)));
  const text = unique(said)
    .map((part) => redact(part).text)
    .join(', ');
  if (text === '') return undefined;
  return text.length > DETAIL_CHARACTERS_MAX ? `${text.slice(0, DETAIL_CHARACTERS_MAX)}…` : text;
};

const changeOf = ({ EventTime, Username, EventName, Resources = [], ReadOnly, CloudTrailEvent = '' }: Event): Change => {
  const { errorCode, requestParameters, userIdentity } = recordOf(CloudTrailEvent);
  const resources = unique(Resources.flatMap(({ ResourceName }) => (ResourceName === undefined ? [] : [ResourceName])));
  return {
    at: EventTime?.toISOString() ?? '',
    by: Username ?? 'unknown',
    action: EventName ?? '',
    resources,
    readOnly: ReadOnly === 'true',
    ...(isAws(userIdentity) && { byAws: true }),
    ...present({
      error: typeof errorCode === 'string' ? errorCode : undefined,
      detail: detailOf(requestParameters, resources),
    }),
  };
};

type Trail = { readonly events: readonly Event[]; readonly complete: boolean };

/** What was written in one region, newest first, as far as the deadline allows: a part is worth more than nothing. */
const trailOf = async (look: Look, where: 'region' | 'global', since: Date): Promise<Trail> => {
  const events: Event[] = [];
  const first = {
    where,
    LookupAttributes: [{ AttributeKey: 'ReadOnly' as const, AttributeValue: 'false' }],
    StartTime: since,
    MaxResults: EVENTS_PER_PAGE,
  };
  let input: Parameters<typeof lookupEvents.next>[0] | undefined = first;
  for (let page = 0; input !== undefined && page < PAGES_MAX; page++) {
    const answer = look.ask(lookupEvents, input);
    const output = page === 0 ? { value: await answer } : await attempt(answer);
    if ('notSeen' in output) return { events, complete: false };
    events.push(...(output.value.Events ?? []));
    input = lookupEvents.next(input, output.value);
  }
  return { events, complete: input === undefined };
};

/** A template knows its versions at once, the trail minutes later. */
const templateChanges = async (look: Look, { groups }: ServiceMap, since: Date): Promise<readonly Change[]> => {
  const ids = unique(groups.flatMap(({ templateId }) => (templateId === undefined ? [] : [templateId])));
  const versions = await Promise.all(ids.map((id) => look.all(describeLaunchTemplateVersions, { LaunchTemplateId: id })));
  return versions
    .flat()
    .filter(({ CreateTime }) => CreateTime !== undefined && CreateTime >= since)
    .map(({ CreateTime, CreatedBy = 'unknown', LaunchTemplateId = '', VersionNumber }) => ({
      at: CreateTime?.toISOString() ?? '',
      by: CreatedBy.split('/').at(-1) ?? CreatedBy,
      action: 'CreateLaunchTemplateVersion',
      resources: [LaunchTemplateId, `version ${VersionNumber}`],
      readOnly: false,
    }));
};

const isSame = (a: Change, b: Change): boolean =>
  a.action === b.action &&
  a.resources.some((name) => b.resources.includes(name)) &&
  Math.abs(Date.parse(a.at) - Date.parse(b.at)) < SAME_CHANGE_MS;

export const changes: FetchFact<'changes'> = async (look, { serviceId, hours }): Promise<Changes> => {
  const reach = Number(hours);
  if (!(reach > 0)) throw unreadable(`"${hours}" is no number of hours.`);
  const since = new Date(look.clock.now() - reach * HOUR_MS);
  const places = look.region === GLOBAL_REGION ? (['region'] as const) : (['region', 'global'] as const);
  const [map, network, ...trails] = await Promise.all([
    look.fact('service-map', { serviceId }),
    attempt(look.fact('network', { serviceId })),
    ...places.map((where) => trailOf(look, where, since)),
  ]);
  const url = look.services(serviceId)?.url;
  const host = url === undefined ? [] : [new URL(url).hostname];
  const [roles, gone] = await Promise.all([roleNames(look, map), departed(look, map)]);
  const names = [...namesIn(map, 'value' in network ? network.value : undefined), ...host, ...roles, ...gone];
  const named = anyOf(names);
  const concerns = ({ CloudTrailEvent = '', Resources = [] }: Event): boolean =>
    named.test(CloudTrailEvent) || Resources.some(({ ResourceName = '' }) => named.test(ResourceName));
  const told = trails.flatMap(({ events }) => events.filter(concerns).map(changeOf));
  const made = await attempt(templateChanges(look, map, since));
  const untold = ('value' in made ? made.value : []).filter((change) => !told.some((other) => isSame(change, other)));
  return {
    since: since.toISOString(),
    changes: [...told, ...untold].toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at)),
    complete: trails.every(({ complete }) => complete) && 'value' in made,
  };
};
