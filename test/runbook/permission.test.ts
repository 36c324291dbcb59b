/**
 * The session policy of every step is held against an independent IAM evaluator: what the step does is allowed, and
 * anything beside it (another instance, group, action, tag, number) is not.
 */
import { runSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import { describe, expect, it } from 'vitest';
import { scaleToOne } from '../../runbooks/fixes/scale-to-one.ts';
import { snapshotThenTerminate } from '../../runbooks/fixes/snapshot-then-terminate.ts';
import type { AwsCall } from '../../src/runbook/aws-call.ts';
import { type FixStep, type Plan, sealFix } from '../../src/runbook/define-fix.ts';
import {
  permissionLines,
  SESSION_POLICY_MAX_CHARACTERS,
  SNAPSHOT_VOLUMES_MAX,
  sessionName,
  sessionPolicyFor,
} from '../../src/runbook/permission.ts';
import { GROUP_ARN, instanceArn, member, RUN, record, shop, step, volume } from '../runbooks/shop-facts.ts';

const ACCOUNT = '111122223333';
const planOf = (fix: Parameters<typeof sealFix>[0], input: unknown, world = shop()): Plan => {
  const ready = sealFix(fix).prepare(input);
  if ('invalid' in ready) throw new Error(ready.invalid);
  return ready.preview(world, RUN);
};
const terminatePlan = planOf(snapshotThenTerminate as never, { groupName: 'shop-web', instanceId: 'i-0a1' });
const parkPlan = planOf(scaleToOne as never, { groupName: 'shop-web' });
const undoPlan = sealFix(snapshotThenTerminate)
  .prepareUndo(record(terminatePlan, { detach: {} }))
  .preview(
    shop((w) => {
      w.group!.members = [member('i-0b2'), member('i-0c3'), member('i-0d4')];
      w.group!.maxSize = 3;
    }),
    RUN,
  );
const returnPlan = sealFix(scaleToOne)
  .prepareUndo(record(parkPlan, { suspend: {}, protect: {}, minimum: {}, 'standby-1': {} }))
  .preview(
    shop((w) => {
      w.group!.members[0]!.lifecycleState = 'Standby';
      w.group!.suspendedProcesses = ['AZRebalance'];
      w.group!.members[1]!.protectedFromScaleIn = true;
      w.group!.minSize = 1;
    }),
    RUN,
  );

type Request = { readonly action: string; readonly resource: string; readonly context?: Record<string, string | string[]> };
/** A fix role that may do everything: only the session policy can deny. */
const isAllowed = async (policy: string, { action, resource, context = {} }: Request): Promise<boolean> => {
  const simulation: Simulation = {
    request: {
      principal: `arn:aws:sts::${ACCOUNT}:assumed-role/firebreak-fix/inc-0042-U0ANA`,
      action,
      resource: { resource, accountId: ACCOUNT },
      contextVariables: context,
    },
    sessionPolicy: JSON.parse(policy),
    identityPolicies: [
      { name: 'all', policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } },
    ],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  };
  const result = await runSimulation(simulation, {});
  if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors));
  return result.overallResult === 'Allowed';
};

const OPTED_IN = { 'aws:ResourceTag/firebreak': 'allow', 'ec2:ResourceTag/firebreak': 'allow' };
const OUR_TAGS = {
  'aws:RequestTag/firebreak:run': 'run-7',
  'aws:TagKeys': ['firebreak:incident', 'firebreak:run', 'firebreak:expires'],
};
const GROUP_OPTED_IN = { 'autoscaling:ResourceTag/firebreak': 'allow', 'aws:ResourceTag/firebreak': 'allow' };
const otherGroup = GROUP_ARN.replace('shop-web', 'shop-db');
const otherInstance = instanceArn('i-0b2');
const volumeArn = (id: string) => `arn:aws:ec2:eu-west-3:${ACCOUNT}:volume/${id}`;
const snapshotArn = 'arn:aws:ec2:eu-west-3::snapshot/snap-0123456789abcdef0';
const documentArn = (name: string) => `arn:aws:ssm:eu-west-3:${ACCOUNT}:document/${name}`;

