/** Block elements and composition objects as one table. https://docs.slack.dev/reference/block-kit/block-elements */
import { ID_CHARACTERS_MAX, MESSAGE_TEXT_CHARACTERS_MAX } from '../limits.ts';
import {
  anything,
  atLeastOne,
  both,
  byType,
  exactlyOne,
  fields,
  flag,
  initialAmongOptions,
  list,
  matching,
  oneOf,
  type Rule,
  text,
  whole,
} from './rules.ts';

export const id = text(ID_CHARACTERS_MAX);
const URL_CHARACTERS_MAX = 3000;
export const link = both(text(URL_CHARACTERS_MAX), matching(/^(https?:\/\/|mailto:|slack:\/\/|tel:)/, 'must be a valid URL'));

export const plainText = (maxCharacters: number): Rule =>
  fields({ type: oneOf('plain_text'), text: text(maxCharacters), 'emoji?': flag });
export const mrkdwn = (maxCharacters: number): Rule =>
  fields({ type: oneOf('mrkdwn'), text: text(maxCharacters), 'verbatim?': flag });
export const anyText = (maxCharacters: number): Rule =>
  byType({ plain_text: plainText(maxCharacters), mrkdwn: mrkdwn(maxCharacters) });

const confirm = fields({
  title: plainText(100),
  text: anyText(300),
  confirm: plainText(30),
  deny: plainText(30),
  'style?': oneOf('primary', 'danger'),
});
const style = oneOf('primary', 'danger');
const placeholder = plainText(150);
const option = fields({
  text: anyText(75),
  value: text(150),
  'description?': anyText(75),
  'url?': link,
});
const OPTIONS_MAX = 100;
const options = list(1, OPTIONS_MAX, option);
const optionGroups = list(1, OPTIONS_MAX, fields({ label: plainText(75), options }));
const choice = { 'action_id?': id, 'confirm?': confirm, 'focus_on_load?': flag };
const dispatch = fields({
  'trigger_actions_on?': list(1, 2, oneOf('on_enter_pressed', 'on_character_entered')),
});
const picker = { ...choice, 'placeholder?': placeholder };
const typed = {
  'action_id?': id,
  'placeholder?': placeholder,
  'focus_on_load?': flag,
  'dispatch_action_config?': dispatch,
};
const filter = fields({
  'include?': list(1, 4, oneOf('im', 'mpim', 'private', 'public')),
  'exclude_external_shared_channels?': flag,
  'exclude_bot_users?': flag,
});

const select = (type: string, extra: Readonly<Record<string, Rule>> = {}, also?: Rule): Rule =>
  fields({ type: oneOf(type), ...picker, ...extra }, also);
const several = { 'max_selected_items?': whole(1, OPTIONS_MAX) };
const ids = list(0, OPTIONS_MAX, id);
const staticOptions = { 'options?': options, 'option_groups?': optionGroups };
const staticRules = both(exactlyOne('options', 'option_groups'), initialAmongOptions);
const clock = matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 22:25');
const day = matching(/^\d{4}-\d{2}-\d{2}$/, 'must be a date such as 2026-01-05');

export const image = fields(
  {
    type: oneOf('image'),
    alt_text: text(2000),
    'image_url?': link,
    'slack_file?': fields({ 'id?': id, 'url?': link }),
  },
  exactlyOne('image_url', 'slack_file'),
);
const button = fields({
  type: oneOf('button'),
  text: plainText(75),
  'action_id?': id,
  'url?': link,
  'value?': text(2000),
  'style?': style,
  'confirm?': confirm,
  'accessibility_label?': text(75),
});

