import { BlockList, isIP } from 'node:net';
import { type ConditionContext, compileArn, compilePattern, type Matcher } from './patterns.ts';
import type { ConditionOperator, ConditionTest } from './policy-document.ts';

/** Condition operators: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */

type Compare = (wanted: number, actual: number) => boolean;

const numbers =
  (compare: Compare) =>
  (wanted: string): Matcher =>
  (actual) =>
    compare(Number(wanted), Number(actual));

/** ISO 8601, or seconds since the epoch. */
const instant = (text: string): number => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const dates =
  (compare: Compare) =>
  (wanted: string): Matcher =>
  (actual) =>
    compare(instant(wanted), instant(actual));

const family = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

const addresses = (wanted: string): Matcher => {
  const [network = '', written] = wanted.split('/');
  const bits = family(network) === 'ipv6' ? 128 : 32;
  const prefix = written === undefined ? bits : Number(written);
  if (isIP(network) === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > bits) return () => false;
  const list = new BlockList();
  list.addSubnet(network, prefix, family(network));
  return (actual) => isIP(actual) !== 0 && list.check(actual, family(actual));
};

const equal: Compare = (wanted, actual) => actual === wanted;
const less: Compare = (wanted, actual) => actual < wanted;
const lessOrEqual: Compare = (wanted, actual) => actual <= wanted;
const greater: Compare = (wanted, actual) => actual > wanted;
const greaterOrEqual: Compare = (wanted, actual) => actual >= wanted;

type Compile = (wanted: string, variables: boolean) => Matcher;

const strings =
  (options: { readonly wildcards: boolean; readonly ignoreCase?: boolean }): Compile =>
  (wanted, variables) =>
    compilePattern(wanted, { ...options, variables });

const exact = strings({ wildcards: false });
const folded = strings({ wildcards: false, ignoreCase: true });
const like = strings({ wildcards: true });
/** ArnEquals and ArnLike are the same: both take wildcards. */
const arns: Compile = (wanted, variables) => compileArn(wanted, { variables, complete: false });

type Operator = { readonly compile: Compile; readonly negative: boolean };
const positive = (compile: Compile): Operator => ({ compile, negative: false });
const negative = (compile: Compile): Operator => ({ compile, negative: true });

const operators: Readonly<Record<Exclude<ConditionOperator, 'Null'>, Operator>> = {
  StringEquals: positive(exact),
  StringNotEquals: negative(exact),
  StringEqualsIgnoreCase: positive(folded),
  StringNotEqualsIgnoreCase: negative(folded),
  StringLike: positive(like),
  StringNotLike: negative(like),
  NumericEquals: positive(numbers(equal)),
  NumericNotEquals: negative(numbers(equal)),
  NumericLessThan: positive(numbers(less)),
  NumericLessThanEquals: positive(numbers(lessOrEqual)),
  NumericGreaterThan: positive(numbers(greater)),
  NumericGreaterThanEquals: positive(numbers(greaterOrEqual)),
  DateEquals: positive(dates(equal)),
  DateNotEquals: negative(dates(equal)),
  DateLessThan: positive(dates(less)),
  DateLessThanEquals: positive(dates(lessOrEqual)),
  DateGreaterThan: positive(dates(greater)),
  DateGreaterThanEquals: positive(dates(greaterOrEqual)),
  Bool: positive(folded),
  BinaryEquals: positive(exact),
  IpAddress: positive(addresses),
  NotIpAddress: negative(addresses),
  ArnEquals: positive(arns),
  ArnLike: positive(arns),
  ArnNotEquals: negative(arns),
  ArnNotLike: negative(arns),
};

export type ConditionCheck = (context: ConditionContext) => boolean;

/** `Null: {key: "true"}` wants the key to be absent. */
const compileNull =
  ({ key, values }: ConditionTest): ConditionCheck =>
  (context) =>
    values.some((value) => (value.toLowerCase() === 'true') === !context.has(key));

export const compileCondition = (test: ConditionTest, variables: boolean): ConditionCheck => {
  if (test.operator === 'Null') return compileNull(test);
  const { compile, negative } = operators[test.operator];
  const wanted = test.values.map((value) => compile(value, variables));
  const holds = (value: string, context: ConditionContext): boolean =>
    wanted.some((matches) => matches(value, context)) !== negative;
  return (context) => {
    const actual = context.get(test.key);
    // Set operators: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    if (test.set !== undefined) {
      if (actual === undefined) return test.set === 'ForAllValues' || test.ifExists;
      const several = typeof actual === 'string' ? [actual] : actual;
      return test.set === 'ForAllValues'
        ? several.every((value) => holds(value, context))
        : several.some((value) => holds(value, context));
    }
    // A negated operator is true of what is not there; a key of several values needs a set operator.
    if (actual === undefined) return test.ifExists || negative;
    return typeof actual === 'string' && holds(actual, context);
  };
};
