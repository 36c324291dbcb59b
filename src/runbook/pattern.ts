/**
 * The language of the patterns in `symptoms.yml`: regular expressions whose worst case is known before they run.
 * What people paste is not ours to trust, and a backtracking engine has no step limit, so the limit is on the pattern:
 * repeats are bounded and never nested, and the ways in which one start can match are counted.
 */

const URL_PATTERN = String.raw`[a-z]{2,8}://(?<host>[\w.-]{1,120})(?::(?<port>\d{1,5}))?`;

/** Words in angle brackets stand for what messages differ in. What has one of the names in `CAPTURES` is kept. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  // Slack makes links of host names.
  host: String.raw`(?:https?://)?(?<host>[\w.-]{1,120})`,
  port: String.raw`(?<port>\d{1,5})`,
  url: URL_PATTERN,
  code: String.raw`(?<code>[\w.-]{1,60})`,
  name: String.raw`(?<name>[\w.:/@*-]{1,160})`,
  action: '(?<action>[a-z0-9-]{2,40}:[a-z0-9*]{1,60})',
  any: '.{0,80}',
  // What stands before a status code ("returned error: ", "HTTP/1.1 ", "we get a "), or after it (" errors", "s").
  status: String.raw`(?:status|code|http(?:/[\d.]{1,3})?|errors?|return(?:s|ed|ing)?|g(?:ets?|ot|ives?|etting)|shows?|see|seeing|throws?|with|of|an?)[ :=('"-]{1,3}`,
  times: String.raw`(?:s\b| errors?\b| responses?\b| (?:on|from|when)\b)`,
  // A browser's console, and a line of a load balancer's access log up to the status.
  request: String.raw`(?:GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS) ${URL_PATTERN}\S{0,160} (?:net::\S{1,40} )?`,
  access: String.raw`\bapp/\S{1,80} \S{1,60} \S{1,60} -?[\d.]{1,9} -?[\d.]{1,9} -?[\d.]{1,9} `,
};
/** What a pattern may keep, and a sentence may name. */
export const CAPTURES = ['host', 'port', 'code', 'name', 'action'] as const;
export type Capture = (typeof CAPTURES)[number];

/** Of one bounded repeat. */
const REPEAT_MAX = 200;
/** Ways in which one start can match: two free stretches of 80 characters, and a choice of two. */
export const PATHS_MAX = 15_000;
/** Characters that a match must have literally. Fewer would say nothing. */
const LITERALS_MIN = 3;

export type Piece =
  /** Exactly one character. */
  | { readonly kind: 'char'; readonly accepts: ReadonlySet<string>; readonly literal: boolean }
  /** A place between characters: `^`, `\b`. */
  | { readonly kind: 'edge'; readonly source: string }
  | { readonly kind: 'group'; readonly branches: readonly (readonly Piece[])[] }
  | { readonly kind: 'repeat'; readonly of: Piece; readonly min: number; readonly max: number };

export type Pattern = {
  /** As written. */
  readonly written: string;
  readonly regexp: RegExp;
  /** Characters that every match has literally: the more, the more specific. */
  readonly literals: number;
  /** Upper bound of the ways in which one start can match. */
  readonly paths: number;
};
export type BadPattern = { readonly bad: string };

/** Compiles and judges a pattern. What is refused comes with a sentence on how to write it instead. */
export const compilePattern = (written: string): Pattern | BadPattern => {
  const source = spellOut(written);
  try {
    const regexp = new RegExp(source, 'iu');
    const pieces = parsePattern(source);
    const [literals, paths] = [literalsOf(pieces), pathsOf(pieces, [])];
    if (literals < LITERALS_MIN) return { bad: `It would match too much: write at least ${LITERALS_MIN} literal characters.` };
    if (paths > PATHS_MAX) {
      return { bad: `It could match in ${paths} ways, at most ${PATHS_MAX} are allowed: use fewer or shorter repeats.` };
    }
    return { written, regexp, literals, paths };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof PatternError) return { bad: error.message };
    throw error;
  }
};

