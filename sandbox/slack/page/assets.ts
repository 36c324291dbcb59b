/**
 * The page's files, as the sandbox's server hands them out. The browser's modules are TypeScript like the rest of the
 * repository, so that the page and the server are checked against the same `page-api.ts`; their types are erased here,
 * one file at a time, when a browser asks.
 */
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export type PageAsset = { readonly contentType: string; readonly body: string };

const ROOT = fileURLToPath(new URL('.', import.meta.url));
/** Only these two folders are the browser's; this file is not. */
const SERVED_FOLDERS = ['app', 'style'] as const;
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
};

/**
 * Scripts and styles only from this server, so that text from a message can never become code; pictures only from this
 * machine, so that the page's promise (nothing leaves it) holds for an `image_url` too.
 */
export const PAGE_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: http://127.0.0.1:* http://localhost:*; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const erased = new Map<string, { readonly changedMs: number; readonly body: string }>();

/**
 * The file behind a path: `/` is the page, `/page/app/…` and `/page/style/…` what it loads.
 * Undefined if there is no such file, so that the server may answer 404.
 */
export async function readPageAsset(pathname: string): Promise<PageAsset | undefined> {
  const file = fileBehind(pathname);
  const contentType = file && CONTENT_TYPES[extname(file)];
  if (!file || !contentType) return undefined;
  try {
    const body = extname(file) === '.ts' ? await readErased(file) : await readFile(file, 'utf8');
    return { contentType, body };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function fileBehind(pathname: string): string | undefined {
  if (pathname === '/' || pathname === '/index.html') return join(ROOT, 'index.html');
  if (!pathname.startsWith('/page/') || pathname.includes('\0')) return undefined;
  const relative = normalize(pathname.slice('/page/'.length));
  return SERVED_FOLDERS.some((folder) => relative.startsWith(folder + sep)) ? join(ROOT, relative) : undefined;
}

async function readErased(file: string): Promise<string> {
  const changedMs = (await stat(file)).mtimeMs;
  const known = erased.get(file);
  if (known?.changedMs === changedMs) return known.body;
  // Loaded at the first request: the bot that starts beside this server need not wait for it.
  const { transform } = await import('esbuild');
  const { code } = await transform(await readFile(file, 'utf8'), {
    loader: 'ts',
    target: 'es2024',
    sourcefile: file.slice(ROOT.length),
    sourcemap: 'inline',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  erased.set(file, { changedMs, body: code });
  return code;
}
