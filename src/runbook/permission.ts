/**
 * The plan is also the permission: a step's session may do its calls, to its resources, and nothing else. Session
 * policies only ever cut the fix role down. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
 * Which action takes which resource and condition key: https://docs.aws.amazon.com/service-authorization/latest/reference/
 */
import type { AwsApi, AwsCall, CallOf } from './aws-call.ts';
import type { FixStep, Plan, RunContext } from './define-fix.ts';
import { listed } from './words.ts';

/** Characters of an inline session policy: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const SESSION_POLICY_MAX_CHARACTERS = 2048;
/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html: 2-64 of `[\w+=,.@-]`. */
const SESSION_NAME_MAX_CHARACTERS = 64;
/** More exact volume ARNs would not fit into the session policy of one CreateSnapshots. */
export const SNAPSHOT_VOLUMES_MAX = 12;

/** Who may be acted on says so by this tag; the fix role can never set it. */
export const OPT_IN = { key: 'firebreak', value: 'allow' } as const;
/** The only tags that are ever written. */
const TAG_KEYS = ['firebreak:incident', 'firebreak:run', 'firebreak:expires'] as const;
export const runTags = (run: RunContext): Readonly<Record<(typeof TAG_KEYS)[number], string>> => ({
  'firebreak:incident': run.incident,
  'firebreak:run': run.runId,
  'firebreak:expires': run.expires,
});

type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
type Statement = {
  readonly Effect: 'Allow';
  readonly Action: string;
  readonly Resource: string | readonly string[];
  readonly Condition?: Condition;
};
const allow = (Action: string, resources: readonly string[], condition?: Condition): Statement => ({
  Effect: 'Allow',
  Action,
  Resource: resources.length === 1 ? resources[0]! : resources,
  ...(condition !== undefined && { Condition: condition }),
});

const optedIn = (service: 'aws' | 'ec2' | 'autoscaling') => ({ [`${service}:ResourceTag/${OPT_IN.key}`]: OPT_IN.value });
const ofRun = (run: RunContext) => ({ 'aws:RequestTag/firebreak:run': run.runId });

/** `arn:aws:ec2:eu-west-3::snapshot/*`: snapshots that are being made have no account in their ARN. */
const anySnapshot = (instanceArn: string): string => {
  const [, partition, , region] = instanceArn.split(':');
  return `arn:${partition}:ec2:${region}::snapshot/*`;
};

const tagInstance = ({ on }: CallOf<'ec2:CreateTags'>, run: RunContext): readonly Statement[] => [
  allow('ec2:CreateTags', on, {
    StringEquals: { ...optedIn('aws'), ...ofRun(run) },
    'ForAllValues:StringEquals': { 'aws:TagKeys': TAG_KEYS },
  }),
];

/** Three statements: the volumes carry no opt-in tag (a group's tags do not reach them), so that one condition over all would deny it all. */
const snapshot = ({ on }: CallOf<'ec2:CreateSnapshots'>, run: RunContext): readonly Statement[] => {
  const [instanceArn = '', ...volumeArns] = on;
  return [
    allow('ec2:CreateSnapshots', [instanceArn], { StringEquals: optedIn('aws') }),
    allow('ec2:CreateSnapshots', volumeArns),
    allow('ec2:CreateSnapshots', [anySnapshot(instanceArn)], { StringEquals: ofRun(run) }),
    allow('ec2:CreateTags', [anySnapshot(instanceArn)], {
      StringEquals: { 'ec2:CreateAction': 'CreateSnapshots', ...ofRun(run) },
      'ForAllValues:StringEquals': { 'aws:TagKeys': TAG_KEYS },
    }),
  ];
};

/** These take the group only, not the instance and not the decrement: that just the approved input is sent is the executor's part. */
const onGroup = ({ api, on }: AwsCall): readonly Statement[] => [allow(api, on, { StringEquals: optedIn('autoscaling') })];

/** One bound is set, to one number; the other is left out of the request. Both at once have no statement. */
const resize = ({ api, on, input }: CallOf<'autoscaling:UpdateAutoScalingGroup'>): readonly Statement[] => {
  const { AutoScalingGroupName: _name, ...changes } = input;
  const [[changed, value] = [], ...others] = Object.entries(changes);
  if (others.length > 0 || (changed !== 'MinSize' && changed !== 'MaxSize'))
    throw new Error(`A step changes only the minimum or only the maximum of a group, not ${Object.keys(changes).join(', ')}.`);
  return [
    allow(api, on, {
      StringEquals: optedIn('autoscaling'),
      NumericEquals: { [`autoscaling:${changed}`]: String(value) },
      Null: { [`autoscaling:${changed === 'MinSize' ? 'MaxSize' : 'MinSize'}`]: 'true' },
    }),
  ];
};

