/** Selects of every kind as lists of choices, and what is chosen now: the same for menus, native selects and check lists. */
import type { Option, PlainTextElement } from '@slack/types';
import { type Draw, type Entry, isMember, type Place } from './draw.ts';

/** An element as the page needs it: a plain bag, told apart by `type`. */
export type Element = Readonly<Record<string, unknown>> & { readonly type: string; readonly action_id?: string };
export type Choice = {
  readonly value: string;
  readonly label: PlainTextElement | Option['text'];
  readonly hint?: Option['description'];
  readonly group?: string;
  readonly raw: unknown;
};

/** Element type → the entry's field, the element's field with the first value, and what may be chosen. */
type Source = {
  readonly field: string;
  readonly initial: string;
  readonly choices: (element: Element, draw: Draw) => readonly Choice[];
};

const plain = (text: string): PlainTextElement => ({ type: 'plain_text', text, emoji: false });

const options = (element: Element): readonly Choice[] => {
  const groups = element['option_groups'] as readonly { label: PlainTextElement; options: readonly Option[] }[] | undefined;
  const toChoice = (option: Option, group?: string): Choice => ({
    value: option.value ?? '',
    label: option.text,
    raw: option,
    ...(option.description && { hint: option.description }),
    ...(group !== undefined && { group }),
  });
  const ungrouped = (element['options'] ?? []) as readonly Option[];
  return groups
    ? groups.flatMap((group) => group.options.map((option) => toChoice(option, group.label.text)))
    : ungrouped.map((option) => toChoice(option));
};
const users = (_: Element, { state }: Draw): readonly Choice[] =>
  state.users.map(({ id, realName, name, isBot }) => ({
    value: id,
    label: plain(realName),
    hint: plain(`@${name}${isBot ? ' · app' : ''}${id === state.as ? ' · you' : ''}`),
    raw: id,
  }));
const channels = (_: Element, draw: Draw): readonly Choice[] =>
  draw.state.channels
    .filter((channel) => !channel.isIm && !channel.archived && isMember(draw, channel))
    .map(({ id, name }) => ({ value: id, label: plain(`#${name}`), raw: id }));
/** No app is asked for options here: https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload */
const none = (element: Element): readonly Choice[] => {
  const initial = [element['initial_option'] ?? element['initial_options'] ?? []].flat() as Option[];
  return initial.map((option) => ({ value: option.value ?? '', label: option.text, raw: option }));
};

const SOURCES: Readonly<Record<string, Source>> = {
  static_select: { field: 'selected_option', initial: 'initial_option', choices: options },
  external_select: { field: 'selected_option', initial: 'initial_option', choices: none },
  radio_buttons: { field: 'selected_option', initial: 'initial_option', choices: options },
  users_select: { field: 'selected_user', initial: 'initial_user', choices: users },
  channels_select: { field: 'selected_channel', initial: 'initial_channel', choices: channels },
  conversations_select: { field: 'selected_conversation', initial: 'initial_conversation', choices: channels },
  multi_static_select: { field: 'selected_options', initial: 'initial_options', choices: options },
  multi_external_select: { field: 'selected_options', initial: 'initial_options', choices: none },
  checkboxes: { field: 'selected_options', initial: 'initial_options', choices: options },
  multi_users_select: { field: 'selected_users', initial: 'initial_users', choices: users },
  multi_channels_select: { field: 'selected_channels', initial: 'initial_channels', choices: channels },
  multi_conversations_select: { field: 'selected_conversations', initial: 'initial_conversations', choices: channels },
};

export const isChoice = (type: string): boolean => type in SOURCES;

const entryOf = (draw: Draw, place: Place, blockId: string, element: Element): Entry | undefined =>
  draw.ui.values[place.surface]?.[blockId]?.[element.action_id ?? ''];

/** What the person left in the element, else what the app put there; null when it was emptied. */
export const currentValue = (
  draw: Draw,
  place: Place,
  blockId: string,
  element: Element,
  field: string,
  initial: string,
): unknown => {
  const entry = entryOf(draw, place, blockId, element);
  return entry && field in entry ? entry[field] : element[initial];
};

const valueName = (raw: unknown): string => (typeof raw === 'string' ? raw : ((raw as Option | null)?.value ?? ''));

export type Chooser = {
  readonly choices: readonly Choice[];
  readonly chosen: ReadonlySet<string>;
  /** The element's entry, once exactly these are chosen. */
  readonly entry: (values: readonly string[]) => Entry;
};

export function chooser(draw: Draw, place: Place, blockId: string, element: Element): Chooser {
  const source = SOURCES[element.type]!;
  const isMany = Array.isArray(emptyOf(element.type));
  const now = currentValue(draw, place, blockId, element, source.field, source.initial);
  const chosen = new Set([now ?? []].flat().map(valueName));
  const choices = source.choices(element, draw);
  const entry = (values: readonly string[]): Entry => {
    const raws = choices.filter(({ value }) => values.includes(value)).map(({ raw }) => raw);
    return { type: element.type, [source.field]: isMany ? raws : (raws[0] ?? null) };
  };
  return { choices, chosen, entry };
}

const emptyOf = (type: string): null | readonly never[] => (type === 'checkboxes' || type.startsWith('multi_') ? [] : null);
