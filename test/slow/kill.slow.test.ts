// How: the bot is a real process on a table in a folder; Slack and AWS are in this one. It is killed with SIGKILL at a named
// moment, another one takes up the folder, the people go on, and what is left is held against the same story without a kill.
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { INCIDENT } from '../machine/kit.ts';
import { isChange, type Moment } from './kill/line.ts';
import { type CallKill, type Scenario, type ScenarioOptions, startScenario } from './kill/scenario.ts';
import { look, openIncident, patientRunbooks, playRun, type Seen, untilBookmarked } from './kill/story.ts';
import { assertOpened, assertRan, lastRun } from './kill/survived.ts';

/** Scenarios at once: each is two processes and half of this one. */
const AT_ONCE = 3;
const MOMENTS: readonly Moment[] = ['before', 'during', 'after'];
/** What the table cannot tell apart when it is taken up again. */
const UNKNOWN: readonly Moment[] = ['before', 'during'];
const SUITE_MS_MAX = 300_000;

const total = { points: 0, deaths: 0, uncertain: 0 };
let runbooksDir: string;
const bases: Scenario[] = [];

/** A folder to begin from: what was played is over, and nobody lives. */
const prepare = async (
  options: Omit<ScenarioOptions, 'runbooksDir'>,
  play: (scenario: Scenario) => Promise<void>,
): Promise<Scenario> => {
  const base = await startScenario({ runbooksDir, ...options });
  await play(base);
  await base.settled();
  await base.rest();
  bases.push(base);
  return base;
};

type Story = { readonly from?: Scenario; readonly play: (scenario: Scenario) => Promise<void> };
const tell = async ({ from, play }: Story, kills: Pick<ScenarioOptions, 'kill' | 'dies'> = {}) => {
  const scenario = await startScenario({ runbooksDir, ...(from && { from: from.folder }), ...kills });
  try {
    await play(scenario);
    return { seen: await look(scenario), deaths: scenario.deaths(), calls: [...scenario.calls] };
  } finally {
    await scenario.rest();
    await scenario.remove();
  }
};

