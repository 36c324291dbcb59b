/** The simulated account before the wire, with the bot's own read role, and every item of the checklist run against it. */
import { fileURLToPath } from 'node:url';
import { checks } from '../runbooks/index.ts';
import { createReadAccess } from '../src/adapters/aws/clients.ts';
import type { CallRecord } from '../src/adapters/aws/facts/look.ts';
import { type AwsFacts, createFacts } from '../src/adapters/aws/facts.ts';
import { readYaml } from '../src/adapters/catalogue/yaml-file.ts';
import { createManualClock, type ManualClock } from '../src/adapters/clock.ts';
import { checklist } from '../src/runbook/catalogue.ts';
import type { Verdict } from '../src/runbook/define-check.ts';
import { type Service, service } from '../src/runbook/service.ts';
import { addBotRoles } from './aws/bot-roles.ts';
import { createIdentity, type Identity } from './aws/identity/identity.ts';
import { createResolve } from './aws/resolve.ts';
import { createFaultPlan, type FaultPlan } from './aws/wire/faults.ts';
import { createWire } from './aws/wire/wire.ts';
import { createShopWorld, type ShopOptions, type ShopWorld } from './aws/world/fixtures/shop.ts';
import { ACCOUNT_ID, REGION } from './aws/world/world.ts';

const RUNBOOKS = new URL('../runbooks/', import.meta.url);

export type ProbeOptions = Omit<ShopOptions, 'clock' | 'identity'> & {
  /** Attempts of one call, the first included. */
  readonly maxAttempts?: number;
};
export type Probed = {
  /** By the id of the checklist's item, in its order. */
  readonly verdicts: Readonly<Record<string, Verdict>>;
  readonly calls: readonly CallRecord[];
};
export type ProbeAccount = {
  readonly world: ShopWorld;
  readonly identity: Identity;
  readonly faults: FaultPlan;
  readonly clock: ManualClock;
  readonly facts: AwsFacts;
  readonly service: Service;
  /** Runs every item that has a probe, on facts that are asked once for all of them. */
  readonly probe: (options?: { readonly deadlineMs?: number }) => Promise<Probed>;
  readonly close: () => Promise<void>;
};

const shipped = async <S extends Parameters<typeof readYaml>[2]>(name: string, schema: S) => {
  const file = await readYaml(fileURLToPath(new URL(name, RUNBOOKS)), name, schema);
  if ('ok' in file) return file.ok.value;
  throw new Error(`runbooks/${name} does not hold together: ${JSON.stringify(file.problems)}`);
};

export const openProbeAccount = async ({ maxAttempts = 1, ...shop }: ProbeOptions = {}): Promise<ProbeAccount> => {
  const clock = createManualClock();
  const identity = createIdentity({ accountId: ACCOUNT_ID, clock });
  const bot = await addBotRoles(identity);
  const world = createShopWorld({ clock, identity, ...shop });
  const faults = createFaultPlan();
  const wire = createWire({ account: { ...world.operations, ...identity.operations }, identity, clock, faults });
  const { url: endpoint } = await wire.listen();
  const [items, described] = await Promise.all([
    shipped('checklists/default.yml', checklist),
    shipped('services/shop.yml', service),
  ]);
  const { accessKeyId, secretAccessKey } = bot;
  const settings = { region: REGION, endpoint, credentials: { accessKeyId, secretAccessKey }, maxAttempts };
  const facts = createFacts({
    access: createReadAccess({ settings, role: { arn: bot.readRoleArn, sessionName: 'firebreak-read' } }),
    region: REGION,
    clock,
    resolve: createResolve(world),
    services: (id) => (id === described.id ? described : undefined),
    limits: { trailIntervalMs: 0 },
    onDefect: (error) => {
      throw error;
    },
  });
  const probe: ProbeAccount['probe'] = async (options) => {
    const reader = facts.open(options);
    const now = new Date(clock.now()).toISOString();
    const judged = items.items.map(async ({ id, check: checkId }) => {
      const check = checks.find((one) => one.id === checkId);
      if (check === undefined) return [];
      return [[id, check.evaluate(await reader.gather(check.needs(described)), described, now)] as const];
    });
    return { verdicts: Object.fromEntries((await Promise.all(judged)).flat()), calls: reader.calls() };
  };
  return { world, identity, faults, clock, facts, service: described, probe, close: wire.close };
};