const BUTTONS = {
  button,
  workflow_button: fields({ type: anything, text: plainText(75), 'action_id?': id, workflow: anything, 'style?': style }),
};
const CHOICES = {
  checkboxes: fields(
    { type: anything, ...choice, options: list(1, 10, option), 'initial_options?': list(1, 10, option) },
    initialAmongOptions,
  ),
  radio_buttons: fields(
    { type: anything, ...choice, options: list(1, 10, option), 'initial_option?': option },
    initialAmongOptions,
  ),
  datepicker: select('datepicker', { 'initial_date?': day }),
  timepicker: select('timepicker', { 'initial_time?': clock, 'timezone?': text(100) }),
  datetimepicker: fields({ type: anything, ...choice, 'initial_date_time?': whole(1_000_000_000, 9_999_999_999) }),
  static_select: select('static_select', { ...staticOptions, 'initial_option?': option }, staticRules),
  external_select: select('external_select', { 'initial_option?': option, 'min_query_length?': whole(0, 100) }),
  users_select: select('users_select', { 'initial_user?': id }),
  conversations_select: select('conversations_select', {
    'initial_conversation?': id,
    'default_to_current_conversation?': flag,
    'response_url_enabled?': flag,
    'filter?': filter,
  }),
  channels_select: select('channels_select', { 'initial_channel?': id, 'response_url_enabled?': flag }),
  multi_static_select: select(
    'multi_static_select',
    { ...staticOptions, ...several, 'initial_options?': list(1, OPTIONS_MAX, option) },
    staticRules,
  ),
  multi_external_select: select('multi_external_select', {
    ...several,
    'initial_options?': list(1, OPTIONS_MAX, option),
    'min_query_length?': whole(0, 100),
  }),
  multi_users_select: select('multi_users_select', { ...several, 'initial_users?': ids }),
  multi_conversations_select: select('multi_conversations_select', {
    ...several,
    'initial_conversations?': ids,
    'default_to_current_conversation?': flag,
    'filter?': filter,
  }),
  multi_channels_select: select('multi_channels_select', { ...several, 'initial_channels?': ids }),
};
const OVERFLOW = {
  overflow: fields({ type: anything, 'action_id?': id, options: list(1, 5, option), 'confirm?': confirm }),
};
const TYPED = {
  plain_text_input: fields({
    type: anything,
    ...typed,
    'initial_value?': text(3000, 0),
    'multiline?': flag,
    'min_length?': whole(0, 3000),
    'max_length?': whole(1, 3000),
  }),
  email_text_input: fields({ type: anything, ...typed, 'initial_value?': text(3000) }),
  url_text_input: fields({ type: anything, ...typed, 'initial_value?': text(3000) }),
  number_input: fields({
    type: anything,
    ...typed,
    is_decimal_allowed: flag,
    'initial_value?': text(100),
    'min_value?': text(100),
    'max_value?': text(100),
  }),
  rich_text_input: fields({ type: anything, ...typed, 'initial_value?': anything, 'max_lines?': whole(1, 100) }),
  file_input: fields({ type: anything, 'action_id?': id, 'filetypes?': list(1, 100, text(20)), 'max_files?': whole(1, 10) }),
};

/** Which element may stand in which block: https://docs.slack.dev/reference/block-kit/block-elements */
export const sectionAccessory = byType({ ...BUTTONS, ...CHOICES, ...OVERFLOW, image });
export const actionsElement = byType({ ...BUTTONS, ...CHOICES, ...OVERFLOW, rich_text_input: TYPED.rich_text_input });
export const inputElement = byType({ ...CHOICES, ...TYPED });
export const cardButton = byType({ button });
export const contextActionsElement = byType({
  feedback_buttons: fields({ type: anything, 'action_id?': id, positive_button: anything, negative_button: anything }),
  icon_button: fields({
    type: anything,
    icon: oneOf('trash'),
    text: plainText(75),
    'action_id?': id,
    'value?': text(2000),
    'confirm?': confirm,
    'accessibility_label?': text(75),
    'visible_to_user_ids?': ids,
  }),
});

const richLeaf: Rule = fields(
  {
    type: oneOf('text', 'link', 'user', 'usergroup', 'channel', 'broadcast', 'emoji', 'date', 'color', 'team'),
    'text?': text(MESSAGE_TEXT_CHARACTERS_MAX),
    'url?': text(URL_CHARACTERS_MAX),
    'style?': anything,
    'user_id?': id,
    'usergroup_id?': id,
    'channel_id?': id,
    'team_id?': id,
    'range?': oneOf('here', 'channel', 'everyone'),
    'name?': id,
    'unicode?': id,
    'skin_tone?': anything,
    'timestamp?': anything,
    'format?': id,
    'fallback?': text(URL_CHARACTERS_MAX),
    'value?': id,
    'unsafe?': flag,
  },
  atLeastOne('text', 'url', 'user_id', 'usergroup_id', 'channel_id', 'team_id', 'range', 'name', 'timestamp', 'value'),
);

const richLeaves = list(0, 1000, richLeaf);
const richSection = fields({ type: oneOf('rich_text_section'), elements: richLeaves });
export const richTextElement = byType({
  rich_text_section: richSection,
  rich_text_list: fields({
    type: anything,
    style: oneOf('bullet', 'ordered'),
    elements: list(1, 1000, richSection),
    'indent?': whole(0, 8),
    'offset?': whole(0, 10_000),
    'border?': whole(0, 1),
  }),
  rich_text_quote: fields({ type: anything, elements: richLeaves, 'border?': whole(0, 1) }),
  rich_text_preformatted: fields({ type: anything, elements: richLeaves, 'border?': whole(0, 1), 'language?': id }),
});
export const urlSource = fields({ type: oneOf('url'), url: link, text: text(URL_CHARACTERS_MAX) });
