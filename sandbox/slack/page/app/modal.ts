/** The modal on top of this member's stack, and the question before a dangerous click. Native dialogs: they hold the focus. */
import type { ModalView, PlainTextElement } from '@slack/types';
import type { PageView } from '../../page-api.ts';
import { blockNodes } from './blocks.ts';
import type { Draw } from './draw.ts';
import { icon } from './icons.ts';
import { plainNodesOf, textNodes } from './inline.ts';
import { type Child, h, type VElement } from './vdom.ts';

/** The error that belongs to no field. */
const WHOLE_VIEW = '*';

export function modalNode(draw: Draw): Child {
  const top = draw.state.views.at(-1);
  if (top?.view.type !== 'modal') return undefined;
  const isFirst = draw.state.views.length === 1;
  const { view, busy } = top;
  const title = `title-${top.id}`;
  const close = (): void => draw.intents.close(top.id);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (!busy && view.submit) draw.intents.submit(top.id);
  };
  return h(
    'dialog.modal',
    {
      key: top.id,
      attrs: { 'aria-labelledby': title, 'aria-busy': busy ? 'true' : undefined },
      created: openDialog,
      removed: (dialog) => (dialog as HTMLDialogElement).close(),
      on: {
        cancel: (event) => {
          event.preventDefault();
          if (draw.ui.menu === undefined) close();
        },
        close: (event) => closedByBrowser(event) && close(),
        keydown: (event) => sendWithControlEnter(event as KeyboardEvent, submit),
      },
    },
    h(
      'form',
      { attrs: { novalidate: true }, on: { submit } },
      h(
        'header.modal-head',
        {},
        h('h2', { attrs: { id: title, tabindex: -1 } }, plainNodesOf(view.title, draw)),
        h(
          'button.tool',
          { attrs: { type: 'button', 'aria-label': 'Close', title: 'Close (Esc)' }, on: { click: close } },
          icon('close'),
        ),
      ),
      top.errors[WHOLE_VIEW] !== undefined && h('p.modal-error', { attrs: { role: 'alert' } }, `⚠ ${top.errors[WHOLE_VIEW]}`),
      h(
        'div.modal-body',
        { key: `body-${top.id}` },
        blockNodes(view.blocks, { surface: `view:${top.id}`, viewId: top.id }, draw),
      ),
      footNode(top, view, isFirst, close, draw),
    ),
  );
}

const footNode = ({ busy }: PageView, view: ModalView, isFirst: boolean, close: () => void, draw: Draw): VElement =>
  h(
    'footer.modal-foot',
    {},
    h(
      'button.button',
      { key: 'close', attrs: { type: 'button' }, on: { click: close } },
      view.close ? plainNodesOf(view.close, draw) : isFirst ? 'Close' : 'Back',
    ),
    view.submit &&
      h(
        'button.button.primary',
        { key: 'submit', attrs: { type: 'submit', 'aria-disabled': busy ? 'true' : undefined } },
        busy && h('span.spinner', { attrs: { 'aria-hidden': 'true' } }),
        busy ? 'Sending…' : plainNodesOf(view.submit, draw),
      ),
  );

/** A second Esc closes a dialog whatever its `cancel` says: https://html.spec.whatwg.org/multipage/interaction.html#close-request */
const closedByBrowser = ({ target, currentTarget }: Event): boolean =>
  target === currentTarget && (target as HTMLElement).isConnected;

/** In a field of several lines Enter is a new line. */
function sendWithControlEnter(event: KeyboardEvent, submit: (event: Event) => void): void {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
}

const FIRST_FIELD = '[autofocus], .modal-body :is(input, textarea, select):not([disabled])';

/** Someone who must read first starts at the title, and cannot send by a stray Enter. */
function openDialog(element: HTMLElement): void {
  (element as HTMLDialogElement).showModal();
  (element.querySelector<HTMLElement>(FIRST_FIELD) ?? element.querySelector<HTMLElement>('h2'))?.focus();
}

/** https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object */
export function questionNode(draw: Draw): Child {
  const { question } = draw.ui;
  if (!question) return undefined;
  const { dialog, answer } = question;
  const isDanger = dialog.style === 'danger';
  const button = (yes: boolean, text: PlainTextElement | undefined, otherwise: string): VElement =>
    h(
      'button.button',
      {
        key: yes ? 'yes' : 'no',
        class: yes ? (dialog.style ?? 'primary') : 'deny',
        attrs: { type: 'button' },
        on: { click: () => answer(yes) },
      },
      text ? plainNodesOf(text, draw) : otherwise,
    );
  return h(
    'dialog.modal.question',
    {
      key: 'question',
      attrs: { role: 'alertdialog', 'aria-labelledby': 'question-title', 'aria-describedby': 'question-text' },
      created: (element) => {
        (element as HTMLDialogElement).showModal();
        // What cannot be undone is not where a tired thumb lands first.
        element.querySelector<HTMLElement>(isDanger ? '.deny' : '.button:not(.deny)')?.focus();
      },
      removed: (element) => (element as HTMLDialogElement).close(),
      on: {
        cancel: (event) => {
          event.preventDefault();
          answer(false);
        },
        close: (event) => closedByBrowser(event) && answer(false),
      },
    },
    h(
      'header.modal-head',
      {},
      h('h2', { attrs: { id: 'question-title' } }, dialog.title ? plainNodesOf(dialog.title, draw) : 'Are you sure?'),
    ),
    h('div.modal-body.text', { attrs: { id: 'question-text' } }, textNodes(dialog.text, draw)),
    h('footer.modal-foot', {}, button(false, dialog.deny, 'Cancel'), button(true, dialog.confirm, 'Yes')),
  );
}
