/**
 * Patterns cost no more than their length times a constant, whatever is pasted. Time proves nothing on a busy machine,
 * so steps are counted, by a matcher that backtracks as the engine does, on inputs that are made to nearly match.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { compilePattern, PATHS_MAX, type Pattern, type Piece, piecesOf } from '../../src/runbook/pattern.ts';
import { symptomList } from '../../src/runbook/symptoms.ts';
import { CORPUS } from '../runbooks/symptoms-corpus.ts';

const { symptoms } = symptomList.parse(parseYaml(readFileSync('runbooks/symptoms.yml', 'utf8')));
const patterns = symptoms.flatMap((symptom) => symptom.patterns);

const compiled = (written: string): Pattern => {
  const pattern = compilePattern(written);
  if ('bad' in pattern) throw new Error(pattern.bad);
  return pattern;
};

describe('a pattern is refused', () => {
  test.each([
    { written: '(unclosed', why: /Unterminated group/ },
    { written: 'wrong \\escape', why: /Invalid escape/ },
    { written: 'refused.*', why: /"\*" has no limit.*\{0,80\}/ },
    { written: 'refused \\d+', why: /"\+" has no limit/ },
    { written: 'refused \\d{2,}', why: /"\{2,\}" has no limit/ },
    { written: 'refused .{0,5000}', why: /above 200/ },
    { written: 'refused (?:ab){1,9}', why: /repeats a group/ },
    { written: '(?:(?:a{1,9}){1,9})x refused', why: /repeats a group/ },
    { written: '(?:a|a)*refused', why: /no limit/ },
    { written: '(refused)', why: /keeps nothing.*\(\?:…\)/ },
    { written: '(?<what>\\w{1,9}) refused', why: /"what" is not kept: one of host, port/ },
    { written: '(?<host>\\w{1,9}) is \\k<host>', why: /refers back/ },
    { written: 'refused(?= by)', why: /looks ahead/ },
    { written: '(?<!not )refused', why: /looks ahead or behind/ },
    { written: '<host> and <host>', why: /Duplicate capture group/ },
    { written: '<any><any><any> refused', why: /could match in \d+ ways/ },
    { written: '.{0,80}', why: /at least 3 literal/ },
    { written: '(?:refused|)', why: /at least 3 literal/ },
    { written: '\\d\\d\\d', why: /at least 3 literal/ },
  ])('$written', ({ written, why }) => {
    expect(compilePattern(written)).toEqual({ bad: expect.stringMatching(why) });
  });
});

describe('the ways to match are counted', () => {
  test.each([
    { written: 'connection refused', paths: 1, literals: 18, what: 'words have one' },
    { written: '(?:50[234]: bad|bad gateway)', paths: 2, literals: 7, what: 'a choice has one each; its shortest counts' },
    { written: 'port \\d{1,5}: refused', paths: 1, literals: 14, what: 'a repeat that stops by itself has one' },
    { written: 'port \\d{1,5}5 refused', paths: 5, literals: 14, what: 'a repeat that may go on has one for each length' },
    { written: 'refused by .{0,80}', paths: 1, literals: 11, what: 'a repeat at the end has one' },
    { written: 'refused by .{0,80}$', paths: 81, literals: 11, what: 'unless the end must be there' },
    { written: 'refused(?: by .{0,9} of us)?', paths: 11, literals: 7, what: 'an optional part may be missing' },
  ])('$what: $written', ({ written, paths, literals }) => {
    expect(compilePattern(written)).toMatchObject({ paths, literals });
  });
});

/** How often the matcher looks at a character or a place, from one start to the next, until it has matched or given up. */
const countSteps = (pieces: readonly Piece[], text: string): { readonly steps: number; readonly matched: boolean } => {
  let steps = 0;
  const run = (rest: readonly Piece[], at: number, then: (at: number) => boolean): boolean => {
    const [piece, ...following] = rest;
    if (piece === undefined) return then(at);
    steps += 1;
    const go = (next: number): boolean => run(following, next, then);
    if (piece.kind === 'char') return at < text.length && piece.accepts.has(text[at] ?? '') && go(at + 1);
    if (piece.kind === 'edge') {
      const edge = new RegExp(piece.source, 'uy');
      edge.lastIndex = at;
      return edge.test(text) && go(at);
    }
    if (piece.kind === 'group') return piece.branches.some((branch) => run(branch, at, go));
    const once = (count: number, from: number): boolean =>
      (count < piece.max && run([piece.of], from, (next) => once(count + 1, next))) || (count >= piece.min && go(from));
    return once(0, at);
  };
  for (let start = 0; start <= text.length; start++) {
    if (run(pieces, start, () => true)) return { steps, matched: true };
  }
  return { steps, matched: false };
};

