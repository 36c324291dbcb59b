import type { Logger } from 'pino';
import { type Incident, isEdited } from '../incident/state.ts';
import type { Chat, ChatMessage, ChatResult, Clock } from '../ports.ts';
import { fingerprint } from '../runbook/fingerprint.ts';
import type { IncidentStore } from './incident-store.ts';
import { isAway, isTransient } from './slack-away.ts';

/** A message that an incident has in Slack, as it should look now. */
export type Screen = {
  readonly slot: string;
  readonly channelId: string;
  readonly message: ChatMessage;
  readonly pin?: true;
  readonly threadTs?: string;
};
export type Screens = (incident: Incident, nowMs: number) => readonly Screen[];

export type DrawDeps = {
  readonly log: IncidentStore;
  readonly chat: Chat;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly screens: Screens;
};

/** The log may move on while a drawing is on its way to Slack: whoever drew last looks again, up to so many times. */
const ROUNDS_MAX = 50;
/** When Slack does not answer, nothing is drawn for so many milliseconds of the clock: no fix waits for it at each of its lines. */
const AWAY_REST_MS = 30_000;
/** What Slack refused to take is offered again after so many milliseconds of the clock, or when somebody asks to try again. */
const REFUSED_REST_MS = 30_000;

/**
 * Brings the channel up to date with the log: messages that are there are edited in place, those that are not are posted
 * once. What Slack refuses is recorded as missing and said in the headline; drawing never throws for it.
 */
export const createDraw = (deps: DrawDeps) => {
  const { log, clock, logger } = deps;
  const { drawScreen, offerAgain } = createDrawScreen(deps);
  let awayUntilMs = Number.NEGATIVE_INFINITY;
  /** Incidents that were to be drawn while Slack was away. */
  const owed = new Set<number>();
  const rest = (number: number): void => {
    owed.add(number);
    awayUntilMs = clock.now() + AWAY_REST_MS;
    clock.after(AWAY_REST_MS, () => {
      const all = [...owed];
      owed.clear();
      for (const each of all) void draw(each);
    });
  };

  type Drawing = { again: boolean; done: Promise<void> };
  /** One drawing of an incident at a time; who asks meanwhile waits for the same one, which looks again. */
  const drawing = new Map<number, Drawing>();

  const drawUntilNewest = async (number: number, own: Drawing): Promise<void> => {
    let seen = -1;
    for (let round = 0; round < ROUNDS_MAX; round++) {
      own.again = false;
      const { state, seq } = (await log.load(number)) ?? {};
      if (state === undefined || seq === undefined || (seq === seen && !own.again)) return;
      seen = seq;
      // One after another: Slack allows about one message a second in a channel, and the headline comes first.
      for (const screen of deps.screens(state, clock.now())) {
        const shown = await drawScreen(state, screen);
        if (!shown.ok && isAway(shown.error)) return rest(number);
      }
    }
  };

  const draw = (number: number, { again = false }: { readonly again?: boolean } = {}): Promise<void> => {
    if (again) offerAgain(number);
    if (!again && clock.now() < awayUntilMs) {
      owed.add(number);
      return Promise.resolve();
    }
    const under = drawing.get(number);
    if (under !== undefined) {
      under.again = true;
      return under.done;
    }
    const own: Drawing = { again: false, done: Promise.resolve() };
    drawing.set(number, own);
    const leave = (): void => void drawing.delete(number);
    own.done = drawUntilNewest(number, own).then(leave, (error) => {
      leave();
      logger.error({ err: error, incident: number }, 'The channel could not be drawn.');
    });
    // Asked between the last look and the leaving: drawn once more.
    return own.done.then(() => (own.again ? draw(number) : undefined));
  };
  return draw;
};
export type Draw = ReturnType<typeof createDraw>;

