import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { circleOf, type Resources } from './template.ts';
import { describeTemplateRules } from './template-rules.ts';
import { written, writtenResources } from './written.ts';

describe('the templates as they are written', () => describeTemplateRules(writtenResources));

const HOUR_SECONDS = 3600;

test('a run has time for all its deadlines one after another', () => {
  const { approvals } = parse(readFileSync('runbooks/response.yml', 'utf8')) as { approvals: { timeoutMinutes: number } };
  const longest = {
    approvals: 5 * approvals.timeoutMinutes * 60,
    draining: HOUR_SECONDS,
    replacement: 3 * HOUR_SECONDS,
    snapshots: 12 * HOUR_SECONDS,
  };
  const sum = Object.values(longest).reduce((total, seconds) => total + seconds);
  expect(written.functions['fix']!.durableConfig!.executionTimeout).toBeGreaterThan(2 * sum);
});

test('a request is not given out again while it may still be worked', () => {
  const { WorkQueue } = writtenResources();
  expect(WorkQueue?.Properties?.['VisibilityTimeout']).toBe(6 * written.functions['work']!.timeout);
});

test('the worker fails one request at a time', () => {
  expect(written.functions['work']!.events).toMatchObject([
    { sqs: { batchSize: 1, functionResponseType: 'ReportBatchItemFailures' } },
  ]);
});

test('no secret is in a file: each is looked up when a function is deployed', () => {
  const environments = [written.provider.environment, ...Object.values(written.functions).map(({ environment }) => environment)];
  const secrets = environments.flatMap((environment) =>
    Object.entries(environment).filter(([name]) => /TOKEN|SECRET/.test(name)),
  );
  expect(secrets.map(([name]) => name).sort()).toEqual(['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET']);
  for (const [, value] of secrets)
    expect(value).toMatch(/^\{\{resolve:secretsmanager:\$\{param:slackSecret\}:SecretString:\w+::/);
});

test('only the function that Slack calls knows the signing secret', () => {
  const knowing = Object.entries(written.functions).filter(([, { environment }]) => 'SLACK_SIGNING_SECRET' in environment);
  expect(knowing.map(([name]) => name)).toEqual(['slack']);
});

test('what is run on an instance takes no parameters and changes nothing', () => {
  const { DiagnosticsDocument } = writtenResources();
  const { Name, Content } = DiagnosticsDocument!.Properties as {
    readonly Name: string;
    readonly Content: {
      readonly parameters?: unknown;
      readonly mainSteps: readonly { readonly inputs: { readonly runCommand: readonly string[] } }[];
    };
  };
  expect(Name).toBe('Firebreak-Diagnostics');
  expect(Content).not.toHaveProperty('parameters');
  const commands = Content.mainSteps.flatMap(({ inputs }) => inputs.runCommand);
  const looks = commands.slice(1).map((line) => /^look '[^']+' \d+ (\w+)/.exec(line)?.[1] ?? line);
  expect(new Set(looks)).toEqual(new Set(['uptime', 'systemctl', 'df', 'free', 'ss', 'ps', 'journalctl']));
  expect(commands.filter((line) => /systemctl (?!--failed)|>(?!&)|--(rotate|vacuum|flush)/.test(line))).toEqual([]);
});

test('what is run on an instance is a script that any shell understands, and says all it looks at', () => {
  const { Content } = writtenResources()['DiagnosticsDocument']!.Properties as {
    readonly Content: { readonly mainSteps: readonly [{ readonly inputs: { readonly runCommand: readonly string[] } }] };
  };
  const lines = Content.mainSteps[0].inputs.runCommand;
  // What is not installed here says so in its place: the rest goes on.
  const out = execFileSync('sh', ['-c', lines.join('\n')], { encoding: 'utf8' });
  const titles = lines.slice(1).map((line) => `== ${/'([^']+)'/.exec(line)![1]}`);
  expect(out.split('\n').filter((line) => line.startsWith('== '))).toEqual(titles);
  expect(out.length).toBeLessThan(24_000);
});

test('what is run on an instance fits what Systems Manager keeps', () => {
  const text = JSON.stringify(writtenResources()['DiagnosticsDocument']);
  const bounds = [...text.matchAll(/look '[^']+' (\d+) /g)].map(([, bound]) => Number(bound));
  expect(bounds.length).toBeGreaterThan(5);
  expect(bounds.reduce((sum, bound) => sum + bound)).toBeLessThan(24_000);
});

describe('a circle', () => {
  const waits = (needs: string) => ({ Type: 'x', Properties: { a: [{ 'Fn::Sub': `\${${needs}.Arn}/x` }] } });
  test.each<{ readonly resources: Resources; readonly circle: readonly string[] | undefined }>([
    { resources: { A: waits('B'), B: waits('C'), C: { Type: 'x', DependsOn: ['A'] } }, circle: ['A', 'B', 'C', 'A'] },
    { resources: { A: waits('B'), B: { Type: 'x', Properties: { b: { Ref: 'A' } } } }, circle: ['A', 'B', 'A'] },
    { resources: { A: { Type: 'x', Properties: { b: { 'Fn::GetAtt': ['A', 'Arn'] } } } }, circle: ['A', 'A'] },
    { resources: { A: waits('AWS::Region'), B: waits('A') }, circle: undefined },
  ])('is found: $circle', ({ resources, circle }) => {
    expect(circleOf(resources)).toEqual(circle);
  });
});
