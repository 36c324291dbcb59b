/**
 * What the Slack function does with what Slack sends: it parses, decides (pure), opens a modal, enqueues, answers. Nothing
 * slow: a trigger lives three seconds, Slack waits as long for its answer, and a Lambda freezes when it has answered.
 */
import type { ModalView } from '@slack/types';
import type { ReplyTo } from '../incident/commands.ts';
import type { Incident } from '../incident/state.ts';
import type { ChatMessage } from '../ports.ts';
import { isoTime } from '../time.ts';
import { type ClickContext, onChoice, onClick } from './clicks.ts';
import { type Answers, type Desk, SORRY } from './desk.ts';
import { dispatch, readCommand } from './dispatch.ts';
import { MENU_ACTION_ID, type Modal, parseAction, parseMenu, parseModal } from './ids.ts';
import { INPUT_CHARACTERS_MAX } from './limits.ts';
import type { BlockActions, SlashCommand, ViewSubmission } from './payloads.ts';
import { requestIdOf } from './request-id.ts';
import { onSubmit } from './submissions.ts';
import { modal, section } from './views/blocks.ts';
import { told } from './views/told.ts';

/** The answer to a slash command, if anything is to be said at once. */
export const takeCommand = async (desk: Desk, body: SlashCommand, answers: Answers): Promise<ChatMessage | undefined> => {
  const { log, catalogue, config, clock, read } = desk;
  const given = readCommand(body.text);
  const { where, reads } = given.subcommand ?? {};
  try {
    const outcome = dispatch(given, {
      catalogue,
      commandName: config.commandName,
      reply: { channelId: body.channel_id, userId: body.user_id, responseUrl: body.response_url },
      userId: body.user_id,
      channelId: body.channel_id,
      requestId: requestIdOf('command', body.trigger_id),
      now: clock.now(),
      incident: where === 'incident-channel' ? await incidentOf(desk, body.channel_id) : undefined,
      openIncidents: reads === 'open-incidents' ? await read(log.listOpen) : [],
    });
    return await desk.perform(outcome, answers);
  } catch (error) {
    return desk.apologise(error, { command: given.subcommand?.name });
  }
};

const incidentOf = ({ log, read }: Desk, channelId: string): Promise<Incident | undefined> =>
  read(async () => {
    const number = await log.byChannel(channelId);
    return number === undefined ? undefined : log.load(number);
  });

export const takeClick = async (desk: Desk, body: BlockActions, answers: Answers): Promise<void> => {
  const [action] = body.actions;
  if (action === undefined) return;
  const open = body.view && parseModal(body.view.callback_id, body.view.private_metadata);
  const context = clickContext(desk, body, action.action_ts, open);
  const chosen = action.selected_option?.value;
  const known =
    action.action_id === MENU_ACTION_ID ? parseMenu(chosen ?? '') : parseAction(action.action_id, action.value ?? undefined);
  const outcome = known ? onClick(known, context) : onChoice(action.action_id, chosen, open, body.view?.id ?? '', context);
  const say = (message: ChatMessage): Promise<void> =>
    body.view === undefined ? answers.tell(message) : answers.replace(body.view.id, said(message, open?.metadata));
  // What a select in a form holds is read when the form is sent.
  if (outcome === undefined && action.type !== 'button' && action.action_id !== MENU_ACTION_ID) return;
  try {
    const message = outcome === undefined ? told(SORRY.old) : await desk.perform(outcome, answers, body.view?.id);
    if (message !== undefined) await say(message);
    else if (body.view !== undefined && outcome?.do === 'enqueue') await say(told('Taken on: the channel shows it in a moment.'));
  } catch (error) {
    await say(desk.apologise(error, { action: action.action_id }));
  }
};

const clickContext = (
  { catalogue, config, clock }: Desk,
  { user, channel, message, view, response_url }: BlockActions,
  actionTs: string,
  open: Modal | undefined,
): ClickContext => ({
  catalogue,
  commandName: config.commandName,
  userId: user.id,
  now: clock.now(),
  requestId: requestIdOf('click', actionTs, user.id, message?.ts ?? view?.id ?? ''),
  reply: {
    channelId: channel?.id ?? open?.metadata.channelId ?? '',
    userId: user.id,
    ...(response_url !== undefined && { responseUrl: response_url }),
    ...(message?.thread_ts !== undefined && { threadTs: message.thread_ts }),
  },
});

