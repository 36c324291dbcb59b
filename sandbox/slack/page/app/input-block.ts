/** One `input` block: label, element, hint, and the error that the app or the form found. */
import type { InputBlock } from '@slack/types';
import type { Element } from './choices.ts';
import { actionIdOf } from './control.ts';
import { controlNode } from './controls.ts';
import type { Draw, Place } from './draw.ts';
import { plainNodesOf } from './inline.ts';
import { type Child, h } from './vdom.ts';

/** Lists are labelled groups; a `label` element can only name one control. */
const GROUPED = /^(?:checkboxes|radio_buttons|multi_)/;

const errorOf = (draw: Draw, place: Place, blockId: string): string | undefined =>
  draw.state.views.find(({ id }) => id === place.viewId)?.errors[blockId];

export function inputNode(block: InputBlock, place: Place, draw: Draw): Child {
  const blockId = block.block_id ?? '';
  const element = block.element as unknown as Element;
  const id = `field:${place.surface}:${blockId}:${actionIdOf(element)}`;
  const error = errorOf(draw, place, blockId);
  const described = [block.hint && `${id}:hint`, error !== undefined && `${id}:error`].filter(Boolean).join(' ');
  const field = { id, labelId: `${id}:label`, describedBy: described || undefined, invalid: error !== undefined };
  const isGroup = GROUPED.test(element.type);
  const dispatch = block.dispatch_action === true;
  const context = block.label.text;
  return [
    h(
      isGroup ? 'div.field-label' : 'label.field-label',
      { attrs: { id: field.labelId, ...(isGroup ? {} : { for: id }) } },
      plainNodesOf(block.label, draw),
      block.optional === true && h('span.optional', {}, ' (optional)'),
    ),
    controlNode({ element, place, blockId, field, dispatch, context }, draw),
    block.hint && h('p.field-hint', { attrs: { id: `${id}:hint` } }, plainNodesOf(block.hint, draw)),
    error !== undefined &&
      h(
        'p.field-error',
        { attrs: { id: `${id}:error` } },
        h('span', { attrs: { 'aria-hidden': 'true' } }, '⚠ '),
        h('span.visually-hidden', {}, 'Error: '),
        error,
      ),
  ];
}
