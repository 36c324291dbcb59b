/** What the workspace is made of: plain data, so that a snapshot is one JSON text and a demo can go on where it was. */
import type { Block, KnownBlock, View } from '@slack/types';
import type { ViewValues } from './page-api.ts';

export type AnyBlock = KnownBlock | Block;

export type Team = { readonly id: string; readonly name: string; readonly domain: string };

export type User = {
  readonly id: string;
  /** The handle, as in `@ana`. */
  readonly name: string;
  readonly realName: string;
  readonly email: string;
  readonly title: string;
  readonly tz: string;
  readonly color: string;
  readonly isBot: boolean;
  /** A member who left: still named by old messages, no longer invitable. */
  readonly deleted: boolean;
};

export type UserGroup = {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly users: readonly string[];
};

export type Reaction = { readonly name: string; users: string[] };

export type MessageMetadata = { readonly event_type: string; readonly event_payload: Readonly<Record<string, unknown>> };

export type Message = {
  readonly ts: string;
  readonly user: string;
  readonly botId?: string;
  text: string;
  blocks: readonly AnyBlock[];
  readonly threadTs?: string;
  /** A reply that is shown in the channel too. */
  readonly broadcast?: boolean;
  readonly subtype?: string;
  edited?: { readonly user: string; readonly ts: string };
  reactions: Reaction[];
  files: string[];
  metadata?: MessageMetadata;
  /** Only this member sees it. */
  readonly ephemeralTo?: string;
};

export type Labelled = { readonly value: string; readonly creator: string; readonly last_set: number };
export type Pin = { readonly ts: string; readonly createdBy: string; readonly created: number };
export type Bookmark = {
  readonly id: string;
  title: string;
  link: string;
  emoji: string;
  readonly dateCreated: number;
  dateUpdated: number;
  updatedBy: string;
};

export type Channel = {
  readonly id: string;
  name: string;
  readonly isIm: boolean;
  readonly isPrivate: boolean;
  archived: boolean;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly creator: string;
  topic: Labelled;
  purpose: Labelled;
  members: string[];
  pins: Pin[];
  bookmarks: Bookmark[];
  messages: Message[];
  /** Member → the `ts` up to which they have read. */
  readUpTo: Record<string, string>;
  canvasId?: string;
};

export type FileRecord = {
  readonly id: string;
  readonly name: string;
  title: string;
  readonly mimetype: string;
  readonly user: string;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly sizeBytes: number;
  /** Undefined until it has been uploaded. */
  contentBase64?: string;
  /** Shared or not, an upload becomes a file only when it is completed. */
  complete: boolean;
};

export type CanvasSection = { readonly id: string; markdown: string };
export type Canvas = { readonly id: string; title: string; readonly channel?: string; sections: CanvasSection[] };

/** A modal that is open for a member. Modals of one member are a stack: the later ones lie on top. */
export type OpenView = {
  readonly id: string;
  readonly user: string;
  readonly rootId: string;
  readonly previousId?: string;
  view: View;
  hash: string;
  values: ViewValues;
  errors: Readonly<Record<string, string>>;
  busy: boolean;
};
export type HomeTab = { readonly id: string; readonly user: string; view: View; hash: string };

/** Slackbot telling one member that something went wrong between Slack and the app. */
export type Notice = { readonly id: string; readonly user: string; readonly channel: string; readonly text: string };

/** Someone's text reached everybody: kept, so that a test can say that it never does. */
export type Ping = {
  readonly channel: string;
  readonly ts: string;
  readonly by: string;
  /** `<!channel>`, `<!here>`, `<!everyone>` or `<!subteam^S1>`. */
  readonly mention: string;
};

export type WorkspaceState = {
  team: Team;
  users: User[];
  userGroups: UserGroup[];
  channels: Channel[];
  files: FileRecord[];
  canvases: Canvas[];
  views: OpenView[];
  homes: HomeTab[];
  notices: Notice[];
  pings: Ping[];
  version: number;
  /** Ids are counted, so that a run can be repeated. */
  lastId: number;
  /** Microseconds since the epoch of the youngest `ts`: no two messages share one. */
  lastTsMicros: number;
};
