/** What the inside needs from the outside: types only. `src/adapters/` holds the real ones, `src/deps.ts` puts them together. */

import type { KnownBlock, ModalView } from '@slack/types';
import type { AwsCall, CallOf } from './runbook/aws-call.ts';
import type { Needs } from './runbook/facts.ts';

/**
 * Time is an input. One clock serves a whole process, the sandbox's world included, so that a sped-up demo stays
 * consistent: what the bot calls "2 minutes" is what the world calls 2 minutes.
 */
export type Clock = {
  /** Milliseconds since the epoch, on this clock. */
  readonly now: () => number;
  /** Calls back once after so many milliseconds of this clock; the answer cancels it. Never keeps a process alive by itself. */
  readonly after: (milliseconds: number, callback: () => void) => () => void;
};

export type QueueMessage = {
  /** Messages of one group are handled one after another, in the order they were sent; groups run side by side. */
  readonly group: string;
  /** A second message with the same id is dropped: for at least five minutes, as on an SQS FIFO queue. */
  readonly id: string;
  readonly body: string;
};

export type Queue = {
  /** Resolves once the message is stored: from then on no crash loses it. */
  readonly send: (message: QueueMessage) => Promise<void>;
};

/** Handles one message; `attempt` counts from 1. A throw is a failed attempt: the message comes again, before any later one of its group. */
export type Worker = (message: QueueMessage, attempt: number) => Promise<void>;

export type RunStatus =
  | { readonly status: 'unknown' }
  | { readonly status: 'running' }
  | { readonly status: 'succeeded' }
  | { readonly status: 'failed'; readonly error: string };

/** Starts durable workflows and answers what they wait for, wherever they run. */
export type DurableRuns = {
  /** Idempotent: the same run id starts one run. Ids have 1 to 64 letters, digits, dashes and underscores. */
  readonly start: (runId: string, workflow: string, input: unknown) => Promise<void>;
  /** Idempotent: a callback that has ended, timed out or never was is no error, but is not accepted. */
  readonly completeCallback: (callbackId: string, result: string) => Promise<{ readonly accepted: boolean }>;
  readonly status: (runId: string) => Promise<RunStatus>;
};

/** Answers by the names in `needs`; what could not be read is an `Unreadable`. Never throws for what AWS answers. */
export type FactReader = {
  readonly gather: (needs: Needs) => Promise<Readonly<Record<string, unknown>>>;
};
export type Facts = {
  /**
   * A reader for one look at the world: the same question is asked once. Open a new one to look again.
   * What is not answered within `deadlineMs` (of the wall, not of the clock) is unreadable: `timed-out`.
   */
  readonly open: (options?: { readonly deadlineMs?: number }) => FactReader;
};

/** Under whose name and with which power a call is made. */
export type CallSession = {
  /** 2-64 of `[\w+=,.@-]`: says incident and person, and is what CloudTrail shows. */
  readonly sessionName: string;
  /** The inline session policy, JSON: the step's calls and nothing else. */
  readonly policy: string;
};
/**
 * - `done`: AWS said yes.
 * - `refused`: AWS said no, and nothing happened.
 * - `contended`: nothing happened, it may be tried again after re-reading (ResourceContention, throttling).
 * - `unknown`: the answer was lost; it may have happened. Never sent again.
 */
export type CallOutcome =
  | { readonly outcome: 'done'; readonly answer: Readonly<Record<string, string>> }
  | { readonly outcome: 'refused' | 'contended'; readonly code: string; readonly message: string }
  | { readonly outcome: 'unknown'; readonly message: string };
export type Calls = {
  /** Sends the call's input as it is, once; the SDK's retries are off. */
  readonly send: (call: AwsCall, session: CallSession) => Promise<CallOutcome>;
  /** EC2's DryRun of the call: `done` means that it would be allowed. */
  readonly dryRun: (call: CallOf<'ec2:TerminateInstances'>, session: CallSession) => Promise<CallOutcome>;
  /** Console output and diagnostics: the text, once it is there, or why not. */
  readonly collect: (
    call: CallOf<'ec2:GetConsoleOutput'> | CallOf<'ssm:SendCommand'>,
    session: CallSession,
    options: { readonly deadlineMs: number },
  ) => Promise<{ readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string }>;
};

/** Where what was saved goes: a private, encrypted bucket, or a folder on one machine. Redacted before it gets here. */
export type Evidence = {
  /** Idempotent by `incident`, `run` and `name`. The answer says where it is, for people. */
  readonly keep: (piece: {
    readonly incident: string;
    readonly runId: string;
    readonly name: string;
    readonly text: string;
  }) => Promise<{ readonly where: string }>;
};

/** A Slack call that failed is a value: `error` is Slack's word, `why` a sentence. */
export type ChatResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: string; readonly why: string };
export type ChatMessage = { readonly text: string; readonly blocks: readonly KnownBlock[] };
/** Finds a message again after a crash between posting and recording. */
export type MessageMark = { readonly incident: number; readonly slot: string };
export type PostedMessage = { readonly channelId: string; readonly ts: string };
export type Chat = {
  /** `name_taken` comes back as an error value. */
  readonly createChannel: (name: string) => Promise<ChatResult<{ readonly channelId: string; readonly name: string }>>;
  /** A channel of this name that this bot created; slow, for recovery only. */
  readonly findOwnChannel: (name: string) => Promise<ChatResult<{ readonly channelId: string } | undefined>>;
  readonly setTopic: (channelId: string, topic: string) => Promise<ChatResult<void>>;
  /** Invites those it can; the rest come back with Slack's word. */
  readonly invite: (
    channelId: string,
    userIds: readonly string[],
  ) => Promise<ChatResult<{ readonly notInvited: readonly { readonly userId: string; readonly error: string }[] }>>;
  readonly addBookmark: (channelId: string, title: string, link: string) => Promise<ChatResult<void>>;
  readonly post: (
    channelId: string,
    message: ChatMessage,
    options?: { readonly threadTs?: string; readonly mark?: MessageMark },
  ) => Promise<ChatResult<PostedMessage>>;
  readonly findMarked: (channelId: string, mark: MessageMark) => Promise<ChatResult<PostedMessage | undefined>>;
  readonly update: (posted: PostedMessage, message: ChatMessage) => Promise<ChatResult<void>>;
  readonly pin: (posted: PostedMessage) => Promise<ChatResult<void>>;
  readonly tell: (
    channelId: string,
    userId: string,
    message: ChatMessage,
    options?: { readonly threadTs?: string },
  ) => Promise<ChatResult<void>>;
  readonly directMessage: (userId: string, message: ChatMessage) => Promise<ChatResult<void>>;
  readonly updateView: (viewId: string, view: ModalView) => Promise<ChatResult<void>>;
  readonly respond: (responseUrl: string, message: ChatMessage) => Promise<ChatResult<void>>;
  readonly permalink: (posted: PostedMessage) => Promise<ChatResult<string>>;
  readonly upload: (
    channelId: string,
    file: { readonly name: string; readonly title: string; readonly text: string },
  ) => Promise<ChatResult<void>>;
  readonly writeCanvas: (channelId: string, markdown: string) => Promise<ChatResult<void>>;
};
