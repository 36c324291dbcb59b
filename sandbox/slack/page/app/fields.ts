/** Elements in which a person types or ticks: native controls, so that every keyboard and screen reader knows them. */
import type { PlainTextElement, RichTextBlock } from '@slack/types';
import { chooser, currentValue, type Element } from './choices.ts';
import { actionIdOf, type Control, enter, press } from './control.ts';
import type { Draw } from './draw.ts';
import { inlineNodes, plainNodesOf, textNodes } from './inline.ts';
import { parsePlain } from './mrkdwn.ts';
import { h, textOf, type VElement } from './vdom.ts';

const INPUT_TYPES: Readonly<Record<string, string>> = {
  email_text_input: 'email',
  url_text_input: 'url',
  datepicker: 'date',
  timepicker: 'time',
  datetimepicker: 'datetime-local',
};

const placeholderOf = (element: Element): string => (element['placeholder'] as PlainTextElement | undefined)?.text ?? '';

const nameOf = ({ field, context, element }: Control) => ({
  id: field?.id,
  'aria-label': field
    ? undefined
    : [context, placeholderOf(element)].filter(Boolean).join(': ') || element.type.replaceAll('_', ' '),
  'aria-describedby': field?.describedBy,
  'aria-invalid': field?.invalid ? 'true' : undefined,
});

const focusOnLoad = ({ element }: Control) => (element['focus_on_load'] === true ? { autofocus: true } : {});
const keyOf = ({ blockId, element }: Control): string => `${blockId}/${actionIdOf(element)}`;
const inputValue = (event: Event): string => (event.target as HTMLInputElement).value;

export function textField(control: Control, draw: Draw): VElement {
  const { element, place, blockId } = control;
  const isRich = element.type === 'rich_text_input';
  const isMultiline = element['multiline'] === true || isRich;
  const field = isRich ? 'rich_text_value' : 'value';
  const entry = (text: string) => ({ type: element.type, [field]: isRich ? richText(text) : text });
  const keep = (text: string): void => draw.intents.change(place, blockId, actionIdOf(element), entry(text));
  const asked = (element['dispatch_action_config'] as { trigger_actions_on?: string[] } | undefined)?.trigger_actions_on;
  const everyCharacter = control.dispatch && asked?.includes('on_character_entered') === true;
  const onEnter = control.dispatch && (asked ?? ['on_enter_pressed']).includes('on_enter_pressed');
  const input = (event: Event): void => {
    keep(inputValue(event));
    if (everyCharacter) press(control, entry(inputValue(event)), draw);
  };
  const keydown = (event: Event): void => {
    const { key, shiftKey, isComposing } = event as KeyboardEvent;
    if (key !== 'Enter' || shiftKey || isComposing || !onEnter) return;
    event.preventDefault();
    press(control, entry(inputValue(event)), draw);
  };
  const value = currentValue(draw, place, blockId, element, field, 'initial_value');
  return h(isMultiline ? 'textarea.input' : 'input.input', {
    key: keyOf(control),
    attrs: {
      ...nameOf(control),
      ...(isMultiline ? { rows: 3 } : { type: INPUT_TYPES[element.type] ?? 'text' }),
      ...(element.type === 'number_input' ? { inputmode: element['is_decimal_allowed'] === true ? 'decimal' : 'numeric' } : {}),
      placeholder: placeholderOf(element),
      autocomplete: 'off',
      ...focusOnLoad(control),
    },
    once: { value: typeof value === 'string' ? value : plainOfRich(value) },
    on: { input, keydown },
  });
}

const richText = (text: string): RichTextBlock | null =>
  text === '' ? null : { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }] };

const plainOfRich = (value: unknown): string => {
  const elements = (value as RichTextBlock | null | undefined)?.elements ?? [];
  const leaves = elements.flatMap((part) => part.elements as readonly { readonly text?: string }[]);
  return leaves.map((leaf) => leaf.text ?? '').join('');
};

