/** The smallest incident there can be: a number to count with, an open flag and a channel. */
import { z } from 'zod';
import type { LogModel } from '../../src/log/incident-log.ts';

const counterEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('opened'), v: z.literal(1), channelId: z.string().optional() }),
  // Version 1 was { by }, version 2 was { amount }.
  z.object({ type: z.literal('added'), v: z.literal(3), amount: z.number(), note: z.string() }),
  z.object({ type: z.literal('moved'), v: z.literal(1), channelId: z.string() }),
  z.object({ type: z.literal('closed'), v: z.literal(1) }),
  z.object({ type: z.literal('reopened'), v: z.literal(1) }),
]);
export type CounterEvent = z.infer<typeof counterEvent>;
export type Counter = { readonly open: boolean; readonly total: number; readonly channelIds: readonly string[] };

const apply = (state: Counter, event: CounterEvent): Counter => {
  switch (event.type) {
    case 'opened':
      return { ...state, open: true, channelIds: event.channelId === undefined ? [] : [event.channelId] };
    case 'added':
      return { ...state, total: state.total + event.amount };
    case 'moved':
      return { ...state, channelIds: [event.channelId] };
    case 'closed':
      return { ...state, open: false };
    case 'reopened':
      return { ...state, open: true };
    default:
      return event satisfies never;
  }
};

export const counterModel: LogModel<CounterEvent, Counter> = {
  empty: { open: false, total: 0, channelIds: [] },
  evolve: (state, { events }) => events.reduce(apply, state),
  upcasts: {
    opened: [],
    added: [({ by, ...event }) => ({ ...event, amount: by }), (event) => ({ ...event, note: '' })],
    moved: [],
    closed: [],
    reopened: [],
  },
  parseEvent: (raw) => counterEvent.parse(raw),
  head: { version: 1, toJson: (state) => state, fromJson: (raw) => raw as Counter },
  indexes: ({ open, channelIds }) => ({ open, channelIds }),
};

export const opened = (channelId?: string): CounterEvent => ({
  type: 'opened',
  v: 1,
  ...(channelId !== undefined && { channelId }),
});
export const added = (amount: number, note = ''): CounterEvent => ({ type: 'added', v: 3, amount, note });
export const moved = (channelId: string): CounterEvent => ({ type: 'moved', v: 1, channelId });
export const closed: CounterEvent = { type: 'closed', v: 1 };
export const reopened: CounterEvent = { type: 'reopened', v: 1 };
