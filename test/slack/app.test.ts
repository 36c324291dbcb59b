/** The app against the sandbox workspace: real signed requests in, real Web API calls out; only queue and log are fakes. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type WorkRequest, workRequest } from '../../src/incident/commands.ts';
import type { Incident } from '../../src/incident/state.ts';
import type { QueueMessage } from '../../src/ports.ts';
import { createSlackApp, type SlackAppDeps } from '../../src/slack/app.ts';
import { actionOf, SHORTCUTS } from '../../src/slack/ids.ts';
import {
  createHttpReceiver,
  createLambdaReceiver,
  createSocketReceiver,
  type HttpAnswer,
  type HttpEvent,
} from '../../src/slack/receivers.ts';
import { checklist } from '../../src/slack/views/checklist.ts';
import { fixPreview } from '../../src/slack/views/fix-preview.ts';
import { headline } from '../../src/slack/views/headline.ts';
import { runProgress } from '../../src/slack/views/run-progress.ts';
import { APP_TOKEN, BOT_TOKEN, command, lastMessage, SIGNING_SECRET, startWorkspace } from '../sandbox/slack/kit.ts';
import { catalogue, check, incident, plan, run, view } from './kit.ts';

const silent = pino({ level: 'silent' });
const APP = {
  commands: [{ command: '/incident', description: '', usageHint: '', shouldEscape: true }],
  shortcuts: [
    { callbackId: SHORTCUTS.keepMessage, name: 'Add to timeline', type: 'message' as const },
    { callbackId: SHORTCUTS.reportSymptom, name: 'Decode this error', type: 'message' as const },
    { callbackId: SHORTCUTS.declare, name: 'Open an incident', type: 'global' as const },
  ],
};

type Options = {
  readonly incidents?: readonly Incident[];
  readonly log?: Partial<SlackAppDeps['log']>;
  readonly send?: (message: QueueMessage) => Promise<void>;
  readonly timeouts?: SlackAppDeps['timeouts'];
  readonly transport?: 'http' | 'socket' | 'lambda';
};

const start = async ({ incidents = [], log, send, timeouts, transport = 'http' }: Options = {}) => {
  const { workspace, clock, client } = await startWorkspace({ app: APP });
  const sent: QueueMessage[] = [];
  const options = { signingSecret: SIGNING_SECRET, logger: silent };
  const socket = () => createSocketReceiver({ appToken: APP_TOKEN, logger: silent, slackApiUrl: workspace.apiUrl() });
  const door = createLambdaReceiver({ ...options, now: Date.now });
  const receiver = { http: () => createHttpReceiver(options), socket, lambda: () => door.receiver }[transport]();
  const app = createSlackApp({
    receiver,
    catalogue,
    clock,
    logger: silent,
    config: {
      commandName: '/incident',
      token: BOT_TOKEN,
      slackApiUrl: workspace.apiUrl(),
    },
    queue: { send: send ?? (async (message) => void sent.push(message)) },
    log: {
      byChannel: async (channelId) => incidents.find(({ channel }) => channel?.id === channelId)?.number,
      load: async (number) => incidents.find((each) => each.number === number),
      listOpen: async () => incidents,
      ...log,
    },
    ...(timeouts !== undefined && { timeouts }),
  });
  const listening = transport === 'http' ? app.start({ port: 0, host: '127.0.0.1' } as never) : app.start();
  const server = transport === 'lambda' ? await functionUrl(door.handle) : ((await listening) as { address?: () => unknown });
  onTestFinished(async () => void (await app.stop()));
  if (transport !== 'socket') {
    const address = server.address?.() as AddressInfo | undefined;
    workspace.setEventsUrl(`http://127.0.0.1:${address?.port}/slack/events`);
  }
  const work = (): readonly WorkRequest[] => sent.map(({ body }) => workRequest.parse(JSON.parse(body)));
  const privately = (as = 'U0ANA', channel = 'C0SHOP') => lastMessage(workspace, as, channel);
  const modals = (as = 'U0ANA') => workspace.state(as).views;
  return { workspace, client, sent, work, privately, modals };
};
/** A Lambda function URL: every body comes as base64, and what the function answers is the answer. */
const functionUrl = async (handle: (event: HttpEvent) => Promise<HttpAnswer>): Promise<Server> => {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const body = Buffer.concat(chunks).toString('base64');
    const answer = await handle({ headers, body, isBase64Encoded: true, rawPath: request.url });
    response.writeHead(answer.statusCode, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return server;
};
/** The incident's channel is a channel of the workspace that the bot is in. */
const INC = 'C0INCIDENTS';
const here = (changes: Partial<Incident> = {}) => incident({ channel: { id: INC, name: 'incidents' }, ...changes });

describe('a command', () => {
  it('becomes work for the queue, and is answered privately at once', async () => {
    const { workspace, sent, work, privately } = await start();
    expect(await workspace.act(command('start sev2 Checkout returns 502'))).toEqual({ ok: true });
    expect(work()).toMatchObject([
      {
        kind: 'declare',
        by: 'U0ANA',
        title: 'Checkout returns 502',
        severity: 'sev2',
        sourceChannelId: 'C0SHOP',
        reply: { channelId: 'C0SHOP', userId: 'U0ANA', responseUrl: expect.stringContaining('/response/') },
      },
    ]);
    expect(sent[0]).toMatchObject({ group: 'opening', id: work()[0]?.id });
    expect(privately()).toMatchObject({ ephemeral: true, text: expect.stringContaining('Opening') });
  });

  it('asks Slack for nothing before it is answered', async () => {
    const { workspace } = await start();
    await workspace.act(command('start sev2 Checkout returns 502'));
    expect(workspace.calls).toEqual([]);
  });

  it('has one id however often it is delivered', async () => {
    const { workspace, sent } = await start();
    workspace.setDeliverTimes(3);
    await workspace.act(command('start sev1 all down'));
    await workspace.idle();
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    await workspace.act(command('start sev1 all down'));
    expect(new Set(sent.map(({ id }) => id)).size).toBe(2);
  });

  it('that is malformed answers with its usage, privately, and does nothing', async () => {
    const { workspace, sent, privately } = await start({ incidents: [here()] });
    await workspace.act(command('severity worse', 'U0ANA', INC));
    expect(privately('U0ANA', INC)).toMatchObject({ ephemeral: true, text: expect.stringContaining('is no severity') });
    await workspace.act(command('strat sev2 x'));
    expect(privately()?.text).toContain('Did you mean start?');
    expect(sent).toEqual([]);
  });

  it('opens its form in time, and the work that fills it knows the form', async () => {
    const { workspace, work, modals } = await start({ incidents: [here()] });
    await workspace.act(command('fix terminate i-0a1', 'U0ANA', INC));
    await workspace.idle();
    expect(modals()).toMatchObject([{ view: { callback_id: 'preview-fix', title: { text: 'Snapshot and terminate' } } }]);
    expect(work()).toMatchObject([
      { kind: 'list-fixes', fixId: 'snapshot-then-terminate', words: ['i-0a1'], viewId: modals()[0]?.id, incident: 42 },
    ]);
  });

  it('that is delivered three times opens one form and enqueues its work once', async () => {
    const { workspace, sent, modals } = await start({ incidents: [here()] });
    workspace.setDeliverTimes(3);
    expect(await workspace.act(command('fix', 'U0ANA', INC))).toEqual({ ok: true });
    await workspace.idle();
    expect(modals()).toHaveLength(1);
    expect(sent).toHaveLength(1);
  });

  it('says where it works when the channel is no incident’s', async () => {
    const { workspace, privately, sent } = await start({ incidents: [here()] });
    await workspace.act(command('check run all'));
    expect(privately()?.text).toContain('works in the channel of an incident');
    expect(sent).toEqual([]);
  });

  it('apologises when the table does not answer, in time, and when it is broken', async () => {
    const never = new Promise<never>(() => undefined);
    const slow = await start({ log: { byChannel: () => never }, timeouts: { readMs: 20, enqueueMs: 20 } });
    expect(await slow.workspace.act(command('check run all'))).toEqual({ ok: true });
    expect(slow.privately()?.text).toContain('cannot read its table');
    const broken = await start({ log: { listOpen: () => Promise.reject(new Error('down')) } });
    expect(await broken.workspace.act(command('list'))).toEqual({ ok: true });
    expect(broken.privately()?.text).toContain('cannot read its table');
  });

  it('apologises when the queue did not take the work, instead of saying that it did', async () => {
    const { workspace, privately } = await start({ send: () => Promise.reject(new Error('down')) });
    expect(await workspace.act(command('start sev1 all down'))).toEqual({ ok: true });
    expect(privately()?.text).toContain('may not have been taken on');
  });

  it('says so when the trigger was too old to open a form', async () => {
    const { workspace, privately } = await start();
    workspace.faults.add('views.open', { kind: 'error', error: 'expired_trigger_id' });
    await workspace.act(command('start'));
    expect(privately()?.text).toContain('Slack closed the door');
  });

  it.each(['http', 'socket', 'lambda'] as const)('works over %s', async (transport) => {
    const { workspace, work, privately, modals } = await start({ transport });
    await workspace.act(command('start sev3 “Süche” is slow 🐌'));
    expect(work()).toMatchObject([{ kind: 'declare', severity: 'sev3', title: '"Süche" is slow 🐌' }]);
    expect(privately()?.text).toContain('Opening');
    await workspace.act(command('start'));
    expect(modals()).toHaveLength(1);
    await workspace.act(command('strat'));
    expect(privately()?.text).toContain('Did you mean start?');
  });

  it('shows open incidents, the worst first', async () => {
    const { workspace, privately } = await start({
      incidents: [here(), here({ number: 43, severity: 'sev1', title: 'All down' })],
    });
    await workspace.act(command('list'));
    const shown = JSON.stringify(privately()?.blocks);
    expect(shown.indexOf('All down')).toBeGreaterThan(0);
    expect(shown.indexOf('All down')).toBeLessThan(shown.indexOf('Checkout returns 502'));
  });
});

describe('a button', () => {
  const post = async (client: Awaited<ReturnType<typeof start>>['client'], message: ReturnType<typeof headline>) =>
    (await client.chat.postMessage({ channel: INC, text: message.text, blocks: [...message.blocks] })).ts ?? '';
  const click = (messageTs: string, action: { action_id: string; value?: string }, as = 'U0ANA') =>
    ({ do: 'block-action', as, channel: INC, messageTs, action }) as const;

  it('of the checklist runs its item, and another click is another request', async () => {
    const { workspace, client, sent, work } = await start({ incidents: [here()] });
    const ts = await post(client, checklist(here(), view));
    const action = actionOf('run-check', { incident: 42, itemId: 'security-groups' });
    await workspace.act(click(ts, action));
    await workspace.act(click(ts, action));
    await workspace.idle();
    expect(work()).toMatchObject(Array(2).fill({ kind: 'run-checks', itemIds: ['security-groups'], reply: { channelId: INC } }));
    expect(new Set(sent.map(({ id }) => id)).size).toBe(2);
  });

  it('of a menu does what it says', async () => {
    const state = here({ checks: { 'security-groups': check({ state: 'pass' }) } });
    const { workspace, client, work } = await start({ incidents: [state] });
    const ts = await post(client, checklist(state, view));
    const chosen = { selected_option: { value: 'run-check/42/security-groups' } };
    await workspace.act({
      do: 'block-action',
      as: 'U0ANA',
      channel: INC,
      messageTs: ts,
      action: { action_id: 'menu', ...chosen },
    });
    expect(work()).toMatchObject([{ kind: 'run-checks', itemIds: ['security-groups'] }]);
  });

  it('that is delivered three times has one id', async () => {
    const { workspace, client, sent } = await start({ incidents: [here()] });
    const ts = await post(client, headline(here(), view));
    workspace.setDeliverTimes(3);
    await workspace.act(click(ts, actionOf('take-role', { incident: 42, role: 'commander' }, 'commander')));
    await workspace.idle();
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
  });

  it('of the best fix opens the preview at once, and the plan is asked for behind it', async () => {
    const state = here({ checks: { 'load-balancer-and-instances': check() } });
    const { workspace, client, work, modals } = await start({ incidents: [state] });
    const ts = await post(client, headline(state, view));
    const input = { instanceId: 'i-0a1' };
    await workspace.act(click(ts, actionOf('preview-fix', { incident: 42, fixId: 'snapshot-then-terminate', input })));
    await workspace.idle();
    expect(modals()).toMatchObject([{ view: { callback_id: 'preview-fix' } }]);
    expect(work()).toMatchObject([{ kind: 'preview-fix', fixId: 'snapshot-then-terminate', input, viewId: modals()[0]?.id }]);
  });

  it('to approve shows the plan as it is now; who asked alone is asked for a reason', async () => {
    const waiting = run({
      status: 'awaiting-approval',
      approval: { phase: 1, callbackId: 'cb', expiresAt: '2026-05-04T14:30:00.000Z', who: 'another-person' },
    });
    const state = here({ severity: 'sev1', runs: { r1: waiting } });
    const { workspace, client, modals, work } = await start({ incidents: [state] });
    const ts = await post(client, runProgress(waiting, state, view));
    await workspace.act(click(ts, actionOf('approve-fix', { incident: 42, runId: 'r1', phase: 1 }), 'U0BEN'));
    await workspace.idle();
    const open = modals('U0BEN')[0];
    expect(JSON.stringify(open?.view.blocks)).toContain('Break-glass');
    const values = (typed: string) => ({
      typed: { typed: { type: 'plain_text_input', value: typed } },
      'break-glass': { 'break-glass': { type: 'plain_text_input', value: 'nobody else is awake' } },
    });
    const submit = (typed: string) =>
      workspace.act({ do: 'submit-view', as: 'U0BEN', viewId: open?.id ?? '', values: values(typed) });
    expect(await submit('i-0a2')).toMatchObject({ ok: false, error: expect.stringContaining('Type i-0a1') });
    expect(work()).toEqual([]);
    await submit('i-0a1');
    expect(work()).toMatchObject([
      { kind: 'answer-fix', approve: true, phase: 1, typed: 'i-0a1', breakGlass: 'nobody else is awake', by: 'U0BEN' },
    ]);
  });

  it('whose value is from another version is answered, not guessed at', async () => {
    const { workspace, client, sent, privately } = await start({ incidents: [here()] });
    const { ts = '' } = await client.chat.postMessage({
      channel: INC,
      text: 'old',
      blocks: [
        {
          type: 'actions',
          elements: [{ type: 'button', action_id: 'run-check', value: '{"v":0}', text: { type: 'plain_text', text: 'Run' } }],
        },
      ],
    });
    await workspace.act(click(ts, { action_id: 'run-check' }));
    await workspace.idle();
    expect(privately('U0ANA', INC)?.text).toContain('older version');
    expect(sent).toEqual([]);
  });
});

describe('a form', () => {
  const select = (value: string) => ({ type: 'static_select', selected_option: { value } });

  it('opens an incident, from the command without words and from the global shortcut', async () => {
    const { workspace, work, modals } = await start();
    await workspace.act(command('start'));
    await workspace.idle();
    expect(modals()).toHaveLength(1);
    await workspace.act({ do: 'shortcut', as: 'U0ANA', callbackId: SHORTCUTS.declare });
    await workspace.until('U0ANA', 'the form', ({ views }) => views.length === 1);
    await workspace.idle();
    const values = {
      title: { title: { type: 'plain_text_input', value: 'Checkout <!channel>' } },
      severity: { severity: select('sev1') },
    };
    expect(await workspace.act({ do: 'submit-view', as: 'U0ANA', viewId: modals()[0]?.id ?? '', values })).toEqual({ ok: true });
    expect(work()).toMatchObject([{ kind: 'declare', title: 'Checkout <!channel>', severity: 'sev1', serviceId: 'shop' }]);
    expect(modals()).toEqual([]);
  });

  it('starts a fix once everything is ticked, and previews anew when a choice is changed', async () => {
    const previewed = run({
      plan: plan({
        irreversible: false,
        choices: [
          {
            input: 'survivor',
            label: 'Which node stays',
            chosen: 'i-1',
            options: [
              { value: 'i-1', label: 'i-1' },
              { value: 'i-2', label: 'i-2' },
            ],
          },
        ],
      }),
      guards: [{ id: 'hooks', title: 'Hooks', result: { outcome: 'acknowledge', because: 'Termination hooks are skipped.' } }],
    });
    const state = here({ runs: { r1: previewed } });
    const { workspace, client, work, modals } = await start({ incidents: [state] });
    await workspace.act(command('fix', 'U0ANA', INC));
    await workspace.idle();
    const viewId = modals()[0]?.id ?? '';
    await client.views.update({ view_id: viewId, view: fixPreview(previewed, state, view) });
    const choice = { action_id: 'change-choice.survivor', selected_option: { value: 'i-2' } };
    await workspace.act({ do: 'block-action', as: 'U0ANA', viewId, action: choice });
    await workspace.idle();
    expect(work()[1]).toMatchObject({ kind: 'preview-fix', input: { instanceId: 'i-0a1', survivor: 'i-2' }, viewId });
    expect(JSON.stringify(modals()[0]?.view.blocks)).toContain('working out the plan');

    await client.views.update({ view_id: viewId, view: fixPreview(previewed, state, view) });
    const submit = (values: Record<string, Record<string, Record<string, unknown>>>) =>
      workspace.act({ do: 'submit-view', as: 'U0ANA', viewId, values });
    expect(await submit({})).toMatchObject({ ok: false });
    const ticked = { acknowledge: { acknowledge: { type: 'checkboxes', selected_options: [{ value: '0' }] } } };
    expect(await submit(ticked)).toEqual({ ok: true });
    expect(work()[2]).toMatchObject({ kind: 'start-fix', runId: 'r1', acknowledged: ['hooks'], by: 'U0ANA' });
    expect(modals()).toEqual([]);
  });

  it('stays open with an apology when the queue is down', async () => {
    const { workspace, modals } = await start({ send: () => Promise.reject(new Error('down')) });
    await workspace.act(command('start'));
    await workspace.idle();
    const values = { title: { title: { type: 'plain_text_input', value: 'x' } }, severity: { severity: select('sev1') } };
    await workspace.act({ do: 'submit-view', as: 'U0ANA', viewId: modals()[0]?.id ?? '', values });
    expect(JSON.stringify(modals()[0]?.view.blocks)).toContain('may not have been taken on');
  });
});

describe('a message', () => {
  it('is kept with its own time and place by a pushpin, once however many people pin it', async () => {
    const { workspace, work, sent } = await start({ incidents: [here()] });
    await workspace.act({ do: 'say', as: 'U0BEN', channel: INC, text: 'deploy <1421> went out' });
    const { ts = '' } = lastMessage(workspace, 'U0BEN', INC) ?? {};
    for (const as of ['U0ANA', 'U0CHRIS']) await workspace.act({ do: 'react', as, channel: INC, messageTs: ts, name: 'pushpin' });
    await workspace.act({ do: 'react', as: 'U0ANA', channel: INC, messageTs: ts, name: 'eyes' });
    // Bolt acknowledges events before they are handled.
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    expect(work().toSorted((a, b) => a.by.localeCompare(b.by))).toMatchObject([
      {
        kind: 'command',
        by: 'U0ANA',
        command: {
          do: 'add-note',
          text: 'deploy <1421> went out',
          saidBy: 'U0BEN',
          saidAt: new Date(Math.floor(Number(ts) * 1_000)).toISOString(),
          link: expect.stringContaining('/archives/'),
        },
      },
      { by: 'U0CHRIS' },
    ]);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
  });

  it('is kept by the message shortcut, which says so', async () => {
    const { workspace, work, privately } = await start({ incidents: [here()] });
    await workspace.act({ do: 'say', as: 'U0BEN', channel: INC, text: 'found it' });
    const { ts = '' } = lastMessage(workspace, 'U0BEN', INC) ?? {};
    await workspace.act({ do: 'shortcut', as: 'U0ANA', callbackId: SHORTCUTS.keepMessage, channel: INC, messageTs: ts });
    await workspace.until('U0ANA', 'the answer', () => privately('U0ANA', INC)?.text === 'Kept in the timeline.');
    expect(work()).toMatchObject([{ command: { do: 'add-note', text: 'found it', saidBy: 'U0BEN' } }]);
  });

  it('is taken for a symptom by its shortcut, once', async () => {
    const { workspace, work } = await start({ incidents: [here()] });
    await workspace.act({ do: 'say', as: 'U0BEN', channel: INC, text: 'curl: (52) Empty reply from server' });
    const { ts = '' } = lastMessage(workspace, 'U0BEN', INC) ?? {};
    const press = () =>
      workspace.act({ do: 'shortcut', as: 'U0ANA', callbackId: SHORTCUTS.reportSymptom, channel: INC, messageTs: ts });
    await press();
    await press();
    const ids = work().map(({ id }) => id);
    expect(work()[0]).toMatchObject({
      by: 'U0ANA',
      command: { do: 'report-symptom', text: 'curl: (52) Empty reply from server' },
    });
    expect(new Set(ids).size).toBe(1);
  });

  it('elsewhere is not kept, and the pushpin is nobody’s business', async () => {
    const asked: string[] = [];
    const byChannel = async (channelId: string) => {
      asked.push(channelId);
      return undefined;
    };
    const { workspace, sent } = await start({ log: { byChannel } });
    await workspace.act({ do: 'say', as: 'U0BEN', channel: INC, text: 'lunch?' });
    const { ts = '' } = lastMessage(workspace, 'U0BEN', INC) ?? {};
    await workspace.act({ do: 'react', as: 'U0ANA', channel: INC, messageTs: ts, name: 'pushpin' });
    await vi.waitFor(() => expect(asked).toEqual([INC]));
    await workspace.idle();
    expect([sent, workspace.calls]).toEqual([[], []]);
  });
});
