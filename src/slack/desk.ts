/** What every request at the front desk needs: bounded reads, the hand-over to the queue, and an honest word when either fails. */
import type { ModalView } from '@slack/types';
import type { Logger } from 'pino';
import { messageOf, type WorkRequest } from '../incident/commands.ts';
import type { Incident } from '../incident/state.ts';
import type { ChatMessage, Clock, Queue } from '../ports.ts';
import type { Catalogue } from '../runbook/catalogue.ts';
import { isoTime } from '../time.ts';
import type { ClickOutcome } from './clicks.ts';
import { told } from './views/told.ts';

/** How incidents are found; bounded here, whatever the table does. */
export type IncidentFinder = {
  readonly byChannel: (channelId: string) => Promise<number | undefined>;
  readonly load: (number: number) => Promise<Incident | undefined>;
  readonly listOpen: () => Promise<readonly Incident[]>;
};
export type DeskDeps = {
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

export const SORRY = {
  table: 'Firebreak cannot read its table at the moment. Nothing was done; try again in a few seconds.',
  queue: 'Firebreak’s queue did not answer, so this may not have been taken on. If nothing happens within a minute, try again.',
  trigger: 'Slack closed the door before the form could open (it waits three seconds). Try again.',
  mistake: 'That broke in Firebreak itself, and is in its log. The typed command may do it: help shows them.',
  old: 'That button is from an older version of this message. Use the newest one, or type the command.',
  over: 'That is not waiting for an answer any more.',
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
/** A trigger that came too late is the person's to pull again; the transport says so by throwing this. */
export const triggerExpired = (cause: unknown): Error => new Sorry(SORRY.trigger, cause);

export const createDesk = (deps: DeskDeps) => {
  const { clock, log, logger, queue, timeouts = TIMEOUTS } = deps;

  const read = <T>(reading: () => Promise<T>): Promise<T> => within(reading, timeouts.readMs, SORRY.table);

  const enqueue = (work: WorkRequest): Promise<void> =>
    within(() => queue.send(messageOf(work, isoTime(clock.now()))), timeouts.enqueueMs, SORRY.queue);

  /** Resolves when the work is stored or the modal is open: what is said then is true. A click in a modal changes that modal. */
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
        if (opened !== undefined && outcome.fillBy !== undefined) await enqueue(outcome.fillBy(opened));
        return undefined;
      }
      case 'load': {
        const incident = await read(() => log.load(outcome.incident));
        const view = incident && outcome.show(incident);
        if (view === undefined) return told(SORRY.over);
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

  return { ...deps, read, enqueue, perform, apologise };
};
export type Desk = ReturnType<typeof createDesk>;

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
