// Slack is slow, down, or in a hurry; answers get lost. The incident opens all the same, with one of everything.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Fault } from '../../sandbox/slack/faults.ts';
import { commitsOf, expectWhole, headlineIn, headlineSays, INCIDENT, incidentOf, open, type Scene, startScene } from './kit.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await startScene();
});
afterEach(() => scene.close());

const HEADLINE_READY = 'Run all checks';

/** Opens it and waits for the end of all that opening sets off. */
const openWhole = async (): Promise<void> => {
  await open(scene);
  await scene.ana.until(
    'the bookmark of the headline',
    (state) => (state.channels.find(({ name }) => INCIDENT.test(name))?.bookmarks.length ?? 0) > 1,
  );
  await scene.ana.until('the headline', headlineSays(HEADLINE_READY));
  await scene.quiet();
};

/** Every method that opening an incident calls. */
const METHODS = [
  'conversations.create',
  'conversations.setTopic',
  'conversations.invite',
  'conversations.history',
  'conversations.list',
  'chat.postMessage',
  'chat.getPermalink',
  'pins.add',
  'bookmarks.list',
  'bookmarks.add',
] as const;

describe.each<{ readonly fault: Fault; readonly name: string }>([
  { fault: { kind: 'down' }, name: 'breaks the connection' },
  { fault: { kind: 'drop-after' }, name: 'does it and loses the answer' },
  { fault: { kind: 'rate-limit', retryAfterSeconds: 7 }, name: 'asks to wait 7 seconds' },
  { fault: { kind: 'status', status: 503 }, name: 'answers 503' },
  { fault: { kind: 'error', error: 'internal_error' }, name: 'has an internal error' },
])('Slack $name once at every method', ({ fault }) => {
  test('and one whole incident opens', async () => {
    for (const method of METHODS) scene.stack.slack.faults.add(method, fault);
    await openWhole();
    for (const method of METHODS) expect(scene.stack.slack.faults.left(method), method).toBe(0);
    await expectWhole(scene);
    if (fault.kind === 'rate-limit') expect(scene.waits).toContain(fault.retryAfterSeconds * 1_000);
  });
});

test('when Slack loses the answer to every message of the opening, each message is there once', async () => {
  scene.stack.slack.faults.add('chat.postMessage', { kind: 'drop-after' }, 4);
  await openWhole();
  expect(scene.stack.slack.faults.left('chat.postMessage')).toBe(0);
  await expectWhole(scene);
});

test('an incident that could not be opened while Slack was down opens when it is back', async () => {
  // Two whole attempts at the channel, of four calls each: the queue brings the request a third time.
  scene.stack.slack.faults.add('conversations.create', { kind: 'down' }, 8);
  await openWhole();
  expect(scene.stack.slack.faults.left('conversations.create')).toBe(0);
  await expectWhole(scene);
});

test.each(['conversations.setTopic', 'conversations.invite', 'bookmarks.list', 'pins.add'])(
  'when Slack is down for all tries of %s, the opening comes again by itself, and nothing is missing',
  async (method) => {
    scene.stack.slack.faults.add(method, { kind: 'down' }, 4);
    await openWhole();
    expect(scene.stack.slack.faults.left(method)).toBe(0);
    await expectWhole(scene);
  },
);

test('a headline that Slack would not take in time is said to be missing, and comes by itself', async () => {
  // Longer than any call waits: the message is given up for now, and the queue brings the opening again.
  scene.stack.slack.faults.add('chat.postMessage', { kind: 'rate-limit', retryAfterSeconds: 60 });
  await open(scene);
  await scene.ana.until('the headline', (state) => headlineIn(state) !== undefined);
  await scene.quiet();
  const events = (await commitsOf(scene)).flatMap((commit) => commit.events);
  expect(events.find((event) => event.type === 'integration-failed')).toMatchObject({
    what: 'headline',
    why: expect.stringContaining('too many calls'),
  });
  expect((await incidentOf(scene)).missing).toEqual({});
});

test('a slow Slack makes a slow opening, and the person who typed is still answered in time', async () => {
  const { slack } = scene.stack;
  for (const method of ['conversations.create', 'chat.postMessage']) slack.faults.add(method, { kind: 'delay', delayMs: 700 });
  await openWhole();
  expect(slack.sent.map(({ answer }) => answer.kind).filter((kind) => kind !== 'answered')).toEqual([]);
  await expectWhole(scene);
});
