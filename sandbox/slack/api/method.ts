/** One Web API method: what it needs, what it takes, what it does. */
import { z } from 'zod';
import type { World } from '../conversations.ts';
import { SlackError } from '../slack-error.ts';
import type { Tickets } from '../tickets.ts';

/** Calls a minute: https://docs.slack.dev/apis/web-api/rate-limits */
export const TIER_CALLS_PER_MINUTE = { 1: 1, 2: 20, 3: 50, 4: 100 } as const;

export type ApiContext = World & {
  readonly tickets: Tickets;
  /** `http://127.0.0.1:3999` */
  readonly origin: () => string;
};
export type ApiReply = Readonly<Record<string, unknown>>;

export type Method = {
  /** Any one of these scopes is enough; none means that a token is. */
  readonly scopes: readonly string[];
  readonly callsPerMinute: number;
  readonly token: 'bot' | 'app';
  readonly call: (args: unknown, context: ApiContext) => ApiReply;
};

type Definition<Schema extends z.ZodType> = {
  readonly scopes?: readonly string[];
  readonly tier?: keyof typeof TIER_CALLS_PER_MINUTE;
  readonly token?: 'bot' | 'app';
  readonly args: Schema;
  readonly run: (args: z.output<Schema>, context: ApiContext) => ApiReply;
};

export const defineMethod = <Schema extends z.ZodType>(definition: Definition<Schema>): Method => ({
  scopes: definition.scopes ?? [],
  callsPerMinute: TIER_CALLS_PER_MINUTE[definition.tier ?? 3],
  token: definition.token ?? 'bot',
  call: (args, context) => {
    const parsed = definition.args.safeParse(args);
    if (!parsed.success) throw new SlackError('invalid_arguments', { complaints: parsed.error.issues.map(complaint) });
    return definition.run(parsed.data, context);
  },
});

const complaint = (issue: z.core.$ZodIssue): string => {
  const [name, ...rest] = issue.path.map(String);
  const missing = issue.code === 'invalid_type' && issue.input === undefined && issue.message.includes('undefined');
  if (missing && name !== undefined && rest.length === 0) return `missing required field: ${name}`;
  return `${issue.message} [json-pointer:/${[name, ...rest].filter((part) => part !== undefined).join('/')}]`;
};

/** Form bodies carry everything as text, JSON bodies do not: both are read here. */
export const json = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value, context) => {
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'must be valid JSON' });
      return z.NEVER;
    }
  }, schema);

export const boolean = z.preprocess(
  (value) =>
    value === 'true' || value === '1' || value === 1 ? true : value === 'false' || value === '0' || value === 0 ? false : value,
  z.boolean(),
);
export const integer = z.coerce.number().int();
/** `U1,U2`, or an array of them. */
export const ids = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',').map((id) => id.trim()) : value),
  z.array(z.string()),
);
/** Checked by Slack's own table, not here. */
export const blocks = json(z.array(z.unknown()));
export const object = json(z.record(z.string(), z.unknown()));

/** Cursors are opaque to the caller; ours are where to go on. */
export const page = <Item>(
  items: readonly Item[],
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): { readonly items: readonly Item[]; readonly nextCursor: string } => {
  const start = cursor === undefined || cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!Number.isInteger(start) || start < 0) throw new SlackError('invalid_cursor');
  const end = start + limit;
  return {
    items: items.slice(start, end),
    nextCursor: end < items.length ? Buffer.from(String(end)).toString('base64url') : '',
  };
};
