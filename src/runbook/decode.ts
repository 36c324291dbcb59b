/** From what people paste to where they look: error messages are matched against `symptoms.yml`, offline and always the same. */
import type { Catalogue } from './catalogue.ts';
import { CAPTURES } from './pattern.ts';
import { type Captured, type KnownSymptom, meaningOf } from './symptoms.ts';

/** Longer texts lose their middle: messages stand at the start of logs and at the end of stack traces. */
export const INPUT_CHARS_MAX = 4_000;
/** A log that says ten things says nothing. */
export const MATCHES_MAX = 5;
/** The headline shows two meanings. */
const MEANINGS_SHOWN = 2;
/** Of a host or a name in a sentence. */
const CAPTURED_CHARS_MAX = 80;

export type Match = {
  readonly id: string;
  readonly says: string;
  readonly meaning: string;
  readonly causes: KnownSymptom['causes'];
  /** The words that it was recognised by. */
  readonly matched: string;
  readonly captured: Captured;
};
/** `points` are ids of the checklist's items, best first. Nothing known: no match, no point, an empty line. */
export type Decoded = { readonly matches: readonly Match[]; readonly decoded: string; readonly points: readonly string[] };

/** What is known of a pasted text, the most specific first. */
export const decode = (symptoms: readonly KnownSymptom[], text: string): Decoded => {
  const plain = plainText(text);
  const matches = mostSpecific(symptoms.flatMap((symptom) => spansOf(symptom, plain)))
    .slice(0, MATCHES_MAX)
    .map(({ symptom, matched, captured }) => ({
      id: symptom.id,
      says: symptom.says,
      meaning: meaningOf(symptom, captured),
      causes: symptom.causes,
      matched,
      captured,
    }));
  return { matches, decoded: lineOf(matches), points: rankItems([{ matches }]).map(({ itemId }) => itemId) };
};

/** What the core asks of a pasted symptom, for a catalogue. */
export const createDecode =
  ({ symptoms }: Pick<Catalogue, 'symptoms'>) =>
  (text: string): { readonly decoded?: string; readonly points: string[] } => {
    const { decoded, points } = decode(symptoms, text);
    return { ...(decoded !== '' && { decoded }), points: [...points] };
  };

export type RankedItem = {
  readonly itemId: string;
  /** Twelve for each symptom whose first cause it is, six for a second cause, four for a third. */
  readonly score: number;
  readonly reasons: readonly { readonly symptom: string; readonly because: string }[];
};

/** Divided by the place of a cause without a remainder, for up to four places. */
const FIRST_CAUSE_SCORE = 12;

/**
 * The checklist's items in the order in which the symptoms point to them. A symptom that is reported twice counts once.
 * Equal scores stay in the order of the texts, and within a text the more specific symptom comes first.
 */
export const rankItems = (decoded: readonly Pick<Decoded, 'matches'>[]): readonly RankedItem[] => {
  const matches = [...new Map(decoded.flatMap((one) => one.matches).map((match) => [match.id, match])).values()];
  const pointed = matches.flatMap(({ id, causes }) =>
    causes.map(({ item, because }, index) => ({
      item,
      because,
      symptom: id,
      score: Math.round(FIRST_CAUSE_SCORE / (index + 1)),
    })),
  );
  return [...Map.groupBy(pointed, ({ item }) => item)]
    .map(([itemId, own]) => ({
      itemId,
      score: own.reduce((sum, { score }) => sum + score, 0),
      reasons: own.map(({ symptom, because }) => ({ symptom, because })),
    }))
    .toSorted((a, b) => b.score - a.score);
};

/** Slack's escapes, links and typographic quotes made plain, every kind of blank a space, as the programs wrote it. */
export const plainText = (text: string): string => {
  const plain = text
    .replaceAll(/<((?:https?|mailto):[^|>\s]{1,2000})(?:\|([^>]{0,2000}))?>/g, (_, address: string, label = address) =>
      address.endsWith(label) ? label : address,
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/[\u2018\u2019\u201a\u201b\u2032`]/g, "'")
    .replaceAll(/[\u201c\u201d\u201e\u201f\u2033]/g, '"')
    .replaceAll(/[\s\u200b\ufeff]+/g, ' ')
    .trim();
  const half = INPUT_CHARS_MAX / 2;
  return plain.length <= INPUT_CHARS_MAX ? plain : `${plain.slice(0, half - 1)} ${plain.slice(-half)}`;
};

type Span = {
  readonly symptom: KnownSymptom;
  readonly start: number;
  readonly end: number;
  readonly literals: number;
  readonly matched: string;
  readonly captured: Captured;
};

const spansOf = (symptom: KnownSymptom, text: string): Span[] =>
  symptom.patterns.flatMap(({ regexp, literals }) => {
    const found = regexp.exec(text);
    if (found === null) return [];
    const [matched] = found;
    return [{ symptom, start: found.index, end: found.index + matched.length, literals, matched, captured: kept(found) }];
  });

const kept = ({ groups = {} }: RegExpExecArray): Captured =>
  Object.fromEntries(
    CAPTURES.flatMap((name) => {
      const value = groups[name]?.replace(/[.:,]$/, '').slice(0, CAPTURED_CHARS_MAX);
      return value ? [[name, value]] : [];
    }),
  );

/** Words that a more specific symptom explains are not explained again; of each symptom its most specific words count. */
const mostSpecific = (spans: readonly Span[]): readonly Span[] => {
  const chosen: Span[] = [];
  for (const span of spans.toSorted((a, b) => b.literals - a.literals || b.matched.length - a.matched.length)) {
    const explained = chosen.some(({ symptom, start, end }) => symptom !== span.symptom && span.start < end && start < span.end);
    if (!explained) chosen.push(span);
  }
  const clear = chosen.filter(({ symptom }) => !symptom.vague);
  const told = clear.length > 0 ? clear : chosen;
  return [...Map.groupBy(told, ({ symptom }) => symptom).values()].flatMap(([first]) => first ?? []);
};

const lineOf = (matches: readonly Match[]): string => {
  const meanings = [...new Set(matches.map(({ meaning }) => meaning))];
  const more = meanings.length - MEANINGS_SHOWN;
  return [...meanings.slice(0, MEANINGS_SHOWN), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
};
