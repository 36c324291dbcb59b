/** Waiting for the workspace to look as it should, without polling and without sleeping. */
import type { PageState } from './page-api.ts';
import type { Store } from './store.ts';

const WAIT_MS = 10_000;

export type Wait = {
  readonly store: Store;
  readonly read: () => PageState;
  /** In words, for the error: `the headline to say mitigated`. */
  readonly what: string;
  readonly predicate: (state: PageState) => boolean;
  readonly withinMs?: number | undefined;
};

/** Rejects when it did not happen within so many milliseconds of the wall clock. */
export const waitUntil = ({ store, read, what, predicate, withinMs = WAIT_MS }: Wait): Promise<PageState> =>
  new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(timer);
      stop();
    };
    const look = (): void => {
      try {
        const state = read();
        if (!predicate(state)) return;
        finish();
        resolve(state);
      } catch (error) {
        finish();
        reject(error);
      }
    };
    const timer = setTimeout(() => {
      finish();
      reject(new Error(`Waited ${withinMs} ms for ${what}, in vain.`));
    }, withinMs);
    const stop = store.onChange(look);
    look();
  });
