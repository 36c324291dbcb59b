/** The workspace as one member may see it. */

import type { Command, Shortcut } from './members/context.ts';
import type { Channel, Message, WorkspaceState } from './model.ts';
import type { PageChannel, PageMessage, PageState } from './page-api.ts';
import { canvasPath, filePath } from './web/payloads.ts';

export const pageState = (
  state: WorkspaceState,
  as: string,
  { commands, shortcuts }: { readonly commands: readonly Command[]; readonly shortcuts: readonly Shortcut[] },
): PageState => {
  const home = state.homes.find(({ user }) => user === as);
  return {
    version: state.version,
    as,
    users: state.users.map(({ id, name, realName, isBot, color }) => ({ id, name, realName, isBot, color })),
    channels: state.channels
      .filter((channel) => channel.members.includes(as) || (!channel.isIm && !channel.isPrivate))
      .map((channel) => pageChannel(state, channel, as)),
    views: state.views.filter(({ user }) => user === as).map(({ id, view, errors, busy }) => ({ id, view, errors, busy })),
    ...(home !== undefined && { home: home.view }),
    commands: commands.map(({ command, description, usageHint }) => ({ command, description, usageHint })),
    shortcuts,
    notices: state.notices.filter(({ user }) => user === as).map(({ id, channel, text }) => ({ id, channel, text })),
  };
};

const pageChannel = (state: WorkspaceState, channel: Channel, as: string): PageChannel => {
  const visible = channel.messages.filter(({ ephemeralTo }) => (ephemeralTo ?? as) === as);
  const canvas = state.canvases.find(({ id }) => id === channel.canvasId);
  const readUpTo = channel.readUpTo[as] ?? '';
  return {
    id: channel.id,
    name: channel.name,
    isIm: channel.isIm,
    archived: channel.archived,
    topic: channel.topic.value,
    purpose: channel.purpose.value,
    members: channel.members,
    bookmarks: channel.bookmarks.map(({ id, title, link }) => ({ id, title, link })),
    ...(canvas !== undefined && { canvas: { id: canvas.id, title: canvas.title, url: canvasPath(canvas) } }),
    unread: channel.members.includes(as) && visible.some(({ ts, user }) => user !== as && ts > readUpTo),
    messages: visible.map((message) => pageMessage(state, channel, message)),
  };
};

const pageMessage = (state: WorkspaceState, channel: Channel, message: Message): PageMessage => ({
  ts: message.ts,
  user: message.user,
  text: message.text,
  blocks: message.blocks,
  ...(message.threadTs !== undefined && { threadTs: message.threadTs }),
  replyCount: channel.messages.filter(({ threadTs, ephemeralTo }) => threadTs === message.ts && ephemeralTo === undefined).length,
  edited: message.edited !== undefined,
  ...(message.subtype !== undefined && { subtype: message.subtype }),
  reactions: message.reactions.map(({ name, users }) => ({ name, users })),
  pinned: channel.pins.some(({ ts }) => ts === message.ts),
  ephemeral: message.ephemeralTo !== undefined,
  files: state.files
    .filter(({ id }) => message.files.includes(id))
    .map((file) => ({ id: file.id, name: file.title, url: filePath(file) })),
});
