/** The sandbox in this process, and the bot in one that is killed and follows itself, on one folder. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createPlayer } from '../../../sandbox/player.ts';
import { BOT_ID, BOT_USER_ID } from '../../../sandbox/slack/seed.ts';
import { type Stack, sandboxEnvironment, startStack } from '../../../sandbox/stack.ts';
import { EVENTS_PATH } from '../../../src/machine.ts';
import { APP } from '../../machine/kit.ts';
import { awsName, isChange, type Line, type Moment, slackName, startLine } from './line.ts';
import type { Birth, FromChild, FromParent } from './machine-child.ts';

const CHILD = path.join(import.meta.dirname, 'machine-child.ts');
/** World seconds in a second of the wall. */
const SPEED = 400;
/** How long a person goes on trying, and waits for what should come: milliseconds of the wall. */
const PATIENCE_MS = 40_000;

/** The n-th call of this name, counted from 1 over all lives. */
export type CallKill = { readonly call: string; readonly nth: number; readonly moment: Moment };
export type CommitKill = NonNullable<Birth['dies']>;

export type ScenarioOptions = {
  /** An earlier scenario's folder, which is copied. */
  readonly from?: string;
  readonly trouble?: Parameters<typeof startStack>[0]['trouble'];
  readonly runbooksDir: string;
  /** One kill, at a call to AWS or Slack. */
  readonly kill?: CallKill;
  /** A kill in each life, as long as this answers one: asked at each birth, with how many lives there were. */
  readonly dies?: (life: number) => CommitKill | undefined;
};
export type Scenario = Awaited<ReturnType<typeof startScenario>>;

