/** The adapter against the sandbox workspace, in fair weather and foul. Waits are recorded, not waited. */
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { createChat } from '../../../src/adapters/slack/chat.ts';
import { createSlackClient } from '../../../src/adapters/slack/client.ts';
import { METHOD_SCOPES } from '../../../src/adapters/slack/scopes.ts';
import type { ChatMessage } from '../../../src/ports.ts';
import { BOT_TOKEN, command, startApp, startWorkspace } from '../../sandbox/slack/kit.ts';

const INCIDENTS = 'C0INCIDENTS';
const MARK = { incident: 42, slot: 'headline' };
const hello: ChatMessage = { text: 'hello', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'hello' } }] };
const silent = pino({ level: 'silent' });

const start = async (
  options: { readonly timeoutMs?: number; readonly overrides?: Parameters<typeof startWorkspace>[0] } = {},
) => {
  const { workspace } = await startWorkspace(options.overrides);
  const waits: number[] = [];
  const client = createSlackClient({
    token: BOT_TOKEN,
    slackApiUrl: workspace.apiUrl(),
    logger: silent,
    ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
  });
  const chat = createChat({ client, logger: silent, botUserId: 'U0FIREBREAK', wait: async (ms) => void waits.push(ms) });
  const messages = (channel = INCIDENTS, as = 'U0ANA') =>
    (workspace.state(as).channels.find(({ id }) => id === channel)?.messages ?? []).filter(
      ({ subtype }) => subtype === undefined,
    );
  const calls = (method: string) => workspace.calls.filter((call) => call.method === method);
  return { workspace, client, chat, waits, messages, calls };
};
type Started = Awaited<ReturnType<typeof start>>;
const opened = async ({ chat }: Started, name = 'inc-0042-checkout') => {
  const made = await chat.createChannel(name);
  if (!made.ok) throw new Error(made.why);
  return made.value.channelId;
};

describe('a message', () => {
  it('is posted, found again by its mark, edited in place, pinned, and linked to', async () => {
    const { chat, messages, workspace } = await start();
    const posted = await chat.post(INCIDENTS, hello, { mark: MARK });
    if (!posted.ok) throw new Error(posted.why);
    expect(await chat.findMarked(INCIDENTS, MARK)).toEqual({ ok: true, value: posted.value });
    expect(await chat.findMarked(INCIDENTS, { ...MARK, slot: 'checklist' })).toEqual({ ok: true, value: undefined });
    expect(await chat.update(posted.value, { text: 'changed', blocks: [] })).toEqual({ ok: true, value: undefined });
    expect(await chat.pin(posted.value)).toEqual({ ok: true, value: undefined });
    expect(await chat.pin(posted.value)).toEqual({ ok: true, value: undefined });
    expect(messages()).toMatchObject([{ text: 'changed', pinned: true }]);
    expect(await chat.permalink(posted.value)).toMatchObject({ ok: true, value: expect.stringContaining(workspace.url()) });
    expect(await chat.findMarked(INCIDENTS, MARK)).toMatchObject({ value: posted.value });
  });

  it('goes to a channel by its name, which is looked up once', async () => {
    const { chat, messages, calls } = await start();
    for (const slot of ['a', 'b'])
      expect(await chat.post('#incidents', hello, { mark: { incident: 1, slot } })).toMatchObject({ ok: true });
    expect(messages()).toHaveLength(2);
    expect(calls('conversations.list')).toHaveLength(1);
    expect(await chat.post('#nowhere', hello)).toMatchObject({
      ok: false,
      error: 'channel_not_found',
      why: expect.stringContaining('#nowhere'),
    });
  });

  it('answers in a thread', async () => {
    const { chat, messages } = await start();
    const parent = await chat.post(INCIDENTS, hello);
    if (!parent.ok) throw new Error(parent.why);
    await chat.post(INCIDENTS, { text: 'reply', blocks: [] }, { threadTs: parent.value.ts });
    expect(messages().at(-1)).toMatchObject({ text: 'reply', threadTs: parent.value.ts });
  });
});

