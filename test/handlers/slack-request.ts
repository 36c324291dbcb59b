/** A request as Slack sends it to the function's URL, signed at this moment: the age of a signature is of the wall. */
import { createHmac } from 'node:crypto';
import type { HttpEvent } from '../../src/slack/receivers.ts';

export const SIGNING_SECRET = 'signing-secret-of-the-tests';
export const FORM = 'application/x-www-form-urlencoded';

export const request = (
  body: string,
  options: {
    readonly contentType?: string;
    readonly secret?: string;
    readonly ageSeconds?: number;
    readonly base64?: boolean;
  } = {},
): HttpEvent => {
  const { contentType = FORM, secret = SIGNING_SECRET, ageSeconds = 0, base64 = false } = options;
  const timestamp = Math.floor(Date.now() / 1_000) - ageSeconds;
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    rawPath: '/',
    headers: {
      'content-type': contentType,
      'x-slack-request-timestamp': String(timestamp),
      'x-slack-signature': `v0=${signature}`,
    },
    body: base64 ? Buffer.from(body).toString('base64') : body,
    isBase64Encoded: base64,
  };
};

export const slashCommand = (text: string): string =>
  new URLSearchParams({
    command: '/incident',
    text,
    trigger_id: '1.2.abc',
    user_id: 'U0ANA',
    user_name: 'ana',
    channel_id: 'C0SHOP',
    channel_name: 'shop',
    team_id: 'T1',
    team_domain: 'shoplane',
    response_url: 'http://127.0.0.1:9/response',
    api_app_id: 'A1',
    token: 'unused',
    is_enterprise_install: 'false',
  }).toString();
