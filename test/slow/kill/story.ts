/** What is played while the bot is killed, and what must be true at the end. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pino } from 'pino';
import { createPlayer, elementsOf, type Player } from '../../../sandbox/player.ts';
import type { PageState } from '../../../sandbox/slack/page-api.ts';
import { startEmbeddedTable } from '../../../src/adapters/dynamo/embedded-table.ts';
import { createDynamoLogStore } from '../../../src/adapters/dynamo/log-store.ts';
import type { IncidentEvent } from '../../../src/incident/events.ts';
import type { Incident } from '../../../src/incident/state.ts';
import { createIncidentLog } from '../../../src/log/create-incident-log.ts';
import { incidentModel } from '../../../src/workflow/incident-store.ts';
import { INCIDENT, lightRunbooks, marks, plan } from '../../machine/kit.ts';
import { isChange } from './line.ts';
import type { Scenario } from './scenario.ts';

/** How long a person waits for a form before pressing the button again, milliseconds of the wall. */
const FORM_PATIENCE_MS = 4_000;
const WAIT_MS = 60_000;

/** With time for a life to begin while somebody is asked. */
export const patientRunbooks = async (): Promise<string> => {
  const folder = await lightRunbooks();
  const response = path.join(folder, 'response.yml');
  await writeFile(response, (await readFile(response, 'utf8')).replace(/timeoutMinutes: \d+/, 'timeoutMinutes: 240'));
  return folder;
};

export const openIncident = async ({ ana, ben, insist, stack }: Scenario): Promise<void> => {
  await insist('open an incident', () => ana.command('shop', '/incident start sev2 Checkout returns 502'));
  await untilBookmarked(stack);
  await insist('take a role', () => ben.command(INCIDENT, '/incident role take operations'));
  await insist('take another role', () => ana.command(INCIDENT, '/incident role take commander'));
};
export const untilBookmarked = (stack: Scenario['stack']): Promise<PageState> =>
  stack.slack.until(
    'U0ANA',
    'the whole incident',
    ({ channels }) => (channels.find(({ name }) => INCIDENT.test(name))?.bookmarks.length ?? 0) === 2,
    WAIT_MS,
  );

const OVER = /: (🟢 done|🔴 not done|🔴 failed|⏭ .*|🟡 .*)$/u;
const runsOver = (state: PageState): number =>
  state.channels
    .filter(({ name }) => INCIDENT.test(name))
    .flatMap(({ messages }) => messages)
    .filter(({ text, blocks }) => OVER.test(text) && JSON.stringify(blocks).includes('1. ')).length;
const asksApproval = (state: PageState): boolean =>
  state.channels
    .filter(({ name }) => INCIDENT.test(name))
    .some(({ messages }) =>
      messages.some(({ blocks }) => elementsOf(blocks).some(({ element }) => element.text?.text === 'Approve…')),
    );

/** Asks for the plan of a fix or of an undo: a button, or a command. */
export type Ask = (ben: Player) => Promise<void>;

/** Starts it, agrees to what is asked, and waits for its end. */
export const playRun = async (scenario: Scenario, ask: Ask, submit: 'Start' | 'Undo it' = 'Start'): Promise<void> => {
  const { stack, insist } = scenario;
  const ben = createPlayer(stack.slack, 'U0BEN', FORM_PATIENCE_MS);
  const ana = createPlayer(stack.slack, 'U0ANA', FORM_PATIENCE_MS);
  const before = runsOver(stack.slack.state('U0BEN'));
  const start = await insist('see the plan', async () => {
    await ask(ben);
    return plan(ben, submit);
  });
  await insist('start it', start);
  const isOver = (state: PageState): boolean => runsOver(state) > before;
  for (;;) {
    const state = await stack.slack.until('U0ANA', 'a question or the end', (now) => isOver(now) || asksApproval(now), WAIT_MS);
    if (isOver(state)) return;
    await insist('approve', async () => {
      if (!asksApproval(stack.slack.state('U0ANA'))) return;
      await ana.press(INCIDENT, 'Approve…');
      const { view } = await ana.modal(/^Approve/);
      const typed = /Type (i-[0-9a-f]+)/.exec(JSON.stringify(view))?.[1];
      await ana.submit(/^Approve/, typed === undefined ? {} : { Type: typed });
    });
    await stack.slack.until('U0ANA', 'the answer to be taken', (now) => isOver(now) || !asksApproval(now), WAIT_MS);
  }
};

