/** What the page does between a person and the server: a fake line, a fake clock, no browser. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Surroundings } from '../../../sandbox/slack/page/app/context.ts';
import { createController } from '../../../sandbox/slack/page/app/controller.ts';
import { composerKey, type Draw, pressKey } from '../../../sandbox/slack/page/app/draw.ts';
import type { PageAction, PageReply, PageState } from '../../../sandbox/slack/page-api.ts';
import { createManualClock } from '../../../src/adapters/clock.ts';
import { channel, message, PLACE, state } from './kit.ts';

const PAYLOAD = { type: 'button', value: 'i-0a1', block_id: 'b', action_id: 'run' };
const KEY = pressKey(PLACE, 'b', 'run');
const COMPOSER = composerKey('C0SHOP');
const done: PageReply = { ok: true };

const open = async (overrides: Partial<PageState> = {}) => {
  const clock = createManualClock();
  const acts: PageAction[] = [];
  const said: string[] = [];
  const focused: string[] = [];
  const workspace = { state: state(overrides), visible: true };
  let answer: (action: PageAction) => Promise<PageReply> = async () => done;
  let last: Draw | undefined;
  const around: Surroundings = {
    line: {
      read: async (as) => (as === '' ? workspace.state : { ...workspace.state, as }),
      act: (action) => {
        acts.push(action);
        return answer(action);
      },
      text: async () => '# Canvas',
      follow: () => undefined,
    },
    draw: (draw) => {
      last = draw;
    },
    announce: (text) => said.push(text),
    focus: (selector) => focused.push(selector),
    showMessage: () => undefined,
    copy: async () => true,
    remember: () => undefined,
    isVisible: () => workspace.visible,
    origin: 'http://127.0.0.1:3999',
    nowMs: clock.now,
    after: clock.after,
  };
  const page = createController({ as: '', main: { kind: 'channel', id: 'C0SHOP' } }, around);
  await page.refresh();
  return {
    ...page,
    clock,
    acts,
    said,
    focused,
    workspace,
    drawn: () => last,
    /** The next answers wait until the returned function is called. */
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<PageReply>();
      answer = () => promise;
      onTestFinished(() => resolve(done));
      return resolve;
    },
    answerWith: (reply: PageReply) => {
      answer = async () => reply;
    },
  };
};
const settled = vi.waitFor;

describe('a press', () => {
  it('is sent once, said to be slow after a second, and over with the answer', async () => {
    const page = await open();
    const resolve = page.hold();
    page.intents.press(PLACE, PAYLOAD);
    await settled(() => expect(page.ui.presses.get(KEY)).toEqual({ stage: 'sent' }));
    page.intents.press(PLACE, PAYLOAD);
    page.clock.advance(1_000);
    expect(page.ui.presses.get(KEY)).toEqual({ stage: 'slow' });
    expect(page.said).toEqual(['Waiting for the app to answer…']);
    resolve(done);
    await settled(() => expect(page.ui.presses.has(KEY)).toBe(false));
    expect(page.acts).toEqual([
      { do: 'block-action', as: 'U0ANA', channel: 'C0SHOP', messageTs: PLACE.messageTs, action: PAYLOAD, state: {} },
    ]);
  });

  it.each([
    ['operation_timeout', /did not answer within 3 seconds/],
    ['dispatch_failed', /could not be reached/],
    ['unreachable', /demo still running/],
    ['some_new_error', /^Slack says: some_new_error$/],
  ])('that ends in %s says so in words', async (error, sentence) => {
    const page = await open();
    page.answerWith({ ok: false, error });
    page.intents.press(PLACE, PAYLOAD);
    await settled(() => expect(page.ui.presses.get(KEY)).toEqual({ stage: 'failed', sentence: expect.stringMatching(sentence) }));
  });

  const dialog = { title: { type: 'plain_text', text: 'Sure?' }, text: { type: 'plain_text', text: 'Really' } } as const;

  it('with a question waits for the answer, and goes nowhere after a no', async () => {
    const page = await open();
    page.intents.press(PLACE, PAYLOAD, dialog as never);
    expect(page.ui.question?.dialog).toBe(dialog);
    page.ui.question?.answer(false);
    page.intents.press(PLACE, { ...PAYLOAD, value: 'second' }, dialog as never);
    page.ui.question?.answer(true);
    await settled(() => expect(page.acts).toHaveLength(1));
    expect(page.acts[0]).toMatchObject({ action: { value: 'second' } });
    expect(page.ui.question).toBeUndefined();
  });

  it('of a select keeps the choice on the screen and sends it as state', async () => {
    const page = await open();
    page.intents.press(PLACE, { type: 'static_select', selected_option: { value: 'fail' }, block_id: 'b', action_id: 'mark' });
    await settled(() => expect(page.acts).toHaveLength(1));
    expect(page.acts[0]).toMatchObject({ state: { b: { mark: { type: 'static_select', selected_option: { value: 'fail' } } } } });
  });
});

