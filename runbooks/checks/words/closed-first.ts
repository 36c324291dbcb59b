/** Evidence is read from the top, and sometimes no further: what is closed before what is open, else in the order of the path. */
export const closedFirst = (judged: readonly { readonly open: boolean; readonly line: string }[]): readonly string[] =>
  judged.toSorted((a, b) => Number(a.open) - Number(b.open)).map(({ line }) => line);
