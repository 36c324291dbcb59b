/**
 * The words the block table is written in. A rule looks at one value and reports what Slack would say of it, with the
 * JSON pointer that Slack adds: `must be less than 3001 characters [json-pointer:/blocks/0/text/text]`.
 */
export type Report = (complaint: string, pointer: string) => void;
export type Rule = (value: unknown, pointer: string, report: Report) => void;
type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

export const anything: Rule = () => undefined;

export const flag: Rule = (value, pointer, report) => {
  if (typeof value !== 'boolean') report('must be a boolean', pointer);
};

/** A whole number between the two, or a string of one where Slack takes that. */
export const whole =
  (min: number, max: number): Rule =>
  (value, pointer, report) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) return report('must be an integer', pointer);
    if (value < min) report(`must be greater than ${min - 1}`, pointer);
    if (value > max) report(`must be less than ${max + 1}`, pointer);
  };

/** Slack counts characters as people do, not UTF-16 units. */
export const characters = (text: string): number => [...text].length;

export const text =
  (maxCharacters: number, minCharacters = 1): Rule =>
  (value, pointer, report) => {
    if (typeof value !== 'string') return report('must be a string', pointer);
    if (characters(value) < minCharacters) report(`must be more than ${minCharacters - 1} characters`, pointer);
    if (characters(value) > maxCharacters) report(`must be less than ${maxCharacters + 1} characters`, pointer);
  };

export const oneOf =
  (...allowed: readonly string[]): Rule =>
  (value, pointer, report) => {
    if (typeof value !== 'string' || !allowed.includes(value)) report(`must be one of: ${allowed.join(', ')}`, pointer);
  };

export const matching =
  (pattern: RegExp, complaint: string): Rule =>
  (value, pointer, report) => {
    if (typeof value !== 'string' || !pattern.test(value)) report(complaint, pointer);
  };

export const list =
  (min: number, max: number, item: Rule): Rule =>
  (value, pointer, report) => {
    if (!Array.isArray(value)) return report('must be an array', pointer);
    if (value.length < min) report(`must provide at least ${min} items`, pointer);
    if (value.length > max) report(`no more than ${max} items allowed`, pointer);
    for (const [index, each] of value.entries()) item(each, `${pointer}/${index}`, report);
  };

/** An object with these fields and no others; a name that ends in `?` may be absent. */
export const fields = (spec: Readonly<Record<string, Rule>>, also?: Rule): Rule => {
  const rules = new Map(Object.entries(spec).map(([name, rule]) => [name.replace(/\?$/, ''), rule]));
  const required = Object.keys(spec).filter((name) => !name.endsWith('?'));
  return (value, pointer, report) => {
    if (!isFields(value)) return report('must be an object', pointer);
    for (const name of required)
      if (value[name] === undefined || value[name] === null) report(`missing required field: ${name}`, pointer);
    for (const [name, each] of Object.entries(value)) {
      const rule = rules.get(name);
      if (rule === undefined) report(`invalid additional property: ${name}`, pointer);
      else if (each !== undefined && each !== null) rule(each, `${pointer}/${name}`, report);
    }
    also?.(value, pointer, report);
  };
};

/** One of several shapes, told apart by `type`. */
export const byType =
  (table: Readonly<Record<string, Rule>>): Rule =>
  (value, pointer, report) => {
    if (!isFields(value)) return report('must be an object', pointer);
    if (value['type'] === undefined) return report('missing required field: type', pointer);
    const rule = Object.hasOwn(table, String(value['type'])) ? table[String(value['type'])] : undefined;
    if (rule === undefined) return report(`unsupported type: ${String(value['type'])}`, `${pointer}/type`);
    rule(value, pointer, report);
  };

export const exactlyOne =
  (...names: readonly string[]): Rule =>
  (value, pointer, report) => {
    const present = names.filter((name) => (value as Fields)[name] !== undefined);
    if (present.length !== 1) report(`must provide exactly one of: ${names.join(', ')}`, pointer);
  };

export const atLeastOne =
  (...names: readonly string[]): Rule =>
  (value, pointer, report) => {
    if (names.every((name) => (value as Fields)[name] === undefined)) report(`must define one of: ${names.join(', ')}`, pointer);
  };

/** What is chosen at first must be among what can be chosen: Slack compares the whole option. */
export const initialAmongOptions: Rule = (value, pointer, report) => {
  const { options, option_groups, initial_option, initial_options } = value as {
    options?: unknown[];
    option_groups?: { options?: unknown[] }[];
    initial_option?: unknown;
    initial_options?: unknown[];
  };
  const grouped = Array.isArray(option_groups) ? option_groups.flatMap((group) => group?.options ?? []) : [];
  const known = new Set([...(Array.isArray(options) ? options : []), ...grouped].map(canonical));
  const check = (option: unknown, at: string): void => {
    if (!known.has(canonical(option))) report('must match one of the options', at);
  };
  if (initial_option !== undefined) check(initial_option, `${pointer}/initial_option`);
  if (Array.isArray(initial_options))
    for (const [index, option] of initial_options.entries()) check(option, `${pointer}/initial_options/${index}`);
};

/** The same for objects that differ only in the order of their keys, or in the `emoji` flag that Slack adds. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (key, each: unknown) =>
    key === 'emoji'
      ? undefined
      : isFields(each)
        ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
        : each,
  );

export const both =
  (...rules: readonly Rule[]): Rule =>
  (value, pointer, report) => {
    for (const rule of rules) rule(value, pointer, report);
  };
