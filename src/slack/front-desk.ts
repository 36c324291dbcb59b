/**
 * What the Slack function does with what Slack sends: it parses, decides (pure), opens a modal, enqueues, answers. Nothing
 * slow: a trigger lives three seconds, Slack waits as long for its answer, and a Lambda freezes when it has answered.
 */
import type { ModalView } from '@slack/types';
import type { Logger } from 'pino';
import { laneOf, type ReplyTo, type WorkRequest } from '../incident/commands.ts';
import type { Incident } from '../incident/state.ts';
import type { ChatMessage, Clock, Queue } from '../ports.ts';
import type { Catalogue } from '../runbook/catalogue.ts';
import { isoTime } from '../time.ts';
import { type ClickContext, type ClickOutcome, onChoice, onClick } from './clicks.ts';
import { dispatch, readCommand } from './dispatch.ts';
import { MENU_ACTION_ID, parseAction, parseMenu, parseModal } from './ids.ts';
import type { BlockActions, SlashCommand, ViewSubmission } from './payloads.ts';
import { requestIdOf } from './request-id.ts';
import { onSubmit } from './submissions.ts';
import { modal, section } from './views/blocks.ts';
import { told } from './views/told.ts';

/** How the desk finds incidents; bounded by `READ_TIMEOUT_MS`, whatever the table does. */
export type IncidentFinder = {
  readonly byChannel: (channelId: string) => Promise<number | undefined>;
  readonly load: (number: number) => Promise<Incident | undefined>;
  readonly listOpen: () => Promise<readonly Incident[]>;
};
export type FrontDeskDeps = {
  readonly queue: Queue;
  readonly log: IncidentFinder;
  readonly catalogue: Catalogue;
  readonly config: { readonly commandName: string };
  readonly logger: Logger;
  readonly clock: Clock;
  /** Milliseconds of the wall: somebody waits, and Slack gives three seconds in all. */
  readonly timeouts?: { readonly readMs: number; readonly enqueueMs: number };
};
const TIMEOUTS = { readMs: 1_500, enqueueMs: 1_000 };

/** What the transport can do for the desk. */
export type Answers = {
  /** Undefined when another delivery of the same request has opened it. */
  readonly open: (view: ModalView) => Promise<string | undefined>;
  readonly replace: (viewId: string, view: ModalView) => Promise<void>;
  /** Privately, to who asked. */
  readonly tell: (message: ChatMessage) => Promise<void>;
};
/** What a sent modal is answered with. */
export type SubmitAnswer =
  | undefined
  | { readonly response_action: 'errors'; readonly errors: Record<string, string> }
  | { readonly response_action: 'update'; readonly view: ModalView };

const SORRY = {
  table: 'Firebreak cannot read its table at the moment. Nothing was done; try again in a few seconds.',
  queue: 'Firebreak’s queue did not answer, so this may not have been taken on. If nothing happens within a minute, try again.',
  trigger: 'Slack closed the door before the form could open (it waits three seconds). Try again.',
  mistake: 'That broke in Firebreak itself, and is in its log. The typed command may do it: help shows them.',
  old: 'That button is from an older version of this message. Use the newest one, or type the command.',
} as const;

/** Said to who asked, instead of the answer. */
class Sorry extends Error {
  override readonly name = 'Sorry';
  readonly sentence: string;
  constructor(sentence: string, cause: unknown) {
    super(sentence, { cause });
    this.sentence = sentence;
  }
}

