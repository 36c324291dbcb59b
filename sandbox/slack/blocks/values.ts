/** What people typed and chose: `state.values` as Slack sends it, and the checks Slack's client makes before it sends anything. */
import type { AnyBlock } from '../model.ts';
import type { ViewValues } from '../page-api.ts';
import { characters } from './rules.ts';
import { elementsOf } from './validate.ts';

type Bag = Readonly<Record<string, unknown>>;
type Kind = { readonly value: string; readonly initial: string; readonly empty: null | readonly never[] };

const typed: Kind = { value: 'value', initial: 'initial_value', empty: null };
const several = (noun: string): Kind => ({ value: `selected_${noun}`, initial: `initial_${noun}`, empty: [] });
const single = (noun: string): Kind => ({ value: `selected_${noun}`, initial: `initial_${noun}`, empty: null });

/** Elements that hold a value, and under which name: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
const STATEFUL: Readonly<Record<string, Kind>> = {
  channels_select: single('channel'),
  checkboxes: several('options'),
  conversations_select: single('conversation'),
  datepicker: single('date'),
  datetimepicker: single('date_time'),
  email_text_input: typed,
  external_select: single('option'),
  file_input: { value: 'files', initial: 'initial_files', empty: [] },
  multi_channels_select: several('channels'),
  multi_conversations_select: several('conversations'),
  multi_external_select: several('options'),
  multi_static_select: several('options'),
  multi_users_select: several('users'),
  number_input: typed,
  plain_text_input: typed,
  radio_buttons: single('option'),
  rich_text_input: { value: 'rich_text_value', initial: 'initial_value', empty: null },
  static_select: single('option'),
  timepicker: single('time'),
  url_text_input: typed,
  users_select: single('user'),
};

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

type Stateful = { readonly block: Bag & { readonly block_id: string }; readonly element: Bag; readonly kind: Kind };

const statefulIn = (blocks: readonly AnyBlock[]): readonly Stateful[] =>
  blocks.flatMap((block) =>
    elementsOf({ ...block }).flatMap((element) => {
      const kind = STATEFUL[String(element.type)];
      return kind === undefined ? [] : [{ block: { ...block, block_id: block.block_id ?? '' }, element: { ...element }, kind }];
    }),
  );

/** Every element that holds a value has its entry, as the person left it or as it was at first. */
export const completeValues = (blocks: readonly AnyBlock[], given: ViewValues): ViewValues => {
  const values: Record<string, Record<string, Record<string, unknown>>> = {};
  for (const { block, element, kind } of statefulIn(blocks)) {
    const actionId = String(element['action_id']);
    const entry = given[block.block_id]?.[actionId];
    const value = entry === undefined ? element[kind.initial] : entry[kind.value];
    values[block.block_id] ??= {};
    Object.assign(values[block.block_id] ?? {}, {
      [actionId]: { type: element['type'], [kind.value]: isEmpty(value) ? kind.empty : value },
    });
  }
  return values;
};

/** block_id → what is wrong, in words for the one who typed. Empty when the form may be sent. */
export const inputErrors = (blocks: readonly AnyBlock[], values: ViewValues): Readonly<Record<string, string>> => {
  const errors: Record<string, string> = {};
  for (const { block, element, kind } of statefulIn(blocks)) {
    if (block['type'] !== 'input') continue;
    const value = values[block.block_id]?.[String(element['action_id'])]?.[kind.value];
    const error = isEmpty(value)
      ? block['optional'] === true
        ? undefined
        : 'This field is required.'
      : valueError(element, value);
    if (error !== undefined) errors[block.block_id] = error;
  }
  return errors;
};

const valueError = (element: Bag, value: unknown): string | undefined => {
  if (typeof value !== 'string') return undefined;
  const { min_length: min, max_length: max } = element as { min_length?: number; max_length?: number };
  if (min !== undefined && characters(value) < min) return `Enter at least ${min} characters.`;
  if (max !== undefined && characters(value) > max) return `Enter no more than ${max} characters.`;
  switch (element['type']) {
    case 'number_input':
      return numberError(element, value);
    case 'email_text_input':
      return /^\S+@\S+\.\S+$/.test(value) ? undefined : 'Enter a valid email address.';
    case 'url_text_input':
      return URL.canParse(value) ? undefined : 'Enter a valid URL.';
    default:
      return undefined;
  }
};

const numberError = (element: Bag, value: string): string | undefined => {
  const number = Number(value);
  if (!Number.isFinite(number)) return 'Enter a number.';
  if (element['is_decimal_allowed'] !== true && !Number.isInteger(number)) return 'Enter a whole number.';
  if (element['min_value'] !== undefined && number < Number(element['min_value']))
    return `Enter a number no less than ${String(element['min_value'])}.`;
  if (element['max_value'] !== undefined && number > Number(element['max_value']))
    return `Enter a number no greater than ${String(element['max_value'])}.`;
  return undefined;
};

/**
 * The action as Slack sends it, from what the page says was clicked or chosen. A button's value and the options are
 * taken from the blocks, never from the page. Undefined when no such element is there.
 */
export const actionPayload = (blocks: readonly AnyBlock[], given: Bag, actionTs: string): Bag | undefined => {
  const found = blocks
    .flatMap((block) => elementsOf({ ...block }).map((element) => ({ block, element: { ...element } as Bag })))
    .filter(
      ({ block, element }) =>
        element['action_id'] === given['action_id'] &&
        (given['block_id'] === undefined || block.block_id === given['block_id']) &&
        // The same button may stand in several blocks; whoever names no block names the value.
        (given['block_id'] !== undefined || given['value'] === undefined || element['value'] === given['value']),
    );
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) return undefined;
  const { block, element } = only;
  const base = { type: element['type'], action_id: element['action_id'], block_id: block.block_id, action_ts: actionTs };
  const kind = STATEFUL[String(element['type'])];
  if (kind === undefined && element['type'] !== 'overflow')
    return { ...base, text: element['text'], ...pick(element, ['value', 'style', 'url', 'confirm']) };
  const name = kind?.value ?? 'selected_option';
  const chosen = chosenFrom(element, given[name]);
  return chosen === undefined ? undefined : { ...base, [name]: chosen, ...pick(element, ['placeholder', 'confirm']) };
};

const pick = (from: Bag, names: readonly string[]): Bag =>
  Object.fromEntries(names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]));

/** With fixed options, the option of that value; undefined when there is none. Else what was given. */
const chosenFrom = (element: Bag, given: unknown): unknown => {
  const options = optionsOf(element);
  if (options === undefined || given === null) return given ?? null;
  const find = (option: unknown): Bag | undefined =>
    options.find((each) => each['value'] === (option as Bag | undefined)?.['value']);
  if (!Array.isArray(given)) return find(given);
  const all = given.map(find);
  return all.includes(undefined) ? undefined : all;
};

const optionsOf = (element: Bag): readonly Bag[] | undefined => {
  const groups = element['option_groups'] as readonly { readonly options: readonly Bag[] }[] | undefined;
  return (element['options'] as readonly Bag[] | undefined) ?? groups?.flatMap((group) => group.options);
};
