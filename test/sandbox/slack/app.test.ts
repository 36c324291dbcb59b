/** The unmodified Bolt app against the workspace: signed requests out, acknowledgements and Web API calls back. */

import { createHmac } from 'node:crypto';
import type { ModalView } from '@slack/types';
import { describe, expect, it, vi } from 'vitest';
import {
  command,
  lastMessage,
  type RawRequest,
  SIGNING_SECRET,
  slackError,
  startApp,
  startRawApp,
  startSocketApp,
  startWorkspace,
  webClient,
} from './kit.ts';

const modal = (title: string, extra: Partial<ModalView> = {}): ModalView => ({
  type: 'modal',
  callback_id: 'declare',
  title: { type: 'plain_text', text: title },
  submit: { type: 'plain_text', text: 'Declare' },
  blocks: [
    {
      type: 'input',
      block_id: 'what',
      label: { type: 'plain_text', text: 'What is broken' },
      element: { type: 'plain_text_input', action_id: 'text', min_length: 5, max_length: 40 },
    },
    {
      type: 'input',
      block_id: 'who',
      optional: true,
      label: { type: 'plain_text', text: 'Who' },
      element: { type: 'users_select', action_id: 'user' },
    },
  ],
  ...extra,
});
const typed = (value: string) => ({ what: { text: { type: 'plain_text_input', value } } });

describe('a slash command', () => {
  it('reaches the app with what was typed, and its answer is seen by that member alone', async () => {
    const { workspace } = await startWorkspace();
    const bodies: unknown[] = [];
    await startApp(workspace, (app) =>
      app.command('/incident', async ({ body, ack }) => {
        bodies.push(body);
        await ack({ text: 'On it', response_type: 'ephemeral' });
      }),
    );
    expect(await workspace.act(command('start sev2 Checkout <b>502</b> & ümlaut @ana'))).toEqual({ ok: true });
    expect(bodies).toMatchObject([
      {
        command: '/incident',
        text: 'start sev2 Checkout <b>502</b> & ümlaut @ana',
        user_id: 'U0ANA',
        user_name: 'ana',
        channel_id: 'C0SHOP',
        channel_name: 'shop',
        team_id: 'T0SHOPLANE',
      },
    ]);
    expect(lastMessage(workspace, 'U0ANA', 'C0SHOP')).toMatchObject({ text: 'On it', ephemeral: true, user: 'U0FIREBREAK' });
    expect(lastMessage(workspace, 'U0BEN', 'C0SHOP')).toBeUndefined();
  });

  it('names members with their ids when the app asked for escaping', async () => {
    const { workspace } = await startWorkspace({
      app: { commands: [{ command: '/incident', description: '', usageHint: '', shouldEscape: true }] },
    });
    const texts: string[] = [];
    await startApp(workspace, (app) =>
      app.command('/incident', async ({ body, ack }) => {
        texts.push(body.text);
        await ack();
      }),
    );
    await workspace.act(command('role ic @ben in #shop, mail a@chris.example, @nobody @channel'));
    expect(texts).toEqual(['role ic <@U0BEN|ben> in <#C0SHOP|shop>, mail a@chris.example, @nobody @channel']);
  });

  it('may be answered in the channel, five times later by its response_url, and no sixth time', async () => {
    const { workspace } = await startWorkspace();
    const statuses: number[] = [];
    await startApp(workspace, (app) =>
      app.command('/incident', async ({ body, ack }) => {
        await ack({ text: 'For all', response_type: 'in_channel' });
        for (let use = 1; use <= 6; use += 1) {
          const reply = await fetch(body.response_url, { method: 'POST', body: JSON.stringify({ text: `later ${use}` }) });
          statuses.push(reply.status);
        }
      }),
    );
    await workspace.act(command('help'));
    await vi.waitFor(() => expect(statuses).toEqual([200, 200, 200, 200, 200, 404]));
    expect(
      workspace
        .state('U0BEN')
        .channels.find(({ id }) => id === 'C0SHOP')
        ?.messages.map(({ text }) => text),
    ).toEqual(['For all']);
    expect(lastMessage(workspace, 'U0ANA', 'C0SHOP')?.text).toBe('later 5');
  });

  it('is refused in a thread, before the app hears of it', async () => {
    const { workspace } = await startWorkspace();
    await workspace.act({ do: 'say', as: 'U0ANA', channel: 'C0SHOP', text: 'parent' });
    const threadTs = lastMessage(workspace, 'U0ANA', 'C0SHOP')?.ts ?? '';
    const reply = await workspace.act({ do: 'say', as: 'U0ANA', channel: 'C0SHOP', text: '/incident fix', threadTs });
    expect(reply).toEqual({ ok: false, error: '/incident is not supported in threads.' });
    expect(workspace.sent).toEqual([]);
  });

  it.each([
    ['the app does not answer in time', 'operation_timeout', async () => undefined],
    ['the app is not there', 'dispatch_failed', undefined],
  ])('tells the member when %s', async (_, failure, listener) => {
    const { workspace } = await startWorkspace({ answerTimeoutMs: 50 });
    if (listener) await startApp(workspace, (app) => app.command('/incident', listener));
    expect(await workspace.act(command('start'))).toEqual({ ok: false, error: failure });
    expect(workspace.state('U0ANA').notices).toMatchObject([
      { channel: 'C0SHOP', text: `/incident failed with the error "${failure}"` },
    ]);
    expect(workspace.state('U0BEN').notices).toEqual([]);
    await workspace.act({ do: 'dismiss-notice', as: 'U0ANA', id: workspace.state('U0ANA').notices[0]?.id ?? '' });
    expect(workspace.state('U0ANA').notices).toEqual([]);
  });

  it('carries a signature over the very bytes of its body', async () => {
    const { workspace } = await startWorkspace();
    const received: RawRequest[] = [];
    await startRawApp(workspace, (request) => {
      received.push(request);
      return 200;
    });
    await workspace.act(command('start söv2'));
    const { headers, body } = received[0] as RawRequest;
    const timestamp = String(headers['x-slack-request-timestamp']);
    const expected = createHmac('sha256', SIGNING_SECRET).update(`v0:${timestamp}:${body}`).digest('hex');
    expect(headers['x-slack-signature']).toBe(`v0=${expected}`);
    expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(5);
    expect(new URLSearchParams(body).get('text')).toBe('start söv2');
  });
});

