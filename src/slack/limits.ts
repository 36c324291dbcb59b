/**
 * Slack's limits, each with its unit, and how text is made to fit. A text that is too long is cut and says so: it is never
 * an error, since nobody can shorten a title while the shop is down.
 * https://docs.slack.dev/reference/block-kit/blocks and /reference/views
 */
export const MESSAGE_BLOCKS_MAX = 50;
export const MODAL_BLOCKS_MAX = 100;
/** All strings in the blocks of one message. Undocumented, reported: https://github.com/slackapi/bolt-js/issues/2867 */
export const MESSAGE_BLOCKS_CHARACTERS_MAX = 13_200;
/** Ours: what a notification or a screen reader is given. Slack takes 40,000. */
export const FALLBACK_CHARACTERS_MAX = 3_000;
export const SECTION_CHARACTERS_MAX = 3_000;
export const BUTTON_CHARACTERS_MAX = 75;
export const BUTTON_VALUE_CHARACTERS_MAX = 2_000;
export const OPTION_CHARACTERS_MAX = 75;
export const OPTION_VALUE_CHARACTERS_MAX = 150;
export const OPTIONS_MAX = 100;
export const CHECKBOXES_MAX = 10;
export const ACTIONS_ELEMENTS_MAX = 25;
export const MODAL_TITLE_CHARACTERS_MAX = 24;
export const METADATA_CHARACTERS_MAX = 3_000;
export const LABEL_CHARACTERS_MAX = 2_000;
export const PLACEHOLDER_CHARACTERS_MAX = 150;
export const INPUT_CHARACTERS_MAX = 3_000;
/** https://docs.slack.dev/reference/methods/conversations.create */
export const CHANNEL_NAME_CHARACTERS_MAX = 80;
/** https://docs.slack.dev/reference/methods/conversations.setTopic */
export const TOPIC_CHARACTERS_MAX = 250;

/** Slack counts characters as people do, not UTF-16 units. */
export const characters = (text: string): number => [...text].length;

/** Plain text, cut with an ellipsis. */
export const cut = (text: string, maxCharacters: number): string => {
  if (text.length <= maxCharacters) return text;
  const all = [...text];
  return all.length <= maxCharacters
    ? text
    : `${all
        .slice(0, maxCharacters - 1)
        .join('')
        .trimEnd()}…`;
};

/** Slack's markup, cut between its tokens: never inside `<@U1>`, a date or an `&amp;`. */
export const cutMarkup = (markup: string, maxCharacters: number): string => {
  if (characters(markup) <= maxCharacters) return markup;
  const kept = [...markup].slice(0, maxCharacters - 1).join('');
  const open = kept.lastIndexOf('<');
  const whole = open > kept.lastIndexOf('>') ? kept.slice(0, open) : kept;
  return `${whole.replace(/&[a-z]{0,4}$/, '')}…`;
};

/** Lines as long as they fit, and how many did not. */
export const fitLines = (lines: readonly string[], maxCharacters: number): string => {
  const all = lines.map((line) => cutMarkup(line, maxCharacters)).join('\n');
  if (characters(all) <= maxCharacters) return all;
  const kept: string[] = [];
  let used = 0;
  for (const line of lines) {
    const room = maxCharacters - used - MORE_CHARACTERS;
    if (characters(line) > room) break;
    kept.push(line);
    used += characters(line) + 1;
  }
  const left = lines.length - kept.length;
  return kept.length === 0 ? cutMarkup(lines[0] ?? '', maxCharacters) : [...kept, `… ${left} more`].join('\n');
};
const MORE_CHARACTERS = '… 9999 more'.length;

/** The first few of a list, and a line for the rest. */
export const fewOf = <T>(things: readonly T[], max: number, line: (thing: T) => string): readonly string[] => [
  ...things.slice(0, max).map(line),
  ...(things.length > max ? [`… ${things.length - max} more`] : []),
];