const spellOut = (written: string): string =>
  written.replaceAll(/(?<!(?<!\\)\(\?|\\k)<([a-z]+)>/g, (whole, word: string) => PLACEHOLDERS[word] ?? whole);

/** What a pattern is made of, for those who want to know what it costs. */
export const piecesOf = ({ written }: Pick<Pattern, 'written'>): readonly Piece[] => parsePattern(spellOut(written));

class PatternError extends Error {}

/** Stand for all characters: every ASCII one, those that ignoring case folds into ASCII, and a few from elsewhere. */
const SAMPLE: readonly string[] = [
  ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
  ...['\u017f', '\u212a', '\u00e9', '\u2019', '\u2014', '\u6f22', '\u00a0'],
];
/** An upper and a lower case letter, and what folds into them. */
const LITERAL_CHARS_MAX = 3;

const SINGLE = /\\(?:u\{[0-9a-f]+\}|u[0-9a-f]{4}|x[0-9a-f]{2}|p\{[^}]*\}|.)|\[(?:\\.|[^\]\\])*\]|[^\\[\](){}|*+?]/iuy;
const REPEAT = /[*+?]|\{(\d+)(,?)(\d*)\}/y;
const OPENING = /\((?:\?:|\?<([a-z]+)>)?/y;

/** The pieces of a valid regular expression. Throws `PatternError` on what the language leaves out. */
const parsePattern = (source: string): readonly Piece[] => {
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(source) ?? undefined;
    at += found?.[0].length ?? 0;
    return found;
  };
  const branches = (): (readonly Piece[])[] => {
    const found: Piece[][] = [[]];
    while (at < source.length && source[at] !== ')') {
      if (source[at] === '|') {
        at += 1;
        found.push([]);
      } else found.at(-1)?.push(repeated(piece()));
    }
    return found;
  };
  const piece = (): Piece => {
    if (source[at] !== '(') return single(take(SINGLE)?.[0] ?? '');
    if (/^\(\?(?:[=!]|<[=!])/.test(source.slice(at, at + 4))) {
      throw new PatternError('It looks ahead or behind: write what is matched, and nothing else.');
    }
    const [opening = '', name] = take(OPENING) ?? [];
    if (name !== undefined && !CAPTURES.some((known) => known === name)) {
      throw new PatternError(`"${name}" is not kept: one of ${CAPTURES.join(', ')}.`);
    }
    if (opening === '(') throw new PatternError('A group without a name keeps nothing: write (?:…).');
    const inside = branches();
    at += 1;
    return { kind: 'group', branches: inside };
  };
  const repeated = (of: Piece): Piece => {
    const found = take(REPEAT);
    if (found === undefined) return of;
    const [text, from, comma, to] = found;
    if (source[at] === '?') at += 1;
    if (text === '?') return { kind: 'repeat', of, min: 0, max: 1 };
    const max = comma === ',' ? Number(to || Infinity) : Number(from ?? Infinity);
    if (max > REPEAT_MAX) throw new PatternError(`"${text}" has no limit, or one above ${REPEAT_MAX}: write {0,80} or less.`);
    if (of.kind === 'group') throw new PatternError(`"${text}" repeats a group: only single characters may be repeated.`);
    return { kind: 'repeat', of, min: Number(from), max };
  };
  return [{ kind: 'group', branches: branches() }];
};

const single = (source: string): Piece => {
  if (/^(?:\\b|\\B|\^|\$)$/.test(source)) return { kind: 'edge', source };
  if (/^\\(?:[1-9]|k)/.test(source)) throw new PatternError('It refers back to what it has matched.');
  const one = new RegExp(`^(?:${source})$`, 'iu');
  const accepts = new Set(SAMPLE.filter((char) => one.test(char)));
  return { kind: 'char', accepts, literal: !source.startsWith('[') && accepts.size <= LITERAL_CHARS_MAX };
};

const literalsOf = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, piece) => {
    if (piece.kind === 'edge') return sum;
    if (piece.kind === 'char') return sum + (piece.literal ? 1 : 0);
    if (piece.kind === 'group') return sum + Math.min(...piece.branches.map(literalsOf));
    return sum + piece.min * literalsOf([piece.of]);
  }, 0);

const pathsOf = (pieces: readonly Piece[], after: readonly Piece[]): number =>
  pieces.reduce((product, piece, index) => {
    const next = [...pieces.slice(index + 1), ...after];
    if (piece.kind === 'char' || piece.kind === 'edge') return product;
    if (piece.kind === 'group') return product * piece.branches.reduce((sum, branch) => sum + pathsOf(branch, next), 0);
    if (piece.of.kind !== 'char') return product * (1 + pathsOf([piece.of], next));
    return product * (stopsByItself(piece.of.accepts, next) ? 1 : piece.max - piece.min + 1);
  }, 1);

/** A repeat has one way to go on where nothing that it accepts can follow it, and where the rest matches whatever follows. */
const stopsByItself = (accepts: ReadonlySet<string>, next: readonly Piece[]): boolean =>
  next.every(mayBeNothing) || startOf(next)?.some((char) => accepts.has(char)) === false;

const mayBeNothing = (piece: Piece): boolean =>
  (piece.kind === 'repeat' && piece.min === 0) ||
  (piece.kind === 'group' && piece.branches.some((branch) => branch.every(mayBeNothing)));

/** The characters that can come first; undefined where there may be none. */
const startOf = (pieces: readonly Piece[]): readonly string[] | undefined => {
  const [piece, ...rest] = pieces;
  if (piece === undefined) return undefined;
  if (piece.kind === 'edge') return startOf(rest);
  if (piece.kind === 'char') return [...piece.accepts];
  if (piece.kind === 'group') return all(piece.branches.map((branch) => startOf([...branch, ...rest])));
  return piece.min > 0 ? startOf([piece.of, ...rest]) : all([startOf([piece.of, ...rest]), startOf(rest)]);
};

const all = (starts: readonly (readonly string[] | undefined)[]): readonly string[] | undefined =>
  starts.every((start) => start !== undefined) ? starts.flat() : undefined;
