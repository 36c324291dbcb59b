/** Block Kit as people meet it: what is read, what can be pressed, and what the app is told. */
import type { KnownBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { type AnyBlock, blockKeys, blockNodes } from '../../../sandbox/slack/page/app/blocks.ts';
import type { Place, Ui } from '../../../sandbox/slack/page/app/draw.ts';
import { pressKey } from '../../../sandbox/slack/page/app/draw.ts';
import { findAll } from '../../../sandbox/slack/page/app/vdom.ts';
import type { PageState } from '../../../sandbox/slack/page-api.ts';
import { attr, byTag, controls, drawing, fire, named, nameOf, PLACE, textOf, tree } from './kit.ts';

const plain = (text: string) => ({ type: 'plain_text', text }) as const;
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text }) as const;
const options = ['pass', 'fail'].map((value) => ({ text: plain(value), value }));
const rich = (text: string) =>
  ({
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text, style: { bold: true } }] }],
  }) as const;

const render = (block: unknown, overrides: { state?: Partial<PageState>; ui?: Partial<Ui> } = {}, place: Place = PLACE) => {
  const { draw, asked } = drawing(overrides);
  return { node: tree(blockNodes([block as AnyBlock], place, draw)), asked };
};
const actions = (...elements: readonly object[]) => ({ type: 'actions', block_id: 'b', elements });
const button = (extra: object = {}) => ({ type: 'button', action_id: 'run', text: plain('Run'), value: 'i-0a1', ...extra });

const SAMPLES: Readonly<Record<KnownBlock['type'], { readonly block: object; readonly says: readonly string[] }>> = {
  section: { block: { text: mrkdwn('*Found* one'), fields: [mrkdwn('a'), plain('b')] }, says: ['Found one', 'a', 'b'] },
  header: { block: { text: plain('SEV2 :fire:') }, says: ['SEV2'] },
  divider: { block: {}, says: [] },
  context: {
    block: { elements: [mrkdwn('by <@U0BEN>'), { type: 'image', image_url: 'http://127.0.0.1:1/x.png', alt_text: 'logo' }] },
    says: ['by @ben'],
  },
  context_actions: {
    block: { elements: [{ type: 'icon_button', icon: 'trash', text: plain('Delete'), action_id: 'x' }] },
    says: ['Delete'],
  },
  actions: { block: { elements: [button()] }, says: ['Run'] },
  image: { block: { image_url: 'http://127.0.0.1:1/map.png', alt_text: 'map', title: plain('The map') }, says: ['The map'] },
  input: {
    block: { label: plain('What'), element: { type: 'plain_text_input', action_id: 'x' }, hint: plain('Briefly') },
    says: ['What', 'Briefly'],
  },
  rich_text: { block: { elements: rich('bold words').elements }, says: ['bold words'] },
  markdown: { block: { text: '## Title' }, says: ['Title'] },
  alert: { block: { level: 'warning', text: mrkdwn('Careful') }, says: ['Warning: ', 'Careful'] },
  table: { block: { rows: [[{ type: 'raw_text', text: 'Check' }], [rich('DNS')]] }, says: ['Check', 'DNS'] },
  data_table: {
    block: { caption: 'Runs', rows: [[{ type: 'raw_text', text: 'n' }], [{ type: 'raw_number', value: 7 }]] },
    says: ['Runs', '7'],
  },
  plan: {
    block: { title: 'Fix', tasks: [{ type: 'task_card', task_id: '1', title: 'Detach', status: 'in_progress' }] },
    says: ['Fix', '0 of 1 done', 'Detach', 'running'],
  },
  task_card: {
    block: { task_id: '1', title: 'Detach', status: 'error', output: rich('no such group') },
    says: ['Detach', 'failed', 'no such group'],
  },
  card: { block: { title: mrkdwn('A card'), body: mrkdwn('body'), actions: [button()] }, says: ['A card', 'body', 'Run'] },
  carousel: { block: { elements: [{ type: 'card', title: mrkdwn('One') }] }, says: ['One'] },
  container: {
    block: { title: plain('More'), is_collapsible: true, child_blocks: [{ type: 'section', text: plain('inside') }] },
    says: ['More', 'inside'],
  },
  file: { block: { source: 'remote', external_id: 'ABC' }, says: ['ABC'] },
  video: {
    block: { title: plain('Film'), video_url: 'https://v.example', thumbnail_url: 'https://v.example/t', alt_text: 'a film' },
    says: ['Film', 'a film'],
  },
};

