import { type Authorization, AwsError } from '../../operation.ts';
import { tagsOf } from '../state/find.ts';
import type { WorldState } from '../state/state.ts';

/**
 * What an operation asks of IAM, in the terms of the service authorization reference.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */

type Keys = Authorization['context'];

/** One authorization on one resource; `*` for actions without resource-level permissions. */
export const on = (action: string, resource: string, ...keys: readonly Keys[]): Authorization => ({
  action,
  resource,
  context: Object.assign({}, ...keys) as Keys,
});

/** For actions that know no resources: most Describe actions. */
export const onAnything = (action: string): readonly Authorization[] => [on(action, '*')];

/** `aws:ResourceTag/<key>`, and the service's own older key of the same meaning. */
export const tagKeys = (service: string, tags: Readonly<Record<string, string>>): Keys =>
  Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) => [
      [`aws:ResourceTag/${key}`, value],
      [`${service}:ResourceTag/${key}`, value],
    ]),
  );

export const resourceTagKeys = (state: WorldState, service: string, idOrArn: string): Keys =>
  tagKeys(service, tagsOf(state, idOrArn));

/** `aws:RequestTag/<key>` and `aws:TagKeys`, for calls that bring tags. */
export const requestTagKeys = (
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): Keys => {
  if (tags === undefined || tags.length === 0) return {};
  const pairs = tags.map(({ Key = '', Value = '' }) => [`aws:RequestTag/${Key}`, Value] as const);
  return { ...Object.fromEntries(pairs), 'aws:TagKeys': tags.map(({ Key = '' }) => Key) };
};

/** `arn:aws:ec2:eu-west-3:111122223333:instance/i-0…` */
export const ec2Arn = ({ region, accountId }: WorldState, type: string, id: string): string =>
  `arn:aws:ec2:${region}:${accountId}:${type}/${id}`;

/** Snapshots and images carry no account in their ARNs. */
export const ec2PublicArn = ({ region }: WorldState, type: 'snapshot' | 'image', id: string): string =>
  `arn:aws:ec2:${region}::${type}/${id}`;

/** One page of a list. The token is the position: nobody else needs to read it. */
export const pageOf = <T>(
  all: readonly T[],
  token: string | undefined,
  size: number,
  refuse: () => AwsError = () => new AwsError('InvalidNextToken', 'The NextToken value is not valid.'),
): { readonly items: readonly T[]; readonly next?: string } => {
  const from = token === undefined ? 0 : Number.parseInt(Buffer.from(token, 'base64url').toString(), 10);
  if (!Number.isInteger(from) || from < 0 || (from > 0 && from >= all.length)) throw refuse();
  const next = from + size < all.length ? Buffer.from(String(from + size)).toString('base64url') : undefined;
  return { items: all.slice(from, from + size), ...(next !== undefined && { next }) };
};
