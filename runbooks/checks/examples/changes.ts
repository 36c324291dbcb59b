import type { Change, Changes } from '../../../src/runbook/entities.ts';

export const change = (changed: Partial<Change> = {}): Change => ({
  at: '2026-01-05T13:56:00.000Z',
  by: 'marta',
  action: 'CreateNetworkAclEntry',
  resources: ['acl-app'],
  readOnly: false,
  detail: 'ruleNumber=50, ruleAction=deny, egress=false',
  ...changed,
});
export const changes = (list: readonly Change[], changed: Partial<Changes> = {}): Changes => ({
  since: '2026-01-05T08:00:00.000Z',
  changes: list,
  complete: true,
  ...changed,
});
