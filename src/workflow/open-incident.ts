import type { Logger } from 'pino';
import type { WorkOf } from '../incident/commands.ts';
import type { DecideContext } from '../incident/decide.ts';
import type { IncidentEvent } from '../incident/events.ts';
import { type Incident, incidentName } from '../incident/state.ts';
import type { Chat, ChatResult } from '../ports.ts';
import { type Catalogue, serviceOf } from '../runbook/catalogue.ts';
import { fingerprint } from '../runbook/fingerprint.ts';
import { roleId } from '../runbook/response.ts';
import { channelNameFor, topicFor } from '../slack/views/channel.ts';
import type { Draw } from './draw.ts';
import { current, type IncidentStore } from './incident-store.ts';
import { isAway, isTransient } from './slack-away.ts';

export type OpenDeps = {
  readonly log: IncidentStore;
  readonly chat: Chat;
  readonly catalogue: Catalogue;
  readonly logger: Logger;
  readonly draw: Draw;
  readonly decode: DecideContext['decode'];
  /** Work of its own lane, after the opening. */
  readonly afterOpening: (incident: Incident, openedBy: string) => Promise<void>;
};

/** Names that are tried when the first is somebody else's channel. */
const NAMES_MAX = 5;
/**
 * Opens an incident, once and only once, however often it is asked and wherever it died: each thing around it is looked for
 * in the log before it is made. What Slack does not allow is recorded as missing, and the rest still happens.
 */
export const openIncident = async (deps: OpenDeps, work: WorkOf<'declare'>): Promise<Incident> => {
  const declaration = await deps.log.declare({ requestId: work.id, by: work.by }, (next) => [
    declared(deps.catalogue, work, next),
    ...symptomIn(deps, work),
  ]);
  const { number } = declaration.incident;
  const open = async (): Promise<Incident> => {
    const state = await current(deps.log, number);
    if (state === undefined) throw new Error(`Incident ${number} was declared and is not in the log.`);
    return state;
  };
  await setUp(deps, await open());
  const incident = await open();
  await deps.afterOpening(incident, work.by);
  // The rest comes with a later drawing or by "Try again", which is a button of the headline: so that one comes again by itself.
  if (incident.channel !== undefined && incident.messages['headline'] === undefined)
    throw new Error(`Incident ${number} has no headline yet: ${incident.missing['headline']?.why ?? 'Slack did not take it.'}`);
  return incident;
};

/** Everything around an incident that should be there; also what "Try again" does. */
export const setUp = async (deps: OpenDeps, incident: Incident): Promise<void> => {
  const channel = incident.channel ?? (await ensureChannel(deps, incident));
  if (channel !== undefined) {
    await proposeRoles(deps, incident);
    await once(deps, incident, 'topic', () => deps.chat.setTopic(channel.id, topicFor(incident)));
    await invite(deps, incident, channel.id);
  }
  await deps.draw(incident.number, { again: true });
  if (channel !== undefined) await mark(deps, incident.number, channel.id);
};

/** Over the channel, for who joins late: the headline, pinned and bookmarked, and what is broken. */
const mark = async (deps: OpenDeps, number: number, channelId: string): Promise<void> => {
  const incident = await current(deps.log, number);
  if (incident === undefined) return;
  const service = serviceOf(deps.catalogue, incident.serviceId);
  const url = service?.url;
  if (service !== undefined && url !== undefined)
    await once(deps, incident, 'bookmark of the service', () => deps.chat.addBookmark(channelId, service.name, url));
  const posted = incident.messages['headline'];
  if (posted === undefined) return;
  await once(deps, incident, 'pin of the headline', () => deps.chat.pin(posted));
  await once(deps, incident, 'bookmark of the headline', async () => {
    const link = await deps.chat.permalink(posted);
    return link.ok ? deps.chat.addBookmark(channelId, 'Headline', link.value) : link;
  });
};

const declared = (catalogue: Catalogue, work: WorkOf<'declare'>, number: number): IncidentEvent => {
  const service = serviceOf(catalogue, work.serviceId);
  return {
    type: 'incident-declared',
    v: 1,
    number,
    title: work.title,
    severity: work.severity,
    drill: work.drill,
    ...(service !== undefined && { serviceId: service.id }),
    ...(work.sourceChannelId !== undefined && { sourceChannelId: work.sourceChannelId }),
    ...(work.startedAt !== undefined && { startedAt: work.startedAt }),
  };
};

/** A title is often the first symptom: "Checkout returns 502". */
const symptomIn = ({ decode }: OpenDeps, { title }: WorkOf<'declare'>): IncidentEvent[] => {
  const { decoded, points } = decode(title);
  return decoded === undefined ? [] : [{ type: 'symptom-reported', v: 1, text: title, decoded, points }];
};

const record = (deps: OpenDeps, incident: Incident, name: string, events: readonly IncidentEvent[]) =>
  deps.log.append(incident.number, { requestId: `open:${name}`, by: 'bot' }, () => events);

