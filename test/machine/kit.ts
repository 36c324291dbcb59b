/** The whole bot in this process, against the sandbox: what Slack and AWS do to it is said by the test. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { expect } from 'vitest';
import { createPlayer, elementsOf, type Player, wordsOn } from '../../sandbox/player.ts';
import type { WorkspaceState } from '../../sandbox/slack/model.ts';
import type { PageChannel, PageMessage, PageState } from '../../sandbox/slack/page-api.ts';
import { BOT_ID, BOT_USER_ID } from '../../sandbox/slack/seed.ts';
import { APP_TOKEN, type Stack, sandboxEnvironment, startStack } from '../../sandbox/stack.ts';
import { readMachineConfig } from '../../src/config.ts';
import type { Recorded } from '../../src/incident/events.ts';
import type { Incident } from '../../src/incident/state.ts';
import { EVENTS_PATH, type Machine, startMachine } from '../../src/machine.ts';
import { SHORTCUTS } from '../../src/slack/ids.ts';

/** World seconds in a second of the wall. */
const SPEED = 200;

export const INCIDENT = /^inc-0001/;
export const APP = {
  commands: [{ command: '/incident', description: 'Incidents', usageHint: 'start', shouldEscape: true }],
  shortcuts: [{ callbackId: SHORTCUTS.declare, name: 'Open an incident', type: 'global' as const }],
};

/** The product's runbooks with one probe alone: the others look at much and change nothing. */
export const lightRunbooks = async (): Promise<string> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'firebreak-runbooks-'));
  await cp('runbooks', folder, { recursive: true, filter: (file) => path.extname(file) !== '.ts' });
  const file = path.join(folder, 'checklists', 'default.yml');
  const yaml = await readFile(file, 'utf8');
  await writeFile(file, yaml.replaceAll(/^ +check: (?!targets-are-healthy).*\n/gm, ''));
  return folder;
};

export type Scene = {
  readonly stack: Stack;
  readonly machine: Machine;
  readonly ana: Player;
  readonly ben: Player;
  /** What the bot was asked to wait by Slack, milliseconds; nothing is really waited. */
  readonly waits: readonly number[];
  /** What the bot logged at `error` or above. */
  readonly errors: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Resolves when neither Slack nor the bot has anything under way. */
  readonly quiet: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export const startScene = async (
  options: {
    readonly socketMode?: boolean;
    readonly trouble?: Parameters<typeof startStack>[0]['trouble'];
    /** With every probe of the checklist. */
    readonly allChecks?: boolean;
    /** What an earlier process left in the table's folder. */
    readonly left?: (tableDir: string) => Promise<void>;
  } = {},
): Promise<Scene> => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'firebreak-machine-'));
  const stack = await startStack({ speed: SPEED, ...APP, ...(options.trouble && { trouble: options.trouble }) });
  const runbooks = options.allChecks ? 'runbooks' : await lightRunbooks();
  const environment = {
    ...sandboxEnvironment(stack, dataDir),
    DATA_DIR: path.join(dataDir, 'table'),
    SLACK_BOT_ID: BOT_ID,
    SLACK_BOT_USER_ID: BOT_USER_ID,
    RUNBOOKS_DIR: runbooks,
    SLACK_APP_TOKEN: options.socketMode ? APP_TOKEN : '',
  };
  // The SDK reads its endpoint and its keys from the process itself.
  Object.assign(process.env, environment);
  await options.left?.(environment.DATA_DIR);
  const waits: number[] = [];
  const errors: string[] = [];
  const machine = await startMachine(readMachineConfig(process.env), {
    clock: stack.clock,
    logger: pino({ level: 'error' }, { write: (line) => void errors.push(line) }),
    resolve: stack.resolve,
    wait: async (milliseconds) => void waits.push(milliseconds),
  });
  if (machine.port !== undefined) stack.slack.setEventsUrl(`http://127.0.0.1:${machine.port}${EVENTS_PATH}`);
  return {
    stack,
    machine,
    ana: createPlayer(stack.slack, 'U0ANA'),
    ben: createPlayer(stack.slack, 'U0BEN'),
    waits,
    errors,
    environment,
    quiet: () => quiet(stack, machine),
    close: async () => {
      await machine.close();
      await stack.close();
      await rm(dataDir, { recursive: true, force: true });
      if (!options.allChecks) await rm(runbooks, { recursive: true, force: true });
    },
  };
};

/** Work sets off work: a request a run, a run a request. Three rounds are more than any chain of them has. */
const quiet = async (stack: Stack, machine: Machine): Promise<void> => {
  for (let round = 0; round < 3; round++) {
    await stack.slack.idle();
    await machine.settled();
  }
};

