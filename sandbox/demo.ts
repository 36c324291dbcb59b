/**
 * `npm run demo`: the bot, a Slack workspace and an AWS account whose shop has just broken, on this machine alone.
 * `-- --script` plays the main job without a browser and says what it saw; `-- --fresh` forgets what was kept.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { ConfigError, readMachineConfig } from '../src/config.ts';
import { EVENTS_PATH, type Machine, startMachine } from '../src/machine.ts';
import { onStop } from '../src/on-stop.ts';
import { subcommands } from '../src/slack/commands/index.ts';
import { SHORTCUTS } from '../src/slack/ids.ts';
import { TROUBLE_NAMES, TROUBLES, type TroubleName } from './aws/world/change/troubles.ts';
import { FolderInUse, lockFolder } from './folder-lock.ts';
import { playMainJob } from './script.ts';
import { BOT_ID, BOT_USER_ID } from './slack/seed.ts';
import { type Stack, sandboxEnvironment, startStack } from './stack.ts';

/** World seconds in a second of the wall: fast enough not to bore, slow enough to read along. */
const SPEED = 8;
/** Nobody reads along. */
const SCRIPT_SPEED = 40;
/** Beyond it a step's calls take longer than what it waits for. */
const SPEED_MAX = 60;
const PORT = 4_000;

const options = () => {
  const { values } = parseArgs({
    options: {
      script: { type: 'boolean', default: false },
      fresh: { type: 'boolean', default: false },
      'data-dir': { type: 'string' },
      speed: { type: 'string' },
      port: { type: 'string' },
      trouble: { type: 'string' },
      verbose: { type: 'boolean', default: false },
    },
  });
  const trouble = values.trouble ?? 'oneServes502';
  const speed = Number(values.speed ?? (values.script ? SCRIPT_SPEED : SPEED));
  const port = values.script ? 0 : Number(values.port ?? PORT);
  if (!isTrouble(trouble))
    throw new UsageError(
      `There is no trouble "${trouble}". There are:\n${TROUBLE_NAMES.map((name) => `  ${name.padEnd(22)} ${TROUBLES[name].what}`).join('\n')}`,
    );
  if (!(speed >= 1 && speed <= SPEED_MAX)) throw new UsageError(`--speed is a number from 1 to ${SPEED_MAX}.`);
  if (!(Number.isInteger(port) && port >= 0 && port < 65_536)) throw new UsageError('--port is a number from 0 to 65535.');
  return { ...values, trouble, speed, port, anyPort: values.port === undefined };
};
/** What the demo keeps in its folder. */
const KEPT = ['account.json', 'slack.json', 'table', 'evidence'];
class UsageError extends Error {}
const isTrouble = (name: string): name is TroubleName => Object.hasOwn(TROUBLES, name);

const main = async (): Promise<void> => {
  const given = options();
  const dataDir = path.resolve(
    given['data-dir'] ?? (given.script ? await mkdtemp(path.join(tmpdir(), 'firebreak-')) : '.firebreak'),
  );
  const lock = await lockFolder(dataDir);
  if (given.fresh) await Promise.all(KEPT.map((name) => rm(path.join(dataDir, name), { recursive: true, force: true })));
  const stack = await startStack({
    dataDir,
    speed: given.speed,
    trouble: given.trouble,
    slackPort: given.port,
    anyPort: given.anyPort,
    commands: [
      {
        command: '/incident',
        description: 'Incidents, checks and quick fixes',
        usageHint: subcommands.map(({ name }) => name).join(' | '),
        shouldEscape: true,
      },
    ],
    shortcuts: [
      { callbackId: SHORTCUTS.keepMessage, name: 'Add to timeline', type: 'message' },
      { callbackId: SHORTCUTS.reportSymptom, name: 'Decode this error', type: 'message' },
      { callbackId: SHORTCUTS.declare, name: 'Open an incident', type: 'global' },
    ],
  });
  const machine = await startBot(stack, dataDir, given.verbose ? 'info' : 'error');
  const stop = async (): Promise<void> => {
    await machine.close();
    await stack.close();
    await lock.free();
  };
  if (given.script) {
    const reached = await playMainJob({ stack, machine, print: (line) => console.log(line) });
    await stop();
    process.exit(reached ? 0 : 1);
  }
  welcome(stack, dataDir);
  onStop(() => {
    console.log('\nStopping; the next start goes on from here.');
    return stop();
  }, console.error);
};

/** The bot as `npm start` runs it: from environment variables, with every endpoint in the sandbox. */
const startBot = async (stack: Stack, dataDir: string, level: string): Promise<Machine> => {
  const environment = { ...sandboxEnvironment(stack, dataDir), SLACK_BOT_ID: BOT_ID, SLACK_BOT_USER_ID: BOT_USER_ID };
  // The SDK reads its endpoint and its keys from the process itself.
  Object.assign(process.env, environment);
  const machine = await startMachine(readMachineConfig(process.env), {
    clock: stack.clock,
    logger: pino({ level }),
    resolve: stack.resolve,
  });
  stack.slack.setEventsUrl(`http://127.0.0.1:${machine.port}${EVENTS_PATH}`);
  return machine;
};

const welcome = (stack: Stack, dataDir: string): void => {
  const { broken } = stack;
  console.log(
    [
      '',
      `  Firebreak's sandbox is at  ${stack.slack.url()}`,
      '',
      stack.continued
        ? '  It goes on where it was. `npm run demo -- --fresh` starts over.'
        : `  The shop has just broken: ${broken}`,
      '  Open the page and type in #shop:  /incident start sev2 Checkout returns 502',
      '  Another person has to approve what cannot be undone: act as somebody else at the top left.',
      '',
      `  Kept in ${dataDir}. Ctrl-C stops everything.`,
      '',
    ].join('\n'),
  );
};

main().catch((error: unknown) => {
  console.error([UsageError, ConfigError, FolderInUse].some((kind) => error instanceof kind) ? (error as Error).message : error);
  process.exit(1);
});
