/** Reading back: https://docs.slack.dev/reference/methods/conversations.history and conversations.replies. */
import { z } from 'zod';
import { PAGE_ITEMS_MAX } from '../limits.ts';
import type { Channel, Message } from '../model.ts';
import { messagePayload } from '../web/payloads.ts';
import { joinedChannel, messageOf } from './find.ts';
import { type ApiContext, boolean, defineMethod, integer, type Method, page } from './method.ts';

const range = z.object({
  channel: z.string(),
  oldest: z.string().default('0'),
  latest: z.string().optional(),
  inclusive: boolean.default(false),
  limit: integer.min(1).max(PAGE_ITEMS_MAX).default(100),
  cursor: z.string().optional(),
  include_all_metadata: boolean.default(false),
});
type Range = z.output<typeof range>;

/** `1767621600.000123` as microseconds: the parts are compared as numbers, since a caller may leave out digits. */
const micros = (ts: string): number => {
  const [seconds = '0', fraction = ''] = ts.split('.');
  return Number(seconds) * 1e6 + Number(fraction.padEnd(6, '0').slice(0, 6));
};

const within = ({ oldest, latest, inclusive }: Range): ((message: Message) => boolean) => {
  const from = micros(oldest);
  const to = latest === undefined || latest === '' ? Number.POSITIVE_INFINITY : micros(latest);
  return ({ ts }) => {
    const at = micros(ts);
    return inclusive ? at >= from && at <= to : at > from && at < to;
  };
};

const answer = (found: Channel, messages: readonly Message[], args: Range, { store }: ApiContext) => {
  const { items, nextCursor } = page(messages, args);
  return {
    messages: items.map((message) => ({
      ...messagePayload(message, found, store.state),
      ...(args.include_all_metadata && message.metadata !== undefined && { metadata: message.metadata }),
    })),
    has_more: nextCursor !== '',
    pin_count: found.pins.length,
    ...(nextCursor !== '' && { response_metadata: { next_cursor: nextCursor } }),
  };
};

const history = defineMethod({
  scopes: ['channels:history'],
  args: range,
  run: (args, context) => {
    const found = joinedChannel(context.store.state, args.channel);
    const inChannel = found.messages.filter(
      (message) => message.ephemeralTo === undefined && (message.threadTs === undefined || message.broadcast === true),
    );
    return answer(found, inChannel.filter(within(args)).reverse(), args, context);
  },
});

const replies = defineMethod({
  scopes: ['channels:history'],
  args: range.extend({ ts: z.string() }),
  run: (args, context) => {
    const found = joinedChannel(context.store.state, args.channel);
    const parentTs = messageOf(found, args.ts, 'thread_not_found').threadTs ?? args.ts;
    const parent = messageOf(found, parentTs, 'thread_not_found');
    const inThread = found.messages.filter((message) => message.threadTs === parentTs && message.ephemeralTo === undefined);
    // The parent comes first whatever the range, as Slack does it.
    return answer(found, [parent, ...inThread.filter(within(args))], args, context);
  },
});

export const historyMethods: Readonly<Record<string, Method>> = {
  'conversations.history': history,
  'conversations.replies': replies,
};
