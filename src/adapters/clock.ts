import type { Clock } from '../ports.ts';

/** `setTimeout` cannot wait longer than this; a longer wait is cut into pieces. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1;

/** A clock that starts at `startAtMs` and runs `speed` times as fast as the machine's. */
export const createClock = (options: { readonly speed?: number; readonly startAtMs?: number } = {}): Clock => {
  const { speed = 1, startAtMs } = options;
  const origin = Date.now();
  const now = (): number =>
    startAtMs === undefined && speed === 1 ? Date.now() : Math.round((startAtMs ?? origin) + (Date.now() - origin) * speed);
  const after = (milliseconds: number, callback: () => void): (() => void) => {
    const due = now() + milliseconds;
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const left = due - now();
      timer = setTimeout(
        () => (due <= now() ? callback() : arm()),
        Math.min(Math.max(0, Math.ceil(left / speed)), TIMEOUT_MS_MAX),
      );
      timer.unref();
    };
    arm();
    return () => clearTimeout(timer);
  };
  return { now, after };
};

export type ManualClock = Clock & {
  /** Moves time on, ringing what falls due on the way in the order it falls due. */
  readonly advance: (milliseconds: number) => void;
};

/** A clock that stands still until it is told to move: for tests, and for the world's own physics. */
export const createManualClock = (startAtMs = Date.UTC(2026, 0, 5, 14, 0, 0)): ManualClock => {
  let time = startAtMs;
  let sequence = 0;
  const waiting = new Map<number, { readonly due: number; readonly callback: () => void }>();
  const next = () => [...waiting].sort(([a, x], [b, y]) => x.due - y.due || a - b)[0];
  return {
    now: () => time,
    after: (milliseconds, callback) => {
      const id = sequence++;
      waiting.set(id, { due: time + Math.max(0, milliseconds), callback });
      return () => waiting.delete(id);
    },
    advance: (milliseconds) => {
      const until = time + milliseconds;
      for (let due = next(); due !== undefined && due[1].due <= until; due = next()) {
        waiting.delete(due[0]);
        time = Math.max(time, due[1].due);
        due[1].callback();
      }
      time = until;
    },
  };
};