export const startScenario = async (options: ScenarioOptions) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'firebreak-kill-'));
  if (options.from !== undefined) await cp(options.from, folder, { recursive: true });
  const stack = await startStack({ dataDir: folder, speed: SPEED, ...APP, ...(options.trouble && { trouble: options.trouble }) });
  const anchor = { speed: SPEED, worldMs: stack.clock.now(), wallMs: Date.now() };
  const calls: string[] = [];
  const counts = new Map<string, number>();
  const meet = (name: string): Moment | undefined => {
    if (name.includes(':') && !isChange(name)) return undefined;
    calls.push(name);
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    return options.kill?.call === name && options.kill.nth === nth ? options.kill.moment : undefined;
  };
  const lives = createLives(stack, (life) => birthOf(life), options.kill === undefined ? Number.POSITIVE_INFINITY : 2);
  const aws = await startLine({ to: () => stack.awsUrl, host: 'as-called', nameOf: awsName, meet, kill: lives.kill });
  const slack = await startLine({ to: stack.slack.url, host: 'its-own', nameOf: slackName, meet, kill: lives.kill });
  const birthOf = (life: number): Birth => {
    const dies = options.dies?.(life);
    return {
      environment: environmentOf(stack, folder, options.runbooksDir, { aws, slack }),
      tableDir: path.join(folder, 'table'),
      clock: anchor,
      ...(dies && { dies }),
    };
  };
  await lives.begin();
  const people = { ana: createPlayer(stack.slack, 'U0ANA', PATIENCE_MS), ben: createPlayer(stack.slack, 'U0BEN', PATIENCE_MS) };
  return {
    folder,
    stack,
    ...people,
    /** Calls to Slack, and changes asked of AWS, as the bot made them. */
    calls: calls as readonly string[],
    deaths: lives.deaths,
    insist: <T>(what: string, act: () => Promise<T>) => insist(lives, what, act),
    settled: lives.settled,
    /** Ends the bot's last life in order, once, and keeps the folder. */
    rest: async () => {
      if (!lives.end()) return;
      await lives.gone();
      await stack.close();
      await Promise.all([aws.close(), slack.close()]);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};

const environmentOf = (
  stack: Stack,
  folder: string,
  runbooksDir: string,
  lines: { readonly aws: Line; readonly slack: Line },
): Readonly<Record<string, string>> => {
  const { DATA_DIR: _, ...environment } = sandboxEnvironment(stack, folder);
  return {
    ...environment,
    AWS_ENDPOINT_URL: lines.aws.url,
    SLACK_API_URL: `${lines.slack.url}/api/`,
    SLACK_BOT_ID: BOT_ID,
    SLACK_BOT_USER_ID: BOT_USER_ID,
    RUNBOOKS_DIR: runbooksDir,
    LOG_LEVEL: process.env['KILL_LOG_LEVEL'] ?? 'fatal',
  };
};

/** One life after the other; the next one is loaded before it is needed. */
const createLives = (stack: Stack, birthOf: (life: number) => Birth, livesMax: number) => {
  let next = spawn();
  let now: ChildProcess | undefined;
  let count = 0;
  let deaths = 0;
  let alive = Promise.withResolvers<void>();
  let over = false;

  const begin = async (): Promise<void> => {
    const { child, loaded } = next;
    if ((await loaded) === undefined) throw new Error('The bot could not be loaded.');
    now = child;
    count += 1;
    const life = count;
    child.once('exit', (code, signal) => {
      if (over) return;
      const failed = signal === 'SIGKILL' ? undefined : new Error(`Life ${life} ended by itself: ${code ?? signal}`);
      deaths += 1;
      alive = Promise.withResolvers<void>();
      alive.promise.catch(() => undefined); // somebody may wait for it, or nobody
      stack.slack.setEventsUrl(undefined);
      if (failed === undefined) begin().catch(alive.reject);
      else alive.reject(failed);
    });
    const listens = answerOf(child, 'listens');
    const birth = birthOf(life);
    child.send({ say: 'live', birth } satisfies FromParent);
    if (life < livesMax && (birth.dies !== undefined || livesMax !== Number.POSITIVE_INFINITY)) next = spawn();
    const port = await listens;
    if (port === undefined) return; // died while it was born
    stack.slack.setEventsUrl(`http://127.0.0.1:${port}${EVENTS_PATH}`);
    alive.resolve();
  };
  return {
    begin,
    kill: (): void => void now?.kill('SIGKILL'),
    deaths: () => deaths,
    alive: () => alive.promise,
    settled: async (): Promise<void> => {
      for (;;) {
        await alive.promise;
        const child = now;
        if (child === undefined) throw new Error('Nobody lives.');
        const settled = answerOf(child, 'settled');
        child.send({ say: 'settle' } satisfies FromParent);
        if ((await settled) !== undefined && child === now) return;
      }
    },
    /** False if it was told before. */
    end: (): boolean => {
      if (over) return false;
      over = true;
      if (now?.connected) now.send({ say: 'end' } satisfies FromParent);
      next.child.kill('SIGKILL');
      return true;
    },
    gone: async (): Promise<void> => {
      if (now !== undefined && now.exitCode === null && now.signalCode === null) await once(now, 'exit');
    },
  };
};

const spawn = () => {
  const child = fork(CHILD, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // What one life has compiled, the next one reads. https://nodejs.org/api/module.html#module-compile-cache
    env: { ...process.env, NODE_COMPILE_CACHE: path.join(tmpdir(), 'firebreak-compile-cache') },
  });
  return { child, loaded: answerOf(child, 'loaded') };
};

/** Undefined if it died first. */
const answerOf = (child: ChildProcess, say: FromChild['say']): Promise<number | undefined> =>
  new Promise((resolve) => {
    const hear = (message: FromChild): void => {
      if (message.say !== say) return;
      child.off('message', hear);
      child.off('exit', leave);
      resolve('port' in message ? message.port : 0);
    };
    const leave = (): void => resolve(undefined);
    child.on('message', hear);
    child.once('exit', leave);
  });

/** A person's pace, milliseconds of the wall. */
const TRY_AGAIN_MS = 100;

/** As a person does: tries again when the bot did not answer, as soon as it is there again. */
const insist = async <T>(lives: { readonly alive: () => Promise<void> }, what: string, act: () => Promise<T>): Promise<T> => {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    await lives.alive();
    try {
      return await act();
    } catch (error) {
      if (Date.now() > until) throw new Error(`It was never possible to ${what}.`, { cause: error });
      await pause(TRY_AGAIN_MS);
    }
  }
};
