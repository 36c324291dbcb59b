/** What Slack hands out for a short while: triggers that open one modal, and addresses to answer to. */
import { RESPONSE_URL_LIFE_MS, RESPONSE_URL_USES_MAX, TRIGGER_LIFE_MS } from './limits.ts';
import { SlackError } from './slack-error.ts';

export type Trigger = {
  readonly user: string;
  /** The modal in which the person acted, when it was one: only then may a view be pushed onto it. */
  readonly viewId?: string | undefined;
};
export type ResponseTarget = {
  readonly user: string;
  readonly channel: string;
  /** The message that held the button, for `replace_original` and `delete_original`. */
  readonly messageTs?: string | undefined;
  readonly threadTs?: string | undefined;
};

export type Tickets = {
  readonly newTrigger: (trigger: Trigger) => string;
  /** Throws `invalid_trigger_id`, `expired_trigger_id` or `exchanged_trigger_id`. Marks it as used. */
  readonly exchangeTrigger: (id: string) => Trigger;
  readonly newResponse: (target: ResponseTarget) => string;
  /** Throws `expired_url`, `used_url` or `invalid_url`; each call is one use. */
  readonly useResponse: (id: string) => ResponseTarget;
  readonly newSocket: () => string;
  readonly useSocket: (id: string) => boolean;
};

/** Slack does not document how long a WebSocket's address lives; it says to use it at once. */
const SOCKET_LIFE_MS = 30_000;

export const createTickets = (wallNow: () => number, newSecret: () => string): Tickets => {
  const triggers = new Map<string, Trigger & { readonly until: number; used: boolean }>();
  const responses = new Map<string, ResponseTarget & { readonly until: number; usesLeft: number }>();
  const sockets = new Map<string, number>();
  return {
    newTrigger: (trigger) => {
      forget(triggers, wallNow());
      const id = `trigger.${newSecret()}`;
      triggers.set(id, { ...trigger, until: wallNow() + TRIGGER_LIFE_MS, used: false });
      return id;
    },
    exchangeTrigger: (id) => {
      const trigger = triggers.get(id);
      if (trigger === undefined) throw new SlackError('invalid_trigger_id');
      if (trigger.used) throw new SlackError('exchanged_trigger_id');
      if (wallNow() >= trigger.until) throw new SlackError('expired_trigger_id');
      trigger.used = true;
      return trigger;
    },
    newResponse: (target) => {
      forget(responses, wallNow());
      const id = newSecret();
      responses.set(id, { ...target, until: wallNow() + RESPONSE_URL_LIFE_MS, usesLeft: RESPONSE_URL_USES_MAX });
      return id;
    },
    useResponse: (id) => {
      const response = responses.get(id);
      if (response === undefined) throw new SlackError('invalid_url');
      if (wallNow() >= response.until) throw new SlackError('expired_url');
      if (response.usesLeft === 0) throw new SlackError('used_url');
      response.usesLeft -= 1;
      return response;
    },
    newSocket: () => {
      const id = newSecret();
      sockets.set(id, wallNow() + SOCKET_LIFE_MS);
      return id;
    },
    useSocket: (id) => {
      const until = sockets.get(id);
      sockets.delete(id);
      return until !== undefined && wallNow() < until;
    },
  };
};

/** Long after its end nobody asks why a ticket is refused; until then `expired` is told from `invalid`. */
const REMEMBERED_MS = 60 * 60_000;
const forget = (tickets: Map<string, { readonly until: number }>, now: number): void => {
  for (const [id, { until }] of tickets) if (now > until + REMEMBERED_MS) tickets.delete(id);
};
