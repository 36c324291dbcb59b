/** Every block Slack knows, as one table. https://docs.slack.dev/reference/block-kit/blocks */
import {
  actionsElement,
  anyText,
  cardButton,
  contextActionsElement,
  id,
  image,
  inputElement,
  link,
  mrkdwn,
  plainText,
  richTextElement,
  sectionAccessory,
  urlSource,
} from './elements.ts';
import { anything, atLeastOne, byType, exactlyOne, fields, flag, list, oneOf, type Rule, text, whole } from './rules.ts';

const block = (spec: Readonly<Record<string, Rule>>, also?: Rule): Rule =>
  fields({ type: anything, 'block_id?': id, ...spec }, also);

const RICH_TEXT = block({ elements: list(1, 1000, richTextElement) });
const cell = byType({
  raw_text: fields({ type: anything, text: text(3000, 0) }),
  raw_number: fields({ type: anything, value: anything, 'text?': text(3000) }),
  rich_text: RICH_TEXT,
});
const rows = list(1, 100, list(1, 20, cell));
const TASK_CARD = block({
  task_id: id,
  title: text(3000),
  'details?': RICH_TEXT,
  'output?': RICH_TEXT,
  'sources?': list(0, 100, urlSource),
  'status?': oneOf('pending', 'in_progress', 'complete', 'error'),
});
const CARD = block(
  {
    'hero_image?': image,
    'icon?': image,
    'title?': anyText(150),
    'subtitle?': anyText(150),
    'body?': anyText(200),
    'actions?': list(1, 5, cardButton),
  },
  atLeastOne('hero_image', 'title', 'body', 'actions'),
);

const SIMPLE = {
  section: block(
    {
      'text?': anyText(3000),
      'fields?': list(1, 10, anyText(2000)),
      'accessory?': sectionAccessory,
      'expand?': flag,
    },
    atLeastOne('text', 'fields'),
  ),
  actions: block({ elements: list(1, 25, actionsElement) }),
  context: block({ elements: list(1, 10, byType({ image, plain_text: plainText(3000), mrkdwn: mrkdwn(3000) })) }),
  divider: block({}),
  header: block({ text: plainText(150) }),
  image: block(
    {
      alt_text: text(2000),
      'title?': plainText(2000),
      'image_url?': link,
      'slack_file?': fields({ 'id?': id, 'url?': link }),
    },
    exactlyOne('image_url', 'slack_file'),
  ),
  input: block({
    label: plainText(2000),
    element: inputElement,
    'hint?': plainText(2000),
    'optional?': flag,
    'dispatch_action?': flag,
  }),
  rich_text: RICH_TEXT,
  table: block({
    rows,
    'column_settings?': list(0, 20, fields({ 'align?': oneOf('left', 'center', 'right'), 'is_wrapped?': flag })),
  }),
  file: block({ source: oneOf('remote'), external_id: id }),
  video: block({
    video_url: link,
    thumbnail_url: link,
    alt_text: text(2000),
    title: plainText(200),
    'title_url?': link,
    'author_name?': text(50),
    'provider_name?': text(50),
    'provider_icon_url?': link,
    'description?': plainText(200),
  }),
};

export const anyBlock = byType({
  ...SIMPLE,
  alert: block({ text: anyText(3000), 'level?': oneOf('default', 'info', 'warning', 'error', 'success') }),
  card: CARD,
  carousel: block({ elements: list(1, 10, byType({ card: CARD })) }),
  container: block(
    {
      'title?': plainText(150),
      'rich_text_title?': RICH_TEXT,
      'subtitle?': anyText(150),
      child_blocks: list(1, 10, byType(SIMPLE)),
      'width?': oneOf('narrow', 'standard', 'wide', 'full'),
      'icon?': image,
      'is_collapsible?': flag,
      'default_collapsed?': flag,
      'has_header_divider?': flag,
    },
    exactlyOne('title', 'rich_text_title'),
  ),
  context_actions: block({ elements: list(1, 5, contextActionsElement) }),
  data_table: block({ rows, caption: text(3000), 'page_size?': whole(1, 100), 'row_header_column_index?': whole(0, 19) }),
  markdown: block({ text: text(12_000) }),
  task_card: TASK_CARD,
  plan: block({ title: text(3000), 'tasks?': list(0, 100, byType({ task_card: TASK_CARD })) }),
});
