/**
 * The whole fix pipeline without Slack: the real core, unmodified SDK clients, the bot's own roles and the shop's account on
 * the wire. Time stands still and is moved on to whatever is due next, so that hours of waiting take no time.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { pino } from 'pino';
import { fixes } from '../../runbooks/index.ts';
import { addBotRoles, type BotAccess } from '../../sandbox/aws/bot-roles.ts';
import { createIdentity, type Identity } from '../../sandbox/aws/identity/identity.ts';
import { createFaultPlan, type FaultPlan } from '../../sandbox/aws/wire/faults.ts';
import { type CallRecord, createWire, type Wire } from '../../sandbox/aws/wire/wire.ts';
import { createShopWorld, type Shop, type ShopOptions, type ShopWorld } from '../../sandbox/aws/world/fixtures/shop.ts';
import { groupOf, targetGroupOf } from '../../sandbox/aws/world/state/find.ts';
import type { Group } from '../../sandbox/aws/world/state/group.ts';
import { ACCOUNT_ID, REGION } from '../../sandbox/aws/world/world.ts';
import { createCalls } from '../../src/adapters/aws/calls.ts';
import { type AwsSettings, createCallClients, createReadAccess, createSts } from '../../src/adapters/aws/clients.ts';
import { createFacts } from '../../src/adapters/aws/facts.ts';
import { createDriver, type Driver } from '../../src/adapters/durable/driver.ts';
import { createRunStore } from '../../src/adapters/durable/run-store.ts';
import { createDocumentClient } from '../../src/adapters/dynamo/document-client.ts';
import { type EmbeddedTable, startEmbeddedTable } from '../../src/adapters/dynamo/embedded-table.ts';
import { createMemoryLogStore } from '../../src/adapters/memory/log-store.ts';
import { createCore } from '../../src/deps.ts';
import type { IncidentCommand, WorkRequest } from '../../src/incident/commands.ts';
import type { EventOf, EventType, IncidentEvent } from '../../src/incident/events.ts';
import { type FixRun, type Incident, isOver } from '../../src/incident/state.ts';
import { createIncidentLog } from '../../src/log/create-incident-log.ts';
import type { Calls, DurableRuns, Evidence, Facts, Queue, QueueMessage } from '../../src/ports.ts';
import type { AwsApi, AwsCall } from '../../src/runbook/aws-call.ts';
import { type Catalogue, fixOf } from '../../src/runbook/catalogue.ts';
import type { ResponsePolicy } from '../../src/runbook/response.ts';
import { service } from '../../src/runbook/service.ts';
import { current, incidentModel } from '../../src/workflow/incident-store.ts';
import { runIdOf } from '../../src/workflow/preview-fix.ts';
import { policy } from '../kit.ts';
import { createSteppedClock, type SteppedClock } from './clock.ts';
import { createFakeChat, type FakeChat } from './fake-chat.ts';

/** Declares, and takes the role that may fix. */
export const BEN = 'U0BEN';
/** Somebody else, without a role. */
export const ANA = 'U0ANA';
const INCIDENT = 1;
const HOUR_MS = 3_600_000;
/** A run that has come to nothing after so long on the world's clock never will. */
const PATIENCE_MS = 24 * HOUR_MS;
/** What waits in the middle of a step waits for this long at most at a time. */
const SHORT_WAIT_MS = 2_000;

/** What is fixed here is not the team's to change: its approvals, caps and checklist are this suite's own. */
const CATALOGUE: Catalogue = {
  checks: [],
  fixes,
  checklist: { id: 'default', title: 'Checklist', version: 1, items: [{ id: 'look', title: 'Look', byHand: 'Look.' }] },
  services: [service.parse({ id: 'shop', name: 'Shop', loadBalancer: 'shop-alb', url: 'https://shop.example.com' })],
  symptoms: [],
  response: policy,
};

const NO_TABLE: Pick<EmbeddedTable, 'client' | 'tableName' | 'close'> = {
  client: createDocumentClient({ region: REGION, endpoint: 'http://127.0.0.1:9' }),
  tableName: 'none',
  close: async () => {},
};

/** For waits that are no part of the story: writers that get out of each other's way. */
const rightAway = (callback: () => void): (() => void) => {
  const immediate = setImmediate(callback);
  return () => clearImmediate(immediate);
};

