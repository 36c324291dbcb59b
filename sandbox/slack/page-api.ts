/**
 * What the sandbox's page and its server say to each other. The bot never sees this: it speaks the Slack Web API and
 * receives signed requests. The page is one static HTML file with plain browser TypeScript/JavaScript, no framework.
 *
 * GET  /            the page
 * GET  /page/state?as=U1          → PageState, everything that member may see
 * GET  /page/events?as=U1         → text/event-stream: `data: {"version": n}` on every change; the page then reads the state
 * POST /page/act                  ← PageAction, → PageReply
 */
import type { Block, KnownBlock, View } from '@slack/types';

export type PageUser = {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly isBot: boolean;
  readonly color: string;
};
export type PageReaction = { readonly name: string; readonly users: readonly string[] };
export type PageMessage = {
  readonly ts: string;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly (KnownBlock | Block)[];
  readonly threadTs?: string;
  readonly replyCount: number;
  readonly edited: boolean;
  /** What Slack itself wrote down: `channel_join`, `channel_topic`… a quiet line, not something a person said. */
  readonly subtype?: string;
  readonly reactions: readonly PageReaction[];
  readonly pinned: boolean;
  /** Only this member sees it. */
  readonly ephemeral: boolean;
  readonly files: readonly { readonly id: string; readonly name: string; readonly url: string }[];
};
export type PageChannel = {
  readonly id: string;
  readonly name: string;
  readonly isIm: boolean;
  readonly archived: boolean;
  readonly topic: string;
  readonly purpose: string;
  readonly members: readonly string[];
  readonly bookmarks: readonly { readonly id: string; readonly title: string; readonly link: string }[];
  /** The channel's canvas, once it has one; its markdown is behind the address. */
  readonly canvas?: { readonly id: string; readonly title: string; readonly url: string };
  readonly unread: boolean;
  readonly messages: readonly PageMessage[];
};
/** A modal that is open for this member; the last of the stack is on top. */
export type PageView = {
  readonly id: string;
  readonly view: View;
  readonly errors: Readonly<Record<string, string>>;
  readonly busy: boolean;
};
export type PageState = {
  readonly version: number;
  readonly as: string;
  readonly users: readonly PageUser[];
  readonly channels: readonly PageChannel[];
  readonly views: readonly PageView[];
  readonly home?: View;
  /** The slash command's name, such as `/incident`, and its hint: offered when a person types `/`. */
  readonly commands: readonly { readonly command: string; readonly description: string; readonly usageHint: string }[];
  readonly shortcuts: readonly { readonly callbackId: string; readonly name: string; readonly type: 'message' | 'global' }[];
  /** What went wrong between Slack and the app lately: `operation_timeout`, `dispatch_failed`… shown as Slackbot does, to this member only. */
  readonly notices: readonly { readonly id: string; readonly channel: string; readonly text: string }[];
};
export type PageAction =
  | { readonly do: 'say'; readonly as: string; readonly channel: string; readonly text: string; readonly threadTs?: string }
  | { readonly do: 'command'; readonly as: string; readonly channel: string; readonly command: string; readonly text: string }
  /** A click or a choice; `action` is the element's action payload as Slack would send it (`selected_option`, `value`…). */
  | {
      readonly do: 'block-action';
      readonly as: string;
      readonly channel?: string;
      readonly messageTs?: string;
      readonly viewId?: string;
      readonly action: Readonly<Record<string, unknown>>;
      readonly state?: ViewValues;
    }
  | { readonly do: 'submit-view'; readonly as: string; readonly viewId: string; readonly values: ViewValues }
  | { readonly do: 'close-view'; readonly as: string; readonly viewId: string }
  | {
      readonly do: 'shortcut';
      readonly as: string;
      readonly callbackId: string;
      readonly channel?: string;
      readonly messageTs?: string;
    }
  | { readonly do: 'react'; readonly as: string; readonly channel: string; readonly messageTs: string; readonly name: string }
  | { readonly do: 'open-home'; readonly as: string }
  | { readonly do: 'join'; readonly as: string; readonly channel: string }
  | { readonly do: 'read'; readonly as: string; readonly channel: string }
  | { readonly do: 'dismiss-notice'; readonly as: string; readonly id: string };
/** block_id → action_id → the element's state, as in `view.state.values`. */
export type ViewValues = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
export type PageReply = { readonly ok: true } | { readonly ok: false; readonly error: string };
