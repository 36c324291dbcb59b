/** Blocks that lay out rather than say: tables, plans with their tasks, cards, containers. */
import type {
  Button,
  CardBlock,
  ContainerBlock,
  DataTableBlock,
  FileBlock,
  PlanBlock,
  TableBlock,
  TaskCardBlock,
  VideoBlock,
} from '@slack/types';
import type { Draw } from './draw.ts';
import { linkNode, plainNodesOf, tableNode, textNodes } from './inline.ts';
import { imageElement } from './pictures.ts';
import { richTextNodes } from './rich-text.ts';
import { type Child, h, type VElement } from './vdom.ts';

type Cell = TableBlock['rows'][number][number];

const cellNode = (cell: Cell, draw: Draw): Child => {
  if (cell.type === 'rich_text') return richTextNodes(cell, draw);
  return cell.type === 'raw_text' ? cell.text : String((cell as { text?: string; value: unknown }).text ?? cell.value);
};

export const tableBlockNode = ({ rows, column_settings }: TableBlock, draw: Draw): VElement =>
  tableNode(
    'Table',
    rows.map((row) => row.map((cell) => cellNode(cell, draw))),
    column_settings?.map((column) => column?.align),
  );

export const dataTableNode = ({ rows, caption }: DataTableBlock, draw: Draw): VElement =>
  h(
    'figure',
    {},
    h('figcaption', {}, caption),
    tableNode(
      caption,
      rows.map((row) => row.map((cell) => cellNode(cell as Cell, draw))),
    ),
  );

/** Each state is a word and a sign, besides its colour. */
const TASK_STATES = {
  pending: { word: 'not started', sign: '' },
  in_progress: { word: 'running', sign: '' },
  complete: { word: 'done', sign: '✓' },
  error: { word: 'failed', sign: '×' },
} as const;

function taskBody({ title, status = 'pending', details, output, sources }: TaskCardBlock, draw: Draw): Child {
  const { word, sign } = TASK_STATES[status];
  return [
    h(`span.task-sign.task-${status}`, { attrs: { role: 'img', 'aria-label': word, title: word } }, sign),
    h(
      'div.task-body',
      {},
      h('div.task-title', {}, title, h('span.task-word', { attrs: { 'aria-hidden': 'true' } }, word)),
      details && h('div.text.task-details', {}, richTextNodes(details, draw)),
      output && h('div.text.task-output', {}, richTextNodes(output, draw)),
      sources &&
        sources.length > 0 &&
        h(
          'div.task-sources',
          {},
          sources.flatMap((source) => [linkNode(source.url, source.text, draw), ' ']),
        ),
    ),
  ];
}

export const taskNode = (block: TaskCardBlock, draw: Draw): VElement => h('div.task.task-alone', {}, taskBody(block, draw));

export function planNode({ title, tasks = [] }: PlanBlock, draw: Draw): VElement {
  const cards = tasks as readonly TaskCardBlock[];
  const done = cards.filter(({ status }) => status === 'complete').length;
  return h(
    'div.plan',
    {},
    h('div.plan-head', {}, h('h4', {}, title), h('span.plan-count', {}, `${done} of ${cards.length} done`)),
    h(
      'ol.plan-tasks',
      {},
      cards.map((task) => h('li.task', { key: task.task_id }, taskBody(task, draw))),
    ),
  );
}

export function cardNode(block: CardBlock, draw: Draw, control: (button: Button) => Child): VElement {
  const { hero_image, icon, title, subtitle, body, actions } = block;
  return h(
    'div.card',
    {},
    hero_image && imageElement(hero_image, draw, 'card-hero'),
    h(
      'div.card-head',
      {},
      icon && imageElement(icon, draw, 'card-icon'),
      h(
        'div',
        {},
        title && h('div.card-title.text', {}, textNodes(title, draw)),
        subtitle && h('div.card-subtitle.text', {}, textNodes(subtitle, draw)),
      ),
    ),
    body && h('div.text', {}, textNodes(body, draw)),
    actions && h('div.card-actions', {}, actions.map(control)),
  );
}

export function containerNode(block: ContainerBlock, draw: Draw, children: () => Child): VElement {
  const title = block.title
    ? plainNodesOf(block.title, draw)
    : block.rich_text_title && richTextNodes(block.rich_text_title, draw);
  const head = [
    block.icon && imageElement(block.icon, draw, 'card-icon'),
    h('span.container-title', {}, title),
    block.subtitle && h('span.container-subtitle.text', {}, textNodes(block.subtitle, draw)),
  ];
  if (block.is_collapsible !== true) return h('div.container', {}, h('div.container-head', {}, head), children());
  return h(
    'details.container',
    { once: { open: block.default_collapsed !== true } },
    h('summary.container-head', {}, head),
    children(),
  );
}

export const fileNode = ({ external_id }: FileBlock): VElement => h('p.unknown', {}, `A file kept elsewhere: ${external_id}`);

export function videoNode({ title, title_url, alt_text, video_url, description }: VideoBlock, draw: Draw): VElement {
  return h(
    'div.card',
    {},
    h('div.card-title', {}, linkNode(title_url ?? video_url, plainNodesOf(title, draw), draw)),
    description && h('p', {}, plainNodesOf(description, draw)),
    h('p.card-subtitle', {}, `Video: ${alt_text}`),
  );
}
