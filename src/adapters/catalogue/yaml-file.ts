import { readFile } from 'node:fs/promises';
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';

/** Where in which file, so that an editor can jump there: `runbooks/services/shop.yml:7:3 …`. Lines and columns count from 1. */
export type Problem = { readonly file: string; readonly line: number; readonly column: number; readonly message: string };
export const problemLine = ({ file, line, column, message }: Problem): string => `${file}:${line}:${column} ${message}`;

/** A parsed file, and where each of its values stands. */
export type YamlFile<T> = {
  readonly file: string;
  readonly value: T;
  readonly at: (path: readonly PropertyKey[]) => { readonly line: number; readonly column: number };
};

/** Reads, parses and checks one YAML file. Every problem comes with its place; there is no half-read file. */
export const readYaml = async <S extends z.ZodType>(
  path: string,
  file: string,
  schema: S,
): Promise<{ readonly ok: YamlFile<z.output<S>> } | { readonly problems: readonly Problem[] }> => {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => error);
  if (typeof text !== 'string') {
    return {
      problems: [
        {
          file,
          line: 1,
          column: 1,
          message: text.code === 'ENOENT' ? 'There is no such file.' : `It cannot be read: ${text.message}`,
        },
      ],
    };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    return { problems: document.errors.map(({ pos, message }) => ({ file, ...place(lines, pos[0]), message })) };
  }
  /** The value at a path, or the nearest thing around it: a missing key is reported at its mapping. */
  const at = (path: readonly PropertyKey[]): { line: number; column: number } => {
    for (let depth = path.length; depth >= 0; depth--) {
      const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range) return place(lines, node.range[0]);
    }
    return { line: 1, column: 1 };
  };
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return { ok: { file, value: parsed.data, at } };
  return {
    problems: parsed.error.issues.map((issue) => {
      const keys = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
      return { file, ...at(keys), message: `${issue.path.join('.') || 'The file'}: ${issue.message}` };
    }),
  };
};

const place = (lines: LineCounter, offset: number): { line: number; column: number } => {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
};
