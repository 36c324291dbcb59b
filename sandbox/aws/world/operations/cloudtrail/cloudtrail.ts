import type * as CloudTrail from '@aws-sdk/client-cloudtrail';
import { AwsError, type CallContext, type Operation, type ServiceOperations } from '../../../operation.ts';
import type { TrailEvent, WorldState } from '../../state/state.ts';
import { onAnything, pageOf } from '../authorize.ts';

const MINUTE_MS = 60_000;
/** CloudTrail tells of a call some minutes after it. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html */
export const TRAIL_LATE_MS = 3 * MINUTE_MS;
/** The event history goes back 90 days. */
const HISTORY_MS = 90 * 24 * 60 * MINUTE_MS;
/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html */
const PAGE_MAX = 50;

/** Global services write where they live. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events */
const GLOBAL_REGION = 'us-east-1';
const GLOBAL_SOURCES: ReadonlySet<string> = new Set(['iam.amazonaws.com', 'route53.amazonaws.com', 'cloudfront.amazonaws.com']);

const regionOf = (state: WorldState, { source }: TrailEvent): string =>
  GLOBAL_SOURCES.has(source) ? GLOBAL_REGION : state.region;

/** `InstanceIds` → `instanceIds`, all the way down: how the trail writes what a call was given. */
const camel = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(camel);
  if (value instanceof Date || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key.charAt(0).toLowerCase() + key.slice(1), camel(each)]),
  );
};

const identityOf = (state: WorldState, { callerArn, accessKeyId, userName }: TrailEvent) => ({
  type: callerArn.includes(':assumed-role/') ? 'AssumedRole' : 'IAMUser',
  arn: callerArn,
  accountId: state.accountId,
  ...(accessKeyId !== undefined && { accessKeyId }),
  userName,
});

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
const recordOf = (state: WorldState, event: TrailEvent): string =>
  JSON.stringify({
    eventVersion: '1.11',
    userIdentity: identityOf(state, event),
    eventTime: `${new Date(event.at).toISOString().slice(0, 19)}Z`,
    eventSource: event.source,
    eventName: event.name,
    awsRegion: regionOf(state, event),
    ...(event.errorCode !== undefined && { errorCode: event.errorCode, errorMessage: event.errorMessage }),
    requestParameters: camel(event.parameters),
    eventID: event.id,
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: state.accountId,
    eventCategory: 'Management',
  });

const eventShape = (state: WorldState, event: TrailEvent): CloudTrail.Event => ({
  EventId: event.id,
  EventName: event.name,
  EventTime: new Date(event.at),
  EventSource: event.source,
  ReadOnly: 'false',
  Username: event.userName,
  ...(event.accessKeyId !== undefined && { AccessKeyId: event.accessKeyId }),
  Resources: event.resources.map(({ type, name }) => ({ ResourceType: type, ResourceName: name })),
  CloudTrailEvent: recordOf(state, event),
});

const MATCHES: Readonly<Record<CloudTrail.LookupAttributeKey, (event: TrailEvent, value: string) => boolean>> = {
  AccessKeyId: ({ accessKeyId }, value) => accessKeyId === value,
  EventId: ({ id }, value) => id === value,
  EventName: ({ name }, value) => name === value,
  EventSource: ({ source }, value) => source === value,
  // Calls that only look are not kept in this world's trail.
  ReadOnly: (_, value) => value === 'false',
  ResourceName: ({ resources }, value) => resources.some(({ name }) => name === value),
  ResourceType: ({ resources }, value) => resources.some(({ type }) => type === value),
  Username: ({ userName }, value) => userName === value,
};

/** The request allows one attribute only. */
const matcherOf = (attributes: readonly CloudTrail.LookupAttribute[]): ((event: TrailEvent) => boolean) => {
  const [first, second] = attributes;
  if (second !== undefined)
    throw new AwsError('InvalidLookupAttributesException', 'You can only specify one lookup attribute in a request.');
  if (first === undefined) return () => true;
  const { AttributeKey: key, AttributeValue: value = '' } = first;
  const matches = key === undefined ? undefined : MATCHES[key];
  if (matches === undefined) throw new AwsError('InvalidLookupAttributesException', `The lookup attribute ${key} is not valid.`);
  return (event) => matches(event, value);
};

const select = (state: WorldState, input: CloudTrail.LookupEventsCommandInput, region: string): readonly TrailEvent[] => {
  const { LookupAttributes = [], StartTime, EndTime } = input;
  const from = Math.max(StartTime?.getTime() ?? 0, state.now - HISTORY_MS);
  const until = Math.min(EndTime?.getTime() ?? Number.POSITIVE_INFINITY, state.now - TRAIL_LATE_MS);
  if (StartTime !== undefined && EndTime !== undefined && StartTime > EndTime)
    throw new AwsError('InvalidTimeRangeException', 'The start time is after the end time.');
  const matches = matcherOf(LookupAttributes);
  return state.trail
    .filter((event) => event.at >= from && event.at <= until && regionOf(state, event) === region && matches(event))
    .reverse();
};

/** Newest first. */
const lookupEvents = (state: WorldState): Operation<CloudTrail.LookupEventsCommandInput> => ({
  authorize: () => onAnything('cloudtrail:LookupEvents'),
  run: (input, { region }: CallContext) => {
    const { MaxResults = PAGE_MAX, NextToken } = input;
    if (MaxResults < 1 || MaxResults > PAGE_MAX)
      throw new AwsError('InvalidMaxResultsException', `The number of results must be between 1 and ${PAGE_MAX}.`);
    const refuse = (): AwsError => new AwsError('InvalidNextTokenException', 'Invalid token.');
    const { items, next } = pageOf(select(state, input, region), NextToken, MaxResults, refuse);
    return { Events: items.map((event) => eventShape(state, event)), ...(next !== undefined && { NextToken: next }) };
  },
});

export const cloudtrail = (state: WorldState): ServiceOperations => ({ LookupEvents: lookupEvents(state) });
