/** What happens when a person does something: one object of intents over one context. */

import type { PageState } from '../../page-api.ts';
import { actingIntents } from './acting.ts';
import { createContext, type Surroundings } from './context.ts';
import type { Intents, Main, Ui } from './draw.ts';
import { createLive } from './live.ts';
import { openMessage, placingIntents } from './placing.ts';
import { talkingIntents } from './talking.ts';

export type Controller = {
  readonly intents: Intents;
  readonly ui: Readonly<Ui>;
  readonly state: () => PageState | undefined;
  readonly refresh: () => Promise<void>;
  readonly redraw: () => void;
  readonly markRead: () => void;
  readonly setOnline: (online: boolean) => void;
  readonly openMessage: (channel: string, ts: string | undefined) => void;
};

/** `as` empty: whoever the workspace names first. */
export function createController(start: { readonly as: string; readonly main: Main }, around: Surroundings): Controller {
  const context = createContext(start, around, () => intents);
  const live = createLive(context);
  const intents: Intents = {
    ...actingIntents(context, live),
    ...talkingIntents(context, live),
    ...placingIntents(context, live),
  };
  return {
    intents,
    ui: context.ui,
    state: () => context.me.state,
    refresh: live.refresh,
    redraw: context.redraw,
    markRead: live.markRead,
    setOnline: (online) => {
      if (online !== context.ui.online) context.set({ online });
    },
    openMessage: (channel, ts) => openMessage(context, channel, ts),
  };
}
