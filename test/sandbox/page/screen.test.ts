/** The parts of the screen around the blocks. */
import { describe, expect, it } from 'vitest';
import { type Draft, type Draw, messagePlace, type Ui } from '../../../sandbox/slack/page/app/draw.ts';
import { messageNodes } from '../../../sandbox/slack/page/app/message-list.ts';
import { screenNode } from '../../../sandbox/slack/page/app/screen.ts';
import { mentionsIn, titleOf } from '../../../sandbox/slack/page/app/sidebar.ts';
import { accept, suggestionsFor } from '../../../sandbox/slack/page/app/suggest.ts';
import { findAll } from '../../../sandbox/slack/page/app/vdom.ts';
import type { PageMessage } from '../../../sandbox/slack/page-api.ts';
import { attr, byTag, channel, controls, drawing, fire, message, named, nameOf, state, textOf, tree } from './kit.ts';

const at = (seconds: number, overrides: Partial<PageMessage> = {}) =>
  message({ ts: `${1767621600 + seconds}.000100`, ...overrides });
const listed = (...messages: readonly PageMessage[]) => {
  const { draw, asked } = drawing();
  return { node: tree(messageNodes(messages, channel({ messages }), 'channel', draw)), asked };
};

describe('the list of messages', () => {
  it.each([
    ['one person in a row is named once', [at(0), at(60)], ['Ben Okafor']],
    ['another person is named', [at(0), at(60, { user: 'U0ANA' })], ['Ben Okafor', 'Ana Ruiz']],
    ['after a pause one is named again', [at(0), at(600)], ['Ben Okafor', 'Ben Okafor']],
    ['a message with blocks has its own head', [at(0), at(1, { blocks: [{ type: 'divider' }] })], ['Ben Okafor', 'Ben Okafor']],
  ])('%s', (_, messages, authors) => {
    const heads = findAll(listed(...messages).node, (each) => each.props.class === 'message-author');
    expect(heads.map(textOf)).toEqual(authors);
  });

  it('is cut by days, named as people name them', () => {
    const { node } = listed(at(-86_400), at(0));
    expect(byTag(node, 'h3').map(textOf)).toEqual(['Yesterday', 'Today']);
  });

  it('has one stop for Tab; arrow keys reach the rest', () => {
    expect(byTag(listed(at(0), at(1), at(2)).node, 'article').map((each) => attr(each, 'tabindex'))).toEqual([-1, -1, 0]);
  });

  it('tells what only oneself sees, what is pinned, edited and answered', () => {
    expect(textOf(listed(at(0, { ephemeral: true })).node)).toContain('Only visible to you');
    expect(textOf(listed(at(0, { pinned: true })).node)).toContain('Pinned');
    expect(textOf(listed(at(0, { edited: true })).node)).toContain('(edited)');
    const { node, asked } = listed(at(0, { replyCount: 1 }), at(60, { threadTs: at(0).ts, user: 'U0ANA' }));
    fire(controls(node).find((each) => textOf(each).includes('1 reply'))!, 'click');
    expect(asked).toEqual([['openSide', { kind: 'thread', channel: 'C0SHOP', ts: at(0).ts }]]);
  });

  it('offers no reaction to a message that is not kept', () => {
    expect(controls(listed(at(0, { ephemeral: true })).node)).toEqual([]);
  });

  it('writes down what Slack did as a quiet line with its doer', () => {
    expect(textOf(listed(at(0, { subtype: 'channel_topic', text: 'set the channel topic: <@U0ANA>' })).node)).toContain(
      'Ben Okafor set the channel topic: @ana',
    );
    expect(textOf(listed(at(0, { subtype: 'channel_join', text: '<@U0BEN> has joined' })).node)).not.toContain('Ben Okafor');
  });

  it('names a reaction with those who gave it, and says whether one is oneself', () => {
    const { node, asked } = listed(at(0, { reactions: [{ name: 'eyes', users: ['U0ANA', 'U0BEN'] }] }));
    const reaction = named(node, 'eyes, 2: Ana Ruiz, Ben Okafor');
    expect(attr(reaction, 'aria-pressed')).toBe('true');
    fire(reaction, 'click');
    expect(asked).toEqual([['react', 'C0SHOP', at(0).ts, 'eyes']]);
  });

  it('shows files by name, and pictures among them', () => {
    const { node } = listed(
      at(0, {
        files: [
          { id: 'F1', name: 'Map', url: '/files/F1/map.png' },
          { id: 'F2', name: 'Log', url: '/files/F2/log.txt' },
        ],
      }),
    );
    expect(byTag(node, 'a').map((each) => [attr(each, 'href'), textOf(each), byTag(each, 'img').length])).toEqual([
      ['/files/F1/map.png', 'Map', 1],
      ['/files/F2/log.txt', 'Log', 0],
    ]);
  });
});

