/** Where uploads go to, files come from, and permalinks lead. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { canvasMarkdown } from '../api/canvases.ts';
import { UPLOAD_BYTES_MAX } from '../limits.ts';
import type { Store } from '../store.ts';
import { parseForm, readBody, sendText } from './http.ts';

/** These a browser may show; anything else is saved, so that a file can never run as a page of this server. */
const SHOWN_TYPES: ReadonlySet<string> = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'text/plain',
  'text/markdown',
  'text/csv',
]);
/** Room for the boundaries and headers around a file. */
const MULTIPART_OVERHEAD_BYTES = 10_000;

export const receiveUpload = async (
  store: Store,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const file = store.state.files.find((each) => each.id === id && !each.complete);
  if (file === undefined) return sendText(response, 404, 'no such upload');
  const body = await readBody(request, UPLOAD_BYTES_MAX + MULTIPART_OVERHEAD_BYTES);
  const content = await contentOf(body, request.headers['content-type'] ?? '');
  if (content === undefined) return sendText(response, 400, 'the form holds no file');
  if (content.length !== file.sizeBytes)
    return sendText(response, 400, `${file.sizeBytes} bytes were announced, ${content.length} came`);
  file.contentBase64 = content.toString('base64');
  store.touch();
  sendText(response, 200, `OK - ${content.length}`);
};

/** A form with one file, or the bytes themselves: https://docs.slack.dev/reference/methods/files.getUploadURLExternal */
const contentOf = async (body: Buffer, contentType: string): Promise<Buffer | undefined> => {
  if (!contentType.startsWith('multipart/form-data')) return body;
  const form = await parseForm(body, contentType);
  const file = [...(form?.values() ?? [])].find((value) => typeof value !== 'string');
  return file === undefined ? undefined : Buffer.from(await file.arrayBuffer());
};

export const sendFile = (store: Store, id: string, response: ServerResponse): void => {
  const canvas = store.state.canvases.find((each) => each.id === id);
  if (canvas !== undefined) {
    sendContent(response, 'text/markdown', 'canvas.md', Buffer.from(canvasMarkdown(canvas)));
    return;
  }
  const file = store.state.files.find((each) => each.id === id && each.complete);
  if (file?.contentBase64 === undefined) {
    sendText(response, 404, 'no such file');
    return;
  }
  sendContent(response, file.mimetype, file.name, Buffer.from(file.contentBase64, 'base64'));
};

const sendContent = (response: ServerResponse, mimetype: string, name: string, content: Buffer): void => {
  const shown = SHOWN_TYPES.has(mimetype);
  const isText = mimetype.startsWith('text/');
  sendText(response, 200, content, {
    // A browser saves Markdown and CSV; as plain text it shows them.
    'content-type': shown && isText ? 'text/plain; charset=utf-8' : mimetype,
    'content-disposition': `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(name)}`,
    'content-security-policy': "default-src 'none'; sandbox",
  });
};

/** `/archives/C1/p1767621600000123` → the page, at that message. */
export const redirectPermalink = (channel: string, message: string, response: ServerResponse): void => {
  const ts = message.replace(/^p(\d+)(\d{6})$/, '$1.$2');
  response.writeHead(302, { location: `/#${new URLSearchParams({ channel, ts }).toString()}` });
  response.end();
};
