/** How a command's text is read: whatever a phone, a paste or a hurry has done to it. */
import { z } from 'zod';
import { type RoleId, roleId, type Severity, severity } from '../runbook/response.ts';

export type Words = readonly string[];

const QUOTES: readonly (readonly [RegExp, string])[] = [
  [/[\u201C\u201D\u201E\u201F\u00AB\u00BB\u2033]/g, '"'],
  [/[\u2018\u2019\u201A\u201B\u2032]/g, "'"],
  // Every kind of space, the one that never breaks and the one without width included.
  [/[\s\u200B\uFEFF]+/g, ' '],
];
const ENTITIES: readonly (readonly [RegExp, string])[] = [
  [/&lt;/g, '<'],
  [/&gt;/g, '>'],
  [/&amp;/g, '&'],
];

/** Words as typed, but for quotes, spaces and Slack's escapes, which are made plain. */
export const wordsOf = (text: string): Words =>
  [...QUOTES, ...ENTITIES]
    .reduce((sofar, [pattern, plain]) => sofar.replaceAll(pattern, plain), text)
    .trim()
    .split(' ')
    .filter((word) => word !== '');

/** `<@U0BEN|ben>` as Slack sends a person when the command escapes them. */
const MENTION = /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>[,.:;]?$/;
export const mentioned = (word: string): string | undefined => MENTION.exec(word)?.[1];

/** Free text: people and channels by their names, links by their address, quotes around the whole taken away. */
export const sentence = (words: Words): string =>
  words
    .join(' ')
    .replaceAll(/<@[UW][A-Z0-9]+\|([^>]+)>/g, '@$1')
    .replaceAll(/<#[CG][A-Z0-9]+\|([^>]+)>/g, '#$1')
    .replaceAll(/<(https?:\/\/[^|>]+)(?:\|[^>]*)?>/g, '$1')
    .replace(/^"(.*)"$/, '$1')
    .trim();

const SEVERITIES: Readonly<Record<string, Severity>> = { '1': 'sev1', '2': 'sev2', '3': 'sev3', '4': 'sev4' };
/** `sev2`, `SEV-2`, `sev 2` (as one word), `p2`, `s2`, `2`. */
export const severityOf = (word: string | undefined): Severity | undefined => {
  const known = severity.safeParse(word?.toLowerCase());
  return known.success ? known.data : SEVERITIES[/^(?:sev|p|s)?-?([1-4])$/i.exec(word ?? '')?.[1] ?? ''];
};

const ROLE_WORDS: Readonly<Record<string, RoleId>> = {
  ic: 'commander',
  command: 'commander',
  ops: 'operations',
  op: 'operations',
  comms: 'communications',
  comm: 'communications',
  communication: 'communications',
  sme: 'expert',
};
export const roleOf = (word: string | undefined): RoleId | undefined => {
  const given = (word ?? '').toLowerCase();
  const known = roleId.safeParse(given);
  return known.success ? known.data : ROLE_WORDS[given];
};

/** Steps from one word to another: insert, delete, replace, or swap neighbours. */
const distance = (a: string, b: string): number => {
  const rows = [Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const [above, before] = [rows[i - 1] ?? [], rows[i - 2] ?? []];
      const replaced = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : Infinity;
      row.push(Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced, swapped));
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
};

/** Words longer than this are nobody's typing mistake. */
const WORD_CHARACTERS_MAX = 40;
const STEPS_MAX = 3;

/** The word that was probably meant, if one is near: about a quarter of it may be wrong. */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  const given = word.toLowerCase();
  if (given === '' || given.length > WORD_CHARACTERS_MAX) return undefined;
  const begins = known.filter((each) => given.length >= 3 && each.startsWith(given));
  if (begins.length === 1) return begins[0];
  const ranked = known
    .map((each) => ({ each, steps: distance(given, each) }))
    .filter(({ each, steps }) => steps <= Math.min(STEPS_MAX, Math.max(1, Math.floor(each.length / 4))))
    .toSorted((a, b) => a.steps - b.steps);
  return ranked[0]?.each;
};

/** One of a list by its id, its title, or any part of them that fits no other. */
export const pick = <T extends { readonly id: string; readonly title: string }>(
  given: string,
  among: readonly T[],
): T | undefined => {
  const wanted = simple(given);
  if (wanted === '') return undefined;
  const exact = among.find(({ id, title }) => simple(id) === wanted || simple(title) === wanted);
  if (exact !== undefined) return exact;
  const partly = among.filter(({ id, title }) => simple(id).includes(wanted) || simple(title).includes(wanted));
  return partly.length === 1 ? partly[0] : undefined;
};
const simple = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** The words of a subcommand as zod sees them. */
export const words = z.array(z.string());
export const noWords = words.max(0, 'It takes no more words.').transform(() => ({}));
/** Everything that was typed as one sentence; empty is allowed. */
export const freeText = words.transform((all) => ({ text: sentence(all) }));
/** Everything that was typed as one sentence, which must not be empty. */
export const someText = (missing: string) => freeText.refine(({ text }) => text !== '', { error: missing });
