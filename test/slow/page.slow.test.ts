/**
 * The page in a real browser, by keyboard, against the workspace and a fake app that answers as Slack's apps do.
 * Each test opens its own workspace; one browser serves them all.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createSlackWorkspace, type SlackWorkspace } from '../../sandbox/slack/workspace.ts';
import { createClock } from '../../src/adapters/clock.ts';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const SHOP = 'C0SHOP';
/** How long anything on the page may take to appear. */
const WAIT_MS = 15_000;
const TOKEN = 'xoxb-of-the-tests';

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
});
afterAll(() => browser.close());

type Payload = {
  type: string;
  trigger_id: string;
  user: { id: string };
  view?: { id: string; callback_id: string };
  actions?: { action_id: string; value?: string; selected_option?: { value: string } }[];
};
/** What the fake app is asked; it answers with an object, or with nothing, or (`silence`) never. */
type Asked = { readonly command?: string; readonly text?: string; readonly trigger: string; readonly payload?: Payload };
type Answer = (asked: Asked) => Promise<object | undefined> | object | undefined | typeof SILENCE;
const SILENCE = Symbol('no answer');

const startApp = async (workspace: SlackWorkspace, answer: Answer): Promise<void> => {
  const server = createServer(async (request, response: ServerResponse) => {
    let body = '';
    for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString('utf8');
    const form = new URLSearchParams(body);
    const payload = JSON.parse(form.get('payload') ?? 'null') as Payload | null;
    if (!payload && !form.has('command')) return void response.end();
    const asked: Asked = {
      trigger: payload?.trigger_id ?? form.get('trigger_id') ?? '',
      ...(payload ? { payload } : { command: form.get('command') ?? '', text: form.get('text') ?? '' }),
    };
    const reply = await answer(asked);
    if (reply === SILENCE) return;
    response.setHeader('content-type', 'application/json');
    response.end(reply === undefined ? undefined : JSON.stringify(reply));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  workspace.setEventsUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
};

const open = async (answer: Answer = () => undefined, viewport = { width: 1280, height: 800 }, answerTimeoutMs = 3_000) => {
  const workspace = createSlackWorkspace({
    clock: createClock(),
    signingSecret: 'signing-secret-of-the-tests',
    botToken: TOKEN,
    answerTimeoutMs,
    app: {
      commands: [{ command: '/incident', description: 'Incidents', usageHint: 'start sev2 what is broken' }],
      shortcuts: [
        { callbackId: 'keep', name: 'Add to timeline', type: 'message' },
        { callbackId: 'declare', name: 'Declare an incident', type: 'global' },
      ],
    },
  });
  await workspace.listen();
  const api = async (method: string, body: object): Promise<Record<string, string>> => {
    const response = await fetch(workspace.apiUrl() + method, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const reply = (await response.json()) as Record<string, string>;
    if (!reply['ok']) throw new Error(`${method}: ${JSON.stringify(reply)}`);
    return reply;
  };
  await startApp(workspace, answer);
  await api('conversations.join', { channel: SHOP });
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.setDefaultTimeout(WAIT_MS);
  page.on('console', (line) => {
    // A broken line is what one of the tests is about.
    if (['error', 'warning'].includes(line.type()) && !line.text().includes('net::ERR_')) complaints.push(line.text());
  });
  onTestFinished(async () => {
    await context.close();
    await workspace.close();
    // Among them: everything that the page's security policy would have stopped.
    expect(complaints).toEqual([]);
  });
  const visit = async (path = `/#channel=${SHOP}`): Promise<void> => {
    await page.goto(workspace.url() + path);
    await page.getByRole('textbox', { name: 'Message #shop' }).waitFor();
  };
  return { workspace, api, page, visit };
};

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const button = (text: string, action_id: string, extra: object = {}) => ({
  type: 'button',
  text: plain(text),
  action_id,
  value: action_id,
  ...extra,
});
const marks = ['pass', 'fail', 'not applicable'].map((value) => ({ text: plain(value), value }));
const CHECKLIST = [
  { type: 'header', text: plain('Checklist') },
  {
    type: 'section',
    block_id: 'acl',
    text: mrkdwn(':white_circle: *Network ACLs* not run'),
    accessory: button('Run', 'run', { accessibility_label: 'Run Network ACLs' }),
  },
  {
    type: 'actions',
    block_id: 'row',
    elements: [
      { type: 'static_select', action_id: 'mark', placeholder: plain('Mark'), options: marks },
      button('Claim', 'claim'),
    ],
  },
  {
    type: 'actions',
    block_id: 'fix',
    elements: [
      button('Terminate', 'terminate', {
        style: 'danger',
        confirm: {
          title: plain('Terminate i-0a1?'),
          text: mrkdwn('It *cannot* be undone.'),
          confirm: plain('Terminate'),
          deny: plain('Keep it'),
          style: 'danger',
        },
      }),
    ],
  },
];
const input = (block_id: string, label: string, element: object, extra: object = {}) => ({
  type: 'input',
  block_id,
  label: plain(label),
  element: { action_id: 'x', ...element },
  ...extra,
});
const DECLARE = {
  type: 'modal',
  callback_id: 'declare',
  title: plain('Declare an incident'),
  submit: plain('Declare'),
  close: plain('Cancel'),
  blocks: [
    input('what', 'What is broken', { type: 'plain_text_input', min_length: 5 }),
    input('sev', 'Severity', {
      type: 'radio_buttons',
      options: ['SEV1', 'SEV2'].map((value) => ({ text: plain(value), value })),
    }),
    input('service', 'Service', {
      type: 'static_select',
      options: ['shop', 'search'].map((value) => ({ text: plain(value), value })),
    }),
    input('who', 'Invite', { type: 'multi_users_select' }, { optional: true }),
  ],
};
const focusedName = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');

describe('by keyboard alone', () => {
  it('a command is completed, its modal filled, an error mended, and the incident declared', async () => {
    const values: unknown[] = [];
    const { page, api, visit } = await open(async ({ command, trigger, payload }) => {
      if (command) await api('views.open', { trigger_id: trigger, view: DECLARE });
      if (payload?.type !== 'view_submission') return undefined;
      values.push((payload.view as unknown as { state: { values: unknown } }).state.values);
      return values.length === 1 ? { response_action: 'errors', errors: { what: 'Say what users see.' } } : undefined;
    });
    await visit();
    await page.getByRole('textbox', { name: 'Message #shop' }).focus();
    await page.keyboard.type('/inc');
    await page.getByRole('option', { name: /\/incident start sev2/, selected: true }).waitFor();
    await page.keyboard.press('Tab');
    await page.getByText('start sev2 what is broken').waitFor();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Declare an incident' });
    await dialog.waitFor();
    await page.keyboard.type('DNS');
    await page.keyboard.press('Enter');
    await page.getByText('Enter at least 5 characters.').waitFor();
    expect(values).toEqual([]);
    await page.keyboard.type(' is down');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.keyboard.type('search');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Say what users see.').waitFor();
    expect(
      await page
        .getByRole('textbox', { name: 'What is broken' })
        .evaluate((each) => [each === document.activeElement, each.getAttribute('aria-invalid')]),
    ).toEqual([true, 'true']);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(values[1]).toMatchObject({
      what: { x: { value: 'DNS is down' } },
      sev: { x: { selected_option: { value: 'SEV2' } } },
      service: { x: { selected_option: { value: 'search' } } },
      who: { x: { selected_users: ['U0ANA'] } },
    });
    expect(await focusedName(page)).toBe('Message #shop');
  });

  it('a choice is looked at before it is made, and a dangerous click asks first, with the safe answer in front', async () => {
    const actions: string[] = [];
    const { page, api, visit } = await open(({ payload }) => {
      const [action] = payload?.actions ?? [];
      if (action) actions.push(action.selected_option?.value ?? action.action_id);
      return undefined;
    });
    await api('chat.postMessage', { channel: SHOP, text: 'Checklist', blocks: CHECKLIST });
    await visit();
    await page.getByRole('button', { name: 'Mark' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(actions).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Mark: fail' }).waitFor();
    await page.getByRole('button', { name: 'Terminate' }).focus();
    await page.keyboard.press('Enter');
    const question = page.getByRole('alertdialog', { name: 'Terminate i-0a1?' });
    await question.waitFor();
    expect(await focusedName(page)).toBe('Keep it');
    await page.keyboard.press('Enter');
    await question.waitFor({ state: 'detached' });
    expect(await focusedName(page)).toBe('Terminate');
    await page.keyboard.press('Enter');
    await question.waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await question.waitFor({ state: 'detached' });
    await expect.poll(() => actions).toEqual(['fail', 'terminate']);
  });

  it('a thread is opened, answered and left', async () => {
    const { page, api, workspace, visit } = await open();
    const { ts = '' } = await api('chat.postMessage', { channel: SHOP, text: 'Fix started' });
    await api('chat.postMessage', { channel: SHOP, text: 'step 1', thread_ts: ts });
    await visit();
    await page.getByRole('button', { name: /1 reply/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'Thread' }).waitFor();
    expect(await focusedName(page)).toBe('Reply…');
    await page.keyboard.type('go on, @fire');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.getByRole('complementary').getByText('go on, @firebreak').waitFor();
    expect(
      workspace
        .state('U0ANA')
        .channels.find(({ id }) => id === SHOP)
        ?.messages.at(-1),
    ).toMatchObject({ text: 'go on, <@U0FIREBREAK>', threadTs: ts });
    await page.keyboard.press('Escape');
    await page.getByRole('complementary').waitFor({ state: 'detached' });
    expect(await focusedName(page)).toMatch(/2 replies/);
  });

  it('one becomes another member, and approves as a second person', async () => {
    const by: string[] = [];
    const { page, api, visit } = await open(({ payload }) => {
      if (payload) by.push(payload.user.id);
      return undefined;
    });
    await api('chat.postMessage', {
      channel: SHOP,
      text: 'x',
      blocks: [{ type: 'actions', elements: [button('Approve', 'approve')] }],
    });
    await visit();
    await page.keyboard.press('Alt+Digit2');
    await page.getByRole('button', { name: 'You are Ben Okafor. Act as someone else' }).first().waitFor();
    await page.getByRole('button', { name: 'Approve' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => by).toEqual(['U0BEN']);
    await page.reload();
    await page.getByRole('button', { name: 'Ben Okafor, you' }).waitFor();
  });

  it('a message is reached, reacted to and kept by its menus', async () => {
    const kept: string[] = [];
    const { page, workspace, visit } = await open(({ payload }) => {
      if (payload?.type === 'message_action') kept.push(payload.type);
      return undefined;
    });
    await workspace.act({ do: 'say', as: 'U0BEN', channel: SHOP, text: 'first' });
    await workspace.act({ do: 'say', as: 'U0DINA', channel: SHOP, text: 'second' });
    await visit();
    await page.getByRole('article', { name: /Dina/ }).focus();
    await page.keyboard.press('ArrowUp');
    expect(await focusedName(page)).toMatch(/^Ben Okafor/);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'pushpin' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'pushpin, 1: Ana Ruiz', pressed: true }).waitFor();
    expect(await focusedName(page)).toBe('Add a reaction');
    for (const key of ['Tab', 'Tab', 'Enter']) await page.keyboard.press(key);
    await page.getByRole('menuitem', { name: /Add to timeline/ }).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => kept).toEqual(['message_action']);
  });
});

describe('what changes under the eyes', () => {
  it('is redrawn in place: the focus, the reading position and the half-typed text stay', async () => {
    const { page, api, workspace, visit } = await open();
    for (let count = 1; count <= 40; count += 1)
      await workspace.act({ do: 'say', as: 'U0BEN', channel: SHOP, text: `line ${count}` });
    const { ts = '' } = await api('chat.postMessage', { channel: SHOP, text: 'x', blocks: CHECKLIST });
    await visit();
    await page.getByRole('textbox', { name: 'Message #shop' }).fill('half a thou');
    await page.getByRole('button', { name: 'Claim' }).focus();
    const list = page.getByRole('log', { name: 'Messages in shop' });
    const top = await list.evaluate((each) => {
      each.scrollTop = 300;
      each.dispatchEvent(new Event('scroll'));
      return each.scrollTop;
    });
    const changed = CHECKLIST.with(1, {
      type: 'section',
      block_id: 'acl',
      text: mrkdwn(':large_green_circle: *Network ACLs* pass'),
    } as never);
    await api('chat.update', { channel: SHOP, ts, text: 'x', blocks: changed });
    await page.getByText('Network ACLs pass').waitFor();
    await workspace.act({ do: 'say', as: 'U0BEN', channel: SHOP, text: 'one more' });
    await page.getByText('one more').first().waitFor();
    expect(await focusedName(page)).toBe('Claim');
    expect(await list.evaluate((each) => each.scrollTop)).toBe(top);
    expect(await page.getByRole('textbox', { name: 'Message #shop' }).inputValue()).toBe('half a thou');
  });

  it('is said aloud, and an invitation can be followed', async () => {
    const { page, api, visit } = await open();
    await visit();
    await api('chat.postMessage', { channel: SHOP, text: 'Checkout is *down*' });
    await expect.poll(() => page.locator('#announcer').textContent()).toContain('Firebreak: Checkout is down');
    const created = (await api('conversations.create', { name: 'inc-0042-checkout' })) as unknown as { channel: { id: string } };
    await api('conversations.invite', { channel: created.channel.id, users: 'U0ANA' });
    await page.getByRole('status').getByRole('button', { name: 'Open' }).click();
    await page.getByRole('heading', { level: 1, name: /inc-0042-checkout/ }).waitFor();
  });

  it('comes back by itself after the line was broken', async () => {
    const { page, workspace, visit } = await open();
    await visit();
    const port = Number(new URL(workspace.url()).port);
    await page.context().setOffline(true);
    // The open stream outlives the switch: it is cut at the other end.
    await workspace.close();
    await page.getByText('The workspace does not answer. Trying again…').waitFor();
    await workspace.listen(port);
    await page.context().setOffline(false);
    await workspace.act({ do: 'say', as: 'U0BEN', channel: SHOP, text: 'back again' });
    await page.getByText('back again').first().waitFor();
  });
});

describe('an app that is slow or silent', () => {
  it('is waited for visibly, and after its time the click is said to have failed', async () => {
    const { page, api, visit } = await open(() => SILENCE, undefined, 1_500);
    await api('chat.postMessage', { channel: SHOP, text: 'x', blocks: CHECKLIST });
    await visit();
    await page.getByRole('button', { name: 'Claim' }).click();
    await page.getByRole('button', { name: /Claim\s*, sent/ }).waitFor();
    await page.getByText('Sent. Waiting for the app to answer…').waitFor();
    await page.getByRole('alert').filter({ hasText: 'did not answer within' }).waitFor();
    await page.getByRole('article', { name: 'Slackbot' }).getByRole('button', { name: 'Dismiss message' }).click();
    await page.getByRole('article', { name: 'Slackbot' }).waitFor({ state: 'detached' });
  });
});

describe('modals', () => {
  it('are updated in place, pushed, and go back one by one', async () => {
    const step = (title: string, text: string) => ({
      type: 'modal',
      title: plain(title),
      blocks: [
        { type: 'section', text: mrkdwn(text) },
        { type: 'actions', elements: [button('Next', 'next')] },
      ],
    });
    const { page, api, visit } = await open(async ({ command, trigger, payload }) => {
      if (command) {
        const { view } = (await api('views.open', { trigger_id: trigger, view: step('Preview', 'Loading…') })) as unknown as {
          view: { id: string };
        };
        void api('views.update', { view_id: view.id, view: step('Preview', 'Six steps') });
      }
      if (payload?.type === 'block_actions') await api('views.push', { trigger_id: trigger, view: step('Evidence', 'kept') });
      return undefined;
    });
    await visit();
    await page.getByRole('textbox', { name: 'Message #shop' }).fill('/incident fix');
    await page.keyboard.press('Enter');
    await page.getByText('Six steps').waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('dialog', { name: 'Evidence' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Preview' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });
});

describe('every control', () => {
  it('has a name, in the channel, the thread, the menus and a modal', async () => {
    const { page, api, visit } = await open(async ({ payload, trigger }) => {
      if (payload?.type === 'shortcut') await api('views.open', { trigger_id: trigger, view: DECLARE });
      return undefined;
    });
    const { ts = '' } = await api('chat.postMessage', { channel: SHOP, text: 'x', blocks: CHECKLIST });
    await api('pins.add', { channel: SHOP, timestamp: ts });
    await api('chat.postMessage', { channel: SHOP, text: 'reply', thread_ts: ts });
    await visit();
    await page.getByRole('button', { name: /1 reply/ }).click();
    await page.getByRole('button', { name: 'Shortcuts' }).click();
    expect(await unnamed(page)).toEqual([]);
    await page.getByRole('menuitem', { name: /Declare an incident/ }).click();
    await page.getByRole('dialog').waitFor();
    expect(await unnamed(page)).toEqual([]);
  });

  it('can be reached on a narrow screen, which never scrolls sideways', async () => {
    const { page, api, visit } = await open(undefined, { width: 380, height: 700 });
    await api('chat.postMessage', { channel: SHOP, text: 'x', blocks: CHECKLIST });
    await visit();
    await page.getByRole('button', { name: 'Claim' }).scrollIntoViewIfNeeded();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(380);
    await page.getByRole('button', { name: 'Channels and people' }).click();
    await page.getByRole('button', { name: 'Act as Ben Okafor' }).click();
    await page.getByRole('main').getByRole('button', { name: 'You are Ben Okafor. Act as someone else' }).waitFor();
  });
});

/** Controls that the browser itself, as a screen reader would ask it, has no name for. */
const unnamed = async (page: Page): Promise<readonly string[]> => {
  const session = await page.context().newCDPSession(page);
  const { nodes } = (await session.send('Accessibility.getFullAXTree')) as {
    nodes: { ignored: boolean; role?: { value: string }; name?: { value: string }; nodeId: string }[];
  };
  const roles = new Set([
    'button',
    'link',
    'textbox',
    'checkbox',
    'radio',
    'combobox',
    'menuitem',
    'menuitemradio',
    'dialog',
    'article',
    'radiogroup',
    'log',
    'navigation',
    'complementary',
  ]);
  const found = nodes.filter((node) => !node.ignored && roles.has(node.role?.value ?? ''));
  expect(found.length).toBeGreaterThan(10);
  return found.filter((node) => (node.name?.value ?? '').trim() === '').map((node) => node.role!.value);
};
