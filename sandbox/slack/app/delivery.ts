/** Getting requests to the app: by Socket Mode when it is connected, else signed over HTTP; events again when they were not taken. */
import type { Clock } from '../../../src/ports.ts';
import type { Answer, Outgoing, Retry } from './outgoing.ts';
import { sendSigned, signRequest } from './signed-http.ts';
import type { SocketMode } from './socket-mode.ts';

export type Delivered = { readonly outgoing: Outgoing; readonly retry?: Retry; readonly answer: Answer };

export type Delivery = {
  /** Commands and interactions: Slack asks once, and someone is waiting. */
  readonly request: (outgoing: Outgoing) => Promise<Answer>;
  readonly event: (payload: Readonly<Record<string, unknown>>) => void;
  readonly setEventsUrl: (url: string | undefined) => void;
  /** Every request goes out so many times at once, the first answer counts. For tests of deduplication. */
  readonly setTimes: (times: number) => void;
  /** Resolves when nothing is under way. An event that waits for its next try is not. */
  readonly idle: () => Promise<void>;
  /** What was sent, oldest first. */
  readonly sent: readonly Delivered[];
  readonly close: () => void;
};

export type DeliveryOptions = {
  readonly clock: Clock;
  readonly sockets: SocketMode;
  readonly signingSecret: string;
  readonly eventsUrl?: string | undefined;
  readonly answerTimeoutMs: number;
  /** Milliseconds of `clock` before each further try of an event. */
  readonly retryDelaysMs: readonly number[];
};

const SENT_MAX = 10_000;

export const createDelivery = (options: DeliveryOptions): Delivery => {
  const { clock, sockets, signingSecret, answerTimeoutMs, retryDelaysMs } = options;
  const underWay = new Set<Promise<unknown>>();
  const cancels = new Set<() => void>();
  const sent: Delivered[] = [];
  let { eventsUrl } = options;
  let times = 1;
  let closed = false;

  const sendOnce = async (outgoing: Outgoing, retry?: Retry): Promise<Answer> => {
    const answer = sockets.connected()
      ? await sockets.send(outgoing, retry, answerTimeoutMs)
      : eventsUrl === undefined
        ? ({ kind: 'failed', reason: 'the app is not connected' } as const)
        : await sendSigned(eventsUrl, signRequest(signingSecret, outgoing, wallSeconds(), retry), answerTimeoutMs);
    sent.push({ outgoing, answer, ...(retry !== undefined && { retry }) });
    if (sent.length > SENT_MAX) sent.shift();
    return answer;
  };
  const track = <Result>(work: Promise<Result>): Promise<Result> => {
    underWay.add(work);
    const forget = (): boolean => underWay.delete(work);
    work.then(forget, forget);
    return work;
  };
  const sendAll = async (outgoing: Outgoing, retry?: Retry): Promise<Answer> => {
    const copies = Array.from({ length: times }, () => track(sendOnce(outgoing, retry)));
    const [first] = await Promise.all(copies);
    return first as Answer;
  };
  const tryEvent = async (outgoing: Outgoing, tries: number, retry?: Retry): Promise<void> => {
    const answer = await sendAll(outgoing, retry);
    const delayMs = retryDelaysMs[tries];
    if (answer.kind === 'answered' || delayMs === undefined || closed) return;
    const again = (): void => {
      track(tryEvent(outgoing, tries + 1, { number: tries + 1, reason: retryReason(answer) }));
    };
    if (delayMs === 0) return again();
    const cancel = clock.after(delayMs, () => {
      cancels.delete(cancel);
      again();
    });
    cancels.add(cancel);
  };

  return {
    request: (outgoing) => track(sendAll(outgoing)),
    event: (payload) => {
      track(tryEvent({ kind: 'events_api', payload }, 0));
    },
    setEventsUrl: (url) => {
      eventsUrl = url;
    },
    setTimes: (count) => {
      times = count;
    },
    idle: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
    sent,
    close: () => {
      closed = true;
      for (const cancel of cancels) cancel();
    },
  };
};

const wallSeconds = (): number => Math.floor(Date.now() / 1000);

const retryReason = (answer: Answer): Retry['reason'] => {
  if (answer.kind === 'timeout') return 'http_timeout';
  return answer.kind === 'failed' && answer.status !== undefined ? 'http_error' : 'connection_failed';
};