/** A text that the pattern matches up to its last character, with each repeat as long as it may be. */
const almost = (pieces: readonly Piece[]): string => longest(pieces).slice(0, -1);
const longest = (pieces: readonly Piece[]): string =>
  pieces
    .map((piece) => {
      if (piece.kind === 'edge') return '';
      if (piece.kind === 'char') return ['a', '1', ' ', '.', ...piece.accepts].find((char) => piece.accepts.has(char)) ?? '';
      if (piece.kind === 'group') return longest(piece.branches.at(-1) ?? []);
      return longest([piece.of]).repeat(piece.max);
    })
    .join('');
const filled = (part: string, chars: number): string => part.repeat(Math.ceil(chars / Math.max(1, part.length))).slice(0, chars);

const CHARS = 400;
/** Of one pattern, for each character of the input: a start, and what is tried from there. */
const STEPS_PER_CHAR_MAX = 300;

describe('on texts that nearly match', () => {
  const costs = patterns.map((pattern) => {
    const pieces = piecesOf(pattern);
    const texts = [almost(pieces), 'a', '1', 'a.', ' ', 'error: '].map((part) => (chars: number) => filled(part, chars));
    const steps = (chars: number): number => Math.max(...texts.map((text) => countSteps(pieces, text(chars)).steps));
    return { written: pattern.written, once: steps(CHARS), twice: steps(2 * CHARS) };
  });

  test('no pattern takes more steps than its limit for each character', () => {
    const costly = costs.filter(({ once }) => once > CHARS * STEPS_PER_CHAR_MAX);
    expect(costly).toEqual([]);
  });

  test('twice the text takes no more than about twice the steps', () => {
    const steep = costs.filter(({ once, twice }) => twice > 3 * once + 1_000);
    expect(steep).toEqual([]);
  });

  test('the count would find a pattern that is not linear', () => {
    const nested: readonly Piece[] = [
      { kind: 'repeat', of: letterA, min: 0, max: 1_000 },
      { kind: 'repeat', of: letterA, min: 0, max: 1_000 },
      { kind: 'char', accepts: new Set('b'), literal: true },
    ];
    const [once, twice] = [60, 120].map((chars) => countSteps(nested, 'a'.repeat(chars)).steps) as [number, number];
    expect(twice).toBeGreaterThan(6 * once);
  });
});
const letterA: Piece = { kind: 'char', accepts: new Set('a'), literal: true };

test('what is counted is what the engine matches, on every message', () => {
  const messages = CORPUS.flatMap((source) => source.messages.map(([message]) => message)).filter((text) =>
    /^[ -~]*$/.test(text),
  );
  const differ = patterns
    .filter(({ paths }) => paths < 50)
    .flatMap((pattern) => {
      const pieces = piecesOf(pattern);
      return messages
        .filter((_, index) => index % 5 === 0)
        .filter((text) => countSteps(pieces, text).matched !== pattern.regexp.test(text))
        .map((text) => `${pattern.written} on ${text}`);
    });
  expect(differ).toEqual([]);
});

test('every pattern of the catalogue stays within the limit', () => {
  expect(patterns.length).toBeGreaterThanOrEqual(60);
  expect(Math.max(...patterns.map(({ paths }) => paths))).toBeLessThanOrEqual(PATHS_MAX);
  expect(compiled('curl: \\(6\\)').regexp.flags).toBe('iu');
});