describe('a modal', () => {
  it('opens, checks what was typed, shows the app’s errors, is updated, pushed upon, and cleared', async () => {
    const { workspace } = await startWorkspace();
    const submitted: unknown[] = [];
    await startApp(workspace, (app) => {
      app.command('/incident', async ({ ack, client, body }) => {
        await ack();
        await client.views.open({ trigger_id: body.trigger_id, view: modal('Declare') });
      });
      app.view('declare', async ({ ack, view, body }) => {
        submitted.push([body.user.id, view.state.values['what']?.['text']?.value, view.state.values['who']?.['user']]);
        const value = view.state.values['what']?.['text']?.value;
        if (value === 'wrong') return ack({ response_action: 'errors', errors: { what: 'Not that' } });
        if (value === 'update') return ack({ response_action: 'update', view: modal('Updated') });
        if (value === 'push on it') return ack({ response_action: 'push', view: modal('Pushed') });
        if (value === 'clear') return ack({ response_action: 'clear' });
        return ack();
      });
    });
    const views = () => workspace.state('U0ANA').views;
    const titles = () => views().map(({ view }) => (view.type === 'modal' ? view.title.text : ''));
    const submit = (value: string) =>
      workspace.act({ do: 'submit-view', as: 'U0ANA', viewId: views().at(-1)?.id ?? '', values: typed(value) });

    await workspace.act(command('start'));
    await workspace.until('U0ANA', 'the modal to open', ({ views }) => views.length === 1);
    expect(await submit('')).toEqual({ ok: false, error: 'This field is required.' });
    expect(await submit('abc')).toEqual({ ok: false, error: 'Enter at least 5 characters.' });
    expect(views()[0]?.errors).toEqual({ what: 'Enter at least 5 characters.' });
    expect(submitted).toEqual([]);

    expect(await submit('wrong')).toEqual({ ok: false, error: 'Not that' });
    expect(views()[0]).toMatchObject({ errors: { what: 'Not that' }, busy: false });
    expect(submitted).toEqual([['U0ANA', 'wrong', { type: 'users_select', selected_user: null }]]);
    await submit('update');
    expect(titles()).toEqual(['Updated']);
    expect(views()[0]?.errors).toEqual({});
    await submit('push on it');
    expect(titles()).toEqual(['Updated', 'Pushed']);
    await submit('it is fine');
    expect(titles()).toEqual(['Updated']);
    await submit('push on it');
    await submit('clear');
    expect(titles()).toEqual([]);
  });

  it('lives three seconds on its trigger, and each trigger opens one', async () => {
    let wall = 1_000_000;
    const { workspace, client } = await startWorkspace({ wallNow: () => wall });
    const triggers: string[] = [];
    await startApp(workspace, (app) =>
      app.command('/incident', async ({ ack, body }) => {
        triggers.push(body.trigger_id);
        await ack();
      }),
    );
    await workspace.act(command('one'));
    await workspace.act(command('two'));
    const open = (trigger_id: string) => client.views.open({ trigger_id, view: modal('Declare') });
    wall += 2_999;
    expect((await open(triggers[0] ?? '')).ok).toBe(true);
    expect((await slackError(open(triggers[0] ?? ''))).error).toBe('exchanged_trigger_id');
    wall += 1;
    expect((await slackError(open(triggers[1] ?? ''))).error).toBe('expired_trigger_id');
    expect((await slackError(open('made up'))).error).toBe('invalid_trigger_id');
  });

  it('is updated under its hash only, and by its external id', async () => {
    const { workspace, client } = await startWorkspace();
    await startApp(workspace, (app) =>
      app.shortcut('declare', async ({ ack, body }) => {
        await client.views.open({ trigger_id: body.trigger_id, view: modal('First', { external_id: 'mine' }) });
        await ack();
      }),
    );
    await workspace.act({ do: 'shortcut', as: 'U0DINA', callbackId: 'declare' });
    const second = await client.views.update({ external_id: 'mine', view: modal('Second', { external_id: 'mine' }) });
    const update = (hash: string) => client.views.update({ view_id: second.view?.id ?? '', hash, view: modal('Third') });
    expect((await slackError(update('1.old'))).error).toBe('hash_conflict');
    expect((await update(second.view?.hash ?? '')).view?.title?.text).toBe('Third');
  });

  it('tells the app that it was closed, when the app wants to know', async () => {
    const { workspace, client } = await startWorkspace();
    const closed: string[] = [];
    await startApp(workspace, (app) => {
      app.shortcut('declare', async ({ ack, body }) => {
        await ack();
        await client.views.open({
          trigger_id: body.trigger_id,
          view: modal('Declare', { notify_on_close: true, private_metadata: 'm' }),
        });
      });
      app.view({ callback_id: 'declare', type: 'view_closed' }, async ({ ack, view }) => {
        closed.push(view.private_metadata);
        await ack();
      });
    });
    await workspace.act({ do: 'shortcut', as: 'U0DINA', callbackId: 'declare' });
    const { views } = await workspace.until('U0DINA', 'the modal', ({ views }) => views.length === 1);
    await workspace.act({ do: 'close-view', as: 'U0DINA', viewId: views[0]?.id ?? '' });
    expect(closed).toEqual(['m']);
    expect(workspace.state('U0DINA').views).toEqual([]);
  });
});