/** `datetimepicker` counts seconds since the epoch; the browser's control knows local times without a zone. */
const localMoment = (seconds: number): string => {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

export function timeField(control: Control, draw: Draw): VElement {
  const { element, place, blockId } = control;
  const noun = { datepicker: 'date', timepicker: 'time', datetimepicker: 'date_time' }[element.type]!;
  const value = currentValue(draw, place, blockId, element, `selected_${noun}`, `initial_${noun}`);
  const change = (event: Event): void => {
    const text = inputValue(event);
    const chosen = noun === 'date_time' && text !== '' ? Math.floor(new Date(text).getTime() / 1000) : text || null;
    enter(control, { type: element.type, [`selected_${noun}`]: chosen }, draw);
  };
  return h('input.input.input-time', {
    key: keyOf(control),
    attrs: { ...nameOf(control), type: INPUT_TYPES[element.type], ...focusOnLoad(control) },
    once: { value: typeof value === 'number' ? localMoment(value) : ((value as string | null | undefined) ?? '') },
    on: { change },
  });
}

export function nativeSelect(control: Control, draw: Draw): VElement {
  const { choices, chosen, entry } = chooser(draw, control.place, control.blockId, control.element);
  const text = (label: unknown): string => textOf(h('span', {}, plainNodesOf(label as PlainTextElement, draw)));
  const option = (choice: (typeof choices)[number]): VElement =>
    h('option', { attrs: { value: choice.value } }, [text(choice.label), choice.hint && ` – ${text(choice.hint)}`]);
  const groups = [...new Set(choices.map(({ group }) => group))];
  const isExternal = control.element.type === 'external_select';
  return h(
    'select.input',
    {
      key: keyOf(control),
      attrs: { ...nameOf(control), ...focusOnLoad(control) },
      once: { value: [...chosen][0] ?? '' },
      on: { change: (event) => enter(control, entry([inputValue(event)]), draw) },
    },
    h(
      'option',
      { attrs: { value: '' } },
      isExternal ? 'No options: the sandbox does not ask apps for them' : placeholderOf(control.element) || 'Choose an option',
    ),
    groups.map((group) => {
      const members = choices.filter((choice) => choice.group === group).map(option);
      return group === undefined ? members : h('optgroup', { attrs: { label: group } }, members);
    }),
  );
}

/** Checkboxes, radio buttons, and every select of several: one list that shows what there is. */
export function checkList(control: Control, draw: Draw): VElement {
  const { element, field, context } = control;
  const { choices, chosen, entry } = chooser(draw, control.place, control.blockId, element);
  const isRadio = element.type === 'radio_buttons';
  const group = `${control.place.surface}/${keyOf(control)}`;
  const change =
    (value: string) =>
    (event: Event): void => {
      const { checked } = event.target as HTMLInputElement;
      const others = isRadio ? [] : [...chosen].filter((each) => each !== value);
      enter(control, entry(checked ? [...others, value] : others), draw);
    };
  return h(
    'div.check-list',
    {
      key: keyOf(control),
      class: element.type.startsWith('multi_') ? 'boxed' : undefined,
      attrs: {
        role: isRadio ? 'radiogroup' : 'group',
        id: field?.id,
        'aria-labelledby': field?.labelId,
        'aria-label': field ? undefined : context || 'Choices',
        'aria-describedby': field?.describedBy,
      },
    },
    choices.map((choice) =>
      h(
        'label.check',
        { key: choice.value },
        h('input', {
          attrs: { type: isRadio ? 'radio' : 'checkbox', name: group, 'aria-invalid': field?.invalid ? 'true' : undefined },
          once: { checked: chosen.has(choice.value) },
          on: { change: change(choice.value) },
        }),
        h(
          'span.check-text',
          {},
          choice.label.type === 'mrkdwn' ? textNodes(choice.label, draw) : inlineNodes(parsePlain(choice.label.text), draw),
          choice.hint && h('span.check-hint', {}, plainNodesOf(choice.hint, draw)),
        ),
      ),
    ),
  );
}
