/** Each role allows what the code that runs under it calls, and nothing else: both are derived, and compared. */
import { describe, expect, test } from 'vitest';
import * as autoscaling from '../../src/adapters/aws/facts/reads/autoscaling.ts';
import * as ec2 from '../../src/adapters/aws/facts/reads/ec2.ts';
import * as elb from '../../src/adapters/aws/facts/reads/elb.ts';
import * as iam from '../../src/adapters/aws/facts/reads/iam.ts';
import * as others from '../../src/adapters/aws/facts/reads/others.ts';
import type { AwsApi } from '../../src/runbook/aws-call.ts';
import { actionsLoadedBy } from './loaded.ts';
import { allowedTo } from './template.ts';
import { written, writtenResources } from './written.ts';

const resources = writtenResources();

/** The compiler keeps this as long as the union. */
const CALLS = {
  'ec2:CreateTags': true,
  'ec2:GetConsoleOutput': true,
  'ec2:CreateSnapshots': true,
  'ec2:TerminateInstances': true,
  'ssm:SendCommand': true,
  'autoscaling:DetachInstances': true,
  'autoscaling:AttachInstances': true,
  'autoscaling:TerminateInstanceInAutoScalingGroup': true,
  'autoscaling:EnterStandby': true,
  'autoscaling:ExitStandby': true,
  'autoscaling:SuspendProcesses': true,
  'autoscaling:ResumeProcesses': true,
  'autoscaling:SetInstanceProtection': true,
  'autoscaling:UpdateAutoScalingGroup': true,
} as const satisfies Record<AwsApi, true>;

test('the fix role may do every call that a plan can hold, and no other', () => {
  expect([...new Set(allowedTo(resources, 'FixRole'))]).toEqual(Object.keys(CALLS).sort());
});

test('the read role may do what facts are read with, and fetch what a command on an instance wrote', () => {
  const reads = [autoscaling, ec2, elb, iam, others].flatMap(
    (module) => Object.values(module) as readonly { readonly action: string }[],
  );
  const asked = new Set([...reads.map(({ action }) => action), 'ssm:GetCommandInvocation']);
  expect(allowedTo(resources, 'ReadRole')).toEqual([...asked].sort());
});

type Case = {
  readonly name: string;
  /** Loaded with the code, and never called by this function. */
  readonly never: Readonly<Record<string, string>>;
  /** Called for it, and not by our code. */
  readonly besides: Readonly<Record<string, string>>;
};
const LOG = { 'logs:CreateLogStream': 'its own log', 'logs:PutLogEvents': 'its own log' };
const CASES: readonly Case[] = [
  {
    name: 'slack',
    never: {
      'dynamodb:PutItem': 'its store is read-only',
      'dynamodb:DeleteItem': 'its store is read-only',
      'dynamodb:GetItem': 'it finds incidents by queries',
    },
    besides: LOG,
  },
  {
    name: 'work',
    never: { 's3:PutObject': 'only runs keep evidence' },
    besides: {
      ...LOG,
      'sqs:DeleteMessage': 'Lambda polls',
      'sqs:GetQueueAttributes': 'Lambda polls',
      'sqs:ReceiveMessage': 'Lambda polls',
    },
  },
  {
    name: 'fix',
    never: {
      'lambda:GetDurableExecution': 'only the worker asks after runs',
      'lambda:InvokeFunction': 'only the worker starts runs',
      'lambda:ListDurableExecutionsByFunction': 'only the worker asks after runs',
      'lambda:SendDurableExecutionCallbackSuccess': 'only the worker answers runs',
    },
    besides: {
      ...LOG,
      'kms:GenerateDataKey': 'S3 encrypts with the permission of who puts',
      'lambda:CheckpointDurableExecution': 'the durable SDK',
      'lambda:GetDurableExecutionState': 'the durable SDK',
    },
  },
];

describe.each(CASES)('the role of $name', ({ name, never, besides }) => {
  const { handler, role } = written.functions[name]!;
  const loaded = actionsLoadedBy(handler.replace(/\.handler$/, '.ts'));

  test('allows what its code calls, and nothing else', () => {
    const needed = [...loaded.filter((action) => !(action in never)), ...Object.keys(besides)];
    expect(allowedTo(resources, role)).toEqual(needed.sort());
  });

  test('has no exception that is not needed', () => {
    expect(Object.keys(never).filter((action) => !loaded.includes(action))).toEqual([]);
    expect(Object.keys(besides).filter((action) => loaded.includes(action))).toEqual([]);
  });
});

test('only the fix function may become the fix role', () => {
  const who = (role: string) => JSON.stringify(resources[role]?.Properties?.['AssumeRolePolicyDocument']);
  expect(who('FixRole')).toContain('FixFunctionRole');
  expect(who('FixRole')).not.toContain('"WorkRole"');
  expect(who('ReadRole')).toContain('"WorkRole"');
  expect(who('ReadRole') + who('FixRole')).not.toContain('SlackRole');
});