describe('clicks', () => {
  const withButton = [
    {
      type: 'actions',
      block_id: 'row',
      elements: [
        { type: 'button', action_id: 'claim', text: { type: 'plain_text', text: 'Claim' }, value: 'ic' },
        {
          type: 'static_select',
          action_id: 'pick',
          options: [{ text: { type: 'plain_text', text: 'One' }, value: '1' }],
        },
      ],
    },
  ] as const;

  it('carry the element as the app posted it, whatever the page says, and may replace the message', async () => {
    const { workspace, client } = await startWorkspace();
    const actions: unknown[] = [];
    await startApp(workspace, (app) =>
      app.action('claim', async ({ ack, action, body, respond }) => {
        actions.push([action, body.user.id, body.type === 'block_actions' && body.message?.ts]);
        await ack();
        await respond({ replace_original: true, text: 'claimed' });
      }),
    );
    const { ts = '' } = await client.chat.postMessage({ channel: 'C0INCIDENTS', text: 'roles', blocks: [...withButton] });
    const click = (action: Record<string, unknown>) =>
      workspace.act({ do: 'block-action', as: 'U0BEN', channel: 'C0INCIDENTS', messageTs: ts, action });
    expect(await click({ action_id: 'claim', block_id: 'row', value: 'forged' })).toEqual({ ok: true });
    expect(actions).toMatchObject([[{ type: 'button', action_id: 'claim', block_id: 'row', value: 'ic' }, 'U0BEN', ts]]);
    await workspace.until('U0BEN', 'the replacement', () => lastMessage(workspace, 'U0BEN', 'C0INCIDENTS')?.text === 'claimed');
    expect(await click({ action_id: 'claim' })).toEqual({ ok: false, error: 'action_not_found' });
  });

  it('choose only among the options that were offered', async () => {
    const { workspace, client } = await startWorkspace();
    const chosen: unknown[] = [];
    await startApp(workspace, (app) =>
      app.action('pick', async ({ ack, action }) => {
        chosen.push(action.type === 'static_select' && action.selected_option);
        await ack();
      }),
    );
    const { ts = '' } = await client.chat.postMessage({ channel: 'C0INCIDENTS', text: 'roles', blocks: [...withButton] });
    const choose = (value: string) =>
      workspace.act({
        do: 'block-action',
        as: 'U0BEN',
        channel: 'C0INCIDENTS',
        messageTs: ts,
        action: { action_id: 'pick', selected_option: { value } },
      });
    expect(await choose('2')).toEqual({ ok: false, error: 'action_not_found' });
    expect(await choose('1')).toEqual({ ok: true });
    expect(chosen).toEqual([{ text: { type: 'plain_text', text: 'One' }, value: '1' }]);
  });

  it('in Home come with the Home view', async () => {
    const { workspace, client } = await startWorkspace();
    const seen: unknown[] = [];
    await startApp(workspace, (app) => {
      app.event('app_home_opened', async ({ event }) => {
        await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [...withButton] } });
      });
      app.action('claim', async ({ ack, body }) => {
        seen.push(body.type === 'block_actions' && body.view?.type);
        await ack();
      });
    });
    await workspace.act({ do: 'open-home', as: 'U0EVE' });
    await workspace.until('U0EVE', 'the Home tab', ({ home }) => home !== undefined);
    expect(workspace.state('U0BEN').home).toBeUndefined();
    await workspace.act({ do: 'block-action', as: 'U0EVE', action: { action_id: 'claim' } });
    expect(seen).toEqual(['home']);
  });

  it('on a message shortcut come with the message', async () => {
    const { workspace } = await startWorkspace();
    const kept: unknown[] = [];
    await startApp(workspace, (app) =>
      app.shortcut('keep', async ({ ack, body }) => {
        kept.push(body.type === 'message_action' && [body.message.text, body.channel.id]);
        await ack();
      }),
    );
    await workspace.act({ do: 'say', as: 'U0BEN', channel: 'C0SHOP', text: 'it began at 14:02' });
    const messageTs = lastMessage(workspace, 'U0BEN', 'C0SHOP')?.ts ?? '';
    await workspace.act({ do: 'shortcut', as: 'U0BEN', callbackId: 'keep', channel: 'C0SHOP', messageTs });
    expect(kept).toEqual([['it began at 14:02', 'C0SHOP']]);
  });
});

