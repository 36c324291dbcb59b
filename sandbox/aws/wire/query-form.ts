import { NormalizedSchema } from '@smithy/core/schema';
import { fromBase64 } from '@smithy/core/serde';
import { AwsError } from '../operation.ts';
import type { SchemaRef } from './schemas.ts';

/**
 * Reads the form of a Query request into the operation's input: the way back from the SDK's serializer, which has no reader.
 * `Filter.1.Name=instance-id` · https://smithy.io/2.0/aws/protocols/aws-query-protocol.html · …/aws-ec2-query-protocol.html
 */

export type FormDialect = 'awsQuery' | 'ec2Query';

/** A name with its value, and the names that begin with it. */
type Node = { value?: string; readonly children: Map<string, Node> };

const grow = (pairs: readonly (readonly [string, string])[]): Node => {
  const root: Node = { children: new Map() };
  for (const [name, value] of pairs) {
    let node = root;
    for (const part of name.split('.')) {
      const child: Node = node.children.get(part) ?? { children: new Map() };
      node.children.set(part, child);
      node = child;
    }
    node.value = value;
  }
  return root;
};

/** `1`, `2`, … in the order of the numbers: the order on the wire means nothing. */
const numbered = (node: Node): readonly Node[] =>
  [...node.children]
    .filter(([name]) => /^\d+$/.test(name))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);

const capitalised = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** The name of a member on the wire. Lists and maps keep theirs as it is; EC2 capitalises those of structures. */
const wireName = (dialect: FormDialect, member: NormalizedSchema, fallback: string, inStructure: boolean): string => {
  const { xmlName, ec2QueryName } = member.getMergedTraits();
  if (dialect === 'ec2Query' && typeof ec2QueryName === 'string') return ec2QueryName;
  const name = xmlName ?? fallback;
  return dialect === 'ec2Query' && inStructure ? capitalised(name) : name;
};

const badValue = (value: string, kind: string): AwsError =>
  new AwsError('InvalidParameterValue', `Value (${value}) is not a ${kind}.`);

const readNumber = (value: string): number => {
  const number = Number(value);
  if (value.trim() === '' || Number.isNaN(number)) throw badValue(value, 'number');
  return number;
};

const readDate = (value: string): Date => {
  const date = /^-?\d+(\.\d+)?$/.test(value) ? new Date(Number(value) * 1000) : new Date(value);
  if (Number.isNaN(date.getTime())) throw badValue(value, 'timestamp');
  return date;
};

const readBoolean = (value: string): boolean => {
  if (value !== 'true' && value !== 'false') throw badValue(value, 'boolean');
  return value === 'true';
};

const readScalar = (schema: NormalizedSchema, value: string): unknown => {
  if (schema.isBooleanSchema()) return readBoolean(value);
  if (schema.isNumericSchema()) return readNumber(value);
  if (schema.isBigIntegerSchema()) return BigInt(value);
  if (schema.isTimestampSchema()) return readDate(value);
  if (schema.isBlobSchema()) return fromBase64(value);
  return value;
};

const readList = (dialect: FormDialect, schema: NormalizedSchema, node: Node): readonly unknown[] => {
  const member = schema.getValueSchema();
  const flat = dialect === 'ec2Query' || schema.getMergedTraits().xmlFlattened;
  const items = flat ? node : node.children.get(wireName(dialect, member, 'member', false));
  return items === undefined ? [] : numbered(items).map((item) => readNode(dialect, member, item));
};

const readMap = (dialect: FormDialect, schema: NormalizedSchema, node: Node): Readonly<Record<string, unknown>> => {
  const [key, member] = [schema.getKeySchema(), schema.getValueSchema()];
  const entries = schema.getMergedTraits().xmlFlattened ? node : node.children.get('entry');
  if (entries === undefined) return {};
  return Object.fromEntries(
    numbered(entries).map((entry) => {
      const value = entry.children.get(wireName(dialect, member, 'value', false));
      return [entry.children.get(wireName(dialect, key, 'key', false))?.value ?? '', value && readNode(dialect, member, value)];
    }),
  );
};

const readStructure = (dialect: FormDialect, schema: NormalizedSchema, node: Node): Readonly<Record<string, unknown>> => {
  const structure: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const child = node.children.get(wireName(dialect, member, name, true));
    if (child !== undefined) structure[name] = readNode(dialect, member, child);
  }
  return structure;
};

const readNode = (dialect: FormDialect, schema: NormalizedSchema, node: Node): unknown => {
  if (schema.isListSchema()) return readList(dialect, schema, node);
  if (schema.isMapSchema()) return readMap(dialect, schema, node);
  if (schema.isStructSchema()) return readStructure(dialect, schema, node);
  return readScalar(schema, node.value ?? '');
};

export const readForm = (
  dialect: FormDialect,
  input: SchemaRef,
  pairs: readonly (readonly [string, string])[],
): Readonly<Record<string, unknown>> => {
  const schema = NormalizedSchema.of(input);
  return schema.isStructSchema() ? readStructure(dialect, schema, grow(pairs)) : {};
};
