/** Everything a member can do on the page; scripts and tests act through the same door. */
import { addReaction, directMessages, findMessage, joinChannel, postMessage, removeReaction } from '../conversations.ts';
import { asTyped } from '../mentions.ts';
import type { Channel, User } from '../model.ts';
import type { PageAction, PageReply } from '../page-api.ts';
import { homePayload, messagePayload } from '../web/payloads.ts';
import { click } from './clicks.ts';
import { runCommand } from './commands.ts';
import { done, failureOf, interaction, type MemberContext, memberOf, notify, placeOf, refuse, responseUrl } from './context.ts';
import { dismissView, submitView } from './modals.ts';

type Of<Do extends PageAction['do']> = Extract<PageAction, { do: Do }>;

export const act = async (context: MemberContext, action: PageAction): Promise<PageReply> => {
  const user = memberOf(context, action.as);
  if (user === undefined) return refuse('user_not_found');
  switch (action.do) {
    case 'say':
      return say(context, user, action);
    case 'command':
      return runCommand(context, user, action);
    case 'block-action':
      return click(context, user, action);
    case 'submit-view':
      return submitView(context, user, action.viewId, action.values);
    case 'close-view':
      return dismissView(context, user, action.viewId);
    case 'shortcut':
      return useShortcut(context, user, action);
    case 'react':
      return react(context, user, action);
    case 'open-home':
      return openHome(context, user);
    case 'join':
      return join(context, user, action.channel);
    case 'read':
      return read(context, user, action.channel);
    case 'dismiss-notice':
      return dismissNotice(context, user, action.id);
  }
};

const say = (context: MemberContext, user: User, { channel, text, threadTs }: Of<'say'>): PageReply | Promise<PageReply> => {
  const { store } = context;
  const command = /^(\/\S+)\s*([\s\S]*)$/.exec(text);
  if (command !== null) {
    // Slack offers no app commands in threads: https://docs.slack.dev/interactivity/implementing-slash-commands
    if (threadTs !== undefined) return refuse(`${command[1]} is not supported in threads.`);
    return runCommand(context, user, { channel, command: command[1] ?? '', text: command[2] ?? '' });
  }
  const place = placeOf(context, user, channel);
  if (typeof place === 'string') return refuse(place);
  if (place.archived) return refuse('is_archived');
  if (text.trim() === '') return refuse('no_text');
  const parent = threadTs === undefined ? undefined : findMessage(place, threadTs);
  if (threadTs !== undefined && (parent === undefined || parent.threadTs !== undefined)) return refuse('thread_not_found');
  postMessage(context, place, { user: user.id, text: asTyped(text, store.state), threadTs });
  return done;
};

const react = (context: MemberContext, user: User, { channel, messageTs, name }: Of<'react'>): PageReply => {
  const place = placeOf(context, user, channel);
  if (typeof place === 'string') return refuse(place);
  if (place.archived) return refuse('is_archived');
  const message = findMessage(place, messageTs);
  if (message === undefined) return refuse('message_not_found');
  const mine = message.reactions.some((reaction) => reaction.name === name && reaction.users.includes(user.id));
  (mine ? removeReaction : addReaction)(context, place, message, user.id, name);
  return done;
};

const useShortcut = async (
  context: MemberContext,
  user: User,
  { callbackId, channel, messageTs }: Of<'shortcut'>,
): Promise<PageReply> => {
  const { store, tickets, delivery } = context;
  const shortcut = context.shortcuts.find((each) => each.callbackId === callbackId);
  if (shortcut === undefined) return refuse('shortcut_not_found');
  const common = {
    ...interaction(context, user),
    callback_id: callbackId,
    trigger_id: tickets.newTrigger({ user: user.id }),
    action_ts: store.nextTs(),
  };
  const about = shortcut.type === 'global' ? { type: 'shortcut' } : aboutMessage(context, user, channel, messageTs);
  if (typeof about === 'string') return refuse(about);
  const failure = failureOf(await delivery.request({ kind: 'interactive', payload: { ...common, ...about } }));
  if (failure === undefined) return done;
  if (channel !== undefined) notify(context, user.id, channel, `${shortcut.name} failed with the error "${failure}"`);
  return refuse(failure);
};

const aboutMessage = (context: MemberContext, user: User, id: string | undefined, ts: string | undefined) => {
  const place = placeOf(context, user, id);
  if (typeof place === 'string') return place;
  const message = ts === undefined ? undefined : findMessage(place, ts);
  if (message === undefined) return 'message_not_found';
  return {
    type: 'message_action',
    message_ts: message.ts,
    message: messagePayload(message, place, context.store.state),
    channel: channelName(place),
    response_url: responseUrl(context, { user: user.id, channel: place.id, messageTs: message.ts, threadTs: message.threadTs }),
  };
};
const channelName = (channel: Channel) => ({ id: channel.id, name: channel.isIm ? 'directmessage' : channel.name });

const openHome = (context: MemberContext, user: User): PageReply => {
  const { store, publish } = context;
  const home = store.state.homes.find((each) => each.user === user.id);
  publish({
    type: 'app_home_opened',
    user: user.id,
    channel: directMessages(context, user.id).id,
    tab: 'home',
    event_ts: store.nextTs(),
    ...(home !== undefined && { view: homePayload(home, store.state.team.id) }),
  });
  return done;
};

const join = (context: MemberContext, user: User, id: string): PageReply => {
  const channel = context.store.state.channels.find((each) => each.id === id && !each.isIm && !each.isPrivate);
  if (channel === undefined) return refuse('channel_not_found');
  if (channel.archived) return refuse('is_archived');
  joinChannel(context, channel, user.id);
  return done;
};

const read = (context: MemberContext, user: User, id: string): PageReply => {
  const channel = placeOf(context, user, id);
  if (typeof channel === 'string') return refuse(channel);
  const latest = channel.messages.at(-1)?.ts;
  if (latest !== undefined && channel.readUpTo[user.id] !== latest) {
    channel.readUpTo[user.id] = latest;
    context.store.touch();
  }
  return done;
};

const dismissNotice = ({ store }: MemberContext, user: User, id: string): PageReply => {
  store.state.notices = store.state.notices.filter((notice) => notice.id !== id || notice.user !== user.id);
  store.touch();
  return done;
};
