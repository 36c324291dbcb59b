/** What Slack says of blocks and views before it takes them, and what it fills in when it does. */
import type { View } from '@slack/types';
import {
  ID_CHARACTERS_MAX,
  MESSAGE_BLOCKS_CHARACTERS_MAX,
  MESSAGE_BLOCKS_MAX,
  PRIVATE_METADATA_CHARACTERS_MAX,
  VIEW_BLOCKS_MAX,
  VIEW_TITLE_CHARACTERS_MAX,
} from '../limits.ts';
import type { AnyBlock } from '../model.ts';
import { anyBlock } from './blocks.ts';
import { plainText } from './elements.ts';
import { both, byType, characters, fields, flag, list, oneOf, type Report, type Rule, text } from './rules.ts';

type Bag = Readonly<Record<string, unknown>>;
type Element = { readonly type?: unknown; action_id?: unknown };

/** The interactive elements of one block, wherever Slack lets them stand. */
export const elementsOf = (block: Bag): readonly Element[] => {
  const children = Array.isArray(block['child_blocks']) ? (block['child_blocks'] as Bag[]).flatMap(elementsOf) : [];
  return [block['elements'], block['accessory'], block['element'], block['actions']]
    .flat()
    .filter((each): each is Element => typeof each === 'object' && each !== null)
    .concat(children);
};

const uniqueIds: Rule = (value, pointer, report) => {
  if (!Array.isArray(value)) return;
  const blockIds = new Set<unknown>();
  for (const [index, block] of (value as (Bag | null)[]).entries()) {
    if (typeof block !== 'object' || block === null) continue;
    const blockId = block['block_id'];
    if (blockId !== undefined && blockIds.has(blockId))
      report(`\`block_id\` ${JSON.stringify(blockId)} already exists`, `${pointer}/${index}/block_id`);
    blockIds.add(blockId);
    const actionIds = new Set<unknown>();
    for (const [at, { action_id }] of elementsOf(block).entries()) {
      if (action_id !== undefined && actionIds.has(action_id))
        report(
          `\`action_id\` ${JSON.stringify(action_id)} already exists for block_id ${JSON.stringify(blockId)}`,
          `${pointer}/${index}/elements/${at}/action_id`,
        );
      actionIds.add(action_id);
    }
  }
};

const messageBlocks = both(list(0, MESSAGE_BLOCKS_MAX, anyBlock), uniqueIds);
const viewBlocks = both(list(1, VIEW_BLOCKS_MAX, anyBlock), uniqueIds);

const inputNeedsSubmit: Rule = (value, pointer, report) => {
  const { blocks, submit } = value as { blocks?: unknown; submit?: unknown };
  if (submit !== undefined || !Array.isArray(blocks)) return;
  for (const [index, block] of (blocks as Bag[]).entries())
    if (block?.['type'] === 'input')
      report('must define `submit` to use an `input` block in modals', `${pointer}/blocks/${index}/input`);
};
const viewFields = {
  type: oneOf('modal', 'home'),
  blocks: viewBlocks,
  'private_metadata?': text(PRIVATE_METADATA_CHARACTERS_MAX, 0),
  'callback_id?': text(ID_CHARACTERS_MAX, 0),
  'external_id?': text(ID_CHARACTERS_MAX, 0),
};
const view = byType({
  modal: fields(
    {
      ...viewFields,
      title: plainText(VIEW_TITLE_CHARACTERS_MAX),
      'close?': plainText(VIEW_TITLE_CHARACTERS_MAX),
      'submit?': plainText(VIEW_TITLE_CHARACTERS_MAX),
      'clear_on_close?': flag,
      'notify_on_close?': flag,
      'submit_disabled?': flag,
    },
    inputNeedsSubmit,
  ),
  home: fields(viewFields),
});

const complaintsOf = (rule: Rule, value: unknown, pointer: string): readonly string[] => {
  const complaints: string[] = [];
  const report: Report = (complaint, at) => complaints.push(`${complaint} [json-pointer:${at}]`);
  rule(value, pointer, report);
  return complaints;
};

/** Empty when Slack would take these blocks as a message's. */
export const messageBlockComplaints = (blocks: unknown): readonly string[] => complaintsOf(messageBlocks, blocks, '/blocks');
/** Empty when Slack would take this view. */
export const viewComplaints = (value: unknown): readonly string[] => complaintsOf(view, value, '/view');

const charactersIn = (value: unknown): number => {
  if (typeof value === 'string') return characters(value);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, each) => sum + charactersIn(each), 0);
};
export const blocksTooLong = (blocks: readonly AnyBlock[]): boolean => charactersIn(blocks) > MESSAGE_BLOCKS_CHARACTERS_MAX;

/** Slack gives every block and every element an id; what the app named keeps its name. */
export const withIds = (blocks: readonly AnyBlock[], newId: () => string): readonly AnyBlock[] =>
  blocks.map((block) => {
    const named = structuredClone(block);
    named.block_id ??= newId();
    for (const element of elementsOf({ ...named })) if (isInteractive(element)) element.action_id ??= newId();
    return named;
  });

const PASSIVE_TYPES: ReadonlySet<unknown> = new Set(['image', 'plain_text', 'mrkdwn']);
const isInteractive = ({ type }: Element): boolean =>
  !PASSIVE_TYPES.has(type) && !String(type).startsWith('rich_text_') && type !== 'card';

export const viewWithIds = (value: View, newId: () => string): View =>
  ({ ...value, blocks: withIds(value.blocks, newId) }) as View;