describe('a redraw', () => {
  const message1 = at(0);
  const { surface } = messagePlace('C0SHOP', message1.ts);
  const { draw } = drawing();
  const drawn = (ui: Partial<Ui>, more: Partial<Draw> = {}) =>
    messageNodes([message1], channel(), 'channel', { ...draw, ...more, ui: { ...draw.ui, ...ui } }).at(-1);
  const draft = { text: 'a', caret: 1, at: 0, dismissed: false };

  it.each<[string, Partial<Ui>, Partial<Draw>, boolean]>([
    ['while one types', { drafts: new Map([['C0SHOP/', draft]]) }, {}, true],
    ['when a control elsewhere is pressed', { presses: new Map([['message:C0SHOP:1.0|b|x', { stage: 'sent' }]]) }, {}, true],
    ['when one of its controls is pressed', { presses: new Map([[`${surface}|b|x`, { stage: 'sent' }]]) }, {}, false],
    ['when something in it is chosen', { values: { [surface]: {} } }, {}, false],
    ['when its menu opens', { menu: `react:channel:C0SHOP:${message1.ts}` }, {}, false],
    ['when a link leads to it', { highlight: message1.ts }, {}, false],
    ['when the workspace has changed', {}, { state: state() }, false],
    ['when time goes on', {}, { nowSeconds: draw.nowSeconds + 10 }, false],
  ])('%s', (_, ui, more, isKept) => {
    const before = drawn({});
    expect(drawn(ui, more) === before).toBe(isKept);
  });
});

describe('the sidebar', () => {
  const unread = (text: string, overrides = {}) =>
    channel({ id: 'C1', name: 'inc-0042', unread: true, messages: [at(0, { text, user: 'U0BOT' })], ...overrides });

  it.each([
    ['a mention', unread('<@U0ANA> look'), 1],
    ['a call to all', unread('<!here> look'), 1],
    [
      'a mention in a block',
      unread('', { messages: [at(0, { blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '<@U0ANA>' } } as never] })] }),
      1,
    ],
    ['talk', unread('hello'), 0],
    ['what was read', unread('<@U0ANA>', { unread: false }), 0],
    ['a direct message', unread('hello', { isIm: true }), 1],
  ])('counts %s', (_, each, count) => expect(mentionsIn(each, drawing().draw)).toBe(count));

  it('puts the mentions and the member into the title of the window', () => {
    expect(titleOf(drawing({ state: { channels: [channel(), unread('<@U0ANA>')] } }).draw)).toBe('(1) #shop · ana');
  });

  it('marks an unread channel by word, and members as persons one can be', () => {
    const { draw, asked } = drawing({ state: { channels: [channel(), unread('<@U0ANA>')] } });
    const [nav] = byTag(screenNode(draw), 'nav');
    expect(named(nav!, 'inc-0042, unread1 mention').tag).toBe('button');
    expect(attr(named(nav!, 'Ana Ruiz, you'), 'aria-pressed')).toBe('true');
    fire(named(nav!, 'Act as Ben Okafor'), 'click');
    expect(asked).toEqual([['actAs', 'U0BEN']]);
  });
});