export const createFrontDesk = (deps: FrontDeskDeps) => {
  const { log, catalogue, config, logger, clock, timeouts = TIMEOUTS } = deps;
  const { commandName } = config;

  const read = <T>(reading: () => Promise<T>): Promise<T> => within(reading, timeouts.readMs, SORRY.table);
  const enqueue = (work: WorkRequest): Promise<void> =>
    within(
      () => deps.queue.send({ group: laneOf(work), id: work.id, body: JSON.stringify(work) }),
      timeouts.enqueueMs,
      SORRY.queue,
    );

  const incidentOf = (channelId: string): Promise<Incident | undefined> =>
    read(async () => {
      const number = await log.byChannel(channelId);
      return number === undefined ? undefined : log.load(number);
    });

  /** Resolves when the work is stored or the modal is open: what is said is true. */
  const perform = async (outcome: ClickOutcome, answers: Answers, viewId?: string): Promise<ChatMessage | undefined> => {
    const open = async (view: ModalView): Promise<string | undefined> => {
      if (viewId === undefined) return answers.open(view);
      await answers.replace(viewId, view);
      return viewId;
    };
    switch (outcome.do) {
      case 'tell':
        return outcome.message;
      case 'enqueue':
        await enqueue(outcome.work);
        return outcome.said === undefined ? undefined : told(outcome.said);
      case 'open': {
        const opened = await open(outcome.view);
        if (opened === undefined || outcome.fillBy === undefined) return undefined;
        await enqueue(outcome.fillBy(opened));
        return undefined;
      }
      case 'load': {
        const incident = await read(() => log.load(outcome.incident));
        const view = incident && outcome.show(incident);
        if (view === undefined) return told('That is not waiting for an answer any more.');
        await open(view);
        return undefined;
      }
    }
  };

  const apologise = (error: unknown, about: object): ChatMessage => {
    const known = error instanceof Sorry;
    logger.error({ err: known ? error.cause : error, ...about }, known ? error.message : 'A request from Slack broke.');
    return told(known ? error.sentence : SORRY.mistake);
  };

  return {
    /** The answer to a slash command, if anything is to be said at once. */
    command: async (body: SlashCommand, answers: Answers): Promise<ChatMessage | undefined> => {
      const reply: ReplyTo = { channelId: body.channel_id, userId: body.user_id, responseUrl: body.response_url };
      const given = readCommand(body.text);
      try {
        const wanted = given.subcommand;
        const outcome = dispatch(given, {
          catalogue,
          commandName,
          reply,
          userId: body.user_id,
          channelId: body.channel_id,
          requestId: requestIdOf('command', body.trigger_id),
          now: clock.now(),
          incident: wanted?.where === 'incident-channel' ? await incidentOf(body.channel_id) : undefined,
          openIncidents: wanted?.reads === 'open-incidents' ? await read(log.listOpen) : [],
        });
        return await perform(outcome, answers);
      } catch (error) {
        return apologise(error, { command: given.subcommand?.name });
      }
    },

    click: async (body: BlockActions, answers: Answers): Promise<void> => {
      const [action] = body.actions;
      if (action === undefined) return;
      const userId = body.user.id;
      const open = body.view && parseModal(body.view.callback_id, body.view.private_metadata);
      const channelId = body.channel?.id ?? open?.metadata.channelId ?? '';
      const context: ClickContext = {
        catalogue,
        commandName,
        userId,
        now: clock.now(),
        requestId: requestIdOf('click', action.action_ts, userId, body.message?.ts ?? body.view?.id ?? ''),
        reply: {
          channelId,
          userId,
          ...(body.response_url !== undefined && { responseUrl: body.response_url }),
          ...(body.message?.thread_ts !== undefined && { threadTs: body.message.thread_ts }),
        },
      };
      const chosen = action.selected_option?.value;
      const known =
        action.action_id === MENU_ACTION_ID ? parseMenu(chosen ?? '') : parseAction(action.action_id, action.value ?? undefined);
      const outcome = known ? onClick(known, context) : onChoice(action.action_id, chosen, open, body.view?.id ?? '', context);
      const say = (message: ChatMessage): Promise<void> =>
        body.view === undefined ? answers.tell(message) : answers.replace(body.view.id, said(message, open?.metadata));
      try {
        // What a select in a form holds is read when the form is sent.
        if (outcome === undefined)
          return known === undefined && action.type !== 'button' ? undefined : await say(told(SORRY.old));
        const message = await perform(outcome, answers, body.view?.id);
        if (message !== undefined) await say(message);
        else if (body.view !== undefined && outcome.do === 'enqueue') await say(told('Done: the channel shows it in a moment.'));
      } catch (error) {
        await say(apologise(error, { action: action.action_id }));
      }
    },

    submit: async (body: ViewSubmission): Promise<SubmitAnswer> => {
      const { view, user } = body;
      const sent = parseModal(view.callback_id, view.private_metadata);
      if (sent === undefined) return { response_action: 'update', view: said(told(SORRY.old), undefined) };
      const submission = onSubmit(sent, view.state.values, {
        userId: user.id,
        requestId: requestIdOf('submit', view.id, view.hash),
        reply: { channelId: sent.metadata.channelId ?? '', userId: user.id },
      });
      if (submission.do === 'close') return undefined;
      if (submission.do === 'errors') return { response_action: 'errors', errors: { ...submission.errors } };
      try {
        await enqueue(submission.work);
        return undefined;
      } catch (error) {
        return { response_action: 'update', view: said(apologise(error, { modal: sent.name }), sent.metadata) };
      }
    },

    /** Keeps a message in the timeline, with its own time. False when the channel is no incident's. */
    keep: async (message: KeptMessage): Promise<boolean> => {
      const { channelId, ts, keptBy, reply } = message;
      const number = await read(() => log.byChannel(channelId));
      if (number === undefined) return false;
      const { text, saidBy, link } = await message.look();
      await enqueue({
        kind: 'command',
        // The message is the request: whoever keeps it again, and however, it is kept once.
        id: requestIdOf('keep', channelId, ts),
        by: keptBy,
        ...(reply !== undefined && { reply }),
        incident: number,
        command: {
          do: 'add-note',
          text: text === '' ? '(a message without text)' : [...text].slice(0, NOTE_CHARACTERS_MAX).join(''),
          saidAt: isoTime(Math.floor(Number(ts) * 1_000)),
          ...(saidBy !== undefined && { saidBy }),
          ...(link !== undefined && { link }),
        },
      });
      return true;
    },

    apologise,
  };
};
export type FrontDesk = ReturnType<typeof createFrontDesk>;

const NOTE_CHARACTERS_MAX = 3_000;
export type KeptMessage = {
  readonly channelId: string;
  readonly ts: string;
  readonly keptBy: string;
  readonly reply?: ReplyTo;
  /** Asked only when the channel is an incident's. */
  readonly look: () => Promise<{
    readonly text: string;
    readonly saidBy?: string | undefined;
    readonly link?: string | undefined;
  }>;
};

/** An answer in place of the modal that asked. */
const said = (
  { blocks }: ChatMessage,
  metadata: { readonly incident?: number; readonly channelId?: string | undefined } | undefined,
): ModalView => {
  const close = { title: 'Firebreak', blocks: blocks.length === 0 ? [section('–')] : blocks };
  const { incident, channelId } = metadata ?? {};
  const place = channelId === undefined ? {} : { channelId };
  return incident === undefined ? modal('declare', place, close) : modal('roles', { incident, ...place }, close);
};

/** A trigger that came too late is the person's to pull again; the transport says so by throwing this. */
export const triggerExpired = (cause: unknown): Error => new Sorry(SORRY.trigger, cause);

const within = async <T>(work: () => Promise<T>, milliseconds: number, sentence: string): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${milliseconds} ms.`)), milliseconds);
  });
  try {
    return await Promise.race([work(), late]);
  } catch (cause) {
    throw new Sorry(sentence, cause);
  } finally {
    clearTimeout(timer);
  }
};