describe('every kind of block', () => {
  it.each(Object.entries(SAMPLES))('%s says what it has to say, and names its controls', (type, { block, says }) => {
    const { node } = render({ type, block_id: 'b', ...block });
    const text = textOf(node);
    for (const words of says) expect(text).toContain(words);
    expect(text).not.toContain('cannot show');
    for (const control of controls(node)) expect(nameOf(control) || attr(control, 'id')).toBeTruthy();
  });

  it('that nobody knows is said, not hidden', () => {
    expect(textOf(render({ type: 'hologram' }).node)).toBe('This page cannot show the block “hologram”.');
    expect(textOf(render(actions({ type: 'dial', action_id: 'x' })).node)).toBe('This page cannot show the element “dial”.');
  });
});

describe('a button', () => {
  it('tells the app which one was pressed', () => {
    const { node, asked } = render(actions(button()));
    fire(named(node, 'Run'), 'click');
    expect(asked).toEqual([['press', PLACE, { type: 'button', value: 'i-0a1', block_id: 'b', action_id: 'run' }, undefined]]);
  });

  it('hands its question over with the press', () => {
    const confirm = { title: plain('Sure?'), text: mrkdwn('Really'), confirm: plain('Yes'), deny: plain('No') };
    const { node, asked } = render(actions(button({ confirm })));
    fire(named(node, 'Run'), 'click');
    expect(asked[0]?.[3]).toBe(confirm);
  });

  it('says that it has been sent, and takes no second press until the answer', () => {
    const presses = new Map([[pressKey(PLACE, 'b', 'run'), { stage: 'sent' } as const]]);
    const { node, asked } = render(actions(button()), { ui: { presses } });
    const sent = named(node, 'Run, sent');
    fire(sent, 'click');
    expect([attr(sent, 'aria-busy'), attr(sent, 'disabled'), asked]).toEqual(['true', undefined, []]);
  });

  it.each([
    [{ stage: 'slow' } as const, 'Sent. Waiting for the app to answer…'],
    [
      { stage: 'failed', sentence: 'The app did not answer within 3 seconds.' } as const,
      'The app did not answer within 3 seconds.',
    ],
  ])('that is %j says so under its row', (press, sentence) => {
    const { node } = render(actions(button()), { ui: { presses: new Map([[pressKey(PLACE, 'b', 'run'), press]]) } });
    expect(byTag(node, 'p').map(textOf)).toEqual([sentence]);
  });

  it('with an address is a link, unless the address is not one to follow', () => {
    expect(attr(named(render(actions(button({ url: 'https://a.example' }))).node, 'Run (opens in a new tab)'), 'href')).toBe(
      'https://a.example',
    );
    expect(named(render(actions(button({ url: 'javascript:alert(1)' }))).node, 'Run').tag).toBe('button');
  });

  it('may be called otherwise than it looks', () => {
    expect(named(render(actions(button({ accessibility_label: 'Run DNS' }))).node, 'Run DNS').tag).toBe('button');
  });
});

