/** Clicks, choices and modals: what goes to the app. */
import { type Context, withEntry } from './context.ts';
import { type Entry, type Intents, type Payload, type Place, pressKey } from './draw.ts';
import type { Live } from './live.ts';

/** These hold no value that the screen would have to keep. */
const VALUELESS: ReadonlySet<unknown> = new Set(['button', 'overflow']);

export function actingIntents(context: Context, live: Live): Pick<Intents, 'press' | 'change' | 'submit' | 'close'> {
  const { ui, me, around, set, track } = context;

  const change = (place: Place, blockId: string, actionId: string, entry: Entry): void => {
    const surface = ui.values[place.surface] ?? {};
    const block = { ...surface[blockId], [actionId]: entry };
    set({ values: { ...ui.values, [place.surface]: { ...surface, [blockId]: block } } });
  };

  const ask = (dialog: Parameters<Intents['press']>[2]): Promise<boolean> =>
    dialog === undefined
      ? Promise.resolve(true)
      : new Promise((resolve) => {
          const answer = (yes: boolean): void => {
            set({ question: undefined });
            resolve(yes);
          };
          set({ question: { dialog, answer } });
        });

  const press = async (place: Place, payload: Payload, confirm?: Parameters<Intents['press']>[2]): Promise<void> => {
    const { block_id: blockId, action_id: actionId, ...entry } = payload;
    const key = pressKey(place, blockId, actionId);
    const stage = ui.presses.get(key)?.stage;
    if (stage === 'sent' || stage === 'slow') return;
    if (!(await ask(confirm))) return;
    if (!VALUELESS.has(entry['type'])) change(place, blockId, actionId, entry);
    const { surface, ...where } = place;
    const state = ui.values[surface] ?? {};
    await track(
      (now) => set({ presses: withEntry(ui.presses, key, now) }),
      () => around.line.act({ do: 'block-action', as: me.as, ...where, action: payload, state }),
    );
    void live.refresh();
  };

  const submit = async (viewId: string): Promise<void> => {
    const reply = await around.line.act({ do: 'submit-view', as: me.as, viewId, values: ui.values[`view:${viewId}`] ?? {} });
    await live.refresh();
    if (!reply.ok) around.focus('dialog [aria-invalid="true"]');
  };

  return {
    change,
    press: (place, payload, confirm) => void press(place, payload, confirm),
    submit: (viewId) => void submit(viewId),
    close: (viewId) => void around.line.act({ do: 'close-view', as: me.as, viewId }).then(live.refresh),
  };
}
