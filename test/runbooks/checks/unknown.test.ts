/** What the bot may not look at, or does not get told in time, is unknown and says why; the other items go on. Through the wire. */
import { describe, expect, it } from 'vitest';
import { REGION } from '../../../sandbox/aws/world/world.ts';
import { openProbeAccount, type ProbeAccount, type Probed } from '../../../sandbox/probe-account.ts';

const withhold = ({ identity }: ProbeAccount, action: string): void =>
  identity.putRolePolicy(`firebreak-read-${REGION}`, 'withheld', {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action: action, Resource: '*' }],
  });
const unknowns = ({ verdicts }: Probed) =>
  Object.entries(verdicts).flatMap(([item, verdict]) => (verdict.status === 'unknown' ? [{ item, ...verdict }] : []));
const passes = ({ verdicts }: Probed): number => Object.values(verdicts).filter(({ status }) => status === 'pass').length;
const ITEMS = 9;

describe('a permission that the read role lacks', () => {
  it.each([
    ['cloudtrail:LookupEvents', ['what-changed']],
    ['route53:ListResourceRecordSets', ['dns-and-certificates']],
    ['acm:DescribeCertificate', ['dns-and-certificates']],
    ['ec2:DescribeInstanceStatus', ['load-balancer-and-instances']],
    ['cloudwatch:GetMetricData', ['capacity']],
    ['autoscaling:DescribeScalingActivities', ['capacity']],
    ['ec2:DescribeSecurityGroups', ['security-groups', 'dependencies']],
    ['ec2:DescribeNetworkAcls', ['network-acls', 'dependencies']],
    ['ec2:DescribeRouteTables', ['routes', 'dependencies']],
    ['iam:GetInstanceProfile', ['iam-roles-and-policies']],
    ['iam:GetRolePolicy', ['iam-roles-and-policies']],
    ['iam:SimulatePrincipalPolicy', ['iam-roles-and-policies']],
    ['ec2:DescribeNetworkInterfaces', ['dependencies']],
  ])('%s: %j unknown, the rest passes', async (permission, items) => {
    const account = await openProbeAccount();
    withhold(account, permission);
    const probed = await account.probe();
    await account.close();
    expect(unknowns(probed).map(({ item }) => item)).toEqual(items);
    for (const { because, permission: missing } of unknowns(probed)) {
      expect(because).toContain(permission);
      expect(missing).toBe(permission);
    }
    expect(passes(probed)).toBe(ITEMS - items.length);
  });

  it('to find the service at all leaves every item unknown, and none failed', async () => {
    const account = await openProbeAccount();
    withhold(account, 'elasticloadbalancing:DescribeLoadBalancers');
    const probed = await account.probe();
    await account.close();
    expect(unknowns(probed)).toHaveLength(ITEMS);
  });
});

describe('what AWS does not answer', () => {
  it('throttled to the last attempt is unknown, with the reason', async () => {
    const account = await openProbeAccount({ maxAttempts: 2 });
    account.faults.add({ action: 'DescribeNetworkAcls', effect: { kind: 'throttle' } });
    const probed = await account.probe();
    await account.close();
    expect(unknowns(probed).map(({ item, because }) => [item, because])).toEqual([
      ['network-acls', 'AWS is throttling ec2:DescribeNetworkAcls; it was tried again and again.'],
      ['dependencies', 'AWS is throttling ec2:DescribeNetworkAcls; it was tried again and again.'],
    ]);
    expect(passes(probed)).toBe(ITEMS - 2);
  });

  it('in time is unknown, and what fails is found all the same', async () => {
    const account = await openProbeAccount({ trouble: 'processDown' });
    account.faults.add({ action: 'LookupEvents', effect: { kind: 'hang' } });
    account.faults.add({ action: 'SimulatePrincipalPolicy', effect: { kind: 'hang' } });
    const probed = await account.probe({ deadlineMs: 1_500 });
    await account.close();
    expect(unknowns(probed).map(({ item, because }) => [item, because])).toEqual([
      ['what-changed', 'cloudtrail:LookupEvents did not answer before the deadline.'],
      ['iam-roles-and-policies', 'iam:SimulatePrincipalPolicy did not answer before the deadline.'],
    ]);
    expect(probed.verdicts['load-balancer-and-instances']?.status).toBe('fail');
    expect(passes(probed)).toBe(ITEMS - 3);
  });
});

it('facts are asked once, however many items need them', async () => {
  const account = await openProbeAccount();
  const { calls } = await account.probe();
  await account.close();
  const of = (action: string): number => calls.filter((call) => call.action === action).length;
  expect(of('elasticloadbalancing:DescribeTargetHealth')).toBe(1);
  expect(of('ec2:DescribeSecurityGroups')).toBe(1);
  expect(of('autoscaling:DescribeScalingActivities')).toBe(1);
  expect(of('ec2:DescribeInstances')).toBe(1);
});
