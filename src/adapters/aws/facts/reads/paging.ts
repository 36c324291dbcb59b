import type { PagedRead, Read } from '../look.ts';

export const read = <I, O>(action: string, send: Read<I, O>['send']): Read<I, O> => ({ action, send });

type Token = string | undefined;
/** For the many actions that take and give `NextToken`. */
export const byNextToken = <I extends { NextToken?: Token }, O extends { NextToken?: Token }, T>(
  action: string,
  send: Read<I, O>['send'],
  items: (output: O) => readonly T[] | undefined,
): PagedRead<I, O, T> => ({
  action,
  send,
  items,
  next: (input, { NextToken }) => (NextToken ? { ...input, NextToken } : undefined),
});

/** For load balancing, which takes `Marker` and gives `NextMarker`. */
export const byNextMarker = <I extends { Marker?: Token }, O extends { NextMarker?: Token }, T>(
  action: string,
  send: Read<I, O>['send'],
  items: (output: O) => readonly T[] | undefined,
): PagedRead<I, O, T> => ({
  action,
  send,
  items,
  next: (input, { NextMarker }) => (NextMarker ? { ...input, Marker: NextMarker } : undefined),
});

/** For IAM, which says with `IsTruncated` whether its `Marker` is of use. */
export const byMarker = <I extends { Marker?: Token }, O extends { Marker?: Token; IsTruncated?: boolean | undefined }, T>(
  action: string,
  send: Read<I, O>['send'],
  items: (output: O) => readonly T[] | undefined,
): PagedRead<I, O, T> => ({
  action,
  send,
  items,
  next: (input, { IsTruncated, Marker }) => (IsTruncated && Marker ? { ...input, Marker } : undefined),
});
