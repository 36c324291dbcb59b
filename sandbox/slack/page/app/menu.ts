/**
 * A button and the menu it opens, after https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/: arrows move, letters jump,
 * Enter chooses, Esc goes back to the button. The menu is a popover, so that it lies above a modal too.
 */
import type { Draw } from './draw.ts';
import { type Child, h, type VElement } from './vdom.ts';

export type MenuItem = {
  readonly key: string;
  readonly label: Child;
  /** Said instead of what is drawn. */
  readonly name?: string;
  readonly hint?: Child;
  /** Given, the item is one choice of several. */
  readonly chosen?: boolean;
  /** A line above the item: the name of its group. */
  readonly group?: string | undefined;
  readonly danger?: boolean;
  readonly choose: () => void;
};
export type MenuButton = {
  readonly id: string;
  readonly label: string;
  readonly face: Child;
  readonly class?: string;
  readonly busy?: boolean;
  readonly describedBy?: string | undefined;
  readonly items: readonly MenuItem[];
  /** Small squares side by side: reactions. */
  readonly grid?: boolean;
};

const GAP_PX = 4;
/** As `.menu-grid` in overlays.css has them. */
const GRID_COLUMNS = 8;

export function menuButton(menu: MenuButton, draw: Draw): VElement {
  const isOpen = draw.ui.menu === menu.id;
  const toggle = (): void => {
    if (!menu.busy) draw.intents.openMenu(isOpen ? undefined : menu.id);
  };
  const keydown = (event: Event): void => {
    const { key } = event as KeyboardEvent;
    if ((key !== 'ArrowDown' && key !== 'ArrowUp') || isOpen) return;
    event.preventDefault();
    event.stopPropagation();
    toggle();
  };
  const button = h(
    'button',
    {
      class: menu.class,
      attrs: {
        type: 'button',
        'aria-haspopup': 'menu',
        'aria-expanded': isOpen ? 'true' : 'false',
        'aria-label': menu.label,
        'aria-busy': menu.busy ? 'true' : undefined,
        'aria-describedby': menu.describedBy,
        title: menu.grid ? menu.label : undefined,
      },
      on: { click: toggle, keydown },
    },
    menu.face,
  );
  return h('span.menu-anchor', {}, button, isOpen && popup(menu, draw));
}

function popup(menu: MenuButton, draw: Draw): VElement {
  const close = (): void => draw.intents.openMenu(undefined);
  return h(
    'div.menu',
    {
      key: menu.id,
      class: menu.grid ? 'menu-grid' : undefined,
      attrs: { popover: 'manual', role: 'menu', 'aria-label': menu.label },
      on: {
        keydown: (event) => moveInMenu(event as KeyboardEvent, close),
        focusout: (event) => closeWhenLeft(event as FocusEvent, close),
      },
      created: show,
      removed: giveFocusBack,
    },
    menu.items.map((item) => itemNode(item, close)),
  );
}

function itemNode(item: MenuItem, close: () => void): VElement {
  const choose = (): void => {
    close();
    item.choose();
  };
  const button = h(
    'button.menu-item',
    {
      key: item.key,
      class: item.danger ? 'danger' : undefined,
      attrs: {
        type: 'button',
        role: item.chosen === undefined ? 'menuitem' : 'menuitemradio',
        'aria-checked': item.chosen === undefined ? undefined : item.chosen ? 'true' : 'false',
        'aria-label': item.name,
        title: item.name,
        tabindex: -1,
      },
      on: { click: choose },
    },
    item.chosen !== undefined && h('span.menu-mark', { attrs: { 'aria-hidden': 'true' } }, item.chosen ? '✓' : ' '),
    h('span.menu-text', {}, h('span', {}, item.label), item.hint && h('span.menu-hint', {}, item.hint)),
  );
  return item.group === undefined
    ? button
    : h('div', { key: item.key, attrs: { role: 'none' } }, h('div.menu-group', { attrs: { role: 'none' } }, item.group), button);
}

/** Below its button, above it where there is more room, never outside the window. */
function show(menu: HTMLElement): void {
  menu.showPopover();
  const anchor = menu.parentElement!.querySelector('button')!.getBoundingClientRect();
  const below = window.innerHeight - anchor.bottom;
  const above = anchor.top;
  const upwards = below < menu.offsetHeight + 2 * GAP_PX && above > below;
  menu.style.maxHeight = `${Math.max(upwards ? above : below, 120) - 3 * GAP_PX}px`;
  menu.style.top = `${upwards ? Math.max(GAP_PX, anchor.top - menu.offsetHeight - GAP_PX) : anchor.bottom + GAP_PX}px`;
  menu.style.left = `${Math.max(GAP_PX, Math.min(anchor.left, window.innerWidth - menu.offsetWidth - 2 * GAP_PX))}px`;
  const first = menu.querySelector<HTMLElement>('[aria-checked="true"]') ?? itemsOf(menu)[0];
  first?.focus();
}

function giveFocusBack(menu: HTMLElement): void {
  if (menu.contains(document.activeElement) || document.activeElement === document.body)
    menu.parentElement?.querySelector('button')?.focus();
}

const itemsOf = (menu: Element): HTMLElement[] => [...menu.querySelectorAll<HTMLElement>('.menu-item')];

function closeWhenLeft(event: FocusEvent, close: () => void): void {
  const menu = event.currentTarget as HTMLElement;
  const next = event.relatedTarget as Node | null;
  // The button itself closes it by its own click. A menu that is being taken away loses its focus too.
  if (menu.isConnected && next && !menu.parentElement?.contains(next)) close();
}

function moveInMenu(event: KeyboardEvent, close: () => void): void {
  const menu = event.currentTarget as HTMLElement;
  const items = itemsOf(menu);
  const at = items.indexOf(document.activeElement as HTMLElement);
  const go = (index: number): void => items[(index + items.length) % items.length]?.focus();
  const row = menu.classList.contains('menu-grid') ? GRID_COLUMNS : 1;
  const moves: Readonly<Record<string, () => void>> = {
    ArrowDown: () => go(at + row),
    ArrowUp: () => go(at - row),
    ArrowRight: () => go(at + 1),
    ArrowLeft: () => go(at - 1),
    Home: () => go(0),
    End: () => go(items.length - 1),
    Escape: close,
    Tab: close,
  };
  event.stopPropagation();
  const move = moves[event.key];
  if (move) {
    event.preventDefault();
    move();
  } else if (event.key.length === 1 && event.key !== ' ') {
    const after = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    after.find((item) => spokenStart(item).startsWith(event.key.toLowerCase()))?.focus();
  }
}

const spokenStart = (item: HTMLElement): string => (item.textContent ?? '').replace('✓', '').trim().toLowerCase();
