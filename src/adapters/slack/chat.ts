import { setTimeout as sleep } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Chat, ChatResult } from '../../ports.ts';
import { createCaller, withValue } from './call.ts';
import { createChannels } from './channels.ts';
import { createSlackClient } from './client.ts';
import { createDocuments } from './documents.ts';
import { createMessages } from './messages.ts';
import { sentenceOf } from './sentences.ts';

export type ChatOptions = {
  /** Of `createSlackClient`: one that tries once. */
  readonly client: WebClient;
  readonly logger: Logger;
  /** Asked of Slack when it is needed and not given. */
  readonly botUserId?: string | undefined;
  /** Waits so many milliseconds of the wall. */
  readonly wait?: (milliseconds: number) => Promise<void>;
  readonly fetch?: typeof globalThis.fetch;
};

const RESPOND_TIMEOUT_MS = 5_000;

/** Slack, as the workflows use it: what fails is a value with a sentence, and what may have happened is not done again blindly. */
export const createChat = ({ client, logger, botUserId, wait = defaultWait, fetch = globalThis.fetch }: ChatOptions): Chat => {
  const caller = createCaller({ client, logger, wait });
  const { resolve, ...channels } = createChannels(caller, { botUserId });
  return {
    ...channels,
    ...createMessages(caller, { resolve, wait }),
    ...createDocuments(client, caller),

    updateView: async (view_id, view) =>
      withValue(await caller.call('views.update', { view_id, view }, z.object({}), { again: true }), undefined),

    respond: async (responseUrl, { text, blocks }): Promise<ChatResult<void>> => {
      const body = { response_type: 'ephemeral', replace_original: false, text, ...(blocks.length > 0 && { blocks }) };
      try {
        const answer = await fetch(responseUrl, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(RESPOND_TIMEOUT_MS),
        });
        if (answer.ok) return { ok: true, value: undefined };
        return failed(answer.status === 404 || answer.status === 410 ? 'expired_url' : 'service_unavailable');
      } catch {
        return failed('unreachable');
      }
    },
  };
};

/** The port on a client of its own. */
export const createSlackChat = (
  options: Parameters<typeof createSlackClient>[0] & Pick<ChatOptions, 'botUserId' | 'wait'>,
): Chat => createChat({ ...options, client: createSlackClient(options) });

const failed = (error: string): ChatResult<never> => ({ ok: false, error, why: sentenceOf({ error }, 'chat.postEphemeral') });
const defaultWait = async (milliseconds: number): Promise<void> => {
  await sleep(milliseconds);
};
