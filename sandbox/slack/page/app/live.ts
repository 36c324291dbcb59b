/** Keeps the screen in line with the workspace: reads its state, says what is new, marks as read what was seen. */
import type { PageState } from '../../page-api.ts';
import { type Context, withEntry } from './context.ts';
import { newsBetween } from './news.ts';

export type Live = {
  /** Reads the state anew and draws it; calls that come meanwhile are answered by one more reading. */
  readonly refresh: () => Promise<void>;
  readonly markRead: () => void;
  readonly readCanvas: (url: string) => Promise<void>;
};

export function createLive(context: Context): Live {
  const { ui, me, around, set } = context;

  const markRead = (): void => {
    const { main } = ui;
    const channel = me.state?.channels.find(({ id }) => main.kind === 'channel' && id === main.id);
    const last = channel?.messages.at(-1)?.ts;
    if (!channel || last === undefined || !around.isVisible()) return;
    ui.seen = withEntry(ui.seen, `${me.as}/${channel.id}`, last);
    if (channel.unread) void around.line.act({ do: 'read', as: me.as, channel: channel.id });
  };

  const readCanvas = async (url: string): Promise<void> => {
    const text = await around.line.text(url);
    set({ canvases: withEntry(ui.canvases, url, text ?? 'This canvas cannot be read.') });
  };

  const settle = (before: PageState | undefined): void => {
    const { main } = ui;
    const { channels, views } = me.state!;
    const first = channels.find(({ isIm, members }) => !isIm && members.includes(me.as)) ?? channels[0];
    if (main.kind === 'channel' && !channels.some(({ id }) => id === main.id) && first)
      ui.main = { kind: 'channel', id: first.id };
    // What was typed in a modal goes with it; another member's modals are only out of sight.
    const gone = before?.as === me.as ? before.views.filter((old) => !views.some(({ id }) => id === old.id)) : [];
    const closed = new Set(gone.map(({ id }) => `view:${id}`));
    ui.values = Object.fromEntries(Object.entries(ui.values).filter(([surface]) => !closed.has(surface)));
    markRead();
    if (ui.side?.kind === 'canvas') void readCanvas(ui.side.url);
  };

  const read = async (): Promise<void> => {
    const asked = me.as;
    const next = await around.line.read(asked);
    // The person may have become someone else meanwhile.
    if (next === undefined || asked !== me.as) return;
    const before = me.state;
    me.as = next.as;
    me.state = next;
    settle(before);
    const news = newsBetween(before, context.drawing()!);
    if (news.said.length > 0) around.announce(news.said.join(' '));
    const { main } = context.ui;
    // Whoever has opened it already knows.
    const elsewhere = news.invitedTo.filter(({ id }) => main.kind !== 'channel' || main.id !== id);
    for (const channel of elsewhere) context.toast(`You were added to #${channel.name}`, channel.id);
    context.redraw();
  };
  return { refresh: oneAtATime(read), markRead, readCanvas };
}

/** Whoever asks during one run gets the next one. */
function oneAtATime(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const start = (): Promise<void> => {
    running = run().finally(() => {
      running = undefined;
    });
    return running;
  };
  return () => {
    if (!running) return start();
    next ??= running.then(() => {
      next = undefined;
      return start();
    });
    return next;
  };
}
