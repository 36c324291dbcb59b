// What the workspace does not allow is missing, said in the headline with what mends it, and made by "Try again".
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { wordsOn } from '../../sandbox/player.ts';
import {
  changeWorkspace,
  commitsOf,
  eventTypes,
  expectWhole,
  headlineSays,
  headlineSaysNot,
  INCIDENT,
  incidentChannels,
  incidentOf,
  marks,
  open,
  type Scene,
  setArchived,
  startScene,
} from './kit.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await startScene();
});
afterEach(() => scene.close());

const start = async (title = 'Checkout returns 502'): Promise<void> => {
  await scene.ana.command('shop', `/incident start sev2 ${title}`);
  await scene.ana.message(INCIDENT, 'Checklist');
};
const missing = '⚠️ Missing';

describe.each<{ readonly name: string; readonly says: RegExp; readonly breaks: () => void; readonly mends: () => void }>([
  {
    name: 'the digest channel is archived',
    says: /line in the digest channel.*archived/,
    breaks: () => setArchived(scene, 'incidents', true),
    mends: () => setArchived(scene, 'incidents', false),
  },
  {
    name: 'the digest channel does not exist',
    says: /line in the digest channel.*no channel #incidents/,
    breaks: () => renameDigest('incidents', 'old-incidents'),
    mends: () => renameDigest('old-incidents', 'incidents'),
  },
  ...['pins:write', 'bookmarks:write'].map((scope) => ({
    name: `the app lacks ${scope}`,
    says: new RegExp(`(pin|bookmark) of the headline.*lacks the scope ${scope}`),
    breaks: () => scene.stack.slack.revokeScope(scope),
    mends: () => scene.stack.slack.grantScope(scope),
  })),
  {
    name: 'a responder has left',
    says: /invite.*U0CHRIS/,
    breaks: () => setLeft('U0CHRIS', true),
    mends: () => setLeft('U0CHRIS', false),
  },
])('when $name', ({ says, breaks, mends }) => {
  test('the incident opens, the headline says so, and "Try again" mends it', async () => {
    breaks();
    await start();
    await scene.ana.until('the headline says what is missing', headlineSays(says));
    await scene.quiet();
    // The rest is there.
    const [channel] = incidentChannels(scene);
    expect(channel?.members).toEqual(expect.arrayContaining(['U0ANA', 'U0BEN', 'U0DINA']));
    expect(eventTypes(await commitsOf(scene))).toContain('check-finished');

    // Trying before it is mended changes nothing, and says nothing twice.
    const before = (await commitsOf(scene)).length;
    await scene.ana.press(INCIDENT, 'Try again');
    await scene.quiet();
    expect((await commitsOf(scene)).length).toBe(before);

    mends();
    await scene.ana.press(INCIDENT, 'Try again');
    await scene.ana.until('the headline misses nothing', headlineSaysNot(missing));
    await scene.quiet();
    await expectWhole(scene);
    expect(scene.errors).toEqual([]);
  });
});

test('when the app lacks the scope for canvases, the postmortem comes as a file', async () => {
  scene.stack.slack.revokeScope('canvases:write');
  await start();
  await scene.quiet();
  await scene.ana.command(INCIDENT, '/incident postmortem');
  await scene.ana.message(INCIDENT, 'Postmortem draft');
  await scene.quiet();
  const files = incidentChannels(scene)[0]?.messages.flatMap((message) => message.files.map(({ name }) => name));
  expect(files).toEqual(['Postmortem draft of inc-0001']);
});

test('when the app may not make channels, the incident is open without one, and the person who declared is told why', async () => {
  scene.stack.slack.revokeScope('channels:manage');
  await scene.ana.command('shop', '/incident start sev2 No channel for this');
  await scene.ana.until('word of it', (state) =>
    state.channels.some(({ isIm, messages }) => isIm && messages.some((one) => /no channel.*channels:manage/.test(wordsOn(one)))),
  );
  await scene.quiet();
  expect(incidentChannels(scene)).toEqual([]);
  expect((await incidentOf(scene)).missing['channel']?.why).toContain('channels:manage');
  await scene.ana.message('incidents', 'No channel for this');

  // The one place that says so has the button that mends it.
  scene.stack.slack.grantScope('channels:manage');
  await scene.ana.press('incidents', 'Try again');
  await scene.ana.channel(INCIDENT);
  await scene.quiet();
  expect((await incidentOf(scene)).missing).toEqual({});
  await expectWhole(scene);
});

test('an update that Slack does not take is said to who gave it, and is in the timeline; nothing is missing for good', async () => {
  await open(scene);
  await scene.quiet();
  scene.stack.slack.faults.add('chat.postMessage', { kind: 'error', error: 'restricted_action' });
  await scene.ana.command(INCIDENT, '/incident update We are on it');
  await scene.ana.message(INCIDENT, 'Slack did not take the message');
  await scene.quiet();
  expect((await incidentOf(scene)).missing).toEqual({});
  expect(eventTypes(await commitsOf(scene))).toContain('update-posted');
});