const STATEMENTS: { readonly [Api in AwsApi]: (call: CallOf<Api>, run: RunContext) => readonly Statement[] } = {
  'ec2:CreateTags': tagInstance,
  'ec2:GetConsoleOutput': ({ api, on }) => [allow(api, on)],
  'ec2:CreateSnapshots': snapshot,
  'ec2:TerminateInstances': ({ api, on }) => [allow(api, on, { StringEquals: optedIn('ec2') })],
  'ssm:SendCommand': ({ api, on }) => [allow(api, on)],
  'autoscaling:DetachInstances': onGroup,
  'autoscaling:AttachInstances': onGroup,
  'autoscaling:TerminateInstanceInAutoScalingGroup': onGroup,
  'autoscaling:EnterStandby': onGroup,
  'autoscaling:ExitStandby': onGroup,
  'autoscaling:SuspendProcesses': onGroup,
  'autoscaling:ResumeProcesses': onGroup,
  'autoscaling:SetInstanceProtection': onGroup,
  'autoscaling:UpdateAutoScalingGroup': resize,
};
const statementsOf = (call: AwsCall, run: RunContext): readonly Statement[] =>
  (STATEMENTS[call.api] as (call: AwsCall, run: RunContext) => readonly Statement[])(call, run);

/** The inline session policy of one step, as JSON. Throws for a step that calls nothing and for one that plans should have made smaller. */
export const sessionPolicyFor = (step: FixStep, run: RunContext): string => {
  if (step.calls.length === 0) throw new Error(`Step ${step.id} calls nothing: it needs no session.`);
  const statements = step.calls.flatMap((call) => statementsOf(call, run).map((statement) => JSON.stringify(statement)));
  const policy = `{"Version":"2012-10-17","Statement":[${[...new Set(statements)].join(',')}]}`;
  if (policy.length > SESSION_POLICY_MAX_CHARACTERS)
    throw new Error(
      `The session policy of step ${step.id} has ${policy.length} characters; STS takes ${SESSION_POLICY_MAX_CHARACTERS}.`,
    );
  return policy;
};

/** `inc-0042-U0123ABC`: what CloudTrail shows as the caller's name. */
export const sessionName = ({ incident, by }: RunContext): string =>
  `${incident}-${by}`.replaceAll(/[^\w+=,.@-]/g, '-').slice(0, SESSION_NAME_MAX_CHARACTERS);

/** `volume/vol-1`, and a group by its name alone. */
const nameOf = (arn: string): string => arn.split('autoScalingGroupName/')[1] ?? arn.split(':').slice(5).join(':');

/** What a step may do, in words for the preview: `DetachInstances of shop-web, while it is tagged firebreak=allow`. */
const permissionLine = (call: AwsCall): string => {
  const action = call.api.split(':')[1];
  const where = listed(call.on.map(nameOf));
  const tag = `${OPT_IN.key}=${OPT_IN.value}`;
  switch (call.api) {
    case 'ec2:GetConsoleOutput':
      return `${action} of ${where}`;
    case 'ssm:SendCommand':
      return `${action}: ${where}`;
    case 'ec2:CreateTags':
      return `${action} on ${where}, only ${TAG_KEYS.join(', ')}, while it is tagged ${tag}`;
    case 'ec2:CreateSnapshots':
      return `${action} of ${where}, tagged with this run, while the instance is tagged ${tag}`;
    case 'autoscaling:UpdateAutoScalingGroup': {
      const bound = call.input.MinSize === undefined ? `maximum to ${call.input.MaxSize}` : `minimum to ${call.input.MinSize}`;
      return `${action} of ${where}, only the ${bound}, while it is tagged ${tag}`;
    }
    default:
      return `${action} of ${where}, while it is tagged ${tag}`;
  }
};

/** A line for each thing the run may do, in the order of its steps, each once. */
export const permissionLines = (plan: Plan): readonly string[] => [
  ...new Set(plan.steps.flatMap(({ calls }) => calls.map(permissionLine))),
];
