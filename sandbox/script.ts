/** The main job, played by two people without a browser. Every stage is really reached, or the script says which was not. */
import type { Machine } from '../src/machine.ts';
import { createPlayer, elementsOf, type Player, wordsOn } from './player.ts';
import { readable } from './readable.ts';
import type { PageState } from './slack/page-api.ts';
import { BOT_USER_ID } from './slack/seed.ts';
import type { Stack } from './stack.ts';

type Scene = { readonly stack: Stack; readonly machine: Pick<Machine, 'log'>; readonly print: (line: string) => void };
const INCIDENT = /^inc-0001/;
const TITLE = 'Checkout returns 502';

/** True when every stage was reached. */
export const playMainJob = async (scene: Scene): Promise<boolean> => {
  const { stack, print } = scene;
  const startedMs = performance.now();
  const began = stack.clock.now();
  const tell = (who: string, line: string): void => {
    const world = Math.round((stack.clock.now() - began) / 1_000);
    const [first = '', ...rest] = line.split('\n');
    print(`${clockOf(world)}  ${who.padEnd(9)} ${first}`);
    for (const each of rest) print(`${' '.repeat(18)}${each}`);
  };
  print(`Firebreak, the main job. Times are the world's (min:s since the start); it runs faster than the wall.\n`);
  const unreached: string[] = [];
  const stage = async (what: string, play: () => Promise<void>): Promise<void> => {
    if (unreached.length > 0) return;
    try {
      await play();
    } catch (error) {
      unreached.push(what);
      tell('NOT YET', `${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const ana = createPlayer(stack.slack, 'U0ANA');
  const ben = createPlayer(stack.slack, 'U0BEN');
  const follow = followRun(ben, tell);
  const users = watchUsers(stack, tell);
  const sick = stack.world.state.instances.find(({ app }) => app.status === 502)?.id ?? '';

  await stage('an incident opens', () => open(ana, tell));
  await stage('roles are taken', () => takeRoles(ana, ben, tell));
  await stage('a live probe finds what is broken', () => seeChecks(ana, tell, sick));
  await stage('a guarded fix is previewed and started', () => startFix(ben, tell, sick));
  await stage('users are served again while the snapshots are still pending', () => served(scene, ana, tell));
  await stage('another person approves what cannot be undone', () => approve(ana, tell, sick));
  await stage('the run ends, and its target with it', () => ended(scene, ana, tell, sick));
  await stage('the incident is resolved', () => resolve(ana, tell));
  await stage('the postmortem is written', () => showPostmortem(scene, ana, print));
  await stage('the ledger is whole', () => showLedger(scene, print));
  users.stop();
  follow.stop();
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  print(unreached.length === 0 ? `\nEvery stage was reached, in ${seconds} s.` : `\nNot reached: ${unreached.join(', ')}.`);
  return unreached.length === 0;
};

type Tell = (who: string, line: string) => void;
const clockOf = (seconds: number): string =>
  `${String(Math.floor(seconds / 60)).padStart(3)}:${String(seconds % 60).padStart(2, '0')}`;

const open = async (ana: Player, tell: Tell): Promise<void> => {
  const text = `/incident start sev2 ${TITLE}`;
  tell('ana', text);
  await ana.command('shop', text);
  const { name } = await ana.channel(INCIDENT);
  tell('slack', `#${name} is there`);
  await ana.message(INCIDENT, 'Checklist');
  await ana.message('incidents', TITLE);
  tell('firebreak', readable(await ana.message(INCIDENT, TITLE)));
};

const takeRoles = async (ana: Player, ben: Player, tell: Tell): Promise<void> => {
  tell('ana', '[Take Incident Commander]');
  await ana.press(INCIDENT, /^Take .*Commander/);
  tell('ben', '/incident role take operations');
  await ben.command(INCIDENT, '/incident role take operations');
  await ana.until('both roles are held', (state) => /<@U0ANA>.*<@U0BEN>/s.test(headlineOf(state)));
};
const headlineOf = (state: PageState): string => {
  const channel = state.channels.find(({ name }) => INCIDENT.test(name));
  const first = channel?.messages.find(({ user, pinned }) => user === BOT_USER_ID && pinned);
  return first === undefined ? '' : wordsOn(first);
};

const seeChecks = async (ana: Player, tell: Tell, sick: string): Promise<void> => {
  const says = new RegExp(`🔴.*${sick}`, 's');
  await ana.until('the checklist names the sick instance', (state) => says.test(headlineOf(state)));
  const checklist = await ana.message(INCIDENT, /Checklist.*🔴/s);
  tell('firebreak', readable(checklist));
};

const startFix = async (ben: Player, tell: Tell, sick: string): Promise<void> => {
  tell('ben', '[Snapshot and terminate…]');
  await ben.press(INCIDENT, /^Snapshot and terminate/);
  const plan = await ben.until('the plan', (state) => JSON.stringify(state.views.at(-1)?.view ?? '').includes('irreversible'));
  const view = plan.views.at(-1)?.view;
  if (view === undefined || !JSON.stringify(view).includes(sick)) throw new Error(`The plan does not name ${sick}.`);
  tell('firebreak', readable({ text: '', blocks: view.blocks }));
  const title = 'title' in view && view.title !== undefined ? view.title.text : '';
  const acknowledge = JSON.stringify(view.blocks).includes('"checkboxes"');
  tell('ben', '[Start]');
  await ben.submit(title, acknowledge ? { 'I have read': true } : {});
};

const served = async ({ stack }: Scene, ana: Player, tell: Tell): Promise<void> => {
  const message = await ana.message(INCIDENT, 'Served again');
  const { snapshots } = stack.world.state;
  stack.world.settle();
  const pending = snapshots.filter(({ state }) => state === 'pending').length;
  if (snapshots.length === 0 || pending === 0) throw new Error(`${snapshots.length} snapshots, ${pending} of them pending.`);
  tell('firebreak', readable(message));
  tell('aws', `${pending} of ${snapshots.length} snapshots are still pending`);
};

const approve = async (ana: Player, tell: Tell, sick: string): Promise<void> => {
  await ana.until('the run asks for approval', (state) => hasButton(state, /^Approve/));
  tell('ana', '[Approve…]');
  await ana.press(INCIDENT, /^Approve/);
  tell('ana', `types ${sick} to confirm`);
  await ana.submit(/Approve/, { Type: sick });
};
const hasButton = (state: PageState, label: RegExp): boolean =>
  state.channels.some(
    ({ name, messages }) =>
      INCIDENT.test(name) &&
      messages.some(({ blocks }) => elementsOf(blocks).some(({ element }) => label.test(element.text?.text ?? ''))),
  );

const ended = async ({ stack }: Scene, ana: Player, tell: Tell, sick: string): Promise<void> => {
  await ana.message(INCIDENT, /Snapshot and terminate.*🟢 done/s);
  const { world, shop } = stack;
  const ids = shop.instanceIds();
  const state = world.state.instances.find(({ id }) => id === sick)?.state;
  const complete = world.state.snapshots.filter((one) => one.state === 'completed').length;
  tell('aws', `${sick} is ${state}; ${complete} snapshots are complete; in service: ${ids.join(', ')}`);
  if (!['shutting-down', 'terminated'].includes(state ?? '') || complete < 2 || ids.length !== 3 || ids.includes(sick))
    throw new Error('The account is not as promised.');
  const replies = world.users.possible(shop.url);
  if (replies.some(({ status }) => status !== 200))
    throw new Error(`Users get ${replies.map(({ status }) => status).join(', ')}.`);
};

const resolve = async (ana: Player, tell: Tell): Promise<void> => {
  for (const text of ['/incident mitigated The replacement serves', '/incident resolve The sick instance was replaced']) {
    tell('ana', text);
    await ana.command(INCIDENT, text);
  }
  await ana.until('the headline says resolved', (state) => /Resolved/.test(headlineOf(state)));
};

const showPostmortem = async ({ machine }: Scene, ana: Player, print: Scene['print']): Promise<void> => {
  await ana.command(INCIDENT, '/incident postmortem');
  await ana.message(INCIDENT, 'Postmortem draft');
  for await (const { events } of machine.log.commits(1)) {
    for (const event of events) if (event.type === 'postmortem-drafted') print(`\n${event.markdown}`);
  }
};

/** Read back from DynamoDB, commit by commit. */
const showLedger = async ({ machine }: Scene, print: Scene['print']): Promise<void> => {
  print('\nThe ledger, as it is in DynamoDB:');
  const types = new Set<string>();
  let expected = 1;
  for await (const { seq, at, by, events } of machine.log.commits(1)) {
    if (seq !== expected) throw new Error(`Commit ${expected} is missing.`);
    expected += 1;
    for (const { type } of events) types.add(type);
    print(`  ${String(seq).padStart(4)}  ${at.slice(11, 19)}  ${by.padEnd(10)} ${events.map(({ type }) => type).join(', ')}`);
  }
  const needed = [
    'incident-declared',
    'check-finished',
    'fix-previewed',
    'fix-requested',
    'fix-step-finished',
    'users-served',
    'fix-approved',
    'fix-run-ended',
    'status-changed',
    'postmortem-drafted',
  ];
  const missing = needed.filter((type) => !types.has(type));
  if (missing.length > 0) throw new Error(`The ledger has no ${missing.join(', ')}.`);
};

/** Says each change of the run's message, a line at a time. */
const followRun = (ben: Player, tell: Tell): { readonly stop: () => void } => {
  const seen = new Set<string>();
  let stopped = false;
  const look = (state: PageState): boolean => {
    const run = state.channels
      .find(({ name }) => INCIDENT.test(name))
      ?.messages.findLast(
        (one) =>
          one.user === BOT_USER_ID &&
          /\d\. |detach/i.test(one.text + wordsOn(one)) &&
          /⏳|🟢/.test(wordsOn(one)) &&
          /Snapshot and terminate i-/.test(one.text),
      );
    for (const line of run === undefined ? [] : readable(run).split('\n')) {
      const step = /^\s*(🟢|🔴|🟡) +(\d.*)$/u.exec(line);
      const key = step?.[2]?.slice(0, 30);
      if (step === null || key === undefined || seen.has(`${step[1]}${key}`)) continue;
      seen.add(`${step[1]}${key}`);
      tell('run', line.trim());
    }
    return stopped;
  };
  ben.until('the end of the story', look).catch(() => undefined);
  return {
    stop: () => {
      stopped = true;
    },
  };
};

/** What a user of the shop gets, said when it changes. */
const watchUsers = (stack: Stack, tell: Tell): { readonly stop: () => void } => {
  let last = '';
  const timer = setInterval(() => {
    const statuses = [...new Set(stack.world.users.possible(stack.shop.url).map(({ status }) => status))].sort().join(', ');
    if (statuses !== last) tell('users', `get ${statuses}`);
    last = statuses;
  }, 100);
  timer.unref();
  return { stop: () => clearInterval(timer) };
};
