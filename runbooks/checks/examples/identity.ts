import type { WorkloadIdentity } from '../../../src/runbook/entities.ts';

export const CONFIG = 'arn:aws:s3:::shop-config/web.json';
export const READS_CONFIG = { iamActions: [{ action: 's3:GetObject', resource: CONFIG }] };

export const policy = (name: string, effect: 'Allow' | 'Deny', action: string): WorkloadIdentity['policies'][number] => ({
  name,
  kind: 'inline',
  document: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: effect, Action: action, Resource: '*' }] }),
});
export const tried = (
  decision: string,
  more: Partial<WorkloadIdentity['simulated'][number]> = {},
): WorkloadIdentity['simulated'][number] => ({
  action: 's3:GetObject',
  resource: CONFIG,
  decision,
  matched: ['read-config'],
  ...more,
});

/** The role of the shop's instances, which may read its configuration. */
export const identity = (changed: Partial<WorkloadIdentity> = {}): WorkloadIdentity => ({
  profileArn: 'arn:aws:iam::111122223333:instance-profile/shop-web',
  instancesWithoutProfile: [],
  roleName: 'shop-web',
  policies: [policy('read-config', 'Allow', 's3:GetObject')],
  simulated: [tried('allowed')],
  notSeen: [],
  ...changed,
});
