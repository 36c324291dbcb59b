/**
 * A person at the keyboard: types commands, presses buttons by what is written on them, fills in forms by their labels.
 * Everything goes through the workspace, which signs and sends it to the bot as Slack does.
 */
import type { Block, KnownBlock, View } from '@slack/types';
import type { PageChannel, PageMessage, PageState, PageView, ViewValues } from './slack/page-api.ts';
import type { SlackWorkspace } from './slack/workspace.ts';

/** How long a person waits for what should come, milliseconds of the wall. */
const PATIENCE_MS = 20_000;

type Element = {
  readonly type: string;
  readonly action_id?: string;
  readonly text?: { readonly text: string };
  readonly value?: string;
  readonly options?: readonly Option[];
};
type Option = { readonly text: { readonly text: string }; readonly value?: string };
type Placed = { readonly blockId: string; readonly element: Element };

export const elementsOf = (blocks: readonly (KnownBlock | Block)[]): readonly Placed[] =>
  blocks.flatMap((block) => {
    const {
      block_id: blockId = '',
      elements,
      element,
      accessory,
    } = block as { block_id?: string; elements?: Element[]; element?: Element; accessory?: Element };
    return [
      ...(elements ?? []),
      ...(element === undefined ? [] : [element]),
      ...(accessory === undefined ? [] : [accessory]),
    ].map((one) => ({ blockId, element: one }));
  });
const labelOf = ({ text }: Element): string => text?.text ?? '';
const matches = (text: string, wanted: string | RegExp): boolean =>
  typeof wanted === 'string' ? text === wanted : wanted.test(text);
const titleOf = (view: View): string => ('title' in view && view.title !== undefined ? view.title.text : '');
/** Everything that is written on a message, for looking for words. */
export const wordsOn = ({ text, blocks }: Pick<PageMessage, 'text' | 'blocks'>): string => `${text}\n${JSON.stringify(blocks)}`;

export const channelNamed = (state: PageState, name: string | RegExp): PageChannel | undefined =>
  state.channels.find((channel) => matches(channel.name, name));

export type Player = ReturnType<typeof createPlayer>;

