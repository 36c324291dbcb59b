/**
 * A whole incident as a newcomer lives through it: `npm run demo` in a process of its own, its page in Chromium, two people,
 * by keyboard wherever a person could. Then the process is stopped and started again on what it kept.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

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
/** World seconds in a second. */
const SPEED = '30';
const WAIT_MS = 60_000;

let dataDir: string;
let browser: Browser;
const running = new Set<ChildProcess>();

/** Starts the demo and answers with the address that it prints. */
const startDemo = async (): Promise<{
  readonly url: string;
  readonly said: string;
  readonly stop: () => Promise<number | null>;
}> => {
  const demo = spawn(process.execPath, ['sandbox/demo.ts', '--data-dir', dataDir, '--port', '0', '--speed', SPEED], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(demo);
  let said = '';
  await new Promise<void>((resolve, reject) => {
    demo.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.includes('Ctrl-C')) resolve();
    });
    demo.once('exit', (code) => reject(new Error(`The demo ended with ${code}: ${said}`)));
  });
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
  if (url === undefined) throw new Error(`No address in: ${said}`);
  const stop = (): Promise<number | null> =>
    new Promise((resolve) => {
      demo.removeAllListeners('exit');
      demo.once('exit', (code) => {
        running.delete(demo);
        resolve(code);
      });
      demo.kill('SIGINT');
    });
  return { url, said, stop };
};

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'firebreak-demo-'));
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
});
afterAll(async () => {
  for (const demo of running) demo.kill('SIGKILL');
  await browser?.close();
  await rm(dataDir, { recursive: true, force: true });
});

const type = async (page: Page, text: string): Promise<void> => {
  const composer = page.getByRole('textbox', { name: /^Message #/ });
  await composer.fill(text);
  await composer.press('Enter');
};
const enter = (page: Page, channel: RegExp): Promise<void> =>
  page.getByRole('navigation').getByText(channel).first().click({ timeout: WAIT_MS });
/** Presses a button as the keyboard does. */
const press = async (page: Page, name: RegExp | string): Promise<void> => {
  const button = page.getByRole('button', { name }).first();
  await button.waitFor({ timeout: WAIT_MS });
  await button.focus();
  await page.keyboard.press('Enter');
};

/** Everything that can be operated and has no name of its own, for who does not see the screen. */
const nameless = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const nameOf = (element: Element): string => {
      const labelled = (element.getAttribute('aria-labelledby') ?? '')
        .split(' ')
        .map((id) => document.getElementById(id)?.textContent ?? '')
        .join(' ');
      const label =
        element.id === '' ? '' : (document.querySelector(`label[for="${CSS.escape(element.id)}"]`)?.textContent ?? '');
      return [
        element.getAttribute('aria-label') ?? '',
        labelled,
        label,
        element.closest('label')?.textContent ?? '',
        element.getAttribute('title') ?? '',
        element.textContent ?? '',
      ]
        .join('')
        .trim();
    };
    return [
      ...document.querySelectorAll(
        'button, a[href], input, select, textarea, [role=button], [role=textbox], [contenteditable=true]',
      ),
    ]
      .filter((element) => (element as HTMLElement).offsetParent !== null && nameOf(element) === '')
      .map((element) => element.outerHTML.slice(0, 200));
  });

it('a newcomer lives through a whole incident on the page, and finds it again after a restart', async () => {
  const first = await startDemo();
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 } });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(first.url);

  // A command without words opens the form; it is filled in by keyboard.
  await enter(page, /^shop$/);
  await type(page, '/incident start');
  const form = page.getByRole('dialog');
  await form.waitFor({ timeout: WAIT_MS });
  await page.keyboard.type('Checkout returns 502');
  expect(await nameless(page)).toEqual([]);
  await page.keyboard.press('Enter');

  // Ana leads, Ben operates; each has their own buttons.
  await enter(page, /^inc-0001/);
  await press(page, 'Take Incident Commander');
  await page.keyboard.press('Alt+2');
  await enter(page, /^inc-0001/);
  await press(page, 'Take Operations');
  // In the midst of the verdicts coming in: an edit of the message must not take the focus away.
  expect(await nameless(page)).toEqual([]);

  // The plan is read before it is started.
  await press(page, /^Snapshot and terminate…/);
  const plan = page.getByRole('dialog');
  await plan.getByText('irreversible').first().waitFor({ timeout: WAIT_MS });
  expect(await nameless(page)).toEqual([]);
  await plan.getByRole('button', { name: 'Start' }).focus();
  await page.keyboard.press('Enter');

  // Progress step by step, and the sentence that everybody waits for.
  await page
    .getByText(/1\. Tag i-.*done/)
    .first()
    .waitFor({ timeout: WAIT_MS });
  await page
    .getByText(/Served again at/)
    .first()
    .waitFor({ timeout: WAIT_MS });

  // Who asked may not approve what cannot be undone; somebody else does, and types the target.
  await press(page, /^Approve/);
  const alone = page.getByRole('dialog');
  await alone.getByText('Break-glass').first().waitFor({ timeout: WAIT_MS });
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+1');
  await enter(page, /^inc-0001/);
  await press(page, /^Approve/);
  const approval = page.getByRole('dialog');
  await approval.waitFor({ timeout: WAIT_MS });
  const target = /Type (i-\w+) to confirm/.exec((await approval.textContent()) ?? '')?.[1] ?? '';
  const typed = approval.getByRole('textbox', { name: /to confirm/ });
  await typed.fill('i-wrong');
  await typed.press('Enter');
  await approval.getByText(`Type ${target} to confirm`).first().waitFor();
  await typed.fill(target);
  await approval.getByRole('button', { name: 'Approve' }).click();
  await page.getByText(`${target} is terminated.`).first().waitFor({ timeout: WAIT_MS });

  // It ends, and the postmortem writes itself.
  await type(page, '/incident mitigated The replacement serves');
  await type(page, '/incident resolve The sick instance was replaced');
  await page.getByText('Write down what was learnt').first().waitFor({ timeout: WAIT_MS });
  await press(page, 'Postmortem');
  await page.getByText('Postmortem draft').first().waitFor({ timeout: WAIT_MS });
  expect(await nameless(page)).toEqual([]);
  expect(errors).toEqual([]);
  expect(await first.stop()).toBe(0);

  // The next start goes on where it was.
  const second = await startDemo();
  expect(second.said).toContain('goes on where it was');
  await page.goto(second.url);
  await enter(page, /^inc-0001/);
  await page.getByText('Postmortem draft').first().waitFor({ timeout: WAIT_MS });
  await type(page, '/incident reopen It came back');
  await page.getByText('Investigating').first().waitFor({ timeout: WAIT_MS });
  expect(await second.stop()).toBe(0);
});
