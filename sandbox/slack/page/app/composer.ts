/**
 * Where one types. The suggestions never take the focus (`aria-activedescendant`); a text of several lines cannot be a
 * combobox: https://www.w3.org/TR/html-aria/#el-textarea
 */
import { appName, composerKey, type Draft, type Draw } from './draw.ts';
import { icon } from './icons.ts';
import { menuButton } from './menu.ts';
import { accept, type Suggestions, suggestionsFor } from './suggest.ts';
import { type Child, h, type VElement } from './vdom.ts';

const EMPTY: Draft = { text: '', caret: 0, at: 0, dismissed: false };

export type Composer = { readonly channel: string; readonly threadTs?: string; readonly label: string };

export function composerNode(composer: Composer, draw: Draw): VElement {
  const key = composerKey(composer.channel, composer.threadTs);
  const draft = draw.ui.drafts.get(key) ?? EMPTY;
  const suggestions = suggestionsFor(draft, draw.state, composer.threadTs !== undefined);
  const id = `composer-${key}`;
  const send = (): void => draw.intents.say(composer.channel, composer.threadTs);
  return h(
    'div.composer',
    { key: id },
    statusNode(key, draw),
    suggestionsNode(id, key, draft, suggestions, draw),
    suggestions.usage !== undefined &&
      h('p.usage', { attrs: { id: `${id}-usage` } }, h('span.usage-lead', {}, 'Usage '), h('code', {}, suggestions.usage)),
    h(
      'div.composer-box',
      {},
      composer.threadTs === undefined && shortcutsMenu(composer.channel, draw),
      h('textarea.composer-text', {
        key: id,
        attrs: {
          id,
          rows: 1,
          placeholder: composer.label,
          'aria-label': composer.label,
          'aria-autocomplete': 'list',
          'aria-controls': `${id}-list`,
          'aria-activedescendant': suggestions.items.length > 0 ? `${id}-${draft.at}` : undefined,
          'aria-describedby': suggestions.usage === undefined ? undefined : `${id}-usage`,
          autocomplete: 'off',
        },
        once: { value: draft.text },
        on: {
          input: (event) => draw.intents.draft(key, read(event, draft)),
          keydown: (event) => keydown(event as KeyboardEvent, { key, draft, suggestions, send }, draw),
          click: (event) => moveCaret(event, key, draft, draw),
        },
      }),
      h(
        'button.send',
        {
          attrs: { type: 'button', 'aria-label': 'Send', title: 'Send (Enter)', disabled: draft.text.trim() === '' },
          on: { click: send },
        },
        icon('send'),
      ),
    ),
  );
}

const read = (event: Event, before: Draft): Draft => {
  const { value, selectionStart } = event.target as HTMLTextAreaElement;
  return { text: value, caret: selectionStart, at: 0, dismissed: before.dismissed && value !== '' && !/\s$/.test(value) };
};

function moveCaret(event: Event, key: string, draft: Draft, draw: Draw): void {
  const { selectionStart } = event.target as HTMLTextAreaElement;
  if (selectionStart !== draft.caret) draw.intents.draft(key, { ...draft, caret: selectionStart });
}

type Typing = { readonly key: string; readonly draft: Draft; readonly suggestions: Suggestions; readonly send: () => void };

function keydown(event: KeyboardEvent, { key, draft, suggestions, send }: Typing, draw: Draw): void {
  if (event.isComposing) return;
  const next = afterKey(event, draft, suggestions);
  if (next === undefined) return;
  event.preventDefault();
  // The panel around a thread would close.
  event.stopPropagation();
  if (next === 'send') send();
  else draw.intents.draft(key, next);
}

/** What a key makes of the draft; undefined when it is the text area's own. */
function afterKey({ key, shiftKey }: KeyboardEvent, draft: Draft, suggestions: Suggestions): Draft | 'send' | undefined {
  const { items } = suggestions;
  const chosen = items[draft.at];
  if (chosen) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step !== undefined) return { ...draft, at: (draft.at + step + items.length) % items.length };
    if (key === 'Escape') return { ...draft, dismissed: true };
    if ((key === 'Tab' || key === 'Enter') && !shiftKey) return accept(draft, suggestions, chosen);
  }
  return key === 'Enter' && !shiftKey ? 'send' : undefined;
}

function suggestionsNode(id: string, key: string, draft: Draft, suggestions: Suggestions, draw: Draw): Child {
  return h(
    'ul.suggestions',
    { attrs: { id: `${id}-list`, role: 'listbox', 'aria-label': 'Suggestions', hidden: suggestions.items.length === 0 } },
    suggestions.items.map((item, index) =>
      h(
        'li.suggestion',
        {
          key: item.insert,
          attrs: { id: `${id}-${index}`, role: 'option', 'aria-selected': index === draft.at ? 'true' : 'false' },
          on: {
            // Before the textarea loses its focus.
            mousedown: (event) => {
              event.preventDefault();
              draw.intents.draft(key, accept(draft, suggestions, item));
            },
          },
        },
        h('span.suggestion-title', {}, item.title),
        h('span.suggestion-detail', {}, item.detail),
      ),
    ),
  );
}

function statusNode(key: string, draw: Draw): Child {
  const press = draw.ui.sending.get(key);
  if (press?.stage === 'failed') return h('p.trouble', { attrs: { role: 'alert' } }, press.sentence);
  return (
    press && h('p.waiting', { attrs: { role: 'status' } }, press.stage === 'slow' ? 'Waiting for the app to answer…' : 'Sending…')
  );
}

function shortcutsMenu(channel: string, draw: Draw): Child {
  const shortcuts = draw.state.shortcuts.filter(({ type }) => type === 'global');
  return (
    shortcuts.length > 0 &&
    menuButton(
      {
        id: `shortcuts:${channel}`,
        label: 'Shortcuts',
        face: icon('plus'),
        class: 'tool shortcuts',
        items: shortcuts.map(({ callbackId, name }) => ({
          key: callbackId,
          label: name,
          hint: appName(draw),
          choose: () => draw.intents.shortcut(callbackId, channel),
        })),
      },
      draw,
    )
  );
}
