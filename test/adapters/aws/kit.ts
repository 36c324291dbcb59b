import { createIdentity, type Identity } from '../../../sandbox/aws/identity/identity.ts';
import type { Account, Operation } from '../../../sandbox/aws/operation.ts';
import { createFaultPlan, type FaultPlan } from '../../../sandbox/aws/wire/faults.ts';
import { createWire, type Wire } from '../../../sandbox/aws/wire/wire.ts';
import { createShopWorld, type ShopOptions, type ShopWorld } from '../../../sandbox/aws/world/fixtures/shop.ts';
import { ACCOUNT_ID, REGION } from '../../../sandbox/aws/world/world.ts';
import { type AwsSettings, createReadAccess, type ReadAccess } from '../../../src/adapters/aws/clients.ts';
import type { Limits } from '../../../src/adapters/aws/facts/limits.ts';
import type { ResolveName } from '../../../src/adapters/aws/facts/look.ts';
import { type AwsFacts, type CountingReader, createFacts } from '../../../src/adapters/aws/facts.ts';
import { createManualClock, type ManualClock } from '../../../src/adapters/clock.ts';
import { type FactKind, type FactKinds, fact, isUnreadable, type Unreadable } from '../../../src/runbook/facts.ts';
import { type Service, service } from '../../../src/runbook/service.ts';

export { ACCOUNT_ID, REGION };
export const READ_ROLE = `arn:aws:iam::${ACCOUNT_ID}:role/firebreak-read`;
export const FIX_ROLE = `arn:aws:iam::${ACCOUNT_ID}:role/firebreak-fix`;
export const SHOP: Service = service.parse({
  id: 'shop',
  name: 'Shop',
  loadBalancer: 'shop-alb',
  url: 'https://shop.example.com/',
});

const document = (...statements: readonly unknown[]) => ({ Version: '2012-10-17', Statement: statements });
export const allow = (...actions: readonly string[]) => ({ Effect: 'Allow', Action: actions, Resource: '*' });
export const deny = (...actions: readonly string[]) => ({ Effect: 'Deny', Action: actions, Resource: '*' });

export type Desk = {
  readonly world: ShopWorld;
  readonly identity: Identity;
  readonly faults: FaultPlan;
  readonly clock: ManualClock;
  readonly wire: Wire;
  /** Of the bot itself, who may do nothing but assume its roles. */
  readonly settings: AwsSettings;
  readonly access: ReadAccess;
  readonly facts: AwsFacts;
  /** Takes these permissions from the read role. */
  readonly withhold: (...actions: readonly string[]) => void;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

export type DeskOptions = {
  readonly shop?: Omit<ShopOptions, 'clock' | 'identity'>;
  /** Operations that the world lacks, or whose answers a test sets. */
  readonly operations?: Account;
  readonly services?: readonly Service[];
  readonly limits?: Partial<Limits>;
  readonly maxAttempts?: number;
  readonly requestTimeoutMs?: number;
  readonly resolve?: ResolveName;
  readonly onDefect?: (error: unknown) => void;
};

/** No name but those that a test gives. */
const nowhere: ResolveName = async (host) => {
  throw Object.assign(new Error(`queryA ENOTFOUND ${host}`), { code: 'ENOTFOUND' });
};

const accountOf = (world: ShopWorld, more: Account): Account =>
  Object.fromEntries(
    [...new Set([...Object.keys(world.operations), ...Object.keys(more)])].map((name) => [
      name,
      { ...world.operations[name], ...more[name] },
    ]),
  );

/** The shop before a wire, with the bot, its read role and its fix role. */
export const openDesk = async (options: DeskOptions = {}): Promise<Desk> => {
  const { operations = {}, services = [SHOP], limits, maxAttempts = 1, requestTimeoutMs, resolve = nowhere } = options;
  const clock = createManualClock();
  const identity = createIdentity({ accountId: ACCOUNT_ID, clock });
  const world = createShopWorld({ clock, identity, ...options.shop });
  const faults = createFaultPlan();
  const wire = createWire({ account: accountOf(world, operations), identity, clock, faults });
  const { url } = await wire.listen();

  identity.createUser('bot');
  identity.putUserPolicy('bot', 'assume', document(allow('sts:AssumeRole')));
  for (const role of ['firebreak-read', 'firebreak-fix']) {
    identity.createRole(role, document({ Effect: 'Allow', Principal: { AWS: ACCOUNT_ID }, Action: 'sts:AssumeRole' }));
    identity.putRolePolicy(role, 'own', document(allow('*')));
  }
  const settings: AwsSettings = {
    region: REGION,
    endpoint: url,
    credentials: identity.createAccessKey('bot'),
    maxAttempts,
    ...(requestTimeoutMs !== undefined && { requestTimeoutMs }),
  };
  const access = createReadAccess({ settings, role: { arn: READ_ROLE, sessionName: 'firebreak-read' } });
  const facts = createFacts({
    access,
    region: REGION,
    clock,
    resolve,
    services: (id) => services.find((one) => one.id === id),
    limits: { trailIntervalMs: 0, ...limits },
    onDefect: options.onDefect ?? ((error) => console.error(error)),
  });
  return {
    world,
    identity,
    faults,
    clock,
    wire,
    settings,
    access,
    facts,
    withhold: (...actions) => identity.putRolePolicy('firebreak-read', 'withheld', document(deny(...actions))),
    [Symbol.asyncDispose]: () => wire.close(),
  };
};

/** One fact, or why it is not known. */
export const look = async <K extends FactKind>(
  reader: CountingReader,
  kind: K,
  params: FactKinds[K]['params'],
): Promise<FactKinds[K]['answer'] | Unreadable> => {
  const { it } = await reader.gather({ it: fact(kind, params) });
  return it as FactKinds[K]['answer'] | Unreadable;
};

/** One fact that must be readable. */
export const see = async <K extends FactKind>(
  { facts }: Desk,
  kind: K,
  params: FactKinds[K]['params'],
): Promise<FactKinds[K]['answer']> => {
  const answer = await look(facts.open(), kind, params);
  if (isUnreadable(answer)) throw new Error(answer.because);
  return answer as FactKinds[K]['answer'];
};

export const actionsOf = (wire: Wire): readonly string[] => wire.calls.map(({ service: name, action }) => `${name}:${action}`);

/** Anyone may call it, and this is the answer. */
export const answering = (answer: unknown | ((input: never) => unknown)): Operation<never> => ({
  authorize: () => [],
  run: typeof answer === 'function' ? (answer as Operation<never>['run']) : () => answer,
});
