/** Uploads as `files.uploadV2` makes them: https://docs.slack.dev/messaging/working-with-files#uploading_files */
import { z } from 'zod';
import { checkMessage, postMessage } from '../conversations.ts';
import { UPLOAD_BYTES_MAX } from '../limits.ts';
import type { AnyBlock, FileRecord } from '../model.ts';
import { BOT_USER_ID } from '../seed.ts';
import { SlackError } from '../slack-error.ts';
import { filePayload } from '../web/payloads.ts';
import { messageOf, openChannel } from './find.ts';
import { blocks, defineMethod, integer, json, type Method } from './method.ts';

const MIME_TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  gif: 'image/gif',
  html: 'text/html',
  jpg: 'image/jpeg',
  json: 'application/json',
  log: 'text/plain',
  md: 'text/markdown',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  yml: 'application/yaml',
};
const mimeTypeOf = (name: string): string =>
  MIME_TYPES[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream';

const getUploadUrl = defineMethod({
  scopes: ['files:write'],
  tier: 4,
  args: z.object({ filename: z.string().min(1), length: integer }),
  run: ({ filename, length }, { store, origin }) => {
    if (length < 1) throw new SlackError('invalid_arguments', { complaints: ['must be greater than 0 [json-pointer:/length]'] });
    if (length > UPLOAD_BYTES_MAX) throw new SlackError('file_upload_size_restricted');
    const file: FileRecord = {
      id: store.nextId('F'),
      name: filename,
      title: filename,
      mimetype: mimeTypeOf(filename),
      user: BOT_USER_ID,
      created: store.nowSeconds(),
      sizeBytes: length,
      complete: false,
    };
    store.state.files.push(file);
    store.touch();
    return { upload_url: `${origin()}/upload/v1/${file.id}`, file_id: file.id };
  },
});

const complete = defineMethod({
  scopes: ['files:write'],
  tier: 4,
  args: z.object({
    files: json(z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1)),
    channel_id: z.string().optional(),
    initial_comment: z.string().optional(),
    thread_ts: z.string().optional(),
    blocks: blocks.optional(),
  }),
  run: (args, context) => {
    const { store, origin } = context;
    const channel = args.channel_id === undefined ? undefined : openChannel(store.state, args.channel_id);
    const ready = args.files.map(({ id, title }) => {
      const file = store.state.files.find((each) => each.id === id && !each.complete && each.contentBase64 !== undefined);
      if (file === undefined) throw new SlackError('file_not_found');
      return { file, title };
    });
    checkMessage(args.initial_comment, args.blocks as readonly AnyBlock[] | undefined);
    if (channel !== undefined && args.thread_ts !== undefined) messageOf(channel, args.thread_ts, 'thread_not_found');
    for (const { file, title } of ready) Object.assign(file, { complete: true, title: title ?? file.title });
    if (channel !== undefined)
      postMessage(context, channel, {
        user: BOT_USER_ID,
        text: args.initial_comment ?? '',
        blocks: args.blocks as readonly AnyBlock[] | undefined,
        threadTs: args.thread_ts,
        files: ready.map(({ file }) => file.id),
      });
    store.touch();
    return { files: ready.map(({ file }) => filePayload(file, origin())) };
  },
});

const info = defineMethod({
  scopes: ['files:read'],
  tier: 4,
  args: z.object({ file: z.string() }),
  run: ({ file }, { store, origin }) => {
    const found = store.state.files.find((each) => each.id === file && each.complete);
    if (found === undefined) throw new SlackError('file_not_found');
    return { file: filePayload(found, origin()), comments: [], response_metadata: { next_cursor: '' } };
  },
});

export const fileMethods: Readonly<Record<string, Method>> = {
  'files.completeUploadExternal': complete,
  'files.getUploadURLExternal': getUploadUrl,
  'files.info': info,
};
