/** Packages for real, offline, and holds what comes out to the same rules as what is written. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PACKAGE_KILOBYTES_MAX } from '../../infra/package.ts';
import type { Resources } from '../infra/template.ts';
import { describeTemplateRules } from '../infra/template-rules.ts';

const FUNCTIONS = ['slack', 'work', 'fix'] as const;
const folder = mkdtempSync(path.join(tmpdir(), 'firebreak-package-'));
let printed = '';
let template: { readonly Resources: Resources; readonly Outputs: object };

beforeAll(() => {
  // No credentials and no region: whoever packages needs no account.
  const { PATH, HOME } = process.env;
  printed = execFileSync(process.execPath, ['infra/package.ts', '--package', folder], {
    encoding: 'utf8',
    env: { PATH, HOME, AWS_EC2_METADATA_DISABLED: 'true' },
  });
  template = JSON.parse(readFileSync(path.join(folder, 'cloudformation-template-update-stack.json'), 'utf8'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packaged template', () => describeTemplateRules(() => template.Resources));

test.each(FUNCTIONS)('%s runs under its own role, on the Node that the tests run on', (name) => {
  const { Properties } = template.Resources[`${name[0]!.toUpperCase()}${name.slice(1)}LambdaFunction`]!;
  const role = { slack: 'SlackRole', work: 'WorkRole', fix: 'FixFunctionRole' }[name];
  expect(Properties).toMatchObject({
    FunctionName: `firebreak-${name}`,
    Runtime: `nodejs${process.versions.node.split('.')[0]}.x`,
    Role: { 'Fn::GetAtt': [role, 'Arn'] },
    KmsKeyArn: { 'Fn::GetAtt': ['Key', 'Arn'] },
  });
  expect(
    Object.values(template.Resources).some(
      ({ Type, Properties: log }) =>
        Type === 'AWS::Logs::LogGroup' &&
        log?.['LogGroupName'] === `/aws/lambda/firebreak-${name}` &&
        Number(log['RetentionInDays']) > 0,
    ),
  ).toBe(true);
});

test('the fix function is durable, and runs are started at its alias', () => {
  const { FixLambdaFunction, FixDurableLambdaAlias, WorkLambdaFunction } = template.Resources;
  expect(FixLambdaFunction?.Properties).toMatchObject({
    DurableConfig: { ExecutionTimeout: 259_200, RetentionPeriodInDays: 30 },
  });
  expect(FixDurableLambdaAlias?.Properties).toMatchObject({ Name: 'durable' });
  expect(JSON.stringify(WorkLambdaFunction?.Properties)).toContain(':function:firebreak-fix:durable"');
});

test('the worker is fed by the queue, and tells which requests failed', () => {
  expect(
    Object.values(template.Resources).find(({ Type }) => Type === 'AWS::Lambda::EventSourceMapping')?.Properties,
  ).toMatchObject({
    EventSourceArn: { 'Fn::GetAtt': ['WorkQueue', 'Arn'] },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
});

test('only the Slack function can be reached from outside', () => {
  const open = Object.values(template.Resources).filter(
    ({ Type }) => Type === 'AWS::Lambda::Url' || Type === 'AWS::Lambda::Permission',
  );
  expect(open.length).toBeGreaterThan(1);
  expect(open.filter((resource) => !JSON.stringify(resource).includes('SlackLambdaFunction'))).toEqual([]);
});

test.each(FUNCTIONS)('the package of %s has its code, and nothing else', (name) => {
  expect(zipEntries(path.join(folder, `${name}.zip`))).toEqual([`handlers/${name}.cjs`]);
});

test('the sizes are told, beside what they may be', () => {
  for (const name of FUNCTIONS) {
    const kilobytes = Number(new RegExp(`^${name} +(\\d+) kB of ${PACKAGE_KILOBYTES_MAX[name]}$`, 'm').exec(printed)?.[1]);
    expect(kilobytes).toBeGreaterThan(100);
    expect(kilobytes).toBeLessThanOrEqual(PACKAGE_KILOBYTES_MAX[name]);
  }
});

/** The names in a zip's central directory: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.12 */
const zipEntries = (file: string): readonly string[] => {
  const bytes = readFileSync(file);
  const names: string[] = [];
  for (let at = bytes.indexOf('PK\x01\x02', 0, 'latin1'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 46, 'latin1'))
    names.push(bytes.toString('utf8', at + 46, at + 46 + bytes.readUInt16LE(at + 28)));
  return names;
};