describe('when the answer to a post is lost', () => {
  it('is not posted twice: it is looked for first', async () => {
    const { workspace, chat, messages, calls } = await start();
    workspace.faults.add('chat.postMessage', { kind: 'drop-after' });
    const posted = await chat.post(INCIDENTS, hello, { mark: MARK });
    expect(messages()).toMatchObject([{ text: 'hello' }]);
    expect(posted).toEqual({ ok: true, value: { channelId: INCIDENTS, ts: messages()[0]?.ts } });
    expect(calls('chat.postMessage')).toHaveLength(1);
  });

  it.each([
    ['the connection broke before', { kind: 'down' }],
    ['Slack had trouble', { kind: 'status', status: 503 }],
    ['Slack had trouble and said so', { kind: 'error', error: 'internal_error' }],
  ] as const)('is posted after all when it is not there: %s', async (_, fault) => {
    const { workspace, chat, messages } = await start();
    workspace.faults.add('chat.postMessage', fault);
    expect(await chat.post(INCIDENTS, hello, { mark: MARK })).toMatchObject({ ok: true });
    expect(messages()).toHaveLength(1);
  });

  it('without a mark it is not posted again, and the caller is told', async () => {
    const { workspace, chat, messages, calls } = await start();
    workspace.faults.add('chat.postMessage', { kind: 'drop-after' });
    expect(await chat.post(INCIDENTS, hello)).toMatchObject({ ok: false, error: 'unreachable' });
    expect(messages()).toHaveLength(1);
    expect(calls('chat.postMessage')).toHaveLength(1);
  });

  it('because Slack was slow, the message that arrived late is found and not posted again', async () => {
    const { workspace, client, messages, calls } = await start({ timeoutMs: 40 });
    const arrival = () => workspace.until('U0ANA', 'a message', () => messages().length > 0);
    const chat = createChat({ client, logger: silent, wait: async () => void (await arrival()) });
    workspace.faults.add('chat.postMessage', { kind: 'delay', delayMs: 80 });
    expect(await chat.post(INCIDENTS, hello, { mark: MARK })).toMatchObject({ ok: true });
    expect(calls('chat.postMessage')).toHaveLength(1);
    expect(messages()).toHaveLength(1);
  });

  it('gives up when Slack stays away, with a word that says "later"', async () => {
    const { workspace, chat, messages } = await start();
    workspace.faults.add('*', { kind: 'down' }, 50);
    expect(await chat.post(INCIDENTS, hello, { mark: MARK })).toMatchObject({ ok: false, error: 'unreachable' });
    workspace.faults.clear();
    expect(messages()).toEqual([]);
  });
});

describe('when Slack asks to wait', () => {
  it('waits as long as it says, and does it once', async () => {
    const { workspace, chat, waits, messages } = await start();
    workspace.faults.add('chat.postMessage', { kind: 'rate-limit', retryAfterSeconds: 3 }, 2);
    expect(await chat.post(INCIDENTS, hello)).toMatchObject({ ok: true });
    expect(waits).toEqual([3_000, 3_000]);
    expect(messages()).toHaveLength(1);
  });

  it('waits no longer than its bound: the queue brings the request again', async () => {
    const { workspace, chat, waits } = await start();
    workspace.faults.add('chat.postMessage', { kind: 'rate-limit', retryAfterSeconds: 60 });
    expect(await chat.post(INCIDENTS, hello)).toMatchObject({ ok: false, error: 'ratelimited' });
    expect(waits).toEqual([]);
  });

  it('tries what may be done twice again, with growing pauses, and stops', async () => {
    const { workspace, chat, waits, calls } = await start();
    workspace.faults.add('conversations.setTopic', { kind: 'status', status: 500 }, 10);
    expect(await chat.setTopic(INCIDENTS, 'topic')).toMatchObject({ ok: false, error: 'service_unavailable' });
    expect(waits).toEqual([250, 1_000, 3_000]);
    expect(calls('conversations.setTopic')).toHaveLength(4);
  });
});

