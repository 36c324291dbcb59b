/** https://docs.slack.dev/surfaces/canvases: markdown, cut into sections that can be changed one by one. */
import { z } from 'zod';
import { CANVAS_BYTES_MAX } from '../limits.ts';
import type { Canvas, CanvasSection } from '../model.ts';
import { SlackError } from '../slack-error.ts';
import type { Store } from '../store.ts';
import { joinedChannel, openChannel } from './find.ts';
import { defineMethod, json, type Method } from './method.ts';

const document = z.object({ type: z.literal('markdown'), markdown: z.string() });
type Change = z.output<typeof change>;
const change = z.object({
  operation: z.enum(['insert_after', 'insert_before', 'insert_at_start', 'insert_at_end', 'replace', 'delete', 'rename']),
  section_id: z.string().optional(),
  document_content: document.optional(),
  title_content: document.optional(),
});

const sectionsOf = (store: Store, markdown: string): CanvasSection[] =>
  markdown
    .split(/\n{2,}/)
    .filter((part) => part.trim() !== '')
    .map((part) => ({ id: store.nextId('temp:C:'), markdown: part }));

export const canvasMarkdown = (canvas: Canvas): string => canvas.sections.map((section) => section.markdown).join('\n\n');

const checkSize = (markdown: string): void => {
  if (Buffer.byteLength(markdown) > CANVAS_BYTES_MAX) throw new SlackError('canvas_content_too_large');
};

const create = (store: Store, title: string, markdown: string, channel?: string): Canvas => {
  checkSize(markdown);
  const canvas: Canvas = {
    id: store.nextId('F'),
    title,
    ...(channel !== undefined && { channel }),
    sections: sectionsOf(store, markdown),
  };
  store.state.canvases.push(canvas);
  store.touch();
  return canvas;
};

const canvasOf = (store: Store, id: string): Canvas => {
  const canvas = store.state.canvases.find((each) => each.id === id);
  if (canvas === undefined) throw new SlackError('canvas_not_found');
  return canvas;
};

const apply = (store: Store, canvas: Canvas, { operation, section_id, document_content, title_content }: Change): void => {
  if (operation === 'rename') {
    if (title_content === undefined) throw new SlackError('invalid_arguments');
    canvas.title = title_content.markdown;
    return;
  }
  if (operation !== 'delete' && document_content === undefined) throw new SlackError('invalid_arguments');
  const fresh = sectionsOf(store, document_content?.markdown ?? '');
  const at = canvas.sections.findIndex((section) => section.id === section_id);
  const needsSection = ['insert_after', 'insert_before', 'delete'].includes(operation) || section_id !== undefined;
  if (needsSection && at < 0) throw new SlackError('canvas_editing_failed', { fields: { detail: 'no such section' } });
  const places: Readonly<Record<Exclude<Change['operation'], 'rename'>, readonly [start: number, gone: number]>> = {
    insert_after: [at + 1, 0],
    insert_before: [at, 0],
    insert_at_start: [0, 0],
    insert_at_end: [canvas.sections.length, 0],
    replace: at < 0 ? [0, canvas.sections.length] : [at, 1],
    delete: [at, 1],
  };
  const [start, gone] = places[operation];
  const sections = canvas.sections.toSpliced(start, gone, ...fresh);
  checkSize(canvasMarkdown({ ...canvas, sections }));
  canvas.sections = sections;
};

const createMethod = defineMethod({
  scopes: ['canvases:write'],
  tier: 2,
  args: z.object({
    title: z.string().default('Untitled'),
    document_content: json(document).optional(),
    channel_id: z.string().optional(),
  }),
  run: ({ title, document_content, channel_id }, { store }) => {
    const channel = channel_id === undefined ? undefined : openChannel(store.state, channel_id).id;
    return { canvas_id: create(store, title, document_content?.markdown ?? '', channel).id };
  },
});

const createForChannel = defineMethod({
  scopes: ['canvases:write'],
  tier: 2,
  args: z.object({ channel_id: z.string(), title: z.string().optional(), document_content: json(document).optional() }),
  run: ({ channel_id, title, document_content }, { store }) => {
    const channel = openChannel(store.state, channel_id);
    if (channel.canvasId !== undefined) throw new SlackError('channel_canvas_already_exists');
    const canvas = create(store, title ?? channel.name, document_content?.markdown ?? '', channel.id);
    channel.canvasId = canvas.id;
    return { canvas_id: canvas.id };
  },
});

const edit = defineMethod({
  scopes: ['canvases:write'],
  args: z.object({ canvas_id: z.string(), changes: json(z.array(change).length(1)) }),
  run: ({ canvas_id, changes }, { store }) => {
    const canvas = canvasOf(store, canvas_id);
    for (const each of changes) apply(store, canvas, each);
    store.touch();
    return {};
  },
});

const HEADERS: Readonly<Record<string, RegExp>> = { h1: /^# /, h2: /^## /, h3: /^### /, any_header: /^#{1,3} / };

const lookup = defineMethod({
  scopes: ['canvases:read'],
  args: z.object({
    canvas_id: z.string(),
    criteria: json(
      z.object({
        section_types: z.array(z.enum(['any_header', 'h1', 'h2', 'h3'])).optional(),
        contains_text: z.string().optional(),
      }),
    ),
  }),
  run: ({ canvas_id, criteria }, { store }) => {
    const canvas = canvasOf(store, canvas_id);
    if (canvas.channel !== undefined) joinedChannel(store.state, canvas.channel);
    const matches = ({ markdown }: CanvasSection): boolean =>
      (criteria.section_types?.some((type) => HEADERS[type]?.test(markdown)) ?? true) &&
      markdown.includes(criteria.contains_text ?? '');
    return { sections: canvas.sections.filter(matches).map(({ id }) => ({ id })) };
  },
});

export const canvasMethods: Readonly<Record<string, Method>> = {
  'canvases.create': createMethod,
  'canvases.edit': edit,
  'canvases.sections.lookup': lookup,
  'conversations.canvases.create': createForChannel,
};
