/** What a request brings along: condition keys in lower case (they are compared without case), one value or several. */
export type ConditionContext = ReadonlyMap<string, string | readonly string[]>;

export const contextOf = (...parts: readonly Readonly<Record<string, string | readonly string[]>>[]): ConditionContext =>
  new Map(parts.flatMap((part) => Object.entries(part).map(([key, value]) => [key.toLowerCase(), value] as const)));

export type PatternOptions = {
  /** `*` and `?` stand for anything, as in StringLike, ArnLike, actions and resources. */
  readonly wildcards: boolean;
  readonly ignoreCase?: boolean;
  /** `${aws:username}` is replaced from the context. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html */
  readonly variables: boolean;
};

export type Matcher = (value: string, context: ConditionContext) => boolean;

type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'one' }
  | { readonly kind: 'variable'; readonly key: string; readonly fallback: string | undefined };

/** `${*}`, `${?}` and `${$}` are the characters themselves; `${key, 'fallback'}` has a default. */
const variableForm = /\$\{\s*([^},]+?)\s*(?:,\s*'([^']*)'\s*)?\}/y;

const tokenize = (pattern: string, { wildcards, variables }: PatternOptions): readonly Token[] => {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; ) {
    variableForm.lastIndex = at;
    const found = variables ? variableForm.exec(pattern) : null;
    const character = pattern[at]!;
    if (found !== null) {
      const key = found[1]!;
      tokens.push(
        '*?$'.includes(key) ? { kind: 'text', text: key } : { kind: 'variable', key: key.toLowerCase(), fallback: found[2] },
      );
    } else if (wildcards && character === '*') tokens.push({ kind: 'any' });
    else if (wildcards && character === '?') tokens.push({ kind: 'one' });
    else tokens.push({ kind: 'text', text: character });
    at += found?.[0].length ?? 1;
  }
  return tokens;
};

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** Undefined when a variable has no single value: such a pattern matches nothing. */
const regexOf = (tokens: readonly Token[], ignoreCase: boolean, context: ConditionContext): RegExp | undefined => {
  let source = '';
  for (const token of tokens) {
    if (token.kind === 'any') source += '.*';
    else if (token.kind === 'one') source += '.';
    else if (token.kind === 'text') source += literal(token.text);
    else {
      const value = context.get(token.key) ?? token.fallback;
      if (typeof value !== 'string') return undefined;
      source += literal(value);
    }
  }
  return new RegExp(`^${source}$`, ignoreCase ? 'is' : 's');
};

const none: ConditionContext = new Map();

export const compilePattern = (pattern: string, options: PatternOptions): Matcher => {
  const tokens = tokenize(pattern, options);
  const ignoreCase = options.ignoreCase ?? false;
  if (tokens.some(({ kind }) => kind === 'variable'))
    return (value, context) => regexOf(tokens, ignoreCase, context)?.test(value) ?? false;
  const regex = regexOf(tokens, ignoreCase, none)!;
  return (value) => regex.test(value);
};

/** `arn:partition:service:region:account:resource`; the resource keeps its own colons. */
const ARN_SEGMENTS = 6;

/** Colons inside a variable (`${aws:username}`) divide nothing. */
const splitArn = (arn: string, limit = ARN_SEGMENTS): readonly string[] => {
  const segments = [''];
  let depth = 0;
  for (const [index, character] of [...arn].entries()) {
    if (character === '{' && arn[index - 1] === '$') depth++;
    if (character === '}' && depth > 0) depth--;
    if (character === ':' && depth === 0 && segments.length < limit) segments.push('');
    else segments[segments.length - 1] += character;
  }
  return segments;
};

/**
 * ARNs are compared segment by segment, so that a `*` in one never reaches into the next.
 * With `complete`, a pattern that ends early stands for every ARN that begins so, as resources in identity policies do.
 */
export const compileArn = (pattern: string, options: { readonly variables: boolean; readonly complete: boolean }): Matcher => {
  const segments = splitArn(pattern);
  if (segments.length < ARN_SEGMENTS && !options.complete) return () => false;
  const matchers = segments.map((segment) => compilePattern(segment, { wildcards: true, variables: options.variables }));
  return (value, context) => {
    const parts = splitArn(value);
    return parts.length === ARN_SEGMENTS && matchers.every((matches, index) => matches(parts[index]!, context));
  };
};

/** A resource of a statement: an ARN pattern, or `*`, the only one that also covers actions without resources. */
export const compileResource = (pattern: string, variables: boolean): Matcher => {
  if (/^\*+$/.test(pattern)) return () => true;
  return compileArn(pattern, { variables, complete: true });
};
