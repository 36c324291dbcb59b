/** Requests as Slack signs them: https://docs.slack.dev/authentication/verifying-requests-from-slack */
import { createHmac } from 'node:crypto';
import type { Answer, Outgoing, Retry } from './outgoing.ts';

export type SignedRequest = { readonly body: string; readonly headers: Readonly<Record<string, string>> };

export const signRequest = (
  signingSecret: string,
  outgoing: Outgoing,
  /** Seconds of the wall clock, whatever the workspace's own clock says: the app compares it with its own. */
  timestampSeconds: number,
  retry?: Retry,
): SignedRequest => {
  const body = encodeBody(outgoing);
  const signature = createHmac('sha256', signingSecret).update(`v0:${timestampSeconds}:${body}`).digest('hex');
  return {
    body,
    headers: {
      'content-type': outgoing.kind === 'events_api' ? 'application/json' : 'application/x-www-form-urlencoded',
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      'x-slack-request-timestamp': String(timestampSeconds),
      'x-slack-signature': `v0=${signature}`,
      ...(retry !== undefined && { 'x-slack-retry-num': String(retry.number), 'x-slack-retry-reason': retry.reason }),
    },
  };
};

const encodeBody = ({ kind, payload }: Outgoing): string => {
  if (kind === 'events_api') return JSON.stringify(payload);
  if (kind === 'interactive') return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  return new URLSearchParams(Object.entries(payload).map(([name, value]) => [name, String(value)])).toString();
};

export const sendSigned = async (url: string, request: SignedRequest, timeoutMs: number): Promise<Answer> => {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: request.headers,
      body: request.body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    if (!response.ok) return { kind: 'failed', reason: `HTTP ${response.status}`, status: response.status };
    return { kind: 'answered', body: parseAnswer(text, response.headers.get('content-type') ?? '') };
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return { kind: 'timeout' };
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
};

/** Bolt answers a text as plain text, an object as JSON; some frameworks call either one by the other's name. */
const parseAnswer = (text: string, contentType: string): unknown => {
  if (text === '') return undefined;
  if (!contentType.includes('json')) return { text };
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return { text };
  }
};
