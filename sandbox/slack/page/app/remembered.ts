/** Messages drawn once for as long as nothing that they show changes: typing a letter must not draw three hundred messages. */
import type { PageChannel, PageMessage } from '../../page-api.ts';
import { type Draw, messagePlace } from './draw.ts';
import { type MessageLook, messageNode } from './message.ts';
import type { VElement } from './vdom.ts';

/** "2 minutes ago" may be this much behind. */
const MOMENT_SECONDS = 10;

type Remembered = { readonly shows: readonly unknown[]; readonly node: VElement };
const remembered: Readonly<Record<MessageLook['where'], WeakMap<PageMessage, Remembered>>> = {
  channel: new WeakMap(),
  thread: new WeakMap(),
  pins: new WeakMap(),
};

/** The same tree as `messageNode`'s; the very same object when it would not differ, which a redraw then skips. */
export function rememberedMessageNode(message: PageMessage, channel: PageChannel, look: MessageLook, draw: Draw): VElement {
  const shows = whatShows(message, channel, look, draw);
  const known = remembered[look.where].get(message);
  if (known?.shows.every((each, index) => each === shows[index])) return known.node;
  const node = messageNode(message, channel, look, draw);
  remembered[look.where].set(message, { shows, node });
  return node;
}

/** Everything besides the message itself that its tree depends on. */
function whatShows(message: PageMessage, channel: PageChannel, look: MessageLook, draw: Draw): readonly unknown[] {
  const { ui, state, intents, nowSeconds, zone } = draw;
  const { surface } = messagePlace(channel.id, message.ts);
  const isPressed = [...ui.presses.keys()].some((key) => key.startsWith(`${surface}|`));
  return [
    state,
    intents,
    zone,
    look.joined,
    look.tabStop,
    Math.floor(nowSeconds / MOMENT_SECONDS),
    ui.highlight === message.ts,
    // A menu's id holds the time stamp of its message.
    ui.menu?.includes(message.ts) ? ui.menu : undefined,
    isPressed ? ui.presses : undefined,
    ui.values[surface],
  ];
}