/** What changes the account, by the actions that the wire sees. */
const MUTATIONS = new Set([
  'CreateTags',
  'CreateSnapshots',
  'TerminateInstances',
  'DetachInstances',
  'AttachInstances',
  'TerminateInstanceInAutoScalingGroup',
  'EnterStandby',
  'ExitStandby',
  'SuspendProcesses',
  'ResumeProcesses',
  'SetInstanceProtection',
  'UpdateAutoScalingGroup',
]);
const isDryRun = ({ input }: CallRecord): boolean => (input as { readonly DryRun?: boolean } | undefined)?.DryRun === true;

/** What was sent, in the words of a plan. */
export const sentOf = (calls: readonly CallRecord[]): readonly { readonly api: string; readonly input: unknown }[] =>
  calls.map(({ service, action, input }) => ({ api: `${service}:${action}`, input }));
/** The instance that the troubles of one host make sick. */
export const sickOf = ({ shop }: { readonly shop: Shop }): string => {
  const [first] = shop.instanceIds();
  if (first === undefined) throw new Error('The shop has no instance in service.');
  return first;
};

export type BenchOptions = {
  /** `false`: nothing is started, so that no table is needed. */
  readonly table?: boolean;
  /** Of the wall: how long the answer to a mutation is waited for. */
  readonly answerTimeoutMs?: number;
  readonly shop?: Omit<ShopOptions, 'clock' | 'identity'>;
  readonly response?: {
    readonly approvals?: Partial<ResponsePolicy['approvals']>;
    readonly caps?: Partial<ResponsePolicy['caps']>;
  };
};

type Machine = { readonly core: ReturnType<typeof createCore>; readonly driver: Driver; readonly facts: Facts };
/** Around a call: before it is sent, or when it was answered and nothing is written down yet. */
type Moment = 'before' | 'after';
/** What happens then, once. */
type Incidental = { readonly api: AwsApi; readonly when: Moment; readonly what: () => void | Promise<void> };
type Work = WorkRequest extends infer W ? (W extends WorkRequest ? Omit<W, 'id' | 'by' | 'incident'> : never) : never;

export type Bench = Awaited<ReturnType<typeof openBench>>;

type Account = {
  readonly clock: SteppedClock;
  readonly identity: Identity;
  readonly world: ShopWorld;
  readonly faults: FaultPlan;
  readonly wire: Wire;
  readonly access: BotAccess;
  readonly settings: AwsSettings;
};

const openAccount = async (shop: BenchOptions['shop']): Promise<Account> => {
  const clock = createSteppedClock();
  const identity = createIdentity({ accountId: ACCOUNT_ID, clock });
  const access = await addBotRoles(identity);
  const world = createShopWorld({ clock, identity, ...shop });
  const faults = createFaultPlan();
  const wire = createWire({ account: { ...world.operations, ...identity.operations }, identity, clock, faults });
  const { url } = await wire.listen();
  const { accessKeyId, secretAccessKey } = access;
  const settings: AwsSettings = {
    region: REGION,
    endpoint: url,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  };
  return { clock, identity, world, faults, wire, access, settings };
};

const catalogueWith = ({ approvals, caps }: NonNullable<BenchOptions['response']> = {}): Catalogue => ({
  ...CATALOGUE,
  response: {
    ...CATALOGUE.response,
    approvals: { ...policy.approvals, ...approvals },
    caps: { ...policy.caps, ...caps },
  },
});

/** One process of the bot on a table and a log that outlive it. */
type Boot = (hooks: {
  readonly around: (call: AwsCall, send: () => ReturnType<Calls['send']>) => ReturnType<Calls['send']>;
}) => Machine;

const bootOf = (
  { clock, settings, access: { fixRoleArn, readRoleArn } }: Account,
  table: Pick<EmbeddedTable, 'client' | 'tableName'>,
  parts: Pick<Parameters<typeof createCore>[0], 'log' | 'chat' | 'queue' | 'catalogue' | 'evidence'>,
  problems: unknown[],
  requestTimeoutMs: number | undefined,
): Boot => {
  const logger = pino({ level: process.env['TEST_LOG'] ?? 'silent' });
  return ({ around }) => {
    const access = createReadAccess({ settings, role: { arn: readRoleArn, sessionName: 'firebreak-read' } });
    const patience: AwsSettings = { ...settings, ...(requestTimeoutMs !== undefined && { requestTimeoutMs }) };
    const real = createCalls({
      sts: createSts(patience),
      fixRoleArn,
      makeClients: (credentials) => createCallClients({ ...patience, credentials }),
      reads: access,
      clock: clock.moving(SHORT_WAIT_MS),
    });
    const facts = createFacts({
      access,
      region: REGION,
      clock,
      services: (id) => parts.catalogue.services.find((one) => one.id === id),
      limits: { trailIntervalMs: 0 },
      resolve: async (host) => {
        throw Object.assign(new Error(`queryA ENOTFOUND ${host}`), { code: 'ENOTFOUND' });
      },
      onDefect: (error) => problems.push(error),
    });
    let driver: Driver | undefined;
    const running = (): Driver => {
      if (driver === undefined) throw new Error('The driver is not there yet.');
      return driver;
    };
    const runs: DurableRuns = {
      start: (...run) => running().start(...run),
      completeCallback: (...answer) => running().completeCallback(...answer),
      status: (runId) => running().status(runId),
    };
    const core = createCore({
      ...parts,
      runs,
      facts,
      calls: { ...real, send: (call, session) => around(call, () => real.send(call, session)) },
      clock,
      logger,
      commandName: '/incident',
      decode: () => ({ points: [] }),
    });
    driver = createDriver({
      store: createRunStore({ ...table, clock }),
      workflows: core.workflows,
      clock,
      onError: (_runId, error) => problems.push(error),
      onDead: (dead) => problems.push(dead),
    });
    return { core, driver, facts };
  };
};