describe('a select in a message', () => {
  const select = { type: 'static_select', action_id: 'mark', placeholder: plain('Mark'), options };
  const section = { type: 'section', block_id: 'b', text: mrkdwn('*DNS* not run\nsecond line'), accessory: select };
  const id = `select:${pressKey(PLACE, 'b', 'mark')}`;

  it('is a menu called after its row, so that the keyboard can look before it chooses', () => {
    const { node, asked } = render(section);
    fire(named(node, 'DNS not run: Mark'), 'click');
    expect(asked).toEqual([['openMenu', id]]);
  });

  it('tells the app of the choice', () => {
    const { node, asked } = render(section, { ui: { menu: id } });
    fire(named(node, 'fail'), 'click');
    expect(asked).toEqual([
      ['openMenu', undefined],
      ['press', PLACE, { type: 'static_select', selected_option: options[1], block_id: 'b', action_id: 'mark' }, undefined],
    ]);
  });

  it('shows what was chosen, by name and by mark', () => {
    const values = { [PLACE.surface]: { b: { mark: { selected_option: options[0] } } } };
    const { node } = render(section, { ui: { menu: id, values } });
    expect(nameOf(controls(node)[0]!)).toBe('DNS not run: Mark: pass');
    expect(controls(node).map((each) => attr(each, 'aria-checked'))).toEqual([undefined, 'true', 'false']);
  });

  it('of members offers the members', () => {
    const users = { type: 'users_select', action_id: 'who', placeholder: plain('Assign') };
    const { node, asked } = render(actions(users), { ui: { menu: `select:${pressKey(PLACE, 'b', 'who')}` } });
    fire(named(node, 'Ben Okafor@ben'), 'click');
    expect(asked[1]?.[2]).toEqual({ type: 'users_select', selected_user: 'U0BEN', block_id: 'b', action_id: 'who' });
  });

  it('and an overflow menu do the same', () => {
    const overflow = { type: 'overflow', action_id: 'more', options };
    const { node, asked } = render(actions(overflow), { ui: { menu: `overflow:${pressKey(PLACE, 'b', 'more')}` } });
    fire(named(node, 'pass'), 'click');
    expect(asked[1]?.[2]).toEqual({ type: 'overflow', selected_option: options[0], block_id: 'b', action_id: 'more' });
  });
});

describe('a field of a modal', () => {
  const place: Place = { surface: 'view:V1', viewId: 'V1' };
  const input = (element: object, extra: object = {}) => ({
    type: 'input',
    block_id: 'b',
    label: plain('What'),
    element: { action_id: 'x', ...element },
    ...extra,
  });
  const change = (type: string, entry: object) => ['change', place, 'b', 'x', { type, ...entry }];

  it.each([
    ['plain_text_input', {}, 'input', { value: 'down' }, { value: 'down' }],
    ['plain_text_input', { multiline: true }, 'input', { value: 'a\nb' }, { value: 'a\nb' }],
    ['number_input', { is_decimal_allowed: false }, 'input', { value: '3' }, { value: '3' }],
    ['email_text_input', {}, 'input', { value: 'a@b.example' }, { value: 'a@b.example' }],
    ['datepicker', {}, 'change', { value: '2026-01-05' }, { selected_date: '2026-01-05' }],
    ['timepicker', {}, 'change', { value: '14:02' }, { selected_time: '14:02' }],
    ['static_select', { options }, 'change', { value: 'fail' }, { selected_option: options[1] }],
    [
      'static_select',
      { option_groups: [{ label: plain('g'), options }] },
      'change',
      { value: 'pass' },
      { selected_option: options[0] },
    ],
    ['static_select', { options }, 'change', { value: '' }, { selected_option: null }],
    ['users_select', {}, 'change', { value: 'U0BEN' }, { selected_user: 'U0BEN' }],
    ['conversations_select', {}, 'change', { value: 'C0SHOP' }, { selected_conversation: 'C0SHOP' }],
    ['radio_buttons', { options }, 'change', { checked: true }, { selected_option: options[0] }],
    ['checkboxes', { options, initial_options: [options[1]] }, 'change', { checked: true }, { selected_options: options }],
    ['multi_users_select', {}, 'change', { checked: true }, { selected_users: ['U0ANA'] }],
    ['multi_static_select', { options, initial_options: [options[0]] }, 'change', { checked: false }, { selected_options: [] }],
  ])('%s %j keeps what was typed or chosen', (type, element, event, target, entry) => {
    const { node, asked } = render(input({ type, ...element }), {}, place);
    fire(controls(node)[0]!, event, { target });
    expect(asked).toEqual([change(type, entry)]);
  });

  it('has its label, its hint and its error tied to it', () => {
    const view = {
      id: 'V1',
      view: { type: 'modal', title: plain('t'), blocks: [] },
      errors: { b: 'Too short.' },
      busy: false,
    } as const;
    const { node } = render(
      input({ type: 'plain_text_input' }, { hint: plain('Briefly') }),
      { state: { views: [view as never] } },
      place,
    );
    const [field] = controls(node);
    const ids = new Map(findAll(node, (each) => attr(each, 'id') !== undefined).map((each) => [attr(each, 'id'), textOf(each)]));
    expect(attr(byTag(node, 'label')[0], 'for')).toBe(attr(field, 'id'));
    expect(
      String(attr(field, 'aria-describedby'))
        .split(' ')
        .map((id) => ids.get(id)),
    ).toEqual(['Briefly', '⚠ Error: Too short.']);
    expect(attr(field, 'aria-invalid')).toBe('true');
  });

  it('that is a list is a group under its label', () => {
    const { node } = render(input({ type: 'checkboxes', options }), {}, place);
    const [group] = findAll(node, (each) => attr(each, 'role') === 'group');
    const [label] = findAll(node, (each) => attr(each, 'id') === attr(group, 'aria-labelledby'));
    expect(textOf(label!)).toBe('What');
  });

  it('tells the app at once when the app asked for that', () => {
    const { node, asked } = render(input({ type: 'plain_text_input' }, { dispatch_action: true }), {}, place);
    fire(controls(node)[0]!, 'keydown', { key: 'Enter', target: { value: 'down' } });
    expect(asked).toEqual([
      ['press', place, { type: 'plain_text_input', value: 'down', block_id: 'b', action_id: 'x' }, undefined],
    ]);
  });
});

