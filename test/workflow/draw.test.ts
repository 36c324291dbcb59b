/** Drawing when Slack does not answer, without a fix: a log in memory, a workspace in memory, a clock that stands still. */
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createManualClock } from '../../src/adapters/clock.ts';
import { createMemoryLogStore } from '../../src/adapters/memory/log-store.ts';
import { createIncidentLog } from '../../src/log/create-incident-log.ts';
import type { Chat } from '../../src/ports.ts';
import { createDraw, type Screen } from '../../src/workflow/draw.ts';
import { incidentModel } from '../../src/workflow/incident-store.ts';
import { declared } from '../kit.ts';
import { createFakeChat } from './fake-chat.ts';

const REST_MS = 30_000;
const SLOTS = ['headline', 'checklist', 'fixes'];

const startDrawing = async () => {
  const clock = createManualClock();
  const logger = pino({ level: 'silent' });
  const log = createIncidentLog({ store: createMemoryLogStore(), model: incidentModel, clock, random: () => 0, logger });
  await log.declare({ requestId: 'declare', by: 'U0ANA' }, (number) => [{ ...declared, number } as typeof declared]);
  const slack = createFakeChat();
  const channel = await slack.createChannel('inc-0001');
  const channelId = channel.ok ? channel.value.channelId : '';
  const asked: string[] = [];
  const weather = { error: undefined as string | undefined };
  const through = <K extends 'post' | 'update' | 'findMarked'>(method: K): Chat[K] =>
    (async (...args: never[]) => {
      asked.push(method);
      if (weather.error !== undefined) return { ok: false, error: weather.error, why: weather.error };
      return (slack[method] as (...given: never[]) => unknown)(...args);
    }) as Chat[K];
  const chat = { ...slack, post: through('post'), update: through('update'), findMarked: through('findMarked') };
  let shown = 'first';
  const screens = (): readonly Screen[] => SLOTS.map((slot) => ({ slot, channelId, message: { text: shown, blocks: [] } }));
  const draw = createDraw({ log, chat, clock, logger, screens });
  return {
    clock,
    draw,
    slack,
    weather,
    /** What was asked of Slack since the last time. */
    asked: () => asked.splice(0),
    change: (text: string): void => {
      shown = text;
    },
    texts: () => slack.messages.map(({ message }) => message.text),
  };
};

test.each(['timeout', 'unreachable'])(
  'when Slack answers with %s it is asked once, and not at every line of a fix',
  async (error) => {
    const { clock, draw, weather, asked, change, texts } = await startDrawing();
    await draw(1);
    asked();
    weather.error = error;
    change('second');
    await draw(1);
    await draw(1);
    expect(asked()).toEqual(['update']);

    weather.error = undefined;
    clock.advance(REST_MS);
    // The drawing that was owed is under way; whoever asks for another waits for it.
    await draw(1);
    expect(texts()).toEqual(['second', 'second', 'second']);
  },
);

test('what Slack refuses of one message keeps no other from being drawn', async () => {
  const { draw, weather, asked, change } = await startDrawing();
  await draw(1);
  asked();
  weather.error = 'channel_not_found';
  change('second');
  await draw(1);
  expect(asked()).toEqual(['update', 'update', 'update']);
});

test('who cannot look whether a message is there does not post it: it might be', async () => {
  const { draw, slack, weather, asked } = await startDrawing();
  weather.error = 'service_unavailable';
  await draw(1);
  expect(new Set(asked())).toEqual(new Set(['findMarked']));
  weather.error = undefined;
  await draw(1, { again: true });
  expect(slack.messages.map(({ slot }) => slot)).toEqual(SLOTS.map((slot) => `1 ${slot}`));
});
