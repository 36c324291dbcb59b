import type { ReplyTo, WorkOf } from '../incident/commands.ts';
import type { Refused } from '../incident/decide.ts';
import type { Recorded } from '../incident/events.ts';
import { namesOf, postmortem } from '../incident/postmortem.ts';
import { type Incident, incidentName } from '../incident/state.ts';
import { timeline } from '../incident/timeline.ts';
import type { Chat, ChatMessage, Clock } from '../ports.ts';
import type { Catalogue } from '../runbook/catalogue.ts';
import { postmortem as postmortemView } from '../slack/views/postmortem.ts';
import { timeline as timelineView } from '../slack/views/timeline.ts';
import { isoTime } from '../time.ts';
import { postOnce } from './draw.ts';
import { current, type IncidentStore, requestOf } from './incident-store.ts';

export type ShowDeps = {
  readonly log: IncidentStore;
  readonly chat: Chat;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly logger: Parameters<typeof postOnce>[0]['logger'];
};

/** What is folded from the whole log, read page by page: too much for the state, and only when somebody asks. */
export const show = async (deps: ShowDeps, work: WorkOf<'show'>): Promise<Refused | undefined> => {
  const incident = await current(deps.log, work.incident);
  if (incident === undefined) return { refused: 'There is no such incident.' };
  const log = await Array.fromAsync(deps.log.commits(work.incident));
  if (work.what === 'postmortem') return showPostmortem(deps, incident, log, work);
  const lines = timeline(log, namesOf(deps.catalogue)).filter(({ weight }) => weight !== 'detail');
  await tell(
    deps.chat,
    work.reply,
    timelineView(
      incident,
      lines.map(({ at, who, text }) => ({ at, by: who, text })),
    ),
  );
  return undefined;
};

/** The draft goes where it can be worked on: the channel's canvas, else a file; a message points to it. */
const showPostmortem = async (
  deps: ShowDeps,
  incident: Incident,
  log: readonly Recorded[],
  work: WorkOf<'show'>,
): Promise<Refused | undefined> => {
  const markdown = postmortem({ incident, log, catalogue: deps.catalogue, now: isoTime(deps.clock.now()) });
  await deps.log.append(incident.number, requestOf(work, 'drafted'), () => [
    { type: 'postmortem-drafted', v: 1, markdown: cut(markdown) },
  ]);
  if (incident.channel === undefined) return { refused: 'This incident has no channel to put it in.' };
  const where = await keep(deps.chat, incident, incident.channel.id, markdown);
  const posted = await postOnce(deps, incident, {
    slot: `postmortem:${work.id}`,
    channelId: incident.channel.id,
    message: postmortemView(incident, markdown, where),
  });
  return posted.ok ? undefined : { refused: 'The draft is in the log, but Slack did not take the message about it.' };
};

const keep = async (
  chat: Chat,
  incident: Incident,
  channelId: string,
  markdown: string,
): Promise<'canvas' | 'file' | 'nowhere'> => {
  if ((await chat.writeCanvas(channelId, markdown)).ok) return 'canvas';
  const name = `${incidentName(incident.number)}-postmortem.md`;
  return (await chat.upload(channelId, { name, title: `Postmortem draft of ${incidentName(incident.number)}`, text: markdown }))
    .ok
    ? 'file'
    : 'nowhere';
};

/** A commit holds 400 KB; a draft that is longer is whole in Slack, and can be drafted again from the log at any time. */
const MARKDOWN_CHARACTERS_MAX = 100_000;
const cut = (markdown: string): string =>
  markdown.length <= MARKDOWN_CHARACTERS_MAX ? markdown : `${markdown.slice(0, MARKDOWN_CHARACTERS_MAX)}\n…`;

/** Privately, to who asked: through the request's own address while it lives, else as a message only they see. */
export const tell = async (chat: Chat, reply: ReplyTo | undefined, message: ChatMessage): Promise<void> => {
  if (reply === undefined) return;
  if (reply.responseUrl !== undefined && (await chat.respond(reply.responseUrl, message)).ok) return;
  await chat.tell(reply.channelId, reply.userId, message, reply.threadTs === undefined ? {} : { threadTs: reply.threadTs });
};
