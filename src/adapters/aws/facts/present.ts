type Present<T> = { readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The fields that have a value: facts leave out what AWS left out. */
export const present = <T extends object>(fields: T): Present<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;

/** `undefined` for an empty list or text, which AWS likes to answer for "none". */
export const unlessEmpty = <T extends { readonly length: number }>(value: T | undefined): T | undefined =>
  value === undefined || value.length === 0 ? undefined : value;

type RawTag = { readonly Key?: string | undefined; readonly Value?: string | undefined };
export const tagsFrom = (tags: readonly RawTag[] | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));

export const unique = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];

/** In parts of at most that size. */
export const chunks = <T>(all: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
const partitionOf = (region: string): string => {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
};
export const ec2Arn = (region: string, accountId: string, resource: string): string =>
  `arn:${partitionOf(region)}:ec2:${region}:${accountId}:${resource}`;
