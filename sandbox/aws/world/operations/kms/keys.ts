import type { Key } from '../../state/services.ts';
import type { WorldState } from '../../state/state.ts';

export const keyArn = ({ region, accountId }: WorldState, id: string): string => `arn:aws:kms:${region}:${accountId}:key/${id}`;

export const bareKeyId = (name: string): string => name.split(':key/').at(-1) ?? name;

/** AWS makes a key for a service when it first encrypts without being told with which. https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk */
const SERVICE_KEYS = {
  ebs: '00000000-0000-4000-8000-0000000000eb',
  s3: '00000000-0000-4000-8000-000000000053',
} as const;

export const serviceKeyArn = (state: WorldState, service: keyof typeof SERVICE_KEYS): string =>
  keyArn(state, SERVICE_KEYS[service]);

const made = (state: WorldState, id: string, manager: Key['manager'], description: string): Key => ({
  id,
  arn: keyArn(state, id),
  state: 'Enabled',
  description,
  createdAt: 0,
  manager,
});

/** Keys that volumes and snapshots are encrypted with exist, also when nobody described them: they are enabled. */
export const keysOf = (state: WorldState): readonly Key[] => {
  const own = Object.entries(SERVICE_KEYS).map(([service, id]) =>
    made(state, id, 'AWS', `Default key that protects my ${service.toUpperCase()} data when no other key is defined`),
  );
  const used = [...state.volumes, ...state.snapshots].flatMap(({ kmsKeyId }) =>
    kmsKeyId === undefined ? [] : [made(state, bareKeyId(kmsKeyId), 'CUSTOMER', '')],
  );
  // What is described in the state comes last and wins.
  const byId = new Map([...own, ...used, ...(state.keys ?? [])].map((key) => [key.id, key]));
  return [...byId.values()];
};
