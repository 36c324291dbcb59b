/** The Web API as the unmodified WebClient meets it. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebClientEvent } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { BOT_TOKEN, lastMessage, slackError, startWorkspace, webClient } from './kit.ts';

describe('channels', () => {
  it.each([
    ['', 'invalid_name_required'],
    ['a'.repeat(81), 'invalid_name_maxlength'],
    ['Inc-1', 'invalid_name_specials'],
    ['inc 1', 'invalid_name_specials'],
    ['inc.1', 'invalid_name_specials'],
    ['--__', 'invalid_name_punctuation'],
    ['incidents', 'name_taken'],
  ])('are not made with the name "%s"', async (name, error) => {
    const { client } = await startWorkspace();
    expect((await slackError(client.conversations.create({ name }))).error).toBe(error);
  });

  it('keep their name even when archived', async () => {
    const { client } = await startWorkspace();
    const { channel } = await client.conversations.create({ name: 'inc-0001' });
    await client.conversations.archive({ channel: channel?.id ?? '' });
    expect((await slackError(client.conversations.create({ name: 'inc-0001' }))).error).toBe('name_taken');
  });

  it('invite all or nobody, and say who cannot be', async () => {
    const { client, workspace } = await startWorkspace();
    const { channel } = await client.conversations.create({ name: 'inc-0001' });
    const id = channel?.id ?? '';
    const invite = (users: string, force = false) => client.conversations.invite({ channel: id, users, force });
    expect((await slackError(invite('U0ANA,U0NOBODY'))).error).toBe('user_not_found');
    expect(workspace.state('U0ANA').channels.find((each) => each.id === id)?.members).toEqual(['U0FIREBREAK']);
    await invite('U0ANA,U0NOBODY', true);
    expect((await slackError(invite('U0ANA'))).error).toBe('already_in_channel');
    expect((await slackError(invite('U0FIREBREAK'))).error).toBe('cant_invite_self');
    expect((await client.conversations.members({ channel: id })).members).toEqual(['U0FIREBREAK', 'U0ANA']);
    await client.conversations.kick({ channel: id, user: 'U0ANA' });
    expect((await client.conversations.members({ channel: id })).members).toEqual(['U0FIREBREAK']);
  });

  it('take no changes when archived, and take them again afterwards', async () => {
    const { client } = await startWorkspace();
    const channel = 'C0INCIDENTS';
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'before' });
    await client.conversations.archive({ channel });
    for (const call of [
      client.chat.postMessage({ channel, text: 'x' }),
      client.chat.update({ channel, ts, text: 'x' }),
      client.conversations.setTopic({ channel, topic: 'x' }),
      client.conversations.invite({ channel, users: 'U0ANA' }),
      client.pins.add({ channel, timestamp: ts }),
      client.bookmarks.add({ channel_id: channel, title: 'x', type: 'link', link: 'https://x.example' }),
    ])
      expect((await slackError(call)).error).toBe('is_archived');
    expect((await slackError(client.conversations.archive({ channel }))).error).toBe('already_archived');
    await client.conversations.unarchive({ channel });
    expect((await client.pins.add({ channel, timestamp: ts })).ok).toBe(true);
  });

  it('have a topic of 250 characters and no more', async () => {
    const { client } = await startWorkspace();
    const set = (topic: string) => client.conversations.setTopic({ channel: 'C0INCIDENTS', topic });
    expect((await set('ü'.repeat(250))).channel?.topic?.value).toHaveLength(250);
    expect((await slackError(set('ü'.repeat(251)))).error).toBe('too_long');
  });

  it('are listed page by page', async () => {
    const { client } = await startWorkspace();
    const names: (string | undefined)[] = [];
    for await (const page of client.paginate('conversations.list', { limit: 2 }))
      names.push(...(page as unknown as { channels: { name: string }[] }).channels.map(({ name }) => name));
    expect(names).toEqual(['general', 'incidents', 'shop']);
  });

  it('that the bot is not in take no message from it', async () => {
    const { client } = await startWorkspace();
    expect((await slackError(client.chat.postMessage({ channel: '#shop', text: 'x' }))).error).toBe('not_in_channel');
    await client.conversations.join({ channel: 'C0SHOP' });
    expect((await client.chat.postMessage({ channel: '#shop', text: 'x' })).channel).toBe('C0SHOP');
    expect((await slackError(client.chat.postMessage({ channel: 'C0NOWHERE', text: 'x' }))).error).toBe('channel_not_found');
  });
});

describe('messages', () => {
  it('are read back with their metadata, newest first, within a range', async () => {
    const { client } = await startWorkspace();
    const channel = 'C0INCIDENTS';
    const metadata = { event_type: 'headline', event_payload: { incident: 42 } };
    const first = await client.chat.postMessage({ channel, text: 'one', metadata });
    const second = await client.chat.postMessage({ channel, text: 'two' });
    await client.chat.postMessage({ channel, text: 'reply', thread_ts: first.ts ?? '' });
    await client.chat.postMessage({ channel, text: 'seen by all', thread_ts: first.ts ?? '', reply_broadcast: true });
    await client.chat.postEphemeral({ channel, user: 'U0ANA', text: 'psst' });
    const read = async (extra: object) =>
      (await client.conversations.history({ channel, ...extra })).messages?.map(({ text }) => text);
    expect(await read({})).toEqual(['seen by all', 'two', 'one']);
    expect(await read({ oldest: first.ts, limit: 1 })).toEqual(['seen by all']);
    expect(await read({ latest: second.ts })).toEqual(['one']);
    expect(await read({ latest: second.ts, inclusive: true })).toEqual(['two', 'one']);
    const { messages } = await client.conversations.history({ channel, latest: second.ts ?? '', include_all_metadata: true });
    expect(messages?.[0]).toMatchObject({ metadata, reply_count: 2 });
    const thread = await client.conversations.replies({ channel, ts: first.ts ?? '' });
    expect(thread.messages?.map(({ text }) => text)).toEqual(['one', 'reply', 'seen by all']);
  });

  it('keep their blocks when only metadata changes, lose them to a text, and are marked as edited only then', async () => {
    const { client, workspace } = await startWorkspace();
    const channel = 'C0INCIDENTS';
    const blocks = [{ type: 'divider' as const }];
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'a', blocks });
    await client.chat.update({ channel, ts, text: 'b', blocks });
    expect(lastMessage(workspace, 'U0ANA', channel)).toMatchObject({ text: 'b', edited: false, blocks: [{ type: 'divider' }] });
    await client.chat.update({ channel, ts, text: 'c' });
    expect(lastMessage(workspace, 'U0ANA', channel)).toMatchObject({ text: 'c', edited: true, blocks: [] });
    await client.chat.delete({ channel, ts });
    expect((await slackError(client.chat.update({ channel, ts, text: 'd' }))).error).toBe('message_not_found');
  });

  it('of others cannot be changed, and need a text or blocks', async () => {
    const { client, workspace } = await startWorkspace();
    await workspace.act({ do: 'say', as: 'U0ANA', channel: 'C0INCIDENTS', text: 'mine' });
    const ts = lastMessage(workspace, 'U0ANA', 'C0INCIDENTS')?.ts ?? '';
    expect((await slackError(client.chat.update({ channel: 'C0INCIDENTS', ts, text: 'x' }))).error).toBe('cant_update_message');
    expect((await slackError(client.chat.delete({ channel: 'C0INCIDENTS', ts }))).error).toBe('cant_delete_message');
    expect((await slackError(client.chat.postMessage({ channel: 'C0INCIDENTS', text: '' }))).error).toBe('no_text');
    const tooLong = client.chat.postMessage({ channel: 'C0INCIDENTS', text: 'x'.repeat(40_001) });
    expect((await slackError(tooLong)).error).toBe('msg_too_long');
  });

  it('that reach everyone are written down, escaped ones are not', async () => {
    const { client, workspace } = await startWorkspace();
    const channel = 'C0INCIDENTS';
    await client.chat.postMessage({ channel, text: '&lt;!channel&gt; @here <@U0ANA>' });
    expect(workspace.pings()).toEqual([]);
    await client.chat.postMessage({
      channel,
      text: 'x',
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'a <!here|here>' } }],
    });
    await client.chat.postMessage({ channel, text: '@channel', link_names: true });
    expect(workspace.pings().map(({ mention, by }) => [mention, by])).toEqual([
      ['<!here|here>', 'U0FIREBREAK'],
      ['<!channel>', 'U0FIREBREAK'],
    ]);
    await workspace.act({ do: 'say', as: 'U0ANA', channel, text: 'all of you, @everyone' });
    expect(workspace.pings().at(-1)).toMatchObject({ mention: '<!everyone>', by: 'U0ANA' });
  });

  it('go to a member’s direct messages by user id, and have a permalink', async () => {
    const { client, workspace } = await startWorkspace();
    const { channel = '', ts = '' } = await client.chat.postMessage({ channel: 'U0BEN', text: 'your duties' });
    expect((await client.conversations.open({ users: 'U0BEN' })).channel?.id).toBe(channel);
    expect(workspace.state('U0ANA').channels.some(({ id }) => id === channel)).toBe(false);
    const { permalink = '' } = await client.chat.getPermalink({ channel, message_ts: ts });
    const followed = await fetch(permalink, { redirect: 'manual' });
    expect(followed.headers.get('location')).toBe(`/#channel=${channel}&ts=${ts}`);
  });

  it('are pinned once, marked with bookmarks and reactions', async () => {
    const { client, workspace } = await startWorkspace();
    const channel = 'C0INCIDENTS';
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'headline' });
    await client.pins.add({ channel, timestamp: ts });
    expect((await slackError(client.pins.add({ channel, timestamp: ts }))).error).toBe('already_pinned');
    await client.reactions.add({ channel, timestamp: ts, name: 'eyes' });
    expect((await slackError(client.reactions.add({ channel, timestamp: ts, name: 'eyes' }))).error).toBe('already_reacted');
    const link = 'https://example.com/runbook';
    const { bookmark } = await client.bookmarks.add({ channel_id: channel, title: 'Runbook', type: 'link', link });
    await client.bookmarks.edit({ channel_id: channel, bookmark_id: bookmark?.id ?? '', title: 'Runbook 2' });
    const seen = workspace.state('U0ANA').channels.find(({ id }) => id === channel);
    expect(seen?.bookmarks).toMatchObject([{ title: 'Runbook 2', link }]);
    expect(seen?.messages.at(-1)).toMatchObject({ pinned: true, reactions: [{ name: 'eyes', users: ['U0FIREBREAK'] }] });
    expect((await client.pins.list({ channel })).items).toHaveLength(1);
  });
});

describe('people', () => {
  it('are found by id, by email and in the list', async () => {
    const { client } = await startWorkspace();
    expect((await client.auth.test()).user_id).toBe('U0FIREBREAK');
    expect((await client.users.info({ user: 'U0ANA' })).user?.real_name).toBe('Ana Ruiz');
    expect((await client.users.lookupByEmail({ email: 'ben@shoplane.example' })).user?.id).toBe('U0BEN');
    expect((await slackError(client.users.info({ user: 'U0X' }))).error).toBe('user_not_found');
    expect((await client.users.list({ limit: 2 })).members?.map(({ id }) => id)).toEqual(['U0ANA', 'U0BEN']);
    expect((await client.usergroups.list({ include_users: true })).usergroups?.[0]?.users).toEqual(['U0ANA']);
  });
});

describe('files and canvases', () => {
  it('are uploaded by files.uploadV2 into a thread and come back byte for byte', async () => {
    const { client, workspace } = await startWorkspace();
    const channel = 'C0INCIDENTS';
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'parent' });
    const content = Buffer.from([0, 255, 13, 10, 45, 45, 7]);
    await client.files.uploadV2({
      channel_id: channel,
      thread_ts: ts,
      initial_comment: 'the console output',
      file: content,
      filename: 'konsole ü.bin',
    });
    const message = lastMessage(workspace, 'U0ANA', channel);
    expect(message).toMatchObject({ text: 'the console output', threadTs: ts, files: [{ name: 'konsole ü.bin' }] });
    const download = await fetch(new URL(message?.files[0]?.url ?? '', workspace.url()));
    expect(Buffer.from(await download.arrayBuffer())).toEqual(content);
    expect(download.headers.get('content-disposition')).toMatch(/^attachment/);
  });

  it('are complete only when uploaded', async () => {
    const { client } = await startWorkspace();
    const { file_id = '', upload_url = '' } = await client.files.getUploadURLExternal({ filename: 'a.txt', length: 5 });
    const complete = () => client.files.completeUploadExternal({ files: [{ id: file_id }] });
    expect((await slackError(complete())).error).toBe('file_not_found');
    expect((await fetch(upload_url, { method: 'POST', body: 'four' })).status).toBe(400);
    expect((await fetch(upload_url, { method: 'POST', body: 'hello' })).status).toBe(200);
    expect((await complete()).files).toHaveLength(1);
  });

  it('of a channel there is one canvas, edited section by section', async () => {
    const { client, workspace } = await startWorkspace();
    const channel_id = 'C0INCIDENTS';
    const markdown = (text: string) => ({ type: 'markdown', markdown: text }) as const;
    const create = () =>
      client.conversations.canvases.create({ channel_id, document_content: markdown('# Timeline\n\nnothing yet') });
    const { canvas_id = '' } = await create();
    expect((await slackError(create())).error).toBe('channel_canvas_already_exists');
    const found = await client.canvases.sections.lookup({ canvas_id, criteria: { contains_text: 'nothing' } });
    const section_id = found.sections?.[0]?.id ?? '';
    await client.canvases.edit({
      canvas_id,
      changes: [{ operation: 'replace', section_id, document_content: markdown('14:02 declared') }],
    });
    await client.canvases.edit({
      canvas_id,
      changes: [{ operation: 'insert_at_end', document_content: markdown('14:09 mitigated') }],
    });
    const url = workspace.state('U0ANA').channels.find(({ id }) => id === channel_id)?.canvas?.url ?? '';
    expect(await (await fetch(new URL(url, workspace.url()))).text()).toBe('# Timeline\n\n14:02 declared\n\n14:09 mitigated');
  });
});

describe('the door', () => {
  it('opens to the right token, for a known method, within the granted scopes', async () => {
    const { client, workspace } = await startWorkspace();
    const call = async (method: string, headers: Record<string, string>) =>
      (await (await fetch(`${workspace.apiUrl()}${method}`, { method: 'POST', headers })).json()) as { error?: string };
    expect((await call('auth.test', {})).error).toBe('not_authed');
    expect((await call('auth.test', { authorization: 'Bearer xoxb-other' })).error).toBe('invalid_auth');
    expect((await call('chat.shout', { authorization: `Bearer ${BOT_TOKEN}` })).error).toBe('unknown_method');
    workspace.revokeScope('pins:write');
    const refused = client.pins.add({ channel: 'C0INCIDENTS', timestamp: '1.1' });
    await expect(refused).rejects.toMatchObject({ data: { error: 'missing_scope', needed: 'pins:write' } });
    workspace.grantScope('pins:write');
    expect((await slackError(client.pins.add({ channel: 'C0INCIDENTS', timestamp: '1.1' }))).error).toBe('message_not_found');
  });

  it('takes JSON bodies as well as forms, and says what is missing', async () => {
    const { client, workspace } = await startWorkspace();
    const response = await fetch(`${workspace.apiUrl()}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${BOT_TOKEN}`, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ channel: 'C0INCIDENTS', text: 'json', blocks: [{ type: 'divider' }] }),
    });
    expect(await response.json()).toMatchObject({ ok: true, message: { text: 'json', blocks: [{ type: 'divider' }] } });
    const { error, messages } = await slackError(client.apiCall('conversations.info'));
    expect([error, messages]).toEqual(['invalid_arguments', ['[ERROR] missing required field: channel']]);
  });

  it('answers to its loopback name only, and to actions of its own page only', async () => {
    const { workspace } = await startWorkspace();
    const { request } = await import('node:http');
    const status = (path: string, headers: Record<string, string>, body?: string) =>
      new Promise((resolve, reject) => {
        const sent = request(
          new URL(path, workspace.url()),
          { method: body === undefined ? 'GET' : 'POST', headers },
          (response) => {
            response.resume();
            resolve(response.statusCode);
          },
        );
        sent.on('error', reject);
        sent.end(body);
      });
    const action = JSON.stringify({ do: 'say', as: 'U0ANA', channel: 'C0SHOP', text: 'hi' });
    const json = { 'content-type': 'application/json' };
    expect(await status('/page/state?as=U0ANA', { host: 'evil.example' })).toBe(403);
    expect(await status('/page/act', { ...json, origin: 'http://evil.example' }, action)).toBe(403);
    expect(await status('/page/act', { ...json, 'sec-fetch-site': 'cross-site' }, action)).toBe(403);
    expect(await status('/page/act', { 'content-type': 'text/plain' }, action)).toBe(403);
    expect(await status('/page/act', json, '{"do":"say"}')).toBe(400);
    expect(lastMessage(workspace, 'U0ANA', 'C0SHOP')).toBeUndefined();
    expect(await status('/page/act', { ...json, origin: workspace.url() }, action)).toBe(200);
    expect(lastMessage(workspace, 'U0ANA', 'C0SHOP')?.text).toBe('hi');
    expect(await status('/../workspace.ts', {})).toBe(404);
  });
});

describe('bad weather', () => {
  it('a 429 is honoured by the WebClient, which waits and asks again', async () => {
    const { workspace } = await startWorkspace();
    const patient = webClient(workspace, { retryConfig: { retries: 2, minTimeout: 1, maxTimeout: 1 } });
    const waits: number[] = [];
    patient.on(WebClientEvent.RATE_LIMITED, (seconds: number) => void waits.push(seconds));
    workspace.faults.add('chat.postMessage', { kind: 'rate-limit', retryAfterSeconds: 1 }, 2);
    expect((await patient.chat.postMessage({ channel: 'C0INCIDENTS', text: 'late' })).ok).toBe(true);
    expect(waits).toEqual([1, 1]);
    expect(workspace.calls.map(({ method, ok, error }) => [method, ok, error])).toEqual([
      ['chat.postMessage', false, 'fault: rate-limit'],
      ['chat.postMessage', false, 'fault: rate-limit'],
      ['chat.postMessage', true, undefined],
    ]);
  });

  it('an answer is lost after the thing was done', async () => {
    const { workspace, client } = await startWorkspace();
    workspace.faults.add('conversations.create', { kind: 'drop-after' });
    await expect(client.conversations.create({ name: 'inc-0001' })).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
    expect((await slackError(client.conversations.create({ name: 'inc-0001' }))).error).toBe('name_taken');
  });

  it('an answer comes too late for a client that has given up, and the thing is done all the same', async () => {
    const { workspace } = await startWorkspace();
    const hasty = webClient(workspace, { timeout: 20 });
    workspace.faults.add('chat.postMessage', { kind: 'delay', delayMs: 200 });
    await expect(hasty.chat.postMessage({ channel: 'C0INCIDENTS', text: 'slow' })).rejects.toMatchObject({
      code: 'slack_webapi_request_error',
    });
    expect(lastMessage(workspace, 'U0ANA', 'C0INCIDENTS')).toBeUndefined();
    await workspace.until('U0ANA', 'the message', () => lastMessage(workspace, 'U0ANA', 'C0INCIDENTS')?.text === 'slow');
  });

  it.each([
    [{ kind: 'down' } as const, { code: 'slack_webapi_request_error' }],
    [{ kind: 'status', status: 503 } as const, { code: 'slack_webapi_http_error', statusCode: 503 }],
    [{ kind: 'error', error: 'internal_error' } as const, { data: { error: 'internal_error' } }],
  ])('nothing is done when the fault is %o', async (fault, expected) => {
    const { workspace, client } = await startWorkspace();
    workspace.faults.add('*', fault);
    await expect(client.chat.postMessage({ channel: 'C0INCIDENTS', text: 'x' })).rejects.toMatchObject(expected);
    expect(lastMessage(workspace, 'U0ANA', 'C0INCIDENTS')).toBeUndefined();
    expect((await client.chat.postMessage({ channel: 'C0INCIDENTS', text: 'y' })).ok).toBe(true);
  });

  it('tiers limit a method once they are switched on, and a minute later it is free again', async () => {
    let wall = 0;
    const { workspace, client } = await startWorkspace({ wallNow: () => wall });
    workspace.faults.limitRates(true);
    const impatient = webClient(workspace, { rejectRateLimitedCalls: true });
    for (let call = 0; call < 20; call += 1) await client.conversations.list();
    wall += 15_000;
    await expect(impatient.conversations.list()).rejects.toMatchObject({
      code: 'slack_webapi_rate_limited_error',
      retryAfter: 45,
    });
    expect((await impatient.conversations.info({ channel: 'C0SHOP' })).ok).toBe(true);
    wall += 45_000;
    expect((await impatient.conversations.list()).ok).toBe(true);
  });
});

describe('the memory', () => {
  it('goes on from a snapshot, with new ids and later times', async () => {
    const first = await startWorkspace();
    await first.client.conversations.create({ name: 'inc-0001' });
    const before = await first.client.chat.postMessage({ channel: 'C0INCIDENTS', text: 'kept' });
    const second = await startWorkspace();
    second.workspace.restore(first.workspace.snapshot());
    expect(lastMessage(second.workspace, 'U0ANA', 'C0INCIDENTS')?.text).toBe('kept');
    expect((await slackError(second.client.conversations.create({ name: 'inc-0001' }))).error).toBe('name_taken');
    const after = await second.client.chat.postMessage({ channel: 'C0INCIDENTS', text: 'new' });
    expect(Number(after.ts)).toBeGreaterThan(Number(before.ts));
    expect(() => second.workspace.restore('{"format":0}')).toThrow(/not a snapshot/);
  });

  it('is kept in its file', async () => {
    const dataFile = join(mkdtempSync(join(tmpdir(), 'slack-')), 'deep', 'workspace.json');
    const first = await startWorkspace({ dataFile });
    await first.workspace.act({ do: 'say', as: 'U0ANA', channel: 'C0SHOP', text: 'remember me' });
    await first.workspace.close();
    const second = await startWorkspace({ dataFile });
    expect(lastMessage(second.workspace, 'U0ANA', 'C0SHOP')?.text).toBe('remember me');
  });

  it('streams its version to the page, and marks what is unread until it is read', async () => {
    const { workspace } = await startWorkspace();
    const stream = (await fetch(new URL('/page/events?as=U0ANA', workspace.url()))).body?.getReader();
    const next = async () => new TextDecoder().decode((await stream?.read())?.value);
    const start = workspace.state('U0ANA').version;
    expect(await next()).toBe(`data: {"version":${start}}\n\n`);
    await workspace.act({ do: 'say', as: 'U0BEN', channel: 'C0SHOP', text: 'news' });
    expect(await next()).toBe(`data: {"version":${workspace.state('U0ANA').version}}\n\n`);
    await stream?.cancel();
    const unread = (as: string) => workspace.state(as).channels.find(({ id }) => id === 'C0SHOP')?.unread;
    expect([unread('U0ANA'), unread('U0BEN')]).toEqual([true, false]);
    await workspace.act({ do: 'read', as: 'U0ANA', channel: 'C0SHOP' });
    expect(unread('U0ANA')).toBe(false);
  });
});