type Point = {
  readonly name: string;
  readonly kills: Pick<ScenarioOptions, 'kill' | 'dies'>;
  readonly assert: (seen: Seen) => boolean;
};
/** Every point is tried, and all that did not survive are told at once. */
const tryAll = async (story: Story, points: readonly Point[], what: string): Promise<void> => {
  const left = [...points];
  const failures: string[] = [];
  let deaths = 0;
  let uncertain = 0;
  const next = async (): Promise<void> => {
    for (let point = left.shift(); point !== undefined; point = left.shift()) {
      try {
        const told = await tell(story, point.kills);
        deaths += told.deaths;
        if (told.deaths === 0) throw new Error('It was not killed.');
        if (point.assert(told.seen)) uncertain += 1;
      } catch (error) {
        failures.push(`${point.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  total.points += points.length;
  total.deaths += deaths;
  total.uncertain += uncertain;
  console.log(`${what}: ${points.length} kill points, ${deaths} kills, ${uncertain} outcomes uncertain.`);
  expect(failures).toEqual([]);
};

const nthOf = (calls: readonly string[]): readonly Omit<CallKill, 'moment'>[] => {
  const counts = new Map<string, number>();
  return calls.map((call) => {
    const nth = (counts.get(call) ?? 0) + 1;
    counts.set(call, nth);
    return { call, nth };
  });
};
const atCalls = (
  calls: readonly string[],
  assert: (seen: Seen, kill: CallKill) => boolean,
  moments: readonly Moment[] = MOMENTS,
): readonly Point[] =>
  nthOf(calls).flatMap(({ call, nth }) =>
    moments.map((moment): Point => {
      const kill = { call, nth, moment };
      return { name: `${moment} ${call} ${nth}`, kills: { kill }, assert: (seen) => assert(seen, kill) };
    }),
  );
/** Lives that end with each commit: right after their first, or right before their second. */
const eachCommit = (assert: (seen: Seen) => boolean): readonly Point[] => [
  { name: 'right after every commit', kills: { dies: () => ({ commit: 1, when: 'after' }) }, assert },
  { name: 'right before every second commit', kills: { dies: () => ({ commit: 2, when: 'before' }) }, assert },
];

beforeAll(async () => {
  runbooksDir = await patientRunbooks();
});
afterAll(async () => {
  console.log(`In all: ${total.points} kill points, ${total.deaths} kills, ${total.uncertain} outcomes uncertain.`);
  await Promise.all(bases.map((base) => base.remove()));
  await rm(runbooksDir, { recursive: true });
});

test(
  'snapshot-then-terminate survives a kill at each change and at each commit',
  async () => {
    const from = await prepare({ trouble: 'oneServes502' }, async (scenario) => {
      await openIncident(scenario);
      await scenario.ben.message(/^inc-0001/, 'Snapshot and terminate i-');
    });
    const story: Story = { from, play: (scenario) => playRun(scenario, (ben) => ben.press(INCIDENT, /^Snapshot and terminate/)) };
    const whole = await tell(story);
    expect(lastRun(whole.seen)?.status).toBe('done');
    const changes = changesOf(whole.calls);
    expect(changes).toEqual([
      'ec2:CreateTags',
      'autoscaling:DetachInstances',
      'ssm:SendCommand',
      'ec2:CreateSnapshots',
      'ec2:TerminateInstances?',
      'ec2:TerminateInstances',
    ]);
    await tryAll(
      story,
      [
        ...eachCommit((seen) => assertRan(seen, whole.seen)),
        ...atCalls(changes, (seen, kill) => assertRan(seen, whole.seen, kill)),
      ],
      'snapshot-then-terminate',
    );
  },
  SUITE_MS_MAX,
);

test(
  'scale-to-one and its undo survive a kill at each change and at each commit',
  async () => {
    const from = await prepare({}, openIncident);
    const fix: Story = {
      from,
      play: (scenario) => playRun(scenario, (ben) => ben.command(INCIDENT, '/incident fix scale-to-one shop-web')),
    };
    const whole = await tell(fix);
    expect(lastRun(whole.seen)?.status).toBe('done');
    await tryAll(
      fix,
      [
        ...eachCommit((seen) => assertRan(seen, whole.seen)),
        ...atCalls(changesOf(whole.calls), (seen, kill) => assertRan(seen, whole.seen, kill), UNKNOWN),
      ],
      'scale-to-one',
    );

    const fixed = await prepare({ from: from.folder }, fix.play);
    const undo: Story = { from: fixed, play: (scenario) => playRun(scenario, (ben) => ben.press(INCIDENT, 'Undo…'), 'Undo it') };
    const undone = await tell(undo);
    expect(lastRun(undone.seen)).toMatchObject({ status: 'done', plan: { kind: 'undo' } });
    await tryAll(
      undo,
      [
        ...eachCommit((seen) => assertRan(seen, undone.seen)),
        ...atCalls(changesOf(undone.calls), (seen, kill) => assertRan(seen, undone.seen, kill), UNKNOWN),
      ],
      'the undo of scale-to-one',
    );
  },
  SUITE_MS_MAX,
);

test(
  'an opening survives a kill at each of its calls to Slack and at each of its commits',
  async () => {
    const story: Story = {
      from: await prepare({}, async () => undefined),
      play: async (scenario) => {
        await scenario.insist('open an incident', () =>
          scenario.ana.command('shop', '/incident start sev2 Checkout returns 502'),
        );
        await untilBookmarked(scenario.stack);
      },
    };
    const whole = await tell(story);
    const commits = whole.seen.seqs.length;
    const assert = (seen: Seen): boolean => {
      assertOpened(seen, whole.seen);
      return false;
    };
    const atCommits = Array.from({ length: commits }, (_, index) => index + 1).map((commit): Point => {
      const dies = (life: number) => (life === 1 ? { commit, when: 'after' as const } : undefined);
      return { name: `after commit ${commit}`, kills: { dies }, assert };
    });
    // After an answer is before the next call, and before a commit is after the call that it records.
    await tryAll(story, [...atCalls(whole.calls.filter(isOpening), assert, UNKNOWN), ...atCommits], 'opening');
  },
  SUITE_MS_MAX,
);

/** Edits come as the checks do, some more or fewer. */
const isOpening = (call: string): boolean => !call.includes(':') && call !== 'chat.update';
const changesOf = (calls: readonly string[]): readonly string[] => calls.filter((call) => call.includes(':') && isChange(call));
