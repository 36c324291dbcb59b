/** The page's line to its server: reads the state, follows its versions, acts. */
import type { PageAction, PageReply, PageState } from '../../page-api.ts';

/** A stream that the browser has given up is opened anew. */
const REOPEN_MS = 2_000;

export type PageLine = {
  /** Undefined when the server does not answer or does not know the member. */
  readonly read: (as: string) => Promise<PageState | undefined>;
  readonly act: (action: PageAction) => Promise<PageReply>;
  readonly text: (path: string) => Promise<string | undefined>;
  /** Calls back at every version, and whenever the line breaks or comes back. */
  readonly follow: (onVersion: () => void, onLine: (online: boolean) => void) => void;
};

const UNREACHABLE: PageReply = { ok: false, error: 'unreachable' };

export const createPageLine = (): PageLine => ({
  read: async (as) => {
    try {
      const response = await fetch(`/page/state?${new URLSearchParams({ as })}`);
      return response.ok ? ((await response.json()) as PageState) : undefined;
    } catch {
      return undefined;
    }
  },
  act: async (action) => {
    try {
      const response = await fetch('/page/act', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(action),
      });
      return (await response.json()) as PageReply;
    } catch {
      return UNREACHABLE;
    }
  },
  text: async (path) => {
    try {
      const response = await fetch(path);
      return response.ok ? await response.text() : undefined;
    } catch {
      return undefined;
    }
  },
  follow: followVersions,
});

function followVersions(onVersion: () => void, onLine: (online: boolean) => void): void {
  const stream = new EventSource('/page/events');
  stream.addEventListener('open', () => onLine(true));
  stream.addEventListener('message', onVersion);
  stream.addEventListener('error', () => {
    onLine(false);
    if (stream.readyState !== EventSource.CLOSED) return;
    setTimeout(() => followVersions(onVersion, onLine), REOPEN_MS);
  });
}

/** What the server's short names mean to a person. */
const SENTENCES: Readonly<Record<string, string>> = {
  operation_timeout: 'The app did not answer within 3 seconds. Try again, or look whether it runs.',
  dispatch_failed: 'The app could not be reached. Look whether it runs, then try again.',
  unreachable: 'The workspace does not answer. Is the demo still running?',
  not_in_channel: 'You are not in this channel. Join it first.',
  is_archived: 'This channel is archived.',
  channel_not_found: 'This channel is gone.',
  message_not_found: 'This message is gone.',
  action_not_found: 'The message has changed meanwhile. Look again before you click.',
  view_not_found: 'This window has been closed meanwhile.',
  no_text: 'There is nothing to send.',
};

export const sentenceFor = (error: string): string =>
  SENTENCES[error] ?? (/^[a-z_]+$/.test(error) ? `Slack says: ${error}` : error);