describe('events', () => {
  it('tell of what happens where the bot is, and of nothing elsewhere', async () => {
    const { workspace } = await startWorkspace();
    const heard: string[] = [];
    await startApp(workspace, (app) => {
      app.event('app_mention', async ({ event }) => void heard.push(`mention ${event.text}`));
      app.event('reaction_added', async ({ event }) => void heard.push(`reaction ${event.reaction}`));
      app.event('member_joined_channel', async ({ event }) => void heard.push(`joined ${event.user}`));
      app.message('postmortem', async ({ message }) => void heard.push(`message ${message.type}`));
    });
    await workspace.act({ do: 'say', as: 'U0ANA', channel: 'C0SHOP', text: '@firebreak not here' });
    await workspace.act({ do: 'say', as: 'U0ANA', channel: 'C0INCIDENTS', text: '@firebreak <hi>' });
    const messageTs = lastMessage(workspace, 'U0ANA', 'C0INCIDENTS')?.ts ?? '';
    await workspace.act({ do: 'react', as: 'U0ANA', channel: 'C0INCIDENTS', messageTs, name: 'pushpin' });
    await workspace.act({ do: 'say', as: 'U0ANA', channel: 'C0INCIDENTS', text: 'where is the postmortem' });
    await workspace.idle();
    expect(heard.sort()).toEqual(['mention <@U0FIREBREAK> &lt;hi&gt;', 'message message', 'reaction pushpin']);
    expect(workspace.state('U0BEN').channels.find(({ id }) => id === 'C0INCIDENTS')?.messages[0]?.reactions).toEqual([
      { name: 'pushpin', users: ['U0ANA'] },
    ]);
  });

  it('that are not taken come again, at once, after a minute and after five, and say so', async () => {
    const { workspace, clock } = await startWorkspace();
    const retries: unknown[] = [];
    await startRawApp(workspace, ({ headers }) => {
      retries.push([headers['x-slack-retry-num'], headers['x-slack-retry-reason']]);
      return retries.length < 4 ? 500 : 200;
    });
    await workspace.act({ do: 'say', as: 'U0ANA', channel: 'C0INCIDENTS', text: 'hello' });
    await workspace.idle();
    expect(retries).toHaveLength(2);
    clock.advance(60_000);
    await workspace.idle();
    expect(retries).toHaveLength(3);
    clock.advance(300_000);
    await workspace.idle();
    clock.advance(3_600_000);
    await workspace.idle();
    expect(retries).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_error'],
      ['3', 'http_error'],
    ]);
  });

  it('go out three times when told to, with one id', async () => {
    const { workspace } = await startWorkspace();
    const ids: unknown[] = [];
    const triggers: string[] = [];
    await startApp(workspace, (app) => {
      app.message('hello', async ({ body }) => void ids.push(body.event_id));
      app.command('/incident', async ({ ack, body }) => {
        triggers.push(body.trigger_id);
        await ack('Only once');
      });
    });
    workspace.setDeliverTimes(3);
    await workspace.act({ do: 'say', as: 'U0ANA', channel: 'C0INCIDENTS', text: 'hello' });
    await workspace.act(command('start'));
    await workspace.idle();
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
    expect(triggers).toHaveLength(3);
    expect(new Set(triggers).size).toBe(1);
    expect(workspace.state('U0ANA').channels.find(({ id }) => id === 'C0SHOP')?.messages).toHaveLength(1);
  });

  it('are preceded by the handshake with a new address', async () => {
    const { workspace } = await startWorkspace();
    expect(await workspace.verifyEventsUrl()).toBe(false);
    await startApp(workspace, () => undefined);
    expect(await workspace.verifyEventsUrl()).toBe(true);
  });
});

