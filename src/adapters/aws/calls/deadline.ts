import type { Clock } from '../../../ports.ts';

/** Resolves after so many milliseconds of the clock. */
export const pause = (clock: Clock, milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(milliseconds, resolve);
  });

/** Aborts after so many milliseconds of the clock; to be disposed of, so that no timer outlives its purpose. */
export const deadlineOn = (clock: Clock, milliseconds: number): { readonly signal: AbortSignal } & Disposable => {
  const controller = new AbortController();
  const cancel = clock.after(milliseconds, () => controller.abort());
  return { signal: controller.signal, [Symbol.dispose]: cancel };
};
