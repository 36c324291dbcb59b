/** What everything that draws is given: the workspace as this member sees it, what is open on their screen, what they may ask for. */
import type { ConfirmationDialog } from '@slack/types';
import type { PageChannel, PageMessage, PageState, PageUser, ViewValues } from '../../page-api.ts';
import type { Zone } from './time.ts';

/** Where blocks stand: a message, a modal or the Home tab. */
export type Place = {
  /** One name for all three kinds; what was chosen and pressed there is kept under it. */
  readonly surface: string;
  readonly channel?: string;
  readonly messageTs?: string;
  readonly viewId?: string;
};

/** What became of the last press of a control. */
export type Press = { readonly stage: 'sent' | 'slow' } | { readonly stage: 'failed'; readonly sentence: string };
export type Entry = Readonly<Record<string, unknown>>;
export type Payload = Entry & { readonly block_id: string; readonly action_id: string };

export type Main = { readonly kind: 'channel'; readonly id: string } | { readonly kind: 'home' };
export type Side =
  | { readonly kind: 'thread'; readonly channel: string; readonly ts: string }
  | { readonly kind: 'pins' | 'members'; readonly channel: string }
  | { readonly kind: 'canvas'; readonly channel: string; readonly url: string };
export type Toast = { readonly id: string; readonly text: string; readonly channel?: string };
export type Question = { readonly dialog: ConfirmationDialog; readonly answer: (yes: boolean) => void };
export type Draft = {
  readonly text: string;
  /** Where the caret stands, UTF-16 units from the start. */
  readonly caret: number;
  /** The suggestion under the arrow keys. */
  readonly at: number;
  /** The person closed the suggestions for this text. */
  readonly dismissed: boolean;
};

/** What is open, typed and under way on this screen; nothing of it is the workspace's. */
export type Ui = {
  main: Main;
  side: Side | undefined;
  /** The one menu that is open. */
  menu: string | undefined;
  /** Narrow screens show the sidebar over the messages, when asked. */
  sidebar: boolean;
  values: Readonly<Record<string, ViewValues>>;
  presses: ReadonlyMap<string, Press>;
  question: Question | undefined;
  drafts: ReadonlyMap<string, Draft>;
  /** Composer → what is being waited for, or what went wrong. */
  sending: ReadonlyMap<string, Press>;
  toasts: readonly Toast[];
  online: boolean;
  /** The message a permalink led to. */
  highlight: string | undefined;
  /** Channel → the youngest `ts` that this person has had before their eyes. */
  seen: ReadonlyMap<string, string>;
  canvases: ReadonlyMap<string, string>;
};

export type Intents = {
  readonly press: (place: Place, payload: Payload, confirm?: ConfirmationDialog) => void;
  readonly change: (place: Place, blockId: string, actionId: string, entry: Entry) => void;
  readonly openMenu: (id: string | undefined) => void;
  readonly openMain: (main: Main) => void;
  readonly openSide: (side: Side | undefined) => void;
  readonly toggleSidebar: (open: boolean) => void;
  readonly actAs: (user: string) => void;
  readonly say: (channel: string, threadTs?: string) => void;
  readonly draft: (composer: string, draft: Draft) => void;
  readonly react: (channel: string, ts: string, name: string) => void;
  readonly shortcut: (callbackId: string, channel: string, ts?: string) => void;
  readonly join: (channel: string) => void;
  readonly submit: (viewId: string) => void;
  readonly close: (viewId: string) => void;
  readonly dismissNotice: (id: string) => void;
  readonly dismissToast: (id: string) => void;
  readonly copyLink: (channel: string, ts: string) => void;
  /** True when the address led into this workspace, and was followed. */
  readonly follow: (url: string) => boolean;
};

export type Draw = {
  readonly state: PageState;
  readonly ui: Readonly<Ui>;
  readonly intents: Intents;
  readonly nowSeconds: number;
  readonly zone?: Zone;
};

export const pressKey = (place: Place, blockId: string, actionId: string): string => `${place.surface}|${blockId}|${actionId}`;
export const composerKey = (channel: string, threadTs?: string): string => `${channel}/${threadTs ?? ''}`;
export const messagePlace = (channel: string, messageTs: string): Place => ({
  surface: `message:${channel}:${messageTs}`,
  channel,
  messageTs,
});

export const userOf = ({ state }: Draw, id: string): PageUser | undefined => state.users.find((user) => user.id === id);
export const channelOf = ({ state }: Draw, id: string): PageChannel | undefined =>
  state.channels.find((channel) => channel.id === id);
/** The workspace has one app; what it is called is the seed's matter. */
export const appName = ({ state }: Draw): string => state.users.find(({ isBot }) => isBot)?.realName ?? 'App';
export const personName = (draw: Draw, id: string): string =>
  userOf(draw, id)?.realName ?? (id === 'USLACKBOT' ? 'Slackbot' : id);

/** A direct message is called after the other one. */
export const channelName = (draw: Draw, channel: PageChannel): string =>
  channel.isIm ? personName(draw, channel.members.find((id) => id !== draw.state.as) ?? draw.state.as) : channel.name;

export const isMember = ({ state }: Draw, channel: PageChannel): boolean => channel.members.includes(state.as);

/** What stands in the channel itself: replies stand in their threads. */
export const inChannel = (message: PageMessage): boolean => message.threadTs === undefined || message.threadTs === message.ts;