describe('Socket Mode', () => {
  it('carries commands, modals and events', async () => {
    const { workspace } = await startWorkspace();
    const heard: string[] = [];
    await startSocketApp(workspace, (app) => {
      app.command('/incident', async ({ ack, client, body }) => {
        await ack('By socket');
        await client.views.open({ trigger_id: body.trigger_id, view: modal('Declare') });
      });
      app.view('declare', async ({ ack }) => ack({ response_action: 'errors', errors: { what: 'No' } }));
      app.event('app_mention', async ({ event }) => void heard.push(event.text));
    });
    expect(await workspace.act(command('start'))).toEqual({ ok: true });
    expect(lastMessage(workspace, 'U0ANA', 'C0SHOP')?.text).toBe('By socket');
    const { views } = await workspace.until('U0ANA', 'the modal', ({ views }) => views.length === 1);
    const submit = await workspace.act({
      do: 'submit-view',
      as: 'U0ANA',
      viewId: views[0]?.id ?? '',
      values: typed('long enough'),
    });
    expect(submit).toEqual({ ok: false, error: 'No' });
    await workspace.act({ do: 'say', as: 'U0ANA', channel: 'C0INCIDENTS', text: `@firebreak ${'x'.repeat(30_000)}` });
    await workspace.idle();
    expect(heard.map((text) => text.length)).toEqual([30_000 + '<@U0FIREBREAK> '.length]);
  });

  it('is taken up again when Slack moves the connection', async () => {
    const { workspace } = await startWorkspace();
    const texts: string[] = [];
    await startSocketApp(workspace, (app) =>
      app.command('/incident', async ({ ack, body }) => {
        texts.push(body.text);
        await ack();
      }),
    );
    workspace.refreshSockets();
    await vi.waitFor(() => expect(workspace.calls.filter(({ method }) => method === 'apps.connections.open')).toHaveLength(2));
    await vi.waitFor(async () => expect(await workspace.act(command('again'))).toEqual({ ok: true }));
    expect(texts).toEqual(['again']);
  });

  it('ends when the workspace closes, and what was under way fails instead of hanging', async () => {
    const { workspace } = await startWorkspace();
    let arrived: () => void = () => undefined;
    const heard = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const app = await startSocketApp(workspace, (app) => app.command('/incident', async () => arrived()));
    const reply = workspace.act(command('never answered'));
    await heard;
    await workspace.close();
    expect(await reply).toEqual({ ok: false, error: 'dispatch_failed' });
    await app.stop();
  });

  it('is refused without an app token', async () => {
    const { workspace } = await startWorkspace();
    expect((await slackError(webClient(workspace).apps.connections.open({}))).error).toBe('not_allowed_token_type');
  });
});
