import { AwsError, type Operation } from '../../../operation.ts';
import type { WorldState } from '../../state/state.ts';
import { onAnything, pageOf } from '../authorize.ts';

/** What a page holds at most, and unless told otherwise. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeLoadBalancers.html */
const PAGE_MAX = 400;

export type ListInput = { readonly Marker?: string | undefined; readonly PageSize?: number | undefined };

export const validationError = (message: string): AwsError => new AwsError('ValidationError', message);

/** What load balancing says to a name or ARN that it does not know; it does not say which. */
export const NOT_FOUND = {
  loadBalancer: () => new AwsError('LoadBalancerNotFound', 'One or more load balancers not found'),
  targetGroup: () => new AwsError('TargetGroupNotFound', 'One or more target groups not found'),
  listener: () => new AwsError('ListenerNotFound', 'One or more listeners not found'),
  rule: () => new AwsError('RuleNotFound', 'One or more rules not found'),
} as const;

/** The items that were named, in their own order; all when none were. One unknown name spoils the whole call. */
export const named = <T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  wanted: readonly string[] | undefined,
  refuse: () => AwsError,
): readonly T[] => {
  if (wanted === undefined || wanted.length === 0) return items;
  if (wanted.some((key) => !items.some((item) => keyOf(item) === key))) throw refuse();
  return items.filter((item) => wanted.includes(keyOf(item)));
};

/** One Describe action: what it lists, and its answer's member, in pages. */
export const listing = <I extends ListInput, T, K extends string>(
  action: string,
  member: K,
  all: (input: I) => readonly T[],
): Operation<I, { readonly [key in K]: T[] } & { readonly NextMarker?: string }> => ({
  authorize: () => onAnything(`elasticloadbalancing:${action}`),
  run: (input) => {
    const size = input.PageSize ?? PAGE_MAX;
    if (size < 1 || size > PAGE_MAX) throw validationError(`The page size must be between 1 and ${PAGE_MAX}`);
    const { items, next } = pageOf(all(input), input.Marker, size, () => validationError('The marker is not valid'));
    return { [member]: [...items], ...(next !== undefined && { NextMarker: next }) } as { [key in K]: T[] } & {
      NextMarker?: string;
    };
  },
});

/** Attributes come as they are set, over the defaults of their kind. */
export const attributeList = (defaults: Readonly<Record<string, string>>, own: Readonly<Record<string, string>>) =>
  Object.entries({ ...defaults, ...own }).map(([Key, Value]) => ({ Key, Value }));

export const tagPairs = ({ tags }: WorldState, arn: string) =>
  Object.entries(tags[arn] ?? {}).map(([Key, Value]) => ({ Key, Value }));
