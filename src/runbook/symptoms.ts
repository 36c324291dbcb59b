import { z } from 'zod';
import { CAPTURES, type Capture, compilePattern, type Pattern } from './pattern.ts';

/** Causes and patterns beyond these would be read by nobody. */
const CAUSES_MAX = 5;
const PATTERNS_MAX = 20;

const pattern = z.string().transform((written, context): Pattern => {
  const compiled = compilePattern(written);
  if (!('bad' in compiled)) return compiled;
  context.addIssue({ code: 'custom', message: compiled.bad });
  return z.NEVER;
});

/** `{host|The server}` in a sentence: the value, or the words after the bar. `[ on port {port}]` is left out without a value. */
const SLOT = /\{([a-z]+)(?:\|([^{}]*))?\}/g;
const OPTIONAL_PART = /\[([^[\]]*)\]/g;

const sentence = z
  .string()
  .min(10)
  .max(180)
  .superRefine((text, context) => {
    const slots = [...text.matchAll(SLOT)].map(([, name = '']) => name);
    const strange = slots.filter((name) => !CAPTURES.some((known) => known === name));
    if (strange.length > 0) {
      context.addIssue({ code: 'custom', message: `{${strange[0]}} is never kept: one of ${CAPTURES.join(', ')}.` });
    }
    const bare = [...text.replaceAll(OPTIONAL_PART, '').matchAll(SLOT)].find(([, , otherwise]) => otherwise === undefined);
    if (bare !== undefined) {
      const [slot, name] = bare;
      context.addIssue({ code: 'custom', message: `${slot} may have no value: write {${name}|other words}, or put it in […].` });
    }
  });

/** One thing that programs say when something is wrong, and what it usually comes from. */
export const knownSymptom = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .max(60),
  /** Who says it: `curl`, `nginx`, `Java`. */
  says: z.string().min(1).max(60),
  /** Any of them; ignoring case. */
  patterns: z.array(pattern).min(1).max(PATTERNS_MAX),
  /** It says little: it counts only where nothing else is recognised. */
  vague: z.boolean().default(false),
  /** What it means, in one plain sentence, without a full stop: it stands in the headline. */
  means: sentence,
  /** Most likely first. */
  causes: z
    .array(
      z.strictObject({
        /** The checklist's item that shows whether it is so. */
        item: z.string(),
        because: z.string().min(5).max(160),
      }),
    )
    .min(1)
    .max(CAUSES_MAX),
  /** Where the message or its meaning is described. */
  source: z.url(),
});
export type KnownSymptom = z.output<typeof knownSymptom>;

/** `runbooks/symptoms.yml`. Among those that match the same words, the most specific wins; the order does not matter. */
export const symptomList = z.strictObject({ symptoms: z.array(knownSymptom).min(1).max(500) });

export type Captured = Readonly<Partial<Record<Capture, string>>>;

/** The sentence with what the message named. */
export const meaningOf = ({ means }: Pick<KnownSymptom, 'means'>, captured: Captured): string => {
  const known = (name: string): string | undefined => (captured as Readonly<Record<string, string | undefined>>)[name];
  const filled = (text: string): string => text.replaceAll(SLOT, (_, name, otherwise = '') => known(name) ?? otherwise);
  return filled(
    means.replaceAll(OPTIONAL_PART, (_, part: string) =>
      [...part.matchAll(SLOT)].every(([, name = '']) => known(name) !== undefined) ? part : '',
    ),
  );
};
