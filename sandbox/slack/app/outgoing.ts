/** What Slack sends to an app, and what comes back. */
export type Outgoing = {
  /** Socket Mode's names; over HTTP the first two are forms, the third is JSON. */
  readonly kind: 'slash_commands' | 'interactive' | 'events_api';
  readonly payload: Readonly<Record<string, unknown>>;
};
export type Retry = { readonly number: number; readonly reason: 'http_timeout' | 'http_error' | 'connection_failed' };

export type Answer =
  /** In time, and with success; `body` is undefined when the app said nothing more. */
  | { readonly kind: 'answered'; readonly body: unknown }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'failed'; readonly reason: string; readonly status?: number };