type Row = [what: string, plan: Plan, stepId: string, request: Request, allowed: boolean];
const rows: Row[] = [
  [
    'tags the instance',
    terminatePlan,
    'tag',
    { action: 'ec2:CreateTags', resource: instanceArn('i-0a1'), context: { ...OPTED_IN, ...OUR_TAGS } },
    true,
  ],
  [
    'with fewer of our tags',
    terminatePlan,
    'tag',
    {
      action: 'ec2:CreateTags',
      resource: instanceArn('i-0a1'),
      context: { ...OPTED_IN, ...OUR_TAGS, 'aws:TagKeys': ['firebreak:run'] },
    },
    true,
  ],
  [
    'another instance',
    terminatePlan,
    'tag',
    { action: 'ec2:CreateTags', resource: otherInstance, context: { ...OPTED_IN, ...OUR_TAGS } },
    false,
  ],
  [
    'one that did not opt in',
    terminatePlan,
    'tag',
    { action: 'ec2:CreateTags', resource: instanceArn('i-0a1'), context: OUR_TAGS },
    false,
  ],
  [
    'the opt-in tag itself',
    terminatePlan,
    'tag',
    {
      action: 'ec2:CreateTags',
      resource: instanceArn('i-0a1'),
      context: { ...OPTED_IN, ...OUR_TAGS, 'aws:TagKeys': ['firebreak:run', 'firebreak'] },
    },
    false,
  ],
  [
    'for another run',
    terminatePlan,
    'tag',
    {
      action: 'ec2:CreateTags',
      resource: instanceArn('i-0a1'),
      context: { ...OPTED_IN, ...OUR_TAGS, 'aws:RequestTag/firebreak:run': 'run-8' },
    },
    false,
  ],
  [
    'untagging',
    terminatePlan,
    'tag',
    { action: 'ec2:DeleteTags', resource: instanceArn('i-0a1'), context: { ...OPTED_IN, ...OUR_TAGS } },
    false,
  ],
  [
    'terminating while tagging',
    terminatePlan,
    'tag',
    { action: 'ec2:TerminateInstances', resource: instanceArn('i-0a1'), context: OPTED_IN },
    false,
  ],

  [
    'detaches',
    terminatePlan,
    'detach',
    { action: 'autoscaling:DetachInstances', resource: GROUP_ARN, context: GROUP_OPTED_IN },
    true,
  ],
  [
    'from another group',
    terminatePlan,
    'detach',
    { action: 'autoscaling:DetachInstances', resource: otherGroup, context: GROUP_OPTED_IN },
    false,
  ],
  [
    'from a group that did not opt in',
    terminatePlan,
    'detach',
    { action: 'autoscaling:DetachInstances', resource: GROUP_ARN },
    false,
  ],
  [
    'setting desired',
    terminatePlan,
    'detach',
    { action: 'autoscaling:SetDesiredCapacity', resource: GROUP_ARN, context: GROUP_OPTED_IN },
    false,
  ],
  [
    'deleting the group',
    terminatePlan,
    'detach',
    { action: 'autoscaling:DeleteAutoScalingGroup', resource: GROUP_ARN, context: GROUP_OPTED_IN },
    false,
  ],

  ['reads console output', terminatePlan, 'collect', { action: 'ec2:GetConsoleOutput', resource: instanceArn('i-0a1') }, true],
  ['of another', terminatePlan, 'collect', { action: 'ec2:GetConsoleOutput', resource: otherInstance }, false],
  [
    'runs our document',
    terminatePlan,
    'collect',
    { action: 'ssm:SendCommand', resource: documentArn('Firebreak-Diagnostics') },
    true,
  ],
  ['on the instance', terminatePlan, 'collect', { action: 'ssm:SendCommand', resource: instanceArn('i-0a1') }, true],
  ['on another', terminatePlan, 'collect', { action: 'ssm:SendCommand', resource: otherInstance }, false],
  [
    'any shell script',
    terminatePlan,
    'collect',
    { action: 'ssm:SendCommand', resource: documentArn('AWS-RunShellScript') },
    false,
  ],

  [
    'snapshots the instance',
    terminatePlan,
    'snapshot',
    { action: 'ec2:CreateSnapshots', resource: instanceArn('i-0a1'), context: OPTED_IN },
    true,
  ],
  ['its first volume', terminatePlan, 'snapshot', { action: 'ec2:CreateSnapshots', resource: volumeArn('vol-1') }, true],
  ['its second volume', terminatePlan, 'snapshot', { action: 'ec2:CreateSnapshots', resource: volumeArn('vol-2') }, true],
  [
    'into snapshots of the run',
    terminatePlan,
    'snapshot',
    { action: 'ec2:CreateSnapshots', resource: snapshotArn, context: OUR_TAGS },
    true,
  ],
  [
    'tagged as they are made',
    terminatePlan,
    'snapshot',
    { action: 'ec2:CreateTags', resource: snapshotArn, context: { ...OUR_TAGS, 'ec2:CreateAction': 'CreateSnapshots' } },
    true,
  ],
  [
    'an instance that did not opt in',
    terminatePlan,
    'snapshot',
    { action: 'ec2:CreateSnapshots', resource: instanceArn('i-0a1') },
    false,
  ],
  [
    'another volume',
    terminatePlan,
    'snapshot',
    { action: 'ec2:CreateSnapshots', resource: volumeArn('vol-3'), context: OPTED_IN },
    false,
  ],
  ['snapshots of no run', terminatePlan, 'snapshot', { action: 'ec2:CreateSnapshots', resource: snapshotArn }, false],
  [
    'tagging older snapshots',
    terminatePlan,
    'snapshot',
    { action: 'ec2:CreateTags', resource: snapshotArn, context: OUR_TAGS },
    false,
  ],
  [
    'tagging snapshots otherwise',
    terminatePlan,
    'snapshot',
    {
      action: 'ec2:CreateTags',
      resource: snapshotArn,
      context: { ...OUR_TAGS, 'ec2:CreateAction': 'CreateSnapshots', 'aws:TagKeys': ['firebreak'] },
    },
    false,
  ],
  [
    'deleting snapshots',
    terminatePlan,
    'snapshot',
    { action: 'ec2:DeleteSnapshot', resource: snapshotArn, context: OUR_TAGS },
    false,
  ],

  [
    'terminates',
    terminatePlan,
    'terminate',
    { action: 'ec2:TerminateInstances', resource: instanceArn('i-0a1'), context: OPTED_IN },
    true,
  ],
  [
    'another instance',
    terminatePlan,
    'terminate',
    { action: 'ec2:TerminateInstances', resource: otherInstance, context: OPTED_IN },
    false,
  ],
  [
    'one whose opt-in was taken back',
    terminatePlan,
    'terminate',
    { action: 'ec2:TerminateInstances', resource: instanceArn('i-0a1'), context: { 'ec2:ResourceTag/firebreak': 'no' } },
    false,
  ],
  [
    'stopping',
    terminatePlan,
    'terminate',
    { action: 'ec2:StopInstances', resource: instanceArn('i-0a1'), context: OPTED_IN },
    false,
  ],

  [
    'suspends',
    parkPlan,
    'suspend',
    { action: 'autoscaling:SuspendProcesses', resource: GROUP_ARN, context: GROUP_OPTED_IN },
    true,
  ],
  [
    'resumes while suspending',
    parkPlan,
    'suspend',
    { action: 'autoscaling:ResumeProcesses', resource: GROUP_ARN, context: GROUP_OPTED_IN },
    false,
  ],
  [
    'protects',
    parkPlan,
    'protect',
    { action: 'autoscaling:SetInstanceProtection', resource: GROUP_ARN, context: GROUP_OPTED_IN },
    true,
  ],
  [
    'sets the minimum',
    parkPlan,
    'minimum',
    {
      action: 'autoscaling:UpdateAutoScalingGroup',
      resource: GROUP_ARN,
      context: { ...GROUP_OPTED_IN, 'autoscaling:MinSize': '1' },
    },
    true,
  ],
  [
    'to another number',
    parkPlan,
    'minimum',
    {
      action: 'autoscaling:UpdateAutoScalingGroup',
      resource: GROUP_ARN,
      context: { ...GROUP_OPTED_IN, 'autoscaling:MinSize': '0' },
    },
    false,
  ],
  [
    'and the maximum with it',
    parkPlan,
    'minimum',
    {
      action: 'autoscaling:UpdateAutoScalingGroup',
      resource: GROUP_ARN,
      context: { ...GROUP_OPTED_IN, 'autoscaling:MinSize': '1', 'autoscaling:MaxSize': '9' },
    },
    false,
  ],
  [
    'without naming a minimum',
    parkPlan,
    'minimum',
    { action: 'autoscaling:UpdateAutoScalingGroup', resource: GROUP_ARN, context: GROUP_OPTED_IN },
    false,
  ],
  [
    'of another group',
    parkPlan,
    'minimum',
    {
      action: 'autoscaling:UpdateAutoScalingGroup',
      resource: otherGroup,
      context: { ...GROUP_OPTED_IN, 'autoscaling:MinSize': '1' },
    },
    false,
  ],
  ['parks', parkPlan, 'standby-1', { action: 'autoscaling:EnterStandby', resource: GROUP_ARN, context: GROUP_OPTED_IN }, true],
  [
    'ends one instead',
    parkPlan,
    'standby-1',
    { action: 'autoscaling:TerminateInstanceInAutoScalingGroup', resource: GROUP_ARN, context: GROUP_OPTED_IN },
    false,
  ],

  [
    'raises the maximum',
    undoPlan,
    'raise-maximum',
    {
      action: 'autoscaling:UpdateAutoScalingGroup',
      resource: GROUP_ARN,
      context: { ...GROUP_OPTED_IN, 'autoscaling:MaxSize': '4' },
    },
    true,
  ],
  [
    'by more than one',
    undoPlan,
    'raise-maximum',
    {
      action: 'autoscaling:UpdateAutoScalingGroup',
      resource: GROUP_ARN,
      context: { ...GROUP_OPTED_IN, 'autoscaling:MaxSize': '5' },
    },
    false,
  ],
  [
    'with the minimum',
    undoPlan,
    'raise-maximum',
    {
      action: 'autoscaling:UpdateAutoScalingGroup',
      resource: GROUP_ARN,
      context: { ...GROUP_OPTED_IN, 'autoscaling:MaxSize': '4', 'autoscaling:MinSize': '4' },
    },
    false,
  ],
  ['attaches', undoPlan, 'attach', { action: 'autoscaling:AttachInstances', resource: GROUP_ARN, context: GROUP_OPTED_IN }, true],
  [
    'to another group',
    undoPlan,
    'attach',
    { action: 'autoscaling:AttachInstances', resource: otherGroup, context: GROUP_OPTED_IN },
    false,
  ],
  [
    'ends the replacement',
    undoPlan,
    'end-replacement',
    { action: 'autoscaling:TerminateInstanceInAutoScalingGroup', resource: GROUP_ARN, context: GROUP_OPTED_IN },
    true,
  ],
  [
    'through EC2',
    undoPlan,
    'end-replacement',
    { action: 'ec2:TerminateInstances', resource: instanceArn('i-0d4'), context: OPTED_IN },
    false,
  ],
  [
    'restores the maximum',
    undoPlan,
    'restore-maximum',
    {
      action: 'autoscaling:UpdateAutoScalingGroup',
      resource: GROUP_ARN,
      context: { ...GROUP_OPTED_IN, 'autoscaling:MaxSize': '3' },
    },
    true,
  ],
  ['returns', returnPlan, 'exit-1', { action: 'autoscaling:ExitStandby', resource: GROUP_ARN, context: GROUP_OPTED_IN }, true],
  [
    'resumes',
    returnPlan,
    'resume',
    { action: 'autoscaling:ResumeProcesses', resource: GROUP_ARN, context: GROUP_OPTED_IN },
    true,
  ],
  [
    'in a group that did not opt in',
    returnPlan,
    'resume',
    { action: 'autoscaling:ResumeProcesses', resource: GROUP_ARN, context: { 'autoscaling:ResourceTag/firebreak': 'no' } },
    false,
  ],
];

