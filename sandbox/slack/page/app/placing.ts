/** Where the person is and whom they act as. */
import type { Context } from './context.ts';
import type { Intents, Main } from './draw.ts';
import type { Live } from './live.ts';

type Placing = Pick<
  Intents,
  'openMenu' | 'openMain' | 'openSide' | 'toggleSidebar' | 'actAs' | 'dismissToast' | 'copyLink' | 'follow'
>;

const PERMALINK = /^\/archives\/(\w+)\/p(\d+)(\d{6})$/;
const permalink = (origin: string, channel: string, ts: string): string =>
  `${origin}/archives/${channel}/p${ts.replace('.', '')}`;

/** Opens the channel at the message; a reply in its thread. */
export function openMessage({ ui, me, around, set }: Context, channelId: string, ts: string | undefined): void {
  const channel = me.state?.channels.find(({ id }) => id === channelId);
  if (!channel) return;
  const message = channel.messages.find((each) => each.ts === ts);
  const parent = message?.threadTs;
  set({
    main: { kind: 'channel', id: channelId },
    side: parent === undefined || parent === ts ? ui.side : { kind: 'thread', channel: channelId, ts: parent },
    highlight: ts,
    sidebar: false,
  });
  if (ts !== undefined) around.showMessage(parent ?? ts);
}

export function placingIntents(context: Context, live: Live): Placing {
  const { ui, me, around, set, toast } = context;

  const openMain = (main: Main): void => {
    const keepsSide = main.kind === 'channel' && ui.side?.channel === main.id;
    const opened = main.kind === 'channel' ? main.id : undefined;
    set({
      main,
      sidebar: false,
      highlight: undefined,
      side: keepsSide ? ui.side : undefined,
      toasts: ui.toasts.filter(({ channel }) => channel === undefined || channel !== opened),
    });
    around.remember(me.as, main);
    live.markRead();
    if (main.kind === 'home') void around.line.act({ do: 'open-home', as: me.as });
  };

  const actAs = async (user: string): Promise<void> => {
    if (user === me.as) return;
    me.as = user;
    // What one has chosen and pressed in messages is not what the next one has.
    const values = Object.fromEntries(Object.entries(ui.values).filter(([surface]) => surface.startsWith('view:')));
    set({ menu: undefined, sidebar: false, question: undefined, presses: new Map(), values });
    around.remember(user, ui.main);
    await live.refresh();
    around.announce(`You are now ${me.state?.users.find(({ id }) => id === user)?.realName ?? user}.`);
    if (ui.main.kind === 'home') void around.line.act({ do: 'open-home', as: user });
  };

  const copyLink = async (channel: string, ts: string): Promise<void> => {
    const link = permalink(around.origin, channel, ts);
    toast((await around.copy(link)) ? 'Link copied.' : link);
  };

  return {
    openMain,
    actAs: (user) => void actAs(user),
    copyLink: (channel, ts) => void copyLink(channel, ts),
    openMenu: (menu) => set({ menu }),
    openSide: (side) => {
      set({ side });
      if (side?.kind === 'canvas') void live.readCanvas(side.url);
    },
    toggleSidebar: (sidebar) => {
      set({ sidebar });
      around.focus(sidebar ? '.sidebar .switcher' : '.burger');
    },
    dismissToast: (id) => set({ toasts: ui.toasts.filter((each) => each.id !== id) }),
    follow: (url) => {
      const link = URL.canParse(url) ? new URL(url) : undefined;
      const place = link?.origin === around.origin ? PERMALINK.exec(link.pathname) : null;
      if (place) openMessage(context, place[1]!, `${place[2]}.${place[3]}`);
      return place !== null;
    },
  };
}
