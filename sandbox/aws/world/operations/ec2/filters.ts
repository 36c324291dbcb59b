import type { Filter } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../operation.ts';

/** A filter's name → where its value stands in the described item: `Attachments.InstanceId` looks into every attachment. */
export type FilterPaths = Readonly<Record<string, string>>;

const valuesAt = (value: unknown, path: readonly string[]): readonly string[] => {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((each) => valuesAt(each, path));
  if (path.length === 0) return [value instanceof Date ? value.toISOString() : String(value)];
  return valuesAt((value as Readonly<Record<string, unknown>>)[path[0]!], path.slice(1));
};

/** `*` is any text, `?` any one character, `\` takes the meaning from either; case counts. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
const wildcard = (pattern: string): RegExp => {
  const source = pattern.replace(/\\([*?\\])|([*?])|([.+^${}()|[\]\\])/g, (_, literal, wild, special) =>
    wild === undefined ? `\\${literal ?? special}` : wild === '*' ? '.*' : '.',
  );
  return new RegExp(`^${source}$`, 's');
};

type TagPairs = readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[];
/** Network interfaces alone call their tags `TagSet`. */
type Tagged = { readonly Tags?: TagPairs; readonly TagSet?: TagPairs };

const tagValues = (item: unknown, name: string): readonly string[] | undefined => {
  const { TagSet = [], Tags = TagSet } = item as Tagged;
  if (name === 'tag-key') return Tags.map(({ Key }) => Key ?? '');
  if (name === 'tag-value') return Tags.map(({ Value }) => Value ?? '');
  if (!name.startsWith('tag:')) return undefined;
  return Tags.filter(({ Key }) => Key === name.slice('tag:'.length)).map(({ Value }) => Value ?? '');
};

/** A predicate that holds when every filter is met by one of its values. */
export const createFilter = (filters: readonly Filter[] | undefined, paths: FilterPaths): ((item: unknown) => boolean) => {
  const tests = (filters ?? []).map(({ Name: name = 'null', Values: values = [] }) => {
    const path = Object.hasOwn(paths, name) ? paths[name]!.split('.') : undefined;
    if (path === undefined && !/^tag(:.+|-key|-value)$/.test(name))
      throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`);
    const patterns = values.map(wildcard);
    return (item: unknown): boolean => {
      const found = path === undefined ? (tagValues(item, name) ?? []) : valuesAt(item, path);
      return found.some((value) => patterns.some((pattern) => pattern.test(value)));
    };
  });
  return (item) => tests.every((test) => test(item));
};
