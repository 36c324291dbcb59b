import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../src/ports.ts';
import { AwsError } from '../operation.ts';
import { emptyIdentity, type IdentityState } from './state.ts';

export type IdentityOptions = {
  readonly accountId?: string;
  readonly clock: Clock;
  readonly state?: IdentityState;
  /** 40 characters that nobody guesses. Injected where a test wants them fixed. */
  readonly newSecret?: () => string;
};

/** The state, held in one place: reads see the present, writes replace it. */
export type Store = {
  readonly read: () => IdentityState;
  readonly write: (change: (state: IdentityState) => IdentityState) => void;
  readonly replace: (state: IdentityState) => void;
  /** `AROA` → `AROAFIREBREAK00000001` */
  readonly nextId: (prefix: string) => string;
  readonly newSecret: () => string;
  readonly now: () => number;
};

const SECRET_BYTES = 30;
/** Access key ids have 20 characters, other ids 21: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
const idLength = (prefix: string): number => (prefix === 'AKIA' || prefix === 'ASIA' ? 20 : 21);

export const createStore = (options: IdentityOptions): Store => {
  const { clock, accountId = '111122223333', newSecret = () => randomBytes(SECRET_BYTES).toString('base64') } = options;
  let state = structuredClone(options.state ?? emptyIdentity(accountId));
  return {
    read: () => state,
    write: (change) => {
      state = change(state);
    },
    replace: (next) => {
      state = structuredClone(next);
    },
    nextId: (prefix) => {
      const { sequence } = state;
      state = { ...state, sequence: sequence + 1 };
      const stem = `${prefix}FIREBREAK`;
      return `${stem}${String(sequence).padStart(idLength(prefix) - stem.length, '0')}`;
    },
    newSecret,
    now: clock.now,
  };
};

export const noSuchEntity = (what: string): AwsError => new AwsError('NoSuchEntity', `${what} cannot be found.`, 404);
