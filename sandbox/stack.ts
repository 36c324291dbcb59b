/** The sandbox's two halves with one clock: the simulated account on the wire, and the Slack workspace with its page. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createClock } from '../src/adapters/clock.ts';
import type { Clock } from '../src/ports.ts';
import { addBotRoles, type BotAccess } from './aws/bot-roles.ts';
import { createIdentity, type Identity } from './aws/identity/identity.ts';
import { type ResolveName, createResolve as resolveIn } from './aws/resolve.ts';
import { createFaultPlan } from './aws/wire/faults.ts';
import { createWire, type Wire } from './aws/wire/wire.ts';
import { TROUBLES, type TroubleName } from './aws/world/change/troubles.ts';
import { createShopWorld, type Shop, shopIn } from './aws/world/fixtures/shop.ts';
import { ACCOUNT_ID, createWorld, REGION, type World } from './aws/world/world.ts';
import type { Command, Shortcut } from './slack/members/context.ts';
import { createSlackWorkspace, type SlackWorkspace } from './slack/workspace.ts';

export const SIGNING_SECRET = 'sandbox-signing-secret';
export const BOT_TOKEN = 'xoxb-sandbox';
export const APP_TOKEN = 'xapp-sandbox';

export type StackOptions = {
  /** Kept here and continued from here; nothing is kept without it. */
  readonly dataDir?: string;
  /** World seconds in a second of the wall. */
  readonly speed: number;
  readonly trouble?: TroubleName;
  readonly slackPort?: number;
  /** Another one, if that is taken. */
  readonly anyPort?: boolean;
  readonly commands: readonly Command[];
  readonly shortcuts: readonly Shortcut[];
};
export type Stack = {
  readonly clock: Clock;
  readonly world: World;
  readonly shop: Shop;
  readonly wire: Wire;
  readonly awsUrl: string;
  readonly access: BotAccess;
  readonly slack: SlackWorkspace;
  readonly faults: ReturnType<typeof createFaultPlan>;
  /** What is broken, in a sentence. */
  readonly broken: string;
  /** Names as the account's zones answer them. */
  readonly resolve: ResolveName;
  /** True when an earlier world goes on. */
  readonly continued: boolean;
  readonly save: () => Promise<void>;
  readonly close: () => Promise<void>;
};

type Kept = { readonly now: number; readonly world: string; readonly identity: string };
const KEPT_FILE = 'account.json';
/** The world is written down so often, milliseconds of the wall; a killed demo loses at most that much of its physics. */
const SAVE_EVERY_MS = 1_000;

const readKept = async (dataDir: string | undefined): Promise<Kept | undefined> => {
  if (dataDir === undefined) return undefined;
  const text = await readFile(path.join(dataDir, KEPT_FILE), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Kept);
};

type Account = { readonly world: World; readonly identity: Identity; readonly access: BotAccess };
const makeAccount = async (clock: Clock, kept: Kept | undefined, trouble: TroubleName | undefined): Promise<Account> => {
  const identity = createIdentity({ accountId: ACCOUNT_ID, clock, ...(kept && { state: JSON.parse(kept.identity) }) });
  const access = await addBotRoles(identity);
  const world =
    kept === undefined
      ? createShopWorld({ clock, identity, ...(trouble && { trouble }) })
      : createWorld({ clock, identity, state: JSON.parse(kept.world) });
  return { world, identity, access };
};

export const startStack = async (options: StackOptions): Promise<Stack> => {
  const { dataDir, speed } = options;
  if (dataDir !== undefined) await mkdir(dataDir, { recursive: true });
  const kept = await readKept(dataDir);
  const clock = createClock({ speed, startAtMs: kept?.now ?? Date.now() });
  const { world, identity, access } = await makeAccount(clock, kept, options.trouble);
  const faults = createFaultPlan();
  const wire = createWire({ account: { ...world.operations, ...identity.operations }, identity, clock, faults });
  const { url: awsUrl } = await wire.listen();
  const slack = createSlackWorkspace({
    clock,
    signingSecret: SIGNING_SECRET,
    botToken: BOT_TOKEN,
    appToken: APP_TOKEN,
    app: { commands: options.commands, shortcuts: options.shortcuts },
    ...(dataDir !== undefined && { dataFile: path.join(dataDir, 'slack.json') }),
  });
  await slack.listen(options.slackPort).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' || options.anyPort !== true) throw error;
    return slack.listen(0);
  });

  const save = async (): Promise<void> => {
    if (dataDir === undefined) return;
    const now: Kept = { now: clock.now(), world: world.snapshot(), identity: JSON.stringify(identity.snapshot()) };
    const file = path.join(dataDir, KEPT_FILE);
    await writeFile(`${file}.part`, JSON.stringify(now));
    await rename(`${file}.part`, file);
  };
  let saving = save();
  const timer = setInterval(() => {
    saving = saving.then(save).catch((error) => console.error('The sandbox could not be kept:', error));
  }, SAVE_EVERY_MS);
  timer.unref();

  return {
    clock,
    world,
    shop: shopIn(world),
    wire,
    awsUrl,
    access,
    slack,
    faults,
    broken: options.trouble === undefined ? 'nothing' : TROUBLES[options.trouble].what,
    resolve: resolveIn(world),
    continued: kept !== undefined,
    save,
    close: async () => {
      clearInterval(timer);
      await saving;
      await save();
      await slack.close();
      await wire.close();
    },
  };
};

/** What `npm start` reads from the environment, with every endpoint in the sandbox. */
export const sandboxEnvironment = (
  stack: Pick<Stack, 'awsUrl' | 'access' | 'slack'>,
  dataDir: string,
): Record<string, string> => ({
  SLACK_BOT_TOKEN: BOT_TOKEN,
  SLACK_SIGNING_SECRET: SIGNING_SECRET,
  SLACK_API_URL: stack.slack.apiUrl(),
  AWS_REGION: REGION,
  AWS_ENDPOINT_URL: stack.awsUrl,
  AWS_ACCESS_KEY_ID: stack.access.accessKeyId,
  AWS_SECRET_ACCESS_KEY: stack.access.secretAccessKey,
  READ_ROLE_ARN: stack.access.readRoleArn,
  FIX_ROLE_ARN: stack.access.fixRoleArn,
  DATA_DIR: path.join(dataDir, 'table'),
  EVIDENCE_DIR: path.join(dataDir, 'evidence'),
  PORT: '0',
});
