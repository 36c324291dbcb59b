/** The interactive elements: https://docs.slack.dev/reference/block-kit/block-elements */
import type { Button, Overflow, PlainTextElement } from '@slack/types';
import { chooser, isChoice } from './choices.ts';
import { actionIdOf, type Control, enter, isBusy, press } from './control.ts';
import { type Draw, pressKey } from './draw.ts';
import { checkList, nativeSelect, textField, timeField } from './fields.ts';
import { icon } from './icons.ts';
import { inlineNodes, plainNodesOf } from './inline.ts';
import { menuButton } from './menu.ts';
import { isSafeUrl, parsePlain } from './mrkdwn.ts';
import { type Child, h, textOf, type VElement } from './vdom.ts';

const plainString = (text: PlainTextElement | undefined): string =>
  text
    ? parsePlain(text.text)
        .map((node) => ('text' in node ? node.text : ' '))
        .join('')
        .trim()
    : '';

const spinner = (): VElement => h('span.spinner', { attrs: { 'aria-hidden': 'true' } });

function buttonNode(control: Control, draw: Draw): VElement {
  const button = control.element as unknown as Button;
  const busy = isBusy(control, draw);
  const isLink = button.url !== undefined && isSafeUrl(button.url);
  const click = (event: Event): void => {
    if (isLink && draw.intents.follow(button.url!)) event.preventDefault();
    if (!busy) press(control, { type: 'button', value: button.value }, draw);
  };
  return h(
    isLink ? 'a.button' : 'button.button',
    {
      key: actionIdOf(control.element),
      class: button.style ?? undefined,
      attrs: {
        ...(isLink ? { href: button.url, target: '_blank', rel: 'noreferrer noopener' } : { type: 'button' }),
        'aria-label': button.accessibility_label,
        'aria-busy': busy ? 'true' : undefined,
        'aria-disabled': busy ? 'true' : undefined,
      },
      on: { click },
    },
    busy && spinner(),
    h('span', {}, plainNodesOf(button.text, draw)),
    busy && h('span.visually-hidden', {}, ', sent'),
    isLink && h('span.visually-hidden', {}, ' (opens in a new tab)'),
  );
}

function overflowNode(control: Control, draw: Draw): VElement {
  const overflow = control.element as unknown as Overflow;
  const busy = isBusy(control, draw);
  return menuButton(
    {
      id: `overflow:${pressKey(control.place, control.blockId, actionIdOf(control.element))}`,
      label: control.context ? `More actions: ${control.context}` : 'More actions',
      face: busy ? spinner() : icon('more'),
      class: 'button overflow',
      busy,
      items: overflow.options.map((option, index) => ({
        key: `${index}`,
        label: inlineNodes(parsePlain(option.text.text), draw),
        hint: option.description && plainNodesOf(option.description as PlainTextElement, draw),
        choose: () => press(control, { type: 'overflow', selected_option: option }, draw),
      })),
    },
    draw,
  );
}

/** A select that acts at once is a menu: in a native one each arrow key would already choose. */
function selectMenu(control: Control, draw: Draw): VElement {
  const { choices, chosen, entry } = chooser(draw, control.place, control.blockId, control.element);
  const current = choices.find(({ value }) => chosen.has(value));
  const placeholder = plainString(control.element['placeholder'] as PlainTextElement | undefined) || 'Choose';
  const label = [
    control.context,
    placeholder,
    current && textOf(h('span', {}, plainNodesOf(current.label as PlainTextElement, draw))),
  ];
  const busy = isBusy(control, draw);
  return menuButton(
    {
      id: `select:${pressKey(control.place, control.blockId, actionIdOf(control.element))}`,
      label: label.filter(Boolean).join(': '),
      face: [
        busy && spinner(),
        h('span.select-face', {}, current ? plainNodesOf(current.label as PlainTextElement, draw) : placeholder),
        h('span.chevron', { attrs: { 'aria-hidden': 'true' } }),
      ],
      class: 'button select',
      busy,
      describedBy: control.field?.describedBy,
      items: choices.map((choice, index) => ({
        key: `${index}`,
        label: plainNodesOf(choice.label as PlainTextElement, draw),
        hint: choice.hint && plainNodesOf(choice.hint as PlainTextElement, draw),
        chosen: chosen.has(choice.value),
        group: choice.group !== choices[index - 1]?.group ? choice.group : undefined,
        choose: () => enter(control, entry([choice.value]), draw),
      })),
    },
    draw,
  );
}

const SINGLE_SELECTS: ReadonlySet<string> = new Set([
  'static_select',
  'external_select',
  'users_select',
  'channels_select',
  'conversations_select',
]);
const TIMES: ReadonlySet<string> = new Set(['datepicker', 'timepicker', 'datetimepicker']);
const TYPED: ReadonlySet<string> = new Set([
  'plain_text_input',
  'email_text_input',
  'url_text_input',
  'number_input',
  'rich_text_input',
]);

export function controlNode(control: Control, draw: Draw): Child {
  const { type } = control.element;
  if (type === 'button') return buttonNode(control, draw);
  if (type === 'overflow') return overflowNode(control, draw);
  if (SINGLE_SELECTS.has(type)) return control.dispatch ? selectMenu(control, draw) : nativeSelect(control, draw);
  if (isChoice(type)) return checkList(control, draw);
  if (TIMES.has(type)) return timeField(control, draw);
  if (TYPED.has(type)) return textField(control, draw);
  return h('span.unknown', {}, `This page cannot show the element “${type}”.`);
}
