/** Slack's limits as a table: on the left what is sent, on the right what Slack says of it, pointer included. */
import { describe, expect, it } from 'vitest';
import { blocksTooLong, messageBlockComplaints, viewComplaints } from '../../../sandbox/slack/blocks/validate.ts';
import { slackError, startWorkspace } from './kit.ts';

const x = (length: number): string => 'x'.repeat(length);
const plain = (text: string) => ({ type: 'plain_text', text });
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const button = (extra: object = {}) => ({ type: 'button', text: plain('Go'), action_id: 'go', ...extra });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const option = (value: string, text = 'One') => ({ text: plain(text), value });
const select = (extra: object) => actions({ type: 'static_select', action_id: 'pick', ...extra });
const times = <Item>(count: number, item: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => item(index));
const input = (element: object = { type: 'plain_text_input', action_id: 'text' }) => ({
  type: 'input',
  label: plain('L'),
  element,
});
const modal = (extra: object = {}) => ({ type: 'modal', title: plain('T'), blocks: [section('s')], ...extra });

describe('blocks that Slack takes', () => {
  it.each<[string, object[]]>([
    ['none', []],
    ['50 blocks', times(50, () => ({ type: 'divider' }))],
    ['a section of 3000 characters, emoji counted as one', [section('🔥'.repeat(3000))]],
    ['a label of 75, a value of 2000', [actions(button({ text: plain(x(75)), value: x(2000) }))]],
    ['25 buttons', [actions(...times(25, (index) => button({ action_id: `a${index}` })))]],
    ['100 options', [select({ options: times(100, (index) => option(String(index))) })]],
    ['a header of 150', [{ type: 'header', text: plain(x(150)) }]],
    ['the same action in two blocks', [actions(button()), actions(button())]],
    [
      'an initial option among the options',
      [select({ options: [option('1')], initial_option: { value: '1', text: plain('One') } })],
    ],
    [
      'a plan with task cards',
      [{ type: 'plan', title: 'Fix', tasks: [{ type: 'task_card', task_id: '1', title: 'Detach', status: 'in_progress' }] }],
    ],
    ['a table', [{ type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] }]],
    ['rich text', [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'hi' }] }] }]],
  ])('%s', (_, blocks) => {
    expect(messageBlockComplaints(blocks)).toEqual([]);
  });
});