/** What a sent modal is answered with: it closes, or says what is wrong, or what went wrong. */
export type SubmitAnswer =
  | undefined
  | { readonly response_action: 'errors'; readonly errors: Record<string, string> }
  | { readonly response_action: 'update'; readonly view: ModalView };

export const takeSubmission = async (desk: Desk, { view, user }: ViewSubmission): Promise<SubmitAnswer> => {
  const sent = parseModal(view.callback_id, view.private_metadata);
  if (sent === undefined) return { response_action: 'update', view: said(told(SORRY.old), undefined) };
  const submission = onSubmit(sent, view.state.values, {
    userId: user.id,
    requestId: requestIdOf('submit', view.id, view.hash),
    reply: { channelId: sent.metadata.channelId ?? '', userId: user.id },
  });
  if (submission.do === 'close') return undefined;
  if (submission.do === 'errors') return { response_action: 'errors', errors: { ...submission.errors } };
  try {
    await desk.enqueue(submission.work);
    return undefined;
  } catch (error) {
    return { response_action: 'update', view: said(desk.apologise(error, { modal: sent.name }), sent.metadata) };
  }
};

export type KeptMessage = {
  readonly channelId: string;
  readonly ts: string;
  readonly keptBy: string;
  readonly reply?: ReplyTo;
  /** Asked only when the channel is an incident's. */
  readonly look: () => Promise<{
    readonly text: string;
    readonly saidBy?: string | undefined;
    readonly link?: string | undefined;
  }>;
};

/** Keeps a message in the timeline, with its own time. False when the channel is no incident's. */
export const keepMessage = async (desk: Desk, { channelId, ts, keptBy, reply, look }: KeptMessage): Promise<boolean> => {
  const number = await desk.read(() => desk.log.byChannel(channelId));
  if (number === undefined) return false;
  const { text, saidBy, link } = await look();
  await desk.enqueue({
    kind: 'command',
    // The message is the request: whoever keeps it again, and however, it is kept once.
    id: requestIdOf('keep', channelId, ts),
    by: keptBy,
    ...(reply !== undefined && { reply }),
    incident: number,
    command: {
      do: 'add-note',
      text: text === '' ? '(a message without text)' : [...text].slice(0, INPUT_CHARACTERS_MAX).join(''),
      saidAt: isoTime(Math.floor(Number(ts) * 1_000)),
      ...(saidBy !== undefined && { saidBy }),
      ...(link !== undefined && { link }),
    },
  });
  return true;
};

/** Takes a message for a symptom: it is decoded, and kept once. False when the channel is no incident's. */
export const reportMessage = async (
  desk: Desk,
  message: {
    readonly channelId: string;
    readonly ts: string;
    readonly text: string;
    readonly by: string;
    readonly reply: ReplyTo;
  },
): Promise<boolean> => {
  const number = await desk.read(() => desk.log.byChannel(message.channelId));
  if (number === undefined || message.text === '') return false;
  await desk.enqueue({
    kind: 'command',
    id: requestIdOf('symptom', message.channelId, message.ts),
    by: message.by,
    reply: message.reply,
    incident: number,
    command: { do: 'report-symptom', text: [...message.text].slice(0, INPUT_CHARACTERS_MAX).join('') },
  });
  return true;
};

/** An answer in place of the modal that asked. */
const said = (
  { blocks }: ChatMessage,
  metadata: { readonly incident?: number; readonly channelId?: string | undefined } | undefined,
): ModalView => {
  const close = { title: 'Firebreak', blocks: blocks.length === 0 ? [section('–')] : blocks };
  const { incident, channelId } = metadata ?? {};
  const place = channelId === undefined ? {} : { channelId };
  return incident === undefined ? modal('declare', place, close) : modal('roles', { incident, ...place }, close);
};