export type Seen = {
  readonly incident: Incident;
  readonly seqs: readonly number[];
  readonly events: readonly IncidentEvent[];
  readonly others: number;
  /** Each change that AWS made, whole, and how often. */
  readonly changes: Readonly<Record<string, number>>;
  readonly marks: Readonly<Record<string, number>>;
  readonly channels: readonly string[];
  readonly pinned: number;
  readonly bookmarks: readonly string[];
  readonly members: readonly string[];
  readonly world: unknown;
};

/** Everything that is left when all is over, in the folder's table included. */
export const look = async (scenario: Scenario): Promise<Seen> => {
  await scenario.settled();
  const { stack } = scenario;
  const channels = stack.slack.state('U0ANA').channels.filter(({ name }) => name.startsWith('inc-'));
  const seen = {
    changes: changesIn(stack),
    marks: marks(scenario),
    channels: channels.map(({ name }) => name),
    pinned: channels.flatMap(({ messages }) => messages.filter(({ pinned }) => pinned)).length,
    bookmarks: channels.flatMap(({ bookmarks }) => bookmarks.map(({ title }) => title)).sort(),
    members: [...(channels[0]?.members ?? [])].sort(),
    world: worldIn(stack),
  };
  await scenario.rest();
  return { ...seen, ...(await ledgerIn(scenario)) };
};

const changesIn = ({ wire }: Scenario['stack']): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { service, action, input, outcome } of wire.calls) {
    if (outcome !== 'OK' || !isChange(`${service}:${action}`)) continue;
    const change = `${service}:${action} ${JSON.stringify(input)}`;
    counts[change] = (counts[change] ?? 0) + 1;
  }
  return counts;
};

/** What an engineer would compare: sizes, members, settings, what is kept. Not ids, not times. */
const worldIn = ({ world }: Scenario['stack']): unknown => {
  world.settle();
  const { groups, instances, snapshots } = world.state;
  const living = instances.filter(({ state }) => state !== 'terminated' && state !== 'shutting-down');
  return {
    groups: groups.map(({ name, min, max, desired, suspended, members }) => ({
      name,
      min,
      max,
      desired,
      suspended: suspended.map((each) => each.name).sort(),
      members: members.map((member) => `${member.state}${member.protectedFromScaleIn ? ', protected' : ''}`).sort(),
    })),
    living: living.length,
    snapshots: snapshots.map(({ state }) => state).sort(),
  };
};

const ledgerIn = async ({ folder }: Scenario): Promise<Pick<Seen, 'incident' | 'seqs' | 'events' | 'others'>> => {
  const table = await startEmbeddedTable({ dataDir: path.join(folder, 'table'), tableName: 'firebreak' });
  try {
    const log = createIncidentLog({
      store: createDynamoLogStore(table.client, table.tableName),
      model: incidentModel,
      clock: { now: Date.now, after: () => () => undefined },
      random: Math.random,
      logger: pino({ level: 'silent' }),
    });
    const incident = (await log.load(1))?.state;
    if (incident === undefined) throw new Error('The incident is not in the table.');
    const commits = await Array.fromAsync(log.commits(1));
    return {
      incident,
      seqs: commits.map(({ seq }) => seq),
      events: commits.flatMap(({ events }) => events),
      others: (await log.load(2)) === undefined ? 0 : 1,
    };
  } finally {
    await table.close();
  }
};
