/** The deployment as it is written: quick to read, and there before anything is packaged. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Resources } from './template.ts';

const read = (file: string): unknown => parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'), { merge: true });

type Environment = Readonly<Record<string, unknown>>;
type Written = {
  readonly provider: { readonly environment: Environment; readonly runtime: string };
  readonly functions: Readonly<
    Record<
      string,
      {
        readonly name: string;
        readonly handler: string;
        readonly role: string;
        readonly timeout: number;
        readonly environment: Environment;
        readonly durableConfig?: { readonly executionTimeout: number; readonly retentionPeriodInDays: number };
        readonly events?: readonly { readonly sqs: { readonly batchSize: number; readonly functionResponseType: string } }[];
      }
    >
  >;
  readonly custom: { readonly esbuild: Readonly<Record<string, unknown>> };
  readonly resources: readonly string[];
};
export const written = read('serverless.yml') as Written;

/** The included files, and the functions as far as they refer to anything. */
export const writtenResources = (): Resources => {
  const included = written.resources.map(
    (line) => read(/^\$\{file\((.+)\)\}$/.exec(line)![1]!) as { readonly Resources: Resources },
  );
  const functions = Object.entries(written.functions).map(([name, { role, environment }]) => [
    `${name[0]!.toUpperCase()}${name.slice(1)}LambdaFunction`,
    { Type: 'AWS::Lambda::Function', DependsOn: role, Properties: { ...written.provider.environment, ...environment } },
  ]);
  return Object.assign({}, ...included.map(({ Resources }) => Resources), Object.fromEntries(functions));
};
