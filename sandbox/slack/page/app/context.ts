/** What everything that acts is given: this screen's own state, the server, and the few things only a browser can do. */
import type { PageState } from '../../page-api.ts';
import type { Draw, Intents, Main, Press, Toast, Ui } from './draw.ts';
import { latestSeconds } from './news.ts';
import { type PageLine, sentenceFor } from './server.ts';

/** After so long without an answer the person is told that one is waited for. */
const SLOW_MS = 1_000;
const TOASTS_MAX = 4;

export type Surroundings = {
  readonly line: PageLine;
  readonly draw: (draw: Draw | undefined, online: boolean) => void;
  readonly announce: (text: string) => void;
  /** Focuses the first such element, once it is drawn. */
  readonly focus: (selector: string) => void;
  readonly showMessage: (ts: string) => void;
  readonly copy: (text: string) => Promise<boolean>;
  readonly remember: (as: string, main: Main) => void;
  readonly isVisible: () => boolean;
  readonly origin: string;
  readonly nowMs: () => number;
  /** Calls back after so many milliseconds; the answer cancels it. */
  readonly after: (milliseconds: number, callback: () => void) => () => void;
};

export type Reply = Awaited<ReturnType<PageLine['act']>>;

export type Context = {
  readonly ui: Ui;
  readonly around: Surroundings;
  readonly me: { as: string; state: PageState | undefined };
  readonly set: (change: Partial<Ui>) => void;
  readonly redraw: () => void;
  readonly toast: (text: string, channel?: string) => void;
  /** Shows that something is under way, says so when it is slow, and what went wrong. */
  readonly track: (show: (press: Press | undefined) => void, work: () => Promise<Reply>) => Promise<Reply>;
  readonly drawing: () => Draw | undefined;
};

export const createUi = (main: Main): Ui => ({
  main,
  side: undefined,
  menu: undefined,
  sidebar: false,
  values: {},
  presses: new Map(),
  question: undefined,
  drafts: new Map(),
  sending: new Map(),
  toasts: [],
  online: true,
  highlight: undefined,
  seen: new Map(),
  canvases: new Map(),
});

export const withEntry = <Value>(
  map: ReadonlyMap<string, Value>,
  key: string,
  value: Value | undefined,
): ReadonlyMap<string, Value> => {
  const next = new Map(map);
  if (value === undefined) next.delete(key);
  else next.set(key, value);
  return next;
};

/** `intents` comes later: they need the context themselves. */
export function createContext(start: { as: string; main: Main }, around: Surroundings, intents: () => Intents): Context {
  const ui = createUi(start.main);
  const me: Context['me'] = { as: start.as, state: undefined };
  let scheduled = false;
  let toastCount = 0;
  const drawing = (): Draw | undefined =>
    me.state && {
      state: me.state,
      ui,
      intents: intents(),
      nowSeconds: latestSeconds(me.state, around.nowMs() / 1000),
    };
  const redraw = (): void => {
    if (scheduled) return;
    scheduled = true;
    // After the listener that asked for it: a listener may change several things, and hooks may ask again.
    queueMicrotask(() => {
      scheduled = false;
      around.draw(drawing(), ui.online);
    });
  };
  const set = (change: Partial<Ui>): void => {
    Object.assign(ui, change);
    redraw();
  };
  const toast = (text: string, channel?: string): void => {
    toastCount += 1;
    const next: Toast = { id: String(toastCount), text, ...(channel !== undefined && { channel }) };
    set({ toasts: [...ui.toasts.filter((each) => each.text !== text), next].slice(-TOASTS_MAX) });
  };
  const track: Context['track'] = async (show, work) => {
    show({ stage: 'sent' });
    const cancel = around.after(SLOW_MS, () => {
      show({ stage: 'slow' });
      around.announce('Waiting for the app to answer…');
    });
    const reply = await work();
    cancel();
    show(reply.ok ? undefined : { stage: 'failed', sentence: sentenceFor(reply.error) });
    return reply;
  };
  return { ui, around, me, set, redraw, toast, track, drawing };
}
