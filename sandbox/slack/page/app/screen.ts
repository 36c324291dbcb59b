/** The whole screen as one tree. */
import { mainNode } from './channel.ts';
import type { Draw, Ui } from './draw.ts';
import { icon } from './icons.ts';
import { modalNode, questionNode } from './modal.ts';
import { sideNode } from './side.ts';
import { sidebarNode } from './sidebar.ts';
import { type Child, h, type VElement } from './vdom.ts';

export function screenNode(draw: Draw): VElement {
  const { ui } = draw;
  return h(
    'div.screen',
    { class: [ui.side && 'with-side', ui.sidebar && 'with-sidebar'].filter(Boolean).join(' ') },
    h('a.skip', { attrs: { href: '#composer' }, on: { click: skipToComposer } }, 'Skip to the message box'),
    !ui.online && offlineNode(),
    sidebarNode(draw),
    ui.sidebar && h('div.shade', { attrs: { 'aria-hidden': 'true' }, on: { click: () => draw.intents.toggleSidebar(false) } }),
    mainNode(draw),
    sideNode(draw),
    toastsNode(draw),
    modalNode(draw),
    questionNode(draw),
  );
}

const skipToComposer = (event: Event): void => {
  event.preventDefault();
  document.querySelector<HTMLElement>('main .composer-text')?.focus();
};

const offlineNode = (): VElement => h('p.offline', { attrs: { role: 'alert' } }, 'The workspace does not answer. Trying again…');

/** Before the first answer of the server. */
export const loadingNode = (online: Ui['online']): VElement =>
  h(
    'div.screen.loading',
    {},
    h('p', { attrs: { role: 'status' } }, online ? 'Opening the workspace…' : 'The workspace does not answer. Trying again…'),
  );

const toastsNode = (draw: Draw): Child =>
  h(
    'div.toasts',
    { attrs: { role: 'status' } },
    draw.ui.toasts.map(({ id, text, channel }) =>
      h(
        'div.toast',
        { key: id },
        h('span', {}, text),
        channel !== undefined &&
          h(
            'button.button',
            { attrs: { type: 'button' }, on: { click: () => draw.intents.openMain({ kind: 'channel', id: channel }) } },
            'Open',
          ),
        h(
          'button.tool',
          { attrs: { type: 'button', 'aria-label': 'Dismiss' }, on: { click: () => draw.intents.dismissToast(id) } },
          icon('close'),
        ),
      ),
    ),
  );
