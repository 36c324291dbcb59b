/** Slack's limits, each with its unit. Sources: docs.slack.dev/reference/block-kit, /reference/methods and /apis. */

/** https://docs.slack.dev/reference/block-kit/blocks */
export const MESSAGE_BLOCKS_MAX = 50;
export const VIEW_BLOCKS_MAX = 100;
export const MESSAGE_TEXT_CHARACTERS_MAX = 40_000;
/**
 * All blocks of one message together. Slack does not document it; measured by others at about this many characters:
 * https://github.com/slackapi/bolt-js/issues/2867
 */
export const MESSAGE_BLOCKS_CHARACTERS_MAX = 13_200;

/** https://docs.slack.dev/reference/views */
export const VIEW_TITLE_CHARACTERS_MAX = 24;
export const PRIVATE_METADATA_CHARACTERS_MAX = 3000;
export const ID_CHARACTERS_MAX = 255;
export const VIEW_BYTES_MAX = 250_000;
/** https://docs.slack.dev/surfaces/modals: a stack holds three views. */
export const VIEW_STACK_MAX = 3;

/** https://docs.slack.dev/reference/methods/conversations.create */
export const CHANNEL_NAME_CHARACTERS_MAX = 80;
export const CHANNEL_TOPIC_CHARACTERS_MAX = 250;
export const INVITE_USERS_MAX = 100;
export const CHANNEL_BOOKMARKS_MAX = 100;
export const PAGE_ITEMS_MAX = 1000;
export const METADATA_BYTES_MAX = 8_000;

/** https://docs.slack.dev/interactivity/handling-user-interaction */
export const ANSWER_TIMEOUT_MS = 3_000;
export const TRIGGER_LIFE_MS = 3_000;
export const RESPONSE_URL_USES_MAX = 5;
export const RESPONSE_URL_LIFE_MS = 30 * 60_000;

/** https://docs.slack.dev/apis/events-api: at once, after a minute, after five minutes. */
export const EVENT_RETRY_DELAYS_MS: readonly number[] = [0, 60_000, 300_000];

/** https://docs.slack.dev/reference/methods/canvases.edit: 1 MiB of markdown. */
export const CANVAS_BYTES_MAX = 1_048_576;

/** Ours, not Slack's: the workspace keeps everything in memory. */
export const REQUEST_BYTES_MAX = 8_000_000;
export const UPLOAD_BYTES_MAX = 20_000_000;
export const API_LOG_CALLS_MAX = 10_000;
export const NOTICES_MAX = 50;
