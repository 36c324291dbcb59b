import type { Filter, Tag } from '@aws-sdk/client-ec2';
import { AwsError, type Operation } from '../../../operation.ts';
import { tagsOf } from '../../state/find.ts';
import type { WorldState } from '../../state/state.ts';
import { onAnything, pageOf } from '../authorize.ts';
import { createFilter, type FilterPaths } from './filters.ts';
import { type IdKind, mustExist } from './kinds.ts';

/** What most Describe actions allow a page to hold. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html#api-pagination */
const PAGE_MIN = 5;
const PAGE_MAX = 1_000;

export type DescribeInput = {
  readonly Filters?: Filter[] | undefined;
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
};

/** One Describe action: all of them list, narrow by ids and filters, and page in the same way. */
export type Description<I extends DescribeInput, T, K extends string> = {
  /** The list's name in the answer. */
  readonly member: K;
  readonly all: (state: WorldState, input: I) => readonly T[];
  readonly filters: FilterPaths;
  readonly ids?: {
    readonly of: (input: I) => readonly string[] | undefined;
    readonly kind: IdKind;
    readonly idOf: (item: T) => string | undefined;
  };
  /** Ids and MaxResults exclude one another, in the actions that say so. */
  readonly idsExcludePaging?: true;
};

const pageSize = (size: number | undefined): number => {
  if (size === undefined) return PAGE_MAX;
  if (size < PAGE_MIN)
    throw new AwsError(
      'InvalidParameterValue',
      `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value greater than ${PAGE_MIN}.`,
    );
  return Math.min(size, PAGE_MAX);
};

/** Narrowed by ids and filters, before paging. Throws for ids that are not there and filters that are not known. */
export const selectFrom = <I extends DescribeInput, T, K extends string>(
  state: WorldState,
  { all, filters, ids }: Description<I, T, K>,
  input: I,
): readonly T[] => {
  const wanted = ids?.of(input) ?? [];
  if (ids !== undefined) mustExist(state, ids.kind, wanted);
  const chosen = new Set(wanted);
  const passes = createFilter(input.Filters, filters);
  return all(state, input).filter((item) => (chosen.size === 0 || chosen.has(ids?.idOf(item) ?? '')) && passes(item));
};

export const describing = <I extends DescribeInput, T, K extends string>(
  state: WorldState,
  action: string,
  description: Description<I, T, K>,
): Operation<I, { readonly [key in K]: T[] } & { readonly NextToken?: string }> => ({
  authorize: () => onAnything(`ec2:${action}`),
  run: (input) => {
    const { ids, member, idsExcludePaging } = description;
    if (idsExcludePaging && input.MaxResults !== undefined && (ids?.of(input)?.length ?? 0) > 0)
      throw new AwsError(
        'InvalidParameterCombination',
        'The parameter that lists ids cannot be used with the parameter maxResults',
      );
    const size = pageSize(input.MaxResults);
    const { items, next } = pageOf(selectFrom(state, description, input), input.NextToken, size);
    return { [member]: [...items], ...(next !== undefined && { NextToken: next }) } as { [key in K]: T[] } & {
      NextToken?: string;
    };
  },
});

export const tagList = (state: WorldState, id: string): Tag[] =>
  Object.entries(tagsOf(state, id)).map(([Key, Value]) => ({ Key, Value }));

/** Whether a list of owners means this account: everything that the world has belongs to it. */
export const isOwn = ({ accountId }: WorldState, owners: readonly string[] | undefined): boolean =>
  owners === undefined || owners.length === 0 || owners.includes('self') || owners.includes(accountId);