describe('a picture', () => {
  const image = (image_url: string) => render({ type: 'image', block_id: 'b', image_url, alt_text: 'the map' }).node;

  it('from this machine is shown', () => {
    expect(attr(byTag(image('http://127.0.0.1:3999/files/F1/map.png'), 'img')[0], 'alt')).toBe('the map');
  });

  it('from elsewhere is described and linked, so that nobody there learns who looks', () => {
    const node = image('https://tracker.example/1.png');
    expect([byTag(node, 'img').length, textOf(node), attr(byTag(node, 'a')[0], 'href')]).toEqual([
      0,
      '[Picture: the map]',
      'https://tracker.example/1.png',
    ]);
  });

  it('that was uploaded is found by its id', () => {
    const node = render({ type: 'image', block_id: 'b', slack_file: { id: 'F1' }, alt_text: 'x' }).node;
    expect(attr(byTag(node, 'img')[0], 'src')).toBe('/files/F1/picture');
  });
});

it('knows a row of buttons again in an edited message, whatever has come above it', () => {
  const row = (id: string, ...names: string[]) => ({
    type: 'actions',
    block_id: id,
    elements: names.map((action_id) => ({ type: 'button', action_id })),
  });
  const text = (id: string) => ({ type: 'section', block_id: id });
  const before = [text('a'), row('b', 'take.scribe'), row('c', 'run', 'menu')];
  const after = [text('d'), text('e'), row('f', 'fix', 'run', 'menu')];
  expect(blockKeys(before)).toEqual(['section#0', 'actions:take.scribe#0', 'actions:menu#0']);
  expect(blockKeys(after)).toEqual(['section#0', 'section#1', 'actions:menu#0']);
  expect(blockKeys([row('g', 'run'), row('h', 'run')])).toEqual(['actions:run#0', 'actions:run#1']);
  expect(blockKeys([{ type: 'input', block_id: 'title' }])).toEqual(['title']);
});
