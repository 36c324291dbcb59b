import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { Identity } from './identity/identity.ts';
import { ACCOUNT_ID, REGION } from './world/world.ts';

/** Whoever runs the bot in the sandbox, and the roles that `infra/roles.yml` gives it: the same documents as in production. */
export type BotAccess = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly readRoleArn: string;
  readonly fixRoleArn: string;
};

const BOT_KEYS = { accessKeyId: 'AKIAFIREBREAKSANDBOX', secretAccessKey: 'sandbox-secret-of-no-value' };
const ROLES = { read: `firebreak-read-${REGION}`, fix: `firebreak-fix-${REGION}` } as const;
const arnOf = (role: string): string => `arn:aws:iam::${ACCOUNT_ID}:role/${role}`;

type PolicyDocument = Parameters<Identity['putRolePolicy']>[2];
type RolesFile = {
  readonly Resources: Readonly<
    Record<
      string,
      {
        readonly Properties: {
          readonly Policies: readonly { readonly PolicyName: string; readonly PolicyDocument: PolicyDocument }[];
        };
      }
    >
  >;
};

const PSEUDO_PARAMETERS = { Region: REGION, AccountId: ACCOUNT_ID, Partition: 'aws' } as const;
/** CloudFormation's `Fn::Sub`, for the pseudo parameters that the file uses. */
const substituted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(substituted);
  if (value === null || typeof value !== 'object') return value;
  const text = (value as Record<string, unknown>)['Fn::Sub'];
  if (typeof text === 'string') {
    return text.replaceAll(/\$\{AWS::(\w+)\}/g, (_, name: keyof typeof PSEUDO_PARAMETERS) => PSEUDO_PARAMETERS[name]);
  }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, substituted(part)]));
};

/** Gives the simulated account the bot's user and its two roles. What is there already stays. */
export const addBotRoles = async (
  identity: Identity,
  rolesFile = new URL('../../infra/roles.yml', import.meta.url),
): Promise<BotAccess> => {
  const access = { ...BOT_KEYS, readRoleArn: arnOf(ROLES.read), fixRoleArn: arnOf(ROLES.fix) };
  if (identity.read().roles[ROLES.fix] !== undefined) return access;
  const { Resources } = substituted(parse(await readFile(rolesFile, 'utf8'))) as RolesFile;
  identity.createUser('firebreak-bot');
  identity.createAccessKey('firebreak-bot', BOT_KEYS);
  identity.putUserPolicy('firebreak-bot', 'assume-its-roles', {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: [access.readRoleArn, access.fixRoleArn] }],
  });
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow' as const, Principal: { AWS: `arn:aws:iam::${ACCOUNT_ID}:user/firebreak-bot` }, Action: 'sts:AssumeRole' },
    ],
  };
  for (const [name, resource] of [
    [ROLES.read, 'ReadRole'],
    [ROLES.fix, 'FixRole'],
  ] as const) {
    identity.createRole(name, trust);
    for (const { PolicyName, PolicyDocument } of Resources[resource]?.Properties.Policies ?? [])
      identity.putRolePolicy(name, PolicyName, PolicyDocument);
  }
  return access;
};