describe('the whole screen', () => {
  const everything = () =>
    drawing({
      state: {
        channels: [
          channel({
            topic: 'SEV2',
            bookmarks: [{ id: 'B', title: 'Runbook', link: 'https://a.example' }],
            canvas: { id: 'F', title: '', url: '/files/F/canvas.md' },
            messages: [at(0, { pinned: true })],
          }),
          channel({ id: 'C2', name: 'other', members: [] }),
          channel({ id: 'C3', name: 'old', archived: true }),
        ],
        notices: [{ id: 'N1', channel: 'C0SHOP', text: '/incident failed with the error "operation_timeout"' }],
        shortcuts: [{ callbackId: 'declare', name: 'Declare', type: 'global' }],
        views: [
          {
            id: 'V1',
            view: {
              type: 'modal',
              title: { type: 'plain_text', text: 'Title' },
              submit: { type: 'plain_text', text: 'Start' },
              blocks: [],
            },
            errors: { '*': 'Trouble' },
            busy: false,
          } as never,
        ],
      },
      ui: { side: { kind: 'members', channel: 'C0SHOP' }, toasts: [{ id: '1', text: 'Added', channel: 'C2' }], online: false },
    });

  it('names every control', () => {
    const unnamed = controls(screenNode(everything().draw)).filter((each) => nameOf(each) === '');
    expect(unnamed).toEqual([]);
  });

  it('explains an error that Slackbot reports', () => {
    expect(textOf(screenNode(everything().draw))).toContain('The app did not answer within 3 seconds.');
  });

  it('says that the line is broken, and what troubles a modal', () => {
    const alerts = findAll(screenNode(everything().draw), (each) => attr(each, 'role') === 'alert').map(textOf);
    expect(alerts).toEqual(['The workspace does not answer. Trying again…', '⚠ Trouble']);
  });

  it('shows only the top of a stack of modals', () => {
    const view = (id: string) =>
      ({ id, view: { type: 'modal', title: { type: 'plain_text', text: id }, blocks: [] }, errors: {}, busy: false }) as never;
    const dialogs = byTag(screenNode(drawing({ state: { views: [view('first'), view('second')] } }).draw), 'dialog');
    expect(dialogs.map((dialog) => textOf(byTag(dialog, 'h2')[0]!))).toEqual(['second']);
    expect(named(dialogs[0]!, 'Back').tag).toBe('button');
  });

  it.each([
    [{ members: [] }, 'Join channel'],
    [{ archived: true }, undefined],
  ])('offers no box to write in where one may not: %j', (overrides, button) => {
    const node = screenNode(drawing({ state: { channels: [channel(overrides)] } }).draw);
    expect(byTag(node, 'textarea')).toEqual([]);
    if (button) expect(named(node, button).tag).toBe('button');
  });
});

describe('suggestions', () => {
  const draft = (text: string, overrides: Partial<Draft> = {}): Draft => ({
    text,
    caret: text.length,
    at: 0,
    dismissed: false,
    ...overrides,
  });
  const inserts = (text: string, overrides: Partial<Draft> = {}, inThread = false) =>
    suggestionsFor(
      draft(text, overrides),
      state({ channels: [channel(), channel({ id: 'C9', name: 'old', archived: true })] }),
      inThread,
    ).items.map(({ insert }) => insert);

  it.each([
    ['/', ['/incident']],
    ['/in', ['/incident']],
    ['/x', []],
    ['tell @b', ['@ben']],
    ['@oka', ['@ben']],
    ['mail a@b', []],
    ['in #', ['#shop']],
  ])('for %j', (text, expected) => expect(inserts(text)).toEqual(expected));

  it('end when the command stands there: then its use is shown', () => {
    expect(suggestionsFor(draft('/incident sta'), state(), false)).toEqual({
      from: 0,
      items: [],
      usage: '/incident start sev2 what is broken',
    });
  });

  it('offer no commands in a thread, where Slack takes none', () => expect(inserts('/in', {}, true)).toEqual([]));
  it('stay away once dismissed', () => expect(inserts('@b', { dismissed: true })).toEqual([]));

  it('complete the word and keep the rest', () => {
    const before = draft('tell @b about it', { caret: 7 });
    const suggestions = suggestionsFor(before, state(), false);
    expect(accept(before, suggestions, suggestions.items[0]!)).toMatchObject({ text: 'tell @ben about it', caret: 10 });
  });
});
