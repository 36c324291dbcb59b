/** The objects of Slack's API as they travel: https://docs.slack.dev/reference/objects */
import type { View } from '@slack/types';
import type { Bookmark, Canvas, Channel, FileRecord, HomeTab, Message, OpenView, User, WorkspaceState } from '../model.ts';
import { APP_ID, BOT_ID, BOT_USER_ID } from '../seed.ts';

type Payload = Readonly<Record<string, unknown>>;
type Known = Pick<WorkspaceState, 'files' | 'team'>;

export const userPayload = (user: User, teamId: string): Payload => ({
  id: user.id,
  team_id: teamId,
  name: user.name,
  deleted: user.deleted,
  color: user.color,
  real_name: user.realName,
  tz: user.tz,
  tz_label: user.tz,
  tz_offset: 0,
  profile: profilePayload(user),
  is_admin: false,
  is_owner: false,
  is_primary_owner: false,
  is_restricted: false,
  is_ultra_restricted: false,
  is_bot: user.isBot,
  is_app_user: false,
  updated: 0,
});

export const profilePayload = (user: User): Payload => ({
  title: user.title,
  real_name: user.realName,
  real_name_normalized: user.realName,
  display_name: user.name,
  display_name_normalized: user.name,
  email: user.email,
  status_text: '',
  status_emoji: '',
  ...(user.id === BOT_USER_ID && { bot_id: BOT_ID, api_app_id: APP_ID }),
});

export const channelPayload = (channel: Channel): Payload =>
  channel.isIm
    ? {
        id: channel.id,
        created: channel.created,
        is_im: true,
        is_archived: channel.archived,
        user: channel.members.find((member) => member !== BOT_USER_ID),
      }
    : {
        id: channel.id,
        name: channel.name,
        name_normalized: channel.name,
        created: channel.created,
        creator: channel.creator,
        is_channel: !channel.isPrivate,
        is_group: channel.isPrivate,
        is_im: false,
        is_mpim: false,
        is_private: channel.isPrivate,
        is_archived: channel.archived,
        is_general: channel.name === 'general',
        is_shared: false,
        is_member: channel.members.includes(BOT_USER_ID),
        num_members: channel.members.length,
        topic: channel.topic,
        purpose: channel.purpose,
        ...(channel.canvasId !== undefined && {
          properties: { canvas: { file_id: channel.canvasId, is_empty: false, quip_thread_id: channel.canvasId } },
        }),
      };

const repliesTo = (channel: Channel, ts: string): readonly Message[] =>
  channel.messages.filter((each) => each.threadTs === ts && each.ts !== ts && each.ephemeralTo === undefined);

const attached = (message: Message, { files }: Known): readonly Payload[] =>
  files
    .filter((file) => message.files.includes(file.id))
    .map(({ id, name, title, mimetype, sizeBytes }) => ({ id, name, title, mimetype, size: sizeBytes }));

export const messagePayload = (message: Message, channel: Channel, known: Known): Payload => {
  const replies = repliesTo(channel, message.ts);
  return {
    type: 'message',
    ...(message.subtype !== undefined && { subtype: message.subtype }),
    user: message.user,
    ...(message.botId !== undefined && { bot_id: message.botId, app_id: APP_ID }),
    text: message.text,
    ts: message.ts,
    team: known.team.id,
    ...(message.blocks.length > 0 && { blocks: message.blocks }),
    ...(message.threadTs !== undefined && {
      thread_ts: message.threadTs,
      parent_user_id: channel.messages.find((each) => each.ts === message.threadTs)?.user,
    }),
    ...(replies.length > 0 && {
      thread_ts: message.ts,
      reply_count: replies.length,
      reply_users: [...new Set(replies.map((reply) => reply.user))],
      latest_reply: replies.at(-1)?.ts,
    }),
    ...(message.edited !== undefined && { edited: message.edited }),
    ...(message.reactions.length > 0 && {
      reactions: message.reactions.map(({ name, users }) => ({ name, users, count: users.length })),
    }),
    ...(message.files.length > 0 && { files: attached(message, known) }),
    ...(channel.pins.some((pin) => pin.ts === message.ts) && { pinned_to: [channel.id] }),
  };
};

export const filePath = (file: FileRecord): string => `/files/${file.id}/${encodeURIComponent(file.name)}`;
export const canvasPath = (canvas: Canvas): string => `/files/${canvas.id}/canvas.md`;

export const filePayload = (file: FileRecord, origin: string): Payload => ({
  id: file.id,
  created: file.created,
  timestamp: file.created,
  name: file.name,
  title: file.title,
  mimetype: file.mimetype,
  filetype: file.name.split('.').at(-1) ?? '',
  user: file.user,
  size: file.sizeBytes,
  mode: 'hosted',
  is_external: false,
  is_public: true,
  url_private: `${origin}${filePath(file)}`,
  url_private_download: `${origin}${filePath(file)}`,
  permalink: `${origin}${filePath(file)}`,
});

export const bookmarkPayload = (bookmark: Bookmark, channel: string): Payload => ({
  id: bookmark.id,
  channel_id: channel,
  title: bookmark.title,
  link: bookmark.link,
  emoji: bookmark.emoji,
  icon_url: null,
  type: 'link',
  entity_id: null,
  date_created: bookmark.dateCreated,
  date_updated: bookmark.dateUpdated,
  last_updated_by_user_id: bookmark.updatedBy,
  last_updated_by_team_id: null,
  shortcut_id: null,
  app_id: null,
});

const viewFields = (view: View): Payload => ({
  private_metadata: '',
  callback_id: '',
  external_id: '',
  ...view,
});

/** https://docs.slack.dev/reference/views */
export const viewPayload = (open: OpenView, teamId: string): Payload => ({
  id: open.id,
  team_id: teamId,
  state: { values: open.values },
  hash: open.hash,
  root_view_id: open.rootId,
  previous_view_id: open.previousId ?? null,
  app_id: APP_ID,
  app_installed_team_id: teamId,
  bot_id: BOT_ID,
  clear_on_close: false,
  notify_on_close: false,
  close: null,
  submit: null,
  ...viewFields(open.view),
});
export const homePayload = (home: HomeTab, teamId: string): Payload => ({
  id: home.id,
  team_id: teamId,
  state: { values: {} },
  hash: home.hash,
  root_view_id: home.id,
  previous_view_id: null,
  app_id: APP_ID,
  bot_id: BOT_ID,
  ...viewFields(home.view),
});