describe('a modal', () => {
  const view = (errors = {}) =>
    ({ id: 'V1', view: { type: 'modal', title: { type: 'plain_text', text: 't' }, blocks: [] }, errors, busy: false }) as never;

  it('sends what was typed; with errors the first wrong field gets the focus', async () => {
    const page = await open({ views: [view()] });
    page.intents.change({ surface: 'view:V1', viewId: 'V1' }, 'b', 'x', { type: 'plain_text_input', value: 'down' });
    page.answerWith({ ok: false, error: 'Too short.' });
    page.intents.submit('V1');
    await settled(() => expect(page.focused).toEqual(['dialog [aria-invalid="true"]']));
    expect(page.acts).toEqual([
      { do: 'submit-view', as: 'U0ANA', viewId: 'V1', values: { b: { x: { type: 'plain_text_input', value: 'down' } } } },
    ]);
  });

  it('takes what was typed along when it closes', async () => {
    const page = await open({ views: [view()] });
    page.intents.change({ surface: 'view:V1', viewId: 'V1' }, 'b', 'x', { value: 'down' });
    page.workspace.state = state({ views: [] });
    await page.refresh();
    expect(page.ui.values).toEqual({});
  });
});

describe('what was typed in a modal', () => {
  it('waits while one is someone else', async () => {
    const open1 = [
      { id: 'V1', view: { type: 'modal', title: { type: 'plain_text', text: 't' }, blocks: [] }, errors: {}, busy: false },
    ] as never;
    const page = await open({ views: open1 });
    page.intents.change({ surface: 'view:V1', viewId: 'V1' }, 'b', 'x', { value: 'down' });
    page.intents.change(PLACE, 'b', 'mark', { value: 'mine' });
    page.workspace.state = state({ views: [] });
    page.intents.actAs('U0BEN');
    await settled(() => expect(page.drawn()?.state.as).toBe('U0BEN'));
    expect(page.ui.values).toEqual({ 'view:V1': { b: { x: { value: 'down' } } } });
  });
});