describe('a channel', () => {
  it('that was made by a lost answer is found as our own, and somebody else’s is not', async () => {
    const started = await start();
    const { workspace, chat } = started;
    workspace.faults.add('conversations.create', { kind: 'drop-after' });
    expect(await chat.createChannel('inc-0042-checkout')).toMatchObject({ ok: false, error: 'name_taken' });
    expect(await chat.findOwnChannel('inc-0042-checkout')).toMatchObject({
      ok: true,
      value: { channelId: expect.stringMatching(/^C/) },
    });
    expect(await chat.findOwnChannel('shop')).toEqual({ ok: true, value: undefined });
  });

  it('gets those it can, and names the rest', async () => {
    const started = await start();
    const channel = await opened(started);
    const { chat, workspace } = started;
    expect(await chat.invite(channel, ['U0ANA', 'U0GONE'])).toEqual({
      ok: true,
      value: { notInvited: [{ userId: 'U0GONE', error: 'user_not_found' }] },
    });
    expect(await chat.invite(channel, ['U0ANA'])).toEqual({ ok: true, value: { notInvited: [] } });
    expect(await chat.invite(channel, ['U0GONE'])).toMatchObject({ ok: true, value: { notInvited: [{ userId: 'U0GONE' }] } });
    expect(workspace.state('U0ANA').channels.map(({ id }) => id)).toContain(channel);
  });

  it('has a bookmark once, a topic, a file, and a canvas that is written anew', async () => {
    const started = await start();
    const channel = await opened(started);
    const { chat, workspace } = started;
    await chat.invite(channel, ['U0ANA']);
    for (let time = 0; time < 2; time++)
      expect(await chat.addBookmark(channel, 'Runbook', 'https://example.com/')).toMatchObject({ ok: true });
    expect(await chat.setTopic(channel, 'SEV2')).toMatchObject({ ok: true });
    expect(await chat.upload(channel, { name: 'a.md', title: 'A', text: '# Ünïcode' })).toEqual({ ok: true, value: undefined });
    for (const text of ['# First', '# Second'])
      expect(await chat.writeCanvas(channel, text)).toEqual({ ok: true, value: undefined });
    const state = workspace.state('U0ANA').channels.find(({ id }) => id === channel);
    expect(state).toMatchObject({ topic: 'SEV2', bookmarks: [{ title: 'Runbook' }] });
    expect(state?.messages.flatMap(({ files }) => files)).toMatchObject([{ name: 'A' }]);
    const canvas = await fetch(`${workspace.url()}${state?.canvas?.url}`);
    expect(await canvas.text()).toBe('# Second');
  });
});

describe('a person', () => {
  it('is told privately; where they are not, by direct message', async () => {
    const { chat, messages, workspace } = await start();
    await chat.tell(INCIDENTS, 'U0ANA', hello);
    expect(messages()).toMatchObject([{ text: 'hello', ephemeral: true }]);
    expect(messages(INCIDENTS, 'U0BEN')).toEqual([]);
    const started = { chat, messages, workspace } as Started;
    const channel = await opened(started);
    expect(await chat.tell(channel, 'U0BEN', hello)).toEqual({ ok: true, value: undefined });
    expect(workspace.state('U0BEN').channels.find(({ isIm }) => isIm)?.messages).toMatchObject([{ text: 'hello' }]);
  });

  it('is answered through the command’s own address while it lives', async () => {
    const { chat, workspace, messages } = await start();
    const urls: string[] = [];
    await startApp(workspace, (app) =>
      app.command('/incident', async ({ body, ack }) => {
        urls.push(body.response_url);
        await ack();
      }),
    );
    await workspace.act(command('help', 'U0ANA', INCIDENTS));
    for (let use = 1; use <= 5; use++) expect(await chat.respond(urls[0] ?? '', hello)).toEqual({ ok: true, value: undefined });
    expect(await chat.respond(urls[0] ?? '', hello)).toMatchObject({ ok: false, error: 'expired_url' });
    expect(messages()).toHaveLength(5);
  });
});

describe('what Slack refuses is a sentence that says what mends it', () => {
  it.each([
    ['is_archived', 'Unarchive it'],
    ['channel_not_found', 'invite the bot'],
    ['not_in_channel', '/invite'],
    ['invalid_auth', 'SLACK_BOT_TOKEN'],
    ['something_new', '"something_new" to chat.postMessage'],
  ])('%s', async (error, sentence) => {
    const { chat, workspace, calls } = await start();
    workspace.faults.add('chat.postMessage', { kind: 'error', error });
    expect(await chat.post(INCIDENTS, hello, { mark: MARK })).toEqual({
      ok: false,
      error,
      why: expect.stringContaining(sentence),
    });
    expect(calls('chat.postMessage')).toHaveLength(1);
  });

  it('names the scope that is missing', async () => {
    const { chat, workspace } = await start();
    workspace.revokeScope('pins:write');
    expect(await chat.pin({ channelId: INCIDENTS, ts: '1.0' })).toMatchObject({
      error: 'missing_scope',
      why: expect.stringContaining('lacks the scope pins:write'),
    });
  });
});

it('calls no method that the list of scopes does not have', async () => {
  const started = await start();
  const { chat, workspace } = started;
  const channel = await opened(started);
  await chat.post(channel, hello, { mark: MARK });
  await chat.addBookmark(channel, 'x', 'https://example.com/');
  await chat.writeCanvas(channel, 'x');
  await chat.writeCanvas(channel, 'y');
  await chat.upload(channel, { name: 'a.md', title: 'A', text: 'x' });
  await chat.findOwnChannel('x');
  expect(workspace.calls.length).toBeGreaterThan(8);
  expect(workspace.calls.map(({ method }) => method).filter((method) => !Object.hasOwn(METHOD_SCOPES, method))).toEqual([]);
});
