/** Clicks and choices in messages, modals and Home: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
import { actionPayload, completeValues } from '../blocks/values.ts';
import type { Message, User } from '../model.ts';
import type { PageAction, PageReply, ViewValues } from '../page-api.ts';
import { APP_ID } from '../seed.ts';
import { homePayload, messagePayload, viewPayload } from '../web/payloads.ts';
import { done, failureOf, interaction, type MemberContext, notify, placeOf, refuse, responseUrl, seenBy } from './context.ts';

type Click = Extract<PageAction, { do: 'block-action' }>;

export const click = (context: MemberContext, user: User, action: Click): Promise<PageReply> => {
  if (action.messageTs !== undefined) return clickInMessage(context, user, action);
  const open = context.store.state.views.find((view) => view.id === action.viewId && view.user === user.id);
  return open === undefined ? clickInHome(context, user, action) : clickInModal(context, user, action, open.id);
};

const clickInMessage = async (context: MemberContext, user: User, click: Click): Promise<PageReply> => {
  const { store, tickets } = context;
  const channel = placeOf(context, user, click.channel);
  if (typeof channel === 'string') return refuse(channel);
  const message: Message | undefined = seenBy(channel, user, click.messageTs);
  if (message === undefined) return refuse('message_not_found');
  const action = actionPayload(message.blocks, click.action, store.nextTs());
  if (action === undefined) return refuse('action_not_found');
  const target = { user: user.id, channel: channel.id, messageTs: message.ts, threadTs: message.threadTs };
  const isEphemeral = message.ephemeralTo !== undefined;
  return send(context, user, channel.id, {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: isEphemeral,
      ...(message.threadTs !== undefined && { thread_ts: message.threadTs }),
    },
    channel: { id: channel.id, name: channel.isIm ? 'directmessage' : channel.name },
    // Slack keeps no ephemeral message, so it can only say where it was.
    ...(!isEphemeral && { message: { ...messagePayload(message, channel, store.state), app_id: APP_ID } }),
    state: { values: completeValues(message.blocks, click.state ?? {}) },
    trigger_id: tickets.newTrigger({ user: user.id }),
    response_url: responseUrl(context, target),
    actions: [action],
  });
};

const clickInModal = (context: MemberContext, user: User, click: Click, viewId: string): Promise<PageReply> => {
  const { store, tickets } = context;
  const open = store.state.views.find((view) => view.id === viewId);
  const action = open && actionPayload(open.view.blocks, click.action, store.nextTs());
  if (open === undefined || action === undefined) return Promise.resolve(refuse('action_not_found'));
  keepValues(context, open, click.state);
  return send(context, user, undefined, {
    container: { type: 'view', view_id: open.id },
    view: viewPayload(open, store.state.team.id),
    trigger_id: tickets.newTrigger({ user: user.id, viewId: open.id }),
    actions: [action],
  });
};

const keepValues = (
  { store }: MemberContext,
  open: MemberContext['store']['state']['views'][number],
  given?: ViewValues,
): void => {
  if (given === undefined) return;
  open.values = completeValues(open.view.blocks, given);
  store.touch();
};

const clickInHome = (context: MemberContext, user: User, click: Click): Promise<PageReply> => {
  const { store, tickets } = context;
  const home = store.state.homes.find((each) => each.user === user.id);
  if (home === undefined || (click.viewId !== undefined && click.viewId !== home.id))
    return Promise.resolve(refuse('view_not_found'));
  const action = actionPayload(home.view.blocks, click.action, store.nextTs());
  if (action === undefined) return Promise.resolve(refuse('action_not_found'));
  const values = completeValues(home.view.blocks, click.state ?? {});
  return send(context, user, undefined, {
    container: { type: 'view', view_id: home.id },
    view: { ...homePayload(home, store.state.team.id), state: { values } },
    trigger_id: tickets.newTrigger({ user: user.id }),
    actions: [action],
  });
};

const send = async (
  context: MemberContext,
  user: User,
  channel: string | undefined,
  payload: Readonly<Record<string, unknown>>,
): Promise<PageReply> => {
  const answer = await context.delivery.request({
    kind: 'interactive',
    payload: { type: 'block_actions', ...interaction(context, user), ...payload },
  });
  const failure = failureOf(answer);
  if (failure === undefined) return done;
  if (channel !== undefined) notify(context, user.id, channel, `The app did not take the click: ${failure}`);
  return refuse(failure);
};