/** Opens the shop with an incident, whose role of Operations Ben holds. */
export const openBench = async (options: BenchOptions = {}) => {
  const account = await openAccount(options.shop);
  const { clock, world, wire, identity, faults, settings, access } = account;
  const table = options.table === false ? NO_TABLE : await startEmbeddedTable({ tableName: 'runs' });
  const catalogue = catalogueWith(options.response);
  const chat: FakeChat = createFakeChat();
  const problems: unknown[] = [];
  const kept: Parameters<Evidence['keep']>[0][] = [];
  /** What the bot asked of itself; looking again at what had failed is another suite's. */
  const queued: QueueMessage[] = [];
  const queue: Queue = { send: async (message) => void queued.push(message) };
  const logger = pino({ level: 'silent' });
  const store = createMemoryLogStore();
  const logOver = (over: typeof store) =>
    createIncidentLog({
      store: over,
      model: incidentModel,
      clock: { now: clock.now, after: (_milliseconds, callback) => rightAway(callback) },
      random: () => 0,
      logger,
    });
  const log = logOver(store);
  let readsLost = 0;
  const commitsLost = { of: '', times: 0 };
  const logOfMachine = logOver({
    ...store,
    readTail: async (number) => {
      if (readsLost === 0) return store.readTail(number);
      readsLost -= 1;
      throw new Error('The table is away.');
    },
    putCommit: async (commit) => {
      if (commitsLost.times === 0 || !commit.requestId.includes(commitsLost.of)) return store.putCommit(commit);
      commitsLost.times -= 1;
      throw new Error('The table is away.');
    },
  });
  const evidence: Evidence = {
    keep: async (piece) => {
      kept.push(piece);
      return { where: `evidence/${piece.runId}/${piece.name}` };
    },
  };
  const boot = bootOf(account, table, { log: logOfMachine, chat, queue, catalogue, evidence }, problems, options.answerTimeoutMs);

  const incidents: Incidental[] = [];
  let die = (): void => {};
  let died = new Promise<void>((resolve) => {
    die = resolve;
  });
  const around: Parameters<Boot>[0]['around'] = async (call, send) => {
    const happen = async (when: Moment): Promise<void> => {
      const index = incidents.findIndex((one) => one.api === call.api && one.when === when);
      if (index >= 0) await incidents.splice(index, 1)[0]?.what();
    };
    await happen('before');
    const outcome = await send();
    await happen('after');
    return outcome;
  };
  let machine = boot({ around });

  let requests = 0;
  /** Works one request, as the queue would deliver it; the same id is the same click. */
  const request = async (work: Work, by: string, id = `click-${++requests}`): Promise<string> => {
    const whole = { ...work, id, by, incident: INCIDENT, reply: { channelId: 'C', userId: by } };
    await machine.core.worker({ group: `incident-${INCIDENT}`, id, body: JSON.stringify(whole) }, 1);
    return id;
  };
  const incident = async (): Promise<Incident> => {
    const state = await current(log, INCIDENT);
    if (state === undefined) throw new Error('There is no incident yet.');
    return state;
  };
  const run = async (runId: string): Promise<FixRun> => {
    const found = (await incident()).runs[runId];
    if (found === undefined) throw new Error(`There is no run ${runId}.`);
    return found;
  };
  const events = async (): Promise<readonly IncidentEvent[]> =>
    (await Array.fromAsync(log.commits(INCIDENT))).flatMap((commit) => commit.events);

  const restart = async (): Promise<void> => {
    // Not waited for: what it was in the middle of never ends.
    void machine.driver.close();
    machine = boot({ around });
    await machine.driver.resume();
  };
  /** Until every run waits for time or for people. A process that has died is started again, as a supervisor would. */
  const settle = async (): Promise<void> => {
    for (;;) {
      const alive = await Promise.race([machine.driver.settled().then(() => true), died.then(() => false)]);
      if (alive) return;
      await restart();
      died = new Promise<void>((resolve) => {
        die = resolve;
      });
    }
  };
  const readable = async (): Promise<string> => {
    const { runs } = await incident();
    return JSON.stringify(
      {
        now: new Date(clock.now()).toISOString(),
        runs: Object.values(runs).map(({ runId, status, steps, ended, approval }) => ({ runId, status, steps, ended, approval })),
        problems: problems.map(String),
        calls: mutations().map(({ action, outcome }) => `${action} ${outcome}`),
      },
      null,
      1,
    );
  };
  const watchers: (() => void | Promise<void>)[] = [];
  /** Moves time on, from one thing that is due to the next, until it is so. */
  const until = async (what: string, isSo: () => boolean | Promise<boolean>, withinMs = PATIENCE_MS): Promise<void> => {
    const deadline = clock.now() + withinMs;
    for (;;) {
      await settle();
      world.settle();
      for (const look of watchers) await look();
      if (await isSo()) return;
      const due = clock.nextDue();
      if (due === undefined || due > deadline)
        throw new Error(`Never came: ${what}${due === undefined ? ' (nothing waits for time)' : ''}.\n${await readable()}`);
      clock.advance(due - clock.now());
      await turn();
    }
  };
  const calls = (): readonly CallRecord[] => wire.calls;
  const mutations = (): readonly CallRecord[] =>
    wire.calls.filter((call) => MUTATIONS.has(call.action) && !isDryRun(call) && call.service !== 'iam');
  /** The sessions of the fix role, in the order in which they were opened. */
  const sessions = () =>
    wire.calls.flatMap(({ action, input }, index) => {
      const asked = input as { readonly RoleArn?: string; readonly RoleSessionName?: string; readonly Policy?: string };
      return action === 'AssumeRole' && asked.RoleArn === access.fixRoleArn
        ? [{ index, sessionName: asked.RoleSessionName ?? '', policy: asked.Policy ?? '' }]
        : [];
    });

  await machine.core.worker(
    {
      group: 'opening',
      id: 'declare',
      body: JSON.stringify({
        kind: 'declare',
        id: 'declare',
        by: BEN,
        title: 'Checkout returns 502',
        severity: 'sev2',
        serviceId: 'shop',
      }),
    },
    1,
  );
  const command = (what: IncidentCommand, by = BEN) => request({ kind: 'command', command: what }, by);
  await command({ do: 'take-role', role: 'operations', userId: BEN });

  const previewed = async (work: Work, by: string): Promise<string> => runIdOf(await request(work, by));
  const group = (name = world.shop.groupName): Group => {
    world.settle();
    return groupOf(world.state, name);
  };

  return {
    world,
    shop: world.shop,
    identity,
    faults,
    wire,
    clock,
    chat,
    settings,
    access,
    kept,
    queued,
    problems,
    incident,
    events,
    run,
    request,
    command,
    calls,
    mutations,
    until,
    settle,
    readable,
    group,
    sessions,
    /** The session in which a call was made: the last one opened before it. */
    sessionBefore: (call: CallRecord) => sessions().findLast(({ index }) => index < wire.calls.indexOf(call)),
    /** Looks at every moment at which something is due. */
    watch: (look: () => void | Promise<void>) => void watchers.push(look),
    /** Who is registered where the group's traffic comes from: `i-1 healthy`. */
    targets: (): readonly string[] => {
      world.settle();
      return targetGroupOf(world.state, world.shop.targetGroupArn)
        .targets.map(({ id, state }) => `${id} ${state}`)
        .toSorted();
    },
    /** What users get now, each way that a request may take. */
    users: () => world.users.possible(world.shop.url).map(({ status }) => status),
    /** Who answers them. */
    serving: () => new Set(world.users.possible(world.shop.url).map(({ servedBy }) => servedBy)),
    eventsOf: async <T extends EventType>(type: T): Promise<readonly EventOf<T>[]> =>
      (await events()).filter((event): event is EventOf<T> => event.type === type),

    preview: (fixId: string, input: Readonly<Record<string, string>>, by = BEN) =>
      previewed({ kind: 'preview-fix', fixId, input, viewId: 'V1' }, by),
    /** Previews the undo of a run. */
    undo: async (runId: string, chosen: Readonly<Record<string, string>> = {}, by = BEN): Promise<string> => {
      const undoId = await previewed({ kind: 'preview-undo', runId, chosen, viewId: 'V1' }, by);
      // Undoing declines what was still being asked: the run ends by itself.
      await settle();
      return undoId;
    },
    /** Ticks what is to be ticked and types what is to be typed. */
    start: async (runId: string, by = BEN, id?: string): Promise<void> => {
      const { guards, plan } = await run(runId);
      const acknowledged = guards.flatMap(({ id: guard, result }) => (result.outcome === 'acknowledge' ? [guard] : []));
      await request({ kind: 'start-fix', runId, acknowledged, typed: plan.target }, by, id);
    },
    approve: async (
      runId: string,
      by = ANA,
      more: { readonly breakGlass?: string; readonly typed?: string } = {},
    ): Promise<void> => {
      const { approval, plan } = await run(runId);
      await request({ kind: 'answer-fix', runId, phase: approval?.phase ?? 1, approve: true, typed: plan.target, ...more }, by);
    },
    decline: async (runId: string, by = ANA): Promise<void> => {
      const { approval } = await run(runId);
      await request({ kind: 'answer-fix', runId, phase: approval?.phase ?? 1, approve: false }, by);
    },
    stop: (runId: string, by = ANA) => command({ do: 'stop-fix', runId }, by),
    freeze: (reason = 'The provider is at it', by = ANA) => command({ do: 'freeze', reason }, by),
    /** The guard that refuses a fix now. */
    refusingGuard: async (fixId: string, input: Readonly<Record<string, string>>): Promise<string | undefined> => {
      const prepared = fixOf(catalogue, fixId)?.prepare(input);
      if (prepared === undefined || 'invalid' in prepared) throw new Error(`${fixId} does not take that.`);
      const reports = prepared.look(await machine.facts.open().gather(prepared.needs));
      return reports.find(({ result }) => result.outcome === 'refuse')?.id;
    },
    /** Takes these permissions from the role that reads. */
    withhold: (...actions: readonly string[]): void =>
      identity.putRolePolicy(access.readRoleArn.split('/').at(-1) ?? '', 'withheld', {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Action: [...actions], Resource: '*' }],
      }),
    /** So much time passes at once: what is due meanwhile is looked at when it is over. */
    pass: async (milliseconds: number): Promise<void> => {
      clock.advance(milliseconds);
      await settle();
    },
    /** Something that happens in the account while a call is under way; before it is sent time may pass. */
    meanwhile: (when: Moment, api: AwsApi, what: () => void) => void incidents.push({ api, when, what }),
    /** The incident's table does not answer the machine so many times. */
    loseReads: (times: number): void => {
      readsLost = times;
    },
    /** So many commits whose request id has this in it are not taken. */
    loseCommits: (of: string, times: number): void => void Object.assign(commitsLost, { of, times }),
    /** The process is killed while everything waits, and started again. */
    restart,
    /** The process dies there, once, and is started again. */
    dieAt: (when: Moment, api: AwsApi) =>
      void incidents.push({
        api,
        when,
        what: () => {
          die();
          return new Promise<never>(() => {});
        },
      }),
    /** Why it was refused, as the log has it. */
    refusals: async (runId: string) =>
      (await events()).flatMap((event) => (event.type === 'fix-refused' && event.runId === runId ? [event] : [])),

    untilOver: async (runId: string): Promise<FixRun> => {
      await until(`the end of ${runId}`, async () => isOver(await run(runId)));
      return run(runId);
    },
    untilAsked: async (runId: string): Promise<FixRun> => {
      await until(`a question about ${runId}`, async () => {
        const { approval, status } = await run(runId);
        if (isOver({ status })) throw new Error(`${runId} ended and asked nothing.\n${await readable()}`);
        return approval !== undefined;
      });
      return run(runId);
    },
    untilStep: (runId: string, stepId: string, status: string): Promise<void> =>
      until(`step ${stepId} ${status}`, async () => {
        const { steps, status: whole } = await run(runId);
        if (steps[stepId]?.status === status) return true;
        if (isOver({ status: whole })) throw new Error(`${runId} ended before that.\n${await readable()}`);
        return false;
      }),
    [Symbol.asyncDispose]: async (): Promise<void> => {
      void machine.driver.close();
      await wire.close();
      await table.close();
    },
  };
};
