/** Puts the page together in the browser. */

import type { Surroundings } from './context.ts';
import { createController } from './controller.ts';
import type { Draw, Main } from './draw.ts';
import { createScreen } from './patch.ts';
import { loadingNode, screenNode } from './screen.ts';
import { createPageLine } from './server.ts';
import { titleOf } from './sidebar.ts';

/** Relative dates ("2 minutes ago") grow older by themselves. */
const REDRAW_MS = 20_000;
/** This window's member and channel: another window may be someone else. */
const MEMORY_KEY = 'slack-sandbox-page';

const line = createPageLine();
const paint = createScreen(document.getElementById('app')!);
const announcer = document.getElementById('announcer')!;

type Memory = { readonly as: string; readonly main: Main };
const recall = (): Memory => {
  const kept = sessionStorage.getItem(MEMORY_KEY);
  return kept === null ? { as: '', main: { kind: 'channel', id: '' } } : (JSON.parse(kept) as Memory);
};
const target = (): URLSearchParams => new URLSearchParams(location.hash.slice(1));

const surroundings: Surroundings = {
  line,
  draw: (draw, online) => {
    paint(draw ? screenNode(draw) : loadingNode(online));
    if (!draw) return;
    syncComposers(draw);
    document.title = titleOf(draw);
  },
  announce: (text) => {
    // The same words twice are read twice only if the text changes.
    announcer.textContent = announcer.textContent === text ? `${text}\u00A0` : text;
  },
  focus: (selector) => requestAnimationFrame(() => document.querySelector<HTMLElement>(selector)?.focus()),
  showMessage: (ts) =>
    requestAnimationFrame(() => {
      const message = document.getElementById(`message-${ts}`);
      message?.scrollIntoView({ block: 'center' });
      message?.focus();
    }),
  copy: (text) =>
    navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    ),
  remember: (as, main) => sessionStorage.setItem(MEMORY_KEY, JSON.stringify({ as, main })),
  isVisible: () => document.visibilityState === 'visible',
  origin: location.origin,
  nowMs: Date.now,
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** A text area's text is the person's; only a suggestion, a sent message or a restored draft changes it from here. */
function syncComposers({ ui }: Draw): void {
  for (const [key, { text, caret }] of ui.drafts) {
    const element = document.getElementById(`composer-${key}`) as HTMLTextAreaElement | null;
    if (!element || element.value === text) continue;
    element.value = text;
    element.setSelectionRange(caret, caret);
  }
}

const start = recall();
const controller = createController({ as: target().get('as') ?? start.as, main: start.main }, surroundings);
const goToTarget = (): void => {
  const channel = target().get('channel');
  if (channel !== null) controller.openMessage(channel, target().get('ts') ?? undefined);
};

document.addEventListener('pointerdown', ({ target: pressed }) => {
  if (controller.ui.menu !== undefined && !(pressed as Element).closest('.menu-anchor')) controller.intents.openMenu(undefined);
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && controller.ui.sidebar && !event.defaultPrevented) controller.intents.toggleSidebar(false);
  const place = event.altKey && !event.ctrlKey ? /^Digit([1-9])$/.exec(event.code)?.[1] : undefined;
  const member = place && controller.state()?.users.filter(({ isBot }) => !isBot)[Number(place) - 1];
  if (!member) return;
  event.preventDefault();
  controller.intents.actAs(member.id);
});
document.addEventListener('visibilitychange', controller.markRead);
window.addEventListener('hashchange', goToTarget);
setInterval(controller.redraw, REDRAW_MS);
controller.redraw();
line.follow(() => void controller.refresh(), controller.setOnline);
await controller.refresh();
goToTarget();
