// Clicks come in bursts, and Slack sends what it thinks was lost again: whatever comes many times is done once.
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  botMessages,
  commitsOf,
  eventTypes,
  INCIDENT,
  incidentChannels,
  incidentOf,
  marks,
  open,
  plan,
  type Scene,
  startScene,
} from './kit.ts';

const CLICKS = 50;
const times = <T>(count: number, act: () => Promise<T>): Promise<readonly PromiseSettledResult<T>[]> =>
  Promise.allSettled(Array.from({ length: count }, act));

let scene: Scene;
beforeEach(async () => {
  scene = await startScene({ trouble: 'oneServes502' });
});
afterEach(() => scene.close());

test('a command that Slack delivers three times opens one incident, with one of everything', async () => {
  scene.stack.slack.setDeliverTimes(3);
  await open(scene);
  await scene.quiet();

  expect(incidentChannels(scene)).toHaveLength(1);
  expect(Object.entries(marks(scene)).filter(([, count]) => count !== 1)).toEqual([]);
  expect(Object.keys(marks(scene)).sort()).toEqual(['1 checklist', '1 digest', '1 fixes', '1 headline']);
  expect(await scene.machine.log.load(2)).toBeUndefined();
  const types = eventTypes(await commitsOf(scene));
  expect(types.filter((type) => type === 'incident-declared')).toHaveLength(1);
  expect(types.filter((type) => type === 'channel-created')).toHaveLength(1);
  expect(scene.errors).toEqual([]);
});

test('a form that is sent fifty times at once, each delivered three times, opens one incident', async () => {
  const { slack } = scene.stack;
  await scene.ana.command('shop', '/incident start');
  const { id } = await scene.ana.modal(/incident/i);
  const view = slack.state('U0ANA').views[0]?.view;
  const block = (name: RegExp) =>
    (view?.blocks ?? []).find(({ block_id = '' }) => name.test(block_id)) as never as
      | {
          readonly block_id: string;
          readonly element: { readonly action_id: string; readonly type: string; readonly initial_option?: unknown };
        }
      | undefined;
  const title = block(/title/);
  const severity = block(/severity/);
  if (title === undefined || severity === undefined) throw new Error('The form asks for neither title nor severity.');
  const values = {
    [title.block_id]: { [title.element.action_id]: { type: 'plain_text_input', value: 'Fifty at once' } },
    [severity.block_id]: {
      [severity.element.action_id]: { type: severity.element.type, selected_option: severity.element.initial_option },
    },
  };
  slack.setDeliverTimes(3);
  await times(CLICKS, () => slack.act({ do: 'submit-view', as: 'U0ANA', viewId: id, values }));
  await scene.ana.message(INCIDENT, 'Checklist');
  await scene.quiet();

  expect(slack.sent.filter(({ outgoing }) => JSON.stringify(outgoing).includes('view_submission')).length).toBeGreaterThan(2);
  expect(incidentChannels(scene)).toHaveLength(1);
  expect(await scene.machine.log.load(2)).toBeUndefined();
  expect(scene.errors).toEqual([]);
});

test('a role that is clicked fifty times at once is taken once', async () => {
  await open(scene);
  await scene.quiet();
  const before = (await commitsOf(scene)).length;
  scene.stack.slack.setDeliverTimes(3);
  await times(CLICKS, () => scene.ana.press(INCIDENT, /^Take .*Commander/));
  await scene.quiet();

  const taken = (await commitsOf(scene))
    .slice(before)
    .flatMap(({ events }) => events.filter(({ type }) => type === 'role-taken'));
  expect(taken).toHaveLength(1);
  expect((await incidentOf(scene)).roles.commander?.userId).toBe('U0ANA');
  expect(marks(scene)['1 headline']).toBe(1);
  expect(scene.errors).toEqual([]);
});

test('a fix whose start is pressed fifty times, each delivered three times, runs once', async () => {
  const { ana, ben, stack } = scene;
  await open(scene);
  await ben.command(INCIDENT, '/incident role take operations');
  await ben.press(INCIDENT, /^Snapshot and terminate/);
  const submit = await plan(ben);
  stack.slack.setDeliverTimes(3);
  const sent = await times(CLICKS, submit);
  expect(sent.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
  await ana.message(INCIDENT, 'Served again');
  await scene.quiet();

  const types = eventTypes(await commitsOf(scene));
  for (const type of ['fix-requested', 'fix-run-started'] as const)
    expect(
      types.filter((each) => each === type),
      type,
    ).toHaveLength(1);
  const detached = stack.wire.calls.filter(({ action, outcome }) => action === 'DetachInstances' && outcome === 'OK');
  expect(detached).toHaveLength(1);
  expect(Object.keys(marks(scene)).filter((mark) => mark.startsWith('1 run:'))).toHaveLength(1);
  expect(Object.entries(marks(scene)).filter(([, count]) => count !== 1)).toEqual([]);
  expect(botMessages(incidentChannels(scene)[0]).filter(({ pinned }) => pinned)).toHaveLength(1);
  expect(scene.errors).toEqual([]);
});
