/** A screen without a browser: a small workspace, the intents that a tree asks for, and ways to find and press things. */

import { createUi } from '../../../sandbox/slack/page/app/context.ts';
import type { Ui } from '../../../sandbox/slack/page/app/draw.ts';
import { type Draw, type Intents, messagePlace } from '../../../sandbox/slack/page/app/draw.ts';
import { type Child, findAll, h, textOf, type VElement } from '../../../sandbox/slack/page/app/vdom.ts';
import type { PageChannel, PageMessage, PageState } from '../../../sandbox/slack/page-api.ts';

/** Monday, 5 January 2026, 14:00 UTC. */
export const NOW_SECONDS = Date.UTC(2026, 0, 5, 14) / 1000;
export const PLACE = messagePlace('C0SHOP', '1767621600.000100');

export const message = (overrides: Partial<PageMessage> = {}): PageMessage => ({
  ts: '1767621600.000100',
  user: 'U0BEN',
  text: 'hello',
  blocks: [],
  replyCount: 0,
  edited: false,
  reactions: [],
  pinned: false,
  ephemeral: false,
  files: [],
  ...overrides,
});

export const channel = (overrides: Partial<PageChannel> = {}): PageChannel => ({
  id: 'C0SHOP',
  name: 'shop',
  isIm: false,
  archived: false,
  topic: '',
  purpose: '',
  members: ['U0ANA', 'U0BEN'],
  bookmarks: [],
  unread: false,
  messages: [],
  ...overrides,
});

export const state = (overrides: Partial<PageState> = {}): PageState => ({
  version: 1,
  as: 'U0ANA',
  users: [
    { id: 'U0ANA', name: 'ana', realName: 'Ana Ruiz', isBot: false, color: '0b7a75' },
    { id: 'U0BEN', name: 'ben', realName: 'Ben Okafor', isBot: false, color: '7b2d8b' },
    { id: 'U0BOT', name: 'firebreak', realName: 'Firebreak', isBot: true, color: 'b3541e' },
  ],
  channels: [channel()],
  views: [],
  commands: [{ command: '/incident', description: 'Incidents', usageHint: 'start sev2 what is broken' }],
  shortcuts: [{ callbackId: 'keep', name: 'Add to timeline', type: 'message' }],
  notices: [],
  ...overrides,
});

export type Asked = readonly [keyof Intents, ...unknown[]];

/** Every intent is written down instead of done. */
export const drawing = (overrides: { state?: Partial<PageState>; ui?: Partial<Ui> } = {}) => {
  const asked: Asked[] = [];
  const intents = new Proxy({} as Intents, {
    get:
      (_, name) =>
      (...values: unknown[]) => {
        asked.push([name as keyof Intents, ...values]);
        return false;
      },
  });
  const ui: Ui = { ...createUi({ kind: 'channel', id: 'C0SHOP' }), ...overrides.ui };
  const draw: Draw = { state: state(overrides.state), ui, intents, nowSeconds: NOW_SECONDS, zone: 'UTC' };
  return { draw, asked };
};

export const tree = (...children: readonly Child[]): VElement => h('div', {}, children);
export const byTag = (node: VElement, tag: string): readonly VElement[] => findAll(node, (each) => each.tag === tag);
export const attr = (node: VElement | undefined, name: string): unknown => node?.props.attrs?.[name];
export const isHidden = (node: VElement): boolean => attr(node, 'aria-hidden') === 'true';

/** What a screen reader would call it: its label, else what is in it that is not hidden. */
export const nameOf = (node: VElement): string => rawName(node).replace(/\s+/g, ' ').trim();
const rawName = (node: VElement): string => {
  const label = attr(node, 'aria-label') ?? attr(node, 'alt');
  if (typeof label === 'string') return label;
  return node.children.map((child) => (typeof child === 'string' ? child : isHidden(child) ? '' : rawName(child))).join('');
};

const INTERACTIVE: ReadonlySet<string> = new Set(['button', 'a', 'input', 'select', 'textarea']);
export const controls = (node: VElement): readonly VElement[] => findAll(node, ({ tag }) => INTERACTIVE.has(tag));

export const named = (node: VElement, name: string): VElement => {
  const all = controls(node);
  const found = all.find((each) => nameOf(each) === name);
  if (!found) throw new Error(`No control is called “${name}”, only: ${all.map((each) => `“${nameOf(each)}”`).join(', ')}`);
  return found;
};

export const fire = (node: VElement, type: string, event: object = {}): void => {
  const listener = node.props.on?.[type];
  if (!listener) throw new Error(`Nothing listens to ${type} on <${node.tag}>.`);
  listener({ preventDefault: () => undefined, stopPropagation: () => undefined, ...event } as unknown as Event);
};

export { textOf };