test('"Try again", hours later, proposes nobody for a role that is held', async () => {
  setArchived(scene, 'incidents', true);
  await scene.ana.command('shop', '/incident start sev2 Checkout returns 502');
  await scene.ana.message(INCIDENT, 'Checklist');
  await scene.ana.command(INCIDENT, '/incident role take commander');
  await scene.quiet();
  // More than the log remembers requests of.
  for (let nth = 0; nth < 101; nth++)
    await scene.machine.log.append(1, { requestId: `note-${nth}`, by: 'U0ANA' }, () => [{ type: 'note-added', v: 1, text: 'x' }]);
  await scene.ana.press(INCIDENT, 'Try again');
  await scene.quiet();
  const { roles, proposed } = await incidentOf(scene);
  expect(roles.commander?.userId).toBe('U0ANA');
  expect(proposed).not.toHaveProperty('commander');
});

test('what a person pastes is cut rather than lost, however long it is', async () => {
  await open(scene);
  await scene.ana.command(INCIDENT, `/incident note ${'🔥'.repeat(3_000)} end`);
  await scene.quiet();
  const notes = (await commitsOf(scene)).flatMap(({ events }) => events.filter((event) => event.type === 'note-added'));
  expect(notes).toMatchObject([{ text: expect.stringMatching(/^🔥{2999}…$/u) }]);
});

test("a name that is somebody else's channel gets a suffix, and the channel stays theirs", async () => {
  changeWorkspace(scene, ({ channels }) => {
    const general = channels.find(({ name }) => name === 'general');
    if (general === undefined) throw new Error('There is no #general.');
    channels.push({
      ...structuredClone(general),
      id: 'C0THEIRS',
      name: 'inc-0001-checkout-returns-502',
      creator: 'U0EVE',
      messages: [],
    });
  });
  await scene.ana.command('shop', '/incident start sev2 Checkout returns 502');
  await scene.ana.message(/^inc-0001-checkout-returns-502-2$/, 'Checklist');
  await scene.quiet();
  expect((await incidentOf(scene)).channel?.name).toBe('inc-0001-checkout-returns-502-2');
  const theirs = scene.stack.slack.state('U0EVE').channels.find(({ id }) => id === 'C0THEIRS');
  expect(theirs?.messages).toEqual([]);
});

const renameDigest = (from: string, to: string): void =>
  changeWorkspace(scene, ({ channels }) => {
    for (const channel of channels) if (channel.name === from) Object.assign(channel, { name: to });
  });
const setLeft = (userId: string, deleted: boolean): void =>
  changeWorkspace(scene, ({ users }) => {
    for (const user of users) if (user.id === userId) Object.assign(user, { deleted });
  });

/** What is typed, and what its channel is called behind its number. */
const TITLES: readonly (readonly [title: string, channel: string])[] = [
  ['Checkout returns 502', '-checkout-returns-502'],
  ['🔥🔥🔥', ''],
  ['<!channel> <!here> <!everyone> all down', '-channel-here-everyone-all-down'],
  ['<!subteam^S0ONCALL|@oncall> and @here', '-subteam-s0oncall-oncall-and-here'],
  ['*bold* _it_ `code` ~gone~ > quoted', '-bold-it-code-gone-quoted'],
  ['ÜBERLAST in Zürich: Größe', '-uberlast-in-zurich-grosse'],
  ['الموقع لا يعمل', ''],
  ['\u202Eevil.exe\u202C \u200B\u200B', '-evil-exe'],
  ['日本語の障害 DB', '-db'],
  [`${'very long '.repeat(50)}end`, `-${'very-long-'.repeat(7)}v`],
  ['& < > " \' \\ %00 {{y}}', '-00-y'],
  ['👩‍👩‍👧‍👦'.repeat(60), ''],
];

test('whatever the title is, its channel has a valid name, all is there, and nobody is pinged', async () => {
  // One after another: numbers are given in the order in which Slack's requests come.
  for (const [title] of TITLES) await scene.ana.command('shop', `/incident start sev2 ${title}`);
  await scene.ana.message(new RegExp(`^inc-00${TITLES.length}`), 'Checklist');
  await scene.quiet();
  const numbered = TITLES.map(([, channel], index) => `inc-${String(index + 1).padStart(4, '0')}${channel}`);
  expect(incidentChannels(scene).map(({ name }) => name)).toEqual(numbered);
  const slots = ['headline', 'checklist', 'fixes', 'digest'];
  const each = TITLES.flatMap((_, index) => slots.map((slot) => [`${index + 1} ${slot}`, 1]));
  expect(marks(scene)).toEqual(Object.fromEntries(each));
  for (const index of TITLES.keys()) expect((await incidentOf(scene, index + 1)).missing).toEqual({});
  expect(scene.stack.slack.pings()).toEqual([]);
  expect(scene.errors).toEqual([]);
});
