/** A list that is at its end stays at its end as it grows; one that someone reads further up is left alone. */
const NEAR_PX = 80;

/** For an element's `created`: scrolls to the end now, and after every growth while the reader is there. */
export function followBottom(list: HTMLElement): void {
  let atEnd = true;
  const toEnd = (): void => {
    if (atEnd) list.scrollTop = list.scrollHeight;
  };
  list.addEventListener(
    'scroll',
    () => {
      atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX;
    },
    { passive: true },
  );
  const growth = new ResizeObserver(toEnd);
  growth.observe(list);
  // What grows is inside: the list itself keeps its height.
  new MutationObserver(toEnd).observe(list, { childList: true, subtree: true, characterData: true });
  list.addEventListener('load', toEnd, { capture: true });
  toEnd();
}