describe('a step’s session', () => {
  it.each(rows)('%s (%#)', async (_what, plan, stepId, request, allowed) => {
    expect(await isAllowed(sessionPolicyFor(step(plan, stepId), RUN), request)).toBe(allowed);
  });

  it('covers every call of every plan', () => {
    const acting = [terminatePlan, parkPlan, undoPlan, returnPlan].flatMap(({ steps }) =>
      steps.filter(({ calls }) => calls.length > 0),
    );
    const covered = new Set(rows.filter(([, , , , allowed]) => allowed).map(([, , , { action }]) => action));
    for (const { api } of acting.flatMap(({ calls }) => calls)) expect(covered).toContain(api);
    for (const one of acting) expect(sessionPolicyFor(one, RUN).length).toBeLessThanOrEqual(SESSION_POLICY_MAX_CHARACTERS);
  });
});

describe('the limits of STS', () => {
  const longRun = { ...RUN, runId: 'r'.repeat(64) };
  const usGov = (arn: string) => arn.replace('arn:aws:ec2:eu-west-3', 'arn:aws-us-gov:ec2:us-gov-west-1');
  const withVolumes = (count: number): FixStep => {
    const long = (index: number) => `vol-0123456789abcde${String(index).padStart(2, '0')}`;
    const world = shop((w) => {
      w.volumes = Array.from({ length: count }, (_, index) => volume(long(index), { arn: usGov(volumeArn(long(index))) }));
      w.instance!.arn = usGov(instanceArn('i-0123456789abcdef0'));
    });
    return step(planOf(snapshotThenTerminate as never, { groupName: 'shop-web', instanceId: 'i-0a1' }, world), 'snapshot');
  };

  it('as many volumes as the guard lets pass fit, with the longest names', () => {
    expect(sessionPolicyFor(withVolumes(SNAPSHOT_VOLUMES_MAX), longRun).length).toBeLessThanOrEqual(
      SESSION_POLICY_MAX_CHARACTERS,
    );
  });
  it('too many are a mistake of the plan', () => {
    expect(() => sessionPolicyFor(withVolumes(30), longRun)).toThrow(/STS takes 2048/);
  });
  it('a step that calls nothing has no session', () => {
    expect(() => sessionPolicyFor(step(terminatePlan, 'replace'), RUN)).toThrow(/calls nothing/);
  });

  const resized = (input: object): FixStep => ({
    ...step(parkPlan, 'minimum'),
    calls: [
      {
        api: 'autoscaling:UpdateAutoScalingGroup',
        input: { AutoScalingGroupName: 'shop-web', ...input },
        on: [GROUP_ARN],
      } as AwsCall,
    ],
  });
  it.each([[{}], [{ DesiredCapacity: 1 }], [{ MinSize: 1, MaxSize: 1 }], [{ MinSize: 1, VPCZoneIdentifier: 'subnet-9' }]])(
    'no session changes a group by %j',
    (input) => {
      expect(() => sessionPolicyFor(resized(input), RUN)).toThrow(/only the minimum or only the maximum/);
    },
  );

  it.each<[string, object, string]>([
    ['says incident and person', {}, 'inc-0042-U0ANA'],
    ['is cleaned', { by: 'Ana Müller/1' }, 'inc-0042-Ana-M-ller-1'],
    ['is cut', { by: 'U'.repeat(99) }, `inc-0042-${'U'.repeat(55)}`],
    ['keeps what STS allows', { by: 'a_b+c=d,e.f@g-h' }, 'inc-0042-a_b+c=d,e.f@g-h'],
  ])('a session name %s', (_what, over, name) => {
    expect(sessionName({ ...RUN, ...over })).toBe(name);
    expect(name).toMatch(/^[\w+=,.@-]{2,64}$/);
  });
});

describe('in words', () => {
  it('a line for each thing that may be done', () => {
    expect(permissionLines(terminatePlan)).toEqual([
      'CreateTags on instance/i-0a1, only firebreak:incident, firebreak:run, firebreak:expires, while it is tagged firebreak=allow',
      'DetachInstances of shop-web, while it is tagged firebreak=allow',
      'GetConsoleOutput of instance/i-0a1',
      'SendCommand: document/Firebreak-Diagnostics and instance/i-0a1',
      'CreateSnapshots of instance/i-0a1, volume/vol-1 and volume/vol-2, tagged with this run, while the instance is tagged firebreak=allow',
      'TerminateInstances of instance/i-0a1, while it is tagged firebreak=allow',
    ]);
    expect(permissionLines(undoPlan)).toContain(
      'UpdateAutoScalingGroup of shop-web, only the maximum to 4, while it is tagged firebreak=allow',
    );
  });
  it('each once', () => {
    expect(permissionLines(parkPlan).filter((line) => line.startsWith('EnterStandby'))).toHaveLength(1);
    expect(permissionLines(parkPlan)).toContain(
      'UpdateAutoScalingGroup of shop-web, only the minimum to 1, while it is tagged firebreak=allow',
    );
  });
});
