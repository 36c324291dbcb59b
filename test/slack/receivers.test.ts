/** The Lambda door: what anybody may send gets the right answer, and what Slack sends gets through whole. */
import { createHmac } from 'node:crypto';
import { App } from '@slack/bolt';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { createLambdaReceiver, type HttpEvent } from '../../src/slack/receivers.ts';

const SECRET = 'signing-secret-of-the-tests';
const NOW = Date.parse('2026-05-04T14:14:00.000Z');
const SECONDS = NOW / 1_000;
const silent = pino({ level: 'silent' });
const FORM = 'application/x-www-form-urlencoded';

const sign = (body: string, timestamp: number | string = SECONDS): string =>
  `v0=${createHmac('sha256', SECRET).update(`v0:${timestamp}:${body}`).digest('hex')}`;
const signed = (
  body: string,
  changes: Partial<HttpEvent> & { readonly type?: string; readonly timestamp?: number } = {},
): HttpEvent => {
  const { type = FORM, timestamp = SECONDS, ...rest } = changes;
  return {
    rawPath: '/',
    body,
    headers: { 'content-type': type, 'x-slack-request-timestamp': String(timestamp), 'x-slack-signature': sign(body, timestamp) },
    ...rest,
  };
};

const start = () => {
  const { receiver, handle } = createLambdaReceiver({ signingSecret: SECRET, logger: silent, now: () => NOW });
  const app = new App({
    token: 'xoxb-t',
    botId: 'B1',
    botUserId: 'U1',
    receiver,
    logger: {
      ...console,
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: () => undefined,
      setLevel: () => undefined,
      getLevel: () => 'error' as never,
      setName: () => undefined,
    },
  });
  const texts: string[] = [];
  app.command('/incident', async ({ body, ack }) => {
    texts.push(body.text);
    await ack({ text: 'On it' });
  });
  return { handle, texts };
};
const commandBody = (text: string): string =>
  new URLSearchParams({
    command: '/incident',
    text,
    team_id: 'T1',
    user_id: 'U2',
    channel_id: 'C1',
    trigger_id: '1.2',
    response_url: 'https://x.example/',
  }).toString();

describe('what Slack sends gets through', () => {
  it.each([
    ['plain', {}],
    ['with a charset behind its type', { type: `${FORM}; charset=utf-8` }],
    ['with its type in capitals', { type: 'Application/X-WWW-Form-Urlencoded' }],
    ['a minute late', { timestamp: SECONDS - 60 }],
  ])('%s', async (_, changes) => {
    const { handle, texts } = start();
    const answer = await handle(signed(commandBody('start söv2 “Ünïcode” 🔥'), changes));
    expect(answer).toMatchObject({ statusCode: 200, body: JSON.stringify({ text: 'On it' }) });
    expect(texts).toEqual(['start söv2 “Ünïcode” 🔥']);
  });

  it('as base64 of bytes that are no ASCII', async () => {
    const { handle, texts } = start();
    // Not percent-encoded: the bytes themselves are in the body.
    const body = `${commandBody('x')}&note=ü🔥`;
    const event = signed(body, { body: Buffer.from(body).toString('base64'), isBase64Encoded: true });
    expect(await handle(event)).toMatchObject({ statusCode: 200 });
    expect(texts).toEqual(['x']);
  });

  it('the handshake with a new address', async () => {
    const body = JSON.stringify({ type: 'url_verification', challenge: 'c' });
    expect(await start().handle(signed(body, { type: 'application/json' }))).toMatchObject({
      statusCode: 200,
      body: JSON.stringify({ challenge: 'c' }),
    });
  });
});

describe('what Slack did not sign is refused before it is read', () => {
  const body = commandBody('start');
  const { headers = {} } = signed(body);
  it.each<[string, HttpEvent]>([
    ['no signature', { body, headers: { 'content-type': FORM } }],
    ['no headers, no body', {}],
    ['another signature', { body, headers: { ...headers, 'x-slack-signature': sign('other') } }],
    ['a short signature', { body, headers: { ...headers, 'x-slack-signature': 'v0=' } }],
    ['a signature of other characters', { body, headers: { ...headers, 'x-slack-signature': `v0=${'ü'.repeat(64)}` } }],
    ['a changed body', { body: `${body}x`, headers }],
    ['six minutes old', signed(body, { timestamp: SECONDS - 360 })],
    ['six minutes from now', signed(body, { timestamp: SECONDS + 360 })],
    ['no time', { body, headers: { ...headers, 'x-slack-request-timestamp': 'NaN' } }],
    ['malformed JSON, unsigned', { body: '{', headers: { 'content-type': 'application/json' } }],
    ['an SSL check, unsigned', { body: 'ssl_check=1', headers: { 'content-type': FORM } }],
  ])('%s', async (_, event) => {
    const { handle, texts } = start();
    expect(await handle(event)).toEqual({ statusCode: 401, body: '' });
    expect(texts).toEqual([]);
  });
});

describe('what is signed and malformed is a bad request, never a crash', () => {
  it.each<[string, HttpEvent]>([
    ['JSON that is none', signed('{', { type: 'application/json' })],
    ['JSON that is no object', signed('[1]', { type: 'application/json' })],
    ['nothing, as JSON', signed('', { type: 'application/json' })],
    ['a payload that is none', signed('payload=%7B')],
    ['a payload that is null', signed('payload=null')],
    ['another type', signed(commandBody('x'), { type: 'text/plain' })],
    ['no type', signed(commandBody('x'), { type: '' })],
  ])('%s', async (_, event) => {
    expect(await start().handle(event)).toEqual({ statusCode: 400, body: '' });
  });

  it('a form that is nobody’s is a bad request', async () => {
    expect(await start().handle(signed('a=b'))).toMatchObject({ statusCode: 400 });
  });
});
