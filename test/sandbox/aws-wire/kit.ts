import { createIdentity, type Identity } from '../../../sandbox/aws/identity/identity.ts';
import type { Account, Authorization, Operation } from '../../../sandbox/aws/operation.ts';
import { createFaultPlan, type FaultPlan } from '../../../sandbox/aws/wire/faults.ts';
import { createWire, type Wire } from '../../../sandbox/aws/wire/wire.ts';
import { createManualClock, type ManualClock } from '../../../src/adapters/clock.ts';

export const REGION = 'eu-west-1';
export const ACCOUNT = '111122223333';

export type Keys = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };

export type ClientConfig = {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Keys;
  readonly maxAttempts: number;
};

export type Toy = {
  readonly wire: Wire;
  readonly identity: Identity;
  readonly faults: FaultPlan;
  readonly clock: ManualClock;
  readonly url: string;
  /** What an SDK client is configured with: nothing but endpoint, region and keys. One attempt, unless told otherwise. */
  readonly client: (over?: Partial<ClientConfig>) => ClientConfig;
  /** A user, with the statements as its policy. */
  readonly keysOf: (userName: string, statements: readonly unknown[]) => Keys;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

const allowAll = [{ Effect: 'Allow', Action: '*', Resource: '*' }];

/** A wire before a toy account, with an all-powerful user. */
export const startToy = async (account: Account, faults: FaultPlan = createFaultPlan()): Promise<Toy> => {
  const clock = createManualClock();
  const identity = createIdentity({ accountId: ACCOUNT, clock });
  const wire = createWire({ account, identity, clock, faults });
  const { url } = await wire.listen();
  const keysOf: Toy['keysOf'] = (userName, statements) => {
    identity.createUser(userName);
    identity.putUserPolicy(userName, 'own', { Version: '2012-10-17', Statement: statements });
    return identity.createAccessKey(userName);
  };
  const credentials = keysOf('root-like', allowAll);
  return {
    wire,
    identity,
    faults,
    clock,
    url,
    client: (over = {}) => ({ endpoint: url, region: REGION, credentials, maxAttempts: 1, ...over }),
    keysOf,
    [Symbol.asyncDispose]: () => wire.close(),
  };
};

/** An operation that anyone may call, that keeps what it was given and answers as told. */
export const answering = <I>(output: unknown, authorize: (input: I) => readonly Authorization[] = () => []) => {
  const inputs: I[] = [];
  const operation: Operation<I> = {
    authorize,
    run: (input) => {
      inputs.push(input);
      return output;
    },
  };
  return { inputs, operation };
};

/** What a rejected SDK call looked like to its caller. */
export const failureOf = async (
  call: Promise<unknown>,
): Promise<{ readonly name: string; readonly status: number | undefined; readonly message: string }> => {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { readonly $metadata?: { readonly httpStatusCode?: number } };
    return { name, status: $metadata?.httpStatusCode, message };
  }
  throw new Error('The call succeeded.');
};
