import type { Chat, ChatMessage, ChatResult, MessageMark, PostedMessage } from '../../src/ports.ts';

export type Shown = PostedMessage & {
  readonly slot: string | undefined;
  readonly threadTs: string | undefined;
  /** As it looks now. */
  message: ChatMessage;
  edits: number;
  pinned: boolean;
};
type View = Parameters<Chat['updateView']>[1];

export type FakeChat = Chat & {
  readonly channels: ReadonlyMap<
    string,
    { readonly name: string; readonly invited: ReadonlySet<string>; readonly topic: string }
  >;
  readonly messages: readonly Shown[];
  /** What a modal shows last, by view id. */
  readonly views: ReadonlyMap<string, View>;
  /** What was said privately, in the order it was said. */
  readonly told: readonly { readonly userId: string; readonly text: string }[];
};

const ok = <T>(value: T): ChatResult<T> => ({ ok: true, value });
const no = <T>(error: string): ChatResult<T> => ({ ok: false, error, why: `Slack said ${error}.` });
const done: ChatResult<void> = { ok: true, value: undefined };
const sameMark = (slot: string | undefined, channelId: string, shown: Shown): boolean =>
  shown.slot === slot && shown.channelId === channelId;

/** A workspace of one bot in memory: channels have unique names, messages are edited where they stand, marks find them again. */
export const createFakeChat = (): FakeChat => {
  const channels = new Map<string, { name: string; invited: Set<string>; topic: string }>();
  const messages: Shown[] = [];
  const views = new Map<string, View>();
  const told: { userId: string; text: string }[] = [];
  let sequence = 0;
  const next = (): number => ++sequence;
  const find = ({ channelId, ts }: PostedMessage) => messages.find((one) => one.channelId === channelId && one.ts === ts);
  const slotOf = (mark: MessageMark | undefined) => (mark === undefined ? undefined : `${mark.incident} ${mark.slot}`);
  const inChannel = (channelId: string) => channels.get(channelId);

  return {
    channels,
    messages,
    views,
    told,
    createChannel: async (name) => {
      if ([...channels.values()].some((one) => one.name === name)) return no('name_taken');
      const channelId = `C${String(next()).padStart(4, '0')}`;
      channels.set(channelId, { name, invited: new Set(), topic: '' });
      return ok({ channelId, name });
    },
    findOwnChannel: async (name) => {
      const found = [...channels].find(([, one]) => one.name === name)?.[0];
      return ok(found === undefined ? undefined : { channelId: found });
    },
    setTopic: async (channelId, topic) => {
      const channel = inChannel(channelId);
      if (channel === undefined) return no('channel_not_found');
      channel.topic = topic;
      return done;
    },
    invite: async (channelId, userIds) => {
      const channel = inChannel(channelId);
      if (channel === undefined) return no('channel_not_found');
      for (const userId of userIds) channel.invited.add(userId);
      return ok({ notInvited: [] });
    },
    addBookmark: async (channelId) => (inChannel(channelId) === undefined ? no('channel_not_found') : done),
    post: async (channelId, message, { mark, threadTs } = {}) => {
      const posted = { channelId, ts: `${next()}.000000` };
      messages.push({ ...posted, message, slot: slotOf(mark), threadTs, edits: 0, pinned: false });
      return ok(posted);
    },
    findMarked: async (channelId, mark) => {
      const found = messages.find((one) => sameMark(slotOf(mark), channelId, one));
      return ok(found && { channelId: found.channelId, ts: found.ts });
    },
    update: async (posted, message) => {
      const shown = find(posted);
      if (shown === undefined) return no('message_not_found');
      shown.message = message;
      shown.edits += 1;
      return done;
    },
    pin: async (posted) => {
      const shown = find(posted);
      if (shown === undefined) return no('message_not_found');
      shown.pinned = true;
      return done;
    },
    tell: async (_channelId, userId, { text }) => {
      told.push({ userId, text });
      return done;
    },
    directMessage: async (userId, { text }) => {
      told.push({ userId, text });
      return done;
    },
    updateView: async (viewId, view) => {
      views.set(viewId, view);
      return done;
    },
    // No address of a request is ever known here: what is private goes to the person.
    respond: async () => no('expired_url'),
    permalink: async ({ channelId, ts }) => ok(`https://example.slack.com/archives/${channelId}/p${ts.replace('.', '')}`),
    upload: async (channelId) => (inChannel(channelId) === undefined ? no('channel_not_found') : done),
    writeCanvas: async (channelId) => (inChannel(channelId) === undefined ? no('channel_not_found') : done),
  };
};