export const createPlayer = (slack: SlackWorkspace, as: string, patienceMs = PATIENCE_MS) => {
  const must = async (what: string, done: Promise<{ readonly ok: boolean; readonly error?: string }>): Promise<void> => {
    const reply = await done;
    if (!reply.ok) throw new Error(`${as} could not ${what}: ${reply.error}`);
  };
  const until = (what: string, predicate: (state: PageState) => boolean): Promise<PageState> =>
    slack.until(as, what, predicate, patienceMs);

  const channel = async (name: string | RegExp): Promise<PageChannel> => {
    const state = await until(`the channel ${name}`, (now) => channelNamed(now, name) !== undefined);
    return channelNamed(state, name) as PageChannel;
  };
  /** The newest message of a channel that says something. */
  const message = async (where: string | RegExp, says: string | RegExp): Promise<PageMessage> => {
    const find = (state: PageState): PageMessage | undefined =>
      channelNamed(state, where)?.messages.findLast((one) =>
        typeof says === 'string' ? wordsOn(one).includes(says) : says.test(wordsOn(one)),
      );
    const state = await until(`a message that says ${says} in ${where}`, (now) => find(now) !== undefined);
    return find(state) as PageMessage;
  };
  const modal = async (title: string | RegExp): Promise<PageView> => {
    const top = (state: PageState): PageView | undefined =>
      state.views.at(-1) && matches(titleOf(state.views.at(-1)?.view as View), title) ? state.views.at(-1) : undefined;
    return top(await until(`the form ${title}`, (now) => top(now) !== undefined)) as PageView;
  };

  const press = async (
    label: string | RegExp,
    where: { readonly channel: string; readonly messageTs: string } | { readonly viewId: string },
    blocks: readonly (KnownBlock | Block)[],
  ): Promise<void> => {
    const found = elementsOf(blocks).find(({ element }) => element.type === 'button' && matches(labelOf(element), label));
    if (found === undefined)
      throw new Error(
        `There is no button ${label}; there are: ${elementsOf(blocks)
          .map(({ element }) => labelOf(element))
          .join(' | ')}`,
      );
    await must(
      `press ${label}`,
      slack.act({ do: 'block-action', as, ...where, action: { ...found.element, block_id: found.blockId } }),
    );
  };

  return {
    as,
    until,
    channel,
    message,
    modal,
    say: async (where: string | RegExp, text: string) =>
      must('say that', slack.act({ do: 'say', as, channel: (await channel(where)).id, text })),
    command: async (where: string | RegExp, text: string) => {
      const [command = '', ...words] = text.split(' ');
      await must(
        `type ${text}`,
        slack.act({ do: 'command', as, channel: (await channel(where)).id, command, text: words.join(' ') }),
      );
    },
    /** Presses a button on the newest message of a channel that has one of this label. */
    press: async (where: string | RegExp, label: string | RegExp) => {
      const has = ({ blocks }: PageMessage): boolean =>
        elementsOf(blocks).some(({ element }) => element.type === 'button' && matches(labelOf(element), label));
      const find = (state: PageState) => channelNamed(state, where)?.messages.findLast(has);
      const state = await until(`the button ${label} in ${where}`, (now) => find(now) !== undefined);
      const found = find(state) as PageMessage;
      await press(label, { channel: (channelNamed(state, where) as PageChannel).id, messageTs: found.ts }, found.blocks);
    },
    pressIn: async (title: string | RegExp, label: string | RegExp) => {
      const { id, view } = await modal(title);
      await press(label, { viewId: id }, view.blocks);
    },
    /** Fills in and sends a form. Values by the label of their input: text, the words of an option, or `true` for every checkbox. */
    submit: async (title: string | RegExp, values: Readonly<Record<string, string | true>> = {}) => {
      const { id, view } = await modal(title);
      await must(`send ${title}`, slack.act({ do: 'submit-view', as, viewId: id, values: stateOf(view, values) }));
    },
    close: async (title: string | RegExp) =>
      must(`close ${title}`, slack.act({ do: 'close-view', as, viewId: (await modal(title)).id })),
  };
};

type Input = {
  readonly type: 'input';
  readonly block_id: string;
  readonly label: { readonly text: string };
  readonly element: Element & { readonly action_id: string } & Record<string, unknown>;
};
const stateOf = (view: View, values: Readonly<Record<string, string | true>>): ViewValues => {
  const inputs = (view.blocks as readonly Block[]).filter(
    (block): block is Block & Input => block.type === 'input',
  ) as unknown as readonly Input[];
  const unknown = Object.keys(values).filter((label) => !inputs.some((input) => input.label.text.startsWith(label)));
  if (unknown.length > 0)
    throw new Error(`The form has no ${unknown.join(', ')}; it has: ${inputs.map(({ label }) => label.text).join(' | ')}`);
  return Object.fromEntries(
    inputs.map(({ block_id, label, element }) => {
      const given = Object.entries(values).find(([name]) => label.text.startsWith(name))?.[1];
      return [block_id, { [element.action_id]: elementState(element, given) }];
    }),
  );
};
const elementState = (element: Input['element'], given: string | true | undefined): Record<string, unknown> => {
  const { type, options = [] } = element;
  switch (type) {
    case 'plain_text_input':
      return { type, value: given ?? element['initial_value'] ?? null };
    case 'checkboxes':
      return { type, selected_options: given === true ? options : (element['initial_options'] ?? []) };
    case 'multi_users_select':
      return { type, selected_users: given === undefined ? [] : [given] };
    case 'users_select':
      return { type, selected_user: given ?? element['initial_user'] ?? null };
    default:
      return {
        type,
        selected_option:
          given === undefined
            ? (element['initial_option'] ?? null)
            : options.find(({ text, value }) => text.text === given || value === given || text.text.startsWith(String(given))),
      };
  }
};
