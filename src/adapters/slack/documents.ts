import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Chat } from '../../ports.ts';
import { asResult, type Caller, withValue } from './call.ts';

/** https://docs.slack.dev/reference/methods/canvases.edit: 1 MiB; a character may have four bytes. */
const CANVAS_CHARACTERS_MAX = 250_000;
/** Tries of one bookmark: the first, and after lost answers that left none. */
const ADDS_MAX = 3;
const CUT = '\n\n… the rest did not fit.';

const nothing = z.object({});
const bookmarks = z.object({ bookmarks: z.array(z.looseObject({ title: z.string(), link: z.string().nullish() })).default([]) });
const channelInfo = z.object({
  channel: z.looseObject({
    properties: z.looseObject({ canvas: z.looseObject({ file_id: z.string() }).optional() }).optional(),
  }),
});

type Documents = Pick<Chat, 'addBookmark' | 'upload' | 'writeCanvas'>;

export const createDocuments = (client: WebClient, { call, retry }: Caller): Documents => ({
  addBookmark: async (channel_id, title, link) => {
    for (let adds = 1; ; adds++) {
      // Slack takes the same bookmark twice: it is looked for first, and again when the answer was lost.
      const known = await call('bookmarks.list', { channel_id }, bookmarks, { again: true });
      if (!known.ok) return asResult(known);
      if (known.value.bookmarks.some((each) => each.title === title && each.link === link)) return { ok: true, value: undefined };
      const added = await call('bookmarks.add', { channel_id, title, type: 'link', link }, nothing);
      if (added.ok || added.kind !== 'lost' || adds === ADDS_MAX) return withValue(added, undefined);
    }
  },

  upload: async (channel_id, { name, title, text }) => {
    const upload = () => client.filesUploadV2({ channel_id, filename: name, title, content: text === '' ? '\n' : text });
    return withValue(await retry('files.completeUploadExternal', upload, {}), undefined);
  },

  writeCanvas: async (channel_id, markdown) => {
    const document_content = { type: 'markdown', markdown: fitting(markdown) };
    const made = await call('conversations.canvases.create', { channel_id, document_content }, nothing, { again: true });
    if (made.ok || !HAS_ONE.has(made.error)) return withValue(made, undefined);
    const info = await call('conversations.info', { channel: channel_id }, channelInfo, { again: true });
    const canvas_id = info.ok ? info.value.channel.properties?.canvas?.file_id : undefined;
    if (!info.ok || canvas_id === undefined) return info.ok ? withValue(made, undefined) : asResult(info);
    const changes = [{ operation: 'replace', document_content }];
    return withValue(await call('canvases.edit', { canvas_id, changes }, nothing, { again: true }), undefined);
  },
});

const HAS_ONE: ReadonlySet<string> = new Set(['channel_canvas_already_exists', 'free_team_canvas_tab_already_exists']);

const fitting = (markdown: string): string =>
  markdown.length <= CANVAS_CHARACTERS_MAX ? markdown : markdown.slice(0, CANVAS_CHARACTERS_MAX - CUT.length) + CUT;