const ensureChannel = async (deps: OpenDeps, incident: Incident): Promise<{ id: string; name: string } | undefined> => {
  const made = await makeChannel(deps, incident);
  if ('error' in made) {
    if (isTransient(made.error)) throw new Error(`Slack made no channel: ${made.error}`);
    await record(deps, incident, `channel-failed:${made.error}`, [
      { type: 'integration-failed', v: 1, what: 'channel', why: made.why },
    ]);
    await deps.chat.directMessage(incident.declaredBy, {
      text: `${incidentName(incident.number)} is open, but has no channel: ${made.why}`,
      blocks: [],
    });
    return undefined;
  }
  await record(deps, incident, `channel:${made.id}`, [
    { type: 'channel-created', v: 1, channelId: made.id, name: made.name },
    ...readyAgain(incident, ['channel']),
  ]);
  return made;
};

/** A name that is taken may be ours, from before a crash; else it is somebody's, and gets a suffix. */
const makeChannel = async (
  { chat }: OpenDeps,
  incident: Incident,
): Promise<{ id: string; name: string } | { error: string; why: string }> => {
  let last = { error: 'name_taken', why: 'Every name for it is taken.' };
  for (let attempt = 1; attempt <= NAMES_MAX; attempt++) {
    const name = channelNameFor(incident, attempt);
    const made = await chat.createChannel(name);
    if (made.ok) return { id: made.value.channelId, name: made.value.name };
    if (made.error !== 'name_taken') return made;
    const own = await chat.findOwnChannel(name);
    if (own.ok && own.value !== undefined) return { id: own.value.channelId, name };
    last = made;
  }
  return last;
};

/** Done once, recorded when done; a refusal is recorded with its reason and tried again by "Try again". */
const once = async (
  deps: OpenDeps,
  incident: Incident,
  what: string,
  make: () => Promise<ChatResult<unknown>>,
): Promise<void> => {
  if (incident.ready.includes(what)) return;
  const made = await make();
  orComeAgain(made, what);
  await record(deps, incident, made.ok ? `${what}:ready` : `${what}:failed:${made.error}`, [
    made.ok ? { type: 'integration-ready', v: 1, what } : { type: 'integration-failed', v: 1, what, why: made.why },
  ]);
};

/** Slack does not answer at all: the request comes again later, rather than waiting as long for everything else. */
const orComeAgain = (made: ChatResult<unknown>, what: string): void => {
  if (!made.ok && isAway(made.error)) throw new Error(`Slack did not answer: ${what}`);
};

/** What was missing, and is there now. */
const readyAgain = (incident: Incident, whats: readonly string[]): IncidentEvent[] =>
  whats.filter((what) => incident.missing[what] !== undefined).map((what) => ({ type: 'integration-ready', v: 1, what }));

const proposeRoles = async (deps: OpenDeps, incident: Incident): Promise<void> => {
  const onCall = serviceOf(deps.catalogue, incident.serviceId)?.onCall ?? {};
  const events = roleId.options.flatMap((role): IncidentEvent[] => {
    const userId = onCall[role];
    const isOpen = incident.roles[role] === undefined && incident.proposed[role] === undefined;
    return userId === undefined || !isOpen ? [] : [{ type: 'role-proposed', v: 1, role, userId, why: 'on call' }];
  });
  if (events.length > 0) await record(deps, incident, 'roles-proposed', events);
};

const invite = async (deps: OpenDeps, incident: Incident, channelId: string): Promise<void> => {
  const service = serviceOf(deps.catalogue, incident.serviceId);
  const wanted = [...new Set([incident.declaredBy, ...Object.values(service?.onCall ?? {}), ...(service?.responders ?? [])])];
  const missing = wanted.filter((userId) => !incident.invited.includes(userId));
  if (missing.length === 0) return;
  const invited = await deps.chat.invite(channelId, missing);
  orComeAgain(invited, 'invitations');
  const left = invited.ok ? invited.value.notInvited : missing.map((userId) => ({ userId, error: invited.error }));
  const came = missing.filter((userId) => !left.some((one) => one.userId === userId));
  const events: IncidentEvent[] = [
    ...(came.length > 0 ? [{ type: 'responders-invited' as const, v: 1 as const, userIds: came }] : []),
    ...readyAgain(incident, came.map(inviteOf)),
    ...left
      .map(({ userId, error }) => ({ what: inviteOf(userId), why: `<@${userId}> could not be invited: ${error}` }))
      .filter(({ what, why }) => incident.missing[what]?.why !== why)
      .map((missed): IncidentEvent => ({ type: 'integration-failed', v: 1, ...missed })),
  ];
  if (events.length > 0) await record(deps, incident, `invited:${fingerprint(events)}`, events);
};

const inviteOf = (userId: string): string => `invite:${userId}`;