describe('saying something', () => {
  const typed = (text: string) => ({ text, caret: text.length, at: 0, dismissed: false });

  it('empties the box at once, and gives the text back when it was not taken', async () => {
    const page = await open();
    const resolve = page.hold();
    page.intents.draft(COMPOSER, typed('hello '));
    page.intents.say('C0SHOP');
    expect(page.ui.drafts.get(COMPOSER)?.text).toBe('');
    expect(page.acts).toEqual([{ do: 'say', as: 'U0ANA', channel: 'C0SHOP', text: 'hello' }]);
    resolve({ ok: false, error: 'is_archived' });
    await settled(() =>
      expect(page.ui.sending.get(COMPOSER)).toMatchObject({ stage: 'failed', sentence: 'This channel is archived.' }),
    );
    expect(page.ui.drafts.get(COMPOSER)?.text).toBe('hello ');
  });

  it('keeps what has been typed meanwhile', async () => {
    const page = await open();
    const resolve = page.hold();
    page.intents.draft(COMPOSER, typed('first'));
    page.intents.say('C0SHOP');
    page.intents.draft(COMPOSER, typed('second'));
    resolve({ ok: false, error: 'is_archived' });
    await settled(() => expect(page.ui.sending.get(COMPOSER)?.stage).toBe('failed'));
    expect(page.ui.drafts.get(COMPOSER)?.text).toBe('second');
  });

  it('leaves a command that nobody answered to Slackbot', async () => {
    const page = await open();
    page.answerWith({ ok: false, error: 'operation_timeout' });
    page.intents.draft(COMPOSER, typed('/incident start'));
    page.intents.say('C0SHOP');
    await settled(() => expect(page.ui.drafts.get(COMPOSER)?.text).toBe('/incident start'));
    expect(page.ui.sending.has(COMPOSER)).toBe(false);
  });

  it('with nothing in the box does nothing', async () => {
    const page = await open();
    page.intents.draft(COMPOSER, typed('  '));
    page.intents.say('C0SHOP');
    expect(page.acts).toEqual([]);
  });
});

describe('what is new', () => {
  const fresh = message({ ts: '1767621700.000100', user: 'U0BOT', text: 'Checkout is *down*, <@U0ANA>' });

  it('in the open channel is said aloud; what oneself or another member sees for the first time is not', async () => {
    const page = await open();
    page.workspace.state = state({
      channels: [channel({ messages: [fresh, message({ ts: '1767621701.000100', user: 'U0ANA' })] })],
    });
    await page.refresh();
    expect(page.said).toEqual(['Firebreak: Checkout is down, @ana']);
    page.intents.actAs('U0BEN');
    await settled(() => expect(page.said.slice(1)).toEqual(['You are now Ben Okafor.']));
  });

  it('is an invitation, which stays until it is followed', async () => {
    const page = await open();
    page.workspace.state = state({ channels: [channel(), channel({ id: 'C1', name: 'inc-0042' })] });
    await page.refresh();
    expect(page.ui.toasts).toMatchObject([{ text: 'You were added to #inc-0042', channel: 'C1' }]);
    page.intents.openMain({ kind: 'channel', id: 'C1' });
    expect(page.ui.toasts).toEqual([]);
  });

  it.each([
    [true, [{ do: 'read', as: 'U0ANA', channel: 'C0SHOP' }]],
    [false, []],
  ])('is marked as read only before open eyes: window visible %j', async (visible, acts) => {
    const page = await open();
    page.workspace.visible = visible;
    page.workspace.state = state({ channels: [channel({ messages: [fresh], unread: true })] });
    await page.refresh();
    expect(page.acts).toEqual(acts);
  });
});

describe('an address of this workspace', () => {
  const reply = message({ ts: '1767621700.000100', threadTs: '1767621600.000100' });
  const link = 'http://127.0.0.1:3999/archives/C0SHOP/p1767621700000100';

  it('leads to the message, in its thread if it is a reply', async () => {
    const page = await open({ channels: [channel({ messages: [message(), reply] })] });
    expect(page.intents.follow(link)).toBe(true);
    expect(page.ui.side).toEqual({ kind: 'thread', channel: 'C0SHOP', ts: '1767621600.000100' });
    expect(page.ui.highlight).toBe('1767621700.000100');
  });

  it.each(['https://a.example/archives/C0SHOP/p1767621700000100', 'http://127.0.0.1:3999/files/F1/x', 'nonsense'])(
    'is not %s',
    async (url) => {
      expect((await open()).intents.follow(url)).toBe(false);
    },
  );
});

it('becomes another member in one step, wherever the page is', async () => {
  const page = await open();
  page.intents.actAs('U0BEN');
  await settled(() => expect(page.drawn()?.state.as).toBe('U0BEN'));
  page.intents.press(PLACE, PAYLOAD);
  await settled(() => expect(page.acts).toMatchObject([{ do: 'block-action', as: 'U0BEN' }]));
});