describe('blocks that Slack refuses', () => {
  it.each<[string, unknown, string]>([
    ['51 blocks', times(51, () => ({ type: 'divider' })), 'no more than 50 items allowed [json-pointer:/blocks]'],
    ['a long section', [section(x(3001))], 'must be less than 3001 characters [json-pointer:/blocks/0/text/text]'],
    ['an empty section', [section('')], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
    ['a section of nothing', [{ type: 'section' }], 'must define one of: text, fields [json-pointer:/blocks/0]'],
    [
      'eleven fields',
      [{ type: 'section', fields: times(11, () => plain('f')) }],
      'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
    ],
    [
      'a long field',
      [{ type: 'section', fields: [plain(x(2001))] }],
      'must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]',
    ],
    ['an unknown block', [{ type: 'marquee' }], 'unsupported type: marquee [json-pointer:/blocks/0/type]'],
    ['a block named like a method', [{ type: 'toString' }], 'unsupported type: toString [json-pointer:/blocks/0/type]'],
    ['an unknown field', [{ type: 'divider', text: 'x' }], 'invalid additional property: text [json-pointer:/blocks/0]'],
    [
      'a long label',
      [actions(button({ text: plain(x(76)) }))],
      'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
    ],
    [
      'a label in mrkdwn',
      [actions(button({ text: { type: 'mrkdwn', text: 'x' } }))],
      'must be one of: plain_text [json-pointer:/blocks/0/elements/0/text/type]',
    ],
    [
      'a long action id',
      [actions(button({ action_id: x(256) }))],
      'must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]',
    ],
    [
      'a long value',
      [actions(button({ value: x(2001) }))],
      'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
    ],
    [
      'an unknown style',
      [actions(button({ style: 'warning' }))],
      'must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]',
    ],
    [
      'a long header',
      [{ type: 'header', text: plain(x(151)) }],
      'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
    ],
    ['no buttons', [actions()], 'must provide at least 1 items [json-pointer:/blocks/0/elements]'],
    [
      '26 buttons',
      [actions(...times(26, (index) => button({ action_id: `a${index}` })))],
      'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
    ],
    [
      'eleven context elements',
      [{ type: 'context', elements: times(11, () => plain('c')) }],
      'no more than 10 items allowed [json-pointer:/blocks/0/elements]',
    ],
    [
      '101 options',
      [select({ options: times(101, (index) => option(String(index))) })],
      'no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]',
    ],
    ['no options', [select({})], 'must provide exactly one of: options, option_groups [json-pointer:/blocks/0/elements/0]'],
    [
      'a long option',
      [select({ options: [option('1', x(76))] })],
      'must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]',
    ],
    [
      'an initial option from elsewhere',
      [select({ options: [option('1')], initial_option: option('2') })],
      'must match one of the options [json-pointer:/blocks/0/elements/0/initial_option]',
    ],
    [
      'a long confirmation',
      [actions(button({ confirm: { title: plain('t'), text: plain(x(301)), confirm: plain('y'), deny: plain('n') } }))],
      'must be less than 301 characters [json-pointer:/blocks/0/elements/0/confirm/text/text]',
    ],
    [
      'an action twice in a block',
      [{ ...actions(button(), button()), block_id: 'row' }],
      '`action_id` "go" already exists for block_id "row" [json-pointer:/blocks/0/elements/1/action_id]',
    ],
    [
      'a block id twice',
      [
        { type: 'divider', block_id: 'same' },
        { type: 'divider', block_id: 'same' },
      ],
      '`block_id` "same" already exists [json-pointer:/blocks/1/block_id]',
    ],
    [
      'a text input among actions',
      [actions({ type: 'plain_text_input', action_id: 't' })],
      'unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]',
    ],
    ['something that is no list', 'text', 'must be an array [json-pointer:/blocks]'],
  ])('%s', (_, blocks, complaint) => {
    expect(messageBlockComplaints(blocks)).toContain(complaint);
  });

  it('all together longer than a message may be', () => {
    expect(blocksTooLong(times(4, () => ({ ...section(x(3000)) })))).toBe(false);
    expect(blocksTooLong(times(5, () => ({ ...section(x(3000)) })))).toBe(true);
  });
});

describe('views', () => {
  it.each<[string, object]>([
    ['100 blocks', modal({ blocks: times(100, () => ({ type: 'divider' })) })],
    ['a title of 24', modal({ title: plain(x(24)) })],
    ['private metadata of 3000', modal({ private_metadata: x(3000) })],
    ['a Home without a title', { type: 'home', blocks: [section('s')] }],
    ['an input with a submit', modal({ submit: plain('Go'), blocks: [input()] })],
  ])('are taken with %s', (_, view) => {
    expect(viewComplaints(view)).toEqual([]);
  });

  it.each<[string, object, string]>([
    [
      '101 blocks',
      modal({ blocks: times(101, () => ({ type: 'divider' })) }),
      'no more than 100 items allowed [json-pointer:/view/blocks]',
    ],
    ['a long title', modal({ title: plain(x(25)) }), 'must be less than 25 characters [json-pointer:/view/title/text]'],
    ['no title', { type: 'modal', blocks: [section('s')] }, 'missing required field: title [json-pointer:/view]'],
    [
      'much private metadata',
      modal({ private_metadata: x(3001) }),
      'must be less than 3001 characters [json-pointer:/view/private_metadata]',
    ],
    ['a long callback id', modal({ callback_id: x(256) }), 'must be less than 256 characters [json-pointer:/view/callback_id]'],
    [
      'an input and no submit',
      modal({ blocks: [input()] }),
      'must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/0/input]',
    ],
    ['an empty list', modal({ blocks: [] }), 'must provide at least 1 items [json-pointer:/view/blocks]'],
  ])('are refused with %s', (_, view, complaint) => {
    expect(viewComplaints(view)).toContain(complaint);
  });
});

describe('what the WebClient hears', () => {
  it('is invalid_blocks with the pointers, and nothing is posted', async () => {
    const { client } = await startWorkspace();
    const post = client.chat.postMessage({ channel: 'C0INCIDENTS', text: 'x', blocks: [section(x(3001)) as never] });
    expect(await slackError(post)).toEqual({
      error: 'invalid_blocks',
      messages: ['[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]'],
    });
    const long = client.chat.postMessage({
      channel: 'C0INCIDENTS',
      text: 'x',
      blocks: times(5, () => section(x(3000)) as never),
    });
    expect((await slackError(long)).error).toBe('msg_blocks_too_long');
    expect((await client.conversations.history({ channel: 'C0INCIDENTS' })).messages).toEqual([]);
  });
});