/** Brings one message up to date. */
const createDrawScreen = (deps: DrawDeps) => {
  const { clock, logger } = deps;
  /** What each message looked like when this process last drew it: saves edits, decides nothing. */
  const drawn = new Map<string, string>();
  /** When Slack last refused a message that is not there: an archived channel is not knocked at with every drawing. */
  const refused = new Map<string, number>();

  const drawScreen = async (incident: Incident, screen: Screen): Promise<ChatResult<void>> => {
    const posted = incident.messages[screen.slot];
    const key = `${incident.number} ${screen.slot}`;
    const print = fingerprint(screen.message);
    if (posted === undefined) {
      if (clock.now() - (refused.get(key) ?? Number.NEGATIVE_INFINITY) < REFUSED_REST_MS) return DONE;
      const first = await postOnce(deps, incident, screen);
      if (first.ok) drawn.set(key, print);
      else refused.set(key, clock.now());
      return first;
    }
    if (drawn.get(key) === print) return DONE;
    const edited = await deps.chat.update(posted, screen.message);
    if (edited.ok) drawn.set(key, print);
    else if (edited.error === 'message_not_found') return postOnce(deps, incident, screen, posted.ts);
    else logger.warn({ incident: incident.number, slot: screen.slot, error: edited.error }, 'A message could not be edited.');
    return edited;
  };

  /** What Slack refused of this incident is offered with the next drawing, however short ago that was. */
  const offerAgain = (number: number): void => {
    for (const key of refused.keys()) if (key.startsWith(`${number} `)) refused.delete(key);
  };
  return { drawScreen, offerAgain };
};

const DONE: ChatResult<void> = { ok: true, value: undefined };

/** As the headline says what is missing. */
const WORDS: Readonly<Record<string, string>> = {
  headline: 'headline',
  checklist: 'checklist',
  fixes: 'quick fixes',
  digest: 'line in the digest channel',
};

/**
 * Posts a message that the log does not know of. Its mark finds it again if the process died between Slack's answer and the
 * log. `replaces`: the message that stood there and is gone.
 */
export const postOnce = async (
  { log, chat, logger }: Pick<DrawDeps, 'log' | 'chat' | 'logger'>,
  incident: Incident,
  screen: Screen,
  replaces?: string,
): Promise<ChatResult<void>> => {
  const { slot, channelId, message } = screen;
  const mark = { incident: incident.number, slot };
  const found = replaces === undefined ? await chat.findMarked(channelId, mark) : undefined;
  const before = found?.ok ? found.value : undefined;
  // Whoever cannot look at the moment does not post either: it might be there.
  const posted = before ?? (found?.ok === false && isTransient(found.error) ? found : await post(chat, screen, mark));
  const what = WORDS[slot] ?? `message ${slot}`;
  if ('error' in posted) {
    logger.warn({ incident: incident.number, slot, error: posted.error }, 'A message could not be posted.');
    // What is posted once is not offered again, so that nobody would ever take it off the list of what is missing.
    if (isEdited(slot) && incident.missing[what]?.why !== posted.why) {
      await log.append(incident.number, { requestId: `${what}:failed:${incident.lastChangeAt}`, by: 'bot' }, () => [
        { type: 'integration-failed', v: 1, what, why: posted.why },
      ]);
    }
    return posted;
  }
  await log.append(incident.number, { requestId: `${what}:${posted.ts}`, by: 'bot' }, (now) => [
    { type: 'message-posted', v: 1, slot, channelId: posted.channelId, ts: posted.ts },
    ...(now?.missing[what] === undefined ? [] : [{ type: 'integration-ready' as const, v: 1 as const, what }]),
  ]);
  if (before !== undefined) await chat.update(before, message);
  // The first one is pinned, and recorded so, when the incident is set up.
  if (screen.pin && replaces !== undefined) await chat.pin(posted);
  return DONE;
};

const post = async (chat: Chat, { channelId, message, threadTs }: Screen, mark: { incident: number; slot: string }) => {
  const posted = await chat.post(channelId, message, { mark, ...(threadTs !== undefined && { threadTs }) });
  return posted.ok ? posted.value : posted;
};
