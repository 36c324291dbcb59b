/**
 * Takes secrets out of what hosts print, before it is kept or shown. Best effort: it knows the shapes that console
 * output and diagnostics of web servers usually leak; what is kept stays in a private place all the same.
 */
export type Redacted = { readonly text: string; readonly count: number };

const MARK = '[redacted]';

/** What stood before the secret stays: it says what was taken out. */
const first = ([, head = '']: readonly string[]): string => `${head}${MARK}`;

/** Bounded, so that a long line without blanks costs no more than its length. `DB_PASSWORD`, `aws_secret_access_key`, `apiKey`, `clientSecret`, `"token"`; not `max_tokens`, `password_file`, `monkey`. */
const SECRET_NAME = String.raw`[\w.-]{0,64}(?:password|passwd|pwd|passphrase|secret|token|credentials?|(?:api|access|auth|encryption|signing|private|account|session|secret)[_-]?key)`;
const ASSIGNED = String.raw`["']?\s*(?:=>|[:=])\s*`;

type Rule = { readonly what: string; readonly pattern: RegExp; readonly keep?: (match: readonly string[]) => string };

/** `keep` is what stands where the whole match stood. Order matters: whole blocks before the words within them. */
const RULES: readonly Rule[] = [
  {
    what: 'private key blocks, cut off ones too',
    pattern: /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?)-----[\s\S]*?(?:-----END \1-----|$(?![\s\S]))/g,
  },
  { what: 'JSON web tokens', pattern: /eyJ[\w-]{8,2048}\.[\w-]{8,8192}\.[\w-]*/g },
  { what: 'Slack tokens', pattern: /xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}/g },
  { what: 'Slack webhooks', pattern: /(https:\/\/hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]+/g, keep: first },
  { what: 'GitHub and GitLab tokens', pattern: /\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}/g },
  { what: 'Stripe and other sk_ keys', pattern: /\b[sr]k_(?:live|test)_[A-Za-z0-9]{12,}/g },
  { what: 'Google API keys', pattern: /\bAIza[\w-]{35}/g },
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
  { what: 'AWS access key ids', pattern: /(?:AKIA|ASIA)[A-Z2-7]{16}/g },
  {
    what: 'passwords in URLs',
    pattern: /(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/?#@]{0,256}:)[^\s/?#@]{1,1024}(?=@)/gi,
    keep: first,
  },
  {
    what: 'authorization headers',
    pattern: /(\b(?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:basic|bearer|digest|token)\s+)[^\s"',;]+/gi,
    keep: first,
  },
  { what: 'bearer tokens', pattern: /(\bbearer\s+)[\w.~+/-]{16,}=*/gi, keep: first },
  { what: 'cookies', pattern: /(\b(?:set-)?cookie["']?\s*:\s*)[^\r\n]+/gi, keep: first },
  {
    what: 'signed URLs',
    pattern:
      /([?&](?:X-Amz-Signature|X-Amz-Security-Token|X-Amz-Credential|sig|signature|token|access_token|api_key)=)[^\s&"']+/gi,
    keep: first,
  },
  {
    what: 'assignments to names that say secret, quoted',
    pattern: new RegExp(`(\\b${SECRET_NAME}${ASSIGNED})(["'])(?!\\[redacted\\])(?:\\\\.|(?!\\2)[^\\\\\\r\\n])+\\2`, 'gi'),
    keep: ([, name = '', quote = '']) => `${name}${quote}${MARK}${quote}`,
  },
  {
    what: 'assignments to names that say secret',
    pattern: new RegExp(`(\\b${SECRET_NAME}${ASSIGNED})(?!["']|\\[redacted\\]|basic\\s|bearer\\s)[^\\s"',;&]+`, 'gi'),
    keep: first,
  },
  {
    what: 'options that take a secret',
    pattern: /(\s--?(?:password|passwd|secret|token|api-?key)\s+)(?!-|\[redacted\])[^\s"']+/gi,
    keep: first,
  },
];

/** The text without its secrets, and how many were taken out. Applying it again changes nothing. */
export const redact = (text: string): Redacted => {
  let count = 0;
  const clean = RULES.reduce(
    (current, { pattern, keep = () => MARK }) =>
      current.replaceAll(pattern, (...match) => {
        const kept = keep(match.slice(0, -2) as string[]);
        if (kept !== match[0]) count += 1;
        return kept;
      }),
    text,
  );
  return { text: clean, count };
};