/** Opens the first incident and waits until all of it is there. */
export const open = async ({ ana }: Scene, title = 'Checkout returns 502'): Promise<void> => {
  await ana.command('shop', `/incident start sev2 ${title}`);
  await ana.message(INCIDENT, 'Checklist');
  await ana.message('incidents', title);
};

export const incidentOf = async ({ machine }: Scene, number = 1): Promise<Incident> => {
  const state = (await machine.log.load(number))?.state;
  if (state === undefined) throw new Error(`There is no incident ${number}.`);
  return state;
};
export const commitsOf = ({ machine }: Scene, number = 1): Promise<readonly Recorded[]> =>
  Array.fromAsync(machine.log.commits(number));
export const eventTypes = (commits: readonly Recorded[]): readonly string[] =>
  commits.flatMap(({ events }) => events.map(({ type }) => type));

export const incidentChannels = ({ stack }: Scene): readonly PageChannel[] =>
  stack.slack.state('U0ANA').channels.filter(({ name }) => name.startsWith('inc-'));

/** What the bot itself wrote; Slack's own lines are not counted. */
export const botMessages = (channel: PageChannel | undefined): readonly PageMessage[] =>
  (channel?.messages ?? []).filter(
    ({ user, subtype }) => user === BOT_USER_ID && (subtype === undefined || subtype === 'bot_message'),
  );

export const headlineIn = (state: PageState, name: RegExp = INCIDENT): PageMessage | undefined =>
  botMessages(state.channels.find((channel) => name.test(channel.name))).find(({ blocks }) =>
    elementsOf(blocks).some(({ element }) => element.text?.text === 'Other fixes'),
  );
export const headlineSays =
  (words: RegExp | string) =>
  (state: PageState): boolean => {
    const headline = headlineIn(state);
    return (
      headline !== undefined && (typeof words === 'string' ? wordsOn(headline).includes(words) : words.test(wordsOn(headline)))
    );
  };
export const headlineSaysNot =
  (words: string) =>
  (state: PageState): boolean => {
    const headline = headlineIn(state);
    return headline !== undefined && !wordsOn(headline).includes(words);
  };

/** Every message the bot marks by its place, and how often it is in Slack. */
export const marks = ({ stack }: Pick<Scene, 'stack'>): Readonly<Record<string, number>> => {
  const { state } = JSON.parse(stack.slack.snapshot()) as { readonly state: WorkspaceState };
  const counts: Record<string, number> = {};
  for (const { metadata } of state.channels.flatMap(({ messages }) => messages)) {
    const { incident, slot } = metadata?.event_payload ?? {};
    if (slot !== undefined) counts[`${incident} ${slot}`] = (counts[`${incident} ${slot}`] ?? 0) + 1;
  }
  return counts;
};

/** What people and admins do in the workspace behind the bot's back. */
export const changeWorkspace = ({ stack }: Pick<Scene, 'stack'>, change: (state: WorkspaceState) => void): void => {
  const kept = JSON.parse(stack.slack.snapshot()) as { readonly state: WorkspaceState };
  change(kept.state);
  stack.slack.restore(JSON.stringify(kept));
};
export const setArchived = (scene: Pick<Scene, 'stack'>, name: string, archived: boolean): void =>
  changeWorkspace(scene, ({ channels }) => {
    for (const channel of channels) if (channel.name === name) channel.archived = archived;
  });

/** Waits for the plan in the modal; the answer starts it, with everything ticked that is to be ticked. */
export const plan = async (player: Player, submit = 'Start'): Promise<() => Promise<void>> => {
  const isPlan = (state: PageState): boolean => JSON.stringify(state.views.at(-1)?.view ?? '').includes(`"text":"${submit}"`);
  const view = (await player.until('the plan', isPlan)).views.at(-1)?.view;
  const ticks = JSON.stringify(view?.blocks).includes('"checkboxes"');
  return () => player.submit(/./, ticks ? { 'I have read': true } : {});
};

/** One of everything, and nothing missing: whatever the weather was. */
export const expectWhole = async (scene: Scene): Promise<void> => {
  const [channel, ...others] = incidentChannels(scene);
  expect(others).toEqual([]);
  expect(channel?.topic).toContain('SEV2');
  expect(channel?.members).toEqual(expect.arrayContaining(['U0ANA', 'U0BEN', 'U0CHRIS', 'U0DINA']));
  expect(channel?.bookmarks.map(({ title }) => title).sort()).toEqual(['Headline', 'Shop']);
  expect(
    botMessages(channel)
      .filter(({ pinned }) => pinned)
      .map(({ ts }) => ts),
  ).toEqual([headlineIn(scene.stack.slack.state('U0ANA'))?.ts]);
  expect(marks(scene)).toEqual({ '1 headline': 1, '1 checklist': 1, '1 fixes': 1, '1 digest': 1 });
  expect((await incidentOf(scene)).missing).toEqual({});
  expect(await scene.machine.log.load(2)).toBeUndefined();
};
