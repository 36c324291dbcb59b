/** What a person says, types and marks. */
import { type Context, withEntry } from './context.ts';
import { composerKey, type Draft, type Intents, type Press } from './draw.ts';
import type { Live } from './live.ts';
import { sentenceFor } from './server.ts';

const EMPTY_DRAFT: Draft = { text: '', caret: 0, at: 0, dismissed: false };
/** The server tells of these in the channel, as Slackbot; once is enough. */
const TOLD_BY_SLACKBOT: ReadonlySet<string> = new Set(['operation_timeout', 'dispatch_failed']);

type Talking = Pick<Intents, 'say' | 'draft' | 'react' | 'shortcut' | 'join' | 'dismissNotice'>;

export function talkingIntents(context: Context, live: Live): Talking {
  const { ui, me, around, set, track, toast } = context;

  const say = async (channel: string, threadTs?: string): Promise<void> => {
    const key = composerKey(channel, threadTs);
    const draft = ui.drafts.get(key) ?? EMPTY_DRAFT;
    if (draft.text.trim() === '') return;
    const isCommand = draft.text.startsWith('/');
    set({ drafts: withEntry(ui.drafts, key, EMPTY_DRAFT) });
    const thread = threadTs === undefined ? {} : { threadTs };
    const show = (press: Press | undefined): void => set({ sending: withEntry(ui.sending, key, press) });
    const reply = await track(show, () => around.line.act({ do: 'say', as: me.as, channel, text: draft.text.trim(), ...thread }));
    if (!reply.ok) {
      if (isCommand && TOLD_BY_SLACKBOT.has(reply.error)) show(undefined);
      // What was typed is not lost, unless something else has been typed meanwhile.
      if ((ui.drafts.get(key)?.text ?? '') === '') set({ drafts: withEntry(ui.drafts, key, draft) });
    }
    await live.refresh();
  };

  /** Small things say nothing when they work, and a sentence when they do not. */
  const quietly = async (action: Parameters<typeof around.line.act>[0]): Promise<void> => {
    const reply = await around.line.act(action);
    if (!reply.ok) toast(sentenceFor(reply.error));
    await live.refresh();
  };

  return {
    say: (channel, threadTs) => void say(channel, threadTs),
    draft: (key, draft) => {
      // Whoever types again has read what went wrong.
      if (ui.sending.get(key)?.stage === 'failed') ui.sending = withEntry(ui.sending, key, undefined);
      set({ drafts: withEntry(ui.drafts, key, draft) });
    },
    react: (channel, messageTs, name) => void quietly({ do: 'react', as: me.as, channel, messageTs, name }),
    shortcut: (callbackId, channel, messageTs) =>
      void quietly({ do: 'shortcut', as: me.as, callbackId, channel, ...(messageTs !== undefined && { messageTs }) }),
    join: (channel) => void quietly({ do: 'join', as: me.as, channel }),
    dismissNotice: (id) => void quietly({ do: 'dismiss-notice', as: me.as, id }),
  };
}
